"""What a step read and wrote, and putting its outputs in place together."""

import errno
import json
import shutil
from collections.abc import Iterable, Mapping
from hashlib import file_digest, sha256
from pathlib import Path

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from pipeline.store.files import replace_file, write_text

ABSENT = "absent"
"""The hash of a file that is absent."""
MADE_BY = ("built", "program", "stage", "code", "inputs", "parameters")
"""The keys of a record that say what made an output, and when: a later step does not count them as content."""
RECORD_BEGINS, LOOK_INTO = b'"built"', 40
"""How a record is recognised among other JSON: by its first key, within its first bytes."""


class StepRecord(BaseModel):
    """What a step read and wrote; written last, so that a step without it counts as having no outputs.

    ``program`` is the version. ``inputs`` and ``outputs`` give the hash of each file by its name from the project's
    folder, ``declared`` the parts of declared files, ``code`` the hash of each module, ``request`` what was asked for
    on the command line. Of outputs every byte counts, also what says when they were made. ``check`` is the hash of
    all the others: a record that was altered is none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    built: str
    program: str
    step: str
    inputs: dict[str, str]
    declared: dict[str, JsonValue]
    code: dict[str, str]
    outputs: dict[str, str]
    request: dict[str, JsonValue] = {}
    check: str = ""

    def sealed(self) -> "StepRecord":
        """The record with its ``check``."""
        return self.model_copy(update={"check": self._hash()})

    def is_sealed(self) -> bool:
        """Whether it is as it was written."""
        return self.check == self._hash()

    def _hash(self) -> str:
        return sha256(self.model_dump_json(exclude={"check"}).encode()).hexdigest()


def read_step_record(path: Path) -> StepRecord | None:
    """The record at ``path``; ``None`` where there is none, or none that is complete."""
    try:
        record = StepRecord.model_validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
    return record if record.is_sealed() else None


def content_hash(path: Path) -> str:
    """The hash of a file's content, ``ABSENT`` where there is none.

    Of a record, what says when and by what it was made does not count, as it is no content.
    """
    try:
        if _is_record(path):
            return _record_hash(path.read_bytes())
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return ABSENT


def exact_hash(path: Path) -> str:
    """The hash of an output with every byte of it, ``ABSENT`` where there is none."""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        return ABSENT


def _is_record(path: Path) -> bool:
    if path.suffix != ".json":
        return False
    with path.open("rb") as file:
        return RECORD_BEGINS in file.read(LOOK_INTO)


def _record_hash(content: bytes) -> str:
    try:
        value = json.loads(content)
    except ValueError:
        return sha256(content).hexdigest()
    if isinstance(value, dict):
        value = {key: part for key, part in value.items() if key not in MADE_BY}
    return sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def put_in_place(
    written: Mapping[Path, Path], unwritten: Iterable[Path], record_path: Path, record: StepRecord
) -> None:
    """Replace the outputs of a step by those ``written`` (path to staged file), remove those ``unwritten``, record it.

    The record is removed first and written last: if anything stops this in between, the step counts as not made.
    """
    record_path.unlink(missing_ok=True)
    for path, staged in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        _move(staged, path)
    for path in unwritten:
        path.unlink(missing_ok=True)
    write_text(record_path, record.sealed().model_dump_json(indent=1) + "\n")


def _move(staged: Path, path: Path) -> None:
    try:
        replace_file(staged, path)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        beside = path.with_name(f".{path.name}.new")
        shutil.copyfile(staged, beside)
        replace_file(beside, path)


def describe_outputs(written: Mapping[Path, Path], made_by: Mapping[str, JsonValue]) -> None:
    """Note in every staged record what made it; beside a table (``<file>.meta.json``), also the hash of the table."""
    tables = {path.with_name(f"{path.name}.meta.json"): staged for path, staged in written.items()}
    for path, staged in written.items():
        if not _is_record(staged):
            continue
        record = json.loads(staged.read_bytes()) | dict(made_by)
        if path in tables:
            record["sha256"] = content_hash(tables[path])
        write_text(staged, json.dumps(record, indent=2, ensure_ascii=False) + "\n")


def is_whole(path: Path, name: str, record_path: Path) -> bool:
    """Whether the file at ``path``, called ``name`` in the record at ``record_path``, is as its step made it."""
    record = read_step_record(record_path)
    return record is not None and record.outputs.get(name, ABSENT) == exact_hash(path) != ABSENT
