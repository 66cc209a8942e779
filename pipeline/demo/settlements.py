"""Where people live: a city, towns by rank and size, villages, and the countryside between."""

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial import cKDTree

from pipeline.demo.coast import CENTRE, Coast
from pipeline.demo.noise import Floats

URBAN_SHARE, VILLAGE_SHARE = 0.58, 0.17
"""Shares of all areas that lie in the city and towns, and in villages."""
SMALLEST_URBAN = 0.6
"""This share of the towns, the largest, is urban; the others are larger rural settlements."""
_PLACES = ((0.10, -0.02), (-0.38, -0.20), (0.47, -0.55), (0.52, 0.28), (-0.42, 0.40), (-0.78, 0.14), (0.72, -0.28))
_ROUNDS = 7


@dataclass(frozen=True)
class Settlements:
    """Towns (the city first) and then villages: centre, radius in metres, share of all areas, and lobes."""

    middles: Floats
    radii: Floats
    shares: Floats
    lobes: Floats
    towns: int


def make_settlements(areas: int, coast: Coast, random: np.random.Generator) -> Settlements:
    """The larger the country, the more towns and villages."""
    towns = max(4, round(8 * (areas / 600) ** 0.55))
    villages = max(6, round(45 * (areas / 600) ** 0.7))
    weight = np.arange(1, towns + 1) ** -1.15
    size = random.lognormal(0, 0.5, villages)
    shares = np.concatenate([weight / weight.sum() * URBAN_SHARE, size / size.sum() * VILLAGE_SHARE])
    room = float(coast.mainland.area) / areas
    plot = 420_000 * min(1.0, (room / 9e6) ** 0.5)
    radii = np.sqrt(shares * areas * plot * np.where(np.arange(len(shares)) < towns, 1.0, 1.8) / np.pi)
    middles = _middles(towns, radii, coast, random)
    lobes = random.uniform(0, 2 * np.pi, (len(radii), 2))
    return Settlements(middles, radii, shares, lobes, towns)


def _middles(towns: int, radii: Floats, coast: Coast, random: np.random.Generator) -> Floats:
    """The first places are fixed; every further town is the most remote of several tries, and villages are anywhere."""
    placed = [np.array(place) * coast.unit + CENTRE for place in _PLACES[:towns]]
    while len(placed) < len(radii):
        tries = on_land(12, coast.mainland, random)
        away = np.asarray(cKDTree(np.array(placed)).query(tries)[0])
        placed.append(tries[int(away.argmax()) if len(placed) < towns else 0])
    inner = coast.mainland.simplify(100).buffer(-700, quad_segs=2)
    shapely.prepare(inner)
    middles = np.array(placed)
    for number in np.flatnonzero(~shapely.contains_xy(inner, middles[:, 0], middles[:, 1])):
        line = shapely.shortest_line(inner, shapely.Point(middles[number]))
        middles[number] = shapely.get_coordinates(line)[0]
    return middles


def on_land(count: int, land: shapely.Polygon, random: np.random.Generator) -> Floats:
    """``count`` random points on the land."""
    shapely.prepare(land)
    west, south, east, north = land.bounds
    inside = np.empty((0, 2))
    while len(inside) < count:
        points = random.uniform((west, south), (east, north), size=(count * 2 + 8, 2))
        inside = np.concatenate([inside, points[shapely.contains_xy(land, points[:, 0], points[:, 1])]])
    return inside[:count]


def make_seeds(areas: int, coast: Coast, settlements: Settlements, random: np.random.Generator) -> Floats:
    """Points as dense as the population, evened out by Lloyd's method on a crowd of people."""
    crowd = _crowd(areas * int(np.clip(60_000 / areas, 12, 30)), coast, settlements, random)
    seeds = crowd[random.choice(len(crowd), areas, replace=False)]
    for _ in range(_ROUNDS):
        nearest = cKDTree(seeds).query(crowd)[1]
        count = np.bincount(nearest, minlength=areas)
        moved = np.column_stack([np.bincount(nearest, crowd[:, axis], areas) / np.maximum(count, 1) for axis in (0, 1)])
        inside = shapely.contains_xy(coast.mainland, moved[:, 0], moved[:, 1]) & (count > 0)
        seeds = np.where(inside[:, None], moved, seeds)
    return seeds


def _crowd(count: int, coast: Coast, settlements: Settlements, random: np.random.Generator) -> Floats:
    shapely.prepare(coast.mainland)
    open_country = 1 - settlements.shares.sum()
    homes = [on_land(round(count * open_country), coast.mainland, random)]
    missing = count - len(homes[0])
    while missing > 0:
        points = _townspeople(missing + missing // 4 + 8, settlements, random)
        points = points[shapely.contains_xy(coast.mainland, points[:, 0], points[:, 1])][:missing]
        homes.append(points)
        missing -= len(points)
    return np.concatenate(homes)


def _townspeople(count: int, settlements: Settlements, random: np.random.Generator) -> Floats:
    """Denser in the centre, thinner at the fringe, and not quite round."""
    chosen = random.choice(len(settlements.shares), count, p=settlements.shares / settlements.shares.sum())
    turn = random.uniform(0, 2 * np.pi, count)
    lobes = settlements.lobes[chosen]
    reach = 1 + 0.22 * np.sin(2 * turn + lobes[:, 0]) + 0.14 * np.sin(3 * turn + lobes[:, 1])
    out = random.uniform(0, 1, count) ** 0.58
    fringe = random.uniform(0, 1, count) < 0.12
    out = np.where(fringe, 1 + random.exponential(0.35, count), out)
    distance = settlements.radii[chosen] * reach * out
    return settlements.middles[chosen] + np.column_stack([np.cos(turn), np.sin(turn)]) * distance[:, None]
