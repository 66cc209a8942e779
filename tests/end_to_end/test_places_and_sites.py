"""The stages that read places, score where to act and seek sites: on the fictional area, and on what can go wrong."""

import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from pipeline import Project, store, tables
from pipeline.catalogue.places import Exclusion
from pipeline.errors import DeclarationError, MissingSourceError, PipelineError, RawFileError
from pipeline.stages.requests import SitesWanted
from pipeline.store.records import PlacesRecord, RiskRecord, SitesRecord
from tests.fixtures.draws import draw_few
from tests.fixtures.folders import ROOT
from tests.fixtures.pages import told
from tests.fixtures.projects import Demo, Said


@pytest.fixture
def project(demo: Demo, tmp_path: Path) -> Project:
    """A copy of the fictional area's project that a test may change."""
    root = tmp_path / "copy"
    shutil.copytree(demo[0].root, root)
    draw_few(root)
    return Project(root)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def table(project: Project, name: str) -> pd.DataFrame:
    return store.read_table(project.processed("demo") / f"{name}.parquet")


def test_the_tables_keep_to_their_schemas(demo: Demo) -> None:
    for own in (tables.SUPPORT_PLACES, tables.ORIGINS, tables.NEAREST, tables.STORIES):
        tables.validate(table(demo[0], own.name), own, own.name)


def test_every_kind_is_there_and_bad_rows_are_named(demo: Demo) -> None:
    project, said = demo
    places = table(project, "support_places")
    assert set(places["kind"]) == {"library", "gp_practice", "demo_initiative"}
    record = store.read_record(project.processed("demo") / "support_places.parquet", PlacesRecord)
    assert record.kinds == ("library", "mobile_library", "gp_practice", "demo_initiative")
    assert any("Pop-up help desk" in line for line in record.left_out)
    assert any("unknown postcode: row" in line and "Pop-up help desk" in line for line in said)
    assert {source.id for source in record.sources} == {
        "libraries",
        "gp_practices",
        "demo_initiative",
        "code_point_open",
    }


def test_origins_are_the_published_centroids(demo: Demo) -> None:
    points = table(demo[0], "origins")
    assert (points["located_by"] == "population-weighted centroid").all()
    assert points["in_area"].all()
    assert len(points) == 240


def test_supply_is_conserved_over_the_whole_country(demo: Demo) -> None:
    """Access × people at risk sums to the supply of the places that anyone reaches."""
    risk, places = table(demo[0], "risk"), table(demo[0], "support_places")
    shared = (risk["support_access"] / 1000 * risk["people_at_risk"]).sum()
    supply = (places["capacity"] * places["counts"]).sum()
    assert shared <= supply + 1e-6
    assert shared == pytest.approx(supply, rel=0.02)


def test_the_nearest_way_is_the_straight_line_between_points(demo: Demo) -> None:
    places, points = table(demo[0], "support_places"), table(demo[0], "origins")
    risk = table(demo[0], "risk").set_index("lsoa21_code")
    own = places[places["kind"] == "library"]
    away = points[["easting", "northing"]].to_numpy()[:, None] - own[["easting", "northing"]].to_numpy()[None]
    expected = np.sqrt((away**2).sum(axis=2)).min(axis=1)
    assert risk.loc[points["lsoa21_code"], "nearest_library_metres"].to_numpy() == pytest.approx(expected)


