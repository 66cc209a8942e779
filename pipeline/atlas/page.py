"""The page: a Folium map with our own elements, everything inside one file."""

import html
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import pandas as pd
from branca.element import Element, Figure, MacroElement
from jinja2 import Template

from pipeline.atlas.columns import pack_table
from pipeline.atlas.layers import Coloured, colour, expand
from pipeline.atlas.packing import pack_geometry
from pipeline.atlas.postcodes import pack_postcodes
from pipeline.atlas.support import Extras, support_data
from pipeline.atlas.topology import build_topology
from pipeline.catalogue import Index, Look, StreetMap
from pipeline.errors import PipelineError
from pipeline.tables import DERIVED, FURTHER, Column, Table

FORMAT = 3
NEAR_METRES = 1.0
FAR_METRES = 5.0
"""Quantisation of an area's page and of a page of all England, metres on the ground."""
BY_ORDER = {"percentile", "rank-exponential"}
MANY_AREAS = 10_000
"""Beyond this, borders are kept to 5 m and of postcodes only the sectors, so that the page can still be sent."""
ASSET_NAMES = ("leaflet.css", "atlas.css", "leaflet.js", "atlas.js", "licences.txt")
POLICY = (
    "script-src 'unsafe-inline'; style-src 'unsafe-inline'; font-src data:; connect-src 'none'; media-src 'none'; "
    "object-src 'none'; frame-src 'none'; worker-src 'none'; manifest-src 'none'; form-action 'none'; base-uri 'none'"
)
"""What the browser may load: nothing but what is in the file. Of pictures the page's first script says the same."""
NO_PICTURES = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"
STREETS_WANTED = "atlas-street-map"
"""The name of the browser's window while its reader wants the street map (``street-map.ts``)."""

DERIVED_FROM = {"population_65_plus": "population_total", "share_65_plus": "population_total"}
"""The columns that the page works out itself, and one that each is made from."""

WHOLE_UNITS = ("people", "metres", "minutes")
"""Estimates and distances are not shown finer than this."""
SHARE_DECIMALS = 4
SCORE_DECIMALS = 2


class _Page(Figure):
    """Folium's page with a language, a title, and a viewport that lets readers zoom."""

    _template = Template(
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n'
        '<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="{{ this.policy }}">\n'
        "<script>{{ this.pictures }}</script>\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="description" content="{{ this.title }}">\n'
        "<title>{{ this.title }}</title>\n"
        "{{ this.header.render(**kwargs) }}\n</head>\n<body>\n{{ this.html.render(**kwargs) }}\n"
        "<script>\n{{ this.script.render(**kwargs) }}\n</script>\n</body>\n</html>\n"
    )

    def __init__(self, title: str, streets: StreetMap | None) -> None:
        super().__init__()
        self.header._children.clear()
        self.title = html.escape(title, quote=True)
        self.policy = html.escape(POLICY, quote=True)
        self.pictures = _pictures_policy(streets)


class _Map(folium.Map):
    """Folium's map without the scripts and styles that it would fetch, and without its own viewport rule."""

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


class _Atlas(MacroElement):
    """Starts our code on the map once everything is there."""

    _template = Template("{% macro script(this, kwargs) %}Atlas.start({{ this._parent.get_name() }});{% endmacro %}")


def draw(
    frame: gpd.GeoDataFrame,
    table: Table,
    metadata: Mapping[str, Any],
    index: Index,
    look: Look,
    notes: Sequence[str],
    assets: Path,
    extras: Extras,
    postcodes: pd.DataFrame | None = None,
    towns: pd.DataFrame | None = None,
) -> str:
    """The page of an area as HTML.

    Args:
        frame: ``risk.parquet``. ``table``: its schema. ``metadata``: its metadata.
        notes: plain sentences on the limits of these data.
        assets: the folder with the built browser code.
        extras: support places, sites, stories, and what helps.
        postcodes: ``postcodes.parquet``, to be searched. ``towns``: ``towns.parquet``, named on the map.

    Raises:
        PipelineError: the browser code was not built, or the page would ask something of the network.
        DeclarationError: a layer cannot be drawn from this table.
    """
    content = atlas_data(frame, table, metadata, index, look, notes, extras, postcodes, towns)
    parts = _read_assets(assets)
    figure = _Page(_page_title(metadata), look.street_map)
    west, south, east, north = frame.total_bounds
    folium_map = _Map(location=[(south + north) / 2, (west + east) / 2], tiles=None)
    folium_map.add_to(figure)
    folium_map.add_child(_Atlas())  # type: ignore[no-untyped-call]
    for name in ("leaflet.css", "atlas.css"):
        figure.header.add_child(_raw(f"<style>{parts[name]}</style>"), name=name)
    figure.header.add_child(_raw(f"<!--\n{parts['licences.txt'].replace('--', '- -')}\n-->"), name="licences")
    data = json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    figure.html.add_child(_raw(f'<script type="application/json" id="atlas-data">{data}</script>'), name="data")
    for name in ("leaflet.js", "atlas.js"):
        figure.html.add_child(_raw(f"<script>{_in_script(parts[name])}</script>"), name=name)
    page: str = figure.render()
    _refuse_requests(page)
    return page


