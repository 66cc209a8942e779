"""Rates and help as they are shipped, and what is refused."""

from pathlib import Path

import pytest

from pipeline.catalogue import read_index
from pipeline.catalogue.rates import read_helps, read_rates
from pipeline.errors import DeclarationError
from tests.fixtures.folders import DECLARED


def test_shipped_rates_have_a_source_for_each_figure_and_rise_with_age() -> None:
    shipped = read_rates(DECLARED / "rates.toml")
    assert [band.low.value for band in shipped.bands] == sorted(band.low.value for band in shipped.bands)
    assert [band.high.value for band in shipped.bands] == sorted(band.high.value for band in shipped.bands)
    for band in shipped.bands:
        for one in filter(None, (band.low, band.high, band.adults)):
            assert one.page.startswith("https://")


def test_every_component_of_the_shipped_default_index_has_help() -> None:
    helps = read_helps(DECLARED / "help.toml")
    index = read_index(DECLARED / "indices" / "norfolk-waveney.toml")
    for component in index.components:
        declared = helps.of(component.name)
        assert declared is not None, component.name
        assert all(one.page.startswith("https://") for one in declared.helps)


def test_low_above_high_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "rates.toml"
    row = 'measure="m", source="s", year=2020, page="https://www.example.org/p", accessed_as="p"'
    file.write_text(f'title="t"\n[[bands]]\nid="a"\ntitle="a"\nlow={{value=0.5, {row}}}\nhigh={{value=0.1, {row}}}\n')
    with pytest.raises(DeclarationError, match="above high"):
        read_rates(file)
