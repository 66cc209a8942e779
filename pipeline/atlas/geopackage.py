"""The layers of a GeoPackage: an area as the page shows it, for a geographic information system."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
import shapely

from pipeline.atlas.contents import Shown
from pipeline.atlas.inputs import PageInputs
from pipeline.atlas.qgis import Dot, Outline, Rule, layer_style, style
from pipeline.store import Layer, Style
from pipeline.tables import (
    DERIVED,
    MEASURES,
    MEMBER_OF,
    PROGRAMMES,
    STANDING,
    SUMMARY,
    SUPPORT_PLACES,
    Column,
    colleague_columns,
    is_among,
    with_unit,
)

CODES = ("lad_code", "ward_code", "sicbl_code", "icb_code", "msoa21_code", "ruc21_code")
"""Codes by which other tables are joined in a geographic information system."""
PROGRAMME_COLOUR, LARGER_COLOUR = "#aa3377", "#2f3e46"
PROGRAMME_MM, LARGER_MM, PLACE_MM = 0.7, 0.4, 2.4
"""Widths of outlines, and the size of a dot."""
KIND_COLOURS = ("#0077bb", "#ee7733", "#009988", "#cc3311", "#33bbee", "#ee3377", "#444444")
"""Vibrant qualitative scheme (P. Tol): of kinds of support places, in order, then again from the first."""
OFFERS = {True: "offer help now", False: "could offer help"}


@dataclass(frozen=True, eq=False)
class Larger:
    """The units of one level, such as wards: its id and title, and the table ``summary_<level>``."""

    level: str
    title: str
    frame: pd.DataFrame


@dataclass(frozen=True, eq=False)
class Mapped:
    """What the layers are made from.

    Attributes:
        page: what the page is made from, and ``shown``: the areas as readers see them. ``areas``: their boundaries.
        larger: the levels of larger areas. ``outlines``: of the units of those levels that neighbourhoods belong to as
            a whole, by code. ``places``: table ``support_places``.
        programmes: table ``programmes`` with the outline of each.
    """

    page: PageInputs
    shown: Shown
    areas: gpd.GeoDataFrame
    larger: Sequence[Larger]
    outlines: Mapping[str, Mapping[str, shapely.Geometry]]
    places: pd.DataFrame
    programmes: gpd.GeoDataFrame


def map_layers(mapped: Mapped) -> list[Layer]:
    """Neighbourhoods, larger areas with an outline, support places and programmes; those that there are."""
    layers = [_neighbourhoods(mapped), *(_larger(mapped, larger) for larger in mapped.larger)]
    if not mapped.places.empty:
        layers.append(_places(mapped))
    if not mapped.programmes.empty:
        layers.append(_programmes(mapped.programmes))
    return [layer for layer in layers if layer is not None]


def _neighbourhoods(mapped: Mapped) -> Layer:
    """The columns that a colleague needs, codes, and those that the layers of the page are coloured by."""
    page, table = mapped.page, mapped.shown.table
    drawn = [layer for layer in mapped.shown.layers if layer.column in table]
    columns = (*page.table.columns, STANDING, MEMBER_OF, *DERIVED)
    wanted = [column.name for column in colleague_columns(page.table, MEASURES[page.record.capacity.measure])]
    wanted += [*CODES, STANDING.name, MEMBER_OF.name]
    wanted += [name for layer in drawn for name in (layer.column, layer.column_by) if name is not None]
    names = [name for name in dict.fromkeys(wanted) if name in table]
    frame = table[names]
    # The first style is loaded with the layer, and brings the titles.
    titles = [_titles((*names, mapped.areas.geometry.name), columns), *(None for _ in drawn)]
    return Layer(
        "neighbourhoods",
        f"Neighbourhoods (LSOAs) of {page.record.title}",
        "One area for each LSOA 2021, its numbers rounded as on the page; risk.parquet has every column, unrounded.",
        _with_shapes(frame, columns, mapped.areas.geometry),
        columns,
        [
            Style(layer.title, layer.sentence, layer_style(layer, said))
            for layer, said in zip(drawn, titles, strict=False)
        ],
    )


def _larger(mapped: Mapped, larger: Larger) -> Layer | None:
    """The outlines of the larger areas that neighbourhoods belong to by a code, with their summary."""
    columns, outlines = SUMMARY.columns, mapped.outlines.get(larger.level, {})
    frame = larger.frame[is_among(larger.frame["unit_code"], outlines)].reset_index(drop=True)
    if frame.empty:
        return None
    kept = {column.name: column.nature.kept for column in columns if column.storage == "number"}
    shapes = gpd.GeoSeries(frame["unit_code"].map(outlines).to_numpy(), crs=mapped.areas.crs)
    return Layer(
        larger.level,
        larger.title,
        f"{larger.title}: the part of each that lies in {mapped.page.record.title}, and its summary.",
        _with_shapes(frame.round(kept), columns, shapes),
        columns,
        [_outlined(larger.title, Outline(LARGER_COLOUR, LARGER_MM), _titles(frame.columns, columns))],
    )


def _places(mapped: Mapped) -> Layer:
    rules = [
        Rule(
            f"{kind.plural[:1].upper()}{kind.plural[1:]}, {OFFERS[kind.offers_now]}",
            f"\"kind\" = '{kind.id}'",
            Dot(KIND_COLOURS[number % len(KIND_COLOURS)], PLACE_MM, hollow=not kind.offers_now),
        )
        for number, kind in enumerate(mapped.page.record.capacity.kinds)
    ]
    columns, places = SUPPORT_PLACES.columns, mapped.places
    points = gpd.GeoSeries.from_xy(places["lon"], places["lat"], crs=mapped.areas.crs)
    return Layer(
        "support_places",
        SUPPORT_PLACES.title,
        SUPPORT_PLACES.description,
        _with_shapes(places, columns, points),
        columns,
        [Style("Kinds of places", "Solid where help is offered now", style(rules, _titles(places.columns, columns)))],
    )


def _programmes(programmes: gpd.GeoDataFrame) -> Layer:
    columns = PROGRAMMES.columns
    drawn = _outlined(PROGRAMMES.title, Outline(PROGRAMME_COLOUR, PROGRAMME_MM), _titles(programmes.columns, columns))
    frame = _with_shapes(pd.DataFrame(programmes.drop(columns="geometry")), columns, programmes.geometry)
    return Layer("programmes", PROGRAMMES.title, PROGRAMMES.description, frame, columns, [drawn])


def _outlined(title: str, symbol: Outline, titles: Mapping[str, str]) -> Style:
    return Style(title, "", style([Rule(title, "", symbol)], titles))


def _titles(names: Iterable[str], columns: Iterable[Column]) -> dict[str, str]:
    """The titles of the fields with these ``names``, with their units."""
    titles = {column.name: with_unit(column.title, column.unit) for column in columns}
    return {name: titles[name] for name in names if name in titles}


def _with_shapes(frame: pd.DataFrame, columns: Iterable[Column], shapes: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """``frame`` with the shape of each row, and whole numbers with gaps as such: pandas has them as decimals."""
    integers = {column.name for column in columns if column.storage == "integer"}
    gaps = [name for name, kind in frame.dtypes.items() if name in integers and kind == "float64"]
    typed = frame.assign(**{str(name): frame[name].astype("Int64") for name in gaps})
    return gpd.GeoDataFrame(typed, geometry=shapes.array)
