"""Non-negative weights that agree best with several outcomes at once.

The fitted weights make the mean of the shares of variance that the score explains, Σ mₖ rₖ² / Σ mₖ, as large as can
be: rₖ is the correlation of the score with outcome k, mₖ what the mix gives it. An amount enters as its percentile
among the areas that have one, so that a few extreme areas do not decide; a class as 0 or 1; an outcome of larger areas
through the score's population-weighted means there. Every outcome has a scale of its own, so that none counts for more
because it varies more. For one outcome this is least squares with non-negative weights (Lawson and Hanson 1974, NNLS);
for several, NNLS with each outcome's scale set to its best, by turns, until the weights settle.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.catalogue import Component, Index
from pipeline.errors import EvidenceError
from pipeline.evidence.agreement import Observed, agree
from pipeline.evidence.outcome import Outcome
from pipeline.index import score

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Groups = NDArray[np.object_]

ROUNDS = 200
TURNS = 50
SETTLED = 1e-7
"""The largest change of a share between two turns at which the weights count as settled."""
RIDGE = 1e-9
"""A share of the mean square of the terms, which keeps terms that say the same from breaking the fit."""
OVER_PERCENT = 1e-9
LEAST_ROWS = 5
"""An outcome of which fewer areas are left says nothing about weights."""


@dataclass(frozen=True)
class Target:
    """An outcome that weights are fitted to; ``part`` is what the mix gives it, not yet as a share."""

    outcome: Observed
    part: float = 1.0

    @property
    def name(self) -> str:
        """The outcome's."""
        return self.outcome.name

    @property
    def measure(self) -> str:
        """What agreement with it is measured by."""
        return "AUC" if self.outcome.measure == "group" else "Spearman"


@dataclass(frozen=True)
class Term:
    """What gets one weight: an indicator, or with ``column`` empty a component whose indicators are multiplied."""

    component: str
    column: str
    least: float

    @property
    def name(self) -> str:
        """``<component>.<column>``, or the component's name."""
        return f"{self.component}.{self.column}" if self.column else self.component


@dataclass(frozen=True)
class Measured:
    """One target on the terms: a row for each LSOA or larger area that has a value.

    Attributes:
        values: of the terms. ``aim``: of the outcome, higher = worse, with mean 0 and variance 1.
        boards, clusters: of each row, its ICB, and what is drawn again together: districts, or the larger areas.
    """

    target: Target
    values: Matrix
    aim: Vector
    boards: Groups
    clusters: Groups


def list_terms(template: Index, least: float) -> list[Term]:
    """What gets a weight, in the order of the index; ``least`` is for those that declare none.

    Raises:
        EvidenceError: the index cannot be fitted: see the message; or the least weights leave no room.
    """
    _check_method(template)
    terms = []
    for component in template.components:
        if is_multiplied(template, component):
            if any(indicator.least is not None for indicator in component.indicators):
                raise EvidenceError(
                    f"{template.id}: the component '{component.name}' is a product and gets one weight. Write least "
                    "beside its name, not in its indicators."
                )
            terms.append(Term(component.name, "", least if component.least is None else component.least))
            continue
        if component.least is not None:
            raise EvidenceError(
                f"{template.id}: the indicators of component '{component.name}' get a weight each. Write least in its "
                "indicators."
            )
        terms += [
            Term(component.name, indicator.column, least if indicator.least is None else indicator.least)
            for indicator in component.indicators
        ]
    together = sum(term.least for term in terms)
    if together >= 1:
        raise EvidenceError(
            f"{template.id}: the least weights of its {len(terms)} terms total {together:.3g}, and must total less "
            f"than 1. Found --least {least:g}; it must be under {1 / len(terms):.3f} where none declares its least."
        )
    return terms


def is_multiplied(template: Index, component: Component) -> bool:
    """Whether the component's indicators are multiplied (a geometric mean), so that it has one weight."""
    return (component.aggregation or template.within_components) == "geometric"


