import csv
import io
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from pipeline.demo import demo_files
from pipeline.errors import RawFileError
from pipeline.tidy.gp_practices import tidy_gp_practices, tidy_name
from pipeline.tidy.libraries import tidy_libraries
from tests.fixtures.folders import MIRROR

LIBRARIES, PRACTICES = "basic-dataset-for-libraries-2023-enhanced.csv", "epraccur.csv"


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("raw")
    for source, file, content in demo_files(areas=120):
        if source in ("libraries", "gp_practices"):
            (folder / file).write_bytes(content)
    return folder


def table(raw: Path) -> pd.DataFrame:
    return pd.read_csv(raw / LIBRARIES, dtype=str, keep_default_na=False)


def written(tmp_path: Path, frame: pd.DataFrame) -> Path:
    path = tmp_path / LIBRARIES
    frame.to_csv(path, index=False)
    return path


def test_open_libraries_static_and_mobile(raw: Path) -> None:
    found, published = tidy_libraries(raw / LIBRARIES).frame, table(raw)
    still_open = published[published["Operation in 2023"] != ""]
    assert found["name"].tolist() == still_open["Name"].tolist()
    assert found["file_row"].tolist() == (still_open.index + 2).tolist()
    assert set(found["kind"]) <= {"library", "mobile_library"}
    assert found["x"].notna().all()


def test_c_is_commissioned_and_not_closed(raw: Path, tmp_path: Path) -> None:
    frame = table(raw).head(3).assign(**{"Operation in 2023": ["C", "", "LA"], "Year closed": ["", "2014", "2022"]})
    found = tidy_libraries(written(tmp_path, frame)).frame
    assert found["file_row"].tolist() == [2]
    assert found["opening"].iloc[0].startswith("Commissioned by the council")


def test_archives_and_prisons_are_left_out(raw: Path, tmp_path: Path) -> None:
    frame = table(raw).head(4).assign(Type=["Archive", "Prison Library", "Mobile Library", "Static Library"])
    assert tidy_libraries(written(tmp_path, frame)).frame["kind"].tolist() == ["mobile_library", "library"]


def test_hours_are_those_with_somebody_there(raw: Path, tmp_path: Path) -> None:
    changes = {
        "Operation in 2023": ["LA", "CR", "LAU", "LA", "CR"],
        "Hours open per week": ["69", "18", "40", "35", "20"],
        "Staffed hours per week": ["19", "0", "0", "", "12"],
    }
    frame = table(raw).head(5).assign(Type="Static Library", **{"Year closed": ""}, **changes)
    found = tidy_libraries(written(tmp_path, frame)).frame
    assert found["hours"].fillna(-1).tolist() == [19.0, 18.0, 0.0, -1.0, 12.0]
    assert found["opening"].tolist() == [
        "Run by the council, open 69 hours a week, 19 of them staffed",
        "Community-run, open 18 hours a week",
        "Run by the council, unstaffed, open 40 hours a week, 0 of them staffed",
        "Run by the council, open 35 hours a week",
        "Community-run, open 20 hours a week, 12 of them staffed",
    ]


@pytest.mark.parametrize(("column", "value"), [("Type", "Bookshop"), ("Operation in 2023", "X")])
def test_unknown_words_are_refused_by_row(raw: Path, tmp_path: Path, column: str, value: str) -> None:
    frame = table(raw).head(3)
    frame.loc[1, column] = value
    with pytest.raises(RawFileError, match=rf"row 3 \(.+\): '{value}'"):
        tidy_libraries(written(tmp_path, frame))


def test_active_gp_practices_only(raw: Path) -> None:
    published = pd.read_csv(raw / PRACTICES, header=None, dtype=str, keep_default_na=False)
    found = tidy_gp_practices(raw / PRACTICES).frame
    expected = published[(published[12] == "A") & (published[25] == "4")]
    assert found["place_id"].tolist() == ("gp_practice-" + expected[0]).tolist()
    assert found["file_row"].tolist() == (expected.index + 1).tolist()
    assert found["name"].str.endswith("Surgery").all()


def test_a_header_is_told_apart_and_too_few_columns_are_refused_by_row(raw: Path, tmp_path: Path) -> None:
    lines = (raw / PRACTICES).read_text().splitlines()
    path = tmp_path / PRACTICES
    path.write_text("\n".join([",".join(["Code"] * 27), *lines]))
    read, published = tidy_gp_practices(path), tidy_gp_practices(raw / PRACTICES).frame
    assert read.notes == ("row 1 holds headers",)
    assert read.frame["file_row"].tolist() == (published["file_row"] + 1).tolist()
    path.write_text("\n".join([*lines, '"A81001","SHORT"']))
    with pytest.raises(RawFileError, match=rf"27 columns as most have: row {len(lines) + 1} \(2\)"):
        tidy_gp_practices(path)
    path.write_text("")
    with pytest.raises(RawFileError, match="the file is empty"):
        tidy_gp_practices(path)


