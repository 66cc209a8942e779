"""What a page shows without its scripts: a picture of the map, the worst tenth as a table, and the sources."""

import base64
import html
import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.atlas.contract import AtlasData, LayerInfo
from pipeline.atlas.inputs import PageInputs
from pipeline.atlas.packing.rings import Geometries, following_vertex, offsets_of, read_rings

Pixels = npt.NDArray[np.uint8]
WIDTH = 256
"""Of the picture, in pixels."""
TALLEST = 400
DECILE = "risk_decile"
NO_DATA = "#c9ced3"
WHY = "This page needs scripts for its map, which can be searched and filtered. What follows is shown without them."


def build_still(inputs: PageInputs, data: AtlasData) -> str:
    """The part of the page that is shown without scripts, as HTML; everything in it is escaped."""
    fiction = (
        "<p><strong>Fictional data.</strong> Every place and number on this page is invented.</p>"
        if data.fictional
        else ""
    )
    layer = next((layer for layer in data.layers if layer.column == DECILE), None)
    return (
        f'<div id="atlas-still" class="atlas-still"><h1>Digital-exclusion risk in {html.escape(data.title)}</h1>'
        f'<p id="atlas-still-why">{WHY}</p>{fiction}'
        f"{'' if layer is None else _figure(inputs, data, layer)}{_worst(inputs.areas)}{_sources(data)}</div>"
    )


def _figure(inputs: PageInputs, data: AtlasData, layer: LayerInfo) -> str:
    """The areas in the colours of their tenths, with what these mean."""
    deciles = inputs.areas[DECILE].to_numpy(dtype="float64", na_value=np.nan)
    numbers = np.where(np.isnan(deciles), len(layer.classes) + 1, deciles).astype(np.uint8)
    geometries = inputs.areas.geometry.to_numpy()
    colours = ["#ffffff", *(one.colour for one in layer.classes), NO_DATA]
    picture = encode_png(paint(geometries, numbers), colours)
    height, width = picture[1]
    key = " ".join(
        f'<span><span style="background:{one.colour}">&emsp;</span> {html.escape(one.label)}</span>'
        for one in layer.classes
    )
    return (
        f'<figure><img src="data:image/png;base64,{picture[0]}" width="{2 * width}" height="{2 * height}" '
        f'alt="Map of the tenths of risk in {html.escape(data.title)}"><figcaption>{html.escape(layer.title)}: '
        f"{html.escape(layer.sentence)} {key}</figcaption></figure>"
    )


def _worst(areas: pd.DataFrame) -> str:
    """The most at-risk tenth, the worst first."""
    worst = areas[areas[DECILE] == 1].sort_values(["risk_rank", "lsoa21_code"])
    rank = worst["risk_rank"].astype("float64")
    rows = "".join(
        f"<tr><td>{at:g}<td>{html.escape(place)}<td>{html.escape(name)}"
        for at, place, name in zip(rank, worst["place_name"], worst["lsoa21_name"], strict=True)
    )
    return (
        f"<h2>The most at-risk tenth: {len(worst):,} of {len(areas):,} neighbourhoods</h2>"
        "<p>The risk is of the place, not of the person.</p>"
        f"<table><thead><tr><th scope=col>Rank<th scope=col>Area<th scope=col>Official name<tbody>{rows}</table>"
    )


def _sources(data: AtlasData) -> str:
    said = dict.fromkeys(source.attribution.removeprefix("Source: ") or source.publisher for source in data.sources)
    items = "".join(f"<li>{html.escape(attribution)}" for attribution in said)
    return f"<h2>Sources</h2><ul>{items}</ul><p>Built {html.escape(data.built[:10])}.</p>"


def paint(geometries: Geometries, numbers: Pixels) -> Pixels:
    """A picture of areas, each filled even-odd with its number, 0 elsewhere; north is up.

    A pixel belongs to the area that its centre lies in, so that areas smaller than a pixel may not be seen.
    """
    rings = read_rings(geometries)
    if not len(rings.x):
        return np.zeros((1, 1), dtype=np.uint8)
    narrowing = np.cos(np.radians((rings.y.min() + rings.y.max()) / 2))
    x, y = (rings.x - rings.x.min()) * narrowing, rings.y.max() - rings.y
    scale = min(WIDTH / max(x.max(), 1e-9), TALLEST / max(y.max(), 1e-9))
    x, y = x * scale, y * scale
    picture = np.zeros((max(1, int(np.ceil(y.max()))), max(1, int(np.ceil(x.max())))), dtype=np.uint8)
    following = following_vertex(rings.offsets)
    area = np.repeat(rings.area, np.diff(rings.offsets))
    # The rows whose centre line each edge crosses, and where it does.
    first = np.ceil(np.minimum(y, y[following]) - 0.5).astype(np.int64)
    crossed = np.ceil(np.maximum(y, y[following]) - 0.5).astype(np.int64) - first
    edge = np.repeat(np.arange(len(x)), crossed)
    row = first[edge] + _count_up(crossed)
    share = (row + 0.5 - y[edge]) / (y[following] - y)[edge]
    place = x[edge] + share * (x[following] - x)[edge]
    order = np.lexsort((place, row, area[edge]))
    row, place, area = row[order], place[order], area[edge][order]
    # An area is between the first and the second crossing of a row, the third and the fourth, and so on.
    start, end = (np.clip(np.ceil(place[half::2] - 0.5), 0, picture.shape[1]).astype(np.int64) for half in (0, 1))
    long = end - start
    column = np.repeat(start, long) + _count_up(long)
    picture[np.repeat(np.clip(row[::2], 0, picture.shape[0] - 1), long), column] = np.repeat(numbers[area[::2]], long)
    return picture


def _count_up(lengths: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """0, 1, … for each of ``lengths``, one after another."""
    counted: npt.NDArray[np.int64] = np.arange(lengths.sum()) - np.repeat(offsets_of(lengths)[:-1], lengths)
    return counted


def encode_png(picture: Pixels, colours: Sequence[str]) -> tuple[str, tuple[int, int]]:
    """A picture of numbers of ``colours`` as base64 of a PNG, number 0 transparent; and its height and width."""
    height, width = picture.shape
    palette = b"".join(bytes.fromhex(colour.removeprefix("#")) for colour in colours)
    lines = np.pad(picture, ((0, 0), (1, 0))).tobytes()
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 3, 0, 0, 0])
    chunks = (b"IHDR", header), (b"PLTE", palette), (b"tRNS", b"\0"), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b"")
    content = b"\x89PNG\r\n\x1a\n" + b"".join(
        len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big") for name, body in chunks
    )
    return base64.b64encode(content).decode("ascii"), (height, width)
