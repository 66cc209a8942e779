"""Rows of people or premises as counts by LSOA and category: ``data/local/counts/<name>.parquet``.

Each part of the files is counted where it is read; only counts come back, and small ones are left out once all are
added up. No message, record or name of a part of the work says anything of a row.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline import store
from pipeline._version import __version__
from pipeline.catalogue import Area
from pipeline.catalogue.reading import LONGEST_NAME
from pipeline.cluster import Crew, run_tasks
from pipeline.errors import CountError, first
from pipeline.places.counting import (
    LIKELY,
    NOT_NUMBERS,
    REASONS,
    Ground,
    Postcodes,
    RowColumns,
    Tally,
    choose_columns,
    refuse_wrong_system,
    tally_blocks,
)
from pipeline.places.suppression import Protected, protect
from pipeline.raw import utc_now
from pipeline.reading.blocks import (
    Part,
    find_tables,
    heads_of,
    parts_of_tables,
    read_blocks,
    refuse_other_file,
)
from pipeline.stages.project import Snapshot
from pipeline.stages.reads import BOUNDARIES, LOOKUP, POSTCODES, present_sources, tidy_table
from pipeline.stages.requests import CountWanted
from pipeline.stages.tables import mark_fiction
from pipeline.store import content_hash
from pipeline.store.records import CountsRecord
from pipeline.tables import COUNTS, EVERY_CATEGORY, validate

Say = Callable[[str], None]
MEANINGS = ("postcode", "x", "y", "category")
FOLDER = "data/local/counts"
METHOD = (
    "Counts from 1 to below smallest_shown are left out, and as many others as it takes that for each of them at least "
    "two whole numbers agree with all that is shown: over the categories of a neighbourhood and over the "
    "neighbourhoods of a category, with all totals (docs/scale.md)"
)
MOST_LIKE_NAMES = 5
"""Categories from which on most of them may not be small: such a column tells people apart."""


class Held(NamedTuple):
    """A file of the project that workers read, and what it holds: its hash."""

    path: str
    sha256: str


@dataclass(frozen=True)
class GroundFiles:
    """Where the area that rows are counted in is read from; ``None`` for a list that the nation lacks."""

    joined: Held
    inside: Held | None
    postcodes: Held | None
    land: Held | None


@dataclass(frozen=True)
class CountTask:
    """One part of the work: it names files and columns, and nothing that is in them."""

    part: Part
    columns: RowColumns
    ground: GroundFiles


@dataclass(frozen=True)
class CountedPart:
    """What a worker sends back: counts, and the system that coordinates were read in."""

    tally: Tally
    crs: str


class CountedFiles(NamedTuple):
    """The counts of all files, and how many files there were."""

    tally: Tally
    files: int


def count_part(task: CountTask) -> CountedPart:
    """Count the rows of one part of the files, where it is read.

    Raises:
        CountError: a file is missing, is another one, or cannot be read as it should; no row is quoted.
    """
    refuse_other_file(task.part)
    ground = _read_ground(task.ground)
    heads = heads_of(task.part.path, LIKELY)
    reading = choose_columns(heads, task.columns, postcodes=ground.postcodes is not None)
    return CountedPart(tally_blocks(read_blocks(task.part, heads, reading.columns), reading, ground), reading.crs)


@lru_cache(maxsize=1)
def _read_ground(files: GroundFiles) -> Ground:
    """The area, read once by each process."""
    for held in (files.joined, files.inside, files.postcodes, files.land):
        if held is not None:
            _refuse_other_content(held)
    joined = store.read_geotable(Path(files.joined.path))[["lsoa21_code", "geometry"]].sort_values("lsoa21_code")
    codes = tuple(map(str, joined["lsoa21_code"]))
    postcodes = None
    if files.postcodes is not None and files.inside is not None:
        listed = pd.read_parquet(files.postcodes.path, columns=["postcode", "quality"])
        inside = pd.read_parquet(files.inside.path, columns=["postcode", "lsoa21_code"])
        postcodes = Postcodes.of(listed, inside, codes)
    land = None if files.land is None else store.read_geotable(Path(files.land.path)).geometry.to_numpy()
    return Ground(codes, joined.geometry.to_numpy(), postcodes, land)


def _refuse_other_content(held: Held) -> None:
    path = Path(held.path)
    refuse_other_file(Part(held.path, path.stat().st_size if path.is_file() else 0))
    if content_hash(path) != held.sha256:
        raise CountError(
            f"{held.path}: it is another file where it is read than where it was asked for, or was built again since. "
            "Workers need the same project folder, on a drive that all can read. Run the same command again."
        )


def count_rows(project: Snapshot, area: Area, wanted: CountWanted, crew: Crew, say: Say) -> CountedFiles:
    """All rows of the files that are named, counted in the LSOAs of an area.

    Raises:
        CountError: a file cannot be read, its columns are not told, or its coordinates are in another system.
        ClusterError: nobody is left to do the work.
    """
    columns = _columns(wanted)
    # Workers see the same drive, perhaps from another folder.
    files = find_tables(wanted.files)
    parts = parts_of_tables([path.resolve() for path in files])
    ground = _ground_files(project, area)
    tasks = [CountTask(part, columns, ground) for part in parts]
    tally, systems = Tally(), set[str]()
    say(f"{mark_fiction(area)}{area.title}: counting {_number(len(parts), 'part')} of the files")
    shown = 0
    for ended, (_, outcome) in enumerate(run_tasks(crew, count_part, tasks, confidential=True), 1):
        if outcome.value is None:
            raise CountError(f"Nothing was written: {outcome.fault}")
        tally.add(outcome.value.tally)
        systems |= {outcome.value.crs} - {""}
        if ended * 10 // len(parts) > shown and ended < len(parts):
            shown = ended * 10 // len(parts)
            say(f"  {ended:,} of {len(parts):,} parts")
    refuse_wrong_system(tally, sorted(systems))
    return CountedFiles(tally, len(files))


def _columns(wanted: CountWanted) -> RowColumns:
    odd = sorted(wanted.columns.keys() - set(MEANINGS))
    if odd:
        raise CountError(f"--columns: there is no column {first(odd)}. There are {', '.join(MEANINGS)}.")
    return RowColumns(**wanted.columns, crs=wanted.crs, decimal=wanted.decimal)


def _ground_files(project: Snapshot, area: Area) -> GroundFiles:
    present, sources, folder = present_sources(project, area.nation), project.sources(), project.processed(area.id)
    districts = [s for s in sources.values() if s.reads == "districts" and s.id in present]
    listed = POSTCODES in present and (folder / "postcodes.parquet").is_file()
    return GroundFiles(
        _held(folder / "joined.parquet"),
        _held(folder / "postcodes.parquet") if listed else None,
        _held(tidy_table(project, area.nation, sources[POSTCODES])) if listed else None,
        _held(tidy_table(project, area.nation, districts[0])) if districts else None,
    )


def _held(path: Path) -> Held:
    return Held(str(path.resolve()), content_hash(path))


@dataclass(frozen=True)
class Counted:
    """Counts that may be shown.

    Attributes:
        codes: of the LSOAs, sorted. ``categories``: sorted; none where rows have none.
        counts: LSOAs × categories, of all categories together where there are none.
        shown: which of them and of their totals may be shown.
    """

    codes: tuple[str, ...]
    categories: tuple[str, ...]
    counts: "np.ndarray[tuple[int, int], np.dtype[np.int64]]"
    shown: Protected


def protect_tally(tally: Tally, codes: Sequence[str], smallest: int) -> Counted:
    """The counts of a tally, small ones left out.

    Raises:
        CountError: no row is in the area, or the categories tell people apart.
    """
    if not tally.placed:
        reasons = [f"{why} ({_shown(int(n), smallest)})" for n, why in zip(tally.unplaced, REASONS, strict=True) if n]
        comma = " Are decimals written with a comma? Say --decimal ," if tally.unplaced[NOT_NUMBERS] else ""
        raise CountError(f"No row lies in the area: {'; '.join(reasons) or 'the files have no rows'}.{comma}")
    names = sorted(tally.counts)
    counts = np.column_stack([tally.counts[name] for name in names])
    small = int((counts.sum(axis=0) < smallest).sum())
    if len(names) > MOST_LIKE_NAMES and small * 2 > len(names):
        raise CountError(
            f"--category: {small:,} of its {len(names):,} values have fewer than {smallest} rows. Does the column "
            "identify people or premises? Choose a column of a few groups, or leave it out."
        )
    return Counted(tuple(codes), tuple(name for name in names if name), counts, protect(counts, smallest))


def write_counts(project: Snapshot, area: Area, name: str, given: CountedFiles, say: Say) -> Path:
    """``<name>.parquet`` with its record, ``<name>.csv`` with a row for each LSOA, and ``<name>.toml``.

    The last is a table for ``declared/indicators.toml``, by which the counts become indicators.

    Returns:
        The parquet file.

    Raises:
        CountError: no row is in the area, or the categories tell people apart.
    """
    smallest = project.counts().smallest_shown
    joined = project.processed(area.id) / "joined.parquet"
    codes = sorted(store.read_table(joined)["lsoa21_code"].astype("str"))
    counted = protect_tally(given.tally, codes, smallest)
    path = project.root / FOLDER / f"{name}.parquet"
    record = _record(project, area, name, given, counted)
    frame = _long(counted)
    validate(frame, COUNTS, f"{name}, counts")
    columns = _column_names(name, counted.categories)
    for ending in (".csv", ".toml", ".parquet.meta.json"):
        # What is left of earlier counts must not go with new ones, should this run be killed.
        path.with_name(path.name.removesuffix(".parquet") + ending).unlink(missing_ok=True)
    store.write_table(frame, path, COUNTS, record)
    written = (path, store.record_path(path))
    store.describe_outputs({each: each for each in written}, {"program": __version__, "stage": "count"})
    store.write_bytes(path.with_suffix(".csv"), _wide(counted, columns).encode("utf-8"))
    store.write_text(path.with_suffix(".toml"), _declaration(area, name, columns, smallest))
    for line in _summary(record):
        say(line)
    say(f"Wrote {project.name_of(path)}; to make the counts indicators, add {name}.toml, beside it, to "
        "declared/indicators.toml.")  # fmt: skip
    return path


def name_of(wanted: CountWanted) -> str:
    """The name of the counts: as asked for, else from the first of the files.

    Raises:
        CountError: it cannot be the name of a column.
    """
    stem = Path(re.sub(r"[*?\[\]]", "", wanted.files[0]).rstrip("/\\")).stem
    name = wanted.name or f"counts_{re.sub(r'[^a-z0-9]+', '_', stem.lower()).strip('_')}"[:40].rstrip("_")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or len(name) > 40:
        raise CountError(
            "--name: a name is of small letters a to z, digits and '_', begins with a letter and has at most 40 "
            "characters, such as first_contacts: files and columns are named after it."
        )
    return name


def _long(counted: Counted) -> pd.DataFrame:
    """Table ``counts``."""
    every = counted.counts.sum(axis=1)
    columns = [(EVERY_CATEGORY, every, _totals_shown(counted))]
    columns += [(name, counted.counts[:, n], counted.shown.cells[:, n]) for n, name in enumerate(counted.categories)]
    frames = [
        pd.DataFrame(
            {
                "entry": [f"{code}|{name}" for code in counted.codes],
                "lsoa21_code": list(counted.codes),
                "category": name,
                "counted": np.where(shown, numbers.astype("float64"), np.nan),
                "left_out": ~shown,
            }
        )
        for name, numbers, shown in columns
    ]
    frame = pd.concat(frames, ignore_index=True).sort_values(["lsoa21_code", "category"], ignore_index=True)
    return frame.astype({"entry": "str", "lsoa21_code": "str", "category": "str"})[COUNTS.names]


def _totals_shown(counted: Counted) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Which totals of LSOAs may be shown; without categories, the only count is the total."""
    return counted.shown.lsoas if counted.categories else counted.shown.lsoas & counted.shown.cells[:, 0]


