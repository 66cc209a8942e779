"""The tables that are read from the sources, and all of them joined."""

from pipeline.tables.columns import (
    GEOMETRY,
    LSOA11,
    LSOA21,
    LSOA_CODE,
    LSOA_NAME,
    code_column,
    count_column,
    deprivation_rank,
    name_column,
    share_column,
)
from pipeline.tables.table import Column, Table

RUC21_NAMES = {
    "UN1": "Urban: Nearer to a major town or city",
    "UF1": "Urban: Further from a major town or city",
    "RLN1": "Larger rural: Nearer to a major town or city",
    "RLF1": "Larger rural: Further from a major town or city",
    "RSN1": "Smaller rural: Nearer to a major town or city",
    "RSF1": "Smaller rural: Further from a major town or city",
}
RUC21_CODES = tuple(RUC21_NAMES)
"""The six classes of 2021 from least to most rural and, within a size, from nearer to further."""

BOUNDARIES = Table(
    "boundaries",
    "LSOA 2021 boundaries",
    "One polygon or multipolygon for each LSOA; invalid published polygons are repaired and named in the metadata.",
    (LSOA_CODE, LSOA_NAME, GEOMETRY),
    key="lsoa21_code",
)

DOMAINS = {
    "income": "Income",
    "employment": "Employment",
    "education": "Education, Skills and Training",
    "health": "Health Deprivation and Disability",
    "crime": "Crime",
    "barriers": "Barriers to Housing and Services",
    "living_environment": "Living Environment",
}
"""The seven domains of the Index of Multiple Deprivation, our names to the publisher's."""

DEPRIVATION = Table(
    "deprivation",
    "English Indices of Deprivation 2025",
    "Published scores, ranks and deciles; a higher score means more deprived.",
    (
        LSOA_CODE,
        Column(
            "imd_score",
            "number",
            "IMD score",
            "Index of Multiple Deprivation 2025 score; higher = more deprived",
            unit="score, 0 to 100",
            minimum=0,
            maximum=100,
        ),
        deprivation_rank("imd_rank", "IMD rank", "Index of Multiple Deprivation 2025 rank in England"),
        Column(
            "imd_decile",
            "integer",
            "IMD decile",
            "Index of Multiple Deprivation 2025 decile in England; 1 = most deprived tenth",
            unit="decile, 1 = most deprived",
            minimum=1,
            maximum=10,
        ),
        share_column(
            "income_deprivation", "Income deprivation", "Share of people in income-deprived households (Income score)"
        ),
        share_column(
            "employment_deprivation",
            "Employment deprivation",
            "Share of working-age people involuntarily out of work (Employment score)",
        ),
        Column(
            "adult_skills_deprivation",
            "number",
            "Adult skills deprivation",
            "Adult Skills sub-domain score: working-age adults with no or low qualifications or little English",
            unit="share, 0 to 1",
            minimum=0,
            maximum=1,
        ),
        *(
            deprivation_rank(f"{domain}_rank", f"{title} rank", f"{title} domain rank in England")
            for domain, title in DOMAINS.items()
        ),
    ),
    key="lsoa21_code",
)

UNDERLYING_INDICATORS = Table(
    "underlying_indicators",
    "English Indices of Deprivation 2025, underlying indicators",
    "Indicators behind the Barriers domain.",
    (
        LSOA_CODE,
        Column(
            "broadband_deprivation",
            "number",
            "Broadband deprivation",
            "Broadband download and upload speeds, standardised by the publisher; higher = slower. Not Mbit/s",
            unit="standardised score",
        ),
        Column(
            "transport_connectivity",
            "number",
            "Transport connectivity",
            "Connectivity score: how well the place is connected by transport; higher = better",
            unit="score, 0 to 100",
            minimum=0,
            maximum=100,
        ),
    ),
    key="lsoa21_code",
)

