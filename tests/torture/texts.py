"""The tables of text of the project: every raw file of the nation that is one, and every file that an analyst adds."""

from tests.torture.cases import ANY, STOPS_OR_UNDERSTANDS, UNDERSTANDS
from tests.torture.delimited import CODES, Grid, Kind, Text
from tests.torture.project import LOCAL, RAW

FILE_7 = "File_7_IoD2025_All_Ranks_Scores_Deciles_Population_Denominators.csv"
IMD_RANK = "Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived)"
MARSH = (("maps", "marsh"),)
SITE = (("site", "demo", "--candidates", "data/local/candidates.csv", "--new", "2"),)
VALIDATE = (("validate", "demo", "--outcome", "data/local/outcome.csv", "--column", "rate", "--draws", "100"),)

OFFICIAL = (
    Text(
        "deprivation (File 7)",
        f"{RAW}/iod2025_file7/{FILE_7}",
        code="LSOA code (2021)",
        name="LSOA name (2021)",
        number="Income Score (rate)",
    ),
    Text(
        "ranks (File 7)",
        f"{RAW}/iod2025_file7/{FILE_7}",
        code="LSOA code (2021)",
        number=IMD_RANK,
    ),
    Text("rurality", f"{RAW}/ruc2021/LSOA21_RUC21_EW_LU.csv", code="LSOA21CD", name="LSOA21NM"),
    Text(
        "lookup to ICBs",
        f"{RAW}/lsoa21_icb/LSOA21_SICBL24_ICB24_CAL24_LAD24_EN_LU.csv",
        code="LSOA21CD",
        name="LSOA21NM",
    ),
    Text("lookup to wards", f"{RAW}/lsoa21_ward/LSOA21_WD24_LAD24_EW_LU.csv", code="LSOA21CD", name="WD24NM"),
    Text(
        "changes since 2011",
        f"{RAW}/lsoa11_lsoa21/LSOA11_LSOA21_LAD22_EW_LU.csv",
        code="LSOA21CD",
        name="LSOA21NM",
        skip=frozenset({"one twice"}),
    ),
    Text(
        "residents by age",
        f"{RAW}/census2021_age/census2021-ts007a.zip",
        "census2021-ts007a-lsoa.csv",
        code="geography code",
        name="geography",
        number="Age: Total",
        counts=True,
        large=True,
    ),
    Text(
        "residents of 85 and over",
        f"{RAW}/census2021_age/census2021-ts007a.zip",
        "census2021-ts007a-lsoa.csv",
        number="Age: Aged 85 years and over",
    ),
    Text(
        "disability",
        f"{RAW}/census2021_disability/census2021-ts038.zip",
        "census2021-ts038-lsoa.csv",
        code="geography code",
        name="geography",
        number="Disability: Disabled under the Equality Act",
        counts=True,
    ),
    Text(
        "tenure",
        f"{RAW}/census2021_tenure/census2021-ts054.zip",
        "census2021-ts054-lsoa.csv",
        code="geography code",
        name="geography",
        number="Tenure of household: Total: All households",
        counts=True,
    ),
    Text(
        "household deprivation",
        f"{RAW}/census2021_household_deprivation/census2021-ts011.zip",
        "census2021-ts011-lsoa.csv",
        code="geography code",
        name="geography",
        number="Household deprivation: Total: All households; measures: Value",
        counts=True,
    ),
    Text(
        "postcodes",
        f"{RAW}/code_point_open/codepo_gb.zip",
        "Data/CSV/qz.csv",
        headers=False,
        number=2,
        whole=False,
        rows_may_go=True,
    ),
    Text(
        "libraries",
        f"{RAW}/libraries/basic-dataset-for-libraries-2023-enhanced.csv",
        name="Name",
        number="Easting",
        whole=False,
        skip=frozenset({"one is empty", "one is a space"}),
        rows_may_go=True,
    ),
    Text(
        "staffed hours",
        f"{RAW}/libraries/basic-dataset-for-libraries-2023-enhanced.csv",
        number="Staffed hours per week",
        whole=False,
        skip=frozenset({"the same in every row", "one is empty", "one is a space"}),
        rows_may_go=True,
    ),
    Text(
        "user classification",
        f"{RAW}/iuc2018/iuc2018.csv",
        code="LSOA11_CD",
        number="GRP_CD",
        whole=False,
    ),
    Text("practices", f"{RAW}/gp_practices/epraccur.csv", headers=False, name=1, whole=False, rows_may_go=True),
)
ADDED = (
    Text(
        "list of LSOAs",
        f"{LOCAL}/marsh.csv",
        code="LSOA21CD",
        name="LSOA21NM",
        whole=False,
        official=False,
        commands=MARSH,
        skip=frozenset({"the first missing"}),
        rights={"no headers": UNDERSTANDS, "the header of the codes twice": ANY},
    ),
    Text(
        "initiatives",
        f"{RAW}/initiatives/initiatives.csv",
        name="Name",
        number="Capacity",
        whole=False,
        rows_may_go=True,
        official=False,
        names=("initiatives.csv", "demo_initiative", "local initiative"),
        skip=frozenset({"the same in every row", "one is empty", "one is a space"}),
    ),
    Text(
        "hubs",
        f"{LOCAL}/hubs.csv",
        name="Name",
        number="Longitude",
        whole=False,
        rows_may_go=True,
        official=False,
        names=("hubs.csv", "hub:", "hubs:"),
        skip=frozenset({"the same in every row"}),
    ),
    Text(
        "journeys",
        f"{LOCAL}/journeys.csv",
        code="origin",
        number="minutes",
        whole=False,
        rows_may_go=True,
        official=False,
        names=("journeys",),
    ),
    Text(
        "stories",
        f"{RAW}/stories/stories.csv",
        name="quote",
        whole=False,
        rows_may_go=True,
        official=False,
        names=("stories",),
    ),
    Text(
        "indicator",
        f"{LOCAL}/no_car.csv",
        code="LSOA code",
        number="No car or van (%)",
        official=False,
        names=("no_car", "no car"),
    ),
    Text(
        "candidates",
        f"{LOCAL}/candidates.csv",
        name="name",
        number="x",
        whole=False,
        rows_may_go=True,
        official=False,
        commands=SITE,
        names=("candidates",),
        skip=frozenset({"the same in every row"}),
    ),
    Text(
        "outcome",
        f"{LOCAL}/outcome.csv",
        code="LSOA code",
        name="Name",
        number="rate",
        whole=True,
        rows_may_go=True,
        official=False,
        commands=VALIDATE,
        names=("outcome",),
        skip=frozenset({"one is negative", "one is huge"}),
    ),
)


def _one_line(grid: Grid) -> bytes:
    return ",".join(row[0] for row in grid.below).encode()


def _one_line_with_semicolons(grid: Grid) -> bytes:
    return "; ".join(row[0] for row in grid.below).encode() + b"\n"


def _two_columns(grid: Grid) -> bytes:
    codes = [row[0] for row in grid.below]
    return "\n".join(map(",".join, zip(codes[::2], codes[1::2], strict=True))).encode()


OF_LISTS = (
    Kind(CODES, "all in one line", _one_line, STOPS_OR_UNDERSTANDS),
    Kind(CODES, "all in one line, with semicolons", _one_line_with_semicolons, STOPS_OR_UNDERSTANDS),
    Kind(CODES, "in two columns", _two_columns, STOPS_OR_UNDERSTANDS),
)
"""What is done to a list of codes only."""
