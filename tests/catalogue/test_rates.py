"""Rates and help as they are shipped, and what is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from pipeline.catalogue import read_index
from pipeline.catalogue.rates import Rates, read_helps, read_rates
from tests.fixtures.folders import DECLARED
from tests.fixtures.rates import declare_rates, make_total


def test_shipped_figures_have_a_source_and_rates_rise_with_age() -> None:
    shipped = read_rates(DECLARED / "rates.toml")
    for figure in shipped.figures:
        assert figure.page.startswith("https://")
        assert figure.source
        assert figure.year >= 2020
    for _, measure in shipped.measures.named:
        rates = [figure.value for rate in measure.rates for figure in reversed(rate.figures)]
        assert rates[0] == min(rates)
        assert max(rates[-2:]) == max(rates)
        assert measure.overall.low < measure.overall.value < measure.overall.high
    assert (shipped.measures.not_online.overall.year, shipped.measures.not_online.overall.value) == (2025, 0.05)
    assert (shipped.measures.without_skills.overall.year, shipped.measures.without_skills.overall.value) == (2023, 0.16)


def test_every_component_of_the_shipped_default_index_has_help() -> None:
    helps = read_helps(DECLARED / "help.toml")
    index = read_index(DECLARED / "indices" / "norfolk-waveney.toml")
    for component in index.components:
        declared = helps.of(component.name)
        assert declared is not None, component.name
        assert all(one.page.startswith("https://") for one in declared.helps)


Change = Callable[[dict[str, Any]], object]


def offline(content: dict[str, Any]) -> dict[str, Any]:
    measure: dict[str, Any] = content["measures"]["not_online"]
    return measure


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: offline(c)["totals"][0].update(low=0.9), "is not between low"),
        (lambda c: offline(c)["totals"].clear(), "totals"),
        (lambda c: offline(c)["totals"].append(make_total(0.1)), "expected one total of all adults"),
        (lambda c: offline(c)["totals"].append(make_total(0.1, "young")), "no such band: young"),
        (lambda c: offline(c)["totals"].extend([make_total(0.1, "old"), make_total(0.1, "old")]), "share an age band"),
        (lambda c: offline(c)["rates"].pop(), "expected one rate for each of the bands rest, old"),
        (lambda c: offline(c)["rates"][0].pop("disabled"), "give either all, or both disabled and not_disabled"),
        (lambda c: offline(c)["rates"][1]["all"].update(value=1.0), "less than 1"),
        (lambda c: c["bands"][0].pop("children"), "needs children"),
        (lambda c: c["bands"].pop(0), "expected one band without column"),
        (lambda c: c["spread"].update(places=0.4), "is above neighbourhoods"),
        (lambda c: c["shape"].update(strength=-1), "greater than or equal to 0"),
        (lambda c: c["measures"].pop("without_skills"), "Field required"),
        (lambda c: c["measures"].update(other={}), "Extra inputs are not permitted"),
    ],
)
def test_what_cannot_be_estimated_from_is_refused(change: Change, message: str) -> None:
    content = declare_rates()
    change(content)
    with pytest.raises(ValidationError, match=message):
        Rates.model_validate(content)
