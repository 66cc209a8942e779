"""The receipt of each raw file: where it came from, when, and whether it is what was declared."""

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.errors import RawFileError


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


def receipt_path(file: Path) -> Path:
    """The path of the receipt of a raw file."""
    return file.with_name(file.name + ".receipt.json")


def read_receipt(file: Path) -> Receipt | None:
    """The receipt of a raw file; ``None`` where there is none, as for a file put there by hand."""
    path = receipt_path(file)
    if not path.exists():
        return None
    try:
        return Receipt(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise RawFileError(
            f"{path}: this receipt cannot be read ({error}). Delete it and fetch the source again."
        ) from error


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
