"""`make data` without a mirror, against a stand-in for the publishers on loopback, then every stage on what came."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping

import geopandas as gpd
import pandas as pd
import pytest

from pipeline import Project, store
from pipeline.demo import demo_files
from pipeline.demo.packing import workbook_bytes
from pipeline.errors import FetchError
from pipeline.fetch import Destination, FetchSettings, fetch_source
from pipeline.stages.data import Wanted
from pipeline.store.records import RiskRecord
from tests.fixtures.draws import draw_few
from tests.fixtures.projects import NewProject, Said
from tests.fixtures.publisher import Fault, Publisher, Row

FORMER = {"SICBL": "24", "ICB": "24", "WD": "24", "LAD": "24"}
"""The years of the columns of the fictional lookups."""
TODAY = {"lsoa21_icb": {"SICBL": "26", "ICB": "26", "LAD": "26"}, "lsoa21_ward": {"WD": "25", "LAD": "25"}}
"""The years of the columns that are declared."""
OF_A_YEAR = re.compile(r"(SICBL|ICB|WD|LAD)\d\d(CD|CDH|NM)")


def _of_year(years: Mapping[str, str], header: str) -> str:
    """A header as it is called in the lookups of other years."""
    return OF_A_YEAR.sub(lambda m: f"{m[1]}{years[m[1]]}{m[2]}", header)


@pytest.fixture(params=["as today", "of 2024"])
def online(new_project: NewProject, request: pytest.FixtureRequest) -> Iterator[tuple[Project, Publisher]]:
    """A project whose sources are declared at a loopback server that holds invented files under the real names.

    The lookups are of the years that are declared, or all of 2024, as others may still declare them.
    """
    project: Project = new_project()
    draw_few(project.root)
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
            years = TODAY.get(source) if request.param == "as today" else None
            if years is not None:
                frame.columns = pd.Index([_of_year(years, header) for header in frame.columns])
            rows: list[Row] = [dict(zip(frame.columns, row, strict=True)) for row in frame.itertuples(index=False)]
            publisher.services[address] = [row | {"ObjectId": number} for number, row in enumerate(rows)]
        else:
            publisher.files[address] = content
        text = text.replace(f'address = "{sources[source].address}"', f'address = "{publisher.address}{address}"')
    if request.param == "of 2024":
        text = re.sub(r"(?m)^fields = \[.*SICBL.*|^fields = \[.*WD25.*", lambda m: _of_year(FORMER, m[0]), text)
    # Invented files have their own sizes; estimates are left out, so that the census table must serve.
    text = re.sub(r"(?m)^(size|sha256|rows) = .*\n", "", text)
    text = re.sub(r"(?s)\[mye2024\].*?\n\n", "", text).replace('instead_of = "mye2024"\n', "")
    path.write_text(text, encoding="utf-8")
    areas = project.declared / "areas.toml"
    lines = '\n[vale]\ntitle = "Vale"\nlad = ["E07900001"]\n\n[all]\ntitle = "All"\neverything = true\n'
    areas.write_text(areas.read_text(encoding="utf-8") + lines, encoding="utf-8")
    with publisher:
        yield project, publisher


@pytest.fixture
def settings() -> FetchSettings:
    return FetchSettings(timeout=5, attempts=2, wait_first=0.001, wait_most=0.01)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("online", "area", "boundaries", "districts"),
    [("as today", "vale", "vale.geojson", 1), ("of 2024", "all", "england.geojson", 3)],
    indirect=["online"],
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


@pytest.mark.parametrize("online", ["as today"], indirect=True)
def test_every_source_that_is_declared_is_fetched_or_said_to_come_by_hand(online: tuple[Project, Publisher]) -> None:
    project, publisher = online
    said = Said()
    project.fetch("vale", Wanted(quiet=True), said.append)
    sources = project.sources()
    by_hand = {name for name, source in sources.items() if source.by_hand}
    assert {"patients_lsoa", "ons_dpi"} <= by_hand
    assert {"lad_context", "iod2019_file7", "pcn_membership", "msoa_names"} <= sources.keys() - by_hand
    receipts = {path.parent.name for path in (project.root / "data/raw").glob("*/*.receipt.json")}
    assert receipts == sources.keys() - by_hand
    asked = {request.path.split("/")[1] for request in publisher.requests}
    assert asked == {name for name in receipts if sources[name].format != "package"}
    assert {line.split(":")[0].strip() for line in said if "cannot be fetched; put" in line} == by_hand


def test_the_estimates_of_residents_are_fetched_like_the_rest(new_project: NewProject, settings: FetchSettings) -> None:
    project = new_project()
    content = workbook_bytes({"Mid-2024 LSOA 2021": pd.DataFrame({"LSOA 2021 Code": ["E01900001"], "Total": [1_500]})})
    declared = project.sources()["mye2024"]
    with Publisher(files={"/mye2024": content}) as publisher:
        here = {"address": f"{publisher.address}/mye2024", "sha256": None, "rows": None, "size": len(content)}
        receipt = fetch_source(declared.model_copy(update=here), Destination(project.root, "vale"), settings=settings)
    assert (receipt.file, receipt.size) == (declared.file, len(content))


@pytest.mark.parametrize("online", ["as today"], indirect=True)
def test_each_address_is_asked_in_one_go(online: tuple[Project, Publisher]) -> None:
    project, publisher = online
    said = Said()
    assert project.check_addresses("vale", said.append)
    verdicts = {line.split()[0]: line for line in said}
    assert all(
        verdicts[name].endswith("by hand" if s.by_hand else "as declared") for name, s in project.sources().items()
    )
    assert all(request.query.get("returnCountOnly", "true") == "true" for request in publisher.requests)
    del publisher.services["/lsoa21_ward"]
    assert not project.check_addresses("vale", said.append)
    assert [line.split()[0] for line in said if line.endswith("moved")] == ["lsoa21_ward"]


@pytest.mark.parametrize(("online", "form"), [("as today", "former"), ("as today", "today")], indirect=["online"])
def test_practices_arrive_in_the_form_of_today_and_the_former_one(
    online: tuple[Project, Publisher], form: str, settings: FetchSettings
) -> None:
    project, publisher = online
    source = project.sources()["gp_practices"]
    rows = list(csv.reader(io.StringIO(publisher.files["/gp_practices"].decode())))
    if form == "today":
        for row in rows:
            row[12], row[25] = "ACTIVE" if row[12] == "A" else "INACTIVE", "RO76|RO177" if row[25] == "4" else "RO177"
        text = io.StringIO()
        csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
        publisher.files["/gp_practices"] = text.getvalue().encode()
        publisher.etags["/gp_practices"] = '"of last night"'
    to = Destination(project.root, "vale")
    receipt = fetch_source(source, to, quiet=True, settings=settings)
    assert (receipt.file, receipt.size) == ("epraccur.csv", len(publisher.files["/gp_practices"]))
    publisher.fail(Fault(body=b"code,name\r\nA,maintenance\r\nB,until noon\r\n"))
    with pytest.raises(FetchError, match="not a table"):
        fetch_source(source, to, quiet=True, settings=settings)
    assert (project.root / "data/raw/gp_practices/epraccur.csv").read_bytes() == publisher.files["/gp_practices"]
