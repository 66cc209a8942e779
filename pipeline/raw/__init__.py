"""Where raw files are, where each came from, and which are missing. Standard library only."""

from pipeline.raw.files import (
    BOUNDARIES_OF_ALL,
    BROKEN_ARCHIVE,
    area_file,
    candidates,
    locate,
    member_name,
    open_member,
    raw_folder,
    stamp_path,
    unzipped_names,
)
from pipeline.raw.missing import Missing, main, missing_message, missing_sources
from pipeline.raw.receipts import Receipt, made_receipt, read_receipt, receipt_path, utc_now

__all__ = [
    "BOUNDARIES_OF_ALL",
    "BROKEN_ARCHIVE",
    "Missing",
    "Receipt",
    "area_file",
    "candidates",
    "locate",
    "made_receipt",
    "main",
    "member_name",
    "missing_message",
    "missing_sources",
    "open_member",
    "raw_folder",
    "read_receipt",
    "receipt_path",
    "stamp_path",
    "unzipped_names",
    "utc_now",
]
