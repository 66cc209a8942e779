"""Where the program itself is: its package, the page's sources in a checkout, and the page's built code."""

from pathlib import Path

PACKAGE = Path(__file__).parents[1]
PAGE, ASSETS = PACKAGE.parent / "page", PACKAGE / "atlas" / "assets"
ASSET_NAMES = ("leaflet.css", "atlas.css", "leaflet.js", "atlas.js", "licences.txt")
