from pathlib import Path

import pandas as pd
import pytest

from pipeline.catalogue import read_areas, read_index, read_layers, read_sources
from pipeline.catalogue.areas import Area
from pipeline.errors import DeclarationError
from pipeline.join.areas import codes_of
from tests.fixtures.folders import DECLARED


def test_what_is_shipped_is_valid() -> None:
    assert {"norfolk-and-waveney", "norfolk-and-suffolk", "england", "demo"} <= set(read_areas(DECLARED / "areas.toml"))
    assert "mye2024" in read_sources(DECLARED / "sources.toml")
    look = read_layers(DECLARED / "layers.toml")
    assert {layer.palette for layer in look.layers} <= set(look.palettes)
    for name in ("norfolk-waveney", "hand-weighted", "deri", "imd2025"):
        assert read_index(DECLARED / "indices" / f"{name}.toml").id == name


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "weight = 13",
            "wieght = 24",
            r"component 'age', wieght: unknown key. Did you mean 'weight'",
        ),
        ("weight = 13", "weight = -3", r"component 'age', weight: expected a number above 0; found the number -3"),
        ('normalisation = "percentile"', 'normalisation = "magic"', "normalisation: .*found the text 'magic'"),
        ('name = "disability"', 'name = "age"', "used twice: age"),
        ("title = ", "title == ", "not valid TOML"),
        ('missing = "error"', 'missing = "impute"', "impute_by go together"),
    ],
)
def test_a_fault_in_an_index_names_file_and_key(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text((DECLARED / "indices/norfolk-waveney.toml").read_text().replace(old, new, 1))
    with pytest.raises(DeclarationError, match=r"mine\.toml: (.|\n)*" + message):
        read_index(path)


@pytest.mark.parametrize("line", ["", 'icb = ["E54000022"]\neverything = true', "colour = 1"])
def test_an_area_is_defined_exactly_once(tmp_path: Path, line: str) -> None:
    path = tmp_path / "areas.toml"
    path.write_text(f'[here]\ntitle = "Here"\n{line}\n')
    with pytest.raises(DeclarationError, match="here"):
        read_areas(path)


GEOGRAPHY = pd.DataFrame(
    {
        "lsoa21_code": ["E01900001", "E01900002", "E01900003"],
        "sicbl_code": ["E38900001", "E38900001", "E38900002"],
        "icb_code": ["E54900001"] * 3,
        "lad_code": ["E07900001", "E07900002", "E07900002"],
    }
)


def area(tmp_path: Path, line: str) -> Area:
    path = tmp_path / "areas.toml"
    path.write_text(f'[here]\ntitle = "Here"\n{line}\n')
    return read_areas(path)["here"]


@pytest.mark.parametrize(
    ("line", "count"),
    [('sicbl = ["E38900001"]', 2), ('lad = ["E07900002"]', 2), ('icb = ["E54900001"]', 3), ("everything = true", 3)],
)
def test_an_area_selects_its_lsoas(tmp_path: Path, line: str, count: int) -> None:
    codes = codes_of(area(tmp_path, line), GEOGRAPHY, tmp_path)
    assert codes is not None
    assert len(codes) == count


def test_an_area_by_a_list(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("code,name\nE01900003,x\nE01900001,y\n")
    assert codes_of(area(tmp_path, 'lsoa_file = "mine.csv"'), GEOGRAPHY, tmp_path) == ["E01900001", "E01900003"]
    (tmp_path / "mine.csv").write_text("E1900001\nE01900003\n")
    with pytest.raises(DeclarationError, match="row 1: 'E1900001' .8 characters"):
        codes_of(area(tmp_path, 'lsoa_file = "mine.csv"'), GEOGRAPHY, tmp_path)
    (tmp_path / "mine.csv").write_text("E01900009\n")
    with pytest.raises(DeclarationError, match="1 codes are not LSOAs.*row 1: E01900009"):
        codes_of(area(tmp_path, 'lsoa_file = "mine.csv"'), GEOGRAPHY, tmp_path)


def test_a_code_the_lookup_does_not_hold_is_named(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match=r"here.sicbl has code\(s\).*: E38000239"):
        codes_of(area(tmp_path, 'sicbl = ["E38000239"]'), GEOGRAPHY, tmp_path)
