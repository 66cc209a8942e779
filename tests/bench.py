"""Measures every stage of an area: seconds, peak memory, and the size of what it made. ``make bench BENCH=england``."""

import os
import subprocess
import sys
import time
from pathlib import Path

STAGES = {
    "tidy": ("data/processed/national/{nation}/reference.parquet", "{nation}"),
    "join": ("data/processed/{area}/joined.parquet", "{area}"),
    "score": ("data/processed/{area}/risk.parquet", "{area}"),
    "map": ("maps/{area}/atlas.html", "{area}"),
}


def main(area: str) -> int:
    nation = "demo" if area == "demo" else "england"
    print(f"{area}\n{'stage':<8}{'seconds':>9}{'peak MB':>9}{'made MB':>9}")
    for stage, (made, argument) in STAGES.items():
        command = [sys.executable, "-m", "pipeline", stage, argument.format(area=area, nation=nation), "--quiet"]
        begun = time.perf_counter()
        process = subprocess.Popen(command)
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            return 1
        size = Path(made.format(area=area, nation=nation)).stat().st_size / 1e6
        print(f"{stage:<8}{time.perf_counter() - begun:9.2f}{usage.ru_maxrss / 1024:9.0f}{size:9.2f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "demo"))
