"""The page is, byte for byte, the one that Folium would write: its map and its figure with our elements added."""

import html
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from pipeline.atlas import build_contents
from pipeline.atlas.html import MAP_OPTIONS, POLICY, WATCH, WISH, _carried, _in_script, _page_title, _pictures_policy
from pipeline.atlas.html import render as render_page
from pipeline.atlas.packing import pack_words
from pipeline.atlas.still import build_still
from pipeline.stages.map import page_inputs
from pipeline.stages.stage import Scope
from tests.fixtures.folders import ASSETS
from tests.fixtures.projects import Demo

with warnings.catch_warnings():
    # What comes with it warns that it cannot use some proxies.
    warnings.simplefilter("ignore")
    import folium
    from branca.element import Element, Figure, MacroElement
    from jinja2 import Template

PAGE = Template(
    '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n'
    '<meta charset="utf-8">\n'
    '<meta http-equiv="Content-Security-Policy" content="{{ this.policy }}">\n'
    "<script>{{ this.scripts }}</script>\n"
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta name="description" content="{{ this.title }}">\n'
    "<title>{{ this.title }}</title>\n"
    "{{ this.header.render(**kwargs) }}\n</head>\n<body>\n{{ this.html.render(**kwargs) }}\n"
    "<script>\n{{ this.script.render(**kwargs) }}\n</script>\n{{ this.after }}\n</body>\n</html>\n"
)
MAP = Template(
    "{% macro html(this, kwargs) %}"
    '<div class="folium-map" id="{{ this.get_name() }}"></div>'
    "{% endmacro %}"
    "{% macro script(this, kwargs) %}"
    "var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, "
    "{center: {{ this.location|tojson }}, " + MAP_OPTIONS + "});"
    "{% endmacro %}"
)
START = Template("{% macro script(this, kwargs) %}Atlas.start({{ this._parent.get_name() }});{% endmacro %}")


def raw(text: str) -> Any:
    element: Any = Element("{{ this.text }}")
    element.text = text
    return element


def parts(element: Any) -> Iterator[Any]:
    yield element
    for part in element._children.values():
        yield from parts(part)


@pytest.mark.parametrize("with_streets", [False, True])
def test_the_page_is_the_one_that_folium_writes(demo: Demo, with_streets: bool) -> None:
    inputs = page_inputs(demo[0].snapshot(), Scope("demo", area="demo"))
    assert inputs.outline is not None
    data, streets = build_contents(inputs), inputs.look.street_map if with_streets else None
    still, (west, south, east, north) = build_still(inputs, data), inputs.outline.packed.extent
    read = {path.name: path.read_text(encoding="utf-8") for path in ASSETS.iterdir() if path.is_file()}
    file, rest = pack_words(data)

    figure: Any = Figure()
    figure._template = PAGE
    figure.header._children.clear()
    figure.title, figure.policy = html.escape(_page_title(data), quote=True), html.escape(POLICY, quote=True)
    figure.scripts = WATCH + (WISH if streets else "") + _pictures_policy(streets)
    shown: Any = folium.Map(location=((south + north) / 2, (west + east) / 2), tiles=None)
    # Without what it would fetch.
    shown.default_js, shown.default_css, shown._template = [], [], MAP
    shown.add_to(figure)
    start: Any = MacroElement()  # type: ignore[no-untyped-call]
    start._template = START
    shown.add_child(start)
    for name in ("leaflet.css", "atlas.css"):
        figure.header.add_child(raw(f"<style>{read[name]}</style>"), name=name)
    figure.header.add_child(raw(f"<!--\n{read['licences.txt'].replace('--', '- -')}\n-->"), name="licences")
    for name in ("leaflet.js", "atlas.js"):
        figure.html.add_child(raw(f"<script>{_in_script(read[name])}</script>"), name=name)
    figure.html.add_child(raw(_carried("atlas-data", file)), name="data")
    figure.after = f"{still}\n{_carried('atlas-rest', rest)}"
    for number, part in enumerate(parts(figure)):
        part._id = f"{number}"
    shown._id = "atlas"
    assert figure.render() == render_page(data, still, inputs.outline.packed.extent, streets, ASSETS)
