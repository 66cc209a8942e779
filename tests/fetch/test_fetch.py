import csv
import hashlib
import io
import json
import zipfile

import pytest

from pipeline import raw
from pipeline.catalogue import Source
from pipeline.errors import ChangedSourceError, FetchError, RawFileError
from pipeline.fetch import FetchSettings, copy_source, fetch_source
from tests.fetch.server import Publisher, start

SETTINGS = FetchSettings(timeout=5, attempts=4, wait_first=0.01, wait_most=0.02, codes_per_request=4)
CSV = b"code,value\r\n" + b"".join(f"E0190{n:04d},{n}\r\n".encode() for n in range(5_000))
ROWS = [{"LSOA21CD": f"E0190{n:04d}", "LSOA21NM": f'Saltmarsh {n:03d}A, "east"', "extra": 1} for n in range(1, 9)]


@pytest.fixture
def publisher():
    publisher = Publisher(
        files={"/file.csv": CSV}, rows=[*ROWS, {"LSOA21CD": "W01900001", "LSOA21NM": "Cwm", "extra": 1}]
    )
    server = start(publisher)
    yield publisher
    server.shutdown()
    server.server_close()


def source(publisher, path="/file.csv", **changes) -> Source:
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


def service(publisher, kind="arcgis-table", **changes) -> Source:
    values = {"format": kind, "key_field": "LSOA21CD", "fields": ["LSOA21CD", "LSOA21NM"], "file": "LOOKUP.csv"}
    return source(publisher, "/FeatureServer/0", **(values | changes))


def fetch(what, root, **options):
    return fetch_source(what, root, area_id="somewhere", quiet=True, settings=SETTINGS, **options)


def placed(root, name="file.csv"):
    return root / "data/raw/thing" / name


def test_a_file_comes_whole_with_its_receipt(publisher, tmp_path):
    sha = hashlib.sha256(CSV).hexdigest()
    receipt = fetch(source(publisher, size=len(CSV), sha256=sha), tmp_path)
    assert placed(tmp_path).read_bytes() == CSV
    assert receipt == raw.read_receipt(placed(tmp_path))
    assert (receipt.size, receipt.sha256, receipt.accepted_difference) == (len(CSV), sha, False)
    assert sorted(p.name for p in placed(tmp_path).parent.iterdir()) == ["file.csv", "file.csv.receipt.json"]


def test_a_file_that_is_there_is_not_fetched_again(publisher, tmp_path):
    what = source(publisher, sha256=hashlib.sha256(CSV).hexdigest())
    fetch(what, tmp_path)
    fetch(what, tmp_path)
    assert len(publisher.requests) == 1


@pytest.mark.parametrize("faults", [["429"], ["503", "503"], ["429", "503"]])
def test_passing_faults_are_tried_again(publisher, tmp_path, faults):
    publisher.faults["/file.csv"] = list(faults)
    fetch(source(publisher), tmp_path)
    assert placed(tmp_path).read_bytes() == CSV
    assert len(publisher.requests) == len(faults) + 1


def test_a_cut_connection_is_resumed(publisher, tmp_path):
    publisher.faults["/file.csv"] = ["cut"]
    fetch(source(publisher), tmp_path)
    assert placed(tmp_path).read_bytes() == CSV
    assert publisher.requests[1][2]["Range"].startswith("bytes=")


def test_a_server_that_ignores_ranges_is_asked_from_the_start(publisher, tmp_path):
    publisher.ranges, publisher.faults["/file.csv"] = False, ["cut"]
    fetch(source(publisher), tmp_path)
    assert placed(tmp_path).read_bytes() == CSV


def test_a_fault_that_stays_is_reported_and_nothing_is_put_in_place(publisher, tmp_path):
    publisher.faults["/file.csv"] = ["cut"] * 9
    with pytest.raises(FetchError, match=r"thing: cannot be fetched(.|\n)*MIRROR=<folder>"):
        fetch(source(publisher), tmp_path)
    assert not placed(tmp_path).exists()


def test_a_refusal_is_reported_at_once(publisher, tmp_path):
    publisher.faults["/file.csv"] = ["404"] * 9
    with pytest.raises(FetchError, match="answered 404"):
        fetch(source(publisher), tmp_path)
    assert len(publisher.requests) == 1


def test_other_bytes_are_refused_until_accepted(publisher, tmp_path):
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


def test_a_web_page_is_no_data(publisher, tmp_path):
    publisher.faults["/file.csv"] = ["html"]
    with pytest.raises(FetchError, match="web page"):
        fetch(source(publisher), tmp_path)
    assert not placed(tmp_path).exists()


def test_nobody_listening_says_how_to_go_on_without_internet(publisher, tmp_path):
    what = source(publisher).model_copy(update={"address": "http://127.0.0.1:9/file.csv"})
    with pytest.raises(FetchError, match="Without internet"):
        fetch(what, tmp_path)


def zipped(members):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return content.getvalue()


def test_zips_and_zips_in_zips(publisher, tmp_path):
    publisher.files["/outer.zip"] = zipped({"a/inner.zip": zipped({"b/table.csv": CSV})})
    what = source(publisher, "/outer.zip", format="zip", file="outer.zip", member="a/inner.zip!b/table.csv")
    fetch(what, tmp_path)
    with raw.open_member(placed(tmp_path, "outer.zip"), "a/inner.zip!b/table.csv") as file:
        assert file.read() == CSV
    with pytest.raises(RawFileError, match=r"expected c.csv inside; found a/inner.zip"):
        raw.open_member(placed(tmp_path, "outer.zip"), "c.csv")


