"""Everything together: on the fictional country, and on Norfolk and Waveney where its data are there."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from pipeline.capacity import (
    capacity,
    covered,
    e2sfca,
    exclusion,
    locate,
    maximal_covering,
    nearest,
    origins,
    people_at_risk,
    straight_line_pairs,
)
from pipeline.capacity.reading import of_kind
from pipeline.capacity.tables import SITES, STORIES, SUPPORT_PLACES, nearest_columns
from pipeline.catalogue.places import read_places_declaration
from pipeline.catalogue.rates import read_rates
from pipeline.demo import demo_files
from pipeline.schema import describe
from pipeline.tidy.gp_practices import tidy_gp_practices
from pipeline.tidy.libraries import tidy_libraries
from tests.places import DECLARED, MIRROR, ROOT, needs_mirror

PLACES = read_places_declaration(DECLARED / "places.toml")
NORFOLK = ROOT / "data" / "processed" / "norfolk-and-waveney" / "risk.parquet"


def reported(folder):
    tidied = {
        "libraries": tidy_libraries(folder / "basic-dataset-for-libraries-2023-enhanced.csv"),
        "gp_practices": tidy_gp_practices(folder / "epraccur.csv"),
    }
    return pd.concat([of_kind(tidied[kind.source], kind) for kind in PLACES.kinds], ignore_index=True)


def code_point(path):
    import zipfile

    columns = ["postcode", "easting", "northing"]
    with zipfile.ZipFile(path) as archive:
        members = [m for m in archive.namelist() if m.startswith("Data/CSV/") and m.endswith(".csv")]
        parts = [pd.read_csv(archive.open(m), header=None, usecols=[0, 2, 3], names=columns) for m in members]
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="module")
def fictional(tmp_path_factory):
    folder = tmp_path_factory.mktemp("raw")
    for _, file, content in demo_files(areas=200, support_places=True):
        (folder / file).write_bytes(content)
    areas = gpd.read_parquet(folder / "LSOA21_BGC_EN.parquet").rename(columns={"LSOA21CD": "lsoa21_code"})
    return areas, locate(reported(folder), areas.geometry, code_point(folder / "codepo_gb.zip"))


def test_the_fictional_country_has_places_of_every_kind_and_access_to_them(fictional):
    areas, located = fictional
    assert located.refused.empty
    assert {"library", "gp_practice"} <= set(located.frame["kind"])
    points, _ = origins(areas)
    places = located.frame
    reach = np.full(len(areas), 6000.0)
    pairs = straight_line_pairs(points, places[["easting", "northing"]].to_numpy(), reach)
    supply = (places["capacity"] * places["counts"]).to_numpy()
    found = e2sfca(pairs, np.full(len(areas), 100.0), supply, reach)
    assert (found.access * 100).sum() == pytest.approx(np.delete(supply, found.unused).sum())
    scores = capacity(pd.Series(found.access, index=areas["lsoa21_code"]))
    assert scores["capacity_score"].between(0, 100).all()


def test_the_tables_describe_themselves():
    for table in (SUPPORT_PLACES, SITES, STORIES):
        assert describe(table)["primaryKey"] == [table.key]
    assert nearest_columns("library", "library")[0].name == "nearest_library_m"


@needs_mirror
@pytest.mark.skipif(not NORFOLK.exists(), reason="Norfolk and Waveney is not built here: make maps AREA=...")
def test_norfolk_and_waveney():
    areas = gpd.read_parquet(NORFOLK).set_index("lsoa21_code", drop=False)
    located = locate(reported(MIRROR), areas.geometry, code_point(MIRROR / "codepo_gb.zip"))
    places, (points, _) = located.frame, origins(areas)
    assert places["kind"].value_counts().to_dict() == {"gp_practice": 149, "library": 84, "mobile_library": 8}
    people = people_at_risk(areas, read_rates(DECLARED / "rates.toml"))
    # 3.5 to 9 million of England's 56.5 million: the order of Ofcom's 2.8 million and Lloyds' 10.2 million (UK).
    assert 0.05 < people["people_at_risk_low"].sum() / areas["population_total"].sum() < 0.10
    assert covered(people["people_at_risk"], areas["risk_decile"]).share < 0.2
    reach = areas["ruc21_code"].map(PLACES.access.reach).to_numpy(dtype="float64")
    xy, supply = places[["easting", "northing"]].to_numpy(), (places["capacity"] * places["counts"]).to_numpy()
    demand = people["people_at_risk"].to_numpy()
    found = e2sfca(straight_line_pairs(points, xy, reach), demand, supply, reach)
    scores = capacity(pd.Series(found.access, index=areas.index))
    worst = exclusion(areas["risk_score"], scores["capacity_score"], PLACES.exclusion)
    # The middle of Norwich has its libraries at the door; a village between Swaffham and Dereham has none within 6 km.
    assert scores["capacity_decile"]["E01026823"] >= 8
    assert worst["exclusion_decile"]["E01026446"] == 1
    libraries = xy[(places["kind"] == "library").to_numpy()]
    already = nearest(points, libraries, 1).cost[:, 0] <= 5000
    assert not already[areas.index.get_loc("E01026446")]
    pairs = straight_line_pairs(points, points, np.full(len(areas), 5000.0))
    plan = maximal_covering(demand, pairs, len(areas), 10, already=already, seconds=30)
    assert plan.gap < 1e-6
    assert len(plan.chosen) == 10
