"""The least that it could take: reading and writing the same bytes, sorting as often, drawing the same polygons."""

import json
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from benchmarks.measuring import median_seconds

WIDTH, HEIGHT = 1440, 900


def copy_seconds(inputs: Sequence[Path], written: int, folder: Path, times: int = 3) -> float:
    """Seconds to read ``inputs`` and to write as many bytes as ``written``."""
    content = np.random.default_rng(1).bytes(min(written, 2**24))

    def copy() -> None:
        for path in inputs:
            path.read_bytes()
        target = folder / "floor.bin"
        with target.open("wb") as file:
            for start in range(0, written, len(content) or 1):
                file.write(content[: written - start])
        target.unlink()

    return median_seconds(copy, times)


def sort_seconds(areas: int, draws: int, times: int = 3) -> float:
    """Seconds of one core to sort ``areas`` numbers ``draws`` times: what ranking takes whatever is ranked."""
    tried = min(draws, 200)
    numbers = np.random.default_rng(1).random((tried, areas))
    return median_seconds(lambda: [np.sort(row) for row in numbers], times) * draws / tried


def write_polygons(risk: Path, page: Path) -> None:
    """A page that draws the outlines of ``risk.parquet`` on a canvas, filled by decile, and does nothing else.

    Coordinates are pixels with one decimal, as text; the mark ``floor-drawn`` is set once they are on the screen.
    """
    frame = gpd.read_parquet(risk, columns=["risk_decile", "geometry"])
    shapes = frame.geometry.to_crs(3857).to_numpy()
    west, south, east, north = shapely.total_bounds(shapes)
    scale = min(WIDTH / (east - west), HEIGHT / (north - south))
    parts, of_area = shapely.get_parts(shapes, return_index=True)
    rings = []
    for polygon, area in zip(parts, of_area.tolist(), strict=True):
        points = shapely.get_coordinates(polygon.exterior)
        pixels = np.round((points - (west, north)) * (scale, -scale), 1)
        rings.append([int(frame["risk_decile"].iloc[area]), *pixels.ravel().tolist()])
    page.write_text(
        f"""<!doctype html><meta charset="utf-8"><canvas id="map" width="{WIDTH}" height="{HEIGHT}"></canvas>
<script>
const rings = {json.dumps(rings, separators=(",", ":"))};
const canvas = document.getElementById("map").getContext("2d");
canvas.strokeStyle = "#fff"; canvas.lineWidth = 0.5;
for (const ring of rings) {{
  canvas.fillStyle = `hsl(${{ring[0] * 30}} 60% 50%)`;
  canvas.beginPath();
  for (let at = 1; at < ring.length; at += 2) canvas.lineTo(ring[at], ring[at + 1]);
  canvas.closePath(); canvas.fill(); canvas.stroke();
}}
requestAnimationFrame(() => requestAnimationFrame(() => performance.mark("floor-drawn")));
</script>
""",
        encoding="utf-8",
    )
