"""Documentation made from the program: the data dictionary, the contract of the page, the picture of the build."""

import ast
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

from pipeline import raw, store, tables
from pipeline.errors import PipelineError
from pipeline.stages.code import PACKAGE, imports_in
from pipeline.stages.graph import ASKED_FOR, STAGES, UNIT_BRIEFINGS, area_steps, unit_briefings_step
from pipeline.stages.project import Folders, Snapshot
from pipeline.stages.reads import unit_files
from pipeline.stages.stage import Scope, Stage, Step
from pipeline.tidy import joined_sources_table, source_tables

Say = Callable[[str], None]
Arrow = tuple[str, str]
ROOMS_OF_ONE_FILE = ("__main__.py", "declarations.py", "errors.py")
RECORDS = "records"
BEGIN = "<!-- Made from the code by `python -m pipeline architecture`: do not edit here. -->"
END = "<!-- The end of what is made. -->"
AREA, NATION, UNIT = "area", "england", "level-unit"
EXAMPLES = {
    "areas.toml": f'[{AREA}]\ntitle = "Area"\npolygon_file = "data/local/area.gpkg"\n'
    'journeys_file = "data/local/journeys.csv"\nstories_file = "data/local/stories.csv"\n'
    'self_assessment_file = "data/local/self-assessment.csv"\n',
    "indicators.toml": '[indicator]\nfile = "data/local/indicator.csv"\ncode_column = "code"\nvalue_column = "value"\n'
    'title = "Indicator"\nmeaning = "An indicator"\nquantity = "people"\nworse = "high"\n'
    'source = "You"\nlicence = "Yours"\n',
    "groups.toml": '[group]\ntitle = "Group"\nfile = "data/local/group.csv"\nunit_column = "unit"\n'
    'code_column = "code"\nmatching = "one to one"\nsource = "You"\nlicence = "Yours"\n',
}
"""Declared files of a project that uses everything, so that every arrow of the picture is there."""
SCOPES = {
    "checkout": "once",
    "source": "each source",
    "local file": "each local file",
    "nation": "each nation",
    "area": "each area",
}


def data_dictionary(project: Folders) -> str:
    """The data dictionary of every table, for the default index and the declared kinds of places."""
    index = project.index("norfolk-waveney")
    kinds = {kind.id: kind.title for kind in project.places().kinds if not kind.mobile}
    sources = list(project.sources().values())
    joined = joined_sources_table(sources, tables.PLACE_COLUMNS)
    risk = tables.risk_table(
        joined,
        {component.name: component.title for component in index.components},
        kinds,
        index.indicators,
        groups=project.priority_groups().titles,
    )
    flat = tables.flat_table(risk)
    added = replace(
        flat, columns=(flat.column(flat.key), *tables.CENTROID), description=f"{flat.description} Added are:"
    )
    return tables.dictionary([risk, added, *source_tables(sources), joined, *tables.TABLES])


def write_dictionary(project: Folders, say: Say) -> None:
    """``docs/data-dictionary.md`` from the registry of columns."""
    path = project.root / "docs" / "data-dictionary.md"
    store.write_text(path, data_dictionary(project))
    say(f"Wrote {path}")


def contract_files(project: Folders) -> dict[Path, str]:
    """The files made from the models of the page's contract, and what they should hold."""
    from pipeline.atlas.contract.text import typescript, with_made_part

    page = project.root / "docs" / "contract.md"
    types = project.root / "page" / "src" / "model"
    return {
        **{types / name: text for name, text in typescript().items()},
        page: with_made_part(page.read_text(encoding="utf-8")),
    }


def write_contract(project: Folders, say: Say) -> None:
    """The page's types and the tables of ``docs/contract.md`` from the models of the page's contract."""
    for path, text in contract_files(project).items():
        store.write_text(path, text)
        say(f"Wrote {path}")


def architecture(project: Folders) -> str:
    """The text of ``docs/architecture.md`` with its picture and tables as the code is now.

    Raises:
        PipelineError: the page lacks the two markers around what is made.
    """
    text = (project.root / "docs" / "architecture.md").read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise PipelineError(f"docs/architecture.md lacks two lines. Put back what is missing:\n{BEGIN}\n{END}")
    return "\n".join([f"{before}{BEGIN}", "", *_graph(project), "", *_rooms(), "", f"{END}{after}"])


def write_architecture(project: Folders, say: Say) -> None:
    """The picture and the tables of ``docs/architecture.md`` from the graph and the code."""
    path = project.root / "docs" / "architecture.md"
    store.write_text(path, architecture(project))
    say(f"Wrote {path}")


def complete_steps(project: Folders) -> list[Step]:
    """The steps of a project in which every source is present and every stage was asked for, in order.

    Their paths are those of a temporary folder, which is gone: they show which step reads what another writes.
    """
    with TemporaryDirectory() as folder:
        root = Path(folder)
        copytree(project.declared, root / "declared")
        for name, text in EXAMPLES.items():
            store.write_text(root / "declared" / name, text)
        for source in Folders(root).sources().values():
            store.write_text(raw.raw_folder(root, NATION) / source.id / source.file, "")
        asked_for = _steps_asked_for(Snapshot(root))
        for step in asked_for:
            for path in step.writes:
                store.write_text(path, "")
            made = {step.project.name_of(path): store.content_hash(path) for path in step.writes}
            record = store.StepRecord(
                built="", program="", step=step.name, inputs={}, declared={}, code={}, outputs=made
            )
            store.write_text(step.record_path, record.sealed().model_dump_json())
        snapshot = Snapshot(root)
        return [*area_steps(snapshot, [snapshot.area(AREA)]), *_steps_asked_for(snapshot)]


