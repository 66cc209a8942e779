"""Where the next places should go: maximal covering and p-median, as integer programmes with a proven gap (HiGHS).

Of few candidates every choice is looked at instead.

Sources: Church, R. and ReVelle, C. (1974), The maximal covering location problem, Papers of the Regional Science
Association 32, 101–118; Hakimi, S. (1964), Optimum locations of switching centers and the absolute centers and medians
of a graph, Operations Research 12(3), 450–459. Teitz, M. and Bart, P. (1968), Heuristic methods for estimating the
generalized vertex median of a weighted graph, Operations Research 16(5), 955–961.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pipeline.errors import PipelineError
from pipeline.space.access import Pairs

if TYPE_CHECKING:
    # Imported here because it is slow to import, and few candidates do without it.
    from scipy.optimize import LinearConstraint

Vector = NDArray[np.float64]
Integers = NDArray[np.int64]
PROVEN = 1e-6
"""The relative gap at which a plan counts as the best possible."""
LEAST_SECONDS = 0.05
"""What the solver is given even where time has run out, so that there is a bound, if a loose one."""
FEW = 12
"""Candidates of which every choice is looked at: that takes less time than it takes to import the solver."""
BOUND_SHARE = 0.8
"""The share of the time for the solver where another method may have to give a better bound or plan afterwards."""


class _Clock:
    """The time that a search has left."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds, never below 0."""
        return max(0.0, self._end - time.monotonic())


@dataclass(frozen=True)
class Plan:
    """Sites chosen among candidates.

    Attributes:
        chosen: positions of the candidates, the one that adds most first.
        added: what each adds to those before it, in the unit of ``value``.
        alone: what each would add as the only new site.
        value: people newly covered (maximal covering), or metres × people saved (p-median), together.
        bound: no plan can do better than this.
        already: the same for the existing places: people covered, or 0 for the p-median.
        total: all people, covered or not.
    """

    chosen: Integers
    added: Vector
    alone: Vector
    value: float
    bound: float
    already: float
    total: float

    @property
    def gap(self) -> float:
        """How much better the best plan could be, as a share of this one; 0 is proven best."""
        return max(0.0, self.bound - self.value) / self.value if self.value > 0 else max(0.0, self.bound)


@dataclass(frozen=True)
class Budget:
    """What each candidate costs, and what the chosen ones may cost together, in the same unit."""

    cost: Vector
    total: float


@dataclass(frozen=True)
class CoveringProblem:
    """Whom new sites could bring within reach.

    Attributes:
        people: people at risk, one number for each area, 0 or more.
        reachable: areas (``origin``) and the candidates (``place``) within their reach.
        candidates: their number.
        already: areas that existing places cover: they count as covered and attract no new site. None: no area is
            covered.
        budget: None where only the number of sites counts.
        seconds: after this the best plan so far is returned, with the gap that remains.
    """

    people: Vector
    reachable: Pairs
    candidates: int
    already: NDArray[np.bool_] | None = None
    budget: Budget | None = None
    seconds: float = 60.0

    @property
    def covered(self) -> NDArray[np.bool_]:
        """The areas that existing places cover."""
        return np.zeros(len(self.people), dtype=bool) if self.already is None else self.already


@dataclass(frozen=True)
class MedianProblem:
    """Whose journey to the nearest place new sites could shorten.

    Attributes:
        people: people at risk, one number for each area, 0 or more.
        pairs: areas and the candidates within a cut-off, with the distance.
        candidates: their number.
        now: each area's distance to its nearest existing place, no more than the cut-off: longer distances count
            as the cut-off, so that no single remote area decides. Where no place exists, give the cut-off itself.
        seconds: as for :class:`CoveringProblem`.
    """

    people: Vector
    pairs: Pairs
    candidates: int
    now: Vector
    seconds: float = 60.0


