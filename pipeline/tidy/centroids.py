"""Population-weighted centroids of LSOAs: the points that distances are measured from."""

from pathlib import Path

import pandas as pd

from pipeline.errors import RawFileError, first
from pipeline.tables import Family, Table, validate
from pipeline.tables.columns import LSOA_CODE, grid_point
from pipeline.tidy.outlines import refuse_odd_codes, refuse_wrong_label
from pipeline.tidy.registry import reader

_centroid = Family("place", "lsoa21_centroids")

CENTROIDS = Table(
    "centroids",
    "Population-weighted centroids of LSOAs",
    "The point that best represents where the people of an LSOA live, as published.",
    (LSOA_CODE, *grid_point(_centroid)),
    key="lsoa21_code",
)


@reader("centroids", CENTROIDS, "placed")
def tidy_centroids(path: Path) -> pd.DataFrame:
    """The centroids of English LSOAs on the National Grid: table ``centroids``.

    Raises:
        RawFileError: the file cannot be read, lacks LSOA21CD or its coordinate system, or states one that does not fit
            its numbers; a row is not a point or has no LSOA code.
        SchemaError: a code is malformed or appears twice.
    """
    import geopandas as gpd

    try:
        frame = gpd.read_file(path, engine="pyogrio")
    except Exception as error:
        raise RawFileError(f"{path}: cannot be read as a file of points: {error}. Fetch it again.") from error
    columns = {str(column).upper(): column for column in frame.columns}
    if "LSOA21CD" not in columns or not isinstance(frame, gpd.GeoDataFrame) or frame.crs is None:
        raise RawFileError(
            f"{path}: expected points with LSOA21CD and a coordinate system. Columns found: {first(frame.columns)}"
        )
    codes = frame[columns["LSOA21CD"]].astype("str").str.strip()
    refuse_odd_codes(codes, str(path))
    wrong = codes[frame.geometry.isna() | (frame.geometry.geom_type != "Point")]
    if len(wrong):
        raise RawFileError(f"{path}: {len(wrong):,} LSOA(s) have no point: {first(wrong)}")
    refuse_wrong_label(frame.geometry.x.to_numpy(), frame.geometry.y.to_numpy(), frame.crs, str(path))
    points = frame.geometry.to_crs(27700)
    result = pd.DataFrame({"lsoa21_code": codes, "easting": points.x, "northing": points.y})
    result = result[result["lsoa21_code"].str.startswith("E")].sort_values("lsoa21_code", ignore_index=True)
    validate(result, CENTROIDS, str(path))
    return result
