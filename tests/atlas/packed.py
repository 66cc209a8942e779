"""A small page's data, packed by Python with what it must decode to: the browser's tests read the same file."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from pipeline.atlas.columns import pack_table
from pipeline.atlas.packing import pack_geometry
from pipeline.atlas.postcodes import pack_postcodes
from pipeline.atlas.topology import build_topology

PATH = Path(__file__).with_name("packed.json")
CODES = ["E01900001", "E01900002", "E01900003", "E01900004"]


def table() -> pd.DataFrame:
    """Every kind of column: counted names, text with gaps, whole and decimal numbers, numbers that need every bit."""
    return pd.DataFrame(
        {
            "lsoa21_code": CODES,
            "lsoa21_name": ["Fenmouth 001A", "Fenmouth 001B", "Upper Wetland 002A", "Upper Wetland 010A"],
            "ward_name": pd.Series(["</script>", "\u202eשלום", None, "😀 Quay"], dtype="str"),
            "population_total": [1500, 1612, 1700, 999],
            "risk_rank": [2, 1, 3, 4],
            "england_rank": [2, 1, 3, 4],
            "broadband_deprivation": [-1.25, 0.0, 2.125, np.nan],
            "share_75_plus": [1 / 3, 1612 / 7919, 0.1, np.nan],
        }
    )


def packed() -> dict[str, object]:
    """The three packed objects with what is in them."""
    squares = np.array([shapely.box(1.0 + 0.1 * i, 52.0, 1.1 + 0.1 * i, 52.1) for i in range(3)])
    holed = squares[2].difference(shapely.box(1.23, 52.03, 1.26, 52.06))
    topology = build_topology(np.array([*squares[:2], holed, shapely.Polygon()]), 1.0)
    postcodes = pd.DataFrame(
        {
            "postcode": ["ZZ1 1AA", "ZZ1 1AB", "ZZ1 1ZZ", "ZZ1 2AA", "ZZ11 1AA", "ZZ9A 9XY"],
            "lsoa21_code": [CODES[i] for i in (0, 1, 1, 3, 2, 2)],
        }
    )
    frame = table()
    return {
        "rows": len(frame),
        "columns": {name: frame[name].astype(object).where(frame[name].notna(), None).tolist() for name in frame},
        "table": pack_table(frame),
        "geometry": pack_geometry(topology),
        "arcs": topology.arcs,
        "areas_at": [[1.05, 52.05, 0], [1.15, 52.05, 1], [1.22, 52.05, 2], [1.245, 52.045, -1], [1.4, 52.0, -1]],
        "postcodes": pack_postcodes(postcodes, CODES, whole=True),
        "sectors": pack_postcodes(postcodes, CODES, whole=False),
        "postcode_areas": dict(zip(postcodes["postcode"], (0, 1, 1, 3, 2, 2), strict=True)),
        "sector_areas": {"ZZ1 1": 1, "ZZ1 2": 3, "ZZ11 1": 2, "ZZ9A 9": 2},
    }


def text() -> str:
    """The file's content."""
    return json.dumps(packed(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