def solve_covering(problem: CoveringProblem, new: int, at_least: Sequence[int] = ()) -> Plan:
    """The candidates that bring most people within reach who are not already.

    Args:
        new: the most that may be chosen; fewer are where no other would add anyone.
        at_least: an earlier plan; the result is at least as good as that plan plus one more site, where one may be
            added.

    Raises:
        PipelineError: no candidates, or a negative number.
    """
    _check(problem, new)
    people, existing = problem.people, problem.covered
    weight = np.where(existing, 0.0, people)
    cover = _cover(problem.reachable, len(people), problem.candidates)
    chosen, bound = _solve_covering(weight, cover, new, problem.budget, problem.seconds)
    earlier = _complete(list(at_least), weight, cover, new, problem.budget)
    if _covered(weight, cover, earlier) > _covered(weight, cover, chosen):
        chosen = earlier
    ordered, added = _by_gain(weight, cover, _needed(weight, cover, chosen))
    alone = cover.T @ weight
    value = float(added.sum())
    return Plan(
        ordered, added, alone[ordered], value, max(bound, value), float(people[existing].sum()), float(people.sum())
    )


def trace_coverage(problem: CoveringProblem, most: int) -> list[Plan]:
    """The best plan of 1, 2, ... ``most`` sites; none brings fewer people within reach than the one before it.

    The problem's ``seconds`` are for all of them together; once they are over, or everybody who can be is within reach,
    sites are added one by one without a search. No more are sought than there are candidates. Errors as
    :func:`solve_covering`.
    """
    _check(problem, most)
    clock, plans = _Clock(problem.seconds), list[Plan]()
    most = min(most, problem.candidates)
    for new in range(1, most + 1):
        if plans and clock.left == 0:
            return [*plans, *_extended(problem, plans[-1], most)]
        if plans and plans[-1].value >= _reachable(problem) * (1 - 1e-12):
            return [*plans, *[replace(plans[-1], bound=plans[-1].value)] * (most - len(plans))]
        each = replace(problem, seconds=max(LEAST_SECONDS, clock.left / (most - new + 1)))
        plans.append(solve_covering(each, new, plans[-1].chosen.tolist() if plans else ()))
    return plans


def _reachable(problem: CoveringProblem) -> float:
    """The people within reach of any candidate who are not already: no plan can do better than to reach all of them."""
    reached = np.zeros(len(problem.people), dtype=bool)
    reached[problem.reachable.origin] = True
    return float(problem.people[reached & ~problem.covered].sum())


def _extended(problem: CoveringProblem, earlier: Plan, most: int) -> list[Plan]:
    """Plans of one site more each, up to ``most``, without a search: always the site that adds most next."""
    weight = np.where(problem.covered, 0.0, problem.people)
    cover = _cover(problem.reachable, len(weight), problem.candidates)
    by_site, bound, chosen = cover.T.tocsr(), _reachable(problem), earlier.chosen.tolist()
    left, alone = weight.copy(), by_site @ weight
    left[cover[:, chosen].sum(axis=1) > 0] = 0.0
    spent = 0.0 if problem.budget is None else float(problem.budget.cost[chosen].sum())
    plans, first = list[Plan](), len(earlier.chosen)
    for _ in range(most - first):
        gain = by_site @ left
        if problem.budget is not None:
            gain[problem.budget.cost > problem.budget.total - spent + 1e-9] = 0.0
        best = int(gain.argmax())
        if gain[best] <= 0:
            break
        chosen.append(best)
        spent += 0.0 if problem.budget is None else float(problem.budget.cost[best])
        left[by_site.indices[by_site.indptr[best] : by_site.indptr[best + 1]]] = 0.0
        value = float(weight.sum() - left.sum())
        sites = np.array(chosen, dtype="int64")
        added = np.append(plans[-1].added if plans else earlier.added, gain[best])
        plans.append(Plan(sites, added, alone[sites], value, max(bound, value), earlier.already, earlier.total))
    if plans:
        ordered, added = _by_gain(weight, cover, chosen)
        plans[-1] = replace(plans[-1], chosen=ordered, added=added, alone=alone[ordered])
    last = plans[-1] if plans else replace(earlier, bound=max(bound, earlier.value))
    return [*plans, *[last] * (most - first - len(plans))]