def _check_method(template: Index) -> None:
    methods = {c.aggregation or template.within_components for c in template.components}
    used = {i.normalisation or template.normalisation for c in template.components for i in c.indicators}
    if template.aggregation != "arithmetic" or "weighted-sum" in methods or template.missing == "reweight":
        raise EvidenceError(
            f"{template.id}: weights can be fitted to an arithmetic mean of components that are arithmetic or "
            f"geometric means, with no values left out; found {template.aggregation} of "
            f"{', '.join(sorted(methods))} and missing = '{template.missing}'."
        )
    if "z-score" in used and "geometric" in methods:
        raise EvidenceError(f"{template.id}: z-scores cannot be multiplied. Choose another normalisation.")


def measure_terms(template: Index, terms: Sequence[Term], nation: pd.DataFrame) -> pd.DataFrame:
    """The value of every term for all LSOAs of the nation, 0 to the index's scale; one column for each, by name."""
    scores = score(template, nation)
    return pd.DataFrame(
        {t.name: scores.normalised[t.name] if t.column else scores.components[t.component] for t in terms},
        index=nation.index,
    )


def measure(target: Target, values: pd.DataFrame, places: pd.DataFrame) -> Measured:
    """A target on the terms.

    Args:
        values: of the terms, by LSOA. ``places``: ``icb_code`` and ``lad_code`` of the same LSOAs.
    """
    outcome = target.outcome
    if isinstance(outcome, Outcome):
        within = places.loc[outcome.values.index]
        boards, clusters = within["icb_code"].to_numpy(object), within["lad_code"].to_numpy(object)
    else:
        boards, clusters = outcome.mostly_in(places["icb_code"]), outcome.values.index.to_numpy(object)
    on_terms = outcome.scores_of(values).to_numpy(dtype="float64")
    return Measured(target, on_terms, _standardise(outcome), boards, clusters)


def _standardise(outcome: Observed) -> Vector:
    # Imported here because it is slow to import, and only calibrating needs it.
    from scipy.stats import rankdata

    harm = outcome.harm.to_numpy(dtype="float64")
    aim = harm if outcome.measure == "group" else rankdata(harm) / len(harm)
    standardised: Vector = (aim - aim.mean()) / aim.std()
    return standardised


def sum_moments(measured: Measured, groups: Groups) -> dict[object, Matrix]:
    """Σ (1, values, aim)ᵀ(1, values, aim) over the rows of each group."""
    stacked = np.column_stack([np.ones(len(measured.aim)), measured.values, measured.aim])
    order = np.argsort(groups, kind="stable")
    names, starts = np.unique(groups[order], return_index=True)
    blocks = np.split(stacked[order], starts[1:])
    return {name: block.T @ block for name, block in zip(names.tolist(), blocks, strict=True)}


@dataclass(frozen=True)
class Centred:
    """Covariances of the terms (``gram``) and with the outcome (``cross``, of variance 1); ``part`` in the mix."""

    gram: Matrix
    cross: Vector
    part: float

    @classmethod
    def of(cls, moments: Matrix, part: float) -> "Centred":
        """From the sums of :func:`sum_moments`."""
        covariance = (moments - np.outer(moments[:, 0], moments[0]) / moments[0, 0]) / moments[0, 0]
        spread = np.sqrt(max(covariance[-1, -1], 1e-300))
        return cls(covariance[1:-1, 1:-1], covariance[1:-1, -1] / spread, part)


def explained(shares: Vector, parts: Sequence[Centred]) -> float:
    """The share of the outcomes' variance that the score explains, averaged with the mix; none for a wrong sign."""
    total = sum(c.part for c in parts)
    return sum(c.part * _correlation(shares, c) * abs(_correlation(shares, c)) for c in parts) / total


def _correlation(shares: Vector, centred: Centred) -> float:
    variance = float(shares @ centred.gram @ shares)
    return float(centred.cross @ shares) / np.sqrt(variance) if variance > 0 else 0.0


