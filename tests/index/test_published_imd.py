"""The engine rebuilds the published Index of Multiple Deprivation 2025 from its published domain ranks."""

import pandas as pd
import pytest

from pipeline.catalogue import read_index
from pipeline.index import Scores, score
from tests.fixtures.folders import DECLARED, MIRROR

pytestmark = pytest.mark.real

FILE = MIRROR / "File_7_IoD2025_All_Ranks_Scores_Deciles_Population_Denominators.csv"
INDEX = read_index(DECLARED / "indices" / "imd2025.toml")

MOST = " (where 1 is most deprived)"
TENTH = " (where 1 is most deprived 10% of LSOAs)"
IMD = "Index of Multiple Deprivation (IMD)"
RANKS = {
    "income_rank": f"Income Rank{MOST}",
    "employment_rank": f"Employment Rank{MOST}",
    "education_rank": f"Education, Skills and Training Rank{MOST}",
    "health_rank": f"Health Deprivation and Disability Rank{MOST}",
    "crime_rank": f"Crime Rank{MOST}",
    "barriers_rank": f"Barriers to Housing and Services Rank{MOST}",
    "living_environment_rank": f"Living Environment Rank{MOST}",
}


@pytest.fixture(scope="module")
def published() -> pd.DataFrame:
    return pd.read_csv(
        FILE,
        index_col="LSOA code (2021)",
        usecols=[
            "LSOA code (2021)",
            *RANKS.values(),
            f"{IMD} Score",
            f"{IMD} Rank{MOST}",
            f"{IMD} Decile{TENTH}",
        ],
    )


@pytest.fixture(scope="module")
def ranks(published: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({column: published[title] for column, title in RANKS.items()})


@pytest.fixture(scope="module")
def rebuilt(ranks: pd.DataFrame) -> Scores:
    return score(INDEX, ranks)


def test_every_published_score_to_the_last_digit(rebuilt: Scores, published: pd.DataFrame) -> None:
    assert len(published) == 33_755
    assert (rebuilt.score - published[f"{IMD} Score"]).abs().max() <= 0.0005 + 1e-9
    assert (rebuilt.score.round(3) == published[f"{IMD} Score"]).all()


def test_every_published_rank_and_decile_exactly(rebuilt: Scores, published: pd.DataFrame) -> None:
    assert (rebuilt.rank == published[f"{IMD} Rank{MOST}"]).all()
    assert (rebuilt.decile == published[f"{IMD} Decile{TENTH}"]).all()


def test_the_most_deprived_area_of_england(rebuilt: Scores) -> None:
    assert rebuilt.rank["E01021988"] == 1
    assert round(rebuilt.score["E01021988"], 3) == 94.223


def test_an_area_scores_the_same_alone_as_with_the_nation(rebuilt: Scores, ranks: pd.DataFrame) -> None:
    some = ranks.sample(600, random_state=1)
    pd.testing.assert_series_equal(score(INDEX, ranks, some).score, rebuilt.score[some.index], check_exact=True)


def test_a_wrong_weight_or_direction_would_be_seen(ranks: pd.DataFrame, published: pd.DataFrame) -> None:
    education = INDEX.components[2]
    heavier = education.model_copy(update={"weight": 0.136})
    turned = education.model_copy(update={"indicators": (education.indicators[0].model_copy(update={"direction": 1}),)})
    for other in (heavier, turned):
        components = (*INDEX.components[:2], other, *INDEX.components[3:])
        result = score(INDEX.model_copy(update={"components": components}), ranks)
        assert (result.score - published[f"{IMD} Score"]).abs().max() > 0.01