RURALITY = Table(
    "rurality",
    "Rural-Urban Classification 2021",
    "Six classes, and their order as a number.",
    (
        LSOA_CODE,
        Column(
            "ruc21_code", "string", "Rural-urban class code", "Rural-Urban Classification 2021", categories=RUC21_CODES
        ),
        name_column("ruc21_name", "Rural-urban class", "Rural-Urban Classification 2021, in words"),
        Column(
            "rurality",
            "integer",
            "Rurality",
            "Order of the rural-urban class: 0 = urban, nearer to a city or major town; 5 = smaller rural, furthest",
            unit="order, higher = more rural and further",
            minimum=0,
            maximum=5,
        ),
    ),
    key="lsoa21_code",
)

POPULATION = Table(
    "population",
    "Residents by age",
    "Usual residents; the metadata says whether they are ONS mid-year estimates or Census 2021 counts.",
    (
        LSOA_CODE,
        count_column("population_total", "Residents", "Usual residents of all ages"),
        count_column("population_65_to_74", "Residents aged 65 to 74", "Usual residents aged 65 to 74"),
        count_column("population_75_plus", "Residents aged 75 and over", "Usual residents aged 75 and over"),
        share_column(
            "share_65_to_74", "Aged 65 to 74", "Residents aged 65 to 74 as a share of all residents of the same table"
        ),
        share_column(
            "share_75_plus",
            "Aged 75 and over",
            "Residents aged 75 and over as a share of all residents of the same table",
        ),
    ),
    key="lsoa21_code",
)

DISABILITY = Table(
    "disability",
    "Disability, Census 2021",
    "Residents disabled under the Equality Act; the denominator is this table's own total.",
    (
        LSOA_CODE,
        share_column(
            "share_disabled", "Disabled", "Residents disabled under the Equality Act as a share of all usual residents"
        ),
        count_column(
            "residents_2021", "Residents, Census 2021", "Usual residents on Census Day, by the table on disability"
        ),
    ),
    key="lsoa21_code",
)

TENURE = Table(
    "tenure",
    "Tenure of households, Census 2021",
    "Shares of households; the denominator is this table's own total.",
    (
        LSOA_CODE,
        share_column(
            "share_owned_outright", "Homes owned outright", "Households that own their home without a mortgage"
        ),
        share_column(
            "share_social_rented", "Social rented", "Households that rent from a council or a housing association"
        ),
        share_column("share_private_rented", "Private rented", "Households that rent privately"),
    ),
    key="lsoa21_code",
)

HOUSEHOLD_DEPRIVATION = Table(
    "household_deprivation",
    "Households and their deprivation, Census 2021",
    "Deprived in a dimension: education, employment, health and disability, or housing, as the census defines them.",
    (
        LSOA_CODE,
        Column("households", "integer", "Households", "All households on Census Day", unit="households", minimum=1),
        share_column(
            "share_households_deprived",
            "Households deprived in some way",
            "Households deprived in at least one of education, employment, health and disability, and housing",
        ),
    ),
    key="lsoa21_code",
)

HOUSEHOLD_SIZE = Column(
    "residents_per_household",
    "number",
    "Residents per household",
    "Usual residents (residents_2021) divided by households; residents of care homes and halls are counted in",
    unit="residents",
    minimum=0,
)
"""Derived when the tables are joined."""

HEALTH_GEOGRAPHY = Table(
    "health_geography",
    "LSOA to district, Sub-ICB location and ICB",
    "A dated official lookup; its year is in the metadata.",
    (
        LSOA_CODE,
        LSOA_NAME,
        code_column("lad_code", "District code", r"E0[6-9]\d{6}"),
        name_column("lad_name", "District"),
        code_column("sicbl_code", "Sub-ICB code", r"E38\d{6}"),
        name_column("sicbl_name", "Sub-ICB"),
        code_column("icb_code", "ICB code", r"E54\d{6}"),
        name_column("icb_name", "Integrated Care Board"),
    ),
    key="lsoa21_code",
)

WARDS = Table(
    "wards",
    "LSOA to ward, best fit",
    "A dated official lookup; its year is in the metadata.",
    (LSOA_CODE, code_column("ward_code", "Ward code", r"[EW]05\d{6}"), name_column("ward_name", "Ward")),
    key="lsoa21_code",
)

