"""What is varied to show how certain a rank is, and how hot spots are told apart from chance."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from pipeline.catalogue.indices import Aggregation, Normalisation
from pipeline.catalogue.places import Formula
from pipeline.catalogue.reading import Declared, Name, Text, parse, read_toml

Concentration = Annotated[float, Field(ge=0.1)]
"""Of a Dirichlet distribution around the given weights; ``inf`` leaves them as given."""


MOST_DRAWS = 20_000
"""Ranks of all England in this many draws take 1.4 GB."""
MOST_SAMPLES = 2**14
"""Saltelli's N beyond which sensitivity indices no longer change in what is shown."""
MOST_PERMUTATIONS = 999_999
Seed = Annotated[int, Field(ge=0, lt=2**32)]


class WeightsVaried(Declared):
    """Concentrations: of the components' weights, and of the indicators' weights within each component."""

    components: Concentration
    within_components: Concentration


class NormalisationsVaried(Declared):
    """The normalisations tried besides that of the index, each for all indicators alike."""

    others: tuple[Normalisation, ...] = ()


class AggregationsVaried(Declared):
    """The ways of combining components into the score that are tried besides that of the index."""

    others: tuple[Aggregation, ...] = ()


class Noise(Declared):
    """The normally distributed error of one column: exactly one of three ways to say it, and its source.

    ``of`` names the column with the number that a share is of, such as residents or households: the share varies as
    that of a sample of so many would, with variance p(1 − p)/n.
    """

    column: Name
    standard_deviation: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    relative_standard_deviation: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    of: Name | None = None
    source: Text

    @model_validator(mode="after")
    def _one_deviation(self) -> "Noise":
        given = (self.standard_deviation, self.relative_standard_deviation, self.of)
        if sum(value is not None for value in given) != 1:
            raise ValueError(
                "give either standard_deviation (in the column's unit), relative_standard_deviation, or of (the column "
                "with the number that a share is of)"
            )
        return self


class FitVaried(Declared):
    """How plausible indices are weighted by how well they fit the outcomes that the index was fitted to.

    ``tolerance``: an index that explains this much less of the outcomes' variance (a share) counts 1/e, 37%, as much.
    """

    tolerance: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 0.005


class Contains(Declared):
    """A column that is made from others, which are then counted twice beside it."""

    whole: Name
    parts: tuple[Name, ...] = Field(min_length=1)
    why: Text


class Sensitivity(Declared):
    """How the sensitivity indices are computed.

    ``samples`` is Saltelli's N, a power of 2; ``largest_area`` the most neighbourhoods that are used; two
    indicators whose correlation exceeds ``double_counting_above``, either way, are reported as counted twice.
    """

    samples: int = Field(ge=8, le=MOST_SAMPLES)
    largest_area: int = Field(ge=10, le=40_000)
    seed: Seed
    double_counting_above: float = Field(default=0.9, gt=0, lt=1, allow_inf_nan=False)

    @model_validator(mode="after")
    def _a_power_of_two(self) -> "Sensitivity":
        if self.samples & (self.samples - 1):
            raise ValueError("samples must be a power of 2, or the points of the Sobol sequence are not balanced")
        return self


Factor = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]


class ExclusionVaried(Declared):
    """What is varied about capacity and about how it combines with risk.

    ``reach`` and ``could_offer`` multiply the declared reaches and the supply of kinds that could offer help;
    ``risk_weight`` are the ends between which the risk's weight is drawn evenly.
    """

    reach: tuple[Factor, ...] = Field(default=(1.0,), min_length=1)
    could_offer: tuple[Factor, ...] = Field(default=(1.0,), min_length=1)
    formulas: tuple[Formula, ...] = Field(default=("geometric",), min_length=1)
    risk_weight: tuple[float, float] = (0.5, 0.5)

    @model_validator(mode="after")
    def _weights_in_order(self) -> "ExclusionVaried":
        low, high = self.risk_weight
        if not 0 < low <= high < 1:
            raise ValueError("risk_weight needs two ends between 0 and 1, the lower first")
        if min(self.reach) <= 0:
            raise ValueError("reach needs factors above 0")
        return self


class Hotspots(Declared):
    """How hot spots are told apart from chance."""

    permutations: int = Field(ge=99, le=MOST_PERMUTATIONS)
    seed: Seed
    false_discovery_rate: float = Field(gt=0, lt=1, allow_inf_nan=False)


class Uncertainty(Declared):
    """What is varied between the ``draws`` of plausible indices, and from which ``seed`` they are drawn.

    ``national_draws`` of them also rank all the nation, to show how sure an area's national rank is.
    """

    draws: int = Field(ge=1, le=MOST_DRAWS)
    seed: Seed
    weights: WeightsVaried
    normalisation: NormalisationsVaried = NormalisationsVaried()
    aggregation: AggregationsVaried = AggregationsVaried()
    fit: FitVaried = FitVaried()
    national_draws: int = Field(default=500, ge=1, le=MOST_DRAWS)
    noise: tuple[Noise, ...] = ()
    contains: tuple[Contains, ...] = ()
    sensitivity: Sensitivity
    hotspots: Hotspots
    exclusion: ExclusionVaried = ExclusionVaried()

    @model_validator(mode="after")
    def _each_column_once(self) -> "Uncertainty":
        columns = [noise.column for noise in self.noise]
        twice = sorted({column for column in columns if columns.count(column) > 1})
        if twice:
            raise ValueError(f"noise is given twice for {', '.join(twice)}")
        return self


def read_uncertainty(path: Path) -> Uncertainty:
    """What ``path`` declares.

    Raises:
        DeclarationError: a fault in the file.
    """
    return parse(Uncertainty, read_toml(path), path, "")
