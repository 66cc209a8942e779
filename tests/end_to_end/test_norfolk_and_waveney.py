"""The real Norfolk and Waveney, and England's published deprivation scores, from a mirror of the official files."""

from pathlib import Path

import geopandas as gpd
import pytest

from pipeline import store
from pipeline.risk.people import estimate_bands, estimate_people, split_adults
from pipeline.stages.requests import IndexTrial, SitesWanted
from pipeline.store.records import RiskRecord
from tests.fixtures.pages import told
from tests.fixtures.projects import REAL, Built, Said


@pytest.fixture(scope="module")
def risk(real: Built) -> gpd.GeoDataFrame:
    return store.read_geotable(real[0].processed(REAL) / "risk.parquet")


def test_counts_are_those_published(risk: gpd.GeoDataFrame) -> None:
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


def test_every_source_matches_every_area(real: Built) -> None:
    record = store.read_record(real[0].processed(REAL) / "risk.parquet", RiskRecord)
    assert len(record.matched) == 9
    assert all(line.endswith("624 of 624") for line in record.matched)
    accepted = [source.id for source in record.sources if source.accepted_difference]
    assert accepted == ["iod2025_file7"]


def test_ranks_within_the_area_and_over_england_agree(risk: gpd.GeoDataFrame) -> None:
    assert sorted(risk["risk_decile"].unique()) == list(range(1, 11))
    by_area = risk.sort_values("risk_rank")["england_rank"]
    assert by_area.is_monotonic_increasing
    assert risk["england_rank"].max() <= 33_755


def test_libraries_and_practices_are_those_of_the_area_and_around_it(real: Built) -> None:
    places = store.read_table(real[0].processed(REAL) / "support_places.parquet")
    assert places["kind"].value_counts().to_dict() == {"gp_practice": 149, "library": 84, "mobile_library": 8}
    supply = places.set_index("name")["capacity"]
    assert supply["Swaffham Library"] == pytest.approx(19 / 30)
    assert supply["Norfolk & Norwich Millennium Library"] == pytest.approx(59 / 30)
    assert (places.loc[places["kind"] == "gp_practice", "located_by"] == "postcode").all()


def test_people_around_the_area_are_counted_among_those_who_may_come(real: Built) -> None:
    points = store.read_table(real[0].processed(REAL) / "origins.parquet")
    assert points["in_area"].sum() == 624
    assert len(points) > 1_000


def test_support_is_where_one_would_look_for_it(risk: gpd.GeoDataFrame) -> None:
    """Norwich's middle has its libraries at the door; Necton, Burnham Market and Guiltcross have none for miles."""
    by_code = risk.set_index("lsoa21_code")
    assert by_code.loc["E01026823", "capacity_decile"] >= 9
    assert by_code.loc["E01026468", "nearest_library_metres"] < 500
    assert by_code.loc["E01026446", ["exclusion_decile", "capacity_decile"]].tolist() == [1, 1]
    assert (by_code.loc[["E01026441", "E01026656"], "nearest_library_metres"] > 10_000).all()
    assert (by_code.loc[["E01026441", "E01026656"], "capacity_decile"] <= 2).all()
    by_class = risk.groupby("ruc21_code")["capacity_score"].mean()
    assert by_class.between(30, 75).all()


def test_people_at_risk_are_as_many_as_an_old_area_has_by_the_newest_totals(risk: gpd.GeoDataFrame) -> None:
    """5% of adults are not online and 16% lack the skills; here nearly a third of the adults are 65 and over."""
    people = risk[["people_not_online", "people_at_risk", "people_without_skills"]].sum()
    older = (risk["population_65_to_74"] + risk["population_75_plus"]).sum()
    adults = older + 0.773 * (risk["population_total"].sum() - older)
    share = people / adults
    assert 0.05 < share["people_not_online"] < 0.09
    assert 0.16 < share["people_without_skills"] < 0.23
    # By rates of 2019 to 2022, and age alone, they were 140,900.
    assert 95_000 < people["people_at_risk"] < 125_000
    inside = risk["people_not_online"].between(risk["people_not_online_low"], risk["people_not_online_high"])
    assert inside.all()


def test_the_country_adds_up_to_what_was_published(real: Built) -> None:
    """Raked over England: to 5% of adults aged 16 and over, as far as a share of residents tells their number."""
    nation, rates = real[0].nation_table("england"), real[0].rates()
    frame = nation.set_index("lsoa21_code") if "lsoa21_code" in nation.columns else nation
    score = frame["imd_score"]
    found = estimate_people(frame, score, rates).frame
    for name, measure in rates.measures.named:
        adults = split_adults(frame, rates, measure)
        assert found[f"people_{name}"].sum() == pytest.approx(measure.overall.value * adults.by_area.sum())
        bands = estimate_bands(adults, score, rates, measure, measure.totals)
        for total in measure.totals:
            group = [adults.bands.index(band) for band in total.bands] or list(range(len(adults.bands)))
            assert bands[:, group].sum() == pytest.approx(total.value * adults.counts[:, group].sum())


def test_contributions_are_the_difference_from_england(real: Built, risk: gpd.GeoDataFrame) -> None:
    record = store.read_record(real[0].processed(REAL) / "risk.parquet", RiskRecord)
    difference = risk["risk_score"] - record.nation.means["risk_score"]
    assert risk.filter(like="contribution_").sum(axis=1).to_numpy() == pytest.approx(difference.to_numpy())


def test_ten_sites_are_proven_best(real: Built) -> None:
    said = Said()
    real[0].seek_sites(REAL, SitesWanted(new=10, reach="5km"), said.append)
    folder = real[0].processed(REAL)
    sites, coverage = store.read_table(folder / "sites.parquet"), store.read_table(folder / "coverage.parquet")
    assert len(sites) == 10
    assert (coverage["gap"] == 0).all()
    assert coverage["newly_covered"].is_monotonic_increasing
    assert 0.75 < coverage["share_covered"].iloc[0] < coverage["share_covered"].iloc[-1] < 0.95


def test_the_page_is_small_and_names_its_sources(real: Built) -> None:
    assert real[0].page(REAL).stat().st_size < 1_200_000
    page = told(real[0].page(REAL))
    assert "Norfolk and Waveney" in page
    assert "Open Government Licence" in page
    assert "differs from the release that was checked" in page


def test_the_engine_gives_every_published_imd_score_rank_and_decile(real: Built) -> None:
    from pipeline.index import score

    nation = store.read_table(real[0].national("england") / "reference.parquet").set_index("lsoa21_code")
    scores = score(real[0].index("imd2025"), nation)
    assert len(nation) == 33_755
    assert (scores.score - nation["imd_score"]).abs().max() < 0.001
    assert (scores.decile == nation["imd_decile"]).all()
    assert (scores.rank == nation["imd_rank"]).all()
    assert scores.score.idxmax() == "E01021988"
    assert round(scores.score.max(), 3) == 94.223


def test_deri_says_what_is_absent(real: Built, tmp_path: Path) -> None:
    output = tmp_path / "deri.parquet"
    real[0].try_index(REAL, IndexTrial(output=output, index="deri", uncertain=False))
    assert len(store.read_record(output, RiskRecord).index.absent) == 5
