"""What ``declared/outcomes.toml`` may say."""

from pathlib import Path

import pytest

from pipeline.catalogue import DeclaredOutcome, read_outcomes, read_sources
from pipeline.errors import DeclarationError
from tests.fixtures.folders import DECLARED

SOURCES = ["ons_dpi", "iuc2018"]
OFFICIAL = {
    "title": '"Answered online"',
    "measures": '"Households that answered online"',
    "source": '"ons_dpi"',
    "column": '"digital_propensity"',
    "level": '"lsoa11"',
    "caveat": '"One day."',
}
LOCAL = {
    **OFFICIAL,
    "source": None,
    "file": '"data/local/app.csv"',
    "code_column": '"practice"',
    "from_publisher": '"A trust"',
    "licence": '"internal"',
    "level": '"practice"',
    "lookup": '"data/local/patients.csv"',
}


def declared(folder: Path, base: dict[str, str | None], **changes: str | None) -> DeclaredOutcome:
    path = folder / "outcomes.toml"
    values = {**base, **changes}
    path.write_text("\n".join(["[o]", *(f"{key} = {text}" for key, text in values.items() if text is not None), ""]))
    return read_outcomes(path, SOURCES)["o"]


def test_the_shipped_outcomes_have_the_names_that_indices_use() -> None:
    outcomes = read_outcomes(DECLARED / "outcomes.toml", read_sources(DECLARED / "sources.toml"))
    assert list(outcomes) == [
        "ons_dpi",
        "online_share",
        "iuc",
        "iuc_least_engaged",
        "iuc_e_withdrawn",
        "iuc_settled_offline",
        "lfs_not_online",
    ]
    assert outcomes["online_share"].only == "online_first"
    assert outcomes["iuc_least_engaged"].groups == (7, 8, 9, 10)
    assert outcomes["lfs_not_online"].level == "nuts3"
    assert outcomes["ons_dpi"].higher_is_better
    assert all(outcome.caveat.endswith(".") for outcome in outcomes.values())


def test_no_file_is_no_outcome_and_files_of_analysts_may_be_of_any_level(tmp_path: Path) -> None:
    assert read_outcomes(tmp_path / "outcomes.toml", SOURCES) == {}
    assert declared(tmp_path, LOCAL).level == "practice"
    for level in ("msoa", "district", "icb", "nuts3"):
        assert declared(tmp_path, LOCAL, level=f'"{level}"', lookup=None).level == level
    assert declared(tmp_path, LOCAL, level='"lsoa21"', lookup=None, code_column=None).of_lsoas


@pytest.mark.parametrize(
    ("base", "changes", "said"),
    [
        (OFFICIAL, {"source": '"ons_dip"'}, "no source of declared/sources.toml. Did you mean 'ons_dpi'"),
        (OFFICIAL, {"mesure": '"value"'}, "o.mesure: unknown key. Did you mean 'measure'"),
        (OFFICIAL, {"level": '"lsoa"'}, "o.level: expected one of .*Did you mean 'lsoa"),
        (OFFICIAL, {"caveat": None}, "o.caveat: this key is missing"),
        (OFFICIAL, {"source": None}, "either source, .* or file"),
        (OFFICIAL, {"file": '"a.csv"'}, "either source, .* or file"),
        (OFFICIAL, {"licence": '"mine"'}, "licence goes with file"),
        (OFFICIAL, {"nation": '"demo"'}, "nation goes with file"),
        (OFFICIAL, {"groups": "[1]"}, 'groups goes with measure = "group"'),
        (OFFICIAL, {"measure": '"group"'}, 'groups goes with measure = "group"'),
        (OFFICIAL, {"measure": '"group"', "groups": "[1]", "worse": '"low"'}, "leave out worse"),
        (OFFICIAL, {"measure": '"survey"', "level": '"nuts3"'}, "needs low_column and high_column"),
        (OFFICIAL, {"low_column": '"a"', "high_column": '"b"'}, "no other measure has them"),
        (OFFICIAL, {"level": '"district"', "only": '"online_first"'}, "is for outcomes by LSOA"),
        (LOCAL, {"lookup": None}, "practices need lookup"),
        (LOCAL, {"level": '"lsoa21"'}, "lookup is for larger areas and practices"),
        (LOCAL, {"code_column": None}, "code_column is missing"),
        (LOCAL, {"licence": None}, "a file needs from_publisher"),
        (LOCAL, {"file": '"a.doc"'}, "file should be one of"),
        (LOCAL, {"measure": '"group"', "groups": "[1]"}, "is for LSOAs; larger areas need a value"),
    ],
)
def test_faults_are_said_in_words(
    base: dict[str, str | None], changes: dict[str, str | None], said: str, tmp_path: Path
) -> None:
    with pytest.raises(DeclarationError, match=said):
        declared(tmp_path, base, **changes)
