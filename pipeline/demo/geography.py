"""A made-up country: its coast, its settlements, its areas and what sort of place each of them is."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from pipeline.demo.cells import Shapes, make_cells
from pipeline.demo.coast import Coast, make_coast
from pipeline.demo.noise import Floats
from pipeline.demo.settlements import SMALLEST_URBAN, Settlements, make_seeds, make_settlements
from pipeline.tables import RUC21_CODES

FEWEST = 60
FURTHER = 0.36
"""The distance from a major town or city, in half widths of the country, beyond which a place is further from one."""


@dataclass(frozen=True)
class Land:
    """One entry for each area, in EPSG:27700 metres.

    ``urban`` is 0 (open country) to 1 (centre of the city), ``shore`` the distance to the sea, ``remote`` that to
    a major town or city, ``town`` the number of the nearest town (0 = the city), ``in_town`` whether it lies in it.
    """

    polygons: Shapes
    centres: Floats
    urban: Floats
    shore: Floats
    remote: Floats
    town: NDArray[np.int64]
    in_town: NDArray[np.bool_]
    ruc: NDArray[np.object_]

    def take(self, order: NDArray[np.int64]) -> "Land":
        """The areas in a different order."""
        return Land(**{name: getattr(self, name)[order] for name in self.__dataclass_fields__})


def make_land(areas: int, seed: int) -> Land:
    """``areas`` areas, at least sixty.

    Raises:
        ValueError: there would be too few for a country.
    """
    if areas < FEWEST:
        raise ValueError(f"the fictional country needs at least {FEWEST} areas, not {areas}")
    random = [np.random.default_rng([seed, part]) for part in range(3)]
    coast = make_coast(areas, random[0])
    settlements = make_settlements(areas, coast, random[1])
    cells = make_cells(make_seeds(areas, coast, settlements, random[1]), coast, random[2])
    return _described(cells, coast, settlements)


def _described(cells: Shapes, coast: Coast, settlements: Settlements) -> Land:
    centres = shapely.get_coordinates(shapely.point_on_surface(cells))
    ratio, town = _nearest(centres, settlements, 0, settlements.towns)
    village = _nearest(centres, settlements, settlements.towns, len(settlements.radii))[0]
    size = (settlements.shares[town] / settlements.shares[0]) ** 0.18
    majors = max(2, settlements.towns // 8)
    remote = np.min([np.linalg.norm(centres - middle, axis=1) for middle in settlements.middles[:majors]], axis=0)
    urban_town = town < np.ceil(settlements.towns * SMALLEST_URBAN)
    rural = np.where((ratio < 1.3) & urban_town, 0, np.where((ratio < 1.9) | (village < 1.0), 1, 2))
    return Land(
        polygons=cells,
        centres=centres,
        urban=np.exp(-((ratio / 1.25) ** 2)) * size,
        shore=np.asarray(cKDTree(coast.shore).query(centres)[0]),
        remote=remote,
        town=town,
        in_town=ratio < 1.3,
        ruc=np.array(RUC21_CODES, dtype=object)[rural * 2 + (remote > FURTHER * coast.unit)],
    )


def _nearest(centres: Floats, settlements: Settlements, first: int, last: int) -> tuple[Floats, NDArray[np.int64]]:
    """The distance to the settlement that is nearest relative to its size, in radii, and its number."""
    best, number = np.full(len(centres), np.inf), np.zeros(len(centres), dtype=np.int64)
    for settlement in range(first, last):
        ratio = np.linalg.norm(centres - settlements.middles[settlement], axis=1) / settlements.radii[settlement]
        number = np.where(ratio < best, settlement, number)
        best = np.minimum(best, ratio)
    return best, number
