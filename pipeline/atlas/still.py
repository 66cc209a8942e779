"""What a page shows without its scripts: a map, where to act and the worst tenth as tables, and the sources."""

import html
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from pipeline.atlas.contract import AtlasData, LayerInfo
from pipeline.atlas.inputs import PageInputs
from pipeline.atlas.still_map import MANY, StillMap, draw_svg
from pipeline.tables.estimates import say_people

Key = list[tuple[str, str]]
"""What each colour means, and the colour."""
DECILE = "risk_decile"
NO_DATA = "#c9ced3"
SHARES = (0.0, 0.05, 0.1, 0.2, 0.3)
"""Bounds of the shares of a district's neighbourhoods."""
MOST_NAMED = 3
"""Districts that the description of the map names."""
LISTED = 100
"""Rows of the list of where to act, which the page with scripts and the tables beside it have in full."""
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
        f"{'' if layer is None else _figure(inputs, data, layer)}"
        f"{_act(inputs)}{_worst(inputs.areas)}{_sources(data)}</div>"
    )


def _figure(inputs: PageInputs, data: AtlasData, layer: LayerInfo) -> str:
    """The map, with what its colours mean."""
    still, key, sentence = map_of_risk(inputs.areas, data.title, layer)
    paper = None if inputs.outline is None else inputs.outline.paper
    entries = " ".join(
        f'<span><svg width="20" height="14" aria-hidden="true"><rect width="20" height="14" fill="{colour}"/></svg> '
        f"{html.escape(label)}</span>"
        for label, colour in key
    )
    return f"<figure>{draw_svg(still, paper)}<figcaption>{html.escape(sentence)} {entries}</figcaption></figure>"


def map_of_risk(areas: pd.DataFrame, title: str, layer: LayerInfo) -> tuple[StillMap, Key, str]:
    """The map of the tenths of risk, or where areas are too many to be seen of shares of districts in the worst tenth.

    Args:
        areas: ``risk.parquet``, with or without geometry. ``title``: of the map's area. ``layer``: that of ``DECILE``.

    Returns:
        The map, what each colour means, and a sentence on what is shown.
    """
    return (_by_district if len(areas) > MANY else tenths_of_risk)(areas, title, layer)


def tenths_of_risk(areas: pd.DataFrame, title: str, layer: LayerInfo) -> tuple[StillMap, Key, str]:
    """Each area in the colour of its tenth."""
    deciles = areas[DECILE].to_numpy(dtype="float64", na_value=np.nan)
    without = np.isnan(deciles)
    key = [(one.label, one.colour) for one in layer.classes]
    if without.any():
        key.append(("No data", NO_DATA))
    numbers = np.where(without, len(layer.classes) + 1, deciles).astype(np.int64) - 1
    districts = areas["lad_name"].astype("object").where(areas["lad_name"].notna(), None)
    worst = districts[deciles == 1].value_counts()
    most = ", ".join(f"{name} ({count})" for name, count in worst.head(MOST_NAMED).items())
    description = (
        f"{len(areas):,} neighbourhoods, each in the colour of its tenth of risk. Of the {int(worst.sum()):,} in the "
        f"most at-risk tenth most are in {most}."
    )
    named = f"Map of the tenths of risk in {title}"
    colours = [colour for _, colour in key]
    still = StillMap(numbers, colours, named, description)
    return still, key, f"{layer.title}: {layer.sentence}"


