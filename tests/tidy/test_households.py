"""Tenure, household deprivation, household size and the outcome of the 2021 census."""

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

import pandas as pd
import pytest

from pipeline import raw
from pipeline.demo import demo_files
from pipeline.errors import RawFileError, SchemaError
from pipeline.tidy.digital_propensity import tidy_digital_propensity
from pipeline.tidy.disability import tidy_disability
from pipeline.tidy.household_deprivation import HOUSEHOLD_DEPRIVATION, tidy_household_deprivation
from pipeline.tidy.household_size import household_size
from pipeline.tidy.registry import Noted
from pipeline.tidy.tenure import TENURE, tidy_tenure
from tests.fixtures.folders import MIRROR

HOMES = "Tenure of household: "
WAYS = "Household deprivation: "
HEADS = {
    "tenure": [
        f"{HOMES}{k}" for k in ("Total: All households", "Owned: Owns outright", "Social rented", "Private rented")
    ],
    "deprived": [
        f"{WAYS}{k}; measures: Value"
        for k in (
            "Total: All households",
            "Household is not deprived in any dimension",
            "Household is deprived in one dimension",
        )
    ],
}


def table(headers: Sequence[str], *rows: tuple[int | str, ...]) -> io.BytesIO:
    frame = pd.DataFrame([row[1:] for row in rows], columns=list(headers))
    frame.insert(0, "geography code", [row[0] for row in rows])
    return io.BytesIO(frame.to_csv(index=False).encode())


def test_tenure_is_shares_of_the_tables_own_total_and_wales_left_out() -> None:
    file = table(HEADS["tenure"], ("W01000001", 10, 1, 1, 1), ("E01900002", "1,000", 400, 200, 100))
    frame = tidy_tenure(file, "t.csv").frame.drop(columns="area_name")
    assert frame.to_dict(orient="records") == [
        {
            "lsoa21_code": "E01900002",
            "share_owned_outright": 0.4,
            "share_social_rented": 0.2,
            "share_private_rented": 0.1,
            "share_owned_or_social": pytest.approx(0.6),
            "households_by_tenure": 1_000,
        }
    ]


def test_deprived_households_are_all_that_are_deprived_in_some_way_and_those_in_several_are_the_rest() -> None:
    frame = tidy_household_deprivation(table(HEADS["deprived"], ("E01900001", 800, 600, 120)), "d.csv").frame
    assert frame["households"].tolist() == [800]
    assert frame["share_households_deprived"].tolist() == [0.25]
    assert frame["share_households_two_dimensions"].tolist() == [pytest.approx(0.1)]


def test_household_size_is_residents_over_households() -> None:
    assert household_size(pd.DataFrame({"residents_2021": [1_500], "households": [600]})).tolist() == [2.5]


def test_what_is_missing_or_impossible_is_named() -> None:
    with pytest.raises(RawFileError, match="'Tenure of household: Private rented' is missing"):
        tidy_tenure(table(HEADS["tenure"][:3], ("E01900001", 10, 1, 1)), "t.csv")
    with pytest.raises(RawFileError, match=r"All households.*should hold numbers.*row 2 \(E01900001\): '\[c\]'"):
        tidy_household_deprivation(table(HEADS["deprived"], ("E01900001", "[c]", 1, 1)), "d.csv")
    with pytest.raises(RawFileError, match=r"row 2 \(E01900001\): 12 of 10"):
        tidy_tenure(table(HEADS["tenure"], ("E01900001", 10, 11, 1, 1)), "t.csv")
    with pytest.raises(RawFileError, match=r"more in share_in_one_or_none than .*\(E01900001\): 11 of 10"):
        tidy_household_deprivation(table(HEADS["deprived"], ("E01900001", 10, 6, 5)), "d.csv")


def test_the_digital_propensity_index_is_read_by_lsoa_2011(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("LSOA11CD,Region,Local Authority name,Score\nE01000002,London,X,97.8\nW01000001,Wales,Y,90\n")
    assert tidy_digital_propensity(path).frame.to_dict(orient="records") == [
        {"lsoa11_code": "E01000002", "digital_propensity": 97.8}
    ]
    path.write_text("LSOA11CD,Score\nE01000002,197.8\n")
    with pytest.raises(SchemaError, match="digital_propensity"):
        tidy_digital_propensity(path)


def test_the_made_up_country_has_households_like_a_real_one(tmp_path: Path) -> None:
    files = {source: (name, content) for source, name, content in demo_files(240)}

    def read(source: str, member: str, reader: Callable[[BinaryIO, str], Noted]) -> pd.DataFrame:
        name, content = files[source]
        (tmp_path / name).write_bytes(content)
        with raw.open_member(tmp_path / name, member) as file:
            return reader(file, name).frame

    tenure = read("census2021_tenure", "census2021-ts054-lsoa.csv", tidy_tenure)
    ways = read("census2021_household_deprivation", "census2021-ts011-lsoa.csv", tidy_household_deprivation)
    people = read("census2021_disability", "census2021-ts038-lsoa.csv", tidy_disability)
    size = people["residents_2021"] / ways["households"]
    assert len(tenure) == len(ways) == 240
    assert size.between(1.3, 3.7).all()
    apart = ["share_owned_outright", "share_social_rented", "share_private_rented"]
    assert tenure[apart].sum(axis=1).between(0.3, 1).all()
    together = tenure["share_owned_outright"] + tenure["share_social_rented"]
    assert (tenure["share_owned_or_social"] - together).abs().max() < 1e-9
    assert tenure["share_owned_or_social"].between(0.1, 0.95).all()
    assert 0.35 < ways["share_households_deprived"].mean() < 0.7
    assert 0.08 < ways["share_households_two_dimensions"].mean() < 0.35
    assert (ways["share_households_two_dimensions"] <= ways["share_households_deprived"]).all()


@pytest.mark.real
def test_real_files_give_every_english_area() -> None:
    for file, member, reader, table_ in (
        ("census2021-ts054.zip", "census2021-ts054-lsoa.csv", tidy_tenure, TENURE),
        (
            "census2021-ts011.zip",
            "census2021-ts011-lsoa.csv",
            tidy_household_deprivation,
            HOUSEHOLD_DEPRIVATION,
        ),
    ):
        with raw.open_member(MIRROR / file, member) as content:
            frame = reader(content, file).frame
        assert len(frame) == 33_755
        assert frame.columns.tolist() == table_.names
