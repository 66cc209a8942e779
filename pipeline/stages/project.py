"""A project folder: the paths of declared, raw and processed files and of maps, and the declarations."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel

from pipeline import raw
from pipeline.catalogue import (
    Area,
    DeclaredOutcome,
    Fit,
    Index,
    IndicatorFile,
    Look,
    Source,
    Uncertainty,
    fit_path,
    read_areas,
    read_fit,
    read_index,
    read_indicators,
    read_layers,
    read_outcomes,
    read_sources,
    read_uncertainty,
)
from pipeline.catalogue.actions import Action, read_actions
from pipeline.catalogue.areas import area_named, refuse_misspelt_areas
from pipeline.catalogue.costs import Costs, read_costs
from pipeline.catalogue.counts import Counts, read_counts
from pipeline.catalogue.groups import Groups, read_groups
from pipeline.catalogue.kinds import Kinds, read_kinds
from pipeline.catalogue.places import Places, read_places_declaration
from pipeline.catalogue.priority_groups import PriorityGroups, read_priority_groups
from pipeline.catalogue.rates import Helps, Rates, read_helps, read_rates
from pipeline.catalogue.themes import Themes, read_themes
from pipeline.errors import DeclarationError, shown
from pipeline.stages.paths import ASSETS, PACKAGE

if TYPE_CHECKING:
    from pipeline.cluster import SchedulerWanted

T = TypeVar("T")
NATIONS = {"england": "England", "demo": "the fictional country"}
BACKSLASH = "\\"
ANY_AREA = "whole-nation"
"""For raw files of a nation, whichever area they are read for."""

FILES_OF_AREAS = ("lsoa_file", "polygon_file", "stories_file", "journeys_file", "self_assessment_file")
Named = TypeVar("Named", bound=BaseModel)


def tidy_path(path: Path, root: Path) -> Path:
    """``path`` without detours such as ``..``: from ``root`` where it lies in that folder, else from the top."""
    if path.is_relative_to(root) and ".." not in path.relative_to(root).parts:
        return path
    real, base = path.resolve(), root.resolve()
    return root / real.relative_to(base) if real.is_relative_to(base) else real


class Folders:
    """A project folder and its declared files, which are read on each request.

    ``root`` is the folder that holds ``declared/`` and ``data/``. ``scheduler`` is that whose workers share what can be
    shared of a step; none as a rule.
    """

    def __init__(self, root: Path | str = ".", scheduler: "SchedulerWanted | None" = None) -> None:
        self.root = Path(root)
        self.scheduler = scheduler

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self.root)!r})"

    def _read(self, name: str, read: Callable[[Path], T]) -> T:
        return read(self.declared / name)

    @property
    def declared(self) -> Path:
        """What an analyst edits."""
        return self.root / "declared"

    @property
    def staging(self) -> Path:
        """Where outputs are written before they are put in place."""
        return self.root / "data" / "processed" / ".staging"

    def national(self, nation: str) -> Path:
        """The tidy tables of a nation."""
        return self.root / "data" / "processed" / "national" / nation

    def processed(self, area: str) -> Path:
        """The tables of an area."""
        return self.root / "data" / "processed" / area

    def kept(self, area: str) -> Path:
        """The runs of an area that were kept, a folder each."""
        return self.root / "data" / "kept" / area

    def records(self, nation: str, area: str) -> Path:
        """The records of steps of an area, of a nation where ``area`` is empty, or of the browser code."""
        if not nation:
            return ASSETS / "records"
        return (self.processed(area) if area else self.national(nation)) / "records"

    def page(self, area: str) -> Path:
        """The map of an area."""
        return self.root / "maps" / area / "atlas.html"

    def front_door(self, area: str) -> Path:
        """The page that leads to all that was made for an area."""
        return self.root / "maps" / area / "index.html"

    def method_page(self, area: str) -> Path:
        """The page on how the map of an area was made and how sure it is."""
        return self.root / "maps" / area / "method.html"

    def changes_page(self, area: str) -> Path:
        """The page on what changed between two runs of an area."""
        return self.root / "maps" / area / "changes.html"

    def assessment_page(self, area: str) -> Path:
        """The page with the team's self-assessment of an area."""
        return self.root / "maps" / area / "self-assessment.html"

    def name_of(self, path: Path) -> str:
        """A file from the project folder or the program folder, with forward slashes; else its full path."""
        folder = next((base for base in (self.root, PACKAGE.parent) if path.is_relative_to(base)), None)
        return path.as_posix() if folder is None else path.relative_to(folder).as_posix()

    def raw_files(self, nation: str, area: str = ANY_AREA) -> dict[str, Path]:
        """The raw file of each source that is present, by id, in the order of ``declared/sources.toml``.

        Raises:
            RawFileError: a receipt or a list of fetched files cannot be read, or belongs to another file.
        """
        sources = [source.model_dump() for source in self.sources().values()]
        return {name: choice.path for name, choice in raw.present(sources, self.root, nation, area).items()}

    def raw_file(self, source: Source, nation: str, area: str = ANY_AREA) -> Path | None:
        """The raw file of a source for an area; ``None`` where there is none."""
        return raw.locate(source.model_dump(), self.root, nation, area)

    def local_file(self, name: str | Path) -> Path:
        """A file that a declared file or the command line names, from the project folder, however the name is written.

        A backslash counts as a slash where no file has that very name, as for a path that was written on Windows.
        """
        path = self.root / name
        if BACKSLASH in str(name) and not path.exists():
            path = self.root / str(name).replace(BACKSLASH, "/")
        return tidy_path(path, self.root)

    def _with_files(self, model: Named, *keys: str) -> Named:
        """``model`` with the files that it names written in one way, so that another spelling changes nothing."""
        names = {key: name for key in keys if (name := getattr(model, key))}
        tidied = {key: self.name_of(self.local_file(name)) for key, name in names.items()}
        return model if tidied == names else model.model_copy(update=tidied)

    def fetched_areas(self) -> list[str]:
        """The real areas that data was fetched for, in the order of their declaration."""
        folder = self.root / "data" / "raw" / "areas"
        stamped = {path.stem for path in folder.glob("*.json")} if folder.is_dir() else set()
        return [name for name, area in self.areas().items() if name in stamped and not area.fictional]

    def sources(self) -> dict[str, Source]:
        """The declared sources by id."""
        return self._read("sources.toml", read_sources)

    def areas(self) -> dict[str, Area]:
        """The declared areas by name."""
        areas = self._read("areas.toml", read_areas)
        return {name: self._with_files(area, *FILES_OF_AREAS) for name, area in areas.items()}

    def area(self, name: str) -> Area:
        """The declared area called ``name``, or the one that is made for an ICB (``icb-`` and its name).

        Raises:
            DeclarationError: there is none; the message lists the declared ones.
        """
        areas = self.areas()
        if name not in areas:
            from pipeline.stages.boards import board_called

            board = board_called(self, name)
            if board is not None:
                return board
        return area_named(areas, name, self.declared / "areas.toml")

    def index(self, name: str) -> Index:
        """The index called ``name``, or in the file ``name``.

        Raises:
            DeclarationError: there is none, or a fault in its file.
        """
        if name.endswith(".toml"):
            return read_index(Path(name))
        if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
            raise DeclarationError(
                f"There is no index {shown(name)}. Declared: {', '.join(self.shipped_indices())}; or give the path of "
                "a .toml file."
            )
        return self._read(f"indices/{name}.toml", read_index)

    def fit(self, name: str) -> Fit | None:
        """What calibrating left beside the index called ``name``, or beside the file ``name``; ``None`` if nothing.

        Raises:
            DeclarationError: a fault in its file.
        """
        if name.endswith(".toml"):
            return read_fit(fit_path(Path(name)))
        return self._read(f"indices/{fit_path(Path(f'{name}.toml')).as_posix()}", read_fit)

    def shipped_indices(self) -> list[str]:
        """The names of the declared indices."""
        return sorted(path.stem for path in (self.declared / "indices").glob("*.toml"))

    def indicators(self) -> tuple[IndicatorFile, ...]:
        """The files of indicators that an analyst adds."""
        files = self._read("indicators.toml", read_indicators)
        named = {file.id: file.areas for file in files}
        refuse_misspelt_areas(named, self.areas(), self.declared / "indicators.toml")
        return tuple(self._with_files(file, "file") for file in files)

    def outcomes(self) -> dict[str, DeclaredOutcome]:
        """What scores are compared with, by id."""
        outcomes = self._read("outcomes.toml", partial(read_outcomes, sources=self.sources()))
        return {name: self._with_files(outcome, "file", "lookup") for name, outcome in outcomes.items()}

    def groups(self) -> Groups:
        """The larger areas that an analyst brings, and how practices and networks are compared."""
        groups = self._read("groups.toml", read_groups)
        named = {group.id: group.areas for group in groups.groups}
        refuse_misspelt_areas(named, self.areas(), self.declared / "groups.toml")
        tidied = tuple(self._with_files(group, "file") for group in groups.groups)
        return groups if tidied == groups.groups else groups.model_copy(update={"groups": tidied})

    def uncertainty(self) -> Uncertainty:
        """What is varied to show how certain a rank is."""
        return self._read("uncertainty.toml", read_uncertainty)

    def places(self) -> Places:
        """The kinds of support places, and how access to them is measured."""
        places = self._read("places.toml", read_places_declaration)
        named = {f"kinds.{kind.id}": kind.areas for kind in places.kinds}
        refuse_misspelt_areas(named, self.areas(), self.declared / "places.toml")
        kinds = tuple(self._with_files(kind, "file") for kind in places.kinds)
        return places if kinds == places.kinds else places.model_copy(update={"kinds": kinds})

    def rates(self) -> Rates:
        """Published rates by age from which people at risk are estimated."""
        return self._read("rates.toml", read_rates)

    def helps(self) -> Helps:
        """What usually helps where a component drives the risk."""
        return self._read("help.toml", read_helps)

    def counts(self) -> Counts:
        """How counts of people or premises are protected."""
        return self._read("counts.toml", read_counts)

    def costs(self) -> Costs:
        """Assumed prices of what a programme is made of."""
        return self._read("costs.toml", read_costs)

    def actions(self) -> tuple[Action, ...]:
        """What was done, where and when."""
        return self._read("actions.toml", read_actions)

    def kinds(self) -> Kinds:
        """The kinds of exclusion that an area is scored for."""
        return self._read("kinds.toml", read_kinds)

    def priority_groups(self) -> PriorityGroups:
        """The groups of neighbourhoods that risk is set against."""
        groups = self._read("priority-groups.toml", read_priority_groups)
        named = {f"groups.{group.id}": group.areas for group in groups.groups}
        refuse_misspelt_areas(named, self.areas(), self.declared / "priority-groups.toml")
        return groups

    def themes(self) -> Themes:
        """What a team asks itself, theme by theme."""
        return self._read("themes.toml", read_themes)

    def look(self) -> Look:
        """The layers of the map and their colours."""
        return self._read("layers.toml", read_layers)

    def snapshot(self) -> "Snapshot":
        """The same folder with each declared file read once: what a run builds from."""
        return Snapshot(self.root, self.scheduler)


