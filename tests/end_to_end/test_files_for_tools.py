"""The files for other tools, each opened with what its users open it with, and held equal to ``risk.parquet``."""

import csv
import json
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely

from pipeline import Project, store, tables
from pipeline.store.records import RiskRecord
from tests.fixtures.databases import select
from tests.fixtures.projects import Demo

LEVELS = ("ward", "msoa", "lad", "sicbl", "icb")
FIRST_LAYER = "Digital-exclusion risk"


@pytest.fixture(scope="module")
def project(demo: Demo) -> Project:
    return demo[0]


@pytest.fixture(scope="module")
def folder(project: Project) -> Path:
    return project.processed("demo")


@pytest.fixture(scope="module")
def risk(folder: Path) -> gpd.GeoDataFrame:
    return store.read_geotable(folder / "risk.parquet").set_index("lsoa21_code")


@pytest.fixture(scope="module")
def book(folder: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(folder / "demo.xlsx")


@pytest.fixture(scope="module")
def neighbourhoods(book: openpyxl.Workbook) -> pd.DataFrame:
    """The sheet of neighbourhoods, by the names that the dictionary gives its headings."""
    names = {
        (row[0].value, row[1].value, row[3].value): row[2].value for row in book["Dictionary"].iter_rows(min_row=4)
    }
    page = book["Neighbourhoods"]
    heads, *rows = ([cell.value for cell in row] for row in page[next(iter(page.tables.values())).ref])
    columns = []
    for head in heads:
        title, *more = head.split("\n")
        unit = next((line[1:-1] for line in more if line.startswith("(")), "none")
        columns.append(names["Neighbourhoods", title, unit])
    return pd.DataFrame(rows, columns=columns).set_index("lsoa21_code")


def program(name: str, why: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed: {why}")
    return found


def run(*command: str, cwd: Path | None = None) -> str:
    done = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", check=False, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return done.stdout


# --- the workbook: openpyxl, LibreOffice


def test_openpyxl_finds_the_numbers_of_risk_in_the_workbook(
    neighbourhoods: pd.DataFrame, risk: gpd.GeoDataFrame
) -> None:
    assert set(neighbourhoods.index) == set(risk.index)
    same = risk.loc[neighbourhoods.index]
    assert neighbourhoods["risk_score"].tolist() == same["risk_score"].round(2).tolist()
    assert neighbourhoods["risk_rank"].tolist() == same["risk_rank"].tolist() == sorted(same["risk_rank"])
    assert neighbourhoods["share_75_plus"].tolist() == same["share_75_plus"].round(4).tolist()
    people = [value if value != "[low]" else 0 for value in neighbourhoods["people_at_risk"]]
    assert people == [tables.round_people(value) if value >= 10 else 0 for value in same["people_at_risk"]]
    assert neighbourhoods["on_list"].tolist() == ["Yes" if value else "No" for value in same["on_list"]]


def test_no_number_is_text_and_no_cell_of_a_table_is_blank(book: openpyxl.Workbook) -> None:
    for page in book.worksheets[1:]:
        (table,) = page.tables.values()
        for row in list(page[table.ref])[1:]:
            for cell in row:
                assert cell.value not in (None, "")
                number = isinstance(cell.value, str) and cell.value.replace(".", "", 1).isdecimal()
                assert not number or cell.column_letter in "ABC" or page.title in ("Programmes",), cell.coordinate


def test_the_workbook_has_a_sheet_for_each_table_and_names_every_column(book: openpyxl.Workbook, folder: Path) -> None:
    assert book.sheetnames[:4] == ["Cover", "Contents", "Notes", "Neighbourhoods"]
    assert book.sheetnames[-5:] == ["Programmes", "Programme areas", "What money reaches", "Sources", "Dictionary"]
    assert all(len(name) <= 31 for name in book.sheetnames)
    titles = {
        json.loads((folder / f"summary_{level}.parquet.meta.json").read_bytes())["level_title"] for level in LEVELS
    }
    assert titles < set(book.sheetnames)
    linked = [cell.hyperlink.location for row in book["Contents"].iter_rows() for cell in row if cell.hyperlink]
    assert [str(link).split("'")[1] for link in linked] == book.sheetnames[3:]
    assert book.properties.language == "en-GB"
    assert str(book["Cover"]["A1"].value).startswith("FICTIONAL DATA")


def test_sources_of_the_workbook_have_their_licences(book: openpyxl.Workbook, folder: Path) -> None:
    rows = [[cell.value for cell in row] for row in book["Sources"].iter_rows(min_row=4)]
    record = store.read_record(folder / "risk.parquet", RiskRecord)
    assert {(s.title, s.licence) for s in record.sources} <= {(row[0], row[3]) for row in rows}


@pytest.mark.slow
def test_libreoffice_reads_the_same_numbers(folder: Path, risk: gpd.GeoDataFrame, tmp_path: Path) -> None:
    office = program("soffice", "LibreOffice cannot be tried")
    # Every sheet to a file of its own, numbers as they are stored.
    how = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    run(office, profile, "--headless", "--convert-to", how, "--outdir", str(tmp_path), str(folder / "demo.xlsx"))
    with (tmp_path / "demo-Neighbourhoods.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file) if row and row[0] in risk.index]
    assert len(rows) == len(risk)
    with (tmp_path / "demo-Neighbourhoods.csv").open(encoding="utf-8", newline="") as file:
        heads = next(row for row in csv.reader(file) if row[0] == "LSOA code")
    place = next(number for number, head in enumerate(heads) if head.startswith("Risk score"))
    assert {row[0]: float(row[place]) for row in rows} == risk["risk_score"].round(2).to_dict()


# --- the GeoPackage: GDAL, R's sf, and what QGIS takes from it


def test_gdal_finds_the_layers_and_the_numbers_of_risk(folder: Path, risk: gpd.GeoDataFrame) -> None:
    path = folder / "demo.gpkg"
    layers = [name for name, _ in pyogrio.list_layers(path)]
    assert layers == ["neighbourhoods", *LEVELS, "support_places", "programmes", "layer_styles"]
    frame = pyogrio.read_dataframe(path, layer="neighbourhoods").set_index("lsoa21_code")
    assert frame.crs.to_epsg() == 4326
    assert shapely.equals(frame.geometry.to_numpy(), risk.geometry.to_numpy()).all()
    assert np.allclose(frame["risk_score"], risk["risk_score"], atol=0.005)
    assert (frame["risk_decile"] == risk["risk_decile"]).all()
    assert (frame["on_list"] == risk["on_list"]).all()


def test_larger_areas_are_the_outlines_of_their_neighbourhoods(folder: Path, risk: gpd.GeoDataFrame) -> None:
    for level in LEVELS:
        frame = pyogrio.read_dataframe(folder / "demo.gpkg", layer=level)
        summary = store.read_table(folder / f"summary_{level}.parquet")
        assert set(frame["unit_code"]) == set(summary["unit_code"])
        assert frame.geometry.is_valid.all()
        areas = frame.geometry.to_crs(27700).area.sum()
        assert areas == pytest.approx(risk.geometry.to_crs(27700).area.sum(), rel=1e-6)


def test_every_style_puts_each_area_in_one_class_and_the_first_is_the_pages(
    folder: Path, risk: gpd.GeoDataFrame, project: Project
) -> None:
    from xml.etree import ElementTree as Xml

    with closing(sqlite3.connect(folder / "demo.gpkg")) as database:
        query = "SELECT styleName, styleQML, useAsDefault FROM layer_styles WHERE f_table_name = 'neighbourhoods'"
        styles = database.execute(query).fetchall()
        assert [name for name, _, default in styles if default] == [FIRST_LAYER]
        for name, qml, _ in styles:
            drawn = [
                code
                for rule in Xml.fromstring(qml).iter("rule")
                for (code,) in database.execute(f"SELECT lsoa21_code FROM neighbourhoods WHERE {rule.get('filter')}")
            ]
            assert sorted(drawn) == list(risk.index), name
        first = list(Xml.fromstring(styles[0][1]).iter("rule"))
        worst = database.execute(f"SELECT lsoa21_code FROM neighbourhoods WHERE {first[0].get('filter')}").fetchall()
    assert {code for (code,) in worst} == set(risk.index[risk["risk_decile"] == 1])
    colours = project.look().palettes["risk"].colours
    red, green, blue = (int(colours[-1][at : at + 2], 16) for at in (1, 3, 5))
    assert f'value="{red},{green},{blue},255"' in styles[0][1]
    assert first[0].get("label") == "1 – most at risk"


def test_ogrinfo_finds_nothing_to_complain_of(folder: Path, risk: gpd.GeoDataFrame) -> None:
    ogrinfo = program("ogrinfo", "GDAL's own command cannot be tried")
    done = subprocess.run(
        [ogrinfo, "-so", str(folder / "demo.gpkg"), "neighbourhoods"], capture_output=True, text=True, check=True
    )
    assert f"Feature Count: {len(risk)}" in done.stdout
    assert "Warning" not in done.stderr
    assert "ERROR" not in done.stderr


def test_sf_of_r_reads_the_same_numbers(folder: Path, risk: gpd.GeoDataFrame) -> None:
    rscript = program("Rscript", "R cannot be tried")
    code = (
        'if (!requireNamespace("sf", quietly = TRUE)) { cat("no sf"); quit() }; '
        'x <- sf::st_read(commandArgs(TRUE)[1], "neighbourhoods", quiet = TRUE); '
        "cat(nrow(x), sf::st_crs(x)$epsg, all(sf::st_is_valid(x)), format(sum(x$risk_score), digits = 12))"
    )
    said = run(rscript, "-e", code, str(folder / "demo.gpkg"))
    if said == "no sf":
        pytest.skip("R has no package sf: it cannot be tried")
    rows, epsg, valid, total = said.split()
    assert (int(rows), int(epsg), valid) == (len(risk), 4326, "TRUE")
    assert float(total) == pytest.approx(risk["risk_score"].sum(), abs=0.005 * len(risk))


# --- the table without shapes: DuckDB, pandas, Arrow


def test_duckdb_and_pandas_read_the_flat_table(folder: Path, risk: gpd.GeoDataFrame) -> None:
    path = folder / "risk_flat.parquet"
    query = f"select count(*), sum(risk_score), sum(people_at_risk), count(distinct lad_name) from '{path}'"
    ((rows, score, people, districts),) = select(query)
    assert (rows, districts) == (len(risk), risk["lad_name"].nunique())
    assert score == pytest.approx(risk["risk_score"].sum())
    assert people == pytest.approx(risk["people_at_risk"].sum())
    flat = pd.read_parquet(path).set_index("lsoa21_code")
    plain = pd.DataFrame(risk.drop(columns="geometry"))
    pd.testing.assert_frame_equal(flat[plain.columns], plain, check_dtype=False)
    inside = shapely.box(*risk.total_bounds).buffer(1e-4)
    assert shapely.within(shapely.points(flat["centroid_lon"], flat["centroid_lat"]), inside).all()


def test_r_reads_the_flat_table(folder: Path, risk: gpd.GeoDataFrame) -> None:
    rscript = program("Rscript", "R cannot be tried")
    code = (
        "has <- function(name) requireNamespace(name, quietly = TRUE); path <- commandArgs(TRUE)[1]; "
        'if (has("arrow")) x <- arrow::read_parquet(path) else '
        'if (has("nanoparquet")) x <- nanoparquet::read_parquet(path) else { cat("none"); quit() }; '
        "cat(nrow(x), format(sum(x$risk_score), digits = 12), length(unique(x$lad_name)))"
    )
    said = run(rscript, "-e", code, str(folder / "risk_flat.parquet"))
    if said == "none":
        pytest.skip("R has neither arrow nor nanoparquet: parquet cannot be tried")
    rows, score, districts = said.split()
    assert (int(rows), int(districts)) == (len(risk), risk["lad_name"].nunique())
    assert float(score) == pytest.approx(risk["risk_score"].sum())


def test_the_flat_table_has_plain_types_and_says_what_it_is(folder: Path) -> None:
    schema = pq.read_schema(folder / "risk_flat.parquet")
    assert {str(field.type) for field in schema} <= {"string", "int64", "double", "bool"}
    assert not [field.name for field in schema if pa.types.is_nested(field.type)]
    assert all(field.metadata[b"title"] and field.metadata[b"meaning"] for field in schema)
    said = {name.decode(): text.decode() for name, text in schema.metadata.items()}
    assert said["title"].startswith("FICTIONAL DATA")
    assert said["licence"]
    assert said["made_by"].startswith("Digital-exclusion risk maps")


def test_the_csv_opens_in_excel_with_its_letters(folder: Path) -> None:
    assert (folder / "risk.csv").read_bytes().startswith(b"\xef\xbb\xbf")


# --- the data package


def test_the_data_package_lists_the_files_for_tools(folder: Path) -> None:
    described: dict[str, Any] = json.loads((folder / "datapackage.json").read_bytes())
    by_path = {resource["path"]: resource for resource in described["resources"]}
    for name, kind in (("demo.xlsx", "xlsx"), ("demo.gpkg", "gpkg")):
        assert by_path[name]["format"] == kind
        assert by_path[name]["bytes"] == (folder / name).stat().st_size
        assert "schema" not in by_path[name]
    fields = {field["name"]: field for field in by_path["risk_flat.parquet"]["schema"]["fields"]}
    assert list(fields) == pq.read_schema(folder / "risk_flat.parquet").names
    assert fields["risk_score"]["unit"] == "score, 0 to 100"
