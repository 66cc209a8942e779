"""Measures every stage of an area, seconds, peak memory and the size of what it made, and then its page in a browser.

``make bench BENCH=england``, or ``python -m tests.bench england --plain``.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from tests.bench_page import measure

STAGES = {
    "tidy": ("data/processed/national/{nation}/reference.parquet", "{nation}"),
    "join": ("data/processed/{area}/joined.parquet", "{area}"),
    "places": ("data/processed/{area}/support_places.parquet", "{area}"),
    "score": ("data/processed/{area}/risk.parquet", "{area}"),
    "site": ("data/processed/{area}/sites.parquet", "{area}"),
    "map": ("maps/{area}/atlas.html", "{area}"),
}


def measure_stages(area: str) -> bool:
    """Runs and prints every stage; false when one failed."""
    nation = "demo" if area == "demo" else "england"
    print(f"{area}\n{'stage':<8}{'seconds':>9}{'peak MB':>9}{'made MB':>9}")
    for stage, (made, argument) in STAGES.items():
        command = [sys.executable, "-m", "pipeline", stage, argument.format(area=area, nation=nation), "--quiet"]
        begun = time.perf_counter()
        process = subprocess.Popen(command)
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            return False
        size = Path(made.format(area=area, nation=nation)).stat().st_size / 1e6
        print(f"{stage:<8}{time.perf_counter() - begun:9.2f}{usage.ru_maxrss / 1024:9.0f}{size:9.2f}", flush=True)
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("area", nargs="?", default="demo")
    parser.add_argument(
        "--plain",
        action=argparse.BooleanOptionalAction,
        help="also measure a plain folium page of the same areas (default: unless the area is a nation)",
    )
    parser.add_argument("--page-only", action="store_true", help="leave out the stages; the page is there already")
    arguments = parser.parse_args()
    if not arguments.page_only and not measure_stages(arguments.area):
        return 1
    measure(arguments.area, arguments.plain)
    return 0


if __name__ == "__main__":
    sys.exit(main())
