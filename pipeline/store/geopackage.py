"""Layers with their styles, field titles and metadata in one GeoPackage (OGC 12-128r18)."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import JsonValue

from pipeline.store.files import remove_quietly, write_whole
from pipeline.tables import Column, with_unit

if TYPE_CHECKING:
    import geopandas as gpd

SPECIFICATION = "http://www.geopackage.org/spec121/"
SCHEMA, METADATA = f"{SPECIFICATION}#extension_schema", f"{SPECIFICATION}#extension_metadata"
QGIS = "http://mrcc.com/qgis.dtd"
"""The standard that QGIS looks for in metadata."""
STATEMENTS = """
CREATE TABLE gpkg_data_columns (
    table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT,
    constraint_name TEXT,
    CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name), CONSTRAINT gdc_tn UNIQUE (table_name, name)
);
CREATE TABLE gpkg_data_column_constraints (
    constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN,
    max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
    CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value)
);
CREATE TABLE gpkg_metadata (
    id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset',
    md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT ''
);
CREATE TABLE gpkg_metadata_reference (
    reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
    timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), md_file_id INTEGER NOT NULL,
    md_parent_id INTEGER,
    CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
    CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id)
);
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
    f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
    useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME
);
"""
"""The tables of the extensions *schema* and *metadata*, and the one in which QGIS keeps styles."""
GEOMETRY = "geom"
CAREFUL = {"OGR_SQLITE_SYNCHRONOUS": "OFF", "OGR_GPKG_ALLOW_THREADED_RTREE": "NO"}
"""The file is put down to the disk once, when it is complete, and not with each layer; no order is left to chance."""
CHANGES_AT = (24, 92)
"""Bytes in the header of a database of SQLite: how often it was changed, and when its size in the header was right."""
VERSION = "1.2"
"""The newest that programs of 2021 read without a warning."""


@dataclass(frozen=True)
class Style:
    """A style of a layer: ``qml`` as QGIS writes it; the first of a layer is the one that it is shown in."""

    name: str
    description: str
    qml: str


@dataclass(frozen=True, eq=False)
class Layer:
    """A layer: its ``name`` in queries, its ``title`` and ``description``, the frame, and what its columns mean."""

    name: str
    title: str
    description: str
    frame: "gpd.GeoDataFrame"
    columns: Sequence[Column]
    styles: Sequence[Style] = ()


@dataclass(frozen=True)
class GeoPackage:
    """What a GeoPackage says about itself.

    Attributes:
        built: in UTC, ISO 8601 to the second; every time in the file is this.
        about: for programs, as JSON: title, sources, licences, by what it was made.
        rights: the sentences that the licences of its sources ask for. ``licences``: their titles.
    """

    built: str
    about: Mapping[str, JsonValue]
    rights: Sequence[str]
    licences: Sequence[str]


def write_geopackage(layers: Sequence[Layer], path: Path, package: GeoPackage) -> None:
    """The layers in EPSG:4326 as a GeoPackage that shows itself in its styles; the same layers give the same bytes."""
    write_whole(path, lambda temporary: _fill(layers, temporary, package))


def _fill(layers: Sequence[Layer], temporary: Path, package: GeoPackage) -> None:
    import pyogrio

    # GDAL warns of a GeoPackage by another ending.
    scratch = temporary.with_name(f"{temporary.name}.gpkg")
    pyogrio.set_gdal_config_options(CAREFUL)
    try:
        for number, layer in enumerate(layers):
            pyogrio.write_dataframe(
                layer.frame,
                scratch,
                layer=layer.name,
                driver="GPKG",
                append=number > 0,
                use_arrow=True,
                dataset_options={"VERSION": VERSION} if number == 0 else None,
                layer_options={"GEOMETRY_NAME": GEOMETRY, "IDENTIFIER": layer.title, "DESCRIPTION": layer.description},
            )
        with closing(sqlite3.connect(scratch)) as database, database:
            database.execute("PRAGMA synchronous = OFF")
            _describe(database, layers, package)
        _count_no_changes(scratch)
        scratch.replace(temporary)
    finally:
        pyogrio.set_gdal_config_options(dict.fromkeys(CAREFUL))
        remove_quietly(scratch)


def _count_no_changes(path: Path) -> None:
    """Set the counter of changes of a database, and its copy, to 1: how often GDAL writes it is left to chance."""
    with path.open("rb+") as file:
        for place in CHANGES_AT:
            file.seek(place)
            file.write((1).to_bytes(4, "big"))


def _describe(database: sqlite3.Connection, layers: Sequence[Layer], package: GeoPackage) -> None:
    moment = package.built.replace("Z", ".000Z")
    for statement in STATEMENTS.split(";\n"):
        database.execute(statement)
    for layer in layers:
        _describe_fields(database, layer)
        _add_styles(database, layer, moment)
        _add_metadata(database, ("text/xml", QGIS, _as_qgis(layer, package)), moment, layer.name)
    about = json.dumps(package.about, ensure_ascii=False, indent=1)
    _add_metadata(database, ("application/json", "https://json.org/", about), moment)
    database.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change) "
        "VALUES (?, ?, ?, ?, ?)",
        ("layer_styles", "attributes", "layer_styles", "Styles of the layers, for QGIS", moment),
    )
    database.executemany(
        "INSERT INTO gpkg_extensions (table_name, extension_name, definition, scope) VALUES (?, ?, ?, 'read-write')",
        [
            ("gpkg_data_columns", "gpkg_schema", SCHEMA),
            ("gpkg_data_column_constraints", "gpkg_schema", SCHEMA),
            ("gpkg_metadata", "gpkg_metadata", METADATA),
            ("gpkg_metadata_reference", "gpkg_metadata", METADATA),
        ],
    )
    database.execute("UPDATE gpkg_contents SET last_change = ?", (moment,))


def _describe_fields(database: sqlite3.Connection, layer: Layer) -> None:
    described, titles = {column.name: column for column in layer.columns}, set[str]()
    for name in layer.frame.columns.drop(layer.frame.geometry.name):
        column = described.get(name)
        if column is None:
            continue
        title = with_unit(column.title, column.unit)
        # No two fields of a layer may have the same title.
        title = title if title.casefold() not in titles else f"{title}, {name}"
        titles.add(title.casefold())
        database.execute(
            "INSERT INTO gpkg_data_columns (table_name, column_name, name, title, description) VALUES (?, ?, ?, ?, ?)",
            (layer.name, name, title, title, column.meaning),
        )


def _add_styles(database: sqlite3.Connection, layer: Layer, moment: str) -> None:
    database.executemany(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, "
        "styleQML, styleSLD, useAsDefault, description, owner, update_time) "
        "VALUES ('', '', ?, ?, ?, ?, '', ?, ?, '', ?)",
        [
            (layer.name, GEOMETRY, style.name, style.qml, number == 0, style.description, moment)
            for number, style in enumerate(layer.styles)
        ],
    )


def _add_metadata(database: sqlite3.Connection, content: tuple[str, str, str], moment: str, layer: str = "") -> None:
    kind, standard, text = content
    added = database.execute(
        "INSERT INTO gpkg_metadata (md_scope, md_standard_uri, mime_type, metadata) VALUES ('dataset', ?, ?, ?)",
        (standard, kind, text),
    )
    database.execute(
        "INSERT INTO gpkg_metadata_reference (reference_scope, table_name, timestamp, md_file_id) VALUES (?, ?, ?, ?)",
        ("table" if layer else "geopackage", layer or None, moment, added.lastrowid),
    )


def _as_qgis(layer: Layer, package: GeoPackage) -> str:
    """The metadata of a layer in the words of QGIS, which shows them under *Information*."""
    from xml.etree import ElementTree as Xml

    top = Xml.Element("qgis", version="3.22.0")
    _texts(top, [("identifier", layer.name), ("language", "en-GB"), ("type", "dataset"), ("title", layer.title)])
    _texts(top, [("abstract", layer.description), *(("rights", text) for text in package.rights)])
    _texts(top, [("license", title) for title in package.licences])
    system = Xml.SubElement(Xml.SubElement(top, "crs"), "spatialrefsys")
    _texts(system, [("authid", "EPSG:4326"), ("srid", "4326")])
    dates = Xml.SubElement(top, "dates")
    Xml.SubElement(dates, "date", type="Created", value=package.built)
    return Xml.tostring(top, encoding="unicode")


def _texts(parent: "object", texts: Iterable[tuple[str, str]]) -> None:
    from xml.etree import ElementTree as Xml

    for tag, text in texts:
        Xml.SubElement(parent, tag).text = "".join(c for c in text if c.isprintable() or c in "\n\t")  # type: ignore[arg-type]
