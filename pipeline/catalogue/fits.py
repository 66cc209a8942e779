"""What calibrating leaves beside an index: how far other weights would agree less, and how likely a score is right.

Both belong to one set of weights; their hash says which.
"""

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from pipeline.catalogue.indices import Index, hash_weights
from pipeline.catalogue.reading import Declared, Text, parse, read_toml

FOLDER = "fits"
"""The folder beside the indices that holds one file for each fitted index, under the same name."""
ROUGHLY = 1e-6
"""By how much shares that should total 1 may miss it, as they are written with few decimals."""

Portion = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Finite = Annotated[float, Field(allow_inf_nan=False)]


class Loss(Declared):
    """How much less an index agrees with the outcomes that it was fitted to when its weights are others.

    Agreement is the share of the outcomes' variance that the score explains, averaged with the weights of the mix.
    Around the fitted shares s it falls by −slope·(w − s) + ½ (w − s)ᵀ curvature (w − s).

    Attributes:
        terms: what was fitted: ``<component>.<column>`` or, of a component whose indicators are multiplied, its name.
        shares: the fitted share of each term; total 1.
        agreement: that of the fitted shares. ``standard_error``: of it, districts drawn again.
        slope: of the agreement, by term. ``curvature``: of it, by term and term, row after row.
        alternatives: how much less each other way to build the index agrees, by ``<normalisation>, <aggregation>``.
    """

    terms: tuple[Text, ...] = Field(min_length=1)
    shares: tuple[Portion, ...]
    agreement: Portion
    standard_error: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    slope: tuple[Finite, ...]
    curvature: tuple[Finite, ...]
    alternatives: Mapping[str, Finite] = {}

    @model_validator(mode="after")
    def _of_one_size(self) -> "Loss":
        size = len(self.terms)
        if len(self.shares) != size or len(self.slope) != size or len(self.curvature) != size**2:
            raise ValueError(f"with {size} terms, shares and slope need {size} values each, and curvature {size**2}")
        if abs(sum(self.shares) - 1) > ROUGHLY:
            raise ValueError(f"the shares must total 1; found {sum(self.shares):g}")
        return self


class Chance(Declared):
    """How likely an area is truly in the worst tenth by an outcome, by its place in the national order of scores.

    Attributes:
        outcome: the name of the outcome. ``title``: the same in words. ``areas``: how many the curve was made from.
        top: places in the order, 0 (highest risk) to 1, rising. ``chance``: of being in the worst tenth there, not
            rising; between two places it is interpolated.
    """

    outcome: Text
    title: Text
    areas: Annotated[int, Field(ge=1)]
    top: tuple[Portion, ...] = Field(min_length=2)
    chance: tuple[Portion, ...]

    @model_validator(mode="after")
    def _one_way(self) -> "Chance":
        if len(self.top) != len(self.chance):
            raise ValueError("top and chance must have equally many values")
        if any(later <= earlier for earlier, later in pairwise(self.top)):
            raise ValueError("the values of top must rise")
        if any(later > earlier for earlier, later in pairwise(self.chance)):
            raise ValueError("the values of chance must not rise: a lower score cannot be likelier to be right")
        return self


class Band(Declared):
    """Whether the chance is right, in one band of areas: what was said, and what came true where it was not fitted."""

    name: Text
    areas: Annotated[int, Field(ge=0)]
    said: Portion
    observed: Portion


class Fit(Declared):
    """What calibrating an index left beside it.

    Attributes:
        weights: the hash of the weights that it belongs to.
        nation: whose areas it was made from.
        loss: how much less other weights agree. ``chance``: how likely a score is right; missing where none of the
            outcomes is by LSOA.
        reliability: by band of the national order, ICB by ICB left out.
        local: of the worst tenth of each ICB's areas by score, the share truly in the ICB's worst tenth by the outcome.
    """

    weights: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    nation: Literal["england", "demo"]
    loss: Loss
    chance: Chance | None = None
    reliability: tuple[Band, ...] = ()
    local: tuple[Band, ...] = ()


def fit_path(index_file: Path) -> Path:
    """The file of the fit of the index in ``index_file``."""
    return index_file.parent / FOLDER / index_file.name


def read_fit(path: Path) -> Fit | None:
    """The fit in the file ``path``; ``None`` where there is no such file.

    Raises:
        DeclarationError: a fault in the file.
    """
    return parse(Fit, read_toml(path), path, "") if path.exists() else None


def fit_of(index: Index, fit: Fit | None, nation: str) -> tuple[Fit | None, tuple[str, ...]]:
    """``fit`` where it belongs to the weights of ``index`` and to ``nation``; else none, and a sentence that says why.

    Args:
        index: the index as it is used. ``nation``: the nation of the area that is scored.
    """
    empty = "how likely an area is truly in the worst tenth is left empty, and plausible indices all count alike"
    if fit is None:
        why = f"The index '{index.id}' was not calibrated against outcomes"
    elif fit.weights != hash_weights(index.components):
        why = f"The weights of the index '{index.id}' are not those that were calibrated"
    elif fit.nation != nation:
        why = f"The index '{index.id}' was calibrated in another nation"
    else:
        return fit, ()
    return None, (f"{why}: {empty}.",)
