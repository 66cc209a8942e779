import hashlib
import io

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from pipeline.demo import demo_files


@pytest.fixture(scope="module")
def files():
    return {source: (name, content) for source, name, content in demo_files(600)}


def test_the_same_bytes_every_time(files):
    again = {source: (name, content) for source, name, content in demo_files(600)}
    assert {k: hashlib.sha256(v[1]).hexdigest() for k, v in files.items()} == {
        k: hashlib.sha256(v[1]).hexdigest() for k, v in again.items()
    }


def boundaries(files):
    return gpd.read_parquet(io.BytesIO(files["lsoa21_boundaries"][1]))


def test_areas_are_valid_and_do_not_overlap(files):
    frame = boundaries(files).to_crs(27700)
    assert frame.geometry.is_valid.all()
    assert (frame.geometry.geom_type == "MultiPolygon").any()
    whole = shapely.union_all(frame.geometry.to_numpy())
    assert frame.geometry.area.sum() == pytest.approx(whole.area, rel=1e-6)


def test_neighbours_share_their_border_vertex_by_vertex(files):
    points = shapely.get_coordinates(boundaries(files).geometry.to_numpy())
    count = np.unique(points, axis=0, return_counts=True)[1]
    assert (count > 1).mean() > 0.7


def test_codes_exist_nowhere_and_agree(files):
    codes = boundaries(files)["LSOA21CD"]
    assert codes.iloc[0] == "E01900001"
    assert codes.str.fullmatch(r"E019\d{5}").all()
    icb = pd.read_csv(io.BytesIO(files["lsoa21_icb"][1]), encoding="utf-8-sig")
    assert icb["LSOA21CD"].tolist() == codes.tolist()
    assert icb["ICB24NM"].str.contains("fictional").all()
    assert icb["LAD24NM"].nunique() == 7


def test_every_rural_urban_class_is_there(files):
    assert pd.read_csv(io.BytesIO(files["ruc2021"][1]))["RUC21CD"].nunique() == 6


@pytest.mark.parametrize("areas", [60, 2_500])
def test_any_size(areas):
    files = {source: content for source, _, content in demo_files(areas)}
    assert len(gpd.read_parquet(io.BytesIO(files["lsoa21_boundaries"]))) == areas