LSOA_CHANGES = Table(
    "lsoa_changes",
    "LSOA 2011 to LSOA 2021",
    "Exact-fit change lookup: U unchanged, S split, M merged, X irregular. One row for each pair.",
    (
        Column("pair", "string", "Pair", "LSOA 2011 and LSOA 2021 code", pattern=rf"{LSOA11}>{LSOA21}"),
        code_column("lsoa11_code", "LSOA 2011 code", LSOA11),
        code_column("lsoa21_code", "LSOA code", LSOA21),
        Column("change", "string", "Change", "What happened to the 2011 area", categories=("U", "S", "M", "X")),
    ),
    key="pair",
)

DIGITAL_PROPENSITY = Table(
    "digital_propensity",
    "ONS Digital Propensity Index, Census 2021",
    "Share of households that answered the 2021 census online, modelled where paper was sent first. An outcome to hold "
    "scores against, never an input of one.",
    (
        code_column("lsoa11_code", "LSOA 2011 code", LSOA11),
        Column(
            "digital_propensity",
            "number",
            "Digital propensity",
            "Digital Propensity Index; higher = more answered online",
            unit="score, 0 to 100",
            minimum=0,
            maximum=100,
        ),
    ),
    key="lsoa11_code",
    geography="lsoa11",
)

POSTCODES = Table(
    "postcodes",
    "Postcodes with the LSOA that contains them",
    "OS Code-Point Open postcodes whose point falls in an LSOA of the area.",
    (
        Column("postcode", "string", "Postcode", "Postcode with one space", pattern=r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}"),
        LSOA_CODE,
        Column("easting", "integer", "Easting", "EPSG:27700 easting", unit="metres", minimum=0, maximum=800_000),
        Column("northing", "integer", "Northing", "EPSG:27700 northing", unit="metres", minimum=0, maximum=1_300_000),
    ),
    key="postcode",
    geography="postcode",
)

TOWNS = Table(
    "towns",
    "Towns with their population",
    "Towns in or beside the area, for names on the map.",
    (
        Column("name", "string", "Town", "Name, as published", pattern=r".+"),
        Column("lon", "number", "Longitude", "EPSG:4326 longitude", unit="degrees", minimum=-180, maximum=180),
        Column("lat", "number", "Latitude", "EPSG:4326 latitude", unit="degrees", minimum=-90, maximum=90),
        count_column("population", "Population", "People, as published"),
    ),
    key="name",
    geography="none",
)

_LEFT_JOINED = (
    HEALTH_GEOGRAPHY,
    WARDS,
    RURALITY,
    POPULATION,
    DISABILITY,
    TENURE,
    HOUSEHOLD_DEPRIVATION,
    DEPRIVATION,
    UNDERLYING_INDICATORS,
)
JOINED_BY_NAME = {column.name: column for table in _LEFT_JOINED for column in table.columns} | {
    HOUSEHOLD_SIZE.name: HOUSEHOLD_SIZE
}

LEADING = [
    "lsoa21_code",
    "lsoa21_name",
    "lad_code",
    "lad_name",
    "ward_code",
    "ward_name",
    "sicbl_code",
    "sicbl_name",
    "icb_code",
    "icb_name",
    "ruc21_code",
    "ruc21_name",
    "population_total",
    "population_65_to_74",
    "population_75_plus",
    "share_65_to_74",
    "share_75_plus",
    "share_disabled",
    "imd_score",
    "imd_rank",
    "imd_decile",
    "income_deprivation",
    "adult_skills_deprivation",
    "broadband_deprivation",
    "rurality",
]
"""The columns of the output contract that come from the sources, in its order."""

FURTHER = [column for column in JOINED_BY_NAME if column not in LEADING]

JOINED = Table(
    "joined",
    "Every source on its LSOAs",
    "One row per LSOA with the columns of all sources, before scoring.",
    tuple(JOINED_BY_NAME[column] for column in [*LEADING, *FURTHER]),
    key="lsoa21_code",
)