def _pictures_policy(streets: StreetMap | None) -> str:
    """The script that forbids pictures from anywhere, but those of the street map while a reader wants it.

    A policy in the markup could not be lifted by a button.
    """
    allowed = f" + (window.name === {json.dumps(STREETS_WANTED)} ? ' {streets.origin}' : '')" if streets else ""
    return (
        "(function () { var policy = document.createElement('meta'); policy.httpEquiv = 'Content-Security-Policy'; "
        f"policy.content = {json.dumps(NO_PICTURES)}{allowed}; document.head.appendChild(policy); }})();"
    )


def _raw(text: str) -> Element:
    """An element that holds ``text`` as it is: data must not be read as a template."""
    element = Element("{{ this.text }}")
    element.text = text  # type: ignore[attr-defined]
    return element


def _page_title(metadata: Mapping[str, Any]) -> str:
    return f"{'Fictional data: ' if metadata['fictional'] else ''}Digital-exclusion risk in {metadata['title']}"


def _read_assets(assets: Path) -> dict[str, str]:
    absent = [name for name in ASSET_NAMES if not (assets / name).exists()]
    if absent:
        raise PipelineError(f"{assets}: the page's own code is not built ({', '.join(absent)} missing). Run: make maps")
    return {name: (assets / name).read_text(encoding="utf-8") for name in ASSET_NAMES}


def _in_script(code: str) -> str:
    """Code that cannot end the script element it stands in."""
    return code.replace("</script", "<\\/script")


def _refuse_requests(page: str) -> None:
    """Refuse a page that would load anything: an address nobody vendored is an error here, not a gap for the reader."""
    markup = re.sub(r"<script[^>]*>.*?</script>|<!--.*?-->", "", page, flags=re.DOTALL)
    found = re.findall(
        r"""<(?:script|link|img|iframe)[^>]+(?:src|href)\s*=\s*["']?(?!data:)[^"'>\s]+""", page
    ) + re.findall(r"""@import[^;]*|url\(\s*["']?(?!data:|#)[^)]+\)""", markup)
    if found:
        raise PipelineError(
            f"The page would ask the network for {', '.join(sorted(set(found))[:5])}. Vendor it, or leave it out."
        )


def atlas_data(
    frame: gpd.GeoDataFrame,
    table: Table,
    metadata: Mapping[str, Any],
    index: Index,
    look: Look,
    notes: Sequence[str],
    extras: Extras,
    postcodes: pd.DataFrame | None = None,
    towns: pd.DataFrame | None = None,
) -> dict[str, Any]:
    """The page's data, as described in ``docs/atlas-format.md``."""
    plain = pd.DataFrame(frame.drop(columns="geometry"))
    plain["population_65_plus"] = plain["population_65_to_74"] + plain["population_75_plus"]
    plain["share_65_plus"] = plain["population_65_plus"] / plain["population_total"]
    nation, many = metadata["nation"], len(frame) > MANY_AREAS
    columns = [c for c in (*table.columns, *DERIVED) if _is_carried(c, index, look, many=many)]
    exact = _exact(index, whole_nation=len(frame) == nation["areas"], many=many)
    decimals = {column.name: _decimals(column, many=many) for column in columns if column.kind == "number"}
    # Classes are of the numbers that are shown, so that nobody finds one on the wrong side of its bound.
    plain = plain.round({name: places for name, places in decimals.items() if name not in exact})
    coloured = [
        colour(layer, look.palettes[layer.palette], plain)
        for layer in expand(look.layers, index, nation["title"], columns, plain)
    ]
    quantisation = FAR_METRES if many else NEAR_METRES
    return {
        "format": FORMAT,
        "title": metadata["title"],
        "fictional": metadata["fictional"],
        "reference": metadata["reference"],
        "built": metadata["built"],
        "quantisation_metres": quantisation,
        "index": _index(index),
        "nation": nation,
        "notes": list(notes),
        "sources": [
            {key: source[key] for key in ("title", "publisher", "release", "licence", "attribution")}
            for source in metadata["sources"]
        ],
        "columns": [
            _column(column, decimals.get(column.name, 0), _release(metadata, column.name)) for column in columns
        ],
        "layers": [_layer(item) for item in coloured],
        "first_layer": coloured[0].layer.id,
        "table": pack_table(
            plain[[column.name for column in columns if column.name not in DERIVED_FROM]],
            {column: places for column, places in decimals.items() if column not in exact},
            index.columns if many and _by_order(index) else (),
        ),
        "postcodes": None
        if postcodes is None or postcodes.empty
        else pack_postcodes(postcodes, list(plain["lsoa21_code"]), whole=not many),
        "towns": [] if towns is None else _towns(towns),
        "street_map": look.street_map.model_dump() if look.street_map else None,
        **support_data(
            extras,
            list(plain["lsoa21_code"]),
            metadata["capacity"],
            [component.name for component in index.components],
            many=many,
        ),
        "geometry": pack_geometry(build_topology(frame.geometry.to_numpy(), quantisation)),
    }


