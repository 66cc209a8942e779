"""File 7 of 2019 in its publisher's layout, by LSOA of 2011."""

import io
from pathlib import Path

import pandas as pd
import pytest

from pipeline.catalogue import read_sources
from pipeline.demo import demo_files
from pipeline.errors import PipelineError, RawFileError
from pipeline.tidy import tidy_source
from tests.fixtures.folders import DECLARED

SOURCE = read_sources(DECLARED / "sources.toml")["iod2019_file7"]
RANK = "Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived)"
SCORE = "Index of Multiple Deprivation (IMD) Score"


@pytest.fixture(scope="module")
def published() -> pd.DataFrame:
    content = next(content for source, _, content in demo_files(60) if source == SOURCE.id)
    return pd.read_csv(io.BytesIO(content))


def write(folder: Path, frame: pd.DataFrame) -> Path:
    path = folder / SOURCE.file
    frame.to_csv(path, index=False)
    return path


def test_it_is_read_by_codes_of_2011(tmp_path: Path, published: pd.DataFrame) -> None:
    frame = tidy_source(SOURCE, write(tmp_path, published)).frame
    assert frame["lsoa11_code"].is_unique
    assert frame["imd_score"].tolist() == published[SCORE].tolist()
    assert frame["residents_2015"].tolist() == published["Total population: mid 2015 (excluding prisoners)"].tolist()
    assert len(published.columns) == 57, "four keys, sixteen indices with three columns each, five denominators"
    assert published.columns[-1].endswith(" "), "as published"


def test_the_file_of_another_year_is_refused(tmp_path: Path, published: pd.DataFrame) -> None:
    later = published.rename(columns={"LSOA code (2011)": "LSOA code (2021)"})
    with pytest.raises(RawFileError, match=r"LSOA code \(2011\)"):
        tidy_source(SOURCE, write(tmp_path, later))


def test_scores_that_contradict_ranks_are_refused(tmp_path: Path, published: pd.DataFrame) -> None:
    turned = published.assign(**{RANK: published[RANK].to_numpy()[::-1]})
    with pytest.raises(RawFileError, match="imd_rank"):
        tidy_source(SOURCE, write(tmp_path, turned))


def test_a_file_of_england_has_the_declared_rows() -> None:
    assert SOURCE.rows_of(SOURCE.file) == 32_844
    assert SOURCE.geography == "lsoa11"
    assert not SOURCE.required


@pytest.mark.parametrize("column", [RANK, SCORE, "Income Rank (where 1 is most deprived)"])
def test_a_missing_column_is_named(tmp_path: Path, published: pd.DataFrame, column: str) -> None:
    with pytest.raises(PipelineError, match="is missing"):
        tidy_source(SOURCE, write(tmp_path, published.drop(columns=column)))
