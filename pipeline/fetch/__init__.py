"""The only network user: official files into ``data/raw``, complete and checked, or from a mirror folder."""

from pipeline.fetch.check import Answer, as_table, check_sources
from pipeline.fetch.client import FetchSettings
from pipeline.fetch.destination import Destination
from pipeline.fetch.mirror import copy_source, refuse_folder
from pipeline.fetch.package import unpack_source
from pipeline.fetch.patience import Pace
from pipeline.fetch.sources import fetch_source

__all__ = [
    "Answer",
    "Destination",
    "FetchSettings",
    "Pace",
    "as_table",
    "check_sources",
    "copy_source",
    "fetch_source",
    "refuse_folder",
    "unpack_source",
]
