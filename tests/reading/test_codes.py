from pathlib import Path

import pytest

from pipeline.errors import RawFileError
from pipeline.reading import code_in, read_codes

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
        ("E01900001\nTotal\n", "row 2: 'TOTAL'"),
        ("E01900001,E01900002\nE01900003,\n", "row 1: 'E01900002'"),
        ("Norwich\nYarmouth\n", "none is in it"),
    ],
)
def test_entries_that_are_no_codes_are_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(RawFileError, match="codes.csv") as refused:
        read_codes(write(tmp_path, text))
    assert said in str(refused.value)
