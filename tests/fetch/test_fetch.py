"""Fetching and copying as the rest of the pipeline asks for them: files, archives, services and mirrors."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from pipeline import raw
from pipeline.catalogue import Source
from pipeline.errors import ChangedSourceError, FetchError, RawFileError
from pipeline.fetch import Destination, FetchSettings, copy_source, fetch_source
from tests.fixtures.publisher import Fault, Publisher, Row

SETTINGS = FetchSettings(timeout=5, attempts=4, wait_first=0.01, wait_most=0.02, codes_per_request=4)
CSV = b"code,value\r\n" + b"".join(f"E0190{n:04d},{n}\r\n".encode() for n in range(5_000))
ROWS: list[Row] = [
    {"LSOA21CD": f"E0190{n:04d}", "LSOA21NM": f'Saltmarsh {n:03d}A, "east"', "extra": 1} for n in range(1, 9)
]
QUERY = "/FeatureServer/0/query"

BUSY = Fault(status=503)
SLOW_DOWN = Fault(status=429, headers={"Retry-After": "0"})
CUT = Fault(cut_after=len(CSV) // 8)
WEB_PAGE = Fault(body=b"<!DOCTYPE html><html><body>Sorry</body></html>", headers={"Content-Type": "text/html"})
REFUSED = Fault(error={"code": 400, "message": "Invalid query", "details": ["no such field"]})


@pytest.fixture
def publisher(publisher: Publisher) -> Publisher:
    publisher.files["/file.csv"] = CSV
    publisher.etags["/file.csv"] = '"v1"'
    publisher.services["/FeatureServer/0"] = [*ROWS, {"LSOA21CD": "W01900001", "LSOA21NM": "Cwm", "extra": 1}]
    publisher.most_rows = 3
    return publisher


def source(publisher: Publisher, path: str = "/file.csv", **changes: Any) -> Source:
    values = {
        "id": "thing",
        "title": "A thing",
        "publisher": "Nobody",
        "licence": "OGL",
        "attribution": "none",
        "landing_page": "http://127.0.0.1/page",
        "address": publisher.address + path,
        "release": "2025",
        "accessed": "2026-01-01",
        "geography": "lsoa21",
        "format": "file",
        "file": "file.csv",
        "reads": "wards",
    }
    return Source.model_validate(values | changes)


def service(publisher: Publisher, kind: str = "arcgis-table", **changes: Any) -> Source:
    values = {"format": kind, "key_field": "LSOA21CD", "fields": ["LSOA21CD", "LSOA21NM"], "file": "LOOKUP.csv"}
    return source(publisher, "/FeatureServer/0", **(values | changes))


def fetch(what: Source, root: Path, *, accept: bool = False, codes: Sequence[str] | None = None) -> raw.Receipt:
    return fetch_source(what, Destination(root, "somewhere"), codes=codes, accept=accept, quiet=True, settings=SETTINGS)


def placed(root: Path, name: str = "file.csv") -> Path:
    return root / "data/raw/thing" / name


def test_a_file_comes_whole_with_its_receipt(publisher: Publisher, tmp_path: Path) -> None:
    sha = hashlib.sha256(CSV).hexdigest()
    receipt = fetch(source(publisher, size=len(CSV), sha256=sha), tmp_path)
    assert placed(tmp_path).read_bytes() == CSV
    assert receipt == raw.read_receipt(placed(tmp_path))
    assert (receipt.size, receipt.sha256, receipt.accepted_difference) == (len(CSV), sha, False)
    assert sorted(p.name for p in placed(tmp_path).parent.iterdir()) == ["file.csv", "file.csv.receipt.json"]


def test_a_file_that_is_there_is_not_fetched_again(publisher: Publisher, tmp_path: Path) -> None:
    what = source(publisher, sha256=hashlib.sha256(CSV).hexdigest())
    fetch(what, tmp_path)
    fetch(what, tmp_path)
    assert len(publisher.requests) == 1


@pytest.mark.parametrize("faults", [[SLOW_DOWN], [BUSY, BUSY], [SLOW_DOWN, BUSY]])
def test_passing_faults_are_tried_again(publisher: Publisher, tmp_path: Path, faults: list[Fault]) -> None:
    publisher.fail(*faults, at="/file.csv")
    fetch(source(publisher), tmp_path)
    assert placed(tmp_path).read_bytes() == CSV
    assert len(publisher.requests) == len(faults) + 1


def test_a_cut_connection_is_resumed(publisher: Publisher, tmp_path: Path) -> None:
    publisher.fail(CUT, at="/file.csv")
    fetch(source(publisher), tmp_path)
    assert placed(tmp_path).read_bytes() == CSV
    assert publisher.requests[1].headers["Range"].startswith("bytes=")


def test_a_server_that_ignores_ranges_is_asked_from_the_start(publisher: Publisher, tmp_path: Path) -> None:
    publisher.ignores_range = True
    publisher.fail(CUT, at="/file.csv")
    fetch(source(publisher), tmp_path)
    assert placed(tmp_path).read_bytes() == CSV


def test_a_fault_that_stays_is_reported_and_nothing_is_put_in_place(publisher: Publisher, tmp_path: Path) -> None:
    publisher.fail(*[CUT] * 9, at="/file.csv")
    with pytest.raises(FetchError, match=r"thing: cannot be fetched(.|\n)*MIRROR=<folder>"):
        fetch(source(publisher), tmp_path)
    assert not placed(tmp_path).exists()


def test_a_refusal_is_reported_at_once(publisher: Publisher, tmp_path: Path) -> None:
    publisher.fail(*[Fault(status=404, body=b"gone")] * 9, at="/file.csv")
    with pytest.raises(FetchError, match="answered 404"):
        fetch(source(publisher), tmp_path)
    assert len(publisher.requests) == 1


def test_other_bytes_are_refused_until_accepted(publisher: Publisher, tmp_path: Path) -> None:
    what = source(publisher, size=10, sha256="0" * 64)
    with pytest.raises(ChangedSourceError) as caught:
        fetch(what, tmp_path)
    for part in (
        "expected 10 bytes",
        "0" * 64,
        hashlib.sha256(CSV).hexdigest(),
        "make data AREA=somewhere ACCEPT=thing",
    ):
        assert part in str(caught.value)
    assert not placed(tmp_path).exists()
    assert fetch(what, tmp_path, accept=True).accepted_difference


def test_a_web_page_is_no_data(publisher: Publisher, tmp_path: Path) -> None:
    publisher.fail(WEB_PAGE, at="/file.csv")
    with pytest.raises(FetchError, match="web page"):
        fetch(source(publisher), tmp_path)
    assert not placed(tmp_path).exists()


def test_nobody_listening_says_how_to_go_on_without_internet(publisher: Publisher, tmp_path: Path) -> None:
    what = source(publisher).model_copy(update={"address": "http://127.0.0.1:9/file.csv"})
    with pytest.raises(FetchError, match="Without internet"):
        fetch(what, tmp_path)


def zipped(members: Mapping[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return content.getvalue()


def test_zips_and_zips_in_zips(publisher: Publisher, tmp_path: Path) -> None:
    publisher.files["/outer.zip"] = zipped({"a/inner.zip": zipped({"b/table.csv": CSV})})
    what = source(publisher, "/outer.zip", format="zip", file="outer.zip", member="a/inner.zip!b/table.csv")
    fetch(what, tmp_path)
    with raw.open_member(placed(tmp_path, "outer.zip"), "a/inner.zip!b/table.csv") as file:
        assert file.read() == CSV
    with pytest.raises(RawFileError, match=r"expected c.csv inside; found a/inner.zip"):
        raw.open_member(placed(tmp_path, "outer.zip"), "c.csv")


@pytest.mark.parametrize("content", [zipped({"other.csv": CSV}), b"PK not really a zip", zipped({"t.csv": CSV})[:-100]])
def test_a_damaged_archive_or_one_without_its_member_is_refused(
    publisher: Publisher, tmp_path: Path, content: bytes
) -> None:
    publisher.files["/x.zip"] = content
    with pytest.raises(FetchError, match="is not the archive"):
        fetch(source(publisher, "/x.zip", format="zip", file="x.zip", member="t.csv"), tmp_path)
    assert not placed(tmp_path, "x.zip").exists()


def test_a_service_is_paged_into_one_table(publisher: Publisher, tmp_path: Path) -> None:
    receipt = fetch(service(publisher), tmp_path)
    with placed(tmp_path, "LOOKUP.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["LSOA21CD", "LSOA21NM"]
    assert rows[1] == ["E01900001", 'Saltmarsh 001A, "east"']
    assert len(rows) == 10
    assert receipt.rows == 9


def test_boundaries_of_an_area_are_asked_for_by_code_in_chunks(publisher: Publisher, tmp_path: Path) -> None:
    what = service(publisher, "arcgis-geojson", by_area=True)
    receipt = fetch(what, tmp_path, codes=[str(row["LSOA21CD"]) for row in ROWS[:6]])
    content = json.loads(placed(tmp_path, "somewhere.geojson").read_text(encoding="utf-8"))
    assert [f["properties"]["LSOA21CD"] for f in content["features"]] == [row["LSOA21CD"] for row in ROWS[:6]]
    assert receipt.area == "somewhere"
    assert all(request.method == "POST" for request in publisher.requests)


def test_all_boundaries_are_those_of_england(publisher: Publisher, tmp_path: Path) -> None:
    fetch(service(publisher, "arcgis-geojson", by_area=True), tmp_path)
    content = json.loads(placed(tmp_path, "england.geojson").read_text(encoding="utf-8"))
    assert len(content["features"]) == 8


def test_codes_the_service_does_not_hold_are_noticed(publisher: Publisher, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="holds 1 of the 2 LSOAs"):
        fetch(service(publisher, "arcgis-geojson", by_area=True), tmp_path, codes=["E01900001", "E01999999"])


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (REFUSED, "error 400: Invalid query no such field"),
        (Fault(page="empty"), "a page is missing"),
        (Fault(page="the first page again"), "twice"),
    ],
)
def test_faults_of_services_are_noticed(publisher: Publisher, tmp_path: Path, fault: Fault, message: str) -> None:
    publisher.fail(Fault(), Fault(), fault, at=QUERY)
    with pytest.raises(FetchError, match=message):
        fetch(service(publisher), tmp_path)
    assert not placed(tmp_path, "LOOKUP.csv").exists()


def test_a_busy_service_is_tried_again(publisher: Publisher, tmp_path: Path) -> None:
    publisher.fail(Fault(error={"code": 503, "message": "service busy"}), Fault(), SLOW_DOWN, at=QUERY)
    assert fetch(service(publisher), tmp_path).rows == 9


def test_another_count_than_declared_is_refused_until_accepted(publisher: Publisher, tmp_path: Path) -> None:
    with pytest.raises(ChangedSourceError, match="expected 10 rows, got 9"):
        fetch(service(publisher, rows=10), tmp_path)
    assert fetch(service(publisher, rows=10), tmp_path, accept=True).accepted_difference


# --- mirror -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    folder = tmp_path / "mirror"
    folder.mkdir()
    (folder / "file.csv").write_bytes(CSV)
    return folder


def test_a_mirror_serves_files_by_name(
    publisher: Publisher, mirror: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    what = source(publisher, sha256="0" * 64)
    receipt = copy_source(what, mirror, Destination(tmp_path, "somewhere"))
    assert receipt is not None
    assert receipt.accepted_difference
    assert "not the release that was checked" in capsys.readouterr().out
    assert placed(tmp_path).read_bytes() == CSV
    assert not publisher.requests


def test_copying_again_changes_nothing(publisher: Publisher, mirror: Path, tmp_path: Path) -> None:
    copy_source(source(publisher), mirror, Destination(tmp_path, "somewhere"))
    before = placed(tmp_path).stat().st_mtime_ns
    copy_source(source(publisher), mirror, Destination(tmp_path, "somewhere"))
    assert placed(tmp_path).stat().st_mtime_ns == before


def test_a_mirror_without_it_says_none(publisher: Publisher, mirror: Path, tmp_path: Path) -> None:
    assert copy_source(source(publisher, file="other.csv"), mirror, Destination(tmp_path, "somewhere")) is None


def test_a_mirror_may_hold_it_unzipped(publisher: Publisher, mirror: Path, tmp_path: Path) -> None:
    what = source(publisher, format="zip", file="thing.zip", member="inside/file.csv")
    copy_source(what, mirror, Destination(tmp_path, "somewhere"))
    path = raw.locate(what.model_dump(), tmp_path, "england", "somewhere")
    assert path is not None
    with raw.open_member(path, "inside/file.csv") as file:
        assert file.read() == CSV


def test_the_mirrors_own_sums_are_checked(publisher: Publisher, mirror: Path, tmp_path: Path) -> None:
    (mirror / "SHA256SUMS").write_text(f"{'1' * 64}  file.csv\n", encoding="utf-8")
    with pytest.raises(ChangedSourceError, match="SHA256SUMS"):
        copy_source(source(publisher), mirror, Destination(tmp_path, "somewhere"))
    (mirror / "SHA256SUMS").write_text("nonsense\n", encoding="utf-8")
    with pytest.raises(FetchError, match="line 1"):
        copy_source(source(publisher), mirror, Destination(tmp_path, "somewhere"))
