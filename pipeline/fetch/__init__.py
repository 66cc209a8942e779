"""The only network user: official files into ``data/raw``, complete and checked, or from a mirror folder."""

from pipeline.fetch.client import FetchSettings
from pipeline.fetch.destination import Destination
from pipeline.fetch.mirror import copy_source
from pipeline.fetch.package import unpack_source
from pipeline.fetch.sources import fetch_source

__all__ = ["Destination", "FetchSettings", "copy_source", "fetch_source", "unpack_source"]