def test_the_list_of_priorities_opens_in_excel_and_is_described(demo: Demo) -> None:
    folder = demo[0].processed("demo")
    raw = (folder / "priorities.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    listed = pd.read_csv(folder / "priorities.csv", encoding="utf-8-sig")
    assert list(listed.columns) == tables.PRIORITIES.names
    risk = table(demo[0], "risk").set_index("lsoa21_code")
    assert listed["lsoa21_code"].tolist() == risk[risk["on_list"]].sort_values("priority").index.tolist()
    assert listed["unmet_need_expected"].is_monotonic_decreasing
    assert (listed["risk_rank"] <= 240 / 5).all()
    assert (listed["list_probability"] >= 0.1).all()
    assert (listed["nearest_support_distance"].fillna(np.inf) > 800).all()
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    described = {
        resource["path"]: resource["schema"]["fields"] for resource in package["resources"] if "schema" in resource
    }
    assert [field["name"] for field in described["priorities.csv"]] == list(listed.columns)
    assert "support_places.parquet" in described


def test_metadata_says_how_capacity_was_measured(demo: Demo) -> None:
    capacity = store.read_record(demo[0].processed("demo") / "risk.parquet", RiskRecord).capacity
    assert capacity.measure == "straight line"
    assert capacity.exclusion == Exclusion(formula="geometric", risk_weight=0.5)
    assert capacity.exclusion_uncertainty is not None
    assert capacity.exclusion_uncertainty.draws == 2000
    assert capacity.reach["RSF1"] == 9000
    assert capacity.people.measures.not_online.overall.source
    assert not capacity.adults_counted
    assert capacity.people_shaped_over == "nation"
    found = table(demo[0], "risk")
    for name, here in capacity.people_here.items():
        assert here.people == pytest.approx(found[f"people_{name}"].sum(), abs=0.1)
        assert here.low < here.people < here.high
    total = capacity.people_at_risk_listed + capacity.people_at_risk_elsewhere
    assert total == pytest.approx(table(demo[0], "risk")["people_at_risk"].sum(), abs=1)


def test_stories_are_placed_and_no_postcode_of_theirs_is_kept(demo: Demo) -> None:
    stories, postcodes = table(demo[0], "stories"), table(demo[0], "postcodes")
    assert len(stories) == 5
    assert not set(stories["place"]) & set(postcodes["postcode"])
    assert stories["lsoa21_code"].notna().sum() >= 3


def test_stories_that_could_identify_someone_stop_the_build(project: Project) -> None:
    path = project.root / "data/raw/demo/stories/stories.csv"
    place = table(project, "postcodes")["postcode"].iloc[0]
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{place},Write to ada@example.org and she will tell you,Help,A drop-in,yes\n")
    before = (project.processed("demo") / "support_places.parquet").read_bytes()
    with pytest.raises(RawFileError, match=r"an e-mail address: row\(s\) 7"):
        project.build("demo", until="places", say=print)
    assert (project.processed("demo") / "support_places.parquet").read_bytes() == before
    # Nor are the earlier ones shown: one of them may have been withdrawn.
    assert not (project.processed("demo") / "stories.parquet").exists()


def test_a_self_assessment_that_could_identify_someone_stops_the_build_and_its_page_goes(project: Project) -> None:
    path = project.root / "data/raw/demo/self_assessment/self-assessment.csv"
    assert "Overdue on 27 November 2026" in project.assessment_page("demo").read_text(encoding="utf-8")
    edit(path, "Training hub", "ada@example.org")
    with pytest.raises(RawFileError, match="an e-mail address: row 4, column 5"):
        project.build("demo", say=print)
    assert not project.assessment_page("demo").exists()
    assert not (project.processed("demo") / "self_assessment.csv").exists()
    assert project.page("demo").exists()


@pytest.mark.parametrize(
    ("old", "new", "error", "message"),
    [
        (
            "initiatives/initiatives.csv",
            "initiatives/mine.csv",
            MissingSourceError,
            r"kinds\.demo_initiative\.file .*mine\.csv",
        ),
        ('source = "gp_practices"', 'source = "ruc2021"', MissingSourceError, "is not a list of places"),
        ("UN1 = 3000", "UN1 = -1", DeclarationError, "access.reach.UN1"),
        ("[kinds.library]", "[kinds.libraries]", DeclarationError, "Keep one of these names"),
        ('areas = ["demo"]', 'areas = ["dmeo"]', DeclarationError, "names dmeo"),
    ],
    ids=["a file that is not there", "no list of places", "a reach below 0", "another name", "an area not declared"],
)
def test_a_declaration_that_cannot_be_used_is_refused_with_its_place(
    project: Project, old: str, new: str, error: type[PipelineError], message: str
) -> None:
    edit(project.declared / "places.toml", old, new)
    with pytest.raises(error, match=message):
        project.build("demo", until="places", say=print)


def rebuilt(project: Project) -> list[str]:
    said = Said()
    project.build("demo", until="score", say=said.append)
    return said


def test_without_any_list_the_map_is_built_and_capacity_is_unknown(project: Project) -> None:
    shutil.rmtree(project.root / "data/raw/demo/libraries")
    shutil.rmtree(project.root / "data/raw/demo/gp_practices")
    places = project.declared / "places.toml"
    text = places.read_text(encoding="utf-8")
    places.write_text(text[: text.index("# Local initiatives")], encoding="utf-8")
    said = rebuilt(project)
    assert any("no list of support places is available" in line for line in said)
    assert any("Public libraries: the list is not in data/raw" in line for line in said)
    risk = table(project, "risk")
    assert risk["capacity_score"].isna().all()
    assert risk["people_at_risk"].notna().all()
    project.build("demo", until="map", say=said.append)
    with pytest.raises(PipelineError, match="no list of support places"):
        project.seek_sites("demo", SitesWanted(), print)


def test_one_list_alone_serves_and_the_other_is_said_to_be_absent(project: Project) -> None:
    shutil.rmtree(project.root / "data/raw/demo/gp_practices")
    rebuilt(project)
    assert table(project, "risk")["capacity_score"].notna().all()
    assert "nearest_gp_practice_metres" not in table(project, "risk")
    capacity = store.read_record(project.processed("demo") / "risk.parquet", RiskRecord).capacity
    assert capacity.absent_kinds == ("gp_practice",)


def test_journeys_are_used_instead_of_straight_lines(project: Project) -> None:
    places, points = table(project, "support_places"), table(project, "origins")
    libraries = places.loc[places["kind"] == "library", "place_id"]
    rows = [
        (code, place, 5 + (n * m) % 40)
        for n, code in enumerate(points["lsoa21_code"])
        for m, place in enumerate(libraries)
    ]
    local_journeys(project, rows)
    rebuilt(project)
    risk = table(project, "risk")
    assert risk["nearest_library_metres"].isna().all()
    assert risk["nearest_library_minutes"].min() == 5
    assert risk["nearest_gp_practice_minutes"].isna().all()
    record = store.read_record(project.processed("demo") / "risk.parquet", RiskRecord)
    assert record.capacity.measure == "journeys"
    assert "journeys" in {source.id for source in record.sources}


def test_sites_are_written_as_table_csv_and_geojson(project: Project) -> None:
    said = Said()
    project.seek_sites("demo", SitesWanted(new=3, reach="2km"), said.append)
    folder = project.processed("demo")
    sites, coverage = table(project, "sites"), table(project, "coverage")
    assert sites["site_number"].tolist() == [1, 2, 3]
    assert coverage["newly_covered"].is_monotonic_increasing
    assert sites["covered_together"].iloc[-1] == pytest.approx(coverage["newly_covered"].iloc[-1])
    shapes = gpd.read_file(folder / "sites.geojson")
    assert shapes["site_id"].tolist() == sites["site_id"].tolist()
    assert shapes.geometry.x.to_numpy() == pytest.approx(sites["lon"].to_numpy())
    sought = store.read_record(folder / "sites.parquet", SitesRecord).sought
    assert sought.counted_in == ("Public libraries", "Local initiatives")
    assert sought.gap == 0
    summary = next(line for line in said if "none better exists" in line)
    assert summary.startswith("FICTIONAL DATA")
    project.build("demo", until="map", say=said.append)
    assert '"model":"maximal covering"' in told(project.page("demo"))


def test_candidates_from_a_file(project: Project, tmp_path: Path) -> None:
    postcodes = table(project, "postcodes")["postcode"]
    path = tmp_path / "halls.csv"
    lines = [f"Hall {n},{code},{n + 1}" for n, code in enumerate(postcodes.iloc[:2000:100])]
    path.write_text("\n".join(["name,postcode,cost", *lines, "Lost hall,QZ99 9ZZ,1"]))
    said = Said()
    project.seek_sites("demo", SitesWanted(new=4, candidates=str(path), budget=9.0, reach="1km"), said.append)
    sites = table(project, "sites")
    assert sites["name"].str.startswith("Hall").all()
    assert sites["cost"].sum() <= 9
    assert any("Lost hall" in line for line in said)


def test_a_budget_needs_costs(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "halls.csv"
    path.write_text("Name,Postcode\nHall," + table(project, "postcodes")["postcode"].iloc[0])
    with pytest.raises(PipelineError, match="no column 'cost'"):
        project.seek_sites("demo", SitesWanted(candidates=str(path), budget=5.0), print)
    path.write_text("Name,Postcode,Cost\nHall," + table(project, "postcodes")["postcode"].iloc[0] + ",9")
    with pytest.raises(PipelineError, match="the cheapest costs 9"):
        project.seek_sites("demo", SitesWanted(candidates=str(path), budget=5.0), print)


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (SitesWanted(kinds=("pub",)), "no places of pub here"),
        (SitesWanted(candidates="nowhere.csv"), "no such file"),
        (SitesWanted(reach="far"), "such as 5km"),
        (SitesWanted(new=0), "at least one site"),
        (SitesWanted(reach="20min"), "journeys_file"),
        (SitesWanted(budget=3.0), "candidates from a file"),
        (SitesWanted(budget=-1.0), "--budget: expected a number above 0"),
        (SitesWanted(seconds=float("nan")), "--seconds: expected a number above 0"),
    ],
)
def test_what_cannot_be_sought_is_refused(demo: Demo, wanted: SitesWanted, message: str) -> None:
    with pytest.raises(PipelineError, match=message):
        demo[0].seek_sites("demo", wanted, print)