def fit_shares(parts: Sequence[Centred], least: Vector) -> Vector:
    """The shares of the terms, each at least its ``least``, together 1, that explain the outcomes best.

    Raises:
        EvidenceError: no term goes with the outcomes.
    """
    shares = np.full(len(least), 1 / len(least))
    for _ in range(TURNS if len(parts) > 1 else 1):
        gram, cross = np.zeros((len(least), len(least))), np.zeros(len(least))
        for centred in parts:
            variance = float(shares @ centred.gram @ shares)
            scale = max(float(centred.cross @ shares), 1e-6) / max(variance, 1e-300)
            gram += centred.part * scale**2 * centred.gram
            cross += centred.part * scale * centred.cross
        again = _least_squares(gram, cross, least)
        settled = np.abs(again - shares).max() < SETTLED
        shares = again
        if settled:
            break
    return shares


def _least_squares(gram: Matrix, cross: Vector, least: Vector) -> Vector:
    """Shares from centred moments: the bound is a share of the weights' sum, so it is approached step by step."""
    from scipy.optimize import nnls

    size = len(cross)
    lower = np.linalg.cholesky(gram + RIDGE * np.trace(gram) / size * np.eye(size))
    aim = np.linalg.solve(lower, cross)
    weights = nnls(lower.T, aim)[0]
    for _ in range(ROUNDS if least.any() else 0):
        floor = least * weights.sum()
        again = floor + nnls(lower.T, aim - lower.T @ floor)[0]
        settled = np.abs(again - weights).max() <= 1e-12 * max(weights.sum(), 1e-300)
        weights = again
        if settled:
            break
    if weights.sum() <= 0:
        raise EvidenceError("None of the indicators goes with the outcome in its direction: no weights can be fitted.")
    return np.asarray(weights / weights.sum())


def round_to_percents(shares: Vector) -> NDArray[np.int64]:
    """``shares`` (total 1) as whole percentages (total 100): those with the largest remainders are rounded up."""
    percents = np.floor(shares * 100 + OVER_PERCENT).astype("int64")
    remains = shares * 100 - percents
    percents[np.argsort(-remains, kind="stable")[: 100 - percents.sum()]] += 1
    return percents


