"""`make data` without a mirror, against a stand-in for the publishers on loopback, then every stage on what came."""

import io
import json
import re
from collections.abc import Iterator

import geopandas as gpd
import pandas as pd
import pytest

from pipeline import Project, store
from pipeline.demo import demo_files
from pipeline.demo.packing import zip_bytes
from pipeline.stages.data import Wanted
from pipeline.store.records import RiskRecord
from tests.fixtures.projects import NewProject, Said
from tests.fixtures.publisher import Publisher, Row


@pytest.fixture
def online(new_project: NewProject) -> Iterator[tuple[Project, Publisher]]:
    """A project whose sources are declared at a loopback server that holds invented files under the real names."""
    project: Project = new_project()
    publisher = Publisher(most_rows=50)
    path = project.declared / "sources.toml"
    text = path.read_text(encoding="utf-8")
    sources = project.sources()
    for source, file, content in demo_files(240):
        address = f"/{source}"
        if source not in sources or sources[source].format == "package":
            continue
        if sources[source].format == "arcgis-geojson":
            frame = gpd.read_parquet(io.BytesIO(content)) if file.endswith("parquet") else gpd.read_file(content)
            shapes = json.loads(frame.to_json())["features"]
            publisher.services[address] = [feature["properties"] | {"shape": feature["geometry"]} for feature in shapes]
        elif sources[source].format == "arcgis-table":
            frame = pd.read_csv(io.BytesIO(content), dtype=str, encoding="utf-8-sig")
            rows: list[Row] = [dict(zip(frame.columns, row, strict=True)) for row in frame.itertuples(index=False)]
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
    with publisher:
        yield project, publisher


@pytest.mark.slow
@pytest.mark.parametrize(
    ("area", "boundaries", "districts"), [("vale", "vale.geojson", 1), ("all", "england.geojson", 3)]
)
def test_an_area_is_fetched_and_scored(
    online: tuple[Project, Publisher], area: str, boundaries: str, districts: int
) -> None:
    project, _ = online
    said = Said()
    project.fetch(area, Wanted(quiet=True), said.append)
    project.build(area, until="score", say=said.append)
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
    record = store.read_record(project.processed(area) / "risk.parquet", RiskRecord)
    assert {source.taken_from for source in record.sources} == {"network"}
    before = (project.root / f"data/raw/areas/{area}.json").stat().st_mtime_ns
    project.fetch(area, Wanted(quiet=True), said.append)
    assert (project.root / f"data/raw/areas/{area}.json").stat().st_mtime_ns == before
