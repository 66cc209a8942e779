"""A composite index as data: a tree of components and indicators."""

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from pipeline.catalogue.reading import Declared, Name, Slug, Text, parse, read_toml
from pipeline.errors import DeclarationError, did_you_mean, first, shown

LEAST_WEIGHT, LARGEST_WEIGHT = 1e-6, 1e6


def _as_weight(weight: float) -> float:
    if not LEAST_WEIGHT <= weight <= LARGEST_WEIGHT:
        raise ValueError(f"expected a weight between {LEAST_WEIGHT:f} and {LARGEST_WEIGHT:,.0f}")
    return weight


Weight = Annotated[float, Field(gt=0, allow_inf_nan=False), AfterValidator(_as_weight)]


def _as_direction(value: object) -> object:
    # Python takes true for 1.
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("expected 1 (a higher value means more risk) or -1 (less)")
    return value


Least = Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)]
Direction = Annotated[Literal[1, -1], BeforeValidator(_as_direction)]
End = Literal["high", "low"]
SIGNS: Mapping[End, Literal[1, -1]] = {"high": 1, "low": -1}
"""The direction of a column, by the end of it that means more risk."""
Normalisation = Literal["min-max", "percentile", "z-score", "rank-exponential"]
Aggregation = Literal["arithmetic", "geometric", "weighted-sum"]


class Indicator(Declared):
    """One column of the joined table. ``direction`` +1: a higher value means more risk; -1: less.

    ``against_meaning`` says why ``direction`` is not the one that the column's meaning asks for. ``least`` is the
    smallest share of the total weight, 0 to 1, that a fit may give it.
    """

    column: Name
    direction: Direction
    weight: Weight = 1.0
    normalisation: Normalisation | None = None
    least: Least | None = None
    why: str = ""
    against_meaning: Text | None = None


class Component(Declared):
    """A named group of indicators, aggregated before the components are.

    ``least`` is for one whose indicators are multiplied (``geometric``), which a fit gives one weight, as for an
    :class:`Indicator`.
    """

    name: Name
    title: Text
    weight: Weight = 1.0
    why: str = ""
    aggregation: Aggregation | None = None
    least: Least | None = None
    indicators: tuple[Indicator, ...] = Field(min_length=1)


class Absent(Declared):
    """An indicator the method calls for that the available open data does not hold."""

    title: Text
    component: Name
    weight: Weight
    why: Text


class Mix(Declared):
    """Which outcomes the weights of an index are fitted to, how much each counts, and why so.

    ``outcomes`` are parts of a whole that need not total 1, by the outcome's name in ``declared/outcomes.toml``.
    """

    outcomes: Mapping[str, Annotated[float, Field(gt=0, le=LARGEST_WEIGHT, allow_inf_nan=False)]] = Field(min_length=1)
    reason: Text


def in_words(names: Sequence[str]) -> str:
    """Names one after the other, with "and" before the last."""
    *before, last = names
    return f"{', '.join(before)} and {last}" if before else last


class Fitted(Declared):
    """What the weights of an index were fitted to: the names of the outcomes, and the SHA-256 of the fitted weights.

    Without the hash, as in files that were written by hand, it is taken on trust that the weights are the fitted ones.
    A single outcome may be written as ``outcome``, or instead of the whole table.
    """

    outcomes: tuple[Annotated[str, Field(min_length=1)], ...] = Field(min_length=1)
    weights: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None

    @model_validator(mode="before")
    @classmethod
    def _one_outcome(cls, value: object) -> object:
        if isinstance(value, str):
            return {"outcomes": (value,)}
        if isinstance(value, dict) and "outcome" in value and "outcomes" not in value:
            return {"outcomes": (value["outcome"],), **{key: v for key, v in value.items() if key != "outcome"}}
        return value

    @property
    def outcome(self) -> str:
        """The outcomes in words."""
        return in_words(self.outcomes)


