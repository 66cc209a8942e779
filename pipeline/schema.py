"""Every table's columns: type, unit, range, key and meaning.

Validation, the data dictionary, ``datapackage.json`` and the atlas read them from here.
"""

import re
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from pipeline.errors import SchemaError, first

Kind = Literal["string", "integer", "number", "boolean", "geometry"]

LSOA21 = r"[EW]01\d{6}"
LSOA11 = r"[EW]01\d{6}"
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


@dataclass(frozen=True)
class Column:
    """One column: ``unit`` in words, ``minimum`` and ``maximum`` inclusive, ``pattern`` the whole value."""

    name: str
    kind: Kind
    title: str
    description: str
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None
    categories: tuple[str, ...] = ()
    nullable: bool = False


@dataclass(frozen=True)
class Table:
    """A table: its key is unique and never missing. ``geography`` is the vintage of the key's areas."""

    name: str
    title: str
    description: str
    columns: tuple[Column, ...]
    key: str
    geography: str = "lsoa21"

    def column(self, name: str) -> Column:
        """The column called ``name``."""
        return next(column for column in self.columns if column.name == name)

    @property
    def names(self) -> list[str]:
        """The columns' names in order."""
        return [column.name for column in self.columns]


def _code(name: str, title: str, pattern: str, description: str = "") -> Column:
    return Column(name, "string", title, description or f"{title}, ONS nine-character code", pattern=pattern)


def _name(name: str, title: str, description: str = "") -> Column:
    return Column(name, "string", title, description or f"{title}, as published")


def _count(name: str, title: str, description: str) -> Column:
    return Column(name, "integer", title, description, unit="people", minimum=0)


def _share(name: str, title: str, description: str) -> Column:
    return Column(name, "number", title, description, unit="share, 0 to 1", minimum=0, maximum=1)


def _rank(name: str, title: str, description: str) -> Column:
    return Column(name, "integer", title, description, unit="rank, 1 = most deprived", minimum=1)


LSOA_CODE = _code("lsoa21_code", "LSOA code", LSOA21, "Lower layer Super Output Area 2021, ONS code")
LSOA_NAME = _name("lsoa21_name", "LSOA name", "Lower layer Super Output Area 2021, ONS name")
GEOMETRY = Column("geometry", "geometry", "Boundary", "Polygon or multipolygon, EPSG:4326 (longitude, latitude)")

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
        _rank("imd_rank", "IMD rank", "Index of Multiple Deprivation 2025 rank in England"),
        Column(
            "imd_decile",
            "integer",
            "IMD decile",
            "Index of Multiple Deprivation 2025 decile in England; 1 = most deprived tenth",
            unit="decile, 1 = most deprived",
            minimum=1,
            maximum=10,
        ),
        _share(
            "income_deprivation", "Income deprivation", "Share of people in income-deprived households (Income score)"
        ),
        _share(
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
        *(_rank(f"{name}_rank", f"{title} rank", f"{title} domain rank in England") for name, title in DOMAINS.items()),
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
        _name("ruc21_name", "Rural-urban class", "Rural-Urban Classification 2021, in words"),
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
        _count("population_total", "Residents", "Usual residents of all ages"),
        _count("population_65_to_74", "Residents aged 65 to 74", "Usual residents aged 65 to 74"),
        _count("population_75_plus", "Residents aged 75 and over", "Usual residents aged 75 and over"),
        _share(
            "share_65_to_74", "Aged 65 to 74", "Residents aged 65 to 74 as a share of all residents of the same table"
        ),
        _share(
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
        _share(
            "share_disabled", "Disabled", "Residents disabled under the Equality Act as a share of all usual residents"
        ),
        _count("residents_2021", "Residents, Census 2021", "Usual residents on Census Day, by the table on disability"),
    ),
    key="lsoa21_code",
)