@dataclass(frozen=True)
class Fitting:
    """What a fit needs: the terms' values of all LSOAs by code, the targets on them, and the least share of each."""

    values: pd.DataFrame
    measured: tuple[Measured, ...]
    least: Vector

    def parts(self, mix: Mapping[str, float] | None = None) -> list[Centred]:
        """The centred moments over all areas, by ``mix`` (default: the parts that the targets declare)."""
        return [Centred.of(np.sum(list(sum_moments(m, m.boards).values()), axis=0), p) for m, p in self._mixed(mix)]

    def _mixed(self, mix: Mapping[str, float] | None) -> list[tuple[Measured, float]]:
        given = [(m, m.target.part if mix is None else mix.get(m.target.name, 0.0)) for m in self.measured]
        return [(m, part) for m, part in given if part > 0]

    def held_out(self, groups: pd.Series, mix: Mapping[str, float] | None = None) -> pd.Series:
        """The score of every LSOA by whole percentages fitted without the areas of its group.

        Args:
            groups: the ICB or the district of every LSOA, by code. Larger areas are left out with the ICB that most of
                their weight lies in; districts leave out none.

        Returns:
            Missing in a district without which too few areas with an outcome are left to fit weights to.

        Raises:
            EvidenceError: there are fewer than two groups with an outcome, or too few areas with one outside an ICB.
        """
        mixed = self._mixed(mix)
        by_board = groups.name == "icb_code"
        sums = [sum_moments(m, m.boards if by_board else m.clusters) for m, _ in mixed]
        if all(len(each) < 2 for each in sums):
            raise EvidenceError(
                "The outcome covers one group of areas only: none is left to judge the weights on. Use one with more "
                "areas."
            )
        totals = [np.sum(list(each.values()), axis=0) for each in sums]
        values, key = self.values.to_numpy(), groups.to_numpy(object)
        result = np.full(len(values), np.nan)
        for name in dict.fromkeys(key.tolist()):
            left = [total - each.get(name, 0.0) for total, each in zip(totals, sums, strict=True)]
            parts = [
                Centred.of(moments, part)
                for moments, (_, part) in zip(left, mixed, strict=True)
                if moments[0, 0] > LEAST_ROWS
            ]
            if not parts and by_board:
                raise EvidenceError(
                    f"All but a few of the areas with an outcome lie in one ICB, {name}: too few are left to judge the "
                    "weights on. Use an outcome with more areas."
                )
            inside = key == name
            if parts:
                result[inside] = values[inside] @ round_to_percents(fit_shares(parts, self.least)) / 100
        return pd.Series(result, index=self.values.index)

    def score_by(self, shares: Vector) -> pd.Series:
        """The score of every LSOA by ``shares`` of the terms."""
        return pd.Series(self.values.to_numpy() @ shares, index=self.values.index)

    def agreements(self, scores: pd.Series) -> dict[str, float]:
        """How well scores of all LSOAs agree with every target, by name; :func:`pipeline.evidence.agree`."""
        return {m.target.name: agree(scores, m.target.outcome) for m in self.measured}

    def bootstrap(self, draws: int, seed: int, at: Vector) -> tuple[Matrix, Vector]:
        """The fitted shares where districts (and larger areas) are drawn again, and what ``at`` explains there.

        Returns:
            Shapes (draws, terms) and (draws).
        """
        random = np.random.default_rng(seed)
        mixed = self._mixed(None)
        drawn = []
        for m, _ in mixed:
            moments = np.stack(list(sum_moments(m, m.clusters).values()))
            counts = random.multinomial(len(moments), np.full(len(moments), 1 / len(moments)), size=draws)
            drawn.append(np.tensordot(counts.astype("float64"), moments, axes=1))
        shares, agreement = np.empty((draws, len(self.least))), np.empty(draws)
        for row in range(draws):
            parts = [Centred.of(each[row], part) for each, (_, part) in zip(drawn, mixed, strict=True)]
            shares[row] = fit_shares(parts, self.least)
            agreement[row] = explained(at, parts)
        return shares, agreement


def prepare_fit(
    template: Index, nation: pd.DataFrame, targets: Sequence[Target], least: float
) -> tuple[list[Term], Fitting]:
    """The terms of ``template``, and what fitting them to ``targets`` needs.

    Args:
        nation: all LSOAs with their columns, ``icb_code`` and ``lad_code``, indexed by code.
        least: the least share of a term that declares none.

    Raises:
        EvidenceError: the template cannot be fitted.
    """
    terms = list_terms(template, least)
    values = measure_terms(template, terms, nation)
    measured = tuple(measure(target, values, nation) for target in targets)
    return terms, Fitting(values, measured, np.array([term.least for term in terms]))


def approximate_loss(shares: Vector, parts: Sequence[Centred]) -> tuple[Vector, Matrix]:
    """Slope and curvature of :func:`explained` at ``shares``: it is about slope·d − ½ dᵀ curvature d higher at + d.

    Of r = bᵀw / √(wᵀAw), the derivatives of r|r|. Directions in which it would rise without end count as flat.
    """
    size, total = len(shares), sum(c.part for c in parts)
    slope, curvature = np.zeros(size), np.zeros((size, size))
    for c in parts:
        with_outcome, spread = float(c.cross @ shares), float(np.sqrt(shares @ c.gram @ shares))
        pull = c.gram @ shares
        r = with_outcome / spread
        first_r = c.cross / spread - with_outcome * pull / spread**3
        second_r = (
            -(np.outer(c.cross, pull) + np.outer(pull, c.cross)) / spread**3
            - with_outcome * c.gram / spread**3
            + 3 * with_outcome * np.outer(pull, pull) / spread**5
        )
        sign = np.sign(r)
        slope += c.part / total * sign * 2 * r * first_r
        curvature -= c.part / total * sign * 2 * (np.outer(first_r, first_r) + r * second_r)
    values, vectors = np.linalg.eigh((curvature + curvature.T) / 2)
    return slope, (vectors * np.maximum(values, 0.0)) @ vectors.T
