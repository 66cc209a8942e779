"""Large tables block by block: whatever makes them, complete or refused, and never quoted."""

import json
from pathlib import Path

import pandas as pd
import pytest

from pipeline.errors import CountError
from pipeline.places.counting import LIKELY
from pipeline.reading import blocks
from pipeline.reading.blocks import Part, find_tables, heads_of, parts_of_tables, read_blocks, refuse_other_file

ROWS = [{"postcode": f"AB{n % 9} {n % 9}AA", "mode": "ÿé"[n % 2]} for n in range(50)]
TEXT = "postcode,mode\n" + "".join(f"{row['postcode']},{row['mode']}\n" for row in ROWS)


def _read(path: Path) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    for part in parts_of_tables([path]):
        heads = heads_of(str(path), LIKELY)
        for block in read_blocks(part, heads, {"postcode": "postcode", "mode": "mode"}):
            cells = {name: array.to_pylist() for name, array in block.items()}
            rows += [dict(zip(cells, values, strict=True)) for values in zip(*cells.values(), strict=True)]
    return rows


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("cp1252"),
        TEXT.replace(",", ";").encode(),
        TEXT.replace(",", "\t").encode(),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.rstrip("\n").encode(),
        f"Contacts of a year\n\n{TEXT}".encode(),
        ("sep=;\n" + TEXT.replace(",", ";")).encode(),
        TEXT.replace("mode\n", '"mode"\n').replace(",é", ',"é"').encode(),
    ],
)
def test_texts_of_any_making_are_the_same_rows(tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 64)
    path = tmp_path / "rows.csv"
    path.write_bytes(content)
    assert _read(path) == ROWS


@pytest.mark.parametrize("together", [7, 50])
def test_parquet_is_shared_out_by_groups_of_rows(
    tmp_path: Path, together: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "rows.parquet"
    pd.DataFrame(ROWS).to_parquet(path, row_group_size=together)
    assert len(parts_of_tables([path])) == 1
    monkeypatch.setattr(blocks, "PART_BYTES", 0)
    monkeypatch.setattr(blocks, "PART_ROWS", 10)
    monkeypatch.setattr(blocks, "BLOCK_ROWS", 3)
    assert len(parts_of_tables([path])) == (4 if together == 7 else 1)
    assert _read(path) == ROWS


def test_a_text_with_headers_alone_has_no_rows(tmp_path: Path) -> None:
    for content in ("postcode,mode\n", "postcode,mode"):
        (tmp_path / "rows.csv").write_text(content)
        assert _read(tmp_path / "rows.csv") == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"postcode,mode\nAB1 1AA,a,b\nAB1 1AA,b\n", "1 row.* another number of cells than the 2 headers: row 2"),
        (b'postcode,mode\nAB1 1AA,"a\nAB1 1AA,b\n', "a quotation mark is not closed"),
        (b"postcode,mode\nAB1 1AA,a\0\n", "expected a table as text"),
        (b'{"postcode": "AB1 1AA"}', "expected a table as text"),
        (b"<html>AB1 1AA</html>", "expected a table as text"),
    ],
)
def test_damaged_texts_are_refused_and_never_quoted(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(content)
    with pytest.raises(CountError, match=said) as refused:
        _read(path)
    assert "AB1" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_zeros_far_down_a_text_are_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "HEAD_BYTES", 20)
    path = tmp_path / "rows.csv"
    path.write_bytes(f"{TEXT}AB1 1AA,a\0\n".encode())
    with pytest.raises(CountError, match="it holds NUL"):
        _read(path)


def test_damaged_parquet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    pd.DataFrame(ROWS).to_parquet(path)
    content = path.read_bytes()
    path.write_bytes(content[:-20])
    with pytest.raises(CountError, match="cut short, damaged"):
        _read(path)
    path.write_bytes(b"PAR1" + b"\xff" * 60 + content[64:])
    with pytest.raises(CountError, match="damaged or cut short"):
        _read(path)


def test_a_file_that_grew_meanwhile_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(TEXT)
    (part,) = parts_of_tables([path])
    heads = heads_of(str(path), LIKELY)
    path.write_text(TEXT + "AB1 1AA,a\n")
    with pytest.raises(CountError, match="it changed while it was read"):
        list(read_blocks(part, heads, {"postcode": "postcode"}))


def test_a_file_that_is_not_there_or_another_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    with pytest.raises(CountError, match="is the network drive connected there"):
        refuse_other_file(Part(str(path), 3))
    path.write_text(TEXT)
    with pytest.raises(CountError, match="It is another file, or is still being written"):
        refuse_other_file(Part(str(path), 3))


def test_files_folders_and_patterns_are_each_read_once(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "year=2026"
    folder.mkdir(parents=True)
    for name in ("1.csv", "2.parquet", "_SUCCESS", ".hidden.csv", "2.parquet.crc"):
        (folder / name).write_text(TEXT)
    given = [str(tmp_path / "a"), str(folder / "*.csv"), str(folder / "2.parquet")]
    assert [path.name for path in find_tables(given)] == ["1.csv", "2.parquet"]


def test_files_that_would_be_left_out_in_silence_are_named(tmp_path: Path) -> None:
    (tmp_path / "1.csv").write_text(TEXT)
    (tmp_path / "2.csv.gz").write_bytes(b"x")
    with pytest.raises(CountError, match=r"would be left out: 2\.csv\.gz"):
        find_tables([str(tmp_path)])
    with pytest.raises(CountError, match=r"only \.parquet"):
        find_tables([str(tmp_path / "2.csv.gz")])
    with pytest.raises(CountError, match="no file that fits"):
        find_tables([str(tmp_path / "*.parquet")])


def test_geoparquet_says_its_system(tmp_path: Path) -> None:
    import geopandas as gpd
    import shapely

    path = tmp_path / "points.parquet"
    for crs, said in ((None, "OGC:CRS84"), (27700, "British National Grid")):
        gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(1, 2)], crs=crs).to_parquet(path)
        (stated,) = heads_of(str(path), LIKELY).shapes.values()
        assert said in (stated if crs is None else json.loads(stated)["name"] + stated)
