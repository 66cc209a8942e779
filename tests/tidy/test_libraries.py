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
    found, published = tidy_libraries(raw / LIBRARIES), table(raw)
    still_open = published[published["Operation in 2023"] != ""]
    assert found["name"].tolist() == still_open["Name"].tolist()
    assert found["file_row"].tolist() == (still_open.index + 2).tolist()
    assert set(found["kind"]) <= {"library", "mobile_library"}
    assert found["x"].notna().all()


def test_c_is_commissioned_and_not_closed(raw: Path, tmp_path: Path) -> None:
    frame = table(raw).head(3).assign(**{"Operation in 2023": ["C", "", "LA"], "Year closed": ["", "2014", "2022"]})
    found = tidy_libraries(written(tmp_path, frame))
    assert found["file_row"].tolist() == [2]
    assert found["opening"].iloc[0].startswith("Commissioned by the council")


def test_archives_and_prisons_are_left_out(raw: Path, tmp_path: Path) -> None:
    frame = table(raw).head(4).assign(Type=["Archive", "Prison Library", "Mobile Library", "Static Library"])
    assert tidy_libraries(written(tmp_path, frame))["kind"].tolist() == ["mobile_library", "library"]


def test_hours_are_those_with_somebody_there(raw: Path, tmp_path: Path) -> None:
    changes = {
        "Operation in 2023": ["LA", "CR", "LAU", "LA", "CR"],
        "Hours open per week": ["69", "18", "40", "35", "20"],
        "Staffed hours per week": ["19", "0", "0", "", "12"],
    }
    frame = table(raw).head(5).assign(Type="Static Library", **{"Year closed": ""}, **changes)
    found = tidy_libraries(written(tmp_path, frame))
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
    with pytest.raises(RawFileError, match=f"row 3: '{value}'"):
        tidy_libraries(written(tmp_path, frame))


def test_active_gp_practices_only(raw: Path) -> None:
    published = pd.read_csv(raw / PRACTICES, header=None, dtype=str, keep_default_na=False)
    found = tidy_gp_practices(raw / PRACTICES)
    expected = published[(published[12] == "A") & (published[25] == "4")]
    assert found["place_id"].tolist() == ("gp_practice-" + expected[0]).tolist()
    assert found["file_row"].tolist() == (expected.index + 1).tolist()
    assert found["name"].str.endswith("Surgery").all()


def test_a_header_or_too_few_columns_are_refused_by_row(raw: Path, tmp_path: Path) -> None:
    lines = (raw / PRACTICES).read_text().splitlines()
    path = tmp_path / PRACTICES
    path.write_text("\n".join([",".join(["code"] * 27), *lines]))
    with pytest.raises(RawFileError, match=r"row\(s\) 1 \('code'\)"):
        tidy_gp_practices(path)
    path.write_text("\n".join([lines[0], '"A81001","SHORT"']))
    with pytest.raises(RawFileError, match=r"row\(s\) 2"):
        tidy_gp_practices(path)
    path.write_text("")
    with pytest.raises(RawFileError, match="the file is empty"):
        tidy_gp_practices(path)


def test_names_are_read_and_not_shouted() -> None:
    assert tidy_name("THE SURGERY ON THE GREEN") == "The Surgery on the Green"


@pytest.mark.real
def test_the_published_files() -> None:
    libraries, practices = tidy_libraries(MIRROR / LIBRARIES), tidy_gp_practices(MIRROR / PRACTICES)
    assert libraries["kind"].value_counts().to_dict() == {"library": 2949, "mobile_library": 87}
    assert len(practices) == 6750
    assert practices["place_id"].is_unique


@pytest.mark.parametrize("hours", ["7.5 hrs", "3000", "-3", "about 20"])
@pytest.mark.parametrize("column", ["Staffed hours per week", "Hours open per week"])
def test_hours_that_no_week_has_are_named(raw: Path, tmp_path: Path, column: str, hours: str) -> None:
    frame = table(raw).head(3)
    frame.loc[1, column] = hours
    with pytest.raises(RawFileError, match=f"{column} should be a number of hours.*row 3: '{hours}'"):
        tidy_libraries(written(tmp_path, frame))
