"""The index that scores an area, and the columns that it is scored from: the same for every step that needs them."""

from dataclasses import dataclass, replace

import pandas as pd

from pipeline.catalogue import Area, Index, Uncertainty, fit_of, index_for
from pipeline.errors import DeclarationError, did_you_mean
from pipeline.join import Comparison
from pipeline.places import refuse_partial
from pipeline.stages.directions import check_meaning
from pipeline.stages.project import Snapshot
from pipeline.stages.tables import read_indicators, read_reference


@dataclass(frozen=True)
class Chosen:
    """What is scored by which index, and what is varied.

    Attributes:
        named: the index as it was asked for, by its name or by its file: beside it is what calibrating left.
        index: without indicators that are for other areas.
        notes: a line for each indicator that is left out, or that counts against its meaning on purpose.
    """

    area: Area
    index: Index
    named: str
    uncertainty: Uncertainty | None
    notes: tuple[str, ...]


def choose_index(project: Snapshot, area: Area, named: str, uncertainty: Uncertainty | None) -> Chosen:
    """The index ``named`` for ``area``.

    Raises:
        DeclarationError: it counts a column against its meaning, or names one that there is not.
    """
    declared = project.index(named)
    against = check_meaning(project, declared)
    index, without = index_for(declared, area, project.indicators())
    return Chosen(area, index, named, uncertainty, (*without, *against))


def compare_with_nation(project: Snapshot, chosen: Chosen, joined: pd.DataFrame) -> tuple[Comparison, tuple[str, ...]]:
    """The area beside its nation, and what is to be said of how the weights were fitted.

    Args:
        joined: ``joined.parquet`` of the area.

    Raises:
        DeclarationError: an indicator covers only a part of the nation, or errors go by a column that there is not.
    """
    area, index = chosen.area, chosen.index
    nation = read_reference(project, area.nation)
    refuse_partial(index, area, read_indicators(project, area.nation, area.id), list(nation.index))
    fit, notes = fit_of(index, project.fit(chosen.named), area.nation)
    _check_noise(chosen.uncertainty, joined)
    return replace(Comparison.of_joined(joined, nation, index, area.reference), fit=fit), notes


def _check_noise(uncertainty: Uncertainty | None, joined: pd.DataFrame) -> None:
    """Refuse errors that go by a number which there is not: they would be left out in silence.

    Raises:
        DeclarationError: the column of the number is missing.
    """
    for noise in () if uncertainty is None else uncertainty.noise:
        if noise.of is not None and noise.of not in joined.columns:
            raise DeclarationError(
                f"declared/uncertainty.toml: the error of {noise.column} goes by '{noise.of}', which is no column of "
                f"the joined table.{did_you_mean(noise.of, map(str, joined.columns))}"
            )
