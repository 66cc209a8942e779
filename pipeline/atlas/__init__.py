"""The Folium page of an area: one HTML file that opens anywhere and asks nothing of the network."""

from pipeline.atlas.page import draw
from pipeline.atlas.support import Extras

__all__ = ["Extras", "draw"]
