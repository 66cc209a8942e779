"""Faults of declared values: the table by its name, the key, what was found and what is expected."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pipeline.catalogue import Area, Index, read_index, read_layers
from pipeline.catalogue.indices import refuse_directions, refuse_other_outcomes
from pipeline.declarations import file_name_fault
from pipeline.errors import DeclarationError, did_you_mean, no_such_area
from pipeline.stages.directions import check_meaning
from pipeline.stages.project import Snapshot
from pipeline.tidy import source_columns
from tests.fixtures.declarations import READERS
from tests.fixtures.folders import DECLARED

INDEX, AREAS, SOURCES = "indices/norfolk-waveney.toml", "areas.toml", "sources.toml"
LAYERS, PLACES, RATES, VARIED = "layers.toml", "places.toml", "rates.toml", "uncertainty.toml"
SHARE = "direction = 1, weight = 10"
OUTCOMES = "outcomes.toml"
COLOUR = re.search(r'(?<=palettes.risk]).*?("#\w{6}")', (DECLARED / LAYERS).read_text(encoding="utf-8"), re.DOTALL)
FIRST = COLOUR[1] if COLOUR else "the first colour of risk"
TILES = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
CASES = [
    (INDEX, "weight = 13", "wieght = 24", "component 'age', wieght: unknown key. Did you mean 'weight'"),
    (INDEX, "weight = 13", 'weight = "13"', "component 'age', weight: expected a number; found the text '13'"),
    (INDEX, "weight = 13", "weight = true", "component 'age', weight: expected a number; found true"),
    (INDEX, "weight = 13", "weight = inf", "component 'age', weight: expected a number; found the number inf"),
    (INDEX, "weight = 13", "weight = 0", "component 'age', weight: expected a number above 0; found the number 0"),
    (INDEX, "weight = 13", "weight = 1e9", "expected a weight between 0.000001 and 1,000,000"),
    (INDEX, SHARE, "direction = true, weight = 10", "indicator 'share_75_plus', direction: expected 1 .* found true"),
    (INDEX, SHARE, 'direction = "1", weight = 10', "indicator 'share_75_plus', direction: expected 1 .* the text '1'"),
    (INDEX, SHARE, "direction = 1.0, weight = 10", "indicator 'share_75_plus', direction: expected 1"),
    (INDEX, SHARE, "weight = 10", "component 'age', indicator 'share_75_plus', direction: this key is missing"),
    (INDEX, 'title = "Age', 'title = "   "\n#', "expected a text that is not empty"),
    (INDEX, "title = ", 'id = "x"\ntitle = ', "id: unknown key"),
    (INDEX, '"percentile"', '"percentil"', "normalisation: expected one of .*Did you mean 'percentile'"),
    (AREAS, "[demo]", "[con]", "con: .*Windows reserves 'con'"),
    (AREAS, "[demo]", '["../x"]', "a name is of small letters"),
    (AREAS, "[demo]", '[""]', "a name is of small letters"),
    (AREAS, "[demo]", f"[{'a' * 70}]", "at most 60 characters"),
    (AREAS, "[demo]", "[national]", "the name of another folder"),
    (AREAS, "fictional", "fictoinal", "demo.fictoinal: unknown key. Did you mean 'fictional'"),
    (AREAS, "fictional = true", "fictional = 1", "demo.fictional: expected true or false; found the number 1"),
    (AREAS, "624", '"624"', "expected_lsoas: expected a whole number; found the text '624'"),
    (AREAS, "624", "624.0", "expected_lsoas: expected a whole number; found the number 624.0"),
    (AREAS, "624", "-1", "expected_lsoas: expected a number above 0"),
    (AREAS, '["E38000239"]', '"E38000239"', "sicbl: expected a list in square brackets"),
    (AREAS, '"E38000239"', '"QMM"', "expected a code of nine characters"),
    (AREAS, '"data/raw/demo', '"https://example.org', "not a web address"),
    (SOURCES, 'file = "LSOA21', 'file = "../../LSOA21', "lsoa21_boundaries.file: .*without folders"),
    (SOURCES, 'file = "LSOA21', 'file = "/tmp/LSOA21', "lsoa21_boundaries.file: .*without folders"),
    (SOURCES, 'file = "LSOA21', "file = 'C:\\\\x' #", "lsoa21_boundaries.file: .*without folders"),
    (SOURCES, 'file = "LSOA21', 'file = "nul.LSOA21', "lsoa21_boundaries.file: .*Windows reserves 'nul'"),
    (SOURCES, 'also_named = ["', 'also_named = ["a/', "lsoa21_boundaries.also_named no. 1: .*without folders"),
    (SOURCES, 'member = "', 'member = "../', "member: expected the path of a file inside its archive"),
    (SOURCES, 'member = "', 'member = "/', "member: expected the path of a file inside its archive"),
    (SOURCES, 'address = "https', 'address = "http', "address: expected an address that begins with https"),
    (SOURCES, 'address = "https', 'address = "file', "address: expected an address that begins with https"),
    (SOURCES, 'address = "https://', 'address = "https://me:it@', "must not hold a user name or a password"),
    (SOURCES, 'instead_of = "', 'instead_of = "x', "Did you mean 'mye2024'"),
    (LAYERS, FIRST, '"red"', "palettes.risk.colours no. 1: expected a colour such as"),
    (LAYERS, FIRST, '"#fff;}"', "expected a colour such as"),
    (LAYERS, 'palette = "risk"', 'palette = "rsk"', "Did you mean 'risk'"),
    (LAYERS, "[palettes.risk]", "[pallettes.risk]", "'pallettes': unknown table. Did you mean 'palettes'"),
    (LAYERS, "of all neighbourhoods of {nation}", "of {nation.__class__}", "braces are for"),
    (LAYERS, "[layers.risk_decile]", '[layers."<x>"]', "a name is of letters"),
    (PLACES, "UN1 = 3000", "UN1 = 3", "access.reach.UN1: .*Were kilometres meant. Then write 3000; found the number 3"),
    (PLACES, "UN1 = 3000", "UN1 = 99.9", "access.reach.UN1: .*Were kilometres meant"),
    (PLACES, "UN1 = 3000", "UN1 = 300000", "access.reach.UN1: expected metres, at most 100,000"),
    (PLACES, "UN1 = 3000", "UN2 = 3000", "access.reach.UN2: unknown key"),
    (PLACES, "UN1 = 20\n", "UN1 = 1200\n", "access.reach_minutes.UN1: .*Were seconds meant"),
    (PLACES, "UN1 = 20\n", "UN1 = 0.5\n", "access.reach_minutes.UN1: .*Were hours meant"),
    (PLACES, "farthest_outside = 20000", "farthest_outside = 20", "access.farthest_outside: .*kilometres"),
    (PLACES, "capacity = 1.0", 'capacity = "1"', "kinds.library.capacity: expected a number; found the text '1'"),
    (PLACES, '["devices", "skills"', '["devices", "skils"', "Did you mean 'skills'"),
    (PLACES, "[kinds.library]", "[kinds.aux]", "kinds.aux: .*Windows reserves 'aux'"),
    (OUTCOMES, 'source = "ons_dpi"', 'source = "ons_dp"', "ons_dpi.source names 'ons_dp', .*Did you mean 'ons_dpi'"),
    (OUTCOMES, "groups = [10]", "group = [10]", "iuc_e_withdrawn.group: unknown key. Did you mean 'groups'"),
    (OUTCOMES, "groups = [10]", "groups = 10", "iuc_e_withdrawn.groups: expected a list in square brackets"),
    (OUTCOMES, 'worse = "low"', 'worse = "lower"', "ons_dpi.worse: expected one of 'high', 'low'"),
    (OUTCOMES, "[iuc]", "[nul]", "nul: .*Windows reserves 'nul'"),
    (PLACES, "[access]", "[acess]", "'acess': unknown table. Did you mean 'access'"),
    (PLACES, "full_hours = 30 ", "full_hours = 3000 ", "kinds.library.full_hours: expected a number of at most 168"),
    (RATES, "value = 0.773", "value = 77.3", "measures.not_online.adults.share.value: expected a number"),
    (RATES, 'page = "https', 'page = "javascript', "band 'under_65', disabled.page: expected an address"),
    ("help.toml", "sentence = ", "sentense = ", "driver 'age', sentense: unknown key. Did you mean 'sentence'"),
    (VARIED, "draws = 2000", "draws = 2000000", "draws: expected a number of at most 20,000"),
    (VARIED, "draws = 2000", "draws = 2000.5", "draws: expected a whole number; found the number 2000.5"),
    (VARIED, "seed = 20250701", "seed = -1", "seed: expected a number of at least 0"),
    *(
        (LAYERS, TILES, address, "street_map.address: ")
        for address in (
            "'https://a.org/{z}/{x}/{y}\" onload=\"alert(1)'",
            "\"https://a.org/{z}/{x}/{y}' + alert(1) + '\"",
            '"https://a.org/{z}/{x}/{y}</script><script>"',
            '"https://a.org/{z}/{x}/{y} https://evil.org"',
            '"https://a.org; script-src *; x/{z}/{x}/{y}"',
            '"https://a.org;script-src/{z}/{x}/{y}"',
            '"https://a.org,b.org/{z}/{x}/{y}"',
            '"https://*/{z}/{x}/{y}"',
            '"https://*.a.org/{z}/{x}/{y}"',
            '"https://{z}.a.org/{z}/{x}/{y}"',
            '"https://a.{s}.org/{z}/{x}/{y}"',
            '"https://a.org@evil.org/{z}/{x}/{y}"',
            '"https://me:it@a.org/{z}/{x}/{y}"',
            '"http://a.org/{z}/{x}/{y}"',
            '"//a.org/{z}/{x}/{y}"',
            '"javascript:alert(1)//{z}/{x}/{y}"',
            '"data:text/html,{z}/{x}/{y}"',
            '"https:///{z}/{x}/{y}"',
            '"https://a.org/{z}/{x}"',
            '"https://a.org/{z}/{x}/{y}{evil}"',
            '"https://a.org/{z}/{x}/{y}\\\\u2028"',
            '"https://a.org:99999/{z}/{x}/{y}"',
            '"https://a.org/{z}/{x}/{y}`${1}`"',
        )
    ),
]


@pytest.mark.parametrize(("name", "old", "new", "message"), CASES)
def test_a_fault_is_named(name: str, old: str, new: str, message: str, tmp_path: Path) -> None:
    text = (DECLARED / name).read_text(encoding="utf-8")
    if old == TILES:
        old, new = f'"{TILES}"', new.replace("\\\\u", "\\u")
    assert old in text
    path = tmp_path / Path(name).name
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DeclarationError, match=message) as refused:
        READERS[name](path)
    assert str(path) in str(refused.value)
    assert not re.search(r"(components|indicators|bands|drivers)\.\d", str(refused.value))


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        (TILES, "https://tile.openstreetmap.org"),
        ("https://{s}.tiles.org:8443/a/{z}/{x}/{y}.png?k=1&t={y}", "https://*.tiles.org:8443"),
        ("http://127.0.0.1:8000/{z}/{x}/{y}.png", "http://127.0.0.1:8000"),
    ],
)
def test_servers_of_pictures_are_known_by_their_origin(address: str, origin: str, tmp_path: Path) -> None:
    path = tmp_path / "layers.toml"
    path.write_text((DECLARED / LAYERS).read_text(encoding="utf-8").replace(TILES, address), encoding="utf-8")
    streets = read_layers(path).street_map
    assert streets is not None
    assert streets.origin == origin


@pytest.mark.parametrize(
    "name",
    [
        *("", " ", ".", "..", "a/b", "a\\b", "/a", "C:\\a", "C:a", "a.", "a ", " a", "CON", "con.csv", "lpt1.txt"),
        *("a\0b", "a\nb", "a:b", 'a"b', "a?b", "a*b", "a|b", "a<b", "a" * 201),
    ],
)
def test_names_that_some_system_cannot_have_are_refused(name: str) -> None:
    assert file_name_fault(name)


@given(st.text(max_size=20))
def test_a_bare_name_stays_in_its_folder(name: str) -> None:
    if not file_name_fault(name):
        assert (Path("/a") / name).resolve().parent == Path("/a")


@pytest.mark.parametrize(
    ("name", "meant"), [("Norfolk and Waveney", "norfolk-and-waveney"), ("dmeo", "demo"), ("demo; x", "demo")]
)
def test_an_area_that_is_nearly_declared_is_asked_about(name: str, meant: str) -> None:
    assert f"Did you mean '{meant}'?" in no_such_area(name, ["norfolk-and-waveney", "demo"], Path("areas.toml"))


@pytest.mark.parametrize("name", ["../x", "", "--x", "a\nb", "a" * 500, "\x1b[31m"])
def test_any_name_of_an_area_is_shown_on_one_line(name: str) -> None:
    message = no_such_area(name, ["demo"], Path("areas.toml"))
    assert "\n" not in message
    assert message.isprintable()
    assert len(message) < 300
    assert did_you_mean(name, ["demo"]) == ""


def test_an_index_that_is_not_there_is_asked_about() -> None:
    with pytest.raises(DeclarationError, match="There is no index 'norfolk-waveny'.*Did you mean 'norfolk-waveney'"):
        read_index(DECLARED / "indices" / "norfolk-waveny.toml")
    with pytest.raises(DeclarationError, match="There is no index '../areas'"):
        Snapshot(DECLARED.parent).index("../areas")


def test_an_area_that_is_nearly_spelt_is_not_left_out_in_silence(tmp_path: Path) -> None:
    project = Snapshot(tmp_path)
    project.declared.mkdir()
    for name in ("areas.toml", "places.toml"):
        text = (DECLARED / name).read_text(encoding="utf-8").replace('areas = ["demo"]', 'areas = ["demmo"]')
        (project.declared / name).write_text(text, encoding="utf-8")
    with pytest.raises(
        DeclarationError,
        match="names demmo, which .* does not have. Did you mean 'demo'",
    ):
        project.places()


def turned(index: Index, name: str, **changes: object) -> Index:
    """``index`` with one of its indicators changed."""
    components = [
        c.model_copy(
            update={"indicators": tuple(i.model_copy(update=changes) if i.column == name else i for i in c.indicators)}
        )
        for c in index.components
    ]
    return index.model_copy(update={"components": tuple(components)})


@pytest.mark.parametrize("name", ["norfolk-waveney", "hand-weighted", "deri", "imd2025"])
def test_every_column_of_a_shipped_index_counts_as_it_means_and_no_other_way(name: str) -> None:
    project = Snapshot(DECLARED.parent)
    index = project.index(name)
    assert check_meaning(project, index) == ()
    worse = {column.name: column.worse for column in source_columns().values()}
    for indicator in (i for c in index.components for i in c.indicators):
        other = turned(index, indicator.column, direction=-indicator.direction)
        if worse[indicator.column] is None:
            continue
        with pytest.raises(DeclarationError, match=f"indicator '{indicator.column}', direction: a .* means more risk"):
            check_meaning(project, other)
        explained = turned(other, indicator.column, against_meaning="we know")
        assert check_meaning(project, explained) == (
            f"{indicator.column} counts against its meaning in '{name}': we know",
        )


def test_ranks_deciles_and_scores_of_the_sources_say_which_end_is_bad() -> None:
    for column in source_columns().values():
        if column.quantity in ("rank", "decile", "score", "standardised score"):
            assert column.worse is not None, column.name
        if column.quantity in ("rank", "decile"):
            assert column.worse == "low", column.name


def test_a_reason_for_nothing_is_refused_and_a_column_that_is_not_there_is_asked_about() -> None:
    project = Snapshot(DECLARED.parent)
    index = project.index("norfolk-waveney")
    with pytest.raises(DeclarationError, match="remove against_meaning"):
        refuse_directions(turned(index, "share_disabled", against_meaning="why"), {"share_disabled": "high"})
    with pytest.raises(DeclarationError, match="there is no such column. Did you mean 'share_disabled'"):
        check_meaning(project, turned(index, "share_disabled", column="share_disable"))


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"stories_file": "s.csv", "stories_columns": {"plaec": "Where"}}, "no column 'plaec'. Did you mean 'place'"),
        ({"journeys_decimal": ","}, "journeys_decimal goes with journeys_file"),
        ({"journeys_file": "j.csv", "journeys_columns": {"dest": "To"}}, "no column 'dest'"),
        ({"lsoa_column": "code"}, "lsoa_column goes with lsoa_file"),
        ({"polygon_layer": "ours"}, "polygon_layer goes with polygon_file"),
        ({"stories_columns": {"place": "Where"}}, "stories_columns goes with stories_file"),
        ({"self_assessment_date": date(2026, 11, 27)}, "self_assessment_date goes with self_assessment_file"),
        ({"self_assessment_file": "s.csv", "self_assessment_columns": {"due": "D"}}, "no column 'due'"),
    ],
)
def test_what_an_area_says_of_its_files_has_to_fit_them(keys: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Area.model_validate({"id": "here", "title": "Here", "everything": True, **keys})


def test_a_mix_names_declared_outcomes() -> None:
    project = Snapshot(DECLARED.parent)
    index = project.index("norfolk-waveney")
    assert index.mix is not None
    mix = index.mix.model_copy(update={"outcomes": {"iuc_least_engagd": 1.0}})
    message = r"\[mix.outcomes\] iuc_least_engagd: no such outcome .*Did you mean 'iuc_least_engaged'"
    with pytest.raises(DeclarationError, match=message):
        refuse_other_outcomes(index.model_copy(update={"mix": mix}), project.outcomes())
