import json
from pathlib import Path

import pandas as pd
import pytest

from pipeline.errors import RawFileError
from pipeline.reading import code_in, read_codes
from pipeline.reading.codes import unit_codes

POINT = {"type": "Point", "coordinates": [1.2, 52.6]}
CODES = ["E01900001", "E01900002", "E01900003"]


def write(folder: Path, text: str) -> Path:
    path = folder / "codes.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "cell",
    [
        "E01900001",
        "e01900001",
        " E01900001 ",
        "E01 900 001",
        "E01900001 : Fen 001A",
        "E01900001 - Fen",
        "E01900001 (Fen)",
    ],
)
def test_a_code_may_have_its_name_beside_it(cell: str) -> None:
    assert code_in(cell) == "E01900001"


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(CODES),
        "LSOA\n" + "\n".join(CODES),
        ",".join(CODES),
        ";".join(CODES),
        "LSOA code;rate\n" + "\n".join(f"{code};1" for code in CODES),
        "name,code\n" + "\n".join(f"Fen,{code.lower()}" for code in CODES),
        "LSOA11CD,LSOA21CD\n" + "\n".join(f"E01000009,{code}" for code in CODES),
        "LSOA\n" + "\n".join(f"{code} : Fen 001A" for code in CODES),
        "\ufeff" + "\n".join(CODES) + "\n\n",
    ],
)
def test_lists_of_codes_down_and_across(tmp_path: Path, text: str) -> None:
    assert read_codes(write(tmp_path, text)).tolist() == CODES


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("EO1900001\nE01900002\nE01900003\n", "row 1: 'EO1900001' (letters for figures: E01900001?)"),
        ("LSOA\nE01900001\nE0190002\n", "row 3: 'E0190002' (8 characters instead of 9)"),
        ("E01900001\nTotal\n", "row 2: 'Total'"),
        ("E01900001,E01900002\nE01900003,\n", "row 1: 'E01900002'"),
        ("Norwich\nYarmouth\n", "none is in it"),
    ],
)
def test_entries_that_are_no_codes_are_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(RawFileError, match="codes.csv") as refused:
        read_codes(write(tmp_path, text))
    assert said in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        " ".join(CODES),
        f'"{",".join(CODES)}"',
        "Our LSOAs\n" + ",".join(CODES),
        "Our LSOAs\n" + "; ".join(CODES),
        "[" + ", ".join(f"'{code}'" for code in CODES) + "]",
        "\n".join(f'="{code}"' for code in CODES),
        "List for the board,\n\nLSOA21CD,Name\n" + "\n".join(f"{code},Fen" for code in CODES),
        "Name,Code\n" + "\n".join(f"Fen 001A ({code}),1" for code in CODES),
        "area,MSOA21CD\n" + "\n".join(f"{code},E02000001" for code in CODES),
    ],
)
def test_no_code_of_a_list_is_passed_over(tmp_path: Path, text: str) -> None:
    assert read_codes(write(tmp_path, text)).tolist() == CODES


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("code\n" + "\n".join(f'"{code}, E01900009"' for code in CODES), "2 codes in one cell"),
        ("here,there\nE01900001,E01900002\nE01900003,E01900004", "'here', 'there' all hold codes"),
        ("E02000001\nE02000002", r"row 1: 'E02000001' \(an MSOA\)"),
        ("E01900001\nS01000002", r"row 2: 'S01000002' \(a data zone of Scotland\)"),
    ],
)
def test_a_list_that_may_mean_two_things_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(RawFileError, match=message):
        read_codes(write(tmp_path, text))


def test_a_list_may_be_the_attributes_of_shapes(tmp_path: Path) -> None:
    features = [{"type": "Feature", "properties": {"code": code}, "geometry": POINT} for code in CODES]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    assert read_codes(write(tmp_path, text)).tolist() == CODES


def test_an_msoa_without_a_published_code_goes_by_its_official_name() -> None:
    areas = pd.DataFrame({"lsoa21_name": ["Ham 001A", "Ham 002B"], "ward_code": ["E05000001", "E05000002"]})
    assert unit_codes(areas, "msoa").tolist() == ["Ham 001", "Ham 002"]  # type: ignore[union-attr]
    published = areas.assign(msoa21_code=pd.Series(["E02000001", None], dtype="object"))
    assert unit_codes(published, "msoa").tolist() == ["E02000001", "Ham 002"]  # type: ignore[union-attr]
    assert unit_codes(areas, "ward").tolist() == ["E05000001", "E05000002"]  # type: ignore[union-attr]
    assert unit_codes(areas, "icb") is None
