"""The command line: ``python -m pipeline``, installed as ``digital-exclusion``; the Makefile calls nothing else."""

import argparse
import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from pipeline._version import __version__
from pipeline.errors import CHECKOUT, PipelineError, command, refused_by_machine
from pipeline.stages import options as read
from pipeline.stages.console import Console, finish_streams, speak_any_script
from pipeline.stages.faults import Ended, describe_fault, watched
from pipeline.stages.machine import cores, set_up_memory

if TYPE_CHECKING:
    from pipeline.cluster import Crew, SchedulerWanted
    from pipeline.stages.api import Project
    from pipeline.stages.requests import OutcomeWanted

__all__ = ["Console", "main"]

REFUSED, MISTYPED, STOPPED_BY_USER = 1, 2, 130
UNTIL = {
    "tidy": "read the raw files of an area into tidy tables",
    "join": "join the tidy tables onto the boundaries of an area",
    "places": "locate the support places and stories of an area",
    "programmes": "bundle the neighbourhoods to act in of an area into programmes",
    "summarise": "sum up an area by ward, MSOA, district, Sub-ICB, ICB and the groups that are declared",
    "map": "draw the page of an area",
    "method": "write the page on the method and on how certain the ranks of an area are",
    "assess": "show the self-assessment of an area beside its map",
    "package": "describe every file of an area for other tools",
}
"""Commands that build an area up to one stage."""


Command = Callable[[argparse.Namespace, Console], int | None]