@pytest.mark.parametrize("archive", [False, True])
@pytest.mark.parametrize("header", [False, True])
@pytest.mark.parametrize("mark", ["utf-8", "utf-8-sig"])
def test_the_present_form_of_the_list_is_read_as_the_former(
    raw: Path, tmp_path: Path, archive: bool, header: bool, mark: str
) -> None:
    """Fully quoted, the status in a word, and roles instead of the setting."""
    rows = list(csv.reader(io.StringIO((raw / PRACTICES).read_text())))
    expected = tidy_gp_practices(raw / PRACTICES).frame
    for row in rows:
        row[12] = {"A": "ACTIVE", "C": "INACTIVE"}[row[12]]
        row[25] = {"4": "RO177|RO76", "0": "RO177|RO7|RO764"}[row[25]]
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerows([*([[f"Column {letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ["]] if header else []), *rows])
    path = tmp_path / ("epraccur.zip" if archive else PRACTICES)
    content = out.getvalue().encode(mark)
    if archive:
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr("epraccur.csv", content)
            packed.writestr("other.csv", "a,b\n")
    else:
        path.write_bytes(content)
    read = tidy_gp_practices(path).frame
    pd.testing.assert_frame_equal(read.assign(file_row=read["file_row"] - header), expected)


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (0, "SURGERY", "practice codes such as A81001; 1 row.s. do not: row 2: 'SURGERY'"),
        (12, "20240101", "a status such as A or ACTIVE; 1 row.s. do not: row 2"),
        (25, "NR1 1AA", "roles such as RO76.RO177; 1 row.s. do not: row 2"),
        (1, "", "no name: row.s. 2"),
        (0, "Z90001", "appear more than once: Z90001 .row 1., Z90001 .row 2."),
    ],
)
def test_what_cannot_be_in_its_column_is_refused_by_row(
    raw: Path, tmp_path: Path, place: int, value: str, message: str
) -> None:
    rows = list(csv.reader(io.StringIO((raw / PRACTICES).read_text())))
    rows[1][place] = value
    with (tmp_path / PRACTICES).open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    with pytest.raises(RawFileError, match=message):
        tidy_gp_practices(tmp_path / PRACTICES)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("Staffed hours per week", "7.5 hrs", r"row 3 \(.+\): '7.5 hrs'.*take out words, units"),
        ("Staffed hours per week", "3000", r"more hours than the 168 of a week: row 3 \(.+\): '3000'"),
        ("Hours open per week", "-5", "below 0"),
        ("Hours open per week", "7,5", "decimal comma"),
        ("Year closed", "14", "no year"),
        ("Easting", "", "without the other coordinate"),
        ("Name", "", "empty"),
    ],
)
def test_what_a_library_cannot_have_is_refused_by_row(
    raw: Path, tmp_path: Path, column: str, value: str, message: str
) -> None:
    frame = table(raw).head(3)
    frame.loc[1, column] = value
    with pytest.raises(RawFileError, match=message):
        tidy_libraries(written(tmp_path, frame))


def test_a_row_that_is_repeated_is_refused_with_its_numbers(raw: Path, tmp_path: Path) -> None:
    frame = table(raw).head(3)
    with pytest.raises(RawFileError, match=r"more than once: row 3 \(.+\): '.+', row 5 "):
        tidy_libraries(written(tmp_path, pd.concat([frame, frame.iloc[[1]]])))


def test_a_postcode_that_cannot_be_one_is_said_and_a_column_of_them_refused(raw: Path, tmp_path: Path) -> None:
    frame = table(raw).head(5)
    frame.loc[1, "Postcode"] = "NR1"
    assert tidy_libraries(written(tmp_path, frame)).notes == ("1 postcode(s) cannot be one: row 3: 'NR1'",)
    with pytest.raises(RawFileError, match="5 of 5 postcodes are none: row 2: 'Town'"):
        tidy_libraries(written(tmp_path, frame.assign(Postcode="Town")))


def test_names_are_read_and_not_shouted() -> None:
    assert tidy_name("THE SURGERY ON THE GREEN") == "The Surgery on the Green"
    assert tidy_name("  ST.JOHN'S  HOUSE & CO, PART II OF IV ") == "St.john's House & Co, Part II of IV"
    assert tidy_name("IN AND OUT") == "In and Out"
    assert tidy_name(" ") == ""


@pytest.mark.real
def test_the_published_files() -> None:
    libraries, practices = tidy_libraries(MIRROR / LIBRARIES).frame, tidy_gp_practices(MIRROR / PRACTICES).frame
    assert libraries["kind"].value_counts().to_dict() == {"library": 2949, "mobile_library": 87}
    assert len(practices) == 6750
    assert practices["place_id"].is_unique


@pytest.mark.parametrize("hours", ["7.5 hrs", "3000", "-3", "about 20"])
@pytest.mark.parametrize("column", ["Staffed hours per week", "Hours open per week"])
def test_hours_that_no_week_has_are_named(raw: Path, tmp_path: Path, column: str, hours: str) -> None:
    frame = table(raw).head(3)
    frame.loc[1, column] = hours
    with pytest.raises(RawFileError, match=rf"column '{column}'.*row 3( \(.*\))?: '?{hours}"):
        tidy_libraries(written(tmp_path, frame))


def test_a_name_of_a_practice_that_is_not_utf8_is_noted(tmp_path: Path) -> None:
    row = [b"Z90001", b"CAF\xc9 SURGERY", *[b""] * 7, b"QZ1 0AA", b"", b"", b"A", *[b""] * 12, b"4", b""]
    path = tmp_path / "epraccur.csv"
    path.write_bytes(b",".join(row) + b"\n")
    assert "not UTF-8, read as Windows-1252: row(s) 1" in tidy_gp_practices(path).notes
