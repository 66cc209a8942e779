"""The plain way: the script that a competent analyst would write for the same map, from the same raw files.

``python benchmarks/plain.py RAW OUTPUT.html --sicbl E38000239`` reads the published tables with pandas and geopandas,
joins them by code, ranks every indicator, scores all of England row by row, keeps an area's rows, measures how far each
is from the nearest GP practice or library, and draws five ``folium.GeoJson`` layers with tooltips. It uses no module of
the pipeline. It leaves out most of the pipeline's work: checks of the files, certainty, programmes, larger areas,
reports and other formats. With ``--quick`` it reads workbooks by calamine, which pandas has to be asked for, and leaves
the support places out.
"""

import argparse
import re
import zipfile
from pathlib import Path
from typing import Literal

import folium
import geopandas as gpd
import numpy as np
import pandas as pd

KEY = "LSOA21CD"
COLOURS = ["#352310", "#572f21", "#833d38", "#b34745", "#d95f4b", "#e2824f", "#e89f54", "#edbd5a", "#f5dd79", "#fcf8bf"]
"""From the tenth with the most risk to that with the least."""
SHARED_LAYERS = {
    "Digital-exclusion risk": "risk_decile",
    "Residents aged 75 and over": "share_75_plus_decile",
    "Adult skills": "adult_skills_decile",
    "Health": "health_decile",
}
LAYERS = {**SHARED_LAYERS, "Support places near": "distance_decile"}
QUICK_LAYERS = {**SHARED_LAYERS, "Deprived households": "share_deprived_decile"}
"""Without support places: in place of how near they are, what is in the index."""
WEIGHTS = {
    "share_75_plus": 35,
    "residents_per_household": 17,
    "adult_skills": 23,
    "health": 10,
    "share_owned_or_social": 8,
    "share_deprived": 2,
    "share_disabled": 3,
    "broadband": 1,
    "rurality": 1,
}
"""Of the indicators, each as its percentage rank in England; about the weights of ``norfolk-waveney``."""
LOW_IS_RISK = ["residents_per_household"]
RURALITY = {"UN1": 1, "UF1": 2, "RLN1": 3, "RSN1": 4, "RLF1": 5, "RSF1": 6}


def raw_file(raw: Path, source: str) -> Path:
    """The published file of a source, beside its receipt."""
    return next(path for path in sorted((raw / source).iterdir()) if not path.name.endswith(".json"))


def read_boundaries(path: Path) -> gpd.GeoDataFrame:
    """The polygons of a file, in degrees."""
    frame = gpd.read_parquet(path) if path.suffix == ".parquet" else gpd.read_file(path)
    return frame[[KEY, "LSOA21NM", "geometry"]].to_crs(4326)


def read_census(raw: Path, source: str) -> pd.DataFrame:
    """A table of the census by LSOA."""
    return pd.read_csv(raw_file(raw, source), thousands=",").rename(columns={"geography code": KEY})


