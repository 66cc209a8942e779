"""`make data` without a mirror, against a stand-in for the publishers on loopback, then every stage on what came."""

import io
import json
import re

import geopandas as gpd
import pandas as pd
import pytest

from pipeline import store
from pipeline.demo import demo_files
from pipeline.demo.packing import zip_bytes
from pipeline.stages import Project, fetch_area, join_area, place_area, score_area, tidy_nation
from tests.fetch.server import Publisher, start


@pytest.fixture
def online(new_project):
    """A project whose sources are declared at a loopback server that holds invented files under the real names."""
    project: Project = new_project()
    publisher = Publisher(cap=50)
    path = project.declared / "sources.toml"
    text = path.read_text(encoding="utf-8")
    sources = project.sources()
    server = start(publisher)
    for source, file, content in demo_files(240):
        address = f"/{source}"
        if source not in sources or sources[source].format == "package":
            continue
        if sources[source].format == "arcgis-geojson":
            frame = gpd.read_parquet(io.BytesIO(content)) if file.endswith("parquet") else gpd.read_file(content)
            shapes = json.loads(frame.to_json())["features"]
            publisher.services[address] = [feature["properties"] | {"shape": feature["geometry"]} for feature in shapes]
        elif sources[source].format == "arcgis-table":
            rows = pd.read_csv(io.BytesIO(content), dtype=str, encoding="utf-8-sig").to_dict("records")
            publisher.services[address] = [row | {"ObjectId": number} for number, row in enumerate(rows)]
        elif source == "gp_practices":
            publisher.files[address] = zip_bytes({"epraccur.csv": content})
        else:
            publisher.files[address] = content
        text = text.replace(f'address = "{sources[source].address}"', f'address = "{publisher.address}{address}"')
    # Invented files have their own sizes; estimates are left out, so that the census table must serve.
    text = re.sub(r"(?m)^(size|sha256|rows) = .*\n", "", text)
    text = re.sub(r"(?s)\[mye2024\].*?\n\n", "", text).replace('instead_of = "mye2024"\n', "")
    path.write_text(text, encoding="utf-8")
    areas = project.declared / "areas.toml"
    lines = '\n[vale]\ntitle = "Vale"\nlad = ["E07900001"]\n\n[all]\ntitle = "All"\neverything = true\n'
    areas.write_text(areas.read_text(encoding="utf-8") + lines, encoding="utf-8")
    yield project, publisher
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("area", "boundaries", "districts"), [("vale", "vale.geojson", 1), ("all", "england.geojson", 3)]
)
def test_an_area_is_fetched_and_scored(online, area, boundaries, districts):
    project, _ = online
    said = []
    fetch_area(project, area, None, [], True, said.append)
    tidy_nation(project, "england", said.append)
    join_area(project, area, said.append)
    place_area(project, area, said.append)
    score_area(project, area, None, None, said.append)
    frame = store.read_geotable(project.processed(area) / "risk.parquet")
    assert frame["lad_code"].nunique() == districts
    assert (len(frame) == 240) == (area == "all")
    fetched = json.loads((project.root / "data/raw/lsoa21_boundaries" / boundaries).read_text(encoding="utf-8"))
    assert len(fetched["features"]) == len(frame)
    points = store.read_table(project.processed(area) / "origins.parquet")
    assert (points["located_by"] == "population-weighted centroid").all()
    assert points["in_area"].sum() == len(frame)
    assert (len(points) > len(frame)) == (area == "vale")
    assert {"library", "gp_practice"} <= set(
        store.read_table(project.processed(area) / "support_places.parquet")["kind"]
    )
    metadata = store.read_metadata(project.processed(area) / "risk.parquet")
    assert {source["taken_from"] for source in metadata["sources"]} == {"network"}
    before = (project.root / f"data/raw/areas/{area}.json").stat().st_mtime_ns
    fetch_area(project, area, None, [], True, said.append)
    assert (project.root / f"data/raw/areas/{area}.json").stat().st_mtime_ns == before