def _wide(counted: Counted, columns: dict[str, str]) -> str:
    """A row for each LSOA, a column for each category; empty where left out."""
    frame = pd.DataFrame({"lsoa21_code": list(counted.codes)})
    every = pd.Series(counted.counts.sum(axis=1), dtype="Int64")
    frame[columns[EVERY_CATEGORY]] = every.mask(~_totals_shown(counted))
    for n, name in enumerate(counted.categories):
        frame[columns[name]] = pd.Series(counted.counts[:, n], dtype="Int64").mask(~counted.shown.cells[:, n])
    return frame.to_csv(index=False, lineterminator="\n")


def _column_names(name: str, categories: Sequence[str]) -> dict[str, str]:
    """The name of a column for each category: letters and digits of it, with a number where two are alike."""
    names, taken = {EVERY_CATEGORY: name}, {name, f"{name}_all"}
    for category in categories:
        plain = f"{name}_{re.sub(r'[^a-z0-9]+', '_', category.lower()).strip('_') or 'other'}"[: LONGEST_NAME - 3]
        column, number = plain, 2
        while column in taken:
            column, number = f"{plain}_{number}", number + 1
        names[category] = column
        taken.add(column)
    return names


def _record(project: Snapshot, area: Area, name: str, given: CountedFiles, counted: Counted) -> CountsRecord:
    tally = given.tally
    smallest = project.counts().smallest_shown
    reasons = {why: int(n) for n, why in zip(tally.unplaced, REASONS, strict=True) if n}
    unplaced = {why: None if n < smallest else n for why, n in reasons.items()}
    every = counted.shown.total and None not in unplaced.values()
    sources = store.read_sources(project.processed(area.id) / "joined.parquet")
    listed = tidy_table(project, area.nation, project.sources()[POSTCODES])
    return CountsRecord(
        built=utc_now(),
        table=COUNTS.name,
        rows=len(counted.codes) * (len(counted.categories) + 1),
        sources=(
            *(source for source in sources if source.id in (BOUNDARIES, LOOKUP)),
            *(store.read_sources(listed) if listed.is_file() else ()),
        ),
        area=area.id,
        title=area.title,
        fictional=area.fictional,
        name=name,
        files=given.files,
        smallest_shown=smallest,
        method=METHOD,
        total=tally.placed if counted.shown.total else None,
        categories={
            name: int(counted.counts[:, n].sum()) if counted.shown.categories[n] else None
            for n, name in enumerate(counted.categories)
        },
        rows_read=tally.rows if every else None,
        unplaced=unplaced,
    )


