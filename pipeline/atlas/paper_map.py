"""The map of the first layer as a picture that stands alone: for paper and slides, of an area or one of its units."""

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from pipeline.atlas.classes import colour
from pipeline.atlas.contract import LayerInfo
from pipeline.atlas.layers import expand
from pipeline.atlas.still import DECILE, map_of_risk, tenths_of_risk
from pipeline.atlas.still_map import (
    DISTRICTS,
    NAMED,
    Drawing,
    Paper,
    Shapes,
    StillMap,
    draw_paths,
    lay_out,
    shapes_of_areas,
)
from pipeline.catalogue import Look
from pipeline.store.records import RiskRecord

if TYPE_CHECKING:
    import geopandas as gpd

KIND = "kind"
LETTERS, LETTER, LINE = 30, 17, 32
"""Size of names, the width of a letter on the average, and the height of a line, in units of the picture."""
LONG = 14
"""Characters from which on a name of several words is set in two lines."""
TRIED = 12
"""Lines up and down by which a name may give way to another."""
MARGIN = 0.12
"""What is shown around a unit, as a share of its larger side."""
PALE = 0.3
"""How strongly the neighbourhoods around a unit are printed."""
SLIVER = 0.004
"""The part of the picture from which on a district is named."""
INK = "#16202a"


@dataclass(frozen=True)
class PaperMap:
    """A picture, its words, and what each of its colours means; ``ratio`` is its height over its width."""

    svg: str
    ratio: float
    alt: str
    caption: str
    key: tuple[tuple[str, str], ...]


def layer_of(column: str, look: Look, record: RiskRecord, areas: pd.DataFrame) -> LayerInfo | None:
    """The layer of a column with its classes, as the page has it; None where the page has none."""
    kinds = [kind.title for kind in record.kinds.kinds]
    declared = tuple(layer for layer in look.layers if layer.column == column)
    layers = expand(declared, record.index, record.nation.title, (), areas, kinds)
    return next((colour(layer, look.palettes[layer.palette], areas) for layer in layers), None)


def colours_of_kinds(look: Look, record: RiskRecord, areas: pd.DataFrame) -> dict[str, str]:
    """The colour of each kind of exclusion on the page."""
    layer = layer_of(KIND, look, record, areas) if KIND in areas.columns else None
    return {} if layer is None else {one.label: one.colour for one in layer.classes}


def draw_area(areas: pd.DataFrame, title: str, layer: LayerInfo, paper: Paper | None) -> PaperMap | None:
    """The map of all of an area, laid out on ``paper``; None where no neighbourhood has a boundary."""
    still, key, sentence = map_of_risk(areas, title, layer)
    drawing = draw_paths(still, paper)
    if drawing is None:
        return None
    return PaperMap(
        _svg(still, drawing),
        drawing.paper.height / drawing.paper.width,
        f"{still.title}. {still.description}",
        sentence.rstrip(":"),
        tuple(key),
    )


def draw_unit(areas: "gpd.GeoDataFrame", inside: np.ndarray, title: str, layer: LayerInfo) -> PaperMap | None:
    """The map of a unit with what lies around it in the area, paler; None where it has no boundary.

    Args:
        areas: ``risk.parquet`` of the area. ``inside``: whether each neighbourhood belongs to the unit.
        title: the unit.
    """
    shapes = areas.geometry.to_numpy()
    here = shapes[inside]
    here = here[~(shapely.is_missing(here) | shapely.is_empty(here))]
    if not len(here):
        return None
    west, south, east, north = shapely.total_bounds(here)
    margin = MARGIN * max(east - west, north - south)
    window = (west - margin, south - margin, east + margin, north + margin)
    near = shapely.intersects(shapes, shapely.box(*window))
    still, key, _ = tenths_of_risk(areas[near], title, layer)
    shown = shapes_of_areas(areas[near])
    clipped = Shapes(shapely.clip_by_rect(shapely.make_valid(shown.areas), *window), shown.districts)
    within = inside[near]
    # The classes of what lies around come after those of the unit itself.
    numbers = np.where(within, still.numbers, still.numbers + len(still.colours))
    drawing = draw_paths(replace(still, numbers=numbers), lay_out(clipped))
    if drawing is None:
        return None
    worst = int((areas[DECILE][inside] == 1).sum())
    alt = (
        f"Map of the tenths of risk in {title} and around it, where colours are paler. {int(inside.sum()):,} "
        f"neighbourhoods, of which {worst:,} are in the most at-risk tenth of the map."
    )
    border = draw_paths(
        replace(still, numbers=np.zeros(len(within), dtype=np.int64)),
        lay_out(replace(clipped, districts=[title if one else None for one in within])),
    )
    outline = "" if border is None else border.paths[DISTRICTS]
    caption = f"{layer.title}: {layer.sentence} Paler: what lies around."
    return PaperMap(_svg(still, drawing, outline), drawing.paper.height / drawing.paper.width, alt, caption, tuple(key))