class Index(Declared):
    """A composite index: how indicators become component scores, a score, ranks and deciles.

    ``scale`` is the top of normalised values (10 or 100; ranks and z-scores use it too).
    ``missing`` says what happens to missing values; ``impute_by`` is the column whose classes give
    the medians. ``ties`` is the rule for equal scores: ``min`` gives all the better (worse-off)
    rank, ``average`` the mean, ``code`` breaks ties by area code so that ranks are 1 to N.
    ``mix`` says which outcomes its weights are to be fitted to. ``fitted_to`` names those that they were fitted to, if
    any: compared with them again, they flatter. It holds the hash of the fitted weights, so that a change of them by
    hand is seen.
    """

    id: Slug
    title: Text
    description: Text
    source: Text
    normalisation: Normalisation
    scale: float = Field(default=100.0, ge=1, le=1e6, allow_inf_nan=False)
    within_components: Aggregation = "arithmetic"
    aggregation: Aggregation = "arithmetic"
    missing: Literal["error", "reweight", "impute"] = "error"
    impute_by: Name | None = None
    ties: Literal["min", "average", "code"] = "min"
    mix: Mix | None = None
    components: tuple[Component, ...] = Field(min_length=1)
    absent: tuple[Absent, ...] = ()
    fitted_to: Fitted | None = None

    @model_validator(mode="after")
    def _consistent(self) -> "Index":
        names = [component.name for component in self.components]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"component names must differ; used twice: {', '.join(twice)}")
        titles = [component.title.casefold() for component in self.components]
        if len(set(titles)) < len(titles) or any(";" in title for title in titles):
            raise ValueError("component titles must differ and hold no semicolon: drivers are listed by them")
        if (self.missing == "impute") != (self.impute_by is not None):
            raise ValueError("missing = 'impute' and impute_by go together")
        return self

    @property
    def weights_changed(self) -> bool:
        """Whether its weights are not those that were fitted."""
        fitted = None if self.fitted_to is None else self.fitted_to.weights
        return fitted is not None and fitted != hash_weights(self.components)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it reads, each once, in order."""
        return tuple(dict.fromkeys(i.column for c in self.components for i in c.indicators))

    @property
    def indicators(self) -> dict[str, tuple[str, ...]]:
        """The columns that each component is made from, by the component's name."""
        return {c.name: tuple(indicator.column for indicator in c.indicators) for c in self.components}


def hash_weights(components: Iterable[Component]) -> str:
    """The SHA-256 of the weights of components and indicators, with what they are weights of.

    That is columns and directions, and normalisations and aggregations where they are not those of the index.
    """
    weights = [
        [
            c.name,
            repr(float(c.weight)),
            *([c.aggregation] if c.aggregation is not None else []),
            *(
                [i.column, str(i.direction), repr(float(i.weight)), *([i.normalisation] if i.normalisation else [])]
                for i in c.indicators
            ),
        ]
        for c in components
    ]
    return sha256(json.dumps(weights).encode()).hexdigest()


def say_fit(index: Index) -> tuple[str, ...]:
    """A sentence where the weights of an index are no longer those that were fitted; else none."""
    if not index.weights_changed or index.fitted_to is None:
        return ()
    return (
        f"The weights of the index '{index.id}' were changed by hand since they were fitted to "
        f"{index.fitted_to.outcome}: what is said of the fit does not hold for them.",
    )


def refuse_directions(index: Index, worse: Mapping[str, End | None]) -> tuple[str, ...]:
    """A line for each indicator that counts against its column's meaning on purpose; refuse those that do by mistake.

    Args:
        worse: of each column, the end that means more risk; ``None`` where the column does not say.

    Raises:
        DeclarationError: an indicator's direction is not that of its column, and ``against_meaning`` does not say why;
            or it says so of one that has the direction of its column.
    """
    faults, lines = [], []
    for component in index.components:
        for indicator in component.indicators:
            end, name = worse.get(indicator.column), indicator.column
            place = f"component '{component.name}', indicator '{name}'"
            if end is None or SIGNS[end] == indicator.direction:
                if end is not None and indicator.against_meaning is not None:
                    faults.append(f"  {place}: its direction is that of the column; remove against_meaning")
            elif indicator.against_meaning is None:
                faults.append(
                    f"  {place}, direction: a {end} value of {name} means more risk, so expected {SIGNS[end]}; found "
                    f'{indicator.direction}. If this is meant, say why: against_meaning = "..."'
                )
            else:
                lines.append(f"{name} counts against its meaning in '{index.id}': {indicator.against_meaning}")
    if faults:
        raise DeclarationError("\n".join([f"The index '{index.id}': {len(faults)} fault(s)", *faults]))
    return tuple(dict.fromkeys(lines))


def refuse_other_outcomes(index: Index, declared: Iterable[str]) -> None:
    """Refuse an index that is to be fitted to an outcome that is not declared.

    Raises:
        DeclarationError: the outcomes of its mix that are not among those ``declared``.
    """
    names = list(declared)
    unknown = [name for name in (index.mix.outcomes if index.mix is not None else ()) if name not in names]
    if unknown:
        faults = [
            f"  [mix.outcomes] {name}: no such outcome in declared/outcomes.toml.{did_you_mean(name, names)}"
            for name in unknown
        ]
        raise DeclarationError("\n".join([f"declared/indices/{index.id}.toml: {len(faults)} fault(s)", *faults]))


def read_index(path: Path) -> Index:
    """The index declared in ``path``; its id is the file's name.

    Raises:
        DeclarationError: a fault in the file.
    """
    if not path.exists() and path.parent.is_dir():
        there = sorted(other.stem for other in path.parent.glob("*.toml"))
        raise DeclarationError(
            f"There is no index {shown(path.stem)}: {path} does not exist.{did_you_mean(path.stem, there)} "
            f"Indices in this folder: {first(there) or 'none'}."
        )
    content = read_toml(path)
    if "id" in content:
        raise DeclarationError(f"{path}: id: unknown key. An index is called as its file is; remove the key.")
    return parse(Index, {"id": path.stem, **content}, path, "")
