"""Tables as parquet, CSV and GeoJSON, each with where it came from, and reading them back."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from pipeline.store.files import write_bytes, write_json, write_text, write_whole
from pipeline.tables import Table


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
