"""The data package that describes every file of an area: Data Package 2.0, ``datapackage.json``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.store.steps import file_hash
from pipeline.tables import Table, describe, described_columns, plain_columns

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
LICENCES = {
    "Open Government Licence v3.0": {
        "name": "OGL-UK-3.0",
        "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    },
    "Creative Commons Attribution 4.0": {
        "name": "CC-BY-4.0",
        "path": "https://creativecommons.org/licenses/by/4.0/",
    },
    "Open Parliament Licence v3.0": {
        "name": "other-open",
        "path": "https://www.parliament.uk/site-information/copyright-parliament/open-parliament-licence/",
    },
}
"""Licences by the title used in declared sources: names in the list of open licences, and links to their texts."""
OTHER_LICENCE = {"name": "notspecified"}
"""The name in the list of open licences for a licence that is not on it."""
PARQUET = ".parquet"
MISSING_IN_PARQUET = ["", "nan"]
"""The text that tools which read parquet through pandas see where a value is missing."""
FORMATS: Mapping[str, Mapping[str, Any]] = {
    PARQUET: {"format": "parquet", "mediatype": "application/vnd.apache.parquet"},
    ".csv": {
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True},
    },
    ".geojson": {"format": "geojson", "mediatype": "application/geo+json", "encoding": "utf-8"},
    ".xlsx": {
        "format": "xlsx",
        "mediatype": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    },
    ".gpkg": {"format": "gpkg", "mediatype": "application/geopackage+sqlite3"},
}


@dataclass(frozen=True)
class PackageSource:
    """A source of a package: its name, where it is (an address or a file), the title of its licence.

    ``attribution`` is the sentence that the licence asks for; empty where it asks for none.
    """

    title: str
    path: str
    licence: str
    attribution: str = ""


@dataclass(frozen=True)
class PackageAbout:
    """The description of a package.

    ``version`` is that of the program that made it, ``created`` an ISO 8601 time.
    """

    name: str
    title: str
    description: str
    version: str
    created: str
    sources: tuple[PackageSource, ...]


@dataclass(frozen=True)
class Resource:
    """A file of a package: a table by ``table`` (GeoJSON is described by the table of its properties), or a document.

    ``document`` is the title and the description of a file that holds several tables, as a workbook does.
    """

    path: Path
    table: Table | None
    document: tuple[str, str] = ("", "")


def data_package(about: PackageAbout, resources: Sequence[Resource]) -> dict[str, Any]:
    """The descriptor of a data package: every file with its SHA-256, and every column of its tables.

    Its licences are those of its sources, each once.

    Raises:
        FileNotFoundError: a resource is missing.
    """
    titles = dict.fromkeys(source.licence for source in about.sources)
    return {
        "$schema": PROFILE,
        "name": about.name,
        "title": about.title,
        "description": about.description,
        "version": about.version,
        "created": about.created,
        "licenses": [{**LICENCES.get(title, OTHER_LICENCE), "title": title} for title in titles],
        "sources": [_source(source) for source in about.sources],
        "resources": [_described(resource) for resource in resources],
    }


def _source(source: PackageSource) -> dict[str, str]:
    named = {"title": source.title, "path": source.path, "licence": source.licence}
    return named | ({"attribution": source.attribution} if source.attribution else {})


def _described(resource: Resource) -> dict[str, Any]:
    path, table = resource.path, resource.table
    title, description = resource.document if table is None else (table.title, table.description)
    described = {
        "name": path.name.replace(".", "-").replace("_", "-").lower(),
        "path": path.name,
        "title": title,
        "description": description,
        **FORMATS[path.suffix],
        "hash": f"sha256:{file_hash(path)}",
    }
    if table is not None and path.suffix == PARQUET:
        # No size is given: the frictionless tool cannot count the bytes of parquet and would reject any number.
        schema = describe(table, described_columns(table)) | {"missingValues": MISSING_IN_PARQUET}
        return described | {"type": "table", "schema": schema}
    described["bytes"] = path.stat().st_size
    if table is not None and path.suffix == ".csv":
        return described | {"type": "table", "schema": describe(table, plain_columns(table))}
    return described
