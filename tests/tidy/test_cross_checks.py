"""Columns of an official file that contradict others of the same row, and names that belong to other codes."""

import io
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from pipeline.catalogue import read_sources
from pipeline.demo import demo_files
from pipeline.errors import JoinError, RawFileError
from pipeline.join.agreement import refuse_disagreement
from pipeline.tables.columns import AREA_NAME
from pipeline.tidy import reader_of, tidy_source
from pipeline.tidy.plausible import refuse_implausible
from pipeline.tidy.registry import Tidied
from tests.fixtures.folders import DECLARED
from tests.fixtures.nation import LOOKUP, parts_of, tidied_nation

Change = Callable[[pd.DataFrame], pd.DataFrame]
SOURCES = read_sources(DECLARED / "sources.toml")
AGE, HOMES, WAYS = "Age: Aged ", "Tenure of household: ", "Household deprivation: "
DISABLED = "Disability: Disabled under the Equality Act"
RANK = "Rank (where 1 is most deprived)"
SKILLS, INCOME = "Adult Skills Sub-domain Score", "Income Score (rate)"


@cache
def published() -> dict[str, tuple[str, bytes]]:
    return {source: (name, content) for source, name, content in demo_files(60)}


def table_of(source: str) -> pd.DataFrame:
    _, content = published()[source]
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = archive.read(archive.namelist()[0])
    return pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False, encoding="utf-8-sig")


def read(source: str, frame: pd.DataFrame, folder: Path) -> Tidied:
    path = folder / published()[source][0]
    path.write_bytes(frame.to_csv(index=False).encode())
    return tidy_source(SOURCES[source], path)


def moved(*columns: str) -> Change:
    return lambda frame: frame.assign(**{column: np.roll(frame[column].to_numpy(), 1) for column in columns})


def once(column: str, value: str) -> Change:
    return lambda frame: frame.assign(**{column: [value, *frame[column][1:]]})


def exchanged(*pairs: tuple[str, str]) -> Change:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(**{a: frame[b] for a, b in pairs}, **{b: frame[a] for a, b in pairs})

    return change


def in_percent(total: str, *parts: str) -> Change:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        of = frame[total].astype(int)
        return frame.assign(**{part: (100 * frame[part].astype(int) / of).round().astype(int) for part in parts})

    return change


def rounded(*columns: str) -> Change:
    return lambda frame: frame.assign(**{c: (frame[c].astype(int) / 5).round().astype(int) * 5 for c in columns})


CONTRADICTED: list[tuple[str, Change, str]] = [
    ("census2021_age", moved(f"{AGE}75 to 79 years"), "should add up to 'Age: Total'"),
    ("census2021_age", once(f"{AGE}85 years and over", "400"), "should add up to"),
    (
        "census2021_age",
        exchanged((f"{AGE}65 to 69 years", f"{AGE}75 to 79 years"), (f"{AGE}70 to 74 years", f"{AGE}80 to 84 years")),
        "columns of ages were exchanged",
    ),
    ("census2021_disability", once(DISABLED, "412"), "should add up to 'Disability: Total"),
    (
        "census2021_disability",
        lambda f: f.assign(**{DISABLED: f[f"{DISABLED}: Day-to-day activities limited a lot"]}),
        "should add up to",
    ),
    (
        "census2021_tenure",
        lambda f: in_percent(f.columns[3], *f.columns[4:])(f),
        "should add up to 'Tenure of household: Total: All households'",
    ),
    ("census2021_tenure", moved(f"{HOMES}Private rented"), "should add up to|more than all"),
    ("census2021_tenure", lambda f: f.assign(**{f"{HOMES}Owned: Owns outright": f[f"{HOMES}Owned"]}), "should add up"),
    (
        "census2021_household_deprivation",
        lambda f: in_percent(f.columns[3], *f.columns[4:])(f),
        "should add up to 'Household deprivation: Total",
    ),
    ("census2021_household_deprivation", lambda f: rounded(*f.columns[3:])(f), "multiples of 5, so they were rounded"),
    ("iod2025_file7", once(SKILLS, "0.01"), "adult_skills_deprivation contradicts adult_skills_rank"),
    (
        "iod2025_file7",
        exchanged((INCOME, "Employment Score (rate)"), (f"Income {RANK}", f"Employment {RANK}")),
        "income and employment deprivation are exchanged",
    ),
    (
        "ruc2021",
        once("RUC21NM", "Smaller rural: Nearer to a major town or city"),
        "not those of the class in .RUC21CD.: row 2",
    ),
    ("ruc2021", once("Urban_rural_flag", "Rural"), "not those of the class in .RUC21CD.: row 2"),
    ("lsoa21_icb", moved("LAD24NM"), "have more than one lad_name"),
    ("lsoa21_icb", once("ICB24NM", "NHS Elsewhere"), "have more than one icb_name"),
    ("lsoa21_ward", moved("WD24NM"), "have more than one ward_name"),
]


@pytest.mark.parametrize(("source", "change", "message"), CONTRADICTED)
def test_columns_that_others_of_the_file_contradict_are_refused(
    source: str, change: Change, message: str, tmp_path: Path
) -> None:
    with pytest.raises(RawFileError, match=message):
        read(source, change(table_of(source)), tmp_path)


