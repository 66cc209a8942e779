"""What stands beside outputs: it is read back as it was written, and what is not as it should be is named."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import store
from pipeline.errors import RecordError
from pipeline.store.provenance import list_differences, merge_sources
from pipeline.store.records import (
    Carrier,
    ConcentrationUsed,
    OriginsRecord,
    RiskRecord,
    SourceUsed,
    TableRecord,
    WeightRange,
    rows_of,
)
from tests.fixtures.projects import Demo


def source(name: str, **changes: object) -> SourceUsed:
    content = dict.fromkeys(SourceUsed.model_fields, "x") | {
        "id": name,
        "title": name.title(),
        "accepted_difference": False,
        "notes": (),
        "size": 1,
    }
    return SourceUsed.model_validate(content | changes)


def origins(**changes: object) -> OriginsRecord:
    content = {"table": "origins", "rows": 3, "sources": (source("a"),), "outside": 1, "population_weighted": 2}
    return OriginsRecord.model_validate({"built": "2026-01-01T00:00:00Z", **content, **changes})


def test_a_record_stands_beside_its_table_and_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "origins.parquet"
    store.write_record(path, origins())
    assert (tmp_path / "origins.parquet.meta.json").is_file()
    assert store.read_record(path, OriginsRecord) == origins()
    assert store.record_path(tmp_path / "evidence.json") == tmp_path / "evidence.json"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda content: content.pop("outside"), "outside: Field required"),
        (lambda content: content.update(centroids=3), "centroids: Extra inputs are not permitted"),
        (lambda content: content["sources"][0].update(sha256=3), "sources.0.sha256"),
    ],
)
def test_what_does_not_describe_the_output_is_named(
    tmp_path: Path, change: Callable[..., object], message: str
) -> None:
    path = tmp_path / "origins.parquet"
    content = origins().model_dump(mode="json")
    change(content)
    store.record_path(path).write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(RecordError, match=message):
        store.read_record(path, OriginsRecord)


def test_a_record_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="its record origins.parquet.meta.json is missing"):
        store.read_record(tmp_path / "origins.parquet", OriginsRecord)


def test_a_record_of_a_wider_table_is_no_record_of_a_plain_one(tmp_path: Path) -> None:
    store.write_record(tmp_path / "origins.parquet", origins())
    with pytest.raises(RecordError, match="outside: Extra inputs"):
        store.read_record(tmp_path / "origins.parquet", TableRecord)


def test_the_record_of_the_demonstration_holds_what_was_declared(demo: Demo) -> None:
    path = demo[0].processed("demo") / "risk.parquet"
    record = store.read_record(path, RiskRecord)
    written = json.loads(store.record_path(path).read_text(encoding="utf-8"))
    assert record.index == demo[0].index("norfolk-waveney")
    assert "scale" not in written["index"]
    assert record.capacity.people == demo[0].rates()
    assert json.loads(record.model_dump_json()) == written


def test_what_was_not_made_is_an_empty_object(demo: Demo) -> None:
    record = store.read_record(demo[0].processed("demo") / "risk.parquet", RiskRecord)
    capacity = record.capacity.model_copy(update={"exclusion_uncertainty": None})
    bare = record.model_copy(update={"uncertainty": None, "hotspots": None, "capacity": capacity})
    content = bare.model_dump(mode="json")
    assert content["uncertainty"] == content["hotspots"] == content["capacity"]["exclusion_uncertainty"] == {}
    assert RiskRecord.model_validate(content) == bare


class _Pair(Carrier):
    name: str
    value: float | None


@given(st.lists(st.tuples(st.text(max_size=3), st.none() | st.floats(-1e6, 1e6)), max_size=5))
def test_rows_of_a_table_are_rounded_and_have_no_nan(pairs: Sequence[tuple[str, float | None]]) -> None:
    rows = rows_of(pd.DataFrame(pairs, columns=["name", "value"]).astype({"value": "float64"}), _Pair)
    assert [row.name for row in rows] == [name for name, _ in pairs]
    for row, (_, value) in zip(rows, pairs, strict=True):
        assert row.value is None if value is None else row.value == pytest.approx(value, abs=1e-6)


def test_shares_are_to_four_decimals_and_no_bound_is_none() -> None:
    weight = WeightRange(component="a", column=None, given=1 / 3, p05=0.123456, p95=1)
    assert (weight.given, weight.p05) == (0.3333, 0.1235)
    assert ConcentrationUsed(components=float("inf"), within_components=50).components is None


def test_sources_of_several_outputs_stand_once_in_order() -> None:
    merged = merge_sources([source("a"), source("b")], [source("b", release="later"), source("c")])
    assert [(each.id, each.release) for each in merged] == [("a", "x"), ("b", "x"), ("c", "x")]


def test_a_source_that_differs_from_what_was_checked_is_said() -> None:
    assert list_differences([source("a"), source("b", accepted_difference=True, release="May")]) == [
        "B: the file read differs from the release that was checked (May), so figures may differ a little."
    ]
