"""Runs that are kept for later comparisons: a folder for each, complete or not there, checked by hash when read."""

import shutil
from collections.abc import Mapping
from hashlib import file_digest, sha256
from pathlib import Path

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from pipeline.catalogue.areas import Reference
from pipeline.catalogue.fits import Loss
from pipeline.errors import RecordError, shown
from pipeline.store.files import about, fill, temporary_beside
from pipeline.store.records import Carrier, IndexUsed, PeopleHere, SourceUsed

RECORD = "kept.json"
TEMPORARY = ".*.new"


class KeptRecord(Carrier):
    """What a later comparison needs of a run beside its tables; read by later versions of the program too.

    Attributes:
        kept: when it was kept, in UTC. ``name``: what it was called, if anything.
        nation: whose LSOAs it is among. ``built``: when its scores were built, by which version (``program``).
        index, reference, loss: how it was scored, as in :class:`pipeline.store.records.RiskRecord`.
        people: estimates of the area by measure; ``rates`` is the hash of what they were made by.
        uncertainty: what was varied, as declared then. ``worst_tenth``: of the area, how many LSOAs; ``staying``: how
            many of these in at least 90% of the plausible indices.
        files: the sha256 of each file of the folder.
        check: the hash of all the others, so that a record that was altered is recognised.
    """

    # Keys of later versions are passed over, as a run may be kept for years.
    model_config = ConfigDict(frozen=True, extra="ignore", from_attributes=True, ser_json_inf_nan="constants")

    kept: str
    name: str | None = None
    area: str
    title: str
    fictional: bool
    nation: str
    built: str
    program: str
    index: IndexUsed
    reference: Reference
    loss: Loss | None = None
    people: Mapping[str, PeopleHere] = {}
    rates: str = ""
    uncertainty: JsonValue = None
    worst_tenth: int | None = None
    staying: int | None = None
    sources: tuple[SourceUsed, ...] = ()
    files: Mapping[str, str] = {}
    check: str = ""

    def sealed(self) -> "KeptRecord":
        """The record with its ``check``."""
        return self.model_copy(update={"check": self._hash()})

    def is_sealed(self) -> bool:
        """Whether it is as it was written."""
        return self.check == self._hash()

    def _hash(self) -> str:
        return sha256(self.model_dump_json(exclude={"check"}).encode()).hexdigest()


def keep_run(folder: Path, files: Mapping[str, Path], record: KeptRecord) -> None:
    """Copy ``files`` (name to path) and ``record`` into a new ``folder``, all of it or nothing.

    Raises:
        OSError: naming ``folder``: it exists, the disk is full, or it cannot be written to.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    for left in folder.parent.glob(TEMPORARY):
        shutil.rmtree(left, ignore_errors=True)
    temporary = temporary_beside(folder)
    try:
        temporary.mkdir()
        for name, path in files.items():
            _copy(path, temporary / name)
        hashes = {name: hash_file(temporary / name) for name in files}
        content = record.model_copy(update={"files": hashes}).sealed().model_dump_json(indent=1).encode() + b"\n"
        fill(temporary / RECORD, lambda path: path.write_bytes(content))
        temporary.rename(folder)
    except OSError as error:
        raise about(error, folder, temporary) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _copy(source: Path, target: Path) -> None:
    fill(target, lambda path: shutil.copyfile(source, path))


def hash_file(path: Path) -> str:
    """The sha256 of a file's bytes."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def read_kept(folder: Path, *, check: bool = True) -> KeptRecord:
    """The record of the run that is kept in ``folder``.

    Args:
        check: hash its tables too, which reads them.

    Raises:
        RecordError: it is missing or was altered, or one of its files is missing or was altered.
    """
    path = folder / RECORD
    try:
        record = KeptRecord.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise RecordError(f"{folder} holds no run that was kept: {RECORD} is missing.") from None
    except (ValidationError, ValueError) as error:
        raise RecordError(f"{path} cannot be read: {shown(str(error), 200)}") from error
    if not record.is_sealed():
        raise RecordError(f"{path} was altered since the run was kept, so nothing can be compared with it.")
    for name, digest in record.files.items() if check else ():
        file = folder / name
        if not file.is_file() or hash_file(file) != digest:
            raise RecordError(f"{file} is missing or was altered since the run was kept, so it is not compared.")
    return record


class _Fictional(BaseModel):
    """Only whether an area is fictional, from the record of any of its tables."""

    fictional: bool


def read_fictional(path: Path) -> bool | None:
    """Whether the record at ``path`` is of a fictional area; None where it does not say."""
    try:
        return _Fictional.model_validate_json(path.read_bytes()).fictional
    except (OSError, ValueError):
        return None


def list_kept(folder: Path) -> dict[str, KeptRecord]:
    """The runs that are kept under ``folder``, by the name of their folder, the earliest first, without broken ones."""
    kept: dict[str, KeptRecord] = {}
    for path in sorted(folder.glob(f"*/{RECORD}")):
        try:
            kept[path.parent.name] = read_kept(path.parent, check=False)
        except RecordError:
            continue
    return kept
