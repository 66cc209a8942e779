"""Files of shapes: GeoJSON, GeoPackage, shapefiles (zipped, too) and GeoParquet."""

import io
import json
import re
import warnings
import zipfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pipeline.errors import RawFileError, did_you_mean, first
from pipeline.raw import BROKEN_ARCHIVE
from pipeline.reading.coordinates import DEGREES
from pipeline.reading.records import content_of, has_shapes, kind_of
from pipeline.reading.sheets import Layout, Sheet, as_cells
from pipeline.reading.text import decode_lines, wide_encoding

if TYPE_CHECKING:
    import geopandas as gpd

ADDRESS_LIKE = re.compile(r"[;?!#%\t\r\n]|^[A-Za-z][\w+.-]+:")
"""What makes the library read a path as an address: it would leave out what comes after, or leave the machine."""
KINDS = "a GeoPackage, a GeoJSON, a shapefile or a GeoParquet file"
NO_SHAPES = f"it holds no shapes. Expected {KINDS}; a list of LSOA codes is an lsoa_file."


def read_shapes(path: Path, layout: Layout | None = None) -> "gpd.GeoDataFrame":
    """The features of a file with their attributes and geometry, as it states them.

    Raises:
        RawFileError: the file cannot be read, has several layers and none is named, holds no shapes, or no features.
    """
    import geopandas as gpd

    content = content_of(path)
    kind = kind_of(content, str(path))
    if kind == "workbook" or (kind == "text" and not content.lstrip().startswith(b"<")):
        raise RawFileError(f"{path}: {NO_SHAPES}")
    try:
        if kind == "parquet":
            if not has_shapes(content):
                raise RawFileError(f"{path}: {NO_SHAPES}")
            frame = _with_index(gpd.read_parquet(io.BytesIO(content)))
        else:
            where = _where(path, kind, content)
            # What the library warns of, such as a geometry that it cannot read, shows in the frame.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                one = kind == "json" and (layout is None or layout.layer is None)
                layer = None if one else _layer(where, path, layout)
                frame = gpd.read_file(where, layer=layer, engine="pyogrio")
    except RawFileError:
        raise
    except Exception as error:
        text = " ".join(str(error).split())[:200]
        raise RawFileError(
            f"{path}: cannot be read as a file of shapes ({text}). Expected {KINDS}; a shapefile "
            "needs its .shx, .dbf and .prj beside it."
        ) from error
    if not isinstance(frame, gpd.GeoDataFrame) or frame.active_geometry_name is None:
        raise RawFileError(f"{path}: {NO_SHAPES}")
    if frame.empty:
        raise RawFileError(f"{path}: it has no features.")
    twice = sorted({str(c) for c in frame.columns if list(frame.columns).count(c) > 1})
    if twice:
        raise RawFileError(f"{path}: the column(s) {', '.join(twice)} appear more than once. Keep one of each.")
    return frame


def _with_index(frame: "gpd.GeoDataFrame") -> "gpd.GeoDataFrame":
    """A frame whose index, where it says something, is a column."""
    return frame if isinstance(frame.index, pd.RangeIndex) and frame.index.name is None else frame.reset_index()


