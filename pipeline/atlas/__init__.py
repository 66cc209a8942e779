"""The Folium page of an area: one HTML file that opens anywhere and asks nothing of the network."""

from pipeline.atlas.page import draw

__all__ = ["draw"]