def _svg(still: StillMap, drawing: Drawing, outline: str = "") -> str:
    """The picture, its styles in itself; names give way to each other."""
    count, width, height = len(still.colours), drawing.paper.width, drawing.paper.height
    fills = "".join(
        f'<path fill="{still.colours[number % count]}" fill-opacity="{1 if number < count else PALE}" d="{path}"/>'
        for number, path in drawing.paths.items()
        if number >= 0
    )
    heavy = (
        f'<path d="{outline}" fill="none" stroke="{INK}" stroke-width="5" stroke-linejoin="round"/>' if outline else ""
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<g fill-rule="evenodd">{fills}</g>'
        f'<path d="{drawing.paths[DISTRICTS]}" fill="none" stroke="#ffffff" stroke-width="4" stroke-linejoin="round"/>'
        f'<path d="{drawing.paths[DISTRICTS]}" fill="none" stroke="{INK}" stroke-width="1.8" stroke-linejoin="round"/>'
        f"{heavy}{_names(drawing)}</svg>"
    )


def _names(drawing: Drawing) -> str:
    """The districts' names, the largest district first, each where it hides no other."""
    rows_of = drawing.paper.rows_of
    if len(rows_of) > NAMED:
        return ""
    sizes = {name: float(drawing.paper.sizes[rows].sum()) for name, rows in rows_of.items()}
    taken: list[tuple[float, float, float, float]] = []
    texts = []
    least = SLIVER * drawing.paper.width * drawing.paper.height
    for name in sorted((name for name in sizes if sizes[name] >= least), key=lambda name: (-sizes[name], str(name))):
        x, y = drawing.paper.centre(rows_of[name])
        lines = _lines(str(name))
        place = _free(float(x), float(y), lines, taken, (drawing.paper.width, drawing.paper.height))
        if place is None:
            continue
        taken.append(place)
        middle = (place[0] + place[2]) / 2
        for number, line in enumerate(lines):
            foot = place[1] + LINE * (number + 0.8)
            texts.append(f'<text x="{middle:.0f}" y="{foot:.0f}">{html.escape(line)}</text>')
    style = (
        f'font-family="Libertinus Serif, Georgia, serif" font-size="{LETTERS}" font-weight="bold" text-anchor="middle" '
        f'fill="{INK}" stroke="#ffffff" stroke-width="7" stroke-linejoin="round" paint-order="stroke"'
    )
    return f"<g {style}>{''.join(texts)}</g>"


def _lines(name: str) -> list[str]:
    """A long name of several words in two lines, as equal as they can be."""
    words = name.split()
    if len(name) < LONG or len(words) < 2:
        return [name]
    halves = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    return list(min(halves, key=lambda pair: max(map(len, pair))))


def _free(
    x: float,
    y: float,
    lines: Sequence[str],
    taken: Iterable[tuple[float, float, float, float]],
    size: tuple[int, int],
) -> tuple[float, float, float, float] | None:
    """The box for a name that is nearest to where it belongs, in the picture and clear of others; None without one."""
    width, height = LETTER * (max(map(len, lines)) + 1), LINE * len(lines)
    x = min(max(x, width / 2), max(size[0] - width / 2, width / 2))
    steps = sorted(range(-TRIED, TRIED + 1), key=abs)
    for step in steps:
        top = y - height / 2 + step * LINE / 2
        box = (x - width / 2, top, x + width / 2, top + height)
        inside = top >= 0 and box[3] <= size[1] and box[2] <= size[0]
        if inside and not any(_overlap(box, other) for other in taken):
            return box
    return None


def _overlap(box: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