def _towns(towns: pd.DataFrame) -> list[list[Any]]:
    """Each town as a list: its name, longitude, latitude and people."""
    rounded = towns.round({"lon": 4, "lat": 4})
    parts = (rounded[column].tolist() for column in ("name", "lon", "lat", "population"))
    return [list(town) for town in zip(*parts, strict=True)]


def _is_carried(column: Column, index: Index, look: Look, *, many: bool) -> bool:
    """Whether the page has a column.

    Contributions and the order of drivers it works out itself. A page of many areas leaves out what nothing on it is
    scored or coloured by and only the lists of all numbers would show; the tables beside it have them.
    """
    if column.kind == "geometry" or column.name.startswith("contribution_") or column.name == "drivers":
        return False
    used = {*index.columns, index.impute_by, *(name for y in look.layers for name in (y.column, y.column_by))}
    return not many or column.name not in {*FURTHER, "exclusion_rank_median"} or column.name in used


def _decimals(column: Column, *, many: bool) -> int:
    if column.unit.startswith("rank"):
        return 1
    if column.unit in WHOLE_UNITS:
        return 0
    if many and column.name in ("capacity_score", "exclusion_score"):
        return 1
    return SHARE_DECIMALS if column.unit.startswith("share") else SCORE_DECIMALS


def _exact(index: Index, *, whole_nation: bool, many: bool) -> set[str]:
    """The columns from which the page scores again, and must not round.

    A page of the whole nation computes its components from the indicators; any other cannot, as it does not hold the
    nation that they were compared with. Equal scores of exclusion are equal only by the exact capacity, which a page of
    many areas has no room for.
    """
    components = set() if whole_nation else {f"component_{component.name}" for component in index.components}
    capacity = set() if many else {"capacity_score"}
    return {*index.columns, *components, *capacity, *({"risk_score"} if components else ())}


def _by_order(index: Index) -> bool:
    """Whether its scores depend on the order of each indicator's values alone."""
    return {i.normalisation or index.normalisation for c in index.components for i in c.indicators} <= BY_ORDER


def _release(metadata: Mapping[str, Any], column: str) -> str | None:
    """The release of the source that ``column`` was read from."""
    source = metadata["columns_from"].get(DERIVED_FROM.get(column, column))
    return next((entry["release"] for entry in metadata["sources"] if entry["id"] == source), None)


def _index(index: Index) -> dict[str, Any]:
    """The index with every default filled in, so that the page can score by it."""
    declared = index.model_dump(exclude={"components"})
    return declared | {
        "components": [
            {
                **component.model_dump(include={"name", "title", "weight", "why"}),
                "column": f"component_{component.name}",
                "aggregation": component.aggregation or index.within_components,
                "indicators": [
                    indicator.model_dump(exclude={"normalisation"})
                    | {"normalisation": indicator.normalisation or index.normalisation}
                    for indicator in component.indicators
                ],
            }
            for component in index.components
        ],
    }


def _column(column: Column, decimals: int, release: str | None) -> dict[str, Any]:
    percent = column.unit.startswith("share")
    return {
        "name": column.name,
        "title": column.title,
        "description": column.description,
        "unit": "% of residents"
        if percent and "residents" in column.description.lower()
        else "%"
        if percent
        else column.unit,
        "type": column.kind,
        "decimals": 1 if percent else decimals,
        "percent": percent,
        "as_of": release,
    }


def _layer(coloured: Coloured) -> dict[str, Any]:
    layer = coloured.layer
    return {
        **layer.model_dump(include={"id", "column", "title", "sentence", "group", "unit", "worse", "missing"}),
        **layer.model_dump(include={"column_by", "pair"}, exclude_none=True),
        "kind": coloured.kind,
        "classes": [{"label": entry.label, "colour": entry.colour} for entry in coloured.classes],
        "bounds": list(coloured.bounds),
        "bounds_by": list(coloured.bounds_by),
        "descending": coloured.descending,
    }
