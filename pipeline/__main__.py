"""The command line: one command for each stage; the Makefile calls them with real files as targets."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import raw
from pipeline.errors import PipelineError

if TYPE_CHECKING:
    from pipeline.stages import Asked

ASSETS = Path(__file__).parent / "atlas" / "assets"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; problems that the reader can act on are printed without a traceback."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int | None] = options.run
    try:
        return command(options) or 0
    except PipelineError as error:
        print(f"\nStopped: {error}\n", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped by you; the files already there are whole.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m pipeline", description="Digital-exclusion risk maps from official files."
    )
    parser.add_argument("--root", type=Path, default=Path(), help="the project folder (default: here)")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, run: Callable[[argparse.Namespace], int | None], text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument("--quiet", action="store_true", help="no progress bars and no chatter, for logs")
        command.set_defaults(run=run)
        return command

    data = add("data", _data, "fetch the sources that an area needs into data/raw")
    data.add_argument("area")
    data.add_argument("--mirror", type=Path, help="take the files from this folder instead of the network")
    data.add_argument(
        "--accept", action="append", default=[], metavar="SOURCE", help="take a source although its bytes changed"
    )
    demo = add("demo", _demo, "write the raw files of the fictional demonstration area")
    demo.add_argument("--areas", type=int, default=600, help="how many LSOAs (default 600)")
    add("tidy", _tidy, "raw national tables to tidy parquet").add_argument("nation", choices=["england", "demo"])
    add("join", _join, "tidy tables onto the boundaries of an area").add_argument("area")
    add("places", _places, "support places, stories and the points distances are measured from").add_argument("area")
    score = add("score", _score, "score an area by its index")
    score.add_argument("area")
    score.add_argument("--index", help="another index: a name under declared/indices, or a .toml file")
    score.add_argument("--output", type=Path, help="write this parquet instead of data/processed/<area>/risk.parquet")
    score.add_argument(
        "--no-uncertainty",
        dest="uncertain",
        action="store_false",
        help="with --output: leave rank intervals and hot spots empty",
    )
    add("map", _map, "draw the map of an area").add_argument("area")
    site = add("site", _site, "seek sites for new support places")
    site.add_argument("area")
    site.add_argument("--new", type=int, default=5, help="how many sites at most (default 5)")
    site.add_argument("--reach", default="5km", help="how far a place serves: 5km, 800m, 20min (default 5km)")
    site.add_argument("--candidates", help="a CSV or GeoJSON, or a kind of places (default: every neighbourhood)")
    site.add_argument(
        "--kind", action="append", default=[], help="existing places to count in (default: those that offer help now)"
    )
    site.add_argument("--model", choices=["covering", "p-median"], default="covering")
    site.add_argument("--budget", type=float, help="what the sites may cost together, in the unit of the file's cost")
    site.add_argument("--seconds", type=float, default=60.0, help="how long the solver may take (default 60)")
    add("method", _method, "write the page on how an area was scored and how sure its ranks are").add_argument("area")
    validate = add("validate", _validate, "hold the scores of an area against an outcome")
    validate.add_argument("area")
    calibrate = add(
        "calibrate", _calibrate, "fit an index's weights to an outcome and judge them where they were not fitted"
    )
    calibrate.add_argument("--nation", choices=["england", "demo"], default="england")
    calibrate.add_argument("--index", default="norfolk-waveney", help="whose components and indicators get weights")
    calibrate.add_argument("--least", type=float, default=0.02, help="the least share of an indicator (default 0.02)")
    calibrate.add_argument("--output", type=Path, help="write the index with its weights to this .toml")
    for command in (validate, calibrate):
        command.add_argument("--outcome", type=Path, help="CSV or parquet by LSOA (default: the source ons_dpi)")
        command.add_argument("--column", help="its column that holds the outcome")
        command.add_argument("--code-column", help="its column of LSOA codes, where it cannot be told")
        command.add_argument("--higher-is-better", action="store_true", help="a high outcome is what one wishes for")
        command.add_argument("--draws", type=int, default=1_000, help="bootstrap samples (default 1000)")
    add("missing", _missing, "say which sources of an area are not there yet").add_argument("area")
    add("dictionary", _dictionary, "write docs/data-dictionary.md from the schema")
    return parser


def _say(options: argparse.Namespace) -> Callable[[str], None]:
    return (lambda _text: None) if options.quiet else (lambda text: print(text, flush=True))


def _data(options: argparse.Namespace) -> None:
    from pipeline.stages import Project, fetch_area

    fetch_area(Project(options.root), options.area, options.mirror, options.accept, options.quiet, _say(options))


def _demo(options: argparse.Namespace) -> None:
    from pipeline.stages import Project, make_demo

    make_demo(Project(options.root), options.areas, _say(options))


def _tidy(options: argparse.Namespace) -> None:
    from pipeline.stages import Project, tidy_nation

    tidy_nation(Project(options.root), options.nation, _say(options))


def _join(options: argparse.Namespace) -> None:
    from pipeline.stages import Project, join_area

    join_area(Project(options.root), options.area, _say(options))


def _places(options: argparse.Namespace) -> None:
    from pipeline.stages import Project, place_area

    place_area(Project(options.root), options.area, _say(options))


def _score(options: argparse.Namespace) -> None:
    from pipeline.stages import Project, score_area

    if not options.uncertain and options.output is None:
        raise PipelineError("--no-uncertainty is for trying an index: give --output too.")
    project, say = Project(options.root), _say(options)
    score_area(project, options.area, options.index, options.output, say, uncertain=options.uncertain)


def _map(options: argparse.Namespace) -> None:
    from pipeline.stages import Project, draw_area

    draw_area(Project(options.root), options.area, ASSETS, _say(options))


def _site(options: argparse.Namespace) -> None:
    from pipeline.stages import Project, SitesWanted, site_area

    wanted = SitesWanted(
        options.new,
        options.reach,
        options.candidates,
        tuple(options.kind),
        "maximal covering" if options.model == "covering" else "p-median",
        options.budget,
        options.seconds,
    )
    site_area(Project(options.root), options.area, wanted, _say(options))


def _method(options: argparse.Namespace) -> None:
    from pipeline.stages import Project, explain_area

    explain_area(Project(options.root), options.area, _say(options))


def _validate(options: argparse.Namespace) -> None:
    from pipeline.stages import Project, validate_area

    validate_area(Project(options.root), options.area, _asked(options), options.draws, _say(options))


def _calibrate(options: argparse.Namespace) -> None:
    from pipeline.stages import Project, calibrate_index

    calibrate_index(
        Project(options.root),
        options.nation,
        options.index,
        _asked(options),
        options.least,
        options.draws,
        options.output,
        _say(options),
    )


def _asked(options: argparse.Namespace) -> "Asked":
    from pipeline.stages import Asked

    return Asked(options.outcome, options.column, options.code_column, options.higher_is_better)


def _missing(options: argparse.Namespace) -> int:
    return raw.main([options.area])


def _dictionary(options: argparse.Namespace) -> None:
    from pipeline.stages import Project, write_dictionary

    write_dictionary(Project(options.root), _say(options))


if __name__ == "__main__":
    sys.exit(main())