def local_journeys(project: Project, rows: Sequence[tuple[str, str, float]]) -> None:
    path = project.root / "data" / "minutes.csv"
    pd.DataFrame(rows, columns=["origin", "destination", "minutes"]).to_csv(path, index=False)
    edit(project.declared / "areas.toml", "stories_file =", 'journeys_file = "data/minutes.csv"\nstories_file =')


def test_what_of_a_matrix_serves_is_said(project: Project) -> None:
    codes = table(project, "origins")["lsoa21_code"]
    own = table(project, "support_places").query("kind == 'demo_initiative'")["place_id"].iloc[0]
    local_journeys(project, [(codes[0], own, 0.4), (codes[1], "library 7", 0.2)])
    said = Said()
    project.build("demo", until="places", say=said.append)
    told = "\n".join(said)
    assert "1 of 2 rows go from this area" in told
    assert "239 of 240 neighbourhoods have none" in told
    assert "are not a place_id of this area: library 7" in told
    assert "Are they minutes?" in told
    assert "numbered by their rows" in told


def test_the_template_of_journeys_names_places_as_the_table_does(demo: Demo) -> None:
    ids = table(demo[0], "support_places")["place_id"]
    wanted = pd.read_csv(ROOT / "declared" / "templates" / "journeys.csv")["destination"]
    assert {name.split("-")[0] for name in wanted} <= {name.split("-")[0] for name in ids}
    assert ids.str.match(r"[a-z_]+-\w+$").all()


