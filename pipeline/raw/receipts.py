"""The receipt of each raw file: where it came from, when, and whether it is what was declared."""

import hashlib
import json
import os
import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import NoneType
from typing import Any

from pipeline.errors import RawFileError
from pipeline.raw.files import read_small


@dataclass(frozen=True)
class Receipt:
    """The receipt of a raw file: where it came from, when, and whether it is what was declared.

    ``mode`` is ``network``, ``mirror``, ``package`` (an installed Python package) or ``made`` (fictional data).
    ``accepted_difference`` is true when the bytes are not those declared and were accepted.
    """

    source: str
    file: str
    address: str
    mode: str
    fetched_at: str
    size: int
    sha256: str
    declared_size: int | None = None
    declared_sha256: str | None = None
    accepted_difference: bool = False
    rows: int | None = None
    area: str | None = None

    def as_json(self) -> dict[str, Any]:
        """As the content of a receipt file."""
        return asdict(self)


AGAIN = "Delete it and fetch the source again; a file without a receipt counts as put there by hand."
"""What to do about a receipt that is of no use."""
SHA256 = re.compile("[0-9a-f]{64}")
_KINDS: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("source", "file", "address", "mode", "fetched_at", "sha256"), (str,)),
    **dict.fromkeys(("declared_sha256", "area"), (str, NoneType)),
    **dict.fromkeys(("declared_size", "rows"), (int, NoneType)),
    "size": (int,),
    "accepted_difference": (bool,),
}


def receipt_path(file: Path) -> Path:
    """The path of the receipt of a raw file."""
    return file.with_name(file.name + ".receipt.json")


def read_receipt(file: Path) -> Receipt | None:
    """The receipt of a raw file; ``None`` where there is none, as for a file put there by hand.

    Raises:
        RawFileError: it cannot be read, or is that of another file.
    """
    path = receipt_path(file)
    try:
        receipt = Receipt(**json.loads(read_small(path)))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, RecursionError, OSError) as error:
        raise RawFileError(f"{path}: this receipt cannot be read ({error}). {AGAIN}") from error
    faults = [name for name, kinds in _KINDS.items() if not _is_any(getattr(receipt, name), kinds)]
    if faults or not SHA256.fullmatch(receipt.sha256):
        raise RawFileError(
            f"{path}: this receipt cannot be read ({', '.join(faults) or 'sha256'}: not what a receipt holds). {AGAIN}"
        )
    if receipt.file != file.name:
        raise RawFileError(
            f"{path}: this is the receipt of another file, {receipt.file!r:.80}, and not of {file.name}. {AGAIN}"
        )
    return receipt


def _is_any(value: object, kinds: tuple[type, ...]) -> bool:
    # In Python a truth value is a whole number too.
    return isinstance(value, kinds) and (bool in kinds or not isinstance(value, bool))


def made_receipt(source: str, file: str, content: bytes, area: str) -> Receipt:
    """The receipt of a raw file that was made here, for a fictional area."""
    return Receipt(
        source=source,
        file=file,
        address="made by pipeline/demo: fictional data",
        mode="made",
        fetched_at=utc_now(),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        area=area,
    )


def utc_now() -> str:
    """The time in UTC, to the second; or ``SOURCE_DATE_EPOCH``, for builds that have to give the same bytes again."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    moment = datetime.fromtimestamp(int(epoch), UTC) if epoch.isdecimal() else datetime.now(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