def solve_median(problem: MedianProblem, new: int) -> Plan:
    """The p-median: up to ``new`` candidates that shorten the distance to the nearest place most, summed over people.

    The objective is Σᵢ pᵢ · (nowᵢ − the distance to the nearest of existing and chosen places).

    Raises:
        PipelineError: no candidates, or a negative number.
    """
    _check(problem, new)
    clock, new = _Clock(problem.seconds), min(new, problem.candidates)
    people, pairs, candidates, now = problem.people, problem.pairs, problem.candidates, problem.now
    saved = now[pairs.origin] - pairs.cost
    useful = (saved > 0) & (people[pairs.origin] > 0)
    origin, place = pairs.origin[useful], pairs.place[useful]
    gain = saved[useful] * people[pairs.origin[useful]]
    alone = np.bincount(place, weights=gain, minlength=candidates).astype("float64")
    if not len(origin) or new == 0:
        empty = np.zeros(0)
        return Plan(np.zeros(0, dtype="int64"), empty, empty, 0.0, 0.0, 0.0, float(people.sum()))
    from scipy.optimize import LinearConstraint

    count, links = len(gain), np.arange(len(gain))
    # Each area is served by at most one new site (by none: its existing place serves it), by one that is chosen.
    one_each = sparse.csr_array((np.ones(count), (origin, candidates + links)), shape=(len(people), candidates + count))
    opened = sparse.csr_array(
        (
            np.concatenate([np.ones(count), -np.ones(count)]),
            (np.tile(links, 2), np.concatenate([candidates + links, place])),
        ),
        shape=(count, candidates + count),
    )
    number = sparse.csr_array(np.concatenate([np.ones(candidates), np.zeros(count)])[None, :])
    objective = np.concatenate([np.zeros(candidates), gain])
    integral = np.concatenate([np.ones(candidates), np.zeros(count)])
    limits = [
        LinearConstraint(one_each, -np.inf, 1),
        LinearConstraint(opened, -np.inf, 0),
        LinearConstraint(number, -np.inf, new),
    ]
    solution, bound = _milp(objective, limits, integral, max(LEAST_SECONDS, clock.left * BOUND_SHARE))
    savings = _Savings(origin, place, gain, len(people), candidates)
    # If time runs out, the plan of the solver may be poor: exchanging sites one by one quickly gives a good one.
    plans = [savings.swapped(savings.ordered(range(candidates), new, clock)[0].tolist(), clock)]
    if solution is not None:
        plans.append(np.flatnonzero(solution[:candidates] > 0.5).tolist())
    ordered, added = savings.ordered(max(plans, key=savings.total), new)
    value = float(added.sum())
    if bound > value * (1 + PROVEN):
        bound = min(bound, savings.bound(new, value, clock))
    return Plan(ordered, added, alone[ordered], value, max(bound, value), 0.0, float(people.sum()))


def _check(problem: CoveringProblem | MedianProblem, new: int) -> None:
    if problem.candidates < 1:
        raise PipelineError("There are no candidate sites to choose from.")
    if new < 0 or not (problem.people >= 0).all():
        raise PipelineError("The number of new sites and the people at risk must be 0 or more.")


def _cover(reachable: Pairs, areas: int, candidates: int) -> sparse.csr_array:
    values = np.ones(len(reachable.origin))
    return sparse.csr_array((values, (reachable.origin, reachable.place)), shape=(areas, candidates))


