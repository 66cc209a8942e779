"""What may be declared of kinds of exclusion, and what is refused."""

from pathlib import Path

import pytest

from pipeline.catalogue.kinds import read_kinds
from pipeline.catalogue.rates import Helps, read_helps
from pipeline.errors import DeclarationError
from tests.fixtures.folders import DECLARED

SHIPPED = (DECLARED / "kinds.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('id = "money_skills_health"', 'id = "age_settled"', "each kind is declared once"),
        ('id = "money_skills_health"', 'id = "money"', "age_settled"),
        ('title = "Money, skills and health"', 'title = "Both"', "must differ"),
        ('title = "Money, skills and health"', 'title = "Age and settled living"', "must differ"),
        ('title = "Money, skills and health"', 'title = "Money; skills"', "no semicolon"),
        ("stands_out_above = 80", "stands_out_above = 100", "stands_out_above"),
        ("stands_out_above = 80", "stands_out_over = 80", "Did you mean 'stands_out_above'"),
        ('column = "share_75_plus"', 'column = "share_65_to_74"', "named twice: share_65_to_74"),
        ("direction = -1", "direction = 0", "direction"),
    ],
)
def test_what_cannot_be_meant_is_refused(before: str, after: str, message: str, tmp_path: Path) -> None:
    assert before in SHIPPED
    path = tmp_path / "kinds.toml"
    path.write_text(SHIPPED.replace(before, after), encoding="utf-8")
    with pytest.raises(DeclarationError, match=message):
        read_kinds(path)


def test_three_kinds_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "kinds.toml"
    path.write_text(SHIPPED + SHIPPED[SHIPPED.index("[[kinds]]") :], encoding="utf-8")
    with pytest.raises(DeclarationError, match="kinds"):
        read_kinds(path)


def test_each_kind_is_held_against_an_outcome_and_has_help() -> None:
    kinds, helps = read_kinds(DECLARED / "kinds.toml"), read_helps(DECLARED / "help.toml")
    assert [kind.outcome for kind in kinds.kinds] == ["iuc_settled_offline", "iuc_e_withdrawn"]
    assert {entry.kind for entry in helps.kinds} == set(kinds.titles)


def test_what_is_suggested_differs_by_kind() -> None:
    helps = read_helps(DECLARED / "help.toml")
    of_deri = {"deprivation", "demography"}
    for driver in helps.drivers:
        if driver.side == "people" and driver.component not in of_deri:
            settled, short = (
                helps.suggest(driver.component, [kind]) for kind in ("age_settled", "money_skills_health")
            )
            assert settled != short, driver.component


def test_a_suggestion_suits_the_kind_first_then_any_kind_then_comes_from_the_kind() -> None:
    def thing(what: str, *kinds: str) -> dict[str, object]:
        return {"what": what, "source": "s", "page": "https://example.org/p", "kinds": list(kinds)}

    helps = Helps.model_validate(
        {
            "drivers": [
                {
                    "component": "age",
                    "side": "people",
                    "sentence": "x",
                    "helps": [thing("any"), thing("poor", "money_skills_health")],
                },
                {"component": "skills", "side": "people", "sentence": "x", "helps": [thing("old", "age_settled")]},
            ],
            "kinds": [{"kind": "money_skills_health", "helps": [thing("of the kind")]}],
        }
    )

    def said(component: str | None, *kinds: str) -> str | None:
        one = helps.suggest(component, kinds)
        return None if one is None else one.what

    assert said("age", "money_skills_health") == "poor"
    assert said("age", "age_settled") == said("age") == "any"
    assert said("skills", "money_skills_health") == said(None, "money_skills_health") == "of the kind"
    assert said("skills", "age_settled", "money_skills_health") == "old"
    assert said("skills") == "old"
    assert said(None) is None
    assert said("absent", "age_settled") is None
