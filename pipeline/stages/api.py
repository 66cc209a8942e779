"""A project folder as Python code uses it: build areas, read their tables, score by an index."""

import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import JsonValue

from pipeline import raw
from pipeline.catalogue import Area
from pipeline.errors import IN_USE, MissingSourceError, PipelineError, command
from pipeline.stages.asked_again import list_unit_briefings, list_unrecorded
from pipeline.stages.data import Wanted, check_addresses, ensure_demo, fetch_area
from pipeline.stages.graph import (
    CALIBRATE,
    COMPARE,
    PLAN,
    PROGRAMMES,
    SITE,
    SUMMARISE,
    TIDY,
    VALIDATE,
    area_steps,
    belongs_to_graph,
    check_sources,
    list_asked_for,
    list_changed_by_hand,
    list_lost,
    nation_steps,
    step_asked_for,
    unit_briefings_step,
    with_files,
)
from pipeline.stages.located import RELEASES, RISK, locate_run
from pipeline.stages.lock import only_run
from pipeline.stages.progress import Show
from pipeline.stages.project import Folders, Snapshot, tidy_path
from pipeline.stages.reads import LOOKUP, present_sources
from pipeline.stages.requests import (
    CompareWanted,
    CountWanted,
    FitWanted,
    IndexTrial,
    PackWanted,
    PlanWanted,
    Request,
    SitesWanted,
    ValidationWanted,
)
from pipeline.stages.runner import Runner, remake, waiting
from pipeline.stages.stage import Scope, Stage, Step
from pipeline.store import is_whole

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from pipeline.cluster import Crew, SchedulerWanted
    from pipeline.stages.many import AreaDone

Say = Callable[[str], None]
StepsOf = Callable[[Iterable[Area], str | None], list[Step]]
"""The steps that areas need, up to a stage."""
UNTIL = {SITE.name: "score", PLAN.name: PROGRAMMES.name}
"""The last stage that is built before what was asked for; others need joined tables only."""
FROM_NETWORK, FIVE_SITES, SHIPPED_OUTCOME, SHIPPED_FIT = Wanted(), SitesWanted(), ValidationWanted(), FitWanted()


def _say_nothing(_line: str) -> None:
    return