def _solve_covering(
    weight: Vector, cover: sparse.csr_array, new: int, budget: Budget | None, seconds: float
) -> tuple[list[int], float]:
    """The chosen candidates and a bound that no plan can exceed.

    Areas that the same candidates reach are grouped: few groups remain where candidates are far apart.
    """
    areas, candidates = cover.shape
    groups: dict[bytes, int] = {}
    members: list[Integers] = []
    people: list[float] = []
    indices = cover.indices.astype("int64")
    for area in range(areas):
        reaching = np.sort(indices[cover.indptr[area] : cover.indptr[area + 1]])
        if weight[area] > 0 and len(reaching):
            place = groups.setdefault(reaching.tobytes(), len(members))
            if place == len(members):
                members.append(reaching)
                people.append(0.0)
            people[place] += float(weight[area])
    if not members or new == 0:
        return [], 0.0
    lengths = np.array([len(reaching) for reaching in members])
    rows, columns = np.repeat(np.arange(len(members)), lengths), np.concatenate(members)
    reached = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(members), candidates))
    if candidates <= FEW:
        best, value = _best_of_all(np.array(people), reached.toarray() > 0, new, budget)
        return _complete(best, weight, cover, new, budget), value

    from scipy.optimize import LinearConstraint

    # A group counts as covered (1) only if one of the candidates that reach it is chosen.
    covering = sparse.hstack([-reached, sparse.eye_array(len(members))], format="csr")
    nothing = np.zeros(len(members))
    limits = [
        LinearConstraint(covering, -np.inf, 0),
        LinearConstraint(np.concatenate([np.ones(candidates), nothing])[None, :], -np.inf, new),
    ]
    if budget is not None:
        limits.append(LinearConstraint(np.concatenate([budget.cost, nothing])[None, :], -np.inf, budget.total))
    objective = np.concatenate([np.zeros(candidates), people])
    integral = np.concatenate([np.ones(candidates), nothing])
    solution, bound = _milp(objective, limits, integral, seconds)
    chosen = [] if solution is None else np.flatnonzero(solution[:candidates] > 0.5).tolist()
    return _complete(chosen, weight, cover, new, budget), bound


def _best_of_all(
    people: Vector, reached: NDArray[np.bool_], new: int, budget: Budget | None
) -> tuple[list[int], float]:
    """The choice that reaches most people of all that may be made, and these; of equal ones that of fewest candidates.

    Args:
        people: of each group of areas. ``reached``: whether a candidate reaches it, shape (groups, candidates).
    """
    candidates = reached.shape[1]
    choices = (np.arange(2**candidates)[:, np.newaxis] >> np.arange(candidates)) & 1
    choices = choices[np.argsort(choices.sum(axis=1), kind="stable")]
    choices = choices[choices.sum(axis=1) <= new]
    if budget is not None:
        choices = choices[choices @ budget.cost <= budget.total + 1e-9]
    values = (choices @ reached.T.astype("int64") > 0) @ people
    best = int(values.argmax())
    return np.flatnonzero(choices[best]).tolist(), float(values[best])


def _milp(
    objective: Vector, limits: "list[LinearConstraint]", integral: Vector, seconds: float
) -> tuple[Vector | None, float]:
    """Maximise ``objective`` over variables from 0 to 1; the best found within ``seconds`` and the proven bound."""
    from scipy.optimize import Bounds, milp

    scale = float(objective.max())
    result = milp(
        -objective / scale,
        constraints=limits,
        integrality=integral.astype("int64"),
        bounds=Bounds(0, 1),
        options={"time_limit": seconds, "mip_rel_gap": PROVEN / 10},
    )
    bound = getattr(result, "mip_dual_bound", None)
    return result.x, float(objective.sum()) if bound is None else -float(bound) * scale


def _covered(weight: Vector, cover: sparse.csr_array, chosen: list[int]) -> float:
    return float(weight[(cover[:, chosen].sum(axis=1) > 0)].sum()) if chosen else 0.0


def _complete(chosen: list[int], weight: Vector, cover: sparse.csr_array, new: int, budget: Budget | None) -> list[int]:
    """``chosen`` with the sites that add most, one by one, while sites may be added and still add people."""
    result, by_site = list(chosen[:new]), cover.T.tocsr()
    while len(result) < new:
        left = weight.copy()
        if result:
            left[cover[:, result].sum(axis=1) > 0] = 0.0
        gain = by_site @ left
        if budget is not None:
            gain[budget.cost > budget.total - budget.cost[result].sum() + 1e-9] = 0.0
        best = int(gain.argmax())
        if gain[best] <= 0:
            break
        result.append(best)
    return result


def _needed(weight: Vector, cover: sparse.csr_array, chosen: list[int]) -> list[int]:
    """``chosen`` without those that reach nobody beyond the others: the solver may add sites that change nothing."""
    needed, by_site = sorted(chosen), cover[:, sorted(chosen)].toarray() > 0
    reached = by_site.sum(axis=1)
    for position in reversed(range(len(needed))):
        served = by_site[:, position]
        if not weight[served & (reached == 1)].any():
            reached = reached - served
            del needed[position]
    return needed


