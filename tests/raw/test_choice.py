"""Which of several raw files is read: the one taken last, as lists of files and receipts say."""

import json
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from pipeline import raw
from pipeline.errors import RawFileError

AREAS = """
[here]
title = "Here"
lad = ["E07900001"]
[there]
title = "There"
lad = ["E07900002"]
[invented]
title = "Invented"
everything = true
fictional = true
"""
BOUNDARIES = {"id": "b", "title": "B", "file": "ALL.parquet", "also_named": ["OLD.parquet"], "by_area": True}
PEOPLE = {"id": "people", "title": "People", "file": "people.xlsx"}
CENSUS = {"id": "census", "title": "Census", "file": "census.zip", "member": "c.csv", "instead_of": "people"}
EARLY, LATE = "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "declared").mkdir()
    (tmp_path / "declared/areas.toml").write_text(AREAS, encoding="utf-8")
    lines = []
    for source in (BOUNDARIES, PEOPLE, CENSUS):
        lines.append(f"[{source['id']}]")
        lines += [f"{key} = {json.dumps(value)}" for key, value in source.items() if key != "id"]
    (tmp_path / "declared/sources.toml").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def receipt_of(source: str, file: str, fetched_at: str) -> raw.Receipt:
    return replace(raw.made_receipt(source, file, b"x", "here"), mode="mirror", fetched_at=fetched_at)


def place(root: Path, name: str, fetched_at: str | None = None, nation: str = "england") -> Path:
    """A raw file, with a receipt where it was fetched."""
    path = raw.raw_folder(root, nation) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    if fetched_at is not None:
        receipt = receipt_of(path.parent.name, path.name, fetched_at)
        raw.receipt_path(path).write_text(json.dumps(receipt.as_json()), encoding="utf-8")
    return path


def stamp(root: Path, area: str, **files: str) -> Path:
    path = raw.stamp_path(root, area)
    path.parent.mkdir(parents=True, exist_ok=True)
    listed = {source: {"file": file, "sha256": "0" * 64} for source, file in files.items()}
    path.write_text(json.dumps(listed), encoding="utf-8")
    return path


def test_boundaries_taken_from_a_mirror_take_the_place_of_those_of_the_area(root: Path) -> None:
    area, shared = place(root, "b/here.geojson", EARLY), place(root, "b/ALL.parquet", EARLY)
    stamp(root, "here", b="here.geojson")
    assert raw.locate(BOUNDARIES, root, "england", "here") == area
    assert raw.list_unread(root, "here") == []
    stamp(root, "here", b="ALL.parquet")
    assert raw.locate(BOUNDARIES, root, "england", "here") == shared
    (line,) = raw.list_unread(root, "here")
    assert "data/raw/b/here.geojson is not read: ALL.parquet is (taken last, mirror," in line


def test_boundaries_of_another_area_say_nothing_about_this_one(root: Path) -> None:
    place(root, "b/here.geojson", EARLY)
    place(root, "b/ALL.parquet", EARLY)
    stamp(root, "here", b="here.geojson")
    stamp(root, "there", b="there.geojson")
    assert raw.locate(BOUNDARIES, root, "england", "there") == raw.raw_folder(root, "england") / "b/ALL.parquet"


@pytest.mark.parametrize("late", ["ALL.parquet", "OLD.parquet"])
def test_without_a_list_the_latest_receipt_decides(root: Path, late: str) -> None:
    for name in ("ALL.parquet", "OLD.parquet"):
        place(root, f"b/{name}", LATE if name == late else EARLY)
    assert raw.locate(BOUNDARIES, root, "england", "here") == raw.raw_folder(root, "england") / "b" / late


def test_a_file_put_there_by_hand_beside_one_with_a_receipt_is_not_read_and_that_is_said(root: Path) -> None:
    place(root, "b/ALL.parquet")
    fetched = place(root, "b/OLD.parquet", EARLY)
    assert raw.locate(BOUNDARIES, root, "england", "here") == fetched
    (line,) = raw.list_unread(root, "here")
    assert "b: data/raw/b/ALL.parquet, which was put there by hand, is not read: OLD.parquet is" in line


@pytest.mark.parametrize("order", list(permutations([BOUNDARIES, PEOPLE, CENSUS])))
def test_an_alternative_counts_only_where_it_was_taken_whatever_the_order(
    root: Path, order: tuple[dict[str, object], ...]
) -> None:
    people, census = place(root, "people/people.xlsx", EARLY), place(root, "census/census.zip", LATE)
    assert list(raw.present(order, root, "england", "here")) == ["census"]
    stamp(root, "there", people="people.xlsx")
    assert list(raw.present(order, root, "england", "here")) == ["people"]
    stamp(root, "there", census="census.zip")
    assert raw.present(order, root, "england", "here")["census"].path == census
    (line,) = raw.list_unread(root, "here")
    assert line.startswith("people: data/raw/people/people.xlsx is not read, as census was taken in its place")
    census.unlink()
    assert raw.present(order, root, "england", "here")["people"].path == people


def test_without_receipts_the_source_itself_is_preferred_to_its_alternative(root: Path) -> None:
    for nation in ("england", "demo"):
        place(root, "people/people.xlsx", nation=nation)
        place(root, "census/census.zip", LATE if nation == "demo" else None, nation)
    stamp(root, "invented", census="census.zip")
    for nation, area in (("england", "here"), ("demo", "invented")):
        assert list(raw.present([PEOPLE, CENSUS], root, nation, area)) == ["people"]
        assert raw.list_unread(root, area) == []


def test_a_receipt_of_another_source_is_refused(root: Path) -> None:
    path = place(root, "people/people.xlsx")
    foreign = receipt_of("elsewhere", "people.xlsx", EARLY)
    raw.receipt_path(path).write_text(json.dumps(foreign.as_json()), encoding="utf-8")
    with pytest.raises(RawFileError, match=r"people\.xlsx: the receipt beside it is that of the source elsewhere"):
        raw.present([PEOPLE], root, "england", "here")


@pytest.mark.parametrize("text", ["", "[]", '{"b": 1}', '{"b": {}}', "[" * 100_000, "\udcff"])
def test_a_list_of_files_that_cannot_be_read_is_named_with_the_remedy(root: Path, text: str) -> None:
    place(root, "b/ALL.parquet")
    place(root, "b/OLD.parquet")
    path = stamp(root, "here")
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(RawFileError, match=r"here\.json: this list .* cannot be read .* Delete it and run: "):
        raw.locate(BOUNDARIES, root, "england", "here")
