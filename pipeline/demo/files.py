"""The made-up country in the layouts that the official publishers use."""

import io
import re
import zipfile
from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import shapely

from pipeline.demo import names
from pipeline.demo.geography import Land, make_land
from pipeline.demo.people import BANDS, make_people
from pipeline.schema import DOMAINS, RUC21_NAMES

File = tuple[str, str, bytes]
EPOCH = (2021, 3, 21, 0, 0, 0)
AREAS_PER_DISTRICT = 90
AREAS_PER_WARD = 5
POSTCODES_PER_AREA = 6
RANK = "Rank (where 1 is most deprived)"
DECILE = "Decile (where 1 is most deprived 10% of LSOAs)"


def demo_files(areas: int = 600, seed: int = 2021) -> Iterator[File]:
    """Every raw file of the fictional country: source id, the publisher's file name, content.

    The same arguments always give the same bytes.
    """
    random = np.random.default_rng(seed)
    land = make_land(areas, random)
    codes = _codes(land)
    people = make_people(land, random)
    order = codes.sort_values(["district", "turn"]).index
    land_polygons = land.polygons[order]
    codes, people = codes.loc[order].reset_index(drop=True), people.loc[order].reset_index(drop=True)
    codes = _named(codes)
    yield _boundaries(codes, land_polygons)
    yield _file_7(codes, people)
    yield _file_8(codes, people)
    yield _rurality(codes, people)
    yield _health_geography(codes)
    yield _wards(codes)
    yield _age(codes, people)
    yield _disability(codes, people, random)
    yield _changes(codes)
    yield _postcodes(land_polygons, random)


def _codes(land: Land) -> pd.DataFrame:
    """Districts as sectors around the city, and an order within them that keeps near areas together."""
    middle = land.centres[land.urban.argmax()]
    away = land.centres - middle
    districts = max(1, round(len(away) / AREAS_PER_DISTRICT))
    turn = np.arctan2(away[:, 1], away[:, 0])
    near = np.linalg.norm(away, axis=1)
    in_city = near <= np.quantile(near, 1 / districts)
    sector = pd.qcut(pd.Series(turn[~in_city]), max(districts - 1, 1), labels=False).to_numpy() + (districts > 1)
    district = np.zeros(len(away), dtype=int)
    district[~in_city] = sector
    return pd.DataFrame({"district": district, "turn": np.round(near / 6_000) * 10 + turn})


def _named(codes: pd.DataFrame) -> pd.DataFrame:
    within = codes.groupby("district").cumcount()
    ward = (codes["district"].astype(str) + "-" + (within // AREAS_PER_WARD).astype(str)).pipe(
        lambda s: pd.factorize(s)[0]
    )
    district_names = [names.district(number) for number in codes["district"]]
    return pd.DataFrame(
        {
            "LSOA21CD": [names.code("E01", number) for number in range(len(codes))],
            "LSOA21NM": [names.lsoa(name, number) for name, number in zip(district_names, within, strict=True)],
            "LAD24CD": [names.code("E07", number) for number in codes["district"]],
            "LAD24NM": district_names,
            "WD24CD": [names.code("E05", int(number)) for number in ward],
            "WD24NM": [names.ward(int(number)) for number in ward],
        }
    )


def _csv(frame: pd.DataFrame, *, bom: bool = False, line_end: str = "\n") -> bytes:
    text = frame.to_csv(index=False, lineterminator=line_end)
    return (b"\xef\xbb\xbf" if bom else b"") + text.encode("utf-8")


def _zip(members: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, EPOCH), data, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def _boundaries(codes: pd.DataFrame, polygons: "np.ndarray[tuple[int], np.dtype[np.object_]]") -> File:
    frame = gpd.GeoDataFrame(codes[["LSOA21CD", "LSOA21NM"]], geometry=list(polygons), crs=27700).to_crs(4326)
    content = io.BytesIO()
    frame.to_parquet(content, index=False)
    return "lsoa21_boundaries", "LSOA21_BGC_EN.parquet", content.getvalue()


def _iod_keys(codes: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "LSOA code (2021)": codes["LSOA21CD"],
            "LSOA name (2021)": codes["LSOA21NM"],
            "Local Authority District code (2024)": codes["LAD24CD"],
            "Local Authority District name (2024)": codes["LAD24NM"],
        }
    )