def read_indicators(raw: Path, engine: Literal["calamine"] | None = None) -> pd.DataFrame:
    """Every indicator for every LSOA of England; workbooks are read as pandas does by default, or by ``engine``."""
    deprivation = pd.read_csv(raw_file(raw, "iod2025_file7")).rename(columns={"LSOA code (2021)": KEY})
    deprivation = deprivation.rename(
        columns={
            "Health Deprivation and Disability Score": "health",
            "Adult Skills Sub-domain Score": "adult_skills",
        }
    )
    underlying = pd.read_excel(raw_file(raw, "iod2025_file8"), sheet_name="IoD25 Barriers Domain", engine=engine)
    underlying = underlying.rename(columns={"LSOA code (2021)": KEY})
    broadband = next(column for column in underlying.columns if "broadband" in column.lower())
    underlying = underlying[[KEY, broadband]].rename(columns={broadband: "broadband"})

    age = read_census(raw, "census2021_age")
    older = [f"Age: Aged {band}" for band in ("75 to 79 years", "80 to 84 years", "85 years and over")]
    age["residents"] = age["Age: Total"]
    age["share_75_plus"] = age[older].sum(axis=1) / age["residents"]
    disability = read_census(raw, "census2021_disability")
    total = disability["Disability: Total: All usual residents"]
    disability["share_disabled"] = disability["Disability: Disabled under the Equality Act"] / total
    tenure = read_census(raw, "census2021_tenure")
    tenure["households"] = tenure["Tenure of household: Total: All households"]
    settled = tenure["Tenure of household: Owned: Owns outright"] + tenure["Tenure of household: Social rented"]
    tenure["share_owned_or_social"] = settled / tenure["households"]
    hardship = read_census(raw, "census2021_household_deprivation")
    total = hardship["Household deprivation: Total: All households; measures: Value"]
    spared = hardship["Household deprivation: Household is not deprived in any dimension; measures: Value"]
    hardship["share_deprived"] = 1 - spared / total
    rural = pd.read_csv(raw_file(raw, "ruc2021"))
    rural["rurality"] = rural["RUC21CD"].map(RURALITY)

    frame = deprivation[[KEY, "health", "adult_skills"]].merge(underlying, on=KEY)
    frame = frame.merge(age[[KEY, "residents", "share_75_plus"]], on=KEY)
    frame = frame.merge(disability[[KEY, "share_disabled"]], on=KEY)
    frame = frame.merge(tenure[[KEY, "households", "share_owned_or_social"]], on=KEY)
    frame = frame.merge(hardship[[KEY, "share_deprived"]], on=KEY)
    frame = frame.merge(rural[[KEY, "rurality", "RUC21NM"]], on=KEY)
    frame["residents_per_household"] = frame["residents"] / frame["households"]
    return frame


def read_places(raw: Path) -> pd.DataFrame:
    """The ward, district and Sub-ICB location of every LSOA."""
    health = pd.read_csv(raw_file(raw, "lsoa21_icb")).rename(columns=without_year)
    wards = pd.read_csv(raw_file(raw, "lsoa21_ward")).rename(columns=without_year)
    return health.merge(wards[[KEY, "WDNM"]], on=KEY)


def without_year(column: str) -> str:
    """``WD24NM`` as ``WDNM``: the lookups of every year have the same columns but for it."""
    return column if column.startswith("LSOA") else re.sub(r"(?<=[A-Z])[0-9]{2}(?=CD|NM)", "", column)


def read_support(raw: Path) -> gpd.GeoDataFrame:
    """The GP practices and libraries of England that are open, on the National Grid."""
    with zipfile.ZipFile(raw_file(raw, "code_point_open")) as archive:
        files = [name for name in archive.namelist() if name.startswith("Data/CSV/") and name.endswith(".csv")]
        columns = {0: "postcode", 2: "easting", 3: "northing"}
        parts = [pd.read_csv(archive.open(name), header=None, usecols=list(columns)) for name in files]
    postcodes = pd.concat(parts, ignore_index=True).rename(columns=columns)
    postcodes["postcode"] = postcodes["postcode"].str.replace(" ", "")
    practices = pd.read_csv(raw_file(raw, "gp_practices"), header=None, usecols=[1, 9, 12, 25])
    practices = practices[(practices[12] == "A") & (practices[25] == 4)]
    practices = pd.DataFrame({"name": practices[1], "postcode": practices[9].str.replace(" ", "")})
    practices = practices.merge(postcodes, on="postcode")
    libraries = pd.read_csv(raw_file(raw, "libraries"), low_memory=False)
    libraries = libraries[libraries["Operation in 2023"].notna() & (libraries["Type"] == "Static Library")]
    libraries = libraries.rename(columns={"Name": "name", "Easting": "easting", "Northing": "northing"})
    columns_of_places = ["name", "easting", "northing"]
    places = pd.concat([practices, libraries])[columns_of_places].dropna()
    return gpd.GeoDataFrame(places, geometry=gpd.points_from_xy(places["easting"], places["northing"]), crs=27700)