TENURE = Table(
    "tenure",
    "Tenure of households, Census 2021",
    "Shares of households; the denominator is this table's own total.",
    (
        LSOA_CODE,
        _share("share_owned_outright", "Homes owned outright", "Households that own their home without a mortgage"),
        _share("share_social_rented", "Social rented", "Households that rent from a council or a housing association"),
        _share("share_private_rented", "Private rented", "Households that rent privately"),
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
        _share(
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
        _code("lad_code", "District code", r"E0[6-9]\d{6}"),
        _name("lad_name", "District"),
        _code("sicbl_code", "Sub-ICB code", r"E38\d{6}"),
        _name("sicbl_name", "Sub-ICB"),
        _code("icb_code", "ICB code", r"E54\d{6}"),
        _name("icb_name", "Integrated Care Board"),
    ),
    key="lsoa21_code",
)

WARDS = Table(
    "wards",
    "LSOA to ward, best fit",
    "A dated official lookup; its year is in the metadata.",
    (LSOA_CODE, _code("ward_code", "Ward code", r"[EW]05\d{6}"), _name("ward_name", "Ward")),
    key="lsoa21_code",
)

LSOA_CHANGES = Table(
    "lsoa_changes",
    "LSOA 2011 to LSOA 2021",
    "Exact-fit change lookup: U unchanged, S split, M merged, X irregular. One row for each pair.",
    (
        Column("pair", "string", "Pair", "LSOA 2011 and LSOA 2021 code", pattern=rf"{LSOA11}>{LSOA21}"),
        _code("lsoa11_code", "LSOA 2011 code", LSOA11),
        _code("lsoa21_code", "LSOA code", LSOA21),
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
        _code("lsoa11_code", "LSOA 2011 code", LSOA11),
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
        _count("population", "Population", "People, as published"),
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
_JOINED_BY_NAME = {column.name: column for table in _LEFT_JOINED for column in table.columns} | {
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

FURTHER = [name for name in _JOINED_BY_NAME if name not in LEADING]

JOINED = Table(
    "joined",
    "Every source on its LSOAs",
    "One row per LSOA with the columns of all sources, before scoring.",
    tuple(_JOINED_BY_NAME[name] for name in [*LEADING, *FURTHER]),
    key="lsoa21_code",
)


def _decile(name: str, title: str, within: str) -> Column:
    return Column(
        name,
        "integer",
        title,
        f"Decile of the risk score {within}; 1 = the most at-risk tenth",
        unit="decile, 1 = most at risk",
        minimum=1,
        maximum=10,
    )


def _risk_rank(name: str, title: str, within: str) -> Column:
    return Column(
        name,
        "number",
        title,
        f"Rank of the risk score {within}; 1 = highest risk",
        unit="rank, 1 = highest risk",
        minimum=1,
    )


_DRAWN = "of the ranks that plausible indices give it within the area; 1 = highest risk"

UNCERTAINTY = (
    *(
        Column(
            name,
            "number",
            title,
            f"{which} {_DRAWN}",
            unit="rank, 1 = highest risk",
            minimum=1,
            nullable=True,
        )
        for name, title, which in (
            ("rank_p05", "Rank, 5th percentile", "5th percentile"),
            ("rank_median", "Rank, median", "Median"),
            ("rank_p95", "Rank, 95th percentile", "95th percentile"),
        )
    ),
    Column(
        "worst_decile_probability",
        "number",
        "In the worst tenth",
        "Share of plausible indices that put it in the worst tenth of the area",
        unit="share, 0 to 1",
        minimum=0,
        maximum=1,
        nullable=True,
    ),
)
"""How sure a rank is; missing where it was not asked for (``score --no-uncertainty``)."""

HOTSPOT_CATEGORIES = (
    "Hot spot",
    "Cold spot",
    "High among low",
    "Low among high",
    "Not significant",
    "No neighbours",
)

HOTSPOT = Column(
    "hotspot",
    "string",
    "Hot spots",
    "Whether it and its neighbours score higher or lower than chance would have it (local Moran's I and Getis-Ord Gi*)",
    categories=HOTSPOT_CATEGORIES,
    nullable=True,
)

DERIVED = (
    _count("population_65_plus", "Residents aged 65 and over", "Usual residents aged 65 and over"),
    _share(
        "share_65_plus", "Aged 65 and over", "Residents aged 65 and over as a share of all residents of the same table"
    ),
)
"""Columns the atlas adds from those of ``risk.parquet``."""


def risk_table(components: dict[str, str]) -> Table:
    """The schema of ``risk.parquet`` for an index with these components (name to title)."""
    scored = [
        Column(
            f"component_{name}",
            "number",
            title,
            f"{title}: score of this component of the index; higher = more risk",
            unit="score, 0 to 100",
            minimum=0,
            maximum=100,
            nullable=True,
        )
        for name, title in components.items()
    ]
    return Table(
        "risk",
        "Digital-exclusion risk by LSOA",
        "One row per LSOA of the area, sorted by code.",
        (
            *(_JOINED_BY_NAME[name] for name in LEADING),
            *scored,
            Column(
                "risk_score",
                "number",
                "Risk score",
                "Composite digital-exclusion risk; higher = more risk",
                unit="score, 0 to 100",
                minimum=0,
                maximum=100,
            ),
            _risk_rank("risk_rank", "Risk rank", "within the area"),
            _decile("risk_decile", "Risk decile", "within the area"),
            _risk_rank("england_rank", "Rank in England", "over all of England by the same index"),
            _decile("england_decile", "Decile in England", "over all of England by the same index"),
            Column(
                "indicators_missing",
                "integer",
                "Indicators missing",
                "How many of the index's indicators have no published value here",
                unit="indicators",
                minimum=0,
            ),
            *UNCERTAINTY,
            HOTSPOT,
            *(_JOINED_BY_NAME[name] for name in FURTHER),
            GEOMETRY,
        ),
        key="lsoa21_code",
    )


EVIDENCE = Table(
    "evidence",
    "Scores held against an outcome",
    "One row for each score and place; intervals by bootstrap. The outcome is named in the metadata.",
    (
        Column("row", "string", "Row", "Candidate, level and code of the place", pattern=r".+"),
        _name("candidate", "Score", "An index by its id, or a single indicator"),
        Column("level", "string", "Level", "What the place is", categories=("all", "area", "icb", "lad")),
        Column("code", "string", "Code", "ONS code of the ICB or district; otherwise the name of the level"),
        _name("name", "Place", "Name of the place"),
        Column("areas", "integer", "LSOAs", "LSOAs of the place that have an outcome", unit="LSOAs", minimum=1),
        *(
            Column(name, "number", title, what, unit="correlation, -1 to 1", minimum=-1, maximum=1, nullable=True)
            for name, title, what in (
                ("spearman", "Spearman correlation", "Positive where the outcome is worse as the score rises"),
                ("low", "Lower end", "2.5th percentile of the bootstrap"),
                ("high", "Upper end", "97.5th percentile of the bootstrap"),
            )
        ),
    ),
    key="row",
    geography="none",
)

TABLES = (
    BOUNDARIES,
    DEPRIVATION,
    UNDERLYING_INDICATORS,
    RURALITY,
    POPULATION,
    DISABILITY,
    TENURE,
    HOUSEHOLD_DEPRIVATION,
    HEALTH_GEOGRAPHY,
    WARDS,
    LSOA_CHANGES,
    DIGITAL_PROPENSITY,
    POSTCODES,
    TOWNS,
    JOINED,
    EVIDENCE,
)


def optional(table: Table, names: list[str]) -> Table:
    """``table`` with the columns ``names`` allowed to be missing."""
    return replace(table, columns=tuple(replace(c, nullable=c.nullable or c.name in names) for c in table.columns))


def validate(frame: pd.DataFrame, table: Table, where: str) -> None:
    """Check that ``frame`` keeps to ``table``: its columns and their order, types, ranges, patterns and the key.

    ``where`` is the file the rows came from; it opens every message.

    Raises:
        SchemaError: every fault found, each with the column, the count, and the first areas concerned.
    """
    if list(frame.columns) != table.names:
        missing = [name for name in table.names if name not in frame.columns]
        surplus = [str(name) for name in frame.columns if name not in table.names]
        raise SchemaError(
            f"{where}: table '{table.name}' should have the columns {', '.join(table.names)}.\n"
            f"  missing: {', '.join(missing) or 'none'}\n  not expected: {', '.join(surplus) or 'none'}"
            + ("" if missing or surplus else "\n  the order differs")
        )
    if frame.empty:
        raise SchemaError(f"{where}: table '{table.name}' has no rows.")
    faults = _key_faults(frame, table)
    for column in table.columns:
        faults += [f"{column.name}: {fault}" for fault in _column_faults(frame, column, table.key)]
    if faults:
        raise SchemaError("\n  ".join([f"{where}: table '{table.name}' has {len(faults)} fault(s):", *faults]))


def _key_faults(frame: pd.DataFrame, table: Table) -> list[str]:
    twice = frame[table.key][frame[table.key].duplicated()]
    return [] if twice.empty else [f"{table.key}: {len(twice):,} value(s) stand more than once: {first(twice)}"]


def _column_faults(frame: pd.DataFrame, column: Column, key: str) -> list[str]:
    values = frame[column.name]
    faults = []

    def fault(bad: "pd.Series[bool]", what: str) -> None:
        if bad.any():
            shown = [
                f"{k} ({v})" if column.kind != "geometry" and k != v else f"{k}"
                for k, v in zip(frame.loc[bad, key], values[bad], strict=True)
            ]
            faults.append(f"{int(bad.sum()):,} value(s) {what}: {first(shown)}")

    absent = values.isna()
    if not column.nullable:
        fault(absent, "missing")
    present = values[~absent]
    if column.kind == "geometry":
        return faults
    if not _kind_holds(present, column.kind):
        return [*faults, f"expected {column.kind} values, found {values.dtype}"]
    if column.kind == "string":
        text = values.astype("string")
        if column.pattern is not None:
            expression = re.compile(column.pattern)
            fits = text.map(lambda value: bool(expression.fullmatch(value)), na_action="ignore")
            fault(~absent & ~fits.fillna(True).astype(bool), f"not of the form {column.pattern}")
        if column.categories:
            fault(~absent & ~text.isin(column.categories), f"not one of {', '.join(column.categories)}")
        fault(~absent & (text.str.strip() == "").fillna(False).astype(bool), "empty")
    if column.kind in ("integer", "number"):
        numbers = values.astype("float64")
        fault(~absent & pd.Series(np.isinf(numbers), index=frame.index), "infinite")
        if column.minimum is not None:
            fault(numbers < column.minimum, f"below {column.minimum:g}")
        if column.maximum is not None:
            fault(numbers > column.maximum, f"above {column.maximum:g}")
    return faults


def _kind_holds(values: pd.Series, kind: Kind) -> bool:
    if kind == "string":
        return bool(pd.api.types.is_string_dtype(values.dtype) or values.map(lambda v: isinstance(v, str)).all())
    if kind == "boolean":
        return bool(pd.api.types.is_bool_dtype(values.dtype))
    numeric = pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype)
    if kind == "integer":
        return bool(numeric and (values.astype("float64") % 1 == 0).all())
    return bool(numeric)


FRICTIONLESS_TYPES = {
    "string": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "geometry": "any",
}


def describe(table: Table) -> dict[str, Any]:
    """``table`` as a Frictionless table schema."""
    fields = []
    for column in table.columns:
        limits: dict[str, Any] = {"required": not column.nullable}
        if column.name == table.key:
            limits["unique"] = True
        if column.minimum is not None:
            limits["minimum"] = column.minimum
        if column.maximum is not None:
            limits["maximum"] = column.maximum
        if column.pattern is not None:
            limits["pattern"] = f"^{column.pattern}$"
        if column.categories:
            limits["enum"] = list(column.categories)
        field = {
            "name": column.name,
            "type": FRICTIONLESS_TYPES[column.kind],
            "title": column.title,
            "description": column.description,
            "constraints": limits,
        }
        if column.unit:
            field["unit"] = column.unit
        fields.append(field)
    return {"fields": fields, "primaryKey": [table.key]}


def dictionary(tables: list[Table]) -> str:
    """The data dictionary of ``tables`` as Markdown."""
    lines = ["# Data dictionary", "", "Made from `pipeline/schema.py` by `python -m pipeline dictionary`.", ""]
    for table in tables:
        lines += [f"## {table.name}: {table.title}", "", table.description, "", f"Key: `{table.key}`", ""]
        lines += ["| column | type | unit | values | meaning |", "|---|---|---|---|---|"]
        for column in table.columns:
            lines.append(
                f"| `{column.name}` | {column.kind} | {column.unit} | {_values(column)} | "
                f"{column.description}{' (may be missing)' if column.nullable else ''} |"
            )
        lines.append("")
    return "\n".join(lines)


def _values(column: Column) -> str:
    if column.categories:
        return ", ".join(column.categories)
    if column.pattern is not None:
        return f"`{column.pattern}`".replace("|", "\\|")
    if column.minimum is not None and column.maximum is not None:
        return f"{column.minimum:g} to {column.maximum:g}"
    return f"{column.minimum:g} or more" if column.minimum is not None else ""