def _by_district(areas: pd.DataFrame, title: str, layer: LayerInfo) -> tuple[StillMap, Key, str]:
    """Each district in the colour of the share of its neighbourhoods that are in the most at-risk tenth."""
    areas = areas[areas["lad_name"].notna()]
    codes, names = pd.factorize(areas["lad_name"].astype("object"), sort=True)
    worst = areas[DECILE].to_numpy(dtype="float64", na_value=np.nan) == 1
    share = np.bincount(codes, weights=worst, minlength=len(names)) / np.bincount(codes, minlength=len(names))
    tenths = [one.colour for one in layer.classes]
    # The palest of the tenths stands for none, the colour of the most at-risk tenth for the largest shares.
    colours = [tenths[round(place)] for place in np.linspace(len(tenths) - 1, 0, len(SHARES) + 1)]
    numbers = np.where(share > 0, 1 + np.searchsorted(SHARES[1:], share, side="left"), 0)
    bounds = [f"{share:.0%}" for share in SHARES]
    labels = ["None", f"up to {bounds[1]}"]
    labels += [f"{low} to {high}" for low, high in pairwise(bounds[1:])]
    labels.append(f"over {bounds[-1]}")
    key = list(zip(labels, colours, strict=True))
    most = ", ".join(f"{names[place]} ({share[place]:.0%})" for place in np.argsort(-share, kind="stable")[:MOST_NAMED])
    named = f"Map of the most at-risk tenth in the districts of {title}"
    description = f"{len(names):,} districts. The largest shares of neighbourhoods in the most at-risk tenth: {most}."
    still = StillMap(numbers.astype(np.int64), colours, named, description)
    return still, key, "Neighbourhoods of each district that are in the most at-risk tenth:"


def _act(inputs: PageInputs) -> str:
    """Where to act: programmes, or where there are none the list of neighbourhoods."""
    if inputs.programmes is not None and len(inputs.programmes.programmes):
        programmes = inputs.programmes.programmes.sort_values("programme")
        rows = "".join(
            f"<tr><td>{html.escape(name)}<td>{html.escape(kind)}<td>{areas:g}<td>{_people(people)}<td>{html.escape(host)}"
            for name, kind, areas, people, host in zip(
                *(programmes[column].head(LISTED) for column in ("name", "kind", "neighbourhoods", "people_at_risk")),
                programmes["host"].astype("object").fillna("").head(LISTED),
                strict=True,
            )
        )
        heads = ("Programme", "Kind", "Neighbourhoods", "People at risk", "Could be held at")
        return f"<h2>Where to act: {_first_of(len(programmes), 'programmes')}</h2>{_table(heads, rows)}"
    areas = inputs.areas
    if not {"priority", "people_at_risk"} <= set(areas.columns) or not areas["priority"].notna().any():
        return ""
    listed = areas[areas["priority"].notna()].sort_values("priority")
    rows = "".join(
        f"<tr><td>{at:g}<td>{html.escape(name)}<td>{html.escape(place)}<td>{_people(people)}"
        for at, name, place, people in zip(
            listed["priority"].head(LISTED),
            listed["lsoa21_name"].astype("object").head(LISTED),
            listed["ward_name"].astype("object").fillna("").head(LISTED),
            listed["people_at_risk"].head(LISTED),
            strict=True,
        )
    )
    columns = ("Order", "Area", "Ward", "People at risk")
    return f"<h2>Where to act: {_first_of(len(listed), 'neighbourhoods')}</h2>{_table(columns, rows)}"


def _first_of(count: int, things: str) -> str:
    return f"the first {LISTED} of {count:,} {things}" if count > LISTED else f"{count:,} {things}"


def _people(number: float) -> str:
    """An estimate with no more figures than it is worth."""
    said = say_people(number)
    return said if said.startswith("under") else f"about {said}"


def _table(heads: Sequence[str], rows: str) -> str:
    return f"<table><thead><tr>{''.join(f'<th scope=col>{head}' for head in heads)}<tbody>{rows}</table>"


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
        f"{_table(('Rank', 'Area', 'Official name'), rows)}"
    )


def _sources(data: AtlasData) -> str:
    said = dict.fromkeys(source.attribution.removeprefix("Source: ") or source.publisher for source in data.sources)
    items = "".join(f"<li>{html.escape(attribution)}" for attribution in said)
    return f"<h2>Sources</h2><ul>{items}</ul><p>Built {html.escape(data.built[:10])}.</p>"