def _summary(record: CountsRecord) -> list[str]:
    small = record.smallest_shown
    read = "" if record.rows_read is None else f" of {record.rows_read:,}"
    total = "a number left out" if record.total is None else f"{record.total:,}"
    places = f", {_number(len(record.categories), 'category', 'categories')}" if record.categories else ""
    lines = [f"{record.title}: {total}{read} rows counted{places}; counts of 1 to {small - 1} are left out."]
    lines += [
        f"  not counted, {why}: {f'fewer than {small}' if n is None else f'{n:,}'}"
        for why, n in record.unplaced.items()
    ]
    return lines


def _declaration(area: Area, name: str, columns: dict[str, str], smallest: int) -> str:
    """A table for ``declared/indicators.toml`` that reads the counts; what it means is for the analyst to say."""
    quoted = {category: _quoted(category) for category in columns}
    head = [
        "# Add this to declared/indicators.toml, and say what the counts mean, whose they are, and which end is worse.",
        f"[{name}]",
        f'file = "{FOLDER}/{name}.csv"',
        'code_column = "lsoa21_code"',
        'source = "Counted from rows of your files"',
        'licence = "Not for publication"',
        f'areas = ["{area.id}"]',
    ]
    for category, column in columns.items():
        of = "" if category == EVERY_CATEGORY else f": {quoted[category]}"
        head += [
            "",
            f"[{name}.columns.{column if category != EVERY_CATEGORY else name + '_all'}]",
            f'value_column = "{column}"',
            f'title = "Counted{of}"',
            f'meaning = "Rows counted{of}; empty where 1 to {smallest - 1}, or where such a number would follow"',
            'quantity = "count"',
            'unit = "rows"',
            'worse = "neither"',
            'missing = "allowed"',
        ]
    return "\n".join(head) + "\n"


def _quoted(text: str) -> str:
    """A text within quotation marks of TOML."""
    return re.sub(r'["\\\x00-\x1f\x7f]', " ", text)


def _number(count: int, one: str, more: str = "") -> str:
    return f"{count:,} {one if count == 1 else more or one + 's'}"


def _shown(count: int, smallest: int) -> str:
    return f"fewer than {smallest}" if count < smallest else f"{count:,}"