def add_distance(areas: gpd.GeoDataFrame, places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Metres from the middle of each area to the nearest place, and their tenth: 1 is farthest."""
    middles = gpd.GeoDataFrame(areas[[KEY]], geometry=areas.to_crs(27700).centroid)
    near = gpd.sjoin_nearest(middles, places[["name", "geometry"]], distance_col="distance").drop_duplicates(KEY)
    areas = areas.merge(near[[KEY, "name", "distance"]].rename(columns={"name": "nearest"}), on=KEY)
    areas["distance_decile"] = tenth(areas["distance"].rank(pct=True))
    return areas


def score(row: pd.Series) -> float:
    """The weighted mean of the percentage ranks of an LSOA, 0 to 100."""
    total: float = sum(weight * row[f"{column}_percent"] for column, weight in WEIGHTS.items())
    return total / sum(WEIGHTS.values())


def tenth(shares: pd.Series) -> pd.Series:
    """The tenth of percentage ranks from 0 to 1: 1 holds the highest."""
    tenths: pd.Series = 11 - np.ceil((shares * 10).round(9)).astype(int)
    return tenths


def add_ranks(frame: pd.DataFrame) -> pd.DataFrame:
    """The percentage rank of every indicator, and its tenth: 1 has the most risk."""
    for column in WEIGHTS:
        ranks = frame[column].rank(pct=True, ascending=column not in LOW_IS_RISK)
        frame[f"{column}_percent"] = 100 * ranks
        frame[f"{column}_decile"] = tenth(ranks)
    return frame


def draw(areas: gpd.GeoDataFrame, layers: dict[str, str]) -> folium.Map:
    """A map with the five layers, of which the first is shown."""
    west, south, east, north = areas.total_bounds
    page = folium.Map(tiles=None)
    page.fit_bounds([[south, west], [north, east]])
    fields = [
        "LSOA21NM",
        "WDNM",
        "LADNM",
        "SICBLNM",
        "RUC21NM",
        "risk_score",
        "risk_rank",
        "england_rank",
        *layers.values(),
    ]
    for number, (title, column) in enumerate(layers.items()):
        folium.GeoJson(
            areas[[*fields, "geometry"]],
            name=title,
            show=number == 0,
            style_function=lambda feature, column=column: {
                "fillColor": COLOURS[feature["properties"][column] - 1],
                "color": "#ffffff",
                "weight": 0.5,
                "fillOpacity": 0.9,
            },
            tooltip=folium.GeoJsonTooltip(fields=fields),
        ).add_to(page)
    folium.LayerControl(collapsed=False).add_to(page)
    return page


def main() -> None:
    """From the command line to the HTML."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("raw", type=Path, help="the folder with a folder for each source")
    parser.add_argument("output", type=Path, help="the HTML")
    parser.add_argument("--boundaries", type=Path, help="the file of boundaries (default: the one that is there)")
    parser.add_argument("--sicbl", nargs="*", default=[], help="codes of Sub-ICB locations (default: everything)")
    parser.add_argument("--icb", nargs="*", default=[], help="codes of Integrated Care Boards")
    parser.add_argument("--quick", action="store_true", help="the quickest reader, and no support places")
    options = parser.parse_args()

    frame = add_ranks(read_indicators(options.raw, "calamine" if options.quick else None)).merge(
        read_places(options.raw), on=KEY
    )
    frame["risk_score"] = frame.apply(score, axis=1).round(1)
    frame["england_rank"] = frame["risk_score"].rank(ascending=False, method="min").astype(int)
    if options.sicbl or options.icb:
        frame = frame[frame["SICBLCD"].isin(options.sicbl) | frame["ICBCD"].isin(options.icb)]
    boundaries = read_boundaries(options.boundaries or raw_file(options.raw, "lsoa21_boundaries"))
    areas = boundaries.merge(frame, on=KEY, suffixes=("", "_lookup"))
    areas["risk_rank"] = areas["risk_score"].rank(ascending=False, method="min").astype(int)
    areas["risk_decile"] = tenth(areas["risk_score"].rank(pct=True))
    if not options.quick:
        areas = add_distance(areas, read_support(options.raw))
    draw(areas, QUICK_LAYERS if options.quick else LAYERS).save(options.output)


if __name__ == "__main__":
    main()