def _by_gain(weight: Vector, cover: sparse.csr_array, chosen: list[int]) -> tuple[Integers, Vector]:
    """The chosen in the order in which they add most, and what each adds; those that add nobody are left out."""
    left, remaining = weight.copy(), sorted(chosen)
    ordered: list[int] = []
    added: list[float] = []
    while remaining:
        gain = cover[:, remaining].T @ left
        best = int(gain.argmax())
        if gain[best] <= 0:
            break
        site = remaining.pop(best)
        ordered.append(site)
        added.append(float(gain[best]))
        left[cover[:, [site]].sum(axis=1) > 0] = 0.0
    return np.array(ordered, dtype="int64"), np.array(added)


@dataclass(frozen=True)
class _Savings:
    """What each pair of area and candidate would save, in metres × people."""

    origin: Integers
    place: Integers
    gain: Vector
    areas: int
    candidates: int

    def best(self, chosen: Sequence[int]) -> Vector:
        """What each area saves by the best of the chosen."""
        best = np.zeros(self.areas)
        of_chosen = np.isin(self.place, chosen)
        np.maximum.at(best, self.origin[of_chosen], self.gain[of_chosen])
        return best

    def more(self, best: Vector) -> Vector:
        """What each candidate would add to that."""
        added = np.maximum(self.gain - best[self.origin], 0.0)
        return np.bincount(self.place, weights=added, minlength=self.candidates).astype("float64")

    def total(self, chosen: Sequence[int]) -> float:
        """What the chosen save together."""
        return float(self.best(chosen).sum())

    def ordered(self, allowed: Sequence[int], new: int, clock: _Clock | None = None) -> tuple[Integers, Vector]:
        """Up to ``new`` of ``allowed``, always the one that adds most next, and what each adds; fewer out of time."""
        ordered: list[int] = []
        added: list[float] = []
        while len(ordered) < new and (clock is None or clock.left > 0 or not ordered):
            more = self.more(self.best(ordered))[list(allowed)]
            if not len(more) or more.max() <= 0:
                break
            ordered.append(allowed[int(more.argmax())])
            added.append(float(more.max()))
        return np.array(ordered, dtype="int64"), np.array(added)

    def bound(self, new: int, value: float, clock: _Clock, rounds: int = 400) -> float:
        """A bound for any choice of ``new`` sites; ``value`` is what one saves.

        By Lagrangian relaxation: the rule that an area is served once may be broken at a price λᵢ. Σλᵢ and the ``new``
        largest Σᵢ max(0, gain − λᵢ) together are then a bound for any prices of 0 or more; subgradient steps lower it.
        """
        price, lowest, step = np.zeros(self.areas), np.inf, 2.0
        for number in range(rounds):
            left = np.maximum(self.gain - price[self.origin], 0.0)
            worth = np.bincount(self.place, weights=left, minlength=self.candidates)
            opened = np.argsort(-worth, kind="stable")[:new]
            total = float(price.sum() + worth[opened].sum())
            lowest = min(lowest, total)
            taken = (left > 0) & np.isin(self.place, opened)
            slack = 1.0 - np.bincount(self.origin[taken], minlength=self.areas)
            length = float((slack**2).sum())
            if length == 0 or lowest - value <= PROVEN * value or clock.left == 0:
                break
            if number % 30 == 29:
                step /= 1.5
            price = np.maximum(price - step * (total - value) / length * slack, 0.0)
        return lowest

    def swapped(self, chosen: Sequence[int], clock: _Clock) -> list[int]:
        """``chosen`` after swapping one site for another as long as that saves more (Teitz and Bart, 1968), in time."""
        result, value = list(chosen), self.total(chosen)
        improved = True
        while improved:
            improved = False
            for position in range(len(result)):
                if clock.left == 0:
                    return result
                others = result[:position] + result[position + 1 :]
                best = self.best(others)
                more = self.more(best)
                if best.sum() + more.max() > value * (1 + PROVEN):
                    result[position], value, improved = int(more.argmax()), float(best.sum() + more.max()), True
        return result
