"""Weights fitted to outcomes, none negative, and judged where they were not fitted.

How they are fitted is in :mod:`pipeline.evidence.fit`. The shares are rounded to whole percentages, which is what the
index file holds and what is judged.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.catalogue import Fitted, Index, hash_weights
from pipeline.catalogue.fits import Fit, Loss
from pipeline.catalogue.indices import Aggregation, Normalisation
from pipeline.errors import EvidenceError
from pipeline.evidence.chance import Rightness, measure_rightness
from pipeline.evidence.fit import (
    Centred,
    Fitting,
    Target,
    Term,
    Vector,
    approximate_loss,
    explained,
    fit_shares,
    is_multiplied,
    prepare_fit,
    round_to_percents,
)
from pipeline.evidence.outcome import Outcome
from pipeline.evidence.validate import FEWEST, INTERVAL, Validation, spearman, validate_indices
from pipeline.index.plausible import declared_choice, prepare_schemes, score_choice

FIFTHS = ("least", "second", "third", "fourth", "most")
MULTIPLES = (0.0, 0.25, 0.5, 2.0, 4.0)
"""What the part of one outcome is multiplied by to show what it costs the others; 0 leaves it out."""
OTHERS: tuple[Normalisation, ...] = ("percentile", "min-max", "z-score", "rank-exponential")
AGGREGATIONS: tuple[Aggregation, ...] = ("arithmetic", "geometric")
DECIMALS = 6


@dataclass(frozen=True)
class FitSettings:
    """How weights are fitted.

    Attributes:
        least: the smallest share of the total weight of a term that declares none.
        draws: the number of bootstrap samples. ``seed``: for the random numbers.
    """

    least: float = 0.02
    draws: int = 1_000
    seed: int = 2021


DEFAULTS = FitSettings()


@dataclass(frozen=True)
class Calibration:
    """An index with fitted weights, and how it does where it was not fitted.

    Attributes:
        index: the template with fitted weights, in whole percentages; what got none is left out.
        weights: one row for each term of the template: ``component, column`` (empty for a component whose indicators
            are multiplied), ``weight`` (percent), ``low, high`` (95%, districts drawn again, before rounding),
            ``rounded``, ``least``.
        agreement: one row for each outcome: ``outcome, title, measure, areas, part`` (of the mix, 0 to 1),
            ``left_out`` (agreement, each ICB left out in turn), ``median_within_icb`` (of an amount by LSOA),
            ``in_sample``.
        frontier: one row for each mix tried: ``mix``, and the agreement with each outcome, each ICB left out.
        out_of_sample: with the main outcome, of scores by weights fitted without the area's ICB, or its district: for
            each, the rank correlation over all areas and the median within ICBs.
        compared: the scores without the area's ICB and the other candidates against the main outcome.
        failures: ``kind, group, areas, spearman, gap``: by ICB, rural-urban class and fifth of age; ``gap`` is the mean
            of outcome percentile − score percentile, positive where the index understates the harm.
        without_floor: the rank correlation, ICB by ICB left out, had no term been given a least weight.
        loss: how much less other weights agree. ``rightness``: how likely the score is right by the main outcome.
    """

    index: Index
    weights: pd.DataFrame
    agreement: pd.DataFrame
    frontier: pd.DataFrame
    out_of_sample: pd.DataFrame
    compared: Validation
    failures: pd.DataFrame
    without_floor: tuple[float, float]
    loss: Loss
    rightness: Rightness

    @property
    def main(self) -> str:
        """The name of the outcome that single figures are about: the first amount by LSOA."""
        return self.rightness.chance.outcome

    def fit(self, nation: str) -> Fit:
        """What is left beside the index in its folder."""
        return Fit.model_validate(
            {
                "weights": hash_weights(self.index.components),
                "nation": nation,
                "loss": self.loss,
                "chance": self.rightness.chance,
                "reliability": self.rightness.reliability,
                "local": self.rightness.local,
            }
        )


def calibrate(
    template: Index,
    nation: pd.DataFrame,
    targets: Sequence[Target],
    others: pd.DataFrame,
    settings: FitSettings = DEFAULTS,
) -> Calibration:
    """Fit the weights of ``template`` to several outcomes at once.

    Args:
        template: components, indicators, directions and normalisation; its weights are not used. It must be a weighted
            arithmetic mean of components; a component whose indicators are multiplied gets one weight.
        nation: all LSOAs with their columns, indexed by code.
        targets: the outcomes, and the mix of them. The first amount by LSOA is the main one.
        others: scores to compare with, higher = more risk, indexed by code.
        settings: the least weight, and how the intervals are drawn.

    Raises:
        EvidenceError: the template is no such mean, the least weights leave no room, no outcome is an amount by LSOA,
            or no term goes with the outcomes.
    """
    main = _main(targets)
    terms, fitting = prepare_fit(template, nation, targets, settings.least)
    parts = fitting.parts()
    shares = fit_shares(parts, fitting.least)
    percents = round_to_percents(shares)
    by_board, by_district = nation["icb_code"], nation["lad_code"]
    held_out = {"ICB": fitting.held_out(by_board), "district": fitting.held_out(by_district)}
    free = Fitting(fitting.values, fitting.measured, np.zeros(len(terms))).held_out(by_board)
    drawn, agreements = fitting.bootstrap(settings.draws, settings.seed, percents / 100)
    low, high = np.percentile(drawn, INTERVAL, axis=0)
    codes, harm, boards = main.values.index, main.harm, by_board.loc[main.values.index].to_numpy(object)
    candidates = others.assign(**{f"{template.id}, ICB left out": held_out["ICB"]})
    index = _with_weights(template, terms, percents, [target.name for target in targets])
    return Calibration(
        index=index,
        weights=pd.DataFrame(
            {
                "component": [term.component for term in terms],
                "column": [term.column for term in terms],
                "weight": shares * 100,
                "low": low * 100,
                "high": high * 100,
                "rounded": percents,
                "least": fitting.least * 100,
            }
        ),
        agreement=_list_agreements(fitting, held_out["ICB"], fitting.score_by(percents / 100), by_board),
        frontier=trace_frontier(fitting, by_board, held_out["ICB"]),
        out_of_sample=pd.DataFrame(
            _judge_order(name, scores.loc[codes], harm, boards) for name, scores in held_out.items()
        ),
        compared=validate_indices(candidates, main, nation, codes, draws=settings.draws, seed=settings.seed),
        failures=list_failures(
            held_out["ICB"].loc[codes], np.asarray(main.harm.rank(pct=True), dtype="float64"), nation
        ),
        without_floor=(
            spearman(free.loc[codes].to_numpy(), harm.to_numpy()),
            correlate_within(free.loc[codes].to_numpy(), harm.to_numpy(), boards),
        ),
        loss=Loss.model_validate(
            _describe_loss(terms, percents / 100, parts, float(np.std(agreements)))
            | {"alternatives": measure_alternatives(index, nation, fitting)}
        ),
        rightness=measure_rightness(held_out["ICB"], main, by_board),
    )


def _judge_order(left_out: str, scores: pd.Series, harm: pd.Series, boards: NDArray[np.object_]) -> dict[str, object]:
    """How scores that were fitted elsewhere agree with the outcome, over the areas that have such a score."""
    judged = scores.notna().to_numpy()
    fitted, observed = scores.to_numpy()[judged], harm.to_numpy()[judged]
    return {
        "left_out": left_out,
        "spearman": spearman(fitted, observed) if len(fitted) > 1 else float("nan"),
        "median_within_icb": correlate_within(fitted, observed, boards[judged]),
    }


def _main(targets: Sequence[Target]) -> Outcome:
    for target in targets:
        if isinstance(target.outcome, Outcome) and target.outcome.measure != "group":
            return target.outcome
    raise EvidenceError(
        "Weights are judged by neighbourhood: at least one of the outcomes must be a number of LSOAs. Found: "
        f"{', '.join(target.name for target in targets) or 'none'}."
    )


def _list_agreements(fitting: Fitting, held_out: pd.Series, in_sample: pd.Series, boards: pd.Series) -> pd.DataFrame:
    total = sum(m.target.part for m in fitting.measured)
    out, fitted = fitting.agreements(held_out), fitting.agreements(in_sample)
    rows = []
    for m in fitting.measured:
        outcome = m.target.outcome
        within = float("nan")
        if isinstance(outcome, Outcome) and outcome.measure != "group":
            codes = outcome.values.index
            of_board = boards.loc[codes].to_numpy(object)
            within = correlate_within(held_out.loc[codes].to_numpy(), outcome.harm.to_numpy(), of_board)
        rows.append(
            {
                "outcome": outcome.name,
                "title": outcome.title or outcome.name,
                "measure": m.target.measure,
                "areas": len(outcome.values),
                "part": m.target.part / total,
                "left_out": out[outcome.name],
                "median_within_icb": within,
                "in_sample": fitted[outcome.name],
            }
        )
    return pd.DataFrame(rows)


def list_mixes(targets: Sequence[Target]) -> dict[str, dict[str, float]]:
    """The mixes that show what one outcome costs another, by a name in words: the declared one is not among them."""
    declared = {target.name: target.part for target in targets}
    if len(declared) < 2:
        return {}
    mixes = {}
    for name, part in declared.items():
        for multiple in MULTIPLES:
            words = f"without {name}" if multiple == 0 else f"{name} × {multiple:g}"
            mixes[words] = declared | {name: part * multiple}
        mixes[f"{name} alone"] = {name: 1.0}
    return mixes


def trace_frontier(fitting: Fitting, boards: pd.Series, declared: pd.Series) -> pd.DataFrame:
    """The agreement with every outcome by mix, each ICB left out in turn; the ``declared`` choice comes first."""
    rows: list[dict[str, object]] = [{"mix": "declared", **fitting.agreements(declared)}]
    for words, mix in list_mixes([m.target for m in fitting.measured]).items():
        rows.append({"mix": words, **fitting.agreements(fitting.held_out(boards, mix))})
    return pd.DataFrame(rows)


def _describe_loss(terms: Sequence[Term], shares: Vector, parts: Sequence[Centred], error: float) -> dict[str, object]:
    slope, curvature = approximate_loss(shares, parts)
    return {
        "terms": [term.name for term in terms],
        "shares": shares.round(DECIMALS).tolist(),
        "agreement": round(explained(shares, parts), DECIMALS),
        "standard_error": round(error, DECIMALS),
        "slope": slope.round(DECIMALS).tolist(),
        "curvature": curvature.ravel().round(DECIMALS).tolist(),
    }


def measure_alternatives(index: Index, nation: pd.DataFrame, fitting: Fitting) -> dict[str, float]:
    """How much less an index built otherwise agrees with the same weights, by ``<normalisation>, <aggregation>``.

    Agreement is that of :func:`pipeline.evidence.fit.explained`; the first is the index as declared, which loses 0.
    """
    prepared = prepare_schemes(index, nation, nation, OTHERS, AGGREGATIONS)
    agreement = {
        f"{scheme.title}, {mean}": _explained_by(
            pd.Series(score_choice(prepared, replace(declared_choice(index), scheme=s, aggregation=m)), nation.index),
            fitting,
        )
        for s, scheme in enumerate(prepared.schemes)
        for m, mean in enumerate(prepared.aggregations)
    }
    declared = next(iter(agreement.values()))
    return {words: round(declared - value, DECIMALS) for words, value in agreement.items()}


def _explained_by(scores: pd.Series, fitting: Fitting) -> float:
    """The share of the outcomes' variance that scores of all LSOAs explain, averaged with the mix."""
    total = lost = 0.0
    for m in fitting.measured:
        values = m.target.outcome.scores_of(scores.to_frame()).to_numpy(dtype="float64")[:, 0]
        r = float(np.corrcoef(values, m.aim)[0, 1])
        total += m.target.part
        lost += m.target.part * r * abs(r)
    return lost / total


