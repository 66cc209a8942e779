"""What a step read and wrote, and putting its outputs in place together."""

import errno
import json
import os
import shutil
import stat
import time
from collections.abc import Iterable, Mapping
from hashlib import file_digest, sha256
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from pipeline.store.files import about, fill, make_way, remove_quietly, replace_file, temporary_beside, write_text

ABSENT = "absent"
"""The hash of a file that is absent."""
MADE_BY = ("built", "program", "stage", "code", "inputs", "parameters")
"""The keys of a record that say what made an output, and when: a later step does not count them as content."""
RECORD_BEGINS, LOOK_INTO = b'"built"', 40
"""How a record is recognised among other JSON: by its first key, within its first bytes."""
SETTLED = 3_000_000_000
"""Nanoseconds without a change after which the time of a file tells whether it was changed since."""
LARGEST_RECORD = 64_000_000
"""Bytes; the records of all England are a few hundred kilobytes, so that a larger file is none."""


class StepRecord(BaseModel):
    """What a step read and wrote; written last, so that a step without it counts as having no outputs.

    ``program`` is the version. ``inputs`` and ``outputs`` give the hash of each file by its name from the project's
    folder (of an output, every byte counts; of an input, what it says), ``declared`` the parts of declared files,
    ``code`` the hash of each module, ``request`` what was asked for on the command line. ``check`` is the hash of all
    the others: a record that was altered is none.
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
    """The record at ``path``; ``None`` where there is none, or none that is complete and can be read."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST_RECORD:
            return None
        record = StepRecord.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
    return record if record.is_sealed() else None


def content_hash(path: Path) -> str:
    """The hash of a file's content, ``ABSENT`` where there is none, or no file: a folder, a pipe.

    Of a record, what says when and by what it was made does not count, as it is no content.

    Raises:
        OSError: the file is there and cannot be read.
    """
    try:
        # Opening a pipe would wait for somebody to write into it.
        if not stat.S_ISREG(path.stat().st_mode):
            return ABSENT
        if _is_record(path):
            return _record_hash(path.read_bytes())
        return file_hash(path)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, ValueError):
        # A name that no file can have, as in a record of another origin, is a ValueError.
        return ABSENT


_hashes: dict[Path, tuple["_Mark", str]] = {}
"""Of files that this process has read: their mark then, and the hash of their bytes."""


class _Mark(NamedTuple):
    """What changes with a file: where it lies, its size, and when it and its entry were changed, in nanoseconds."""

    device: int
    number: int
    size: int
    changed: int
    entered: int

    @classmethod
    def of(cls, status: os.stat_result) -> "_Mark":
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def file_hash(path: Path) -> str:
    """The hash of every byte of a file, which is read again only once anything about it has changed.

    As git does, a file that was changed within the last seconds is always read again: what changes it once more may
    leave its time as it is, as disks and network drives count time in steps of up to two seconds.

    Raises:
        OSError: it is absent, or cannot be read.
    """
    with path.open("rb") as file:
        began, mark = time.time_ns(), _Mark.of(os.fstat(file.fileno()))
        kept = _hashes.get(path)
        if kept is not None and kept[0] == mark:
            return kept[1]
        content = file_digest(file, "sha256").hexdigest()
        unchanged = mark == _Mark.of(os.fstat(file.fileno()))
    if unchanged and began - max(mark.changed, mark.entered) > SETTLED:
        _hashes[path] = mark, content
    return content


def output_hash(path: Path) -> str:
    """The hash of every byte of an output; one that cannot be read counts as absent, as it can be made again."""
    try:
        return sha256(path.read_bytes()).hexdigest() if path.is_file() and _is_record(path) else content_hash(path)
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
    except (ValueError, RecursionError):
        return sha256(content).hexdigest()
    if isinstance(value, dict):
        value = {key: part for key, part in value.items() if key not in MADE_BY}
    return sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def put_in_place(
    written: Mapping[Path, Path], unwritten: Iterable[Path], record_path: Path, record: StepRecord
) -> list[Path]:
    """Replace the outputs of a step by those ``written`` (path to staged file), remove those ``unwritten``, record it.

    The record is removed first and put in place last: if anything stops this in between, the step counts as not made.
    All that needs room on the disk, the new record too, is written before anything is removed. Returns where folders
    were moved to that stood in the place of a file.
    """
    ready, leaving = temporary_beside(record_path), list(unwritten)
    beside: dict[Path, Path] = {}
    try:
        record_path.parent.mkdir(parents=True, exist_ok=True)
        content = (record.sealed().model_dump_json(indent=1) + "\n").encode()
        fill(ready, lambda path: path.write_bytes(content))
        for path, staged in written.items():
            beside[path] = _on_this_disk(staged, path)
        aside = [make_way(path) for path in (record_path, *written, *leaving)]
        record_path.unlink(missing_ok=True)
        for path, staged in beside.items():
            _place(staged, path)
        for path in leaving:
            path.unlink(missing_ok=True)
        replace_file(ready, record_path)
    except OSError as error:
        raise about(error, record_path, ready) from error
    finally:
        for temporary in (ready, *beside.values()):
            remove_quietly(temporary)
    return [path for path in aside if path is not None]


def _on_this_disk(staged: Path, path: Path) -> Path:
    """``staged``, or a copy beside ``path`` where that is on another disk, as with a linked folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    same = staged.stat().st_dev == path.parent.stat().st_dev
    return staged if same else _copied(staged, path)


def _copied(staged: Path, path: Path) -> Path:
    beside = temporary_beside(path)
    try:
        shutil.copyfile(staged, beside)
    except OSError as error:
        remove_quietly(beside)
        raise about(error, path, beside) from error
    return beside


def _place(staged: Path, path: Path) -> None:
    try:
        replace_file(staged, path)
    except OSError as error:
        # Two mounts of one disk look like one until a file is moved between them.
        if error.errno != errno.EXDEV:
            raise about(error, path, staged) from error
        replace_file(_copied(staged, path), path)


def describe_outputs(written: Mapping[Path, Path], made_by: Mapping[str, JsonValue]) -> dict[Path, str]:
    """Note in every staged record what made it; beside a table (``<file>.meta.json``), also the hash of the table.

    Returns:
        The hash of each file then, as :func:`output_hash` gives it; each is read once.
    """
    records = [path for path, staged in written.items() if _is_record(staged)]
    hashes = {path: output_hash(staged) for path, staged in written.items() if path not in records}
    tables = {path.with_name(f"{path.name}.meta.json"): path for path in written}
    for path in records:
        record = json.loads(written[path].read_bytes()) | dict(made_by)
        if path in tables:
            record["sha256"] = hashes.get(tables[path]) or content_hash(written[tables[path]])
        write_text(written[path], json.dumps(record, indent=2, ensure_ascii=False) + "\n")
    return hashes | {path: output_hash(written[path]) for path in records}


def is_whole(path: Path, name: str, record_path: Path) -> bool:
    """Whether the file at ``path``, called ``name`` in the record at ``record_path``, is as its step made it."""
    record = read_step_record(record_path)
    return record is not None and record.outputs.get(name, ABSENT) == output_hash(path) != ABSENT
