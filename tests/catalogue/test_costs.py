"""Assumed prices: what is shipped, and faults in a file."""

from pathlib import Path

import pytest

from pipeline.catalogue.costs import LEVELS, NO_SOURCE, read_costs
from pipeline.errors import DeclarationError
from tests.fixtures.folders import DECLARED

SHIPPED = DECLARED / "costs.toml"


def test_every_shipped_price_has_a_year_and_a_page_or_says_that_it_has_no_source() -> None:
    shipped = read_costs(SHIPPED)
    prices = [getattr(item, level) for item in shipped.items for level in LEVELS]
    assert all((price.page is None) == (price.source == NO_SOURCE) for price in prices)
    assert shipped.cost_of(1000, None, "low") < shipped.cost_of(1000, None) < shipped.cost_of(1000, None, "high")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("value = 47,", "value = 470,", "must rise"),
        ("helped_share = 0.1", "helped_share = 1.5", "helped_share"),
        ("budgets = [25000, 50000", "budgets = [50000, 25000", "budgets must rise"),
        ('source = "assumption, no source" }', 'source = "somebody" }', "give the page"),
        ('id = "place"', 'id = "support"', "declared twice: support"),
        ('per = "programme"', 'per = "programme"\nshare = 0.5', "go with per"),
        ('per = "programme"', 'per = "year"', "per"),
        ("helped_share = 0.1", "helped_part = 0.1", "helped_part"),
        ("value = 13700", "value = inf", "coordinator"),
        ("value = 13700", 'value = "13,700"', "coordinator"),
    ],
)
def test_faults_are_named(old: str, new: str, message: str, tmp_path: Path) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "costs.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DeclarationError, match=message):
        read_costs(path)
