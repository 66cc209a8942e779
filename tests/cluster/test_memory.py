"""What dask asks of the C library is taken back on its workers, and nothing is touched elsewhere."""

import platform
import subprocess
import sys

import pytest

from pipeline.cluster import memory

LIKE_A_WORKER = """
import resource, sys
from pipeline.cluster.memory import keep_freed
print(keep_freed() if sys.argv[1] == "kept" else False)
for _ in range(100):
    freed = bytearray(b"x") * 1_000_000
    del freed
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library")
def test_a_worker_keeps_what_it_freed() -> None:
    def faults(mode: str) -> tuple[str, int]:
        run = [sys.executable, "-c", LIKE_A_WORKER, mode]
        said = subprocess.run(run, env={memory.TRIMMED: "65536"}, capture_output=True, text=True, check=True).stdout
        kept, count = said.split()
        return kept, int(count)

    (kept, few), (not_kept, many) = faults("kept"), faults("not")
    assert (kept, not_kept) == ("True", "False")
    assert many - few > 90 * (1_000_000 // 65536)


def test_elsewhere_nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(memory.TRIMMED, raising=False)
    memory.keep_freed.cache_clear()
    assert not memory.keep_freed()