class _Run:
    """One call of the program: its console, and the project folder, as far as they are known yet."""

    def __init__(self) -> None:
        self.console = Console()
        self.root = Path()

    def note(self, line: str) -> None:
        self.console.note(line)

    def complain(self, line: str) -> None:
        self.console.complain(line)

    def __call__(self, arguments: Sequence[str] | None) -> int:
        for name in sys.argv[1:] if arguments is None else arguments:
            read.refuse_broken_name(name)
        options = _parser().parse_args(arguments)
        self.root = options.root
        self.console = Console(quiet=options.quiet, log=options.log)
        run: Command = options.run
        return run(options, self.console) or 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; problems that the reader can act on are reported without a traceback.

    Returns:
        0; 1 where the message says what is wrong; 2 for a command or an option that does not exist; 130 where the run
        was stopped by the user.
    """
    speak_any_script()
    set_up_memory()
    run = _Run()
    with watched(lambda: run.root, run.note, run.complain):
        status = _report(run, arguments)
        written = finish_streams()
    return status or (0 if written else REFUSED)


def _report(run: _Run, arguments: Sequence[str] | None) -> int:
    """Run a command, and put whatever stops it into one line."""
    try:
        return run(arguments)
    except read.UsageError as error:
        run.complain(f"\nStopped: {error}\n")
        return MISTYPED
    except PipelineError as error:
        run.complain(f"\nStopped: {error}\n")
    except Ended as error:
        run.complain(f"\nStopped from outside ({error}). Finished work is kept; run the same command to continue.")
    except KeyboardInterrupt:
        run.complain("\nStopped by you. Finished work is kept; run the same command to continue.")
        return STOPPED_BY_USER
    except BrokenPipeError:
        # The reader of the output has stopped reading: nobody is there to be told.
        return REFUSED
    except Exception as error:
        told = refused_by_machine(error)
        # An error of the machine is named; where it came from is in the file all the same.
        details = describe_fault(error, run.root) if told is None else ""
        run.complain(f"\nStopped: {told}\n" if told is not None else f"\nStopped by {details}\n")
    return REFUSED


def _parser() -> argparse.ArgumentParser:
    parser = read.Parser(
        prog="digital-exclusion" if Path(sys.argv[0]).name.startswith("digital-exclusion") else "python -m pipeline",
        description="Digital-exclusion risk maps from official files.",
    )
    parser.add_argument("--version", action="version", version=f"digital-exclusion {__version__}")
    _add_common(parser, {"root": Path(), "quiet": False, "log": None})
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, run: Command, text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        _add_common(command, {})
        command.set_defaults(run=run)
        return command

    init = add("init", _init, "set up a project folder: declared files, folders and a README")
    init.add_argument("folder", type=Path)
    data = add("data", _data, "fetch the sources that an area needs into data/raw")
    data.add_argument("area", nargs="?", default="norfolk-and-waveney")
    data.add_argument("--mirror", help="take the files from this folder instead of the network")
    data.add_argument(
        "--check",
        action="store_true",
        help="fetch nothing: ask each address for size and date, and say what has moved (exit status 1 if one has, or "
        "none answers)",
    )
    data.add_argument(
        "--accept", action="append", default=[], metavar="SOURCE", help="use a source although its bytes changed"
    )
    maps = add("maps", _maps, "build the maps of areas: what is stale, and no more")
    maps.add_argument(
        "areas", nargs="*", help="declared areas (default: those that data was fetched for, else the fictional demo)"
    )
    maps.add_argument(
        "--all",
        dest="every",
        action="store_true",
        help="every Integrated Care Board, from what was fetched for England",
    )
    _add_crew(maps)
    status = add("status", _status, "list what is stale, and why")
    status.add_argument("areas", nargs="*", help="declared areas (default: as for maps)")
    for name, text in UNTIL.items():
        add(name, _until(name), text).add_argument("area")
    _add_score(add("score", _score, "score an area by its index, or try another index"))
    _add_site(add("site", _site, "propose sites for new support places"))
    _add_plan(add("plan", _plan, "choose programmes of an area for a budget"))
    briefing = add("briefing", _briefing, "write the briefing on an area, or on a district, ward or practice in it")
    briefing.add_argument("area", nargs="?", default="norfolk-and-waveney")
    briefing.add_argument(
        "--of", metavar="UNIT", help="the name or code of a larger area, such as a district or ward, instead of all"
    )
    briefing.add_argument(
        "--level", help="of which level it is (lad, ward, msoa, practice …), where a name has several"
    )
    briefing.add_argument("--all", dest="every", action="store_true", help="one briefing for each unit of --level")
    _add_count(add("count", _count, "count rows of people or premises by neighbourhood, small numbers left out"))
    packing = add("pack", _pack, "build an area, and put all that was made into one archive to hand on")
    packing.add_argument("area", nargs="?", default="norfolk-and-waveney")
    packing.add_argument("--stories", action="store_true", help="with what people said, on the map and as a table")
    packing.add_argument(
        "--outcomes", action="store_true", help="with comparisons with outcomes that are not published"
    )
    packing.add_argument("--self-assessment", action="store_true", help="with what the team says of itself")
    packing.add_argument(
        "--output", type=read.file_to_write("--output", [".zip"]), help="the archive (default maps/<area>/<area>.zip)"
    )
    validate = add("validate", _validate, "compare the scores of an area with an outcome")
    validate.add_argument("area", nargs="?", default="norfolk-and-waveney")
    validate.add_argument(
        "--publish", action="store_true", help="show your outcome on the method page and in the data package, too"
    )
    calibrate = add("calibrate", _calibrate, "fit an index to an outcome, and judge it on areas it was not fitted to")
    calibrate.add_argument(
        "--nation", choices=["england", "demo"], default="england", help="the nation to fit in (default england)"
    )
    calibrate.add_argument(
        "--index", default="norfolk-waveney", help="the index whose components and indicators get weights"
    )
    calibrate.add_argument(
        "--least",
        type=read.share("--least", 0.5),
        default=0.02,
        help="the smallest share of an indicator (default 0.02)",
    )
    calibrate.add_argument(
        "--output",
        type=read.file_to_write("--output", [".toml"]),
        help="write the index with its weights to this .toml",
    )
    for against_outcome in (validate, calibrate):
        _add_outcome(against_outcome)
    keep = add("keep", _keep, "keep an area as it is built now, to compare a later run with it")
    keep.add_argument("area", nargs="?", default="norfolk-and-waveney")
    keep.add_argument("--as", dest="called", metavar="NAME", help="what to call the run (default: its date)")
    compare = add("compare", _compare, "say what changed between two runs of an area, why, and how sure that is")
    sides = "now, the date or name of a kept run, the folder of a run, an index, iod2019 or iod2025"
    compare.add_argument("old", help=f"the earlier side: {sides}")
    compare.add_argument("new", help="the later side, likewise")
    compare.add_argument("--area", default="norfolk-and-waveney", help="the area (default norfolk-and-waveney)")
    demo = add("demo", _demo, "write the raw files of the fictional demonstration area")
    demo.add_argument(
        "--areas", type=read.whole_number("--areas", 60, 50_000), help="number of LSOAs (default: as last time, or 600)"
    )
    add("missing", _missing, "list the sources of an area that are missing").add_argument("area")
    add("clean", _clean, "remove what was built; raw files stay")
    add("dictionary", _dictionary, "write docs/data-dictionary.md from the registry of columns")
    if (CHECKOUT / "page").is_dir():
        add("architecture", _architecture, "write the picture and tables of docs/architecture.md from the build graph")
        add("contract", _contract, "write the page's types and docs/contract.md from the models of its data")
        add("assets", _assets, "build the browser code of the page")
    return parser


def _add_common(parser: argparse.ArgumentParser, defaults: dict[str, Path | bool | None]) -> None:
    """Add the options that every command takes, which may stand before the command as well as after it.

    A command has no ``defaults`` for them: what stands before it would be overwritten.
    """

    def add(name: str, text: str, **reading: Any) -> None:
        parser.add_argument(f"--{name}", default=defaults.get(name, argparse.SUPPRESS), help=text, **reading)

    add("root", "the project folder (default: here)", type=Path)
    add("quiet", "print nothing unless something is wrong", action="store_true")
    add("log", "append all messages to this file", type=Path, metavar="FILE")


def _add_score(score: argparse.ArgumentParser) -> None:
    score.add_argument("area")
    score.add_argument("--index", help="another index: a name under declared/indices, or a .toml file")
    score.add_argument(
        "--output",
        type=read.file_to_write("--output", [".parquet"]),
        help="write this parquet instead of data/processed/<area>/risk.parquet",
    )
    score.add_argument(
        "--no-uncertainty",
        dest="uncertain",
        action="store_false",
        help="with --output: leave rank intervals and hot spots empty",
    )


def _add_crew(command: argparse.ArgumentParser) -> None:
    """Who does the work, where it is in parts."""
    command.add_argument(
        "--workers",
        type=read.whole_number("--workers", 1, 256),
        default=None,
        help="processes of this machine that share the work: areas where there are several, else the steps of one "
        "(default: the steps of one area at a time, a process for each core; 1 does everything in one process)",
    )
    command.add_argument(
        "--scheduler", metavar="ADDRESS", help="the dask scheduler whose workers do it, such as tls://10.0.0.5:8786"
    )
    command.add_argument(
        "--scheduler-file", type=Path, metavar="FILE", help="the file that the scheduler wrote, instead of its address"
    )
    for name, what in (("ca", "of the authority that signed the certificates"), ("cert", "of this machine")):
        command.add_argument(f"--tls-{name}", type=Path, metavar="FILE", help=f"the certificate {what} (PEM)")
    command.add_argument("--tls-key", type=Path, metavar="FILE", help="the key of this machine's certificate (PEM)")


def _add_count(count: argparse.ArgumentParser) -> None:
    count.add_argument(
        "files", nargs="+", metavar="FILE", help="CSV or parquet files, folders of them, or patterns in quotation marks"
    )
    count.add_argument("area")
    count.add_argument("--name", help="what to call the counts, such as first_contacts (default: from the first file)")
    count.add_argument("--category", metavar="HEADER", help="the column to count by, of a few groups")
    count.add_argument(
        "--columns",
        action="append",
        default=[],
        metavar="NAME=HEADER",
        help="the headers of postcode, x, y and category, such as x=Lon,y=Lat, where they are not recognised",
    )
    count.add_argument("--crs", help="the coordinate system of x and y, such as EPSG:27700")
    count.add_argument("--decimal", choices=[".", ","], default=".", help="what separates decimals in the files")
    count.add_argument(
        "--allow-unencrypted",
        action="store_true",
        help="with --scheduler: take one that is not tls://, as the rows are not of people",
    )
    _add_crew(count)


def _add_site(site: argparse.ArgumentParser) -> None:
    site.add_argument("area", nargs="?", default="norfolk-and-waveney")
    site.add_argument(
        "--new", type=read.whole_number("--new", 1, 1_000_000), default=5, help="the most sites to propose (default 5)"
    )
    site.add_argument(
        "--reach", type=read.reach, default="5km", help="the reach of a place: 5km, 800m, 20min (default 5km)"
    )
    site.add_argument("--candidates", help="a CSV or GeoJSON, or a kind of places (default: every neighbourhood)")
    site.add_argument(
        "--columns",
        action="append",
        default=[],
        metavar="NAME=HEADER",
        help="the headers of name, postcode, x, y and cost in the file of candidates, such as x=Lon,y=Lat",
    )
    _add_file(site)
    site.add_argument(
        "--kind", action="append", default=[], help="existing places to count (default: those that offer help now)"
    )
    site.add_argument(
        "--model",
        choices=["covering", "p-median"],
        default="covering",
        help="bring most people within reach, or shorten distances (default covering)",
    )
    site.add_argument(
        "--budget",
        type=read.number("--budget", 0, 1e15, empty=True),
        help="what the sites may cost together, in the unit of the column cost",
    )
    site.add_argument(
        "--seconds",
        type=read.number("--seconds", 0, 86_400),
        default=60.0,
        help="time limit of the whole search, in seconds (default 60)",
    )


def _add_plan(plan: argparse.ArgumentParser) -> None:
    plan.add_argument("area", nargs="?", default="norfolk-and-waveney")
    plan.add_argument(
        "--budget",
        type=read.number("--budget", 0, 1e9),
        default=100_000.0,
        help="pounds in a year, by the prices of declared/costs.toml (default 100000)",
    )
    plan.add_argument("--candidates", help="a CSV or GeoJSON of candidate sites with a column cost, chosen among too")
    plan.add_argument(
        "--columns",
        action="append",
        default=[],
        metavar="NAME=HEADER",
        help="the headers of name, postcode, x, y and cost in the file of candidates, such as x=Lon,y=Lat",
    )
    plan.add_argument(
        "--reach", type=read.reach, default="5km", help="the reach of a site: 5km, 800m, 20min (default 5km)"
    )
    _add_file(plan)
    plan.add_argument(
        "--seconds",
        type=read.number("--seconds", 0, 86_400),
        default=60.0,
        help="time limit of the whole search, in seconds (default 60)",
    )


def _add_file(command: argparse.ArgumentParser) -> None:
    command.add_argument("--sheet", help="the sheet of a workbook that has several")
    command.add_argument("--layer", help="the layer of a file of shapes that has several")
    command.add_argument("--decimal", choices=[".", ","], default=".", help="what separates decimals in the file")


def _named_columns(given: Sequence[str]) -> dict[str, str]:
    """``name=Site,x=Lon`` as headers by what they mean; a header with a comma needs an option of its own."""
    parts = [part for text in given for part in ([text] if text.count("=") == 1 else text.split(","))]
    wrong = [part for part in parts if "=" not in part]
    if wrong:
        raise PipelineError(f"--columns: expected pairs such as name=Site,x=Longitude; found '{wrong[0]}'.")
    return {name.strip(): header.strip() for name, _, header in (part.partition("=") for part in parts)}


def _add_outcome(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--outcome",
        type=Path,
        help="CSV or parquet by LSOA (default: the declared ones)",
    )
    command.add_argument("--column", help="the column of the file with the outcome")
    command.add_argument("--code-column", help="the column with LSOA codes, where it is not clear")
    _add_file(command)
    command.add_argument("--higher-is-better", action="store_true", help="a high value of the outcome is good")
    command.add_argument(
        "--draws",
        type=read.whole_number("--draws", 100, 100_000),
        default=1_000,
        help="bootstrap samples (default 1000)",
    )


def _project(options: argparse.Namespace, console: Console, scheduler: "SchedulerWanted | None" = None) -> "Project":
    if not (options.root / "declared").is_dir():
        raise PipelineError(
            f"{options.root.resolve()} is not a project folder: it has no folder 'declared'. Go to yours, or set up a "
            "new one: digital-exclusion init FOLDER"
        )
    read.refuse_broken_name(str(options.root.resolve()))
    from pipeline.stages.api import Project

    workers = getattr(options, "workers", None) or cores()
    return Project(options.root, console.show, workers, scheduler)


def _given(values: Sequence[str]) -> list[str]:
    """Make passes an empty argument for a variable that was not given."""
    return [value for value in values if value]


def _init(options: argparse.Namespace, console: Console) -> None:
    from pipeline.stages.layout import lay_out

    lay_out(options.folder, console.say)


def _data(options: argparse.Namespace, console: Console) -> int:
    from pipeline.stages.data import Wanted

    area = options.area or "norfolk-and-waveney"
    if options.check:
        return 0 if _project(options, console).check_addresses(area, console.say) else 1
    try:
        mirror = Path(options.mirror).expanduser() if options.mirror else None
    except RuntimeError:
        raise PipelineError(f"--mirror {options.mirror}: there is no such person on this computer.") from None
    wanted = Wanted(mirror, tuple(_given(options.accept)), options.quiet)
    _project(options, console).fetch(area, wanted, console.say)
    return 0


@contextmanager
def _crew(options: argparse.Namespace, console: Console) -> "Iterator[Crew]":
    """Whoever does work in parts, as the options say."""
    from pipeline.cluster import Alone, OnScheduler, Processes

    scheduler = _scheduler(options)
    chosen: OnScheduler | Processes | Alone = (
        OnScheduler(scheduler)
        if scheduler is not None
        else Processes(options.workers)
        if (options.workers or 1) > 1
        else Alone()
    )
    with chosen as crew:
        try:
            yield crew
        except KeyboardInterrupt:
            if crew.at_once > 1:
                console.complain("Stopping: parts that are being worked on come to their end first.")
            raise


def _scheduler(options: argparse.Namespace) -> "SchedulerWanted | None":
    address, file = options.scheduler or "", options.scheduler_file
    tls = (options.tls_ca, options.tls_cert, options.tls_key)
    if not address and file is None:
        if any(tls):
            raise PipelineError("--tls-ca, --tls-cert and --tls-key go with --scheduler or --scheduler-file.")
        return None
    if address and file is not None:
        raise PipelineError("--scheduler and --scheduler-file name the scheduler twice: give one of them.")
    if options.workers:
        raise PipelineError("--workers are processes of this machine: with a scheduler, start its workers there.")
    from pipeline.cluster import SchedulerWanted, TlsFiles

    return SchedulerWanted(address, file, TlsFiles(*tls))


def _many_maps(options: argparse.Namespace, console: Console) -> int:
    """Several areas, each a part of the work; 1 where one has failed."""
    from pipeline.stages.many import summarise_areas

    project, areas = _project(options, console), _given(options.areas)
    if areas and options.every:
        raise PipelineError("--all builds every Integrated Care Board: name no areas beside it.")
    with _crew(options, console) as crew:
        names = project.boards(console.say) if options.every else areas or project.default_areas()
        done = project.build_many(names, crew, say=console.say)
    for line in summarise_areas(done):
        console.say(line)
    return REFUSED if any(each.fault for each in done) else 0


def _count(options: argparse.Namespace, console: Console) -> None:
    from pipeline.cluster import refuse_unencrypted
    from pipeline.stages.requests import CountWanted

    columns = _named_columns(_given(options.columns))
    if options.category:
        columns["category"] = options.category
    wanted = CountWanted(
        files=tuple(_given(options.files)),
        name=options.name or None,
        columns=columns,
        crs=options.crs or None,
        decimal=options.decimal,
    )
    project = _project(options, console)
    scheduler = _scheduler(options)
    if scheduler is not None and not options.allow_unencrypted:
        refuse_unencrypted(scheduler)
    with _crew(options, console) as crew:
        project.count(options.area, wanted, crew, console.say)


def _maps(options: argparse.Namespace, console: Console) -> int:
    scheduler, named = _scheduler(options), _given(options.areas)
    project = _project(options, console, scheduler)
    names = named or ([] if options.every else project.default_areas())
    if options.every or len(named) > 1 or (scheduler is not None and len(names) > 1):
        return _many_maps(options, console)
    if scheduler is not None:
        # Before anything is built: is it there, and are the versions the same?
        with _crew(options, console):
            pass
    done = project.build(*names, say=console.say)
    if not done:
        console.say("Nothing to do: everything is up to date.")
    for name in names:
        console.say(f"Open {project.page(name)}")
        if project.area(name).fictional:
            real = "norfolk-and-waveney"
            console.say(
                f"It shows FICTIONAL DATA. For the real Norfolk and Waveney: {command('data', real)}, then "
                f"{command('maps', real)}"
            )
    return 0


def _status(options: argparse.Namespace, console: Console) -> None:
    from pipeline.stages.changes import in_short

    project, areas = _project(options, console), _given(options.areas)
    names = areas or project.default_areas()
    lacking = project.lacking(*names)
    if lacking:
        console.say(lacking)
        return
    stale = project.stale(*names)
    for step, reasons in stale.items():
        console.say(f"{step}: {in_short(reasons)}")
    if not stale:
        console.say(f"{', '.join(names)}: up to date")


def _until(stage: str) -> Command:
    def run(options: argparse.Namespace, console: Console) -> None:
        _project(options, console).build(options.area, until=stage, say=console.say)

    return run


def _score(options: argparse.Namespace, console: Console) -> None:
    project = _project(options, console)
    if options.output is None:
        if not options.uncertain:
            raise PipelineError("--no-uncertainty is for trying an index: give --output too.")
        if options.index is not None:
            raise PipelineError(
                "--index is for trying an index: give --output too. To use it for the area from now on, name it as the "
                f"index of {options.area} in declared/areas.toml."
            )
        project.build(options.area, until="score", say=console.say)
        return
    from pipeline.stages.requests import IndexTrial

    trial = IndexTrial(output=options.output, index=options.index, uncertain=options.uncertain)
    project.try_index(options.area, trial, console.say)


def _site(options: argparse.Namespace, console: Console) -> None:
    from pipeline.stages.requests import SitesWanted

    wanted = SitesWanted(
        new=options.new,
        reach=options.reach,
        candidates=options.candidates or None,
        columns=_named_columns(_given(options.columns)),
        sheet=options.sheet,
        layer=options.layer,
        decimal=options.decimal,
        kinds=tuple(_given(options.kind)),
        model="maximal covering" if options.model == "covering" else "p-median",
        budget=options.budget,
        seconds=options.seconds,
    )
    _project(options, console).seek_sites(options.area or "norfolk-and-waveney", wanted, console.say)


def _plan(options: argparse.Namespace, console: Console) -> None:
    from pipeline.stages.requests import PlanWanted

    wanted = PlanWanted(
        budget=options.budget,
        candidates=options.candidates or None,
        columns=_named_columns(_given(options.columns)),
        sheet=options.sheet,
        layer=options.layer,
        decimal=options.decimal,
        reach=options.reach,
        seconds=options.seconds,
    )
    _project(options, console).plan(options.area or "norfolk-and-waveney", wanted, console.say)


def _briefing(options: argparse.Namespace, console: Console) -> None:
    project, area = _project(options, console), options.area or "norfolk-and-waveney"
    of, level = options.of or None, options.level or None
    if options.every and (of or not level):
        raise PipelineError("--all writes a briefing for each unit of a level: give --level (say lad), and not --of.")
    if level and not (of or options.every):
        raise PipelineError(f"--level {level}: of which unit? Give --of with its name or code, or --all.")
    if of or options.every:
        project.brief(area, of, level, console.say)
        return
    project.build(area, until="briefing", say=console.say)
    console.say(f"Open {project.page(area).with_name('briefing.pdf')}")


def _pack(options: argparse.Namespace, console: Console) -> None:
    from pipeline.stages.requests import PackWanted

    wanted = PackWanted(
        stories=options.stories,
        outcomes=options.outcomes,
        self_assessment=options.self_assessment,
        output=options.output,
    )
    _project(options, console).pack(options.area or "norfolk-and-waveney", wanted, console.say)


def _outcome(options: argparse.Namespace) -> "OutcomeWanted":
    from pipeline.stages.requests import OutcomeWanted

    return OutcomeWanted(
        path=options.outcome,
        column=options.column,
        code_column=options.code_column,
        sheet=options.sheet,
        layer=options.layer,
        decimal=options.decimal,
        higher_is_better=options.higher_is_better,
    )


def _validate(options: argparse.Namespace, console: Console) -> None:
    from pipeline.stages.requests import ValidationWanted

    wanted = ValidationWanted(outcome=_outcome(options), draws=options.draws, publish=options.publish)
    _project(options, console).validate(options.area or "norfolk-and-waveney", wanted, console.say)


def _calibrate(options: argparse.Namespace, console: Console) -> None:
    from pipeline.stages.requests import FitWanted

    wanted = FitWanted(
        index=options.index,
        outcome=_outcome(options),
        least=options.least,
        draws=options.draws,
        output=options.output,
    )
    _project(options, console).calibrate(options.nation, wanted, console.say)


def _keep(options: argparse.Namespace, console: Console) -> None:
    _project(options, console).keep(options.area or "norfolk-and-waveney", options.called or None, console.say)


def _compare(options: argparse.Namespace, console: Console) -> None:
    from pipeline.stages.requests import CompareWanted

    area = options.area or "norfolk-and-waveney"
    _project(options, console).compare(area, CompareWanted(old=options.old, new=options.new), console.say)


def _demo(options: argparse.Namespace, console: Console) -> None:
    from pipeline.stages.data import make_demo
    from pipeline.stages.lock import only_run

    project = _project(options, console)
    with only_run(project.root, console.say):
        make_demo(project.snapshot(), console.say, options.areas)


def _missing(options: argparse.Namespace, console: Console) -> None:
    from pipeline.stages.graph import check_sources

    project = _project(options, console).snapshot()
    check_sources(project, [project.area(options.area)])
    console.say(f"{options.area}: every source is here")


def _clean(options: argparse.Namespace, console: Console) -> None:
    _project(options, console).clean(console.say)


def _dictionary(options: argparse.Namespace, console: Console) -> None:
    from pipeline.stages.documentation import write_dictionary

    write_dictionary(_project(options, console), console.say)


def _architecture(options: argparse.Namespace, console: Console) -> None:
    from pipeline.stages.documentation import write_architecture

    write_architecture(_project(options, console), console.say)


def _contract(options: argparse.Namespace, console: Console) -> None:
    from pipeline.stages.documentation import write_contract

    write_contract(_project(options, console), console.say)


def _assets(options: argparse.Namespace, console: Console) -> None:
    _project(options, console).build_assets(console.say)


def command_line() -> NoReturn:
    """Run the command of this process and end it.

    Python itself would first take its modules apart, and wait for steps that are running where it was asked twice to
    stop.
    """
    status = main()
    logging.shutdown()
    os._exit(status)


if __name__ == "__main__":
    command_line()