def correlate_within(score_of: Vector, target: Vector, groups: NDArray[np.object_]) -> float:
    """The median rank correlation within the groups that have enough areas."""
    correlations = [
        spearman(score_of[groups == name], target[groups == name])
        for name in np.unique(groups)
        if (groups == name).sum() >= FEWEST
    ]
    return float(np.median(correlations)) if correlations else float("nan")


def list_failures(held_out: pd.Series, target: Vector, nation: pd.DataFrame) -> pd.DataFrame:
    """How the held-out score does in each ICB, rural-urban class and fifth of age; see :class:`Calibration`."""
    from scipy.stats import rankdata

    places = nation.loc[held_out.index]
    gap = target - rankdata(held_out) / len(held_out)
    old = nation["share_75_plus"].rank(pct=True).loc[held_out.index]
    fifth = np.minimum((old.to_numpy() * 5).astype(int), 4)
    kinds = {
        "ICB": places["icb_name"].to_numpy(),
        "rural-urban class": places["ruc21_name"].to_numpy(),
        "share aged 75 and over": np.array([f"{number + 1}: {FIFTHS[number]} fifth" for number in fifth]),
    }
    rows = [
        {
            "kind": kind,
            "group": str(name),
            "areas": int(inside.sum()),
            "spearman": spearman(held_out.to_numpy()[inside], target[inside]),
            "gap": 100 * float(gap[inside].mean()),
        }
        for kind, groups in kinds.items()
        for name in np.unique(groups)
        for inside in [groups == name]
        if inside.sum() >= FEWEST
    ]
    return pd.DataFrame(rows, columns=["kind", "group", "areas", "spearman", "gap"])


def _with_weights(
    template: Index, terms: Sequence[Term], percents: NDArray[np.int64], outcomes: Sequence[str]
) -> Index:
    """``template`` with fitted weights; an indicator of a product keeps the weight that it has within it."""
    given = {(term.component, term.column): float(percent) for term, percent in zip(terms, percents, strict=True)}
    components = []
    for component in template.components:
        if is_multiplied(template, component):
            weight, kept = given[component.name, ""], component.indicators
        else:
            fitted = [(i, given[component.name, i.column]) for i in component.indicators]
            kept = tuple(i.model_copy(update={"weight": weight}) for i, weight in fitted if weight > 0)
            weight = sum(i.weight for i in kept)
        if weight > 0:
            components.append(component.model_copy(update={"weight": float(weight), "indicators": kept}))
    fitted_to = Fitted(outcomes=tuple(outcomes), weights=hash_weights(components))
    return template.model_copy(update={"components": tuple(components), "fitted_to": fitted_to})
