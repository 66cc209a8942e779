"""The sections of the page, each from the figures it shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import nan

import numpy as np
import pandas as pd

from pipeline.catalogue import Index, say_fit
from pipeline.errors import first
from pipeline.reports.charts import Bar, Interval, bar_chart, heat_map, rank_chart, two_decimals
from pipeline.reports.elements import Markup, bullets, figure, paragraph, section, table
from pipeline.store.records import HotspotsRecord, RiskRecord, SensitivityRecord, UncertaintyRecord
from pipeline.tables import Column
from pipeline.tidy import source_columns

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
    """The titles of components and columns on the page."""

    def __init__(self, index: Index, added: Iterable[Column] = ()) -> None:
        """For the components of ``index``, every column of the sources, and the ``added`` indicators."""
        self._indicators = [indicator.column for component in index.components for indicator in component.indicators]
        self._components = {component.name: component.title for component in index.components}
        columns = (*source_columns().values(), *added)
        self._columns = {column.name: column.title for column in columns}

    def component(self, name: str) -> str:
        """The title of a component."""
        return self._components.get(name, name)

    def column(self, name: str) -> str:
        """The title of a column."""
        return self._columns.get(name, name)

    @property
    def indicators(self) -> list[str]:
        """The titles of the indicators, in the order of the index."""
        return [self.column(name) for name in self._indicators]


@dataclass(frozen=True)
class RankColumns:
    """The columns of one ranking: the rank, the ends and the median of its interval, the share of draws in decile 1."""

    rank: str
    low: str
    median: str
    high: str
    probability: str


RISK_RANKS = RankColumns("risk_rank", "rank_p05", "rank_median", "rank_p95", "worst_decile_probability")
EXCLUSION_RANKS = RankColumns(
    "exclusion_rank",
    "exclusion_rank_p05",
    "exclusion_rank_median",
    "exclusion_rank_p95",
    "exclusion_worst_decile_probability",
)


def percent(share: float | None, decimals: int = 0) -> str:
    """A share as a percentage, with a true minus sign; "none" where there is no value."""
    if share is None or pd.isna(share):
        return "none"
    text = f"{share:.{decimals}%}"
    return text.removeprefix("-") if set(text) <= set("-0.%") else text.replace("-", "−")


def _number(value: float | str | None) -> float:
    """A figure of a record; NaN where it could not be computed."""
    return nan if value is None else float(value)


def index_section(record: RiskRecord, varied: UncertaintyRecord, titles: Titles) -> Markup:
    """What the index is made of: declared weights, and the range of those drawn."""
    drawn = {weight.component: weight for weight in varied.weights if weight.column is None}
    rows = []
    for weight in record.weights:
        component = drawn[weight.component]
        rows.append(
            (
                titles.column(weight.column),
                titles.component(weight.component),
                percent(weight.share, 1),
                percent(component.given, 1),
                f"{percent(component.p05)} to {percent(component.p95)}",
            )
        )
    columns = ("Indicator", "Component", "Share of the total weight", "Weight of its component", "In 9 of 10 draws")
    return section(
        "index",
        "What the index is",
        [
            paragraph(f"{record.index.title}: {record.index.description}"),
            *_turned(record.index, titles),
            *_fit(record.index),
            table(
                "The weights of the index, as declared, and how its components’ weights were drawn", columns, rows, 2
            ),
        ],
    )


def _turned(index: Index, titles: Titles) -> list[Markup]:
    """The indicators that count against the meaning of their column, and why; nothing where none does."""
    turned = [
        f"{titles.column(indicator.column)}: a {'higher' if indicator.direction == 1 else 'lower'} value counts as "
        f"more risk, against its meaning. {indicator.against_meaning}"
        for component in index.components
        for indicator in component.indicators
        if indicator.against_meaning is not None
    ]
    return [paragraph("Counted the other way round, on purpose:", "note"), bullets(turned)] if turned else []


def _fit(index: Index) -> list[Markup]:
    """What the weights were fitted to, and whether they still are those; nothing where they were not fitted."""
    if index.fitted_to is None:
        return []
    changed = [paragraph(line, "note") for line in say_fit(index)]
    return changed or [paragraph(f"Its weights were fitted to {index.fitted_to.outcome}.", "note")]


def varied_section(varied: UncertaintyRecord, titles: Titles) -> Markup:
    """What differs between the plausible indices."""
    points = []
    concentration = varied.concentration
    if concentration.components is not None:
        points.append(
            "The weights of components: drawn from a Dirichlet distribution around those declared, concentration "
            f"{concentration.components:g}; the table above gives the ranges."
        )
    within = [(weight.column, weight) for weight in varied.weights if weight.column is not None]
    if concentration.within_components is not None and within:
        ranges = "; ".join(f"{titles.column(name)} {percent(w.p05)} to {percent(w.p95)}" for name, w in within)
        points.append(f"The weights of indicators within their component, likewise: {ranges}.")
    tried = (("Normalisation", varied.normalisations), ("From components to the score", varied.aggregations))
    points += [
        f"{what}, {'each as often as the other' if varied.tolerance is None else 'as often as they fit'}: "
        f"{'; '.join(METHODS[name] for name in names)}."
        for what, names in tried
        if len(names) > 1
    ]
    points += [f"Errors in {titles.column(noise.column)}: {noise.source}." for noise in varied.noise]
    if varied.tolerance is not None:
        points.append(
            "An index that agrees less with the outcomes that the declared one was fitted to counts less: one that "
            f"explains {percent(varied.tolerance, 1)} less of their variance counts 37% as much, one that explains "
            f"{percent(2 * varied.tolerance, 1)} less 14%. How much less others explain is approximated around the "
            "fitted weights; what the weights within a product cost was not measured."
        )
    return section(
        "varied",
        "What was varied",
        [
            paragraph(
                f"Somebody else might have built this index differently. {varied.draws:,} such indices were drawn, "
                "and every area ranked by each:"
            ),
            bullets(points or ["Nothing: every draw is the index as declared."]),
            paragraph(
                "The same seed gives the same draws. Equal scores are ranked by the rule of the index. The median and "
                "the ends of an interval are ranks that the area had in some draw.",
                "note",
            ),
        ],
    )


def intervals_section(frame: pd.DataFrame, varied: UncertaintyRecord) -> Markup:
    """The rank intervals of the areas with the highest risk, and how much of the worst tenth is certain."""
    count, stay = varied.worst_tenth, varied.worst_tenth_staying_in_90_percent_of_draws
    unsure = frame["worst_decile_probability"].between(0.1, 0.9, inclusive="neither").sum()
    return section(
        "ranks",
        "How sure a rank is",
        [
            paragraph(
                f"{stay:,} of the {count:,} areas in the worst tenth ({percent(stay / count if count else None)}) are "
                f"in it in at least 90% of the draws. {unsure:,} of all {len(frame):,} areas are in it in more than "
                "10% and fewer than 90% of them: whether they belong there depends on how the index is built. "
                "This is how robust a rank is to choices; how likely it is right stands below."
            ),
            ranked_areas(frame, RISK_RANKS, "areas of highest risk", "Rank within the area, 1 = highest risk"),
            paragraph(
                "Most rings are to the left of the median, and some outside the bar: these areas were picked because "
                "the published index ranks them highest, and most other indices rank such areas a little lower.",
                "note",
            ),
        ],
    )


def ranked_areas(frame: pd.DataFrame, columns: RankColumns, which: str, axis: str) -> Markup:
    """The worst areas by a ranking, with the intervals of their ranks.

    ``which`` says in words what these areas are, ``axis`` what a rank means.
    """
    worst = frame.sort_values([columns.rank, "lsoa21_code"]).head(MOST_ROWS)
    names = worst["place_name"].tolist()
    official, codes = worst["lsoa21_name"].tolist(), worst["lsoa21_code"].tolist()
    ranks, medians = worst[columns.rank].tolist(), worst[columns.median].tolist()
    lows, highs = worst[columns.low].tolist(), worst[columns.high].tolist()
    shares = worst[columns.probability].tolist()
    intervals = [
        Interval(_short(str(name)), low, median, high, rank)
        for name, low, median, high, rank in zip(names, lows, medians, highs, ranks, strict=True)
    ]
    rows = [
        (str(name), str(beside), str(code), f"{rank:,g}", f"{median:,g}", f"{low:,g} to {high:,g}", percent(share))
        for name, beside, code, rank, median, low, high, share in zip(
            names, official, codes, ranks, medians, lows, highs, shares, strict=True
        )
    ]
    caption = (
        f"The {len(worst)} {which}: bars from the 5th to the 95th percentile of their ranks, a line at the median, a "
        "ring at the published rank. Ranks beyond the dashed line are not in the worst tenth."
    )
    headings = ("Area", "Official name", "Code", "Rank", "Median rank", "5th to 95th percentile", "In the worst tenth")
    equivalent = table(f"Ranks of the {which}", headings, rows, 3)
    return figure(rank_chart(caption, intervals, len(frame) / 10, axis), caption, equivalent)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_LABEL else f"{name[: LONGEST_LABEL - 1]}…"


def rightness_section(record: RiskRecord) -> Markup:
    """How likely a score is right: what was said, and what came true where the weights were not fitted."""
    name, title = "right", "How likely a score is right"
    fit = record.fit
    if fit is None or fit.chance is None:
        why = record.without_fit or "The index was calibrated without an outcome by neighbourhood."
        return section(name, title, [paragraph(f"This is not known here. {why}")])
    columns = ("Place among the nation’s scores", "Areas", "Said", "Came true")
    rows = [(band.name, f"{band.areas:,}", percent(band.said), percent(band.observed)) for band in fit.reliability]
    bars = [Bar(band.name, band.said, band.observed) for band in fit.reliability]
    caption = "The chance that was said, and the share that came true, by place among the nation’s scores."
    local = [(band.name, f"{band.areas:,}", percent(band.observed)) for band in fit.local]
    return section(
        name,
        title,
        [
            paragraph(
                "Robust is not the same as right: all plausible indices may miss what matters. So scores by weights "
                "that were fitted without an area’s ICB were compared with what was observed there: "
                f"{fit.chance.title}. The chance that an area is truly in the nation’s worst tenth by it is the share "
                "of areas with such a place that were. It never rises as the score falls (isotonic regression), and "
                f"comes from {fit.chance.areas:,} areas."
            ),
            figure(
                bar_chart(caption, bars, "Truly in the worst tenth", "said", "came true"),
                caption,
                table("The chance, each ICB left out in turn, and what came true there", columns, rows),
            ),
            paragraph(
                "A list of one ICB’s areas does much the same. Of the areas that the score puts highest there, truly "
                "in the ICB’s worst tenth:"
            ),
            table("Within single ICBs", ("Place among the ICB’s scores", "Areas", "Truly in its worst tenth"), local),
            paragraph(
                "An outcome does not see everything: of the census, for example, who answered on paper may be online "
                "otherwise, and who answered online may have had help.",
                "note",
            ),
        ],
    )


def sensitivity_section(sensitivity: SensitivityRecord, areas: int) -> Markup:
    """Sobol indices of the mean absolute rank change."""
    name, title = "choices", "Which choice matters most"
    if not sensitivity.choices:
        return section(name, title, [paragraph("No choice was varied, so none can be compared.")])
    bars = [Bar(effect.choice, _number(effect.total), _number(effect.first)) for effect in sensitivity.choices]
    rows = [
        (
            effect.choice,
            f"{percent(effect.first)} ± {percent(effect.first_interval)}",
            f"{percent(effect.total)} ± {percent(effect.total_interval)}",
        )
        for effect in sensitivity.choices
    ]
    top = sensitivity.choices[0]
    sample = f" Computed over a random sample of {sensitivity.areas:,} areas." if sensitivity.areas < areas else ""
    caption = "Share of the variance of the rank change: what a choice explains with all others, and alone."
    return section(
        name,
        title,
        [
            paragraph(
                f"An index drawn at random ranks areas {percent(sensitivity.mean_change, 1)} of all places away from "
                f"the published rank, on average. “{top.choice}” affects that figure most: it plays a part in "
                f"{percent(top.total)} of its variance, and explains {percent(max(_number(top.first), 0.0))} alone. "
                f"Choices act together, so the parts may add up to more than 100%.{sample}"
            ),
            figure(
                bar_chart(caption, bars, "Share of variance", "with other choices (total)", "alone (first-order)"),
                caption,
                table(
                    f"Sobol indices with 95% intervals, from {sensitivity.evaluations:,} indices",
                    ("Choice", "Alone (first-order)", "With others (total)"),
                    rows,
                ),
            ),
        ],
    )


def removed_section(sensitivity: SensitivityRecord, titles: Titles) -> Markup:
    """What leaving out each indicator does."""
    name, title = "removed", "Leaving one indicator out"
    if not sensitivity.removed:
        return section(name, title, [paragraph("The index has one indicator, which cannot be left out.")])
    ordered = sorted(sensitivity.removed, key=lambda effect: -effect.mean_change)
    rows = [
        (
            titles.column(effect.column),
            titles.component(effect.component),
            f"{effect.mean_change:,.1f}",
            percent(effect.worst_tenth_changed),
        )
        for effect in ordered
    ]
    top = ordered[0]
    columns = ("Left out", "Component", "Mean rank change, places", "Of the worst tenth, replaced")
    return section(
        name,
        title,
        [
            paragraph(
                f"Without {titles.column(top.column)}, areas move {top.mean_change:,.1f} places on average, and "
                f"{percent(top.worst_tenth_changed)} of the worst tenth are replaced by others."
            ),
            table("The index without each of its indicators", columns, rows, 2),
        ],
    )


def twice_section(sensitivity: SensitivityRecord, titles: Titles) -> Markup:
    """Correlations of the indicators, and the pairs that are counted twice."""
    pairs = [
        f"{titles.column(pair.first)} and {titles.column(pair.second)} "
        f"(correlation {two_decimals(_number(pair.correlation))}): {pair.why}"
        for pair in sensitivity.counted_twice
    ]
    labels = [str(row["indicator"]) for row in sensitivity.correlations]
    matrix = np.array([[_number(row[label]) for label in labels] for row in sensitivity.correlations])
    parts = (
        [paragraph("Counted twice:"), bullets(pairs)]
        if pairs
        else [paragraph("No two indicators measure nearly the same, and none is declared to contain another.")]
    )
    caption = "Correlations of the normalised indicators over the area, 1 to −1; higher values mean more risk"
    return section("twice", "What is counted twice", [*parts, heat_map(caption, titles.indicators, matrix)])


def effective_section(sensitivity: SensitivityRecord, titles: Titles) -> Markup:
    """Declared weights beside what components contribute."""
    bars = [Bar(titles.component(e.component), e.effective, e.given) for e in sensitivity.effective]
    rows = [
        (
            titles.component(effect.component),
            percent(effect.given, 1),
            percent(effect.effective, 1),
            two_decimals(_number(effect.correlation)),
            percent(effect.explains),
        )
        for effect in sensitivity.effective
    ]
    caption = "Each component’s share of what the components explain of the score, beside its declared weight."
    columns = ("Component", "Declared", "Effective", "Correlation with the score", "Explains alone")
    top = max(sensitivity.effective, key=lambda effect: abs(effect.effective - effect.given))
    return section(
        "effective",
        "Declared and effective weights",
        [
            paragraph(
                "A component that goes with others has more effect than its weight says, one that goes against them "
                f"less. The widest gap: {titles.component(top.component)}, declared {percent(top.given)}, "
                f"effective {percent(top.effective)}."
            ),
            figure(
                bar_chart(caption, bars, "Share", "effective", "declared"),
                caption,
                table("Declared and effective weights of the components", columns, rows),
            ),
        ],
    )


def clusters_section(hotspots: HotspotsRecord) -> Markup:
    """Hot spots, and the test that tells them apart from chance."""
    rows = [(name, f"{count:,}") for name, count in hotspots.counts.items()]
    moran = hotspots.global_moran
    alone = hotspots.without_neighbours
    sentences = (
        "An area is called a hot spot when it and its neighbours score higher than the mean of the map, and its "
        "neighbours so much so that shuffling all other scores at random would rarely produce it (local Moran’s "
        f"I and Getis-Ord Gi*, {hotspots.permutations:,} permutations, two-sided). Of what is called significant, at "
        f"most {percent(hotspots.false_discovery_rate)} are expected to be chance (Benjamini and Hochberg)."
    )
    if moran is not None:
        sentences += f" Moran’s I of all areas is {moran:.2f}: 0 would be no clustering."
    said = "Neighbours share a point of their borders. Areas at the edge only have neighbours inside the area."
    if alone:
        said += f" Without any neighbour, and so left out: {first(alone, 5)}."
    return section(
        "hotspots",
        "Hot spots",
        [
            paragraph(sentences),
            table("Areas by category", ("Category", "Areas"), rows),
            paragraph(said, "note"),
        ],
    )
