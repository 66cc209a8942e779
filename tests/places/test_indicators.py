"""Indicators by declaration: read, checked by row, put on the LSOAs of 2021."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from pipeline.catalogue.areas import Area
from pipeline.catalogue.indicators import IndicatorFile, read_indicators
from pipeline.catalogue.indices import Index
from pipeline.errors import DeclarationError, JoinError, MissingSourceError, RawFileError
from pipeline.places.indicators import Nation, indicator_columns, refuse_gaps, refuse_partial, tidy_indicators
from tests.fixtures.folders import DECLARED

CODES = [f"E0190000{n}" for n in range(1, 6)]
NATION = Nation(pd.Series([100, 300, 200, 400, 500], index=CODES))
AREA = Area(id="here", title="Here", lad=("E07900001",))


def declared(**changes: object) -> IndicatorFile:
    file = {key: changes.pop(key) for key in list(changes) if key in IndicatorFile.model_fields}
    column = {
        "id": "no_car",
        "value_column": "No car",
        "title": "No car or van",
        "meaning": "Households without a car or van",
        "quantity": "share",
        "of": "households",
        "worse": "high",
    } | changes
    if column["quantity"] != "share":
        column.pop("of")
    return IndicatorFile.model_validate(
        {
            "id": "no_car",
            "file": "no_car.csv",
            "code_column": "LSOA",
            "source": "A survey",
            "licence": "None",
            "columns": [column],
        }
        | file
    )


def written(tmp_path: Path, *rows: str, name: str = "no_car.csv", headers: str = "LSOA,No car") -> Path:
    path = tmp_path / name
    path.write_text("\n".join([headers, *rows]), encoding="utf-8")
    return path


def test_shares_written_as_percentages_are_read(tmp_path: Path) -> None:
    path = written(tmp_path, "E01900002,12.5%", "e01900001, 40 ")
    result = tidy_indicators(path, declared(written_as="percent"), NATION)
    assert result.frame.to_dict("list") == {"lsoa21_code": CODES[:2], "no_car": [0.4, 0.125]}
    assert result.table.names == ["lsoa21_code", "no_car"]
    assert result.notes == ("values for 2 of 5 LSOAs",)


def test_its_column_says_what_it_is() -> None:
    column = indicator_columns(declared())[0]
    assert (column.group, column.source, column.shown_unit) == ("indicators", "no_car", "% of households")
    assert (column.minimum, column.maximum, column.nullable) == (0, 1, False)


@pytest.mark.parametrize("suffix", ["xlsx", "parquet"])
def test_workbooks_and_parquet_are_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"cars.{suffix}"
    if suffix == "parquet":
        pd.DataFrame({"LSOA": CODES, "No car": [0.1, 0.2, None, 0.4, 0.5]}).to_parquet(path)
    else:
        book = openpyxl.Workbook()
        sheet = book.create_sheet("Table 1")
        sheet.append(["Cars and vans"])
        sheet.append(["LSOA", "No car"])
        for code, value in zip(CODES, [0.1, 0.2, "[c]", 0.4, 0.5], strict=True):
            sheet.append([code, value])
        book.save(path)
    more = {"sheet": "table 1", "header_row": 2} if suffix == "xlsx" else {}
    result = tidy_indicators(path, declared(file=path.name, missing="allowed", **more), NATION)
    assert result.frame["no_car"].fillna(-1).tolist() == [0.1, 0.2, -1, 0.4, 0.5]


def test_a_workbook_of_several_sheets_needs_the_name_of_one(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("Notes")
    book.save(tmp_path / "cars.xlsx")
    with pytest.raises(RawFileError, match="several sheets; name the one to read.*Sheet, Notes"):
        tidy_indicators(tmp_path / "cars.xlsx", declared(file="cars.xlsx"), NATION)


@pytest.mark.parametrize(
    ("rows", "changes", "message"),
    [
        (["Total,0.4"], {}, r"1 row\(s\) have no LSOA code.*row 2: 'TOTAL'"),
        (["E01900001,0.4", "E01900001,0.4"], {}, "appear more than once: E01900001 in rows 2, 3"),
        (["E01900001,0.4", "E01900002,lots"], {}, r"'No car' .*1 value\(s\) are not numbers: row 3: 'lots'"),
        (["E01900001,0.4", "E01900002,[c]"], {}, r"not given: row 3.*missing = \"allowed\" for no_car"),
        (["E01900001,40"], {}, "are above 1: row 2: '40'. Are they percentages.*written_as"),
        (["E01900001,-0.1"], {}, "are below 0: row 2: '-0.1'"),
        (["E01900001,0.4"], {"maximum": 0.3}, "are above 0.3: row 2"),
        (["E01900001,1.5"], {"quantity": "people"}, "are not whole numbers: row 2: '1.5'"),
        (["E01900009,0.4"], {}, "not LSOAs of this nation: row 2: E01900009"),
        (["W01000001,0.4"], {}, "no row has the code of an English LSOA"),
    ],
)
def test_what_cannot_be_used_is_named_by_row(
    tmp_path: Path, rows: Sequence[str], changes: Mapping[str, float | str], message: str
) -> None:
    with pytest.raises(RawFileError, match=message):
        tidy_indicators(written(tmp_path, *rows), declared(**changes), NATION)


def test_an_absent_file_and_an_absent_column_are_named(tmp_path: Path) -> None:
    with pytest.raises(MissingSourceError, match="no_car.file 'no_car.csv' is missing"):
        tidy_indicators(tmp_path / "no_car.csv", declared(), NATION)
    with pytest.raises(RawFileError, match="'No car' is missing.* Columns found: LSOA, cars"):
        tidy_indicators(written(tmp_path, "E01900001,1", headers="LSOA,cars"), declared(), NATION)


def test_rows_of_other_nations_are_left_out_and_counted(tmp_path: Path) -> None:
    path = written(tmp_path, "W01000001,0.2", "S01000001,0.2", "N20000001,0.2", "E01900001,0.4")
    result = tidy_indicators(path, declared(), NATION)
    assert result.frame["lsoa21_code"].tolist() == ["E01900001"]
    assert result.notes[0] == "3 rows of other nations left out"


# --- 2011 -------------------------------------------------------------------------------------------------------------

CHANGES = pd.DataFrame(
    [
        ("E01900001", "E01900001", "U"),
        ("E01000002", "E01900002", "S"),
        ("E01000002", "E01900003", "S"),
        ("E01000004", "E01900004", "M"),
        ("E01000005", "E01900004", "M"),
        ("E01000006", "E01900005", "X"),
        ("E01000007", "E01900005", "X"),
    ],
    columns=["lsoa11_code", "lsoa21_code", "change"],
)
BOTH_YEARS = Nation(NATION.residents, CHANGES)
OF_2011 = ["E01900001,10,1", "E01000002,25,1", "E01000004,30,1", "E01000005,60,3", "E01000006,7,1"]


def test_people_of_2011_are_parted_and_added_up(tmp_path: Path) -> None:
    path = written(tmp_path, *OF_2011, "E01000007,5,1", headers="LSOA,No car,All")
    result = tidy_indicators(path, declared(vintage="lsoa11", quantity="people"), BOTH_YEARS)
    assert result.frame["no_car"].tolist() == [10, 15, 10, 90, 12]
    assert result.notes[0].endswith("1 unchanged, 2 split, 1 merged, 1 irregular")
    assert any(note.startswith("best fit only") and "E01900005" in note for note in result.notes)


def test_shares_of_2011_are_kept_and_averaged_by_their_denominator(tmp_path: Path) -> None:
    path = written(tmp_path, *OF_2011, headers="LSOA,No car,All")
    file = declared(vintage="lsoa11", written_as="percent", denominator_column="All")
    result = tidy_indicators(path, file, BOTH_YEARS)
    assert dict(zip(result.frame["lsoa21_code"], result.frame["no_car"], strict=True)) == pytest.approx(
        {"E01900001": 0.1, "E01900002": 0.25, "E01900003": 0.25, "E01900004": 0.525}
    )
    assert "no value, as part of what they were made from is not in the file: E01900005" in result.notes


def test_codes_of_another_year_are_told_apart(tmp_path: Path) -> None:
    path = written(tmp_path, *OF_2011, headers="LSOA,No car,All")
    with pytest.raises(DeclarationError, match='E01000002.*set vintage = "lsoa11" for no_car'):
        tidy_indicators(path, declared(written_as="percent"), BOTH_YEARS)
    new = written(tmp_path, "E01900002,0.1")
    with pytest.raises(DeclarationError, match='LSOAs of 2021 only: E01900002.*set vintage = "lsoa21"'):
        tidy_indicators(new, declared(vintage="lsoa11"), BOTH_YEARS)
    with pytest.raises(MissingSourceError, match="lsoa11_lsoa21"):
        tidy_indicators(new, declared(vintage="lsoa11"), NATION)


# --- cover ------------------------------------------------------------------------------------------------------------


def index(column: str = "no_car") -> Index:
    indicator = {"column": column, "direction": 1}
    return Index.model_validate(
        {
            "id": "cars",
            "title": "Cars",
            "description": "-",
            "source": "-",
            "normalisation": "percentile",
            "components": [{"name": "cars", "title": "Cars", "indicators": [indicator]}],
        }
    )


def test_an_area_that_the_file_is_for_must_be_in_it(tmp_path: Path) -> None:
    path = written(tmp_path, "E01900001,0.4")
    with pytest.raises(JoinError, match="1 of the 2 LSOAs of here have no no_car: E01900002"):
        refuse_gaps(tidy_indicators(path, declared(), NATION), AREA, CODES[:2])
    refuse_gaps(tidy_indicators(path, declared(missing="allowed"), NATION), AREA, CODES[:2])


def test_a_file_of_one_area_serves_an_index_that_compares_within_it(tmp_path: Path) -> None:
    local = [tidy_indicators(written(tmp_path, "E01900001,0.4"), declared(), NATION)]
    with pytest.raises(DeclarationError, match=r"compares here with all 5 LSOAs.*'no_car' \(it has 1\).*reference"):
        refuse_partial(index(), AREA, local, CODES)
    refuse_partial(index("imd_score"), AREA, local, CODES)
    refuse_partial(index(), AREA.model_copy(update={"reference": "area"}), local, CODES)
    everywhere = written(tmp_path, *(f"{code},0.{n}" for n, code in enumerate(CODES)))
    refuse_partial(index(), AREA, [tidy_indicators(everywhere, declared(), NATION)], CODES)


def test_the_template_fits_the_example_in_the_shipped_file(tmp_path: Path) -> None:
    text = (DECLARED / "indicators.toml").read_text(encoding="utf-8")
    lines = [line.removeprefix("#").strip() for line in text[text.index("# [no_car]") :].splitlines()]
    path = tmp_path / "indicators.toml"
    path.write_text("\n".join(line for line in lines if " = " in line or line.startswith("[")), encoding="utf-8")
    cars, survey = read_indicators(path)
    assert [column.id for column in survey.columns] == ["asked_for_help"]
    result = tidy_indicators(DECLARED / "templates" / "indicator.csv", cars, NATION)
    assert result.frame["no_car"].tolist() == pytest.approx([0.234, 0.081, 0.41])
    assert read_indicators(DECLARED / "indicators.toml") == ()


def test_denominators_that_are_all_0_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, *(f"{row.rsplit(',', 1)[0]},0" for row in OF_2011), headers="LSOA,No car,All")
    with pytest.raises(RawFileError, match="All: every denominator is 0.*right column"):
        tidy_indicators(path, declared(vintage="lsoa11", written_as="percent", denominator_column="All"), BOTH_YEARS)
