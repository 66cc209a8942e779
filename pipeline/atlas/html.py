"""The page as a Folium map with our elements added, everything inside one file."""

import html
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import folium
from branca.element import Element, Figure, MacroElement
from jinja2 import Template

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
LONGEST_SHOWN = 80
"""Of what a page would load, in characters."""
Extent = tuple[float, float, float, float]
"""West, south, east and north, in degrees."""


class _Page(Figure):
    """Folium's page with a language, a title, a viewport that lets readers zoom, and what comes after its scripts."""

    _template = Template(
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n'
        '<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="{{ this.policy }}">\n'
        "<script>{{ this.watch }}{{ this.wish }}{{ this.pictures }}</script>\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="description" content="{{ this.title }}">\n'
        "<title>{{ this.title }}</title>\n"
        "{{ this.header.render(**kwargs) }}\n</head>\n<body>\n{{ this.html.render(**kwargs) }}\n"
        "<script>\n{{ this.script.render(**kwargs) }}\n</script>\n{{ this.after }}\n</body>\n</html>\n"
    )

    def __init__(self, title: str, streets: StreetMap | None) -> None:
        super().__init__()
        self.header._children.clear()
        self.after = ""
        self.title = html.escape(title, quote=True)
        self.policy = html.escape(POLICY, quote=True)
        self.watch = WATCH
        self.wish = WISH if streets else ""
        self.pictures = _pictures_policy(streets)


class _Map(folium.Map):
    """Folium's map without the scripts and styles that it would fetch, and without its viewport rule."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012
    default_css: list[tuple[str, str]] = []  # noqa: RUF012
    _template = Template(
        "{% macro html(this, kwargs) %}"
        '<div class="folium-map" id="{{ this.get_name() }}"></div>'
        "{% endmacro %}"
        "{% macro script(this, kwargs) %}"
        "var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, "
        "{center: {{ this.location|tojson }}, zoom: 8, zoomControl: true, "
        "preferCanvas: true, attributionControl: false});"
        "{% endmacro %}"
    )

    def __init__(self, location: tuple[float, float]) -> None:
        super().__init__(location=location, tiles=None)
        # Folium picks a random name, so the same data would give a different file each time.
        self._id = "atlas"


class _Atlas(MacroElement):
    """Starts our code on the map once the page has loaded."""

    _template = Template("{% macro script(this, kwargs) %}Atlas.start({{ this._parent.get_name() }});{% endmacro %}")


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
    figure = _Page(_page_title(data), streets)
    west, south, east, north = extent
    folium_map = _Map(((south + north) / 2, (west + east) / 2))
    folium_map.add_to(figure)
    folium_map.add_child(_Atlas())  # type: ignore[no-untyped-call]
    for name in ("leaflet.css", "atlas.css"):
        figure.header.add_child(_raw(f"<style>{parts[name]}</style>"), name=name)
    figure.header.add_child(_raw(f"<!--\n{parts['licences.txt'].replace('--', '- -')}\n-->"), name="licences")
    file, rest = pack_words(data)
    for name in ("leaflet.js", "atlas.js"):
        figure.html.add_child(_raw(f"<script>{_in_script(parts[name])}</script>"), name=name)
    figure.html.add_child(_raw(_carried("atlas-data", file)), name="data")
    # What a browser does not need for the first picture: it draws that before it reads on.
    figure.after = f"{still}\n{_carried('atlas-rest', rest)}"
    _fix_names(figure)
    page: str = figure.render()
    _refuse_requests(page)
    return page


def _fix_names(element: Element) -> None:
    """Number all elements in order: branca draws a name for each by lot, and some would stand in the page."""
    for number, part in enumerate(_parts(element)):
        if not isinstance(part, _Map):
            part._id = f"{number}"


def _parts(element: Element) -> Iterator[Element]:
    yield element
    for part in element._children.values():
        yield from _parts(part)


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


def _raw(text: str) -> Element:
    """An element that holds ``text`` as it is: data must not be read as a template."""
    element = Element("{{ this.text }}")
    element.text = text  # type: ignore[attr-defined]
    return element


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