@pytest.mark.parametrize("content", [zipped({"other.csv": CSV}), b"PK not really a zip", zipped({"t.csv": CSV})[:-100]])
def test_a_damaged_archive_or_one_without_its_member_is_refused(publisher, tmp_path, content):
    publisher.files["/x.zip"] = content
    with pytest.raises(FetchError, match="is not the archive"):
        fetch(source(publisher, "/x.zip", format="zip", file="x.zip", member="t.csv"), tmp_path)
    assert not placed(tmp_path, "x.zip").exists()


def test_a_service_is_paged_into_one_table(publisher, tmp_path):
    receipt = fetch(service(publisher), tmp_path)
    with placed(tmp_path, "LOOKUP.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["LSOA21CD", "LSOA21NM"]
    assert rows[1] == ["E01900001", 'Saltmarsh 001A, "east"']
    assert len(rows) == 10
    assert receipt.rows == 9


def test_boundaries_of_an_area_are_asked_for_by_code_in_chunks(publisher, tmp_path):
    what = service(publisher, "arcgis-geojson", by_area=True)
    receipt = fetch(what, tmp_path, codes=[str(row["LSOA21CD"]) for row in ROWS[:6]])
    content = json.loads(placed(tmp_path, "somewhere.geojson").read_text(encoding="utf-8"))
    assert [f["properties"]["LSOA21CD"] for f in content["features"]] == [row["LSOA21CD"] for row in ROWS[:6]]
    assert receipt.area == "somewhere"
    assert all(method == "POST" for method, _, _ in publisher.requests)


def test_all_boundaries_are_those_of_england(publisher, tmp_path):
    fetch(service(publisher, "arcgis-geojson", by_area=True), tmp_path)
    content = json.loads(placed(tmp_path, "england.geojson").read_text(encoding="utf-8"))
    assert len(content["features"]) == 8


def test_codes_the_service_does_not_hold_are_noticed(publisher, tmp_path):
    with pytest.raises(FetchError, match="holds 1 of the 2 LSOAs"):
        fetch(service(publisher, "arcgis-geojson", by_area=True), tmp_path, codes=["E01900001", "E01999999"])


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("error", "error 400: Invalid query no such field"),
        ("missing page", "a page is missing"),
        ("repeated page", "twice"),
    ],
)
def test_faults_of_services_are_noticed(publisher, tmp_path, fault, message):
    publisher.faults["/FeatureServer/0/query"] = ["", "", fault]
    with pytest.raises(FetchError, match=message):
        fetch(service(publisher), tmp_path)
    assert not placed(tmp_path, "LOOKUP.csv").exists()


def test_a_busy_service_is_tried_again(publisher, tmp_path):
    publisher.faults["/FeatureServer/0/query"] = ["error 503", "", "429"]
    assert fetch(service(publisher), tmp_path).rows == 9


def test_another_count_than_declared_is_refused_until_accepted(publisher, tmp_path):
    with pytest.raises(ChangedSourceError, match="expected 10 rows, came 9"):
        fetch(service(publisher, rows=10), tmp_path)
    assert fetch(service(publisher, rows=10), tmp_path, accept=True).accepted_difference


# --- mirror -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def mirror(tmp_path):
    folder = tmp_path / "mirror"
    folder.mkdir()
    (folder / "file.csv").write_bytes(CSV)
    return folder


def test_a_mirror_serves_files_by_name(publisher, mirror, tmp_path, capsys):
    what = source(publisher, sha256="0" * 64)
    receipt = copy_source(what, mirror, tmp_path, area_id="somewhere")
    assert receipt.accepted_difference
    assert "not the release that was checked" in capsys.readouterr().out
    assert placed(tmp_path).read_bytes() == CSV
    assert not publisher.requests


def test_copying_again_changes_nothing(publisher, mirror, tmp_path):
    copy_source(source(publisher), mirror, tmp_path, area_id="somewhere")
    before = placed(tmp_path).stat().st_mtime_ns
    copy_source(source(publisher), mirror, tmp_path, area_id="somewhere")
    assert placed(tmp_path).stat().st_mtime_ns == before


def test_a_mirror_without_it_says_none(publisher, mirror, tmp_path):
    assert copy_source(source(publisher, file="other.csv"), mirror, tmp_path, area_id="somewhere") is None


def test_a_mirror_may_hold_it_unzipped(publisher, mirror, tmp_path):
    what = source(publisher, format="zip", file="thing.zip", member="inside/file.csv")
    copy_source(what, mirror, tmp_path, area_id="somewhere")
    path = raw.locate(what.model_dump(), tmp_path, "england", "somewhere")
    with raw.open_member(path, "inside/file.csv") as file:
        assert file.read() == CSV


def test_the_mirrors_own_sums_are_checked(publisher, mirror, tmp_path):
    (mirror / "SHA256SUMS").write_text(f"{'1' * 64}  file.csv\n", encoding="utf-8")
    with pytest.raises(ChangedSourceError, match="SHA256SUMS"):
        copy_source(source(publisher), mirror, tmp_path, area_id="somewhere")
    (mirror / "SHA256SUMS").write_text("nonsense\n", encoding="utf-8")
    with pytest.raises(FetchError, match="line 1"):
        copy_source(source(publisher), mirror, tmp_path, area_id="somewhere")