class Snapshot(Folders):
    """A project folder whose declared files are read once, so that all stages of a run see the same."""

    def __init__(self, root: Path | str = ".", scheduler: "SchedulerWanted | None" = None) -> None:
        super().__init__(root, scheduler)
        self._once: dict[object, Any] = {}

    def _read(self, name: str, read: Callable[[Path], T]) -> T:
        return self._once_only(name, lambda: super(Snapshot, self)._read(name, read))

    def _once_only(self, key: object, look: Callable[[], T]) -> T:
        if key not in self._once:
            self._once[key] = look()
        value: T = self._once[key]
        return value

    def area(self, name: str) -> Area:
        """The same, looked up once."""
        return self._once_only(("area", name), lambda: super(Snapshot, self).area(name))

    def look_again(self) -> None:
        """Forget which raw files there are: the run itself has fetched or made some."""
        self._once = {key: value for key, value in self._once.items() if isinstance(key, str)}

    def raw_files(self, nation: str, area: str = ANY_AREA) -> dict[str, Path]:
        """The same, looked up once, so that all stages of a run read the same files."""
        return self._once_only(("raw", nation, area), lambda: super(Snapshot, self).raw_files(nation, area))

    def raw_file(self, source: Source, nation: str, area: str = ANY_AREA) -> Path | None:
        """The same, looked up once."""
        return self._once_only((source.id, nation, area), lambda: super(Snapshot, self).raw_file(source, nation, area))
