"""Where scores cluster: neighbours by queen contiguity, hot spots told from chance."""

from pipeline.space.hotspots import CATEGORIES, Hotspots, hotspots
from pipeline.space.neighbours import Neighbours, queen_neighbours

__all__ = ["CATEGORIES", "Hotspots", "Neighbours", "hotspots", "queen_neighbours"]