@pytest.mark.parametrize(
    ("source", "column"),
    [
        ("census2021_age", f"{AGE}10 to 14 years"),
        ("census2021_disability", "Disability: Not disabled under the Equality Act"),
        ("census2021_tenure", f"{HOMES}Lives rent free"),
        ("census2021_household_deprivation", f"{WAYS}Household is deprived in four dimensions; measures: Value"),
        ("iod2025_file7", "Adult Skills Sub-domain Rank (where 1 is most deprived)"),
        ("iod2025_file7", "LSOA name (2021)"),
        ("ruc2021", "RUC21NM"),
        ("lsoa21_ward", "LSOA21NM"),
    ],
)
def test_columns_that_only_check_others_may_be_absent_or_hold_something_else(
    source: str, column: str, tmp_path: Path
) -> None:
    frame = table_of(source)
    expected = read(source, frame, tmp_path).frame.drop(columns=AREA_NAME.name)
    absent = read(source, frame.drop(columns=column), tmp_path).frame.drop(columns=AREA_NAME.name)
    pd.testing.assert_frame_equal(absent, expected)
    if column != "LSOA name (2021)":
        other = read(source, frame.assign(**{column: "see note"}), tmp_path).frame.drop(columns=AREA_NAME.name)
        pd.testing.assert_frame_equal(other, expected)


@pytest.mark.parametrize("source", ["census2021_age", "census2021_disability", "census2021_tenure"])
def test_counts_that_were_perturbed_cell_by_cell_are_read(source: str, tmp_path: Path) -> None:
    frame = table_of(source)
    noise = np.random.default_rng(5)
    for column in frame.columns[3:]:
        counts = frame[column].str.replace(",", "").astype(int)
        frame[column] = (counts + noise.integers(-3, 4, len(counts))).clip(lower=0)
    if source != "census2021_tenure":
        read(source, frame, tmp_path)
        return
    frame[f"{HOMES}Total: All households"] += 10
    read(source, frame, tmp_path)


@pytest.mark.parametrize("source", ["iod2025_file7", "iod2025_file8", "ruc2021", "lsoa21_ward", "census2021_tenure"])
def test_two_codes_that_were_exchanged_are_told_by_the_names_beside_them(source: str) -> None:
    frames = tidied_nation()
    frame = frames[source].copy()
    frame.loc[[4, 5], "lsoa21_code"] = frame.loc[[5, 4], "lsoa21_code"].to_numpy()
    with pytest.raises(JoinError, match=rf"{source}.*2 LSOA\(s\) have another name than in the lookup"):
        refuse_disagreement(parts_of({**frames, source: frame}), LOOKUP)


def test_one_corrected_name_is_no_fault() -> None:
    frames = tidied_nation()
    frame = frames["ruc2021"].copy()
    frame.loc[3, AREA_NAME.name] = "Gullhaven North 001D"
    refuse_disagreement(parts_of({**frames, "ruc2021": frame}), LOOKUP)


def test_social_and_private_renting_that_were_exchanged_are_told_by_income() -> None:
    frames = dict(tidied_nation())
    tenure = frames["census2021_tenure"]
    social, private = tenure["share_social_rented"], tenure["share_private_rented"]
    frames["census2021_tenure"] = tenure.assign(share_social_rented=private, share_private_rented=social)
    with pytest.raises(JoinError, match="social and private renting are exchanged|do not go together"):
        refuse_disagreement(parts_of(frames), LOOKUP)


def test_exact_decimals_of_a_parquet_file_are_numbers(tmp_path: Path) -> None:
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    frame = table_of("iod2025_file7")
    expected = read("iod2025_file7", frame, tmp_path).frame
    table = pa.Table.from_pandas(frame, preserve_index=False)
    exact = pa.chunked_array([table[SKILLS].combine_chunks().cast(pa.decimal128(12, 4))])
    path = tmp_path / published()["iod2025_file7"][0]
    pq.write_table(table.set_column(table.column_names.index(SKILLS), SKILLS, exact), path)
    pd.testing.assert_frame_equal(tidy_source(SOURCES["iod2025_file7"], path).frame, expected)


def test_an_archive_with_two_members_of_one_name_is_refused(tmp_path: Path) -> None:
    name, content = published()["census2021_tenure"]
    path = tmp_path / name
    path.write_bytes(content)
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(archive.namelist()[0], b"geography code\nE01900001\n")
    with pytest.raises(RawFileError, match="in the archive more than once"):
        tidy_source(SOURCES["census2021_tenure"], path)


def test_codes_in_the_index_of_a_file_of_boundaries_are_read(tmp_path: Path) -> None:
    name, content = published()["lsoa21_boundaries"]
    path = tmp_path / name
    path.write_bytes(content)
    expected = tidy_source(SOURCES["lsoa21_boundaries"], path).frame
    gpd.read_parquet(path).set_index("LSOA21CD").to_parquet(path)
    pd.testing.assert_frame_equal(tidy_source(SOURCES["lsoa21_boundaries"], path).frame, expected)


def test_libraries_of_which_none_is_open_are_refused_with_the_columns_that_say_so(tmp_path: Path) -> None:
    with pytest.raises(RawFileError, match="none of its 5 libraries is open.*'Operation in 2023' should name"):
        read("libraries", table_of("libraries").assign(**{"Operation in 2023": ""}), tmp_path)


def test_libraries_that_are_staffed_for_longer_than_they_are_open_are_refused(tmp_path: Path) -> None:
    frame = table_of("libraries")
    hours = ["60" if value else "" for value in frame["Hours open per week"]]
    with pytest.raises(RawFileError, match="more than the hours that the library is open"):
        read("libraries", frame.assign(**{"Staffed hours per week": hours}), tmp_path)


def test_connectivity_as_a_share_is_refused() -> None:
    frame = tidied_nation()["iod2025_file8"]
    with pytest.raises(RawFileError, match="runs from 0 to 100"):
        refuse_implausible(
            "underlying_indicators",
            frame.assign(transport_connectivity=frame["transport_connectivity"] / 100),
            reader_of(SOURCES["iod2025_file8"]).table,
            "file8.xlsx",
        )
