"""The sections of the page, each from the figures it shows."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.catalogue import Index
from pipeline.errors import first
from pipeline.index.sensitivity import Sensitivity
from pipeline.reports.charts import Bar, Interval, bar_chart, heat_map, rank_chart, two_decimals
from pipeline.reports.elements import Markup, bullets, figure, paragraph, section, table
from pipeline.tables import JOINED

MOST_ROWS = 30
LONGEST_LABEL = 40
METHODS = {
    "percentile": "percentile among the areas compared with",
    "min-max": "min-max: from the lowest to the highest value",
    "z-score": "z-score: standard deviations from the mean",
    "rank-exponential": "exponential transformation of ranks, as in the Indices of Deprivation",
    "as declared": "as the index declares for each indicator",
    "arithmetic": "arithmetic mean: a high component makes up for a low one",
    "geometric": "geometric mean: it makes up for less",
    "weighted-sum": "weighted sum",
}


class Titles:
    """What components and columns are called on the page."""

    def __init__(self, index: Index) -> None:
        """Of the components of ``index`` and of every column of the joined table."""
        self._components = {component.name: component.title for component in index.components}
        self._columns = {column.name: column.title for column in JOINED.columns}

    def component(self, name: str) -> str:
        """The title of a component."""
        return self._components.get(name, name)

    def column(self, name: str) -> str:
        """The title of a column."""
        return self._columns.get(name, name)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict(orient="records")]


def percent(share: float | None, decimals: int = 0) -> str:
    """A share as a percentage, with a minus sign that is one; "none" where it cannot be said."""
    if share is None or pd.isna(share):
        return "none"
    text = f"{share:.{decimals}%}"
    return text.removeprefix("-") if set(text) <= set("-0.%") else text.replace("-", "−")


def index_section(metadata: Mapping[str, Any], titles: Titles) -> Markup:
    """What the index is made of: weights as given, and the range they were drawn from."""
    drawn = {(w["component"], w["column"]): w for w in metadata["uncertainty"]["weights"]}
    rows = []
    for weight in metadata["weights"]:
        whole = drawn[(weight["component"], None)]
        rows.append(
            (
                titles.column(weight["column"]),
                titles.component(weight["component"]),
                percent(weight["share"], 1),
                percent(whole["given"], 1),
                f"{percent(whole['p05'])} to {percent(whole['p95'])}",
            )
        )
    index = metadata["index"]
    columns = ("Indicator", "Component", "Weight in the whole", "Weight of its component", "In 9 of 10 draws")
    return section(
        "index",
        "What the index is",
        [
            paragraph(f"{index['title']}: {index['description']}"),
            table(
                "The weights of the index, as declared, and how its components’ weights were drawn", columns, rows, 2
            ),
        ],
    )


def varied_section(metadata: Mapping[str, Any], titles: Titles) -> Markup:
    """What differs between the plausible indices."""
    varied = metadata["uncertainty"]
    points = []
    concentration = varied["concentration"]
    if concentration["components"] is not None:
        points.append(
            "The weights of components: drawn from a Dirichlet distribution around those declared, concentration "
            f"{concentration['components']:g}; the table above gives the ranges."
        )
    within = [w for w in varied["weights"] if w["column"] is not None]
    if concentration["within_components"] is not None and within:
        ranges = "; ".join(f"{titles.column(w['column'])} {percent(w['p05'])} to {percent(w['p95'])}" for w in within)
        points.append(f"The weights of indicators within their component, likewise: {ranges}.")
    for key, what in (("normalisations", "Normalisation"), ("aggregations", "From components to the score")):
        if len(varied[key]) > 1:
            points.append(f"{what}, each as often as the other: {'; '.join(METHODS[name] for name in varied[key])}.")
    points += [
        f"Errors in {titles.column(noise['column'])}, as {noise['source']} states them." for noise in varied["noise"]
    ]
    return section(
        "varied",
        "What was varied",
        [
            paragraph(
                f"Somebody else might have built this index otherwise. {varied['draws']:,} such indices were drawn, "
                "and every area ranked by each:"
            ),
            bullets(points or ["Nothing: every draw is the index as declared."]),
            paragraph(
                "The same seed gives the same draws. Equal scores are ranked by the index’s own rule. The median and "
                "the ends of an interval are ranks that the area had in some draw.",
                "note",
            ),
        ],
    )


def intervals_section(frame: pd.DataFrame, metadata: Mapping[str, Any]) -> Markup:
    """The rank intervals of the areas with the highest risk, and how many of the worst tenth are sure."""
    varied = metadata["uncertainty"]
    count, stay = varied["worst_tenth"], varied["worst_tenth_staying_in_90_percent_of_draws"]
    unsure = frame["worst_decile_probability"].between(0.1, 0.9, inclusive="neither").sum()
    return section(
        "ranks",
        "How sure a rank is",
        [
            paragraph(
                f"{stay:,} of the {count:,} areas in the worst tenth ({percent(stay / count if count else None)}) are "
                f"in it in at least 90% of the draws. {unsure:,} of all {len(frame):,} areas are in it in more than "
                "10% and fewer than 90% of them: whether they belong there depends on how the index is built."
            ),
            ranked_areas(frame, "", "areas of highest risk", "Rank within the area, 1 = highest risk"),
            paragraph(
                "Most rings lie to the left of the median, and some outside the bar: these areas were picked because "
                "the published index ranks them highest, and most other indices rank such areas a little lower.",
                "note",
            ),
        ],
    )


def ranked_areas(frame: pd.DataFrame, prefix: str, which: str, axis: str) -> Markup:
    """The worst areas by ``<prefix>rank`` (of risk where it is empty) with the intervals of their ranks.

    ``which`` says in words what areas these are, ``axis`` what a rank is.
    """
    rank = f"{prefix or 'risk_'}rank"
    low, middle, high = (f"{prefix}rank_{name}" for name in ("p05", "median", "p95"))
    probability = f"{prefix.removesuffix('_')}_worst_decile_probability".removeprefix("_")
    worst = records(frame.sort_values([rank, "lsoa21_code"]).head(MOST_ROWS))
    intervals = [Interval(_short(r["lsoa21_name"]), r[low], r[middle], r[high], r[rank]) for r in worst]
    rows = [
        (
            str(row["lsoa21_name"]),
            str(row["lsoa21_code"]),
            f"{row[rank]:,g}",
            f"{row[middle]:,g}",
            f"{row[low]:,g} to {row[high]:,g}",
            percent(row[probability]),
        )
        for row in worst
    ]
    caption = (
        f"The {len(worst)} {which}: bars from the 5th to the 95th percentile of their ranks, a line at the median, a "
        "ring at the published rank. Ranks beyond the dashed line are not in the worst tenth."
    )
    columns = ("Area", "Code", "Rank", "Median rank", "5th to 95th percentile", "In the worst tenth")
    return figure(
        rank_chart(caption, intervals, len(frame) / 10, axis), caption, table(f"Ranks of the {which}", columns, rows, 2)
    )


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_LABEL else f"{name[: LONGEST_LABEL - 1]}…"


def sensitivity_section(found: Sensitivity, areas: int) -> Markup:
    """Sobol indices of the mean absolute rank change."""
    name, title = "choices", "Which choice matters most"
    if found.choices.empty:
        return section(name, title, [paragraph("No choice was varied, so none can matter.")])
    bars = [Bar(row["choice"], row["total"], row["first"]) for row in records(found.choices)]
    rows = [
        (
            str(row["choice"]),
            f"{percent(row['first'])} ± {percent(row['first_interval'])}",
            f"{percent(row['total'])} ± {percent(row['total_interval'])}",
        )
        for row in records(found.choices)
    ]
    top = found.choices.iloc[0]
    sample = f" Computed over a random sample of {found.areas:,} areas." if found.areas < areas else ""
    caption = "Share of the variance of the rank change: what a choice explains with all others, and alone."
    return section(
        name,
        title,
        [
            paragraph(
                f"An index drawn at random ranks areas {percent(found.mean_change, 1)} of all places away from the "
                f"published rank, on average. “{top['choice']}” moves that figure most: it has a part in "
                f"{percent(top['total'])} of its variance, and explains {percent(max(top['first'], 0.0))} alone. "
                f"Choices act together, so the parts may pass 100% in sum.{sample}"
            ),
            figure(
                bar_chart(caption, bars, "Share of variance", "with other choices (total)", "alone (first-order)"),
                caption,
                table(
                    f"Sobol indices with 95% intervals, from {found.evaluations:,} indices",
                    ("Choice", "Alone (first-order)", "With others (total)"),
                    rows,
                ),
            ),
        ],
    )


def removed_section(found: Sensitivity, titles: Titles) -> Markup:
    """What leaving out each indicator does."""
    name, title = "removed", "Leaving one indicator out"
    if found.removed.empty:
        return section(name, title, [paragraph("The index has one indicator, which cannot be left out.")])
    ordered = found.removed.sort_values("mean_change", ascending=False)
    rows = [
        (
            titles.column(str(row["column"])),
            titles.component(str(row["component"])),
            f"{row['mean_change']:,.1f}",
            percent(row["worst_tenth_changed"]),
        )
        for row in records(ordered)
    ]
    top = ordered.iloc[0]
    columns = ("Left out", "Component", "Mean rank change, places", "Of the worst tenth, replaced")
    return section(
        name,
        title,
        [
            paragraph(
                f"Without {titles.column(top['column'])}, areas move {top['mean_change']:,.1f} places on average, and "
                f"{percent(top['worst_tenth_changed'])} of the worst tenth are replaced by others."
            ),
            table("The index without each of its indicators", columns, rows, 2),
        ],
    )


def twice_section(found: Sensitivity, titles: Titles) -> Markup:
    """Correlations of the indicators, and the pairs that are counted twice."""
    names = [titles.column(label.split(".", 1)[1]) for label in found.correlations.columns]
    pairs = [
        f"{titles.column(row['first'])} and {titles.column(row['second'])} "
        f"(correlation {two_decimals(row['correlation'])}): {row['why']}"
        for row in records(found.counted_twice)
    ]
    matrix = found.correlations.to_numpy()
    parts = (
        [paragraph("Counted twice:"), bullets(pairs)]
        if pairs
        else [paragraph("No two indicators measure nearly the same, and none is known to hold another.")]
    )
    caption = "Correlations of the normalised indicators over the area, 1 to −1; higher values mean more risk"
    return section("twice", "What is counted twice", [*parts, heat_map(caption, names, matrix)])


def effective_section(found: Sensitivity, titles: Titles) -> Markup:
    """Given weights beside what components do."""
    bars = [Bar(titles.component(r["component"]), r["effective"], r["given"]) for r in records(found.effective)]
    rows = [
        (
            titles.component(str(row["component"])),
            percent(row["given"], 1),
            percent(row["effective"], 1),
            two_decimals(row["correlation"]),
            percent(row["explains"]),
        )
        for row in records(found.effective)
    ]
    caption = "Each component’s share of what components explain of the score, beside its declared weight."
    columns = ("Component", "Declared", "Effective", "Correlation with the score", "Explains alone")
    apart = found.effective.assign(gap=(found.effective["effective"] - found.effective["given"]).abs())
    top = apart.sort_values("gap", ascending=False).iloc[0]
    return section(
        "effective",
        "Declared and effective weights",
        [
            paragraph(
                "A component that goes with others does more than its weight says, and one that goes against them "
                f"less. The widest gap: {titles.component(top['component'])}, declared {percent(top['given'])}, "
                f"effective {percent(top['effective'])}."
            ),
            figure(
                bar_chart(caption, bars, "Share", "effective", "declared"),
                caption,
                table("Declared and effective weights of the components", columns, rows),
            ),
        ],
    )


def clusters_section(metadata: Mapping[str, Any]) -> Markup:
    """Hot spots and how they were found."""
    found = metadata["hotspots"]
    rows = [(name, f"{count:,}") for name, count in found["counts"].items()]
    moran = found["global_moran"]
    alone = found["without_neighbours"]
    sentences = (
        "An area is called a hot spot when it and its neighbours score higher than the mean of the map, and its "
        "neighbours so much so that dealing out all other scores at random would hardly bring it about (local Moran’s "
        f"I and Getis-Ord Gi*, {found['permutations']:,} permutations, two-sided). Of what is called significant, at "
        f"most {percent(found['false_discovery_rate'])} are expected to be chance (Benjamini and Hochberg)."
    )
    if moran is not None:
        sentences += f" Moran’s I of all areas is {moran:.2f}: 0 would be no clustering."
    said = "Neighbours share a point of their borders. Areas at the edge have only neighbours inside the area."
    if alone:
        said += f" Without any neighbour, and so left out: {first(alone, 5)}."
    return section(
        "hotspots",
        "Hot spots",
        [
            paragraph(sentences),
            table("Areas by what they are among their neighbours", ("Category", "Areas"), rows),
            paragraph(said, "note"),
        ],
    )