def test_a_withdrawn_file_leaves_nothing_behind(project: Project) -> None:
    edit(project.declared / "areas.toml", "stories_file", "# stories_file")
    project.build("demo", until="places", say=lambda _: None)
    assert not (project.processed("demo") / "stories.parquet").exists()


def test_a_component_that_nothing_is_said_to_help_with_is_named(project: Project) -> None:
    edit(project.declared / "help.toml", 'component = "age"', 'component = "agee"')
    said = Said()
    project.build("demo", until="score", say=said.append)
    assert any("says nothing about what helps with Age" in line for line in said)


def test_an_area_of_few_neighbourhoods_is_built_and_has_no_worst_tenth(project: Project) -> None:
    codes = table(project, "origins")["lsoa21_code"].iloc[:5]
    (project.root / "few.csv").write_text("\n".join(codes))
    areas = project.declared / "areas.toml"
    edit(areas, "everything = true\nstories_file", 'lsoa_file = "few.csv"\nstories_file')
    # None of the stories is from there, and a file of which nothing can be used stops the build.
    areas.write_text(re.sub(r"(?m)^stories_file = .*\n", "", areas.read_text(encoding="utf-8")), encoding="utf-8")
    said = Said()
    project.build("demo", until="join", say=said.append)
    rebuilt(project)
    listed = pd.read_csv(project.processed("demo") / "priorities.csv", encoding="utf-8-sig")
    assert listed.empty
    assert len(table(project, "risk")) == 5
    project.build("demo", until="map", say=said.append)
