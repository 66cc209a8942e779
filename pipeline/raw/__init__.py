"""Where raw files are, where each came from, and which are missing. Standard library only."""

from pipeline.raw.archives import member_at, zip_bytes
from pipeline.raw.choice import Choice, choose, list_unread, locate, present, read_stamp
from pipeline.raw.files import (
    BOUNDARIES_OF_ALL,
    BROKEN_ARCHIVE,
    area_file,
    candidates,
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
    "Choice",
    "Missing",
    "Receipt",
    "area_file",
    "candidates",
    "choose",
    "list_unread",
    "locate",
    "made_receipt",
    "main",
    "member_at",
    "member_name",
    "missing_message",
    "missing_sources",
    "open_member",
    "present",
    "raw_folder",
    "read_receipt",
    "read_stamp",
    "receipt_path",
    "stamp_path",
    "unzipped_names",
    "utc_now",
    "zip_bytes",
]