def _file_7(codes: pd.DataFrame, people: pd.DataFrame) -> File:
    frame = _iod_keys(codes)
    count = len(frame)

    def decile(rank: pd.Series) -> pd.Series:
        return (-(-10 * rank // count)).astype(int)

    imd = "Index of Multiple Deprivation (IMD)"
    frame[f"{imd} Score"] = people["imd_score"]
    frame[f"{imd} {RANK}"] = people["imd_rank"]
    frame[f"{imd} {DECILE}"] = decile(people["imd_rank"])
    for name, title in DOMAINS.items():
        frame[f"{title} Score{' (rate)' if name in ('income', 'employment') else ''}"] = people[f"{name}_score"]
        frame[f"{title} {RANK}"] = people[f"{name}_rank"]
        frame[f"{title} {DECILE}"] = decile(people[f"{name}_rank"])
    children = people["education_rank"]
    frame["Children and Young People Sub-domain Score"] = people["education_score"]
    frame[f"Children and Young People Sub-domain {RANK}"] = children
    frame[f"Children and Young People Sub-domain {DECILE}"[:80]] = decile(children)
    skills = people["skills"].rank(ascending=False, method="first").astype(int)
    frame["Adult Skills Sub-domain Score"] = people["skills"]
    frame[f"Adult Skills Sub-domain {RANK}"] = skills
    frame[f"Adult Skills Sub-domain {DECILE}"] = decile(skills)
    frame["Total population: mid 2022"] = people[[f"band_{n}" for n in range(BANDS)]].sum(axis=1)
    name = "File_7_IoD2025_All_Ranks_Scores_Deciles_Population_Denominators.csv"
    return "iod2025_file7", name, _csv(frame)


def _file_8(codes: pd.DataFrame, people: pd.DataFrame) -> File:
    barriers = _iod_keys(codes).assign(
        **{
            "Connectivity Score": people["connectivity"],
            "Digital Connectivity (Broadband download and upload speeds)": people["broadband"],
        }
    )
    book = openpyxl.Workbook(write_only=True)
    book.create_sheet("Notes").append(["Fictional data in the layout of IoD 2025 File 8"])
    sheet = book.create_sheet("IoD25 Barriers Domain")
    sheet.append(list(barriers.columns))
    for row in barriers.itertuples(index=False):
        sheet.append(list(row))
    written = io.BytesIO()
    book.save(written)
    with zipfile.ZipFile(written) as archive:
        # The workbook's own properties hold the time it was made; without them the bytes are always the same.
        members = {n: archive.read(n) for n in archive.namelist() if n != "docProps/core.xml"}
    for name in ("[Content_Types].xml", "_rels/.rels"):
        members[name] = _without_core_properties(members[name])
    return "iod2025_file8", "File_8_IoD2025_Underlying_Indicators.xlsx", _zip(members)


def _without_core_properties(part: bytes) -> bytes:
    return re.sub(rb"<(Override|Relationship)\b[^>]*docProps/core\.xml[^>]*/>", b"", part)


def _rurality(codes: pd.DataFrame, people: pd.DataFrame) -> File:
    frame = codes[["LSOA21CD", "LSOA21NM"]].assign(RUC21CD=people["ruc"])
    frame["RUC21NM"] = frame["RUC21CD"].map(RUC21_NAMES) + " "
    frame["Urban_rural_flag"] = np.where(frame["RUC21CD"].str.startswith("U"), "Urban", "Rural")
    return "ruc2021", "LSOA21_RUC21_EW_LU.csv", _csv(frame)


def _health_geography(codes: pd.DataFrame) -> File:
    frame = codes[["LSOA21CD", "LSOA21NM"]].assign(
        SICBL24CD=names.code("E38", 0),
        SICBL24CDH="90Z",
        SICBL24NM=names.SUB_ICB,
        ICB24CD=names.code("E54", 0),
        ICB24CDH="Q9Z",
        ICB24NM=names.ICB,
        LAD24CD=codes["LAD24CD"],
        LAD24NM=codes["LAD24NM"],
    )
    return "lsoa21_icb", "LSOA21_SICBL24_ICB24_CAL24_LAD24_EN_LU.csv", _csv(frame, bom=True)


def _wards(codes: pd.DataFrame) -> File:
    columns = ["LSOA21CD", "LSOA21NM", "WD24CD", "WD24NM", "LAD24CD", "LAD24NM"]
    return "lsoa21_ward", "LSOA21_WD24_LAD24_EW_LU.csv", _csv(codes[columns])


def _census_keys(codes: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"date": 2021, "geography": codes["LSOA21NM"], "geography code": codes["LSOA21CD"]})


def _age(codes: pd.DataFrame, people: pd.DataFrame) -> File:
    frame = _census_keys(codes)
    bands = people[[f"band_{number}" for number in range(BANDS)]]
    frame["Age: Total"] = [f"{total:,}" for total in bands.sum(axis=1)]
    for number in range(BANDS):
        low = 5 * number
        title = f"Aged {low} to {low + 4} years"
        title = "Aged 4 years and under" if not number else "Aged 85 years and over" if number == BANDS - 1 else title
        frame[f"Age: {title}"] = bands[f"band_{number}"]
    return "census2021_age", "census2021-ts007a.zip", _zip({"census2021-ts007a-lsoa.csv": _csv(frame)})


def _disability(codes: pd.DataFrame, people: pd.DataFrame, random: np.random.Generator) -> File:
    frame = _census_keys(codes)
    total = people[[f"band_{number}" for number in range(BANDS)]].sum(axis=1) + random.integers(-4, 5, len(codes))
    frame["Disability: Total: All usual residents"] = total
    frame["Disability: Disabled under the Equality Act"] = people["disabled"]
    frame["Disability: Not disabled under the Equality Act"] = total - people["disabled"]
    content = _csv(frame, line_end="\r\n")
    return "census2021_disability", "census2021-ts038.zip", _zip({"census2021-ts038-lsoa.csv": content})


def _changes(codes: pd.DataFrame) -> File:
    frame = pd.DataFrame(
        {
            "LSOA11CD": codes["LSOA21CD"],
            "LSOA11NM": codes["LSOA21NM"],
            "CHGIND": "U",
            "LSOA21CD": codes["LSOA21CD"],
            "LSOA21NM": codes["LSOA21NM"],
            "LAD22CD": codes["LAD24CD"],
            "LAD22NM": codes["LAD24NM"],
        }
    )
    frame.loc[:1, ["LSOA11CD", "CHGIND"]] = ["E01989999", "S"]
    frame.loc[2, ["LSOA11CD", "CHGIND"]] = ["E01989998", "M"]
    return "lsoa11_lsoa21", "LSOA11_LSOA21_LAD22_EW_LU.csv", _csv(frame)


def _postcodes(polygons: "np.ndarray[tuple[int], np.dtype[np.object_]]", random: np.random.Generator) -> File:
    """Points inside each area under the postcode area QZ, which does not exist; some without coordinates."""
    points = shapely.get_coordinates(shapely.point_on_surface(polygons))
    places = np.repeat(points, POSTCODES_PER_AREA, axis=0) + random.normal(0, 25, (len(points) * POSTCODES_PER_AREA, 2))
    letters = "ABDEFGHJLN"
    lines = []
    for number, (easting, northing) in enumerate(places.round().astype(int)):
        unit = f"QZ{number // 1_000 % 99 + 1} {number // 100 % 10}{letters[number // 10 % 10]}{letters[number % 10]}"
        unit = unit if number < 99_000 else f"QY{number // 1_000 % 99 + 1} {unit.split()[1]}"
        quality, place = (90, "0,0") if number % 97 == 96 else (10, f"{easting},{northing}")
        lines.append(
            f'"{unit}",{quality},{place},"E92000001","","","","{names.code("E07", 0)}","{names.code("E05", 0)}"'
        )
    headers = (
        "PC,PQ,EA,NO,CY,RH,LH,CC,DC,WC\r\nPostcode,Positional_quality_indicator,Eastings,Northings,Country_code,"
        "NHS_regional_HA_code,NHS_HA_code,Admin_county_code,Admin_district_code,Admin_ward_code\r\n"
    )
    members = {
        "Data/CSV/qz.csv": ("\r\n".join(lines) + "\r\n").encode("ascii"),
        "Doc/Code-Point_Open_Column_Headers.csv": headers.encode("ascii"),
    }
    return "code_point_open", "codepo_gb.zip", _zip(members)
