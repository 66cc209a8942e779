"""Neighbours, hot spots told apart from chance, distances, catchments and sites; arrays in, arrays out."""

from pipeline.space.hotspots import CATEGORIES, Hotspots, find_hotspots
from pipeline.space.neighbours import Neighbours, find_queen_neighbours

__all__ = ["CATEGORIES", "Hotspots", "Neighbours", "find_hotspots", "find_queen_neighbours"]
