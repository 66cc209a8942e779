"""Whatever a server does, in any order: afterwards the old file is there whole, or the new one, with its receipt."""

import hashlib
import random
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest

from pipeline import raw
from pipeline.catalogue import Source
from pipeline.errors import FetchError
from pipeline.fetch import Destination, FetchSettings, Pace, fetch_source
from tests.fixtures.publisher import Fault, Publisher

OLD = b"code,value\r\n" + b"".join(b"E0190%04d,old\r\n" % n for n in range(1, 1_000))
NEW = b"code,value\r\n" + b"".join(b"E0190%04d,new\r\n" % n for n in range(1, 1_000))
HASTY = FetchSettings(
    timeout=0.15,
    pace=Pace(patience=0.4, window=0.1),
    attempts=5,
    wait_first=0.001,
    wait_most=0.005,
    tells_retries=False,
)
FAULTS = [
    Fault(status=503),
    Fault(status=404),
    Fault(status=206, body=NEW[100:], headers={"Content-Range": "bytes 100-200/201"}),
    Fault(status=416),
    Fault(status=302),
    Fault(status=429, headers={"Retry-After": "1000"}),
    Fault(cut_after=0),
    Fault(cut_after=9_000),
    Fault(cut_after=5_000),
    Fault(silence=0.3),
    Fault(drip=0.02),
    Fault(drip_headers=0.02),
    Fault(endless=b"E01900001,x\r\n" * 50),
    Fault(body=b"<html>Sign in"),
    Fault(body=b'{"error": "rate limit"}'),
    Fault(body=NEW[:-5]),
    Fault(body=NEW[: len(NEW) // 2 // 15 * 15 + 12]),
    Fault(body=b"\x1f\x8b" + bytes(50), headers={"Content-Encoding": "gzip"}),
    Fault(),
]


@pytest.mark.parametrize("seed", range(16))
def test_the_file_is_the_old_or_the_new_one(
    seed: int, publisher: Publisher, declare: Callable[..., Source], tmp_path: Path, settings: FetchSettings
) -> None:
    draw = random.Random(seed)
    source = declare("/t.csv", rows=999, size_limit=60_000)
    publisher.files["/t.csv"] = OLD
    to = Destination(tmp_path, "a")
    fetch_source(source, to, quiet=True, settings=settings)
    publisher.files["/t.csv"] = NEW
    resumes: list[Literal["properly", "blindly", "another"]] = ["properly", "blindly", "another"]
    for _ in range(4):
        publisher.etags["/t.csv"] = draw.choice(['"one"', '"two"', 'W/"weak"'])
        publisher.resumes = draw.choice(resumes)
        publisher.fail(*draw.choices(FAULTS, k=draw.randint(1, 4)))
        came = True
        try:
            fetch_source(source, to, quiet=True, settings=HASTY)
        except FetchError as error:
            came = False
            told = str(error)
        path = tmp_path / "data/raw/invented/t.csv"
        content, receipt = path.read_bytes(), raw.read_receipt(path)
        assert content in ((NEW,) if came else (OLD, NEW))
        assert receipt is not None
        assert receipt.sha256 == hashlib.sha256(content).hexdigest()
        assert came or told.startswith("invented: ")
        publisher.forgive()
    fetch_source(source, to, quiet=True, settings=settings)
    assert path.read_bytes() == NEW
    assert sorted(each.name for each in path.parent.iterdir()) == ["t.csv", "t.csv.receipt.json"]
