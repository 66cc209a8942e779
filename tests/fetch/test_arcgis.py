"""Feature services: pages, counts and filters."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.catalogue import Source
from pipeline.errors import ChangedSourceError, FetchError
from pipeline.fetch import Destination, FetchSettings, fetch_source
from tests.fixtures.publisher import Fault, PageFault, Publisher, invented

PATH = "/arcgis/rest/services/Invented/FeatureServer/0"
FIELDS = ["LSOA21CD", "LSOA21NM"]


@pytest.fixture
def service(publisher: Publisher, declare: Callable[..., Source]) -> Callable[..., Source]:
    publisher.services[PATH] = [*invented(23), *invented(3, "W019")]
    publisher.most_rows = 10

    def make(**values: Any) -> Source:
        base = {"format": "arcgis-table", "file": "t.csv", "key_field": "LSOA21CD", "fields": FIELDS}
        return declare(PATH, **(base | values))

    return make


def boundaries(service: Callable[..., Source]) -> Source:
    return service(format="arcgis-geojson", file="b.parquet", by_area=True)


def left(root: Path) -> list[str]:
    return [p.name for p in (root / "data" / "raw" / "invented").glob("*") if not p.name.endswith(".part")]


def test_a_table_is_paged_into_one_csv(
    publisher: Publisher, service: Callable[..., Source], tmp_path: Path, settings: FetchSettings
) -> None:
    receipt = fetch_source(service(rows=26), Destination(tmp_path, "a"), quiet=True, settings=settings)
    with (tmp_path / "data/raw/invented/t.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == FIELDS
    assert rows[1] == ["E01900001", 'Nébulous 001A, "quoted"']
    assert len(rows) == 27
    assert receipt.rows == 26
    queries = [request.query for request in publisher.requests]
    assert queries[0]["returnCountOnly"] == "true"
    assert [q["resultOffset"] for q in queries[1:]] == ["0", "10", "20"]
    assert {q["orderByFields"] for q in queries[1:]} == {"LSOA21CD"}
    assert max(int(q["resultRecordCount"]) for q in queries[1:]) <= 2_000


def test_a_key_that_is_no_column_of_the_file_orders_the_pages(
    service: Callable[..., Source], tmp_path: Path, settings: FetchSettings
) -> None:
    source = service(key_field="LSOA21CD", fields=["LSOA21NM"])
    assert fetch_source(source, Destination(tmp_path, "a"), quiet=True, settings=settings).rows == 26
    assert (tmp_path / "data/raw/invented/t.csv").read_text(encoding="utf-8").startswith("LSOA21NM")


def test_boundaries_of_an_area_are_asked_for_by_post_in_chunks(
    publisher: Publisher, service: Callable[..., Source], tmp_path: Path, settings: FetchSettings
) -> None:
    codes = [f"E019{n:05}" for n in (1, 2, 3, 5, 8, 13, 21, 22, 23)]
    receipt = fetch_source(
        boundaries(service), Destination(tmp_path, "saltmarsh"), codes=[*codes, codes[0]], quiet=True, settings=settings
    )
    content = json.loads((tmp_path / "data/raw/invented/saltmarsh.geojson").read_text(encoding="utf-8"))
    assert content["type"] == "FeatureCollection"
    assert [f["properties"]["LSOA21CD"] for f in content["features"]] == codes
    assert content["features"][0]["geometry"]["type"] == "Polygon"
    assert (receipt.rows, receipt.area, receipt.file) == (9, "saltmarsh", "saltmarsh.geojson")
    filtered = [r for r in publisher.requests if " IN (" in r.query["where"]]
    assert {r.method for r in filtered} == {"POST"}
    assert max(r.query["where"].count("'") // 2 for r in filtered) <= settings.codes_per_request
    assert {r.query.get("outSR") for r in filtered if "outSR" in r.query} == {"4326"}


def test_boundaries_of_all_are_of_england_only(
    service: Callable[..., Source], tmp_path: Path, settings: FetchSettings
) -> None:
    receipt = fetch_source(boundaries(service), Destination(tmp_path, "england"), quiet=True, settings=settings)
    assert (receipt.file, receipt.rows, receipt.area) == ("england.geojson", 23, None)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [("empty", "page is missing"), ("a row lost", "twice|missing|overlap"), ("the first page again", "twice")],
)
def test_missing_cut_and_repeated_pages_are_noticed(
    wrong: PageFault,
    said: str,
    publisher: Publisher,
    service: Callable[..., Source],
    tmp_path: Path,
    settings: FetchSettings,
) -> None:
    publisher.fail(Fault(), Fault(), Fault(page=wrong))
    with pytest.raises(FetchError, match=said):
        fetch_source(service(), Destination(tmp_path, "a"), quiet=True, settings=settings)
    assert left(tmp_path) == []


@pytest.mark.parametrize("miscount", [-1, 1])
def test_a_count_that_the_rows_do_not_bear_out_is_noticed(
    miscount: int, publisher: Publisher, service: Callable[..., Source], tmp_path: Path, settings: FetchSettings
) -> None:
    publisher.miscount = miscount
    with pytest.raises(FetchError, match=r"26|25"):
        fetch_source(service(), Destination(tmp_path, "a"), quiet=True, settings=settings)
    assert left(tmp_path) == []


def test_a_service_with_fewer_areas_than_asked_for_is_refused(
    service: Callable[..., Source], tmp_path: Path, settings: FetchSettings
) -> None:
    with pytest.raises(FetchError, match="1 of the 2 LSOAs"):
        fetch_source(
            boundaries(service),
            Destination(tmp_path, "a"),
            codes=["E01900001", "E01999999"],
            quiet=True,
            settings=settings,
        )


def test_a_service_that_ignores_the_filter_is_refused(
    publisher: Publisher, service: Callable[..., Source], tmp_path: Path, settings: FetchSettings
) -> None:
    publisher.ignores_filter = True
    with pytest.raises(FetchError, match="not asked for"):
        fetch_source(
            boundaries(service), Destination(tmp_path, "a"), codes=["E01900001"], quiet=True, settings=settings
        )


def test_no_rows_at_all_and_rows_without_a_boundary_are_refused(
    publisher: Publisher, service: Callable[..., Source], tmp_path: Path, settings: FetchSettings
) -> None:
    publisher.fail(Fault(), Fault(page="no shapes"))
    with pytest.raises(FetchError, match="without a boundary"):
        fetch_source(
            boundaries(service), Destination(tmp_path, "a"), codes=["E01900001"], quiet=True, settings=settings
        )
    with pytest.raises(FetchError, match="no such rows"):
        fetch_source(boundaries(service), Destination(tmp_path, "a"), codes=[], quiet=True, settings=settings)
    publisher.services[PATH] = []
    with pytest.raises(FetchError, match="no such rows"):
        fetch_source(service(), Destination(tmp_path, "a"), quiet=True, settings=settings)


def test_another_number_of_rows_than_declared_must_be_accepted(
    service: Callable[..., Source], tmp_path: Path, settings: FetchSettings
) -> None:
    with pytest.raises(ChangedSourceError, match="make data AREA=saltmarsh ACCEPT=invented"):
        fetch_source(service(rows=30), Destination(tmp_path, "saltmarsh"), quiet=True, settings=settings)
    assert left(tmp_path) == []
    receipt = fetch_source(service(rows=30), Destination(tmp_path, "a"), accept=True, quiet=True, settings=settings)
    assert receipt.accepted_difference


def test_an_error_that_comes_with_http_200_is_an_error(
    publisher: Publisher, service: Callable[..., Source], tmp_path: Path, settings: FetchSettings
) -> None:
    publisher.fail(Fault(error={"code": 400, "message": "Invalid URL", "details": ["No such service"]}))
    with pytest.raises(FetchError, match="400: Invalid URL No such service"):
        fetch_source(service(), Destination(tmp_path, "a"), quiet=True, settings=settings)
    assert len(publisher.requests) == 1


def test_passing_faults_are_tried_again(
    publisher: Publisher, service: Callable[..., Source], tmp_path: Path, settings: FetchSettings
) -> None:
    busy = Fault(error={"code": 503, "message": "busy"})
    publisher.fail(Fault(), busy, Fault(status=500), Fault(cut_after=20))
    assert fetch_source(service(), Destination(tmp_path, "a"), quiet=True, settings=settings).rows == 26
    publisher.fail(*[busy] * settings.attempts)
    with pytest.raises(FetchError, match="busy"):
        fetch_source(service(), Destination(tmp_path / "other", "a"), quiet=True, settings=settings)


@pytest.mark.parametrize(
    ("body", "said"), [(b"<html>sign in", "something else"), (b"[]", "answered"), (b"{}", "answered")]
)
def test_an_answer_that_is_none_is_refused(
    body: bytes,
    said: str,
    publisher: Publisher,
    service: Callable[..., Source],
    tmp_path: Path,
    settings: FetchSettings,
) -> None:
    publisher.fail(Fault(body=body))
    with pytest.raises(FetchError, match=said):
        fetch_source(service(), Destination(tmp_path, "a"), quiet=True, settings=settings)


def test_a_column_of_another_year_is_named(
    service: Callable[..., Source], tmp_path: Path, settings: FetchSettings
) -> None:
    with pytest.raises(FetchError, match="no column WD24CD"):
        fetch_source(service(fields=["LSOA21CD", "WD24CD"]), Destination(tmp_path, "a"), quiet=True, settings=settings)
