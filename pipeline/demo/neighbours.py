"""The outlines of all districts, coarse as the publisher's: the country's, and those across its inland border."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipeline.demo import names
from pipeline.demo.cells import Shapes
from pipeline.demo.coast import place
from pipeline.demo.noise import wiggle

DETAIL = 350.0
"""What is left out of an outline, in metres."""
FINEST = 700.0
"""The longest segment of the coast across the border, in metres."""
DIGITS = 6
"""Decimals of degrees in the file."""
_COAST = (
    (-0.80, 0.66), (-1.05, 0.95), (-0.80, 1.30), (-1.00, 1.75), (-0.40, 2.10), (0.50, 1.95), (1.30, 2.05),
    (1.90, 1.45), (1.75, 0.70), (2.05, 0.05), (1.70, -0.60), (1.25, -0.95), (0.84, -0.62),
)  # fmt: skip
_UNDER_THE_COUNTRY = ((0.50, 0.20), (-0.30, 0.35))
_MIDDLES = ((-0.50, 1.30), (0.50, 1.25), (1.35, 1.20), (1.50, 0.20), (1.35, -0.55))


def district_outlines(codes: pd.DataFrame, polygons: Shapes, unit: float, seed: int) -> bytes:
    """Every district as GeoJSON, with its code and name.

    Args:
        codes: ``LAD24CD`` and ``LAD24NM`` of each area. ``polygons``: of each area, EPSG:27700.
        unit: metres of the unit that coasts are laid out in.
    """
    home = gpd.GeoDataFrame(codes[["LAD24CD", "LAD24NM"]], geometry=list(polygons), crs=27700)
    home = home.dissolve("LAD24CD", as_index=False)
    beyond = _beyond(shapely.union_all(home.geometry.to_numpy()), unit, np.random.default_rng([seed, 90]))
    numbers = range(len(home), len(home) + len(beyond))
    others = gpd.GeoDataFrame(
        {"LAD24CD": [names.code("E07", n) for n in numbers], "LAD24NM": [names.district(n) for n in numbers]},
        geometry=list(beyond),
        crs=27700,
    )
    frame = pd.concat([home, others], ignore_index=True)
    frame = frame.set_geometry(gpd.GeoSeries(shapely.coverage_simplify(frame.geometry.to_numpy(), DETAIL), crs=27700))
    features = [
        {
            "type": "Feature",
            "properties": {"LAD24CD": code, "LAD24NM": name},
            "geometry": json.loads(shapely.to_geojson(shape)),
        }
        for code, name, shape in zip(
            frame["LAD24CD"],
            frame["LAD24NM"],
            shapely.transform(frame.geometry.to_crs(4326).to_numpy(), lambda points: np.asarray(points.round(DIGITS))),
            strict=True,
        )
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":")).encode("ascii")


def _beyond(country: shapely.Geometry, unit: float, random: np.random.Generator) -> Shapes:
    """The districts across the border, which end where the country begins."""
    coast = wiggle(place(_COAST, unit), FINEST, 0.13, random)
    outline = shapely.make_valid(shapely.Polygon(np.concatenate([coast, place(_UNDER_THE_COUNTRY, unit)])))
    land = max(shapely.get_parts(shapely.difference(outline, country)), key=shapely.area)
    middles = shapely.points(place(_MIDDLES, unit))
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.union_all(middles), extend_to=land, ordered=True))
    return np.asarray(shapely.intersection(cells, land))