class Project(Folders):
    """A project folder.

    >>> from pipeline import Project
    >>> project = Project("my-project")        # doctest: +SKIP
    >>> project.build("norfolk-and-waveney")   # doctest: +SKIP
    >>> project.risk("norfolk-and-waveney").nlargest(5, "risk_score")  # doctest: +SKIP
    """

    def __init__(
        self,
        root: Path | str = ".",
        show: Show | None = None,
        workers: int = 1,
        scheduler: "SchedulerWanted | None" = None,
    ) -> None:
        """``show`` is told the progress of a build, from the working threads.

        With several ``workers``, so many processes of this machine do the steps of real areas; with one, threads of
        this process do, which suits notebooks and small areas. A script that asks for several does so under
        ``if __name__ == "__main__":``, as each process imports it. The workers of ``scheduler`` share the draws of
        plausible indices (``docs/scale.md``). Neither changes a result.
        """
        super().__init__(root, scheduler)
        self._show = show
        # Whoever is begun for work has the module that began it.
        if workers > 1 and "multiprocessing" in sys.modules:
            from pipeline.cluster import refuse_beginning_again

            refuse_beginning_again()
        self._workers = workers

    @property
    def _at_once(self) -> int | None:
        """Steps at a time; as many as usual where threads of this process do them."""
        return self._workers if self._workers > 1 else None

    def fetch(self, area: str, wanted: Wanted = FROM_NETWORK, say: Say = _say_nothing) -> None:
        """Put the raw files that an area needs into ``data/raw``, from the network or a mirror folder.

        Raises:
            FetchError: a source could not be fetched complete.
            MissingSourceError: the mirror lacks a source that the area needs.
        """
        snapshot = self.snapshot()
        with only_run(self.root, say):
            fetch_area(snapshot, snapshot.area(area), wanted, say)

    def check_addresses(self, area: str, say: Say = _say_nothing) -> bool:
        """Ask the addresses of an area's sources for size and date, without fetching, and show a table.

        Returns:
            Whether all is well; false where one has moved, or none could be reached.
        """
        snapshot = self.snapshot()
        return check_addresses(snapshot, snapshot.area(area), say)

    def build(self, *areas: str, until: str | None = None, say: Say = _say_nothing) -> list[str]:
        """Build the pages and tables of areas: what is stale, and no more.

        Args:
            areas: declared names; by default, those that data was fetched for, or ``demo`` where there are none.
            until: the last stage to run, such as ``score``; by default, all of them.

        Returns:
            The steps that were run, such as ``score norfolk-and-waveney``.

        Raises:
            PipelineError: what an analyst can act on: a fault in a declared or raw file, or a missing source.
        """
        snapshot = self.snapshot()
        wanted = [snapshot.area(name) for name in areas or self.default_areas()]
        with only_run(self.root, say):
            return [step.name for step in self._build(snapshot, wanted, until, say)]

    def build_many(
        self, areas: Sequence[str], crew: "Crew | None" = None, at_once: int | None = None, say: Say = _say_nothing
    ) -> "list[AreaDone]":
        """Build several areas, each a part of the work; one that fails stops no other.

        What areas share is built first, here.

        Args:
            areas: declared names, or those of areas made for an ICB (:meth:`boards`).
            crew: who does the work (:mod:`pipeline.cluster`); by default this process, one area after the other.
            at_once: how many steps of an area run at a time.

        Returns:
            What became of each area, in their order.

        Raises:
            PipelineError: what the areas share cannot be built, or nobody is left to do the work.
        """
        from pipeline.cluster import Alone
        from pipeline.stages.many import AreaDone, AreaTask, build_areas

        snapshot = self.snapshot()
        wanted = [snapshot.area(name) for name in dict.fromkeys(areas)]
        with only_run(self.root, say):
            if any(area.fictional for area in wanted):
                ensure_demo(snapshot, say)
            lacking = {area.id: self.lacking(area.id) for area in wanted}
            able = [area for area in wanted if not lacking[area.id]]
            shared = [step for step in area_steps(snapshot, able) if not step.scope.area]
            crew = crew or Alone()
            with self._crew_for(able) as helpers:
                Runner(say, self._at_once, self._show, helpers).run(shared)
            task = AreaTask(str(self.root.resolve()), "", at_once or 0, self._workers if isinstance(crew, Alone) else 1)
            built = build_areas([replace(task, area=area.id) for area in able], crew, say)
        done = {each.area: each for each in built}
        return [done.get(area.id, AreaDone(area.id, 0.0, lacking[area.id])) for area in wanted]

    def build_apart(self, area: str, at_once: int = 0, say: Say = _say_nothing) -> list[str]:
        """Build an area whose nation is built, without the lock of the folder: for parts of :meth:`build_many`.

        Returns:
            The steps that were run.
        """
        snapshot = self.snapshot()
        return [step.name for step in self._build(snapshot, [snapshot.area(area)], None, say, apart=at_once)]

    def boards(self, say: Say = _say_nothing) -> list[str]:
        """An area for every ICB of the nation that data was fetched for, else of the fictional country.

        Raises:
            MissingSourceError: the lookup from neighbourhoods to ICBs is missing.
        """
        from pipeline.stages.boards import list_boards

        snapshot = self.snapshot()
        nation = "england" if LOOKUP in present_sources(snapshot, "england") else "demo"
        with only_run(self.root, say):
            if nation == "demo":
                ensure_demo(snapshot, say)
            sources = present_sources(snapshot, nation)
            steps = [TIDY.at(snapshot, Scope(nation, source)) for source in sources if source == LOOKUP]
            Runner(say, show=self._show).run(steps)
        return [area.id for area in list_boards(snapshot, nation)]

    def count(self, area: str, wanted: CountWanted, crew: "Crew | None" = None, say: Say = _say_nothing) -> Path:
        """Count rows of people or premises by LSOA and category, small numbers left out.

        Args:
            crew: who does the work (:mod:`pipeline.cluster`); by default this process.

        Returns:
            ``data/local/counts/<name>.parquet``; its record and ``.csv`` and ``.toml`` for indicators lie beside it.

        Raises:
            CountError: files cannot be counted; no row is quoted.
            ClusterError: nobody is left to do the work.
        """
        from pipeline.cluster import Alone
        from pipeline.stages.count import count_rows, name_of, write_counts

        snapshot = self.snapshot()
        chosen = snapshot.area(area)
        name = name_of(wanted)
        snapshot.counts()
        with only_run(self.root, say):
            self._build(snapshot, [chosen], "join", say)
        # The lock is not held meanwhile: what is read is checked by its content.
        counted = count_rows(snapshot, chosen, wanted, crew or Alone(), say)
        with only_run(self.root, say):
            return write_counts(snapshot, chosen, name, counted, say)

    def _build(
        self, snapshot: Snapshot, areas: Sequence[Area], until: str | None, say: Say, *, apart: int | None = None
    ) -> list[Step]:
        """Build areas up to a stage; with ``apart``, only their own steps, so many at once (0: as many as usual)."""
        if any(area.fictional for area in areas):
            ensure_demo(snapshot, say)
        check_sources(snapshot, areas)
        unread = dict.fromkeys(line for area in areas for line in raw.list_unread(self.root, area.id, area.nation))
        lost = [line for a in areas for line in (*list_lost(snapshot, a), *list_unrecorded(snapshot, a))]
        for line in [*unread, *lost]:
            say(f"Note: {line}")

        def steps_of(some: Iterable[Area], upto: str | None) -> list[Step]:
            return [step for step in area_steps(snapshot, some, upto) if step.scope.area or apart is None]

        done = []
        with self._crew_for(areas) as crew:
            runner = Runner(say, apart or self._at_once, show=self._show, crew=crew)
            if until is None:
                done += self._again(runner, snapshot, areas, say, steps_of)
                done += self._brief_again(runner, snapshot, areas, say, steps_of)
            steps = steps_of(areas, until)
            done += runner.run(steps)
        for line in list_changed_by_hand(steps):
            say(f"Note: {line}")
        return done

    def _crew_for(self, areas: Sequence[Area]) -> "AbstractContextManager[Crew | None]":
        """Processes for the steps of areas; none where threads do them: a fictional area is sooner done than said."""
        if self._workers == 1 or all(area.fictional for area in areas):
            return nullcontext()
        from pipeline.cluster import Processes

        # One step at a time is worked on in this process.
        return Processes(self._workers - 1)

    def _again(
        self, runner: Runner, snapshot: Snapshot, areas: Sequence[Area], say: Say, steps_of: StepsOf
    ) -> list[Step]:
        """Run once more what was asked for earlier and is no longer what it was made from, or as it was made."""
        asked = [each for area in areas for each in list_asked_for(snapshot, area)]
        for each in asked:
            if each.gone:
                say(f"Note: {', '.join(each.gone)}, which {each.step.name} was made from, is gone.")
        again = [each for each in asked if each.reasons]
        if not again:
            return []
        done = runner.run(steps_of(areas, PROGRAMMES.name))
        for each in again:
            done += remake(runner, each.step, each.reasons, each.request, say)
        return done

    def _brief_again(
        self, runner: Runner, snapshot: Snapshot, areas: Sequence[Area], say: Say, steps_of: StepsOf
    ) -> list[Step]:
        """Write once more the briefings on units that were asked for, where what they read has changed."""
        asked = [area for area in areas if list_unit_briefings(snapshot, area)]
        # Which units a level has is in the tables of larger areas.
        done = runner.run(steps_of(asked, SUMMARISE.name)) if asked else []
        seen: set[Path] = set()
        # One that was part of another comes to light where the other can no longer be made.
        while waits := [
            each for area in asked for each in list_unit_briefings(snapshot, area) if each.step.record_path not in seen
        ]:
            for step, request in waits:
                seen.add(step.record_path)
                reasons = runner.reasons(step)
                if reasons:
                    done += remake(runner, step, reasons, request, say)
        return done

    def try_index(self, area: str, trial: IndexTrial, say: Say = _say_nothing) -> None:
        """Score an area by another index. The table goes to ``trial.output``; nothing else changes.

        Raises:
            PipelineError: ``trial.output`` is no place for a table, or belongs to an area.
            DeclarationError: the index does not exist.
            ScoringError: the index cannot be computed from the area's columns.
        """
        from pipeline.stages.score import check_trial, try_index

        snapshot = self.snapshot()
        chosen = snapshot.area(area)
        check_trial(snapshot, chosen, trial)
        with only_run(self.root, say):
            self._build(snapshot, [chosen], "places", say)
            say(try_index(snapshot, chosen, trial))

    def seek_sites(self, area: str, wanted: SitesWanted = FIVE_SITES, say: Say = _say_nothing) -> None:
        """Propose sites for new support places in an area; the next build shows them on its map.

        Raises:
            PipelineError: the area has no list of support places, or the request cannot be met.
        """
        self._ask(SITE, area, wanted, say)

    def plan(self, area: str, wanted: PlanWanted, say: Say = _say_nothing) -> None:
        """Choose programmes of an area, and candidate sites, for a budget; the next build shows the plan on its page.

        Raises:
            PipelineError: there is nothing to choose from, the budget pays for none, or candidates cannot be used.
        """
        self._ask(PLAN, area, wanted, say)

    def pack(self, area: str, wanted: PackWanted, say: Say = _say_nothing) -> None:
        """Build an area, and put all that was made into one archive to hand on.

        Raises:
            PipelineError: the archive is no place for one, or belongs to what is built.
        """
        from pipeline.stages.pack import pack

        snapshot = self.snapshot()
        chosen = snapshot.area(area)
        if wanted.output is not None and belongs_to_graph(snapshot, [wanted.output]):
            raise PipelineError(f"--output: {wanted.output} is a file that the build makes or reads. Name another.")
        with only_run(self.root, say):
            self._build(snapshot, [chosen], None, say)
            say(pack(snapshot, chosen, wanted))

    def validate(self, area: str, wanted: ValidationWanted = SHIPPED_OUTCOME, say: Say = _say_nothing) -> None:
        """Compare the scores of an area with an outcome: ``evidence.parquet`` and ``evidence.json``.

        Raises:
            MissingSourceError: no outcome was given and the shipped one is missing.
            EvidenceError: the outcome cannot be matched to the nation's LSOAs.
        """
        self._ask(VALIDATE, area, wanted, say)

    def brief(self, area: str, of: str | None, level: str | None = None, say: Say = _say_nothing) -> list[Path]:
        """Write briefings on units of an area, as PDF and HTML under ``maps/<area>/briefings``.

        Args:
            of: the name or code of a district, ward, MSOA or other larger area; None for all of a ``level``.
            level: where a name has several, such as ``lad`` or ``ward``; needed for all.

        Raises:
            PipelineError: no unit, or more than one, has that name.
        """
        from pipeline.stages.reads import unit_files
        from pipeline.stages.unit_briefings import choose_units

        snapshot = self.snapshot()
        chosen = snapshot.area(area)
        with only_run(self.root, say):
            self._build(snapshot, [chosen], SUMMARISE.name, say)
            wanted = choose_units(snapshot, Scope(chosen.nation, area=chosen.id), of, level)
            files = [path for unit in wanted.units for path in unit_files(snapshot, chosen.id, unit.file)]
            name = f"all-{wanted.every}" if wanted.every else wanted.units[0].file
            step = unit_briefings_step(snapshot, chosen, name, files)
            Runner(say, show=self._show).execute(step, request=wanted.model_dump(mode="json"))
        return files

    def keep(self, area: str, name: str | None = None, say: Say = _say_nothing) -> Path:
        """Keep an area as it is built now for later comparisons, under today's date, complete or not at all.

        Args:
            name: what to call the run, such as ``before-tablets``; each name is used once.

        Returns:
            The folder, ``data/kept/<area>/<date>``, with ``-2`` and so on after the first of a day.

        Raises:
            MissingSourceError: the area was not built, or was changed since.
            PipelineError: the name is taken, or is that of an index, a release or a folder.
        """
        from pipeline.stages.keep import keep_built

        snapshot = self.snapshot()
        chosen = snapshot.area(area)
        with only_run(self.root, say):
            self._built(area, RISK)
            return keep_built(snapshot, chosen, name, say)

    def compare(self, area: str, wanted: CompareWanted, say: Say = _say_nothing) -> None:
        """Say what changed between two runs of an area, or two releases: ``changes.parquet``, and a page.

        Raises:
            CompareError: what is named does not exist, or its figures do not mean the same.
            RecordError: a run was altered since it was kept.
            MissingSourceError: a source of a release, or the lookup of codes, is missing.
        """
        snapshot = self.snapshot()
        chosen = snapshot.area(area)
        with only_run(self.root, say):
            sides = (wanted.old, wanted.new)
            if any(text in RELEASES for text in sides):
                self._build(snapshot, [chosen], "join", say)
            elif {locate_run(snapshot, chosen, text).kind for text in sides} & {"now", "index"}:
                self._build(snapshot, [chosen], "score", say)
            request = wanted.model_dump(mode="json")
            step = step_asked_for(snapshot, COMPARE, chosen.id, request)
            Runner(say, show=self._show).execute(step, request=request)

    def calibrate(self, nation: str, wanted: FitWanted = SHIPPED_FIT, say: Say = _say_nothing) -> None:
        """Fit an index's weights to an outcome and judge them where they were not fitted: ``calibration.json``.

        Raises:
            MissingSourceError: no outcome was given and the shipped one is missing.
            EvidenceError: the outcome cannot be matched to the nation's LSOAs, or no weights can be fitted to it.
        """
        from pipeline.stages.calibrate import check_output

        snapshot = self.snapshot()
        snapshot.index(wanted.index)
        check_output(snapshot, wanted)
        areas = [area for area in snapshot.areas().values() if area.nation == nation]
        country = Area(id="whole-nation", title=nation, everything=True, fictional=nation == "demo")
        with only_run(self.root, say):
            if country.fictional:
                ensure_demo(snapshot, say)
            elif all(self.lacking(area.id) for area in areas):
                check_sources(snapshot, sorted(areas, key=lambda area: not area.everything)[:1])
            runner = Runner(say, show=self._show)
            runner.run(nation_steps(snapshot, nation))
            request = self._named(wanted)
            step = step_asked_for(snapshot, CALIBRATE, nation, request)
            if wanted.index.endswith(".toml"):
                step = with_files(step, [Path(wanted.index)])
            runner.execute(step, request=request)

    def _ask(self, stage: Stage, area: str, wanted: Request, say: Say) -> None:
        snapshot = self.snapshot()
        chosen = snapshot.area(area)
        with only_run(self.root, say):
            self._build(snapshot, [chosen], UNTIL.get(stage.name, "join"), say)
            request = self._named(wanted)
            step = step_asked_for(snapshot, stage, chosen.id, request)
            Runner(say, show=self._show).execute(step, request=request)

    def _named(self, wanted: Request) -> dict[str, JsonValue]:
        """A request with the files that it names from the project folder, so that it can be met again from anywhere."""
        request: dict[str, JsonValue] = wanted.model_dump(mode="json")
        outcome = request.get("outcome")
        for table, key in ((request, "candidates"), (outcome, "path")):
            if isinstance(table, dict) and isinstance(name := table.get(key), str):
                here = Path(name)
                path = here.absolute() if here.is_file() else self.local_file(name)
                table[key] = self.name_of(tidy_path(path, self.root)) if path.is_file() else name
        return request

    def clean(self, say: Say = _say_nothing) -> None:
        """Remove what was built under ``data/processed`` and ``maps``; raw files stay."""
        with only_run(self.root, say):
            try:
                for folder in (self.root / "data" / "processed", self.root / "maps"):
                    for path in folder.iterdir() if folder.is_dir() else ():
                        if path.is_dir():
                            shutil.rmtree(path)
                        elif not path.name.startswith("."):
                            path.unlink()
            except OSError as error:
                raise PipelineError(f"{error.filename} cannot be removed ({error.strerror}). {IN_USE}") from error
        say("Removed what was built; raw files stay.")

    def build_assets(self, say: Say = _say_nothing) -> None:
        """Build the browser code of the page, in a checkout; does nothing where it is up to date.

        Raises:
            PipelineError: Node.js is not installed, or the build fails.
        """
        Runner(say, show=self._show).run(area_steps(self.snapshot(), [], "assets"))

    def default_areas(self) -> list[str]:
        """The areas that data was fetched for, or the fictional one where there are none."""
        fictional = [name for name, area in self.areas().items() if area.fictional]
        return self.fetched_areas() or fictional[:1] or ["demo"]

    def stale(self, *areas: str) -> dict[str, list[str]]:
        """What the next build would run, with the reasons, by step; empty where all is up to date."""
        snapshot = self.snapshot()
        wanted = [snapshot.area(name) for name in areas or self.default_areas()]
        asked = [each for area in wanted for each in list_asked_for(snapshot, area) if each.reasons]
        steps = area_steps(snapshot, wanted)
        # After those that they read from, and before the front door, which lists them.
        steps[-len(wanted) :] = [
            *(each.step for area in wanted for each in list_unit_briefings(snapshot, area)),
            *steps[-len(wanted) :],
        ]
        built = {step.name: reasons for step, reasons in waiting(Runner(_say_nothing), steps)}
        return built | {each.step.name: each.reasons for each in asked}

    def lacking(self, *areas: str) -> str:
        """The sources that real areas lack and the commands that fetch them; empty where all are there."""
        snapshot = self.snapshot()
        try:
            chosen = [snapshot.area(name) for name in areas or self.default_areas()]
            check_sources(snapshot, [area for area in chosen if not area.fictional])
        except MissingSourceError as error:
            return str(error)
        return ""

    def risk(self, area: str) -> "gpd.GeoDataFrame":
        """``risk.parquet`` of an area: one row for each LSOA, sorted by code, with geometry in EPSG:4326.

        Raises:
            MissingSourceError: the area was not built, or the file was changed since; with the command that builds it.
        """
        from pipeline.store import read_geotable

        return read_geotable(self._built(area, "risk.parquet"))

    def table(self, area: str, name: str) -> "pd.DataFrame":
        """Another table of an area, such as ``support_places``, ``nearest`` or ``sites``.

        Raises:
            MissingSourceError: there is none; with the command that builds it.
        """
        from pipeline.store import read_table

        return read_table(self._built(area, f"{name}.parquet"))

    def nation_table(self, nation: str = "england") -> "pd.DataFrame":
        """All LSOAs of a nation (``england`` or ``demo``) with every source's columns, indexed by code.

        Raises:
            MissingSourceError: no area of the nation is built.
        """
        from pipeline.store import read_table

        path = self.national(nation) / "reference.parquet"
        if not path.is_file():
            raise MissingSourceError(
                f"{path} does not exist yet. Build an area of this nation: {command('maps', '<area>')}"
            )
        return read_table(path).set_index("lsoa21_code")

    def _built(self, area: str, file: str) -> Path:
        """A file of an area that a complete run made, unchanged since."""
        chosen = self.area(area)
        path, records = self.processed(chosen.id) / file, self.records(chosen.nation, chosen.id)
        if not path.is_file():
            raise MissingSourceError(f"{path} does not exist yet. Run: {command('maps', area)}")
        if not any(is_whole(path, self.name_of(path), record) for record in records.glob("*.json")):
            raise MissingSourceError(
                f"{path} was changed since it was made, or the run that made it did not finish. "
                f"Run: {command('maps', area)}"
            )
        return path
