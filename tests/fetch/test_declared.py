"""What ``declared/sources.toml`` says of each source is enough to fetch it safely."""

import re

import pytest

from pipeline.catalogue import Source, read_sources
from pipeline.fetch.destination import bare
from tests.fixtures.folders import DECLARED

SOURCES = read_sources(DECLARED / "sources.toml")
UNCOUNTED = {
    *("code_point_open", "geonames_towns", "gp_practices", "iuc2018", "msoa_names", "ons_dpi", "ons_online_share"),
    *("patients_lsoa", "pcn_membership"),
}
"""Sources whose rows change with each issue, or come without a count, or are given for a part of the country."""


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES.keys())
def test_a_source_has_an_https_address_bare_names_a_limit_and_a_count(source: Source) -> None:
    assert source.format == "package" or source.address.startswith("https://")
    names = [source.file, *source.also_named]
    assert [bare(source, name) for name in names] == names
    assert set(source.other_files) <= set(source.also_named) | {source.file}
    assert source.format == "package" or source.size or source.size_limit
    counts = {name: source.rows_of(name) for name in names}
    assert source.id in UNCOUNTED or all(counts.values()), counts


@pytest.mark.parametrize(
    ("source", "file", "release", "rows"),
    [
        ("lsoa11_lsoa21", "LSOA11_LSOA21_LAD22_EW_LU_v5.csv", "version 5", 35_796),
        ("lsoa11_lsoa21", "LSOA11_LSOA21_LAD22_EW_LU.csv", "December 2021", 35_795),
        ("lsoa21_icb", "LSOA21_SICBL26_ICB26_NHSER26_LAD26.csv", "April 2026", 33_755),
        ("lsoa21_icb", "LSOA21_SICBL24_ICB24_CAL24_LAD24_EN_LU.csv", "April 2024", 33_755),
        ("lsoa21_ward", "LSOA21_WD25_LAD25_EW_LU_v2.csv", "2025", 35_672),
        ("lsoa21_ward", "LSOA21_WD24_LAD24_EW_LU.csv", "2024", 35_672),
        ("lsoa21_boundaries", "LSOA21_BSC_EN.parquet", "super-generalised", 33_755),
    ],
)
def test_each_release_of_a_source_has_its_count_and_says_which_it_is(
    source: str, file: str, release: str, rows: int
) -> None:
    assert SOURCES[source].rows_of(file) == rows
    assert release in SOURCES[source].as_in(file).release


def test_the_year_in_a_title_is_that_of_the_file() -> None:
    for name, source in SOURCES.items():
        for file in (source.file, *source.also_named):
            told = re.search(r"(?:WD|SICBL)(\d\d)", file)
            if told is not None:
                held = source.as_in(file)
                assert f"20{told[1]}" in held.title + held.release, f"{name}: {file}"


def test_only_boundaries_of_files_are_counted() -> None:
    assert SOURCES["lsoa21_boundaries"].rows_of("norfolk-and-waveney.geojson") is None