def _steps_asked_for(project: Snapshot) -> list[Step]:
    scopes = {"area": Scope(NATION, area=AREA), "nation": Scope(NATION)}
    on_a_unit = unit_briefings_step(project, project.area(AREA), UNIT, unit_files(project, AREA, UNIT))
    return [on_a_unit if s is UNIT_BRIEFINGS else s.at(project, scopes[s.scope]) for s in ASKED_FOR]


def _graph(project: Folders) -> list[str]:
    """The graph as a Mermaid picture, and its stages as a table."""
    steps = complete_steps(project)
    arrows, asked = what_reads_what(steps), {stage.name for stage in ASKED_FOR}
    always = [arrow for arrow in arrows if not asked & set(arrow)]
    inputs = dict.fromkeys(start for start, _ in arrows if "/" in start)
    lines = ["```mermaid", "flowchart TB"]
    lines += [f'    {_id(name)}[/"{name}"/]' for name in inputs]
    lines += [f'    {stage.name}["<b>{stage.name}</b><br/>{stage.title}"]' for stage in STAGES]
    lines += [f'    {stage.name}(["<b>{stage.name}</b><br/>{stage.title}"])' for stage in ASKED_FOR]
    shown = [arrow for arrow in arrows if not _leads(always if arrow in always else arrows, *arrow)]
    lines += [f"    {_id(start)} {'-.->' if {start, end} & asked else '-->'} {end}" for start, end in shown]
    lines += ["```", "", "| stage | runs for | reads from | declared files | writes |", "|---|---|---|---|---|"]
    for stage in (*STAGES, *ASKED_FOR):
        of_stage = [step for step in steps if step.stage == stage]
        read_from = ", ".join(start for start, end in arrows if end == stage.name)
        lines.append(
            f"| {stage.name} | {SCOPES[stage.scope]} | {read_from} | "
            f"{_listed(name.removeprefix('declared/') for step in of_stage for name in step.reads.declared)} | "
            f"{_listed(_written(of_stage, stage))} |"
        )
    return lines


def what_reads_what(steps: Iterable[Step]) -> list[Arrow]:
    """From each stage, or folder of inputs, to each stage that reads a file of it, in the order of the steps."""
    every = list(steps)
    writer = {path: step.stage.name for step in every for path in step.writes}
    arrows: dict[Arrow, None] = {}
    for step in every:
        for path in step.reads.files:
            start = writer.get(path) or _input_of(step.project, path)
            if start and start != step.stage.name:
                arrows[start, step.stage.name] = None
    return list(arrows)


def _leads(arrows: Iterable[Arrow], start: str, end: str) -> bool:
    """Whether other ``arrows`` lead from ``start`` to ``end`` by way of a stage between them."""
    following = [arrow for arrow in arrows if arrow != (start, end)]
    reached, waiting = set(), [start]
    while waiting:
        stage = waiting.pop()
        for first, second in following:
            if first == stage and second not in reached:
                reached.add(second)
                waiting.append(second)
    return end in reached


def _input_of(project: Snapshot, path: Path) -> str:
    """The folder of an input that no stage writes; empty for the program's files, and for records of steps."""
    name = project.name_of(path)
    if name.startswith("data/") and path.parent.name != RECORDS:
        return "/".join(name.split("/")[:2])
    return "page/src" if path.is_relative_to(PACKAGE.parent / "page") else ""


def _written(steps: Iterable[Step], stage: Stage) -> Iterable[str]:
    """The names of the files that a stage writes, without the records beside tables."""
    for step in steps:
        for path in step.writes:
            if not path.name.endswith(".meta.json"):
                one_of_many = stage.scope in ("source", "local file")
                yield f"<{stage.scope}>{path.suffix}" if one_of_many else path.name


def _listed(names: Iterable[str]) -> str:
    """Names as code, each once; those of several index files as one."""
    plain = dict.fromkeys(re.sub(r"^indices/.*", "indices/", name) for name in names)
    return ", ".join(f"`{name}`" for name in plain)


def _id(name: str) -> str:
    return name.replace("/", "_")


def _rooms() -> list[str]:
    """The packages of the program as a table, those that import most others first."""
    uses = {room.name.removesuffix(".py"): _used(room) for room in PACKAGE.iterdir() if _is_room(room)}
    height: dict[str, int] = {}

    def measure(room: str) -> int:
        if room not in height:
            height[room] = 1 + max((measure(used) for used in uses[room]), default=0)
        return height[room]

    lines = ["| room | what it does | imports |", "|---|---|---|"]
    for room in sorted(uses, key=lambda room: (-measure(room), room)):
        path = PACKAGE / room / "__init__.py"
        text = (path if path.is_file() else PACKAGE / f"{room}.py").read_text(encoding="utf-8")
        said = (ast.get_docstring(ast.parse(text)) or "").splitlines()[0]
        lines.append(f"| `{room}` | {said.replace('``', '`')} | {', '.join(sorted(uses[room]))} |")
    return lines


def _is_room(path: Path) -> bool:
    return (path / "__init__.py").is_file() or path.name in ROOMS_OF_ONE_FILE


def _used(room: Path) -> set[str]:
    """The rooms that a room imports."""
    files = room.rglob("*.py") if room.is_dir() else [room]
    names = {name for file in files for name in imports_in(file.read_text(encoding="utf-8"))}
    rooms = {name.split(".")[1] for name in names if name.count(".")}
    there = {name for name in rooms if _is_room(PACKAGE / name) or _is_room(PACKAGE / f"{name}.py")}
    return there - {"__main__", room.name.removesuffix(".py")}