def _folder_of_shapes(content: bytes) -> str:
    """The folder in an archive that has its shapefile, with a slash before it; empty where it needs none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside = [PurePosixPath(n) for n in archive.namelist() if not n.startswith("__MACOSX")]
    except BROKEN_ARCHIVE:
        return ""
    folders = {str(member.parent) for member in inside if member.suffix.lower() == ".shp"}
    return f"/{folders.pop()}" if len(folders) == 1 and folders != {"."} else ""


def in_system(frame: "gpd.GeoDataFrame", code: int, name: str) -> "gpd.GeoDataFrame":
    """Shapes in the coordinate system EPSG:``code``.

    Raises:
        RawFileError: the file states no system, or one that cannot be converted.
    """
    if frame.crs is None:
        raise RawFileError(f"{name}: the file does not state its coordinate system. Expected EPSG:4326 or EPSG:27700.")
    try:
        return frame.to_crs(code)
    except Exception as error:
        raise RawFileError(
            f"{name}: its coordinate system, {frame.crs.name}, cannot be converted to EPSG:{code} "
            f"({' '.join(str(error).split())[:100]}). Save the file in EPSG:4326."
        ) from error


def _where(path: Path, kind: str, content: bytes) -> str | bytes:
    """What the library is to open: the path, or the content where it would take the path for an address on the web."""
    if ADDRESS_LIKE.search(str(path)) is None and ".zip" not in str(path.parent).lower():
        return f"/vsizip/{path}{_folder_of_shapes(content)}" if kind == "zip" else str(path)
    if path.suffix.lower() != ".shp":
        return content
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for part in sorted(path.parent.iterdir()):
            if part.stem == path.stem and part.is_file():
                archive.writestr(f"shapes{part.suffix.lower()}", part.read_bytes())
    return packed.getvalue()


def _layer(where: str | bytes, path: Path, layout: Layout | None) -> str | None:
    import pyogrio

    layers = [str(name) for name, _ in pyogrio.list_layers(where)]
    wanted = None if layout is None else layout.layer
    if wanted is not None:
        fitting = [name for name in layers if name.casefold() == wanted.strip().casefold()]
        if len(fitting) != 1:
            raise RawFileError(
                f"{path}: there is no layer '{wanted}'.{did_you_mean(wanted, layers)} Layers found: {first(layers)}"
            )
        return fitting[0]
    if len(layers) > 1:
        naming = (layout and layout.naming) or 'name the one to read (layer = "…" or --layer)'
        raise RawFileError(f"{path}: there are {len(layers)} layers; {naming}. Layers found: {first(layers)}")
    return None


def read_features(path: Path, layout: Layout | None = None) -> Sheet:
    """The features of a file as rows, numbered from 1, each with a point: of an outline, one inside it.

    ``points`` has the coordinates as the file has them, and what is wrong with a geometry; ``notes`` says for how many
    outlines a point inside is used.

    Raises:
        RawFileError: as :func:`read_shapes`, or a GeoJSON is not a FeatureCollection.
    """
    content = content_of(path)
    if kind_of(content, str(path)) == "json" and (layout is None or layout.layer is None):
        return _read_geojson(content, path)
    frame = read_shapes(path, layout)
    crs = None if frame.crs is None else (f"EPSG:{frame.crs.to_epsg()}" if frame.crs.to_epsg() else frame.crs.name)
    geometry = frame.geometry.to_numpy()
    attributes = pd.DataFrame(frame.drop(columns=frame.active_geometry_name))
    rows = pd.RangeIndex(1, len(frame) + 1)
    return _sheet(path, attributes.set_axis(rows), list(geometry), ["" for _ in rows], crs)


def _read_geojson(content: bytes, path: Path) -> Sheet:
    try:
        text = content.decode(wide_encoding(content) or "utf-8-sig")
        notes: tuple[str, ...] = ()
    except UnicodeDecodeError:
        text, notes = decode_lines(content)
    try:
        collection = json.loads(text)
        if isinstance(collection, dict) and collection.get("type") == "Feature":
            collection = {"features": [collection]}
        if not isinstance(collection, dict) or not isinstance(collection.get("features"), list):
            raise ValueError("it has no list of features")
        features = collection["features"]
        stated = _stated_crs(collection.get("crs"))
        properties = [dict(feature.get("properties") or {}) for feature in features]
        json.dumps(properties, ensure_ascii=False).encode()
    except RecursionError as error:
        raise RawFileError(f"{path}: brackets are nested too deeply for a GeoJSON. Is it the right file?") from error
    except UnicodeEncodeError as error:
        raise RawFileError(
            f"{path}: it holds half a character (a lone surrogate). Save the file as UTF-8 and correct the text."
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RawFileError(f"{path}: expected a GeoJSON FeatureCollection: {error}") from error
    if not features:
        raise RawFileError(f"{path}: it has no features.")
    shapes = [_shape(feature.get("geometry")) for feature in features]
    rows = pd.RangeIndex(1, len(features) + 1)
    headers = list(dict.fromkeys(key for cells in properties for key in cells))
    attributes = pd.DataFrame({key: [cells.get(key) for cells in properties] for key in headers}, index=rows)
    sheet = _sheet(path, attributes, [shape for shape, _ in shapes], [fault for _, fault in shapes], stated)
    return Sheet(**{**sheet.__dict__, "notes": (*notes, *sheet.notes)})


def _shape(geometry: Any) -> tuple[Any, str]:
    import shapely
    from shapely.geometry import shape

    if not geometry:
        return None, "it has no geometry"
    try:
        made = shape(geometry)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, shapely.errors.ShapelyError):
        return None, "its geometry cannot be read"
    return (made, "") if not made.is_empty else (None, "its geometry is empty")


def _sheet(path: Path, attributes: pd.DataFrame, shapes: list[Any], faults: list[str], crs: str | None) -> Sheet:
    import shapely

    x, y = np.full(len(shapes), np.nan), np.full(len(shapes), np.nan)
    inside = 0
    for place, shape in enumerate(shapes):
        if shape is None or shape.is_empty:
            faults[place] = faults[place] or "it has no geometry"
            continue
        parts = shapely.get_parts(shape)
        if len(parts) == 1 and parts[0].geom_type == "Point":
            point = parts[0]
        elif shape.geom_type == "MultiPoint":
            faults[place] = f"it has {len(parts)} points"
            continue
        elif shape.geom_type not in ("Polygon", "MultiPolygon"):
            faults[place] = f"its geometry is a {shape.geom_type}, not a point or an outline"
            continue
        else:
            point, inside = shapely.point_on_surface(shapely.make_valid(shape)), inside + 1
        x[place], y[place] = point.x, point.y
    if inside == 0 and all(faults):
        shown = [f"feature {n}: {fault}" for n, fault in enumerate(faults, 1)]
        raise RawFileError(f"{path}: no feature has a geometry that can be used: {first(shown, 5)}.")
    notes = (f"a point inside is used for each of {inside:,} outline(s)",) if inside else ()
    points = pd.DataFrame({"x": x, "y": y, "fault": faults}, index=attributes.index)
    cells = {n: as_cells(attributes.iloc[:, n].tolist(), attributes.index) for n in range(attributes.shape[1])}
    headers = tuple(str(column) for column in attributes.columns)
    return Sheet(str(path), headers, cells, notes, points, crs, attributes.index)


def _stated_crs(crs: Any) -> str | None:
    """What the member ``crs`` of GeoJSON before RFC 7946 names: ``EPSG:`` and a number where it can be understood."""
    if crs is None:
        return None
    properties = crs["properties"]
    name = str(properties.get("name") or properties.get("code") or properties)
    if "CRS84" in name.upper():
        return DEGREES
    code = re.fullmatch(r"(?:.*EPSG:(?:.*:)?)?([0-9]{4,6})", name.strip(), re.IGNORECASE)
    return f"EPSG:{code.group(1)}" if code else name
