"""The only network user: official files into ``data/raw``, whole and checked, or from a mirror folder."""

from pipeline.fetch.client import FetchSettings
from pipeline.fetch.mirror import copy_source
from pipeline.fetch.package import unpack_source
from pipeline.fetch.sources import fetch_source

__all__ = ["FetchSettings", "copy_source", "fetch_source", "unpack_source"]
