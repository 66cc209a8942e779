"""Population-weighted centroids of LSOAs: the points that distances are measured from."""

from pathlib import Path

import pandas as pd

from pipeline.errors import RawFileError, first
from pipeline.reading import read_shapes
from pipeline.reading.shapes import in_system
from pipeline.tables import Family, Table, validate
from pipeline.tables.columns import LSOA_CODE, grid_point
from pipeline.tidy.boundaries import codes_of_features
from pipeline.tidy.outlines import refuse_wrong_label
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
            its numbers; a code is none, or a feature is not a point.
        SchemaError: a code is malformed or appears twice.
    """
    frame = read_shapes(path)
    codes = codes_of_features(frame, path)
    wrong = codes[frame.geometry.isna() | frame.geometry.is_empty | (frame.geometry.geom_type != "Point")]
    if len(wrong):
        raise RawFileError(f"{path}: {len(wrong):,} LSOA(s) have no point: {first(wrong)}")
    if frame.crs is not None:
        refuse_wrong_label(frame.geometry.x.to_numpy(), frame.geometry.y.to_numpy(), frame.crs, str(path))
    points = in_system(frame, 27700, str(path)).geometry
    result = pd.DataFrame({"lsoa21_code": codes, "easting": points.x, "northing": points.y})
    result = result[result["lsoa21_code"].str.startswith("E")].sort_values("lsoa21_code", ignore_index=True)
    validate(result, CENTROIDS, str(path))
    return result
