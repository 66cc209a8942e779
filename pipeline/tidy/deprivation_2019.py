"""English Indices of Deprivation 2019, File 7: scores, ranks and deciles by LSOA of 2011, to compare 2025 with."""

from pathlib import Path

from pipeline.tables import DOMAINS, LSOA11, Family, Table
from pipeline.tables.columns import ons_code
from pipeline.tidy.reading import read_given
from pipeline.tidy.registry import Noted, reader

RANK = "Rank (where 1 is most deprived)"
IMD = "Index of Multiple Deprivation (IMD)"
RESIDENTS = "Total population: mid 2015 (excluding prisoners)"

_earlier = Family("changes", "iod2019_file7")

DEPRIVATION_2019 = Table(
    "deprivation_2019",
    "English Indices of Deprivation 2019",
    "Published scores, ranks and deciles by LSOA of 2011. Only to be compared with those of 2025, through the lookup; "
    "never an input to a score.",
    (
        ons_code(_earlier, "lsoa11_code", "LSOA 2011 code", LSOA11),
        _earlier("imd_score", "score", "IMD score, 2019", "Index of Multiple Deprivation 2019 score", worse="high"),
        _earlier(
            "imd_rank",
            "rank",
            "IMD rank, 2019",
            "Index of Multiple Deprivation 2019 rank among England's 32,844 LSOAs of 2011",
            unit="rank, 1 = most deprived",
            worse="low",
        ),
        _earlier(
            "imd_decile",
            "decile",
            "IMD decile, 2019",
            "Index of Multiple Deprivation 2019 decile; 1 = most deprived tenth",
            unit="decile, 1 = most deprived",
            worse="low",
        ),
        *(
            _earlier(
                f"{domain}_rank",
                "rank",
                f"{title} rank, 2019",
                f"{title} domain rank of 2019",
                unit="rank, 1 = most deprived",
                worse="low",
            )
            for domain, title in DOMAINS.items()
        ),
        _earlier(
            "residents_2015",
            "people",
            "Residents, 2015",
            "Residents in mid-2015 without prisoners, by which the file weights larger areas",
        ),
    ),
    key="lsoa11_code",
    geography="lsoa11",
)


@reader("deprivation_2019", DEPRIVATION_2019, "validation")
def tidy_deprivation_2019(path: Path) -> Noted:
    """IMD score, rank and decile, the seven domain ranks and residents, by LSOA of 2011, from File 7 of 2019.

    Raises:
        RawFileError: a column is missing, as in the file of another year, a value is not a number, or a code is none or
            appears twice.
        SchemaError: a value is out of its range.
    """
    columns = {
        "lsoa11_code": "LSOA code (2011)",
        "imd_score": f"{IMD} Score",
        "imd_rank": f"{IMD} {RANK}",
        "imd_decile": f"{IMD} Decile (where 1 is most deprived 10% of LSOAs)",
        **{f"{name}_rank": f"{title} {RANK}" for name, title in DOMAINS.items()},
        "residents_2015": RESIDENTS,
    }
    given = read_given(path, columns, key="lsoa11_code").only_england().once()
    counts = [name for name in columns if name not in ("lsoa11_code", "imd_score")]
    return given.with_counts(*counts).with_numbers("imd_score").tidied(DEPRIVATION_2019)
