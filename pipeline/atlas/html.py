"""The page as a Leaflet map with our elements around it, everything inside one file: as Folium would write it."""

import html
import json
import re
from html.parser import HTMLParser
from pathlib import Path

from pipeline.atlas.contract import AtlasData, AtlasFile, AtlasRest
from pipeline.atlas.packing import pack_words
from pipeline.catalogue import StreetMap
from pipeline.errors import PipelineError, command, first

ASSET_NAMES = ("leaflet.css", "atlas.css", "leaflet.js", "atlas.js", "licences.txt")
POLICY = (
    "script-src 'unsafe-inline'; style-src 'unsafe-inline'; font-src data:; connect-src 'none'; media-src 'none'; "
    "object-src 'none'; frame-src 'none'; worker-src 'none'; manifest-src 'none'; form-action 'none'; base-uri 'none'"
)
"""What the browser may load: nothing but what is in the file. The page's first script says the same about pictures."""
NO_PICTURES = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"
WATCH = """(function () {
  document.documentElement.className = "atlas-scripts";
  addEventListener("load", function () {
    if (window.atlasStarted) return;
    document.documentElement.className = "";
    var why = document.getElementById("atlas-still-why") || document.createElement("p");
    why.setAttribute("role", "alert");
    why.textContent = "This page is not complete: it was cut short when it was saved or sent, and its map " +
      "cannot be shown. Please ask for the file again.";
    if (!why.parentNode) document.body.insertBefore(why, document.body.firstChild);
  });
})();"""
"""Hides what is for readers without scripts, and shows it again, with a word on it, where the code that draws the map
never came: a page that is cut short has this script, but not its end."""
WISH = """(function () {
  var wanted = false, entry = performance.getEntriesByType("navigation")[0];
  try {
    wanted = entry !== undefined && entry.type === "reload" &&
      sessionStorage.getItem("atlas-street-map:" + location.pathname) === "1";
  } catch (error) { wanted = false; }
  window.atlasStreetsWanted = wanted;
})();"""
"""Whether the reader wants the street map (``street-map.ts``): of this page in this tab, and only when the page is
loaded again. Another page in the tab, a link, a new tab or a restored one do not know of it: it is forgotten there."""
MAP_OPTIONS = "zoom: 8, zoomControl: true, preferCanvas: true, attributionControl: false"
LONGEST_SHOWN = 80
"""Of what a page would load, in characters."""
Extent = tuple[float, float, float, float]
"""West, south, east and north, in degrees."""


def render(data: AtlasData, still: str, extent: Extent, streets: StreetMap | None, assets: Path) -> str:
    """The page that carries ``data``, as HTML; the same data and assets always give the same text.

    Args:
        still: what is shown without scripts, or where the page was cut short; HTML.
        extent: what the map shows at first.
        streets: the only server that the page may load pictures from, once its reader asks for them.
        assets: the folder with the built browser code.

    Raises:
        PipelineError: the browser code was not built, or the page would load something from the network.
    """
    parts = _read_assets(assets)
    file, rest = pack_words(data)
    west, south, east, north = extent
    centre = json.dumps([(south + north) / 2, (west + east) / 2], allow_nan=False)
    title = html.escape(_page_title(data), quote=True)
    page = f"""<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{html.escape(POLICY, quote=True)}">
<script>{WATCH}{WISH if streets else ""}{_pictures_policy(streets)}</script>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="{title}">
<title>{title}</title>

    <style>{parts["leaflet.css"]}</style>
    <style>{parts["atlas.css"]}</style>
    <!--
{parts["licences.txt"].replace("--", "- -")}
-->
</head>
<body>

    <script>{_in_script(parts["leaflet.js"])}</script>
    <script>{_in_script(parts["atlas.js"])}</script>
    {_carried("atlas-data", file)}
    <div class="folium-map" id="map_atlas"></div>
<script>

    var map_atlas = L.map("map_atlas", {{center: {centre}, {MAP_OPTIONS}}});
    Atlas.start(map_atlas);
</script>
{still}
{_carried("atlas-rest", rest)}
</body>
</html>"""
    _refuse_requests(page)
    return page


def _pictures_policy(streets: StreetMap | None) -> str:
    """The script that forbids pictures from anywhere except the street map, while a reader asks for it.

    A policy in the markup could not be lifted by a button.
    """
    allowed = f" + (window.atlasStreetsWanted ? {_as_script(f' {streets.origin}')} : '')" if streets else ""
    return (
        "(function () { var policy = document.createElement('meta'); policy.httpEquiv = 'Content-Security-Policy'; "
        f"policy.content = {_as_script(NO_PICTURES)}{allowed}; document.head.appendChild(policy); }})();"
    )


def _as_script(text: str) -> str:
    """``text`` as a string of a script inside the page, which neither ends the string nor the script."""
    escaped = json.dumps(text)
    for character in "<>&'":
        escaped = escaped.replace(character, f"\\u{ord(character):04x}")
    return escaped


def _carried(element: str, part: AtlasFile | AtlasRest) -> str:
    """A part of the page's data as the element that holds it."""
    text = part.model_dump_json().replace("<", "\\u003c")
    return f'<script type="application/json" id="{element}">{text}</script>'


def _page_title(data: AtlasData) -> str:
    return f"{'Fictional data: ' if data.fictional else ''}Digital-exclusion risk in {data.title}"


def _read_assets(assets: Path) -> dict[str, str]:
    absent = [name for name in ASSET_NAMES if not (assets / name).exists()]
    if absent:
        raise PipelineError(
            f"{assets}: the browser code is incomplete ({', '.join(absent)} missing). In a checkout, run: "
            f"{command('maps')}. If the program was installed, install it again."
        )
    return {name: (assets / name).read_text(encoding="utf-8") for name in ASSET_NAMES}


def _in_script(code: str) -> str:
    """Code that cannot end the script element that holds it."""
    return code.replace("</script", "<\\/script")


def _refuse_requests(page: str) -> None:
    """Refuse a page that would load anything: a file outside the page is an error here, not a gap for the reader."""
    parser = _Requests()
    parser.feed(page)
    parser.close()
    if parser.asked:
        raise PipelineError(
            f"The page would load {first(sorted(set(parser.asked)), 5)}. Put it inside the page, or leave it out."
        )


class _Requests(HTMLParser):
    """What a page would load, as its elements and styles say: words that only look like it are none.

    What scripts ask for is stopped by the policy of the page.
    """

    LOADED = ("src", "srcset", "data", "poster", "background", "action", "formaction", "ping", "manifest")
    """Attributes that have something loaded or sent, of whatever element."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.asked: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_style = tag == "style"
        for name, value in attrs:
            text = (value or "").strip()
            # A link of words is followed only by a reader.
            loaded = name in self.LOADED or (name in ("href", "xlink:href") and tag not in ("a", "area"))
            refreshed = tag == "meta" and name == "http-equiv" and text.lower() == "refresh"
            if (loaded and text and not text.lower().startswith(("data:", "#"))) or refreshed:
                self.asked.append(f'<{tag} {name}="{text[:LONGEST_SHOWN]}">')
            if name == "style":
                self._read_style(text)

    def handle_endtag(self, tag: str) -> None:
        self._in_style = self._in_style and tag != "style"

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self._read_style(data)

    def _read_style(self, style: str) -> None:
        without_comments = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
        asked = re.findall(
            r"""@import[^;]*|(?:url|src|image-set)\((?!\s*["']?(?:data:|#))[^)]+\)""", without_comments, re.IGNORECASE
        )
        self.asked += [text[:LONGEST_SHOWN] for text in asked]
