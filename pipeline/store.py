"""The only writer under ``data/processed`` and ``maps``: whole files or none, each with where it came from."""

import json
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from pipeline.schema import Table, describe


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let ``write`` fill a temporary file beside ``path``, then put it in place in one step.

    A run that is killed leaves the file that was there before.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        write(temporary)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_text(path: Path, text: str) -> None:
    """``text`` as UTF-8 with Unix line ends."""
    write_whole(path, lambda temporary: temporary.write_bytes(text.encode("utf-8")))


def write_bytes(path: Path, content: bytes) -> None:
    """``content`` as it is."""
    write_whole(path, lambda temporary: temporary.write_bytes(content))


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """``value`` as indented JSON."""
    write_text(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def metadata_path(path: Path) -> Path:
    """Where the metadata of ``path`` stands."""
    return path.with_name(path.name + ".meta.json")


def write_table(frame: pd.DataFrame, path: Path, metadata: Mapping[str, Any]) -> None:
    """A table as parquet, and its metadata beside it.

    A frame with geometry becomes GeoParquet 1.1 with a bounding-box column, so that readers can skip what is
    outside a window.
    """

    def write(temporary: Path) -> None:
        if isinstance(frame, gpd.GeoDataFrame):
            frame.to_parquet(
                temporary,
                index=False,
                compression="zstd",
                schema_version="1.1.0",
                write_covering_bbox=True,
                row_group_size=8_192,
            )
        else:
            frame.to_parquet(temporary, index=False, compression="zstd")

    write_whole(path, write)
    write_json(metadata_path(path), metadata)


PANDAS_TYPES = {"string": "str", "integer": "int64", "number": "float64", "boolean": "bool", "geometry": "object"}


def empty(table: Table) -> pd.DataFrame:
    """A table without rows, its columns typed."""
    return pd.DataFrame({column.name: pd.Series(dtype=PANDAS_TYPES[column.kind]) for column in table.columns})


def remove_table(path: Path) -> None:
    """Remove a table that can no longer be made, with its metadata; nothing happens where there is none."""
    path.unlink(missing_ok=True)
    metadata_path(path).unlink(missing_ok=True)


def read_table(path: Path) -> pd.DataFrame:
    """A table written by :func:`write_table`."""
    return pd.read_parquet(path)


def read_geotable(path: Path) -> gpd.GeoDataFrame:
    """A table with geometry written by :func:`write_table`, without its bounding-box column."""
    frame = gpd.read_parquet(path)
    return frame.drop(columns="bbox", errors="ignore")


def read_metadata(path: Path) -> dict[str, Any]:
    """The metadata beside ``path``."""
    content: dict[str, Any] = json.loads(metadata_path(path).read_text(encoding="utf-8"))
    return content


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """All columns but the geometry as CSV, numbers to six decimals.

    UTF-8 with a byte-order mark, so that Excel reads names right; text that a spreadsheet would take for a formula
    begins with an apostrophe.
    """
    plain = pd.DataFrame(frame.drop(columns="geometry", errors="ignore")).round(6)
    for column in plain.columns[[not pd.api.types.is_numeric_dtype(kind) for kind in plain.dtypes]]:
        plain[column] = plain[column].map(_no_formula, na_action="ignore")
    write_bytes(path, b"\xef\xbb\xbf" + plain.to_csv(index=False, lineterminator="\r\n").encode("utf-8"))


def write_geojson(frame: gpd.GeoDataFrame, path: Path) -> None:
    """A frame with geometry in EPSG:4326 as GeoJSON (RFC 7946)."""
    write_text(path, frame.to_json(drop_id=True, na="null", show_bbox=False) + "\n")


def _no_formula(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def data_package(name: str, title: str, metadata: Mapping[str, Any], resources: Mapping[str, Table]) -> dict[str, Any]:
    """A Frictionless data package that describes every column of ``resources`` (file name to table)."""
    described = []
    for file, table in resources.items():
        schema = describe(table)
        if file.endswith(".csv"):
            schema["fields"] = [field for field in schema["fields"] if field["name"] != "geometry"]
        described.append(
            {
                "name": file.replace(".", "-").replace("_", "-"),
                "path": file,
                "title": table.title,
                "description": table.description,
                "format": file.rsplit(".", 1)[-1],
                "mediatype": "text/csv" if file.endswith(".csv") else "application/vnd.apache.parquet",
                **({"encoding": "utf-8", "dialect": {"lineTerminator": "\r\n"}} if file.endswith(".csv") else {}),
                "schema": schema,
            }
        )
    return {
        "$schema": "https://datapackage.org/profiles/1.0/datapackage.json",
        "name": name,
        "title": title,
        "created": metadata["built"],
        "licenses": [
            {
                "name": "OGL-UK-3.0",
                "title": "Open Government Licence v3.0",
                "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
            }
        ],
        "sources": [{"title": s["title"], "path": s["landing_page"]} for s in metadata["sources"]],
        "resources": described,
    }
