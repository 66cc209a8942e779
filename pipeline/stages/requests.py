"""Requests from the command line, as kept in the record of what was made from them."""

import re
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from pipeline.errors import PipelineError

LONGEST_WORDS, SHORT_HASH = 40, 6
"""Characters of the names of files about an outcome: of its file and column, and of their hash."""
SiteModel = Literal["maximal covering", "p-median"]


class Request(BaseModel):
    """Base of all requests: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FileWanted(Request):
    """How to read a file that is named on the command line, where that is not recognised.

    Attributes:
        sheet: of a workbook with several. ``layer``: of a file of shapes with several.
        decimal: what separates the decimals of its numbers.
    """

    sheet: str | None = None
    layer: str | None = None
    decimal: Literal[".", ","] = "."


def refuse_without_file(wanted: FileWanted, options: Sequence[str], file: str) -> None:
    """Refuse what says how to read a file where no file is named: it would be left out in silence.

    Args:
        options: the keys that only a file needs. ``file``: the option that names the file, and what it is to name.

    Raises:
        PipelineError: the options that were given, and the one that is missing.
    """
    given = [f"--{name.replace('_', '-')}" for name in options if getattr(wanted, name)]
    if given:
        raise PipelineError(f"{', '.join(given)}: this says how to read a file, and none is named. Give {file} too.")


class PackWanted(Request):
    """What an archive of an area holds.

    Attributes:
        stories: what people said. ``outcomes``: comparisons with outcomes that were not published.
        self_assessment: what the team says of itself, and its plan.
        output: the archive; by default ``maps/<area>/<area>.zip``.
    """

    stories: bool = False
    outcomes: bool = False
    self_assessment: bool = False
    output: Path | None = None


class SitesWanted(FileWanted):
    """Which sites to propose.

    Attributes:
        new: the most sites to propose.
        reach: how far a place serves: ``5km``, ``800m``, ``20min``.
        candidates: a file, a kind of places, or nothing for the area's neighbourhoods.
        columns: the headers in the file of ``name``, ``postcode``, ``x``, ``y`` and ``cost``, where they are others.
        kinds: the existing places that are counted; by default, those that count and offer help now.
        budget: what the sites may cost together. ``seconds``: how long the solver may take.
    """

    new: int = 5
    reach: str = "5km"
    candidates: str | None = None
    columns: dict[str, str] = {}
    kinds: tuple[str, ...] = ()
    model: SiteModel = "maximal covering"
    budget: float | None = None
    seconds: float = 60.0


class PlanWanted(FileWanted):
    """What a plan may cost.

    Attributes:
        budget: pounds in a year, by central prices.
        candidates: a file of candidate sites with their costs; without it, only programmes are chosen.
        columns: as for :class:`SitesWanted`. ``reach``: how far a site serves.
        seconds: how long the solver may take.
    """

    budget: float
    candidates: str | None = None
    columns: dict[str, str] = {}
    reach: str = "5km"
    seconds: float = 60.0


class OutcomeWanted(FileWanted):
    """An outcome file and how to read it; without ``path``, the shipped source ``ons_dpi``.

    ``path`` is from the project folder where the file lies in it.
    """

    path: Path | None = None
    column: str | None = None
    code_column: str | None = None
    higher_is_better: bool = False

    @property
    def identity(self) -> str:
        """What files about this outcome are told apart by: its file, column and a hash; empty for the shipped.

        Two files of one name in different folders, or two sheets or layers of one, are two outcomes.
        """
        if self.path is None:
            return ""
        named = "\n".join([self.path.as_posix(), *(part or "" for part in (self.column, self.sheet, self.layer))])
        words = re.sub(r"[^a-z0-9]+", "-", f"{self.path.stem}-{self.column or ''}".lower()).strip("-")[:LONGEST_WORDS]
        return f"{words}-{sha256(named.encode()).hexdigest()[:SHORT_HASH]}".strip("-")


class ValidationWanted(Request):
    """What to compare scores with, and the number of bootstrap samples for the intervals.

    ``publish``: whether pages and the data package show an outcome that an analyst supplied, too.
    """

    outcome: OutcomeWanted = OutcomeWanted()
    draws: int = 1_000
    publish: bool = False


class FitWanted(Request):
    """The index to fit, the outcome to fit it to, and the settings.

    Attributes:
        index: the index whose components and indicators get weights.
        least: the least share of an indicator, 0 to 1. ``draws``: bootstrap samples.
        output: the file for the fitted index; without it, only the report is written.
    """

    index: str = "norfolk-waveney"
    outcome: OutcomeWanted = OutcomeWanted()
    least: float = 0.02
    draws: int = 1_000
    output: Path | None = None


class CountWanted(Request):
    """Which rows to count.

    Attributes:
        files: files, folders or patterns. ``name``: of the counts; by default that of the first of ``files``.
        columns: the headers of ``postcode``, ``x``, ``y`` and ``category``, where they are others or not recognised.
        crs: the system of x and y. ``decimal``: what separates the decimals of coordinates.
    """

    files: tuple[str, ...]
    name: str | None = None
    columns: dict[str, str] = {}
    crs: str | None = None
    decimal: Literal[".", ","] = "."


class CompareWanted(Request):
    """Two sides to compare.

    ``old`` and ``new`` are each a run that was kept, the folder of a run, ``now``, an index, or a release, as they were
    named.
    """

    old: str
    new: str


class IndexTrial(Request):
    """An index to try on an area without changing anything: the table goes to ``output``.

    ``index`` is a name or a .toml file; by default, the index of the area. Without ``uncertain``, the columns on how
    certain a rank is, and hot spots, stay empty.
    """

    output: Path
    index: str | None = None
    uncertain: bool = True


class UnitNamed(Request):
    """A larger area by its level and code, and the name of its files without their endings."""

    level: str
    code: str
    file: str


class BriefingsWanted(Request):
    """The units that briefings are asked for; ``every`` is the level where these are all of it."""

    units: tuple[UnitNamed, ...]
    every: str | None = None
