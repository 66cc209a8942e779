"""The real Norfolk and Waveney, and England's published deprivation scores, from a mirror of the official files."""

import pytest

from pipeline import store
from pipeline.build import draw_area, fetch_area, join_area, score_area, tidy_nation
from tests.places import ASSETS, MIRROR, needs_mirror

pytestmark = needs_mirror


@pytest.fixture(scope="module")
def real(new_project):
    project, said = new_project(), []
    fetch_area(project, "norfolk-and-waveney", MIRROR, [], True, said.append)
    tidy_nation(project, "england", said.append)
    join_area(project, "norfolk-and-waveney", said.append)
    score_area(project, "norfolk-and-waveney", None, None, said.append)
    draw_area(project, "norfolk-and-waveney", ASSETS, said.append)
    return project, said


@pytest.fixture(scope="module")
def risk(real):
    return store.read_geotable(real[0].processed("norfolk-and-waveney") / "risk.parquet")


def test_counts_are_those_published(risk):
    assert len(risk) == 624
    assert risk["lad_name"].value_counts().to_dict() == {
        "King's Lynn and West Norfolk": 92,
        "South Norfolk": 88,
        "Broadland": 85,
        "Norwich": 85,
        "Breckland": 80,
        "East Suffolk": 72,
        "North Norfolk": 62,
        "Great Yarmouth": 60,
    }
    assert risk["population_total"].sum() == 1_032_576
    assert risk["population_75_plus"].sum() == 122_965
    assert risk["population_65_to_74"].sum() + risk["population_75_plus"].sum() == 255_772
    assert (risk["imd_decile"] == 1).sum() == 42


def test_every_source_matches_every_area(real):
    metadata = store.read_metadata(real[0].processed("norfolk-and-waveney") / "risk.parquet")
    assert len(metadata["matched"]) == 9
    assert all(line.endswith("624 of 624") for line in metadata["matched"])
    accepted = [source["id"] for source in metadata["sources"] if source["accepted_difference"]]
    assert accepted == ["iod2025_file7"]


def test_ranks_within_the_area_and_over_england_agree(risk):
    assert sorted(risk["risk_decile"].unique()) == list(range(1, 11))
    by_area = risk.sort_values("risk_rank")["england_rank"]
    assert by_area.is_monotonic_increasing
    assert risk["england_rank"].max() <= 33_755


def test_the_page_is_small_and_names_its_sources(real):
    page = real[0].page("norfolk-and-waveney").read_text(encoding="utf-8")
    assert len(page.encode()) < 1_200_000
    assert "Norfolk and Waveney" in page
    assert "Open Government Licence" in page
    assert "differs from the release that was checked" in page


def test_the_engine_gives_every_published_imd_score_rank_and_decile(real):
    from pipeline.index import score

    nation = store.read_table(real[0].national("england") / "reference.parquet").set_index("lsoa21_code")
    scores = score(real[0].index("imd2025"), nation)
    assert len(nation) == 33_755
    assert (scores.score - nation["imd_score"]).abs().max() < 0.001
    assert (scores.decile == nation["imd_decile"]).all()
    assert (scores.rank == nation["imd_rank"]).all()
    assert scores.score.idxmax() == "E01021988"
    assert round(scores.score.max(), 3) == 94.223


def test_deri_says_what_is_absent(real, tmp_path):
    said = []
    score_area(real[0], "norfolk-and-waveney", "deri", None, said.append)
    assert sum("not in the open data at hand" in line for line in said) == 5
    score_area(real[0], "norfolk-and-waveney", None, None, said.append)
