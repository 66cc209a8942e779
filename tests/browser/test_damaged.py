"""A page that is cut short, foreign or without scripts says so in words, and shows what it can."""

import re
from pathlib import Path

import geopandas as gpd
import pytest

from tests.fixtures.pages import NewPage
from tests.fixtures.projects import Demo


def opened(new_page: NewPage, path: Path, text: str, *, scripts: bool = True) -> str:
    path.write_text(text, encoding="utf-8")
    page = new_page(java_script_enabled=scripts)
    page.goto(path.as_uri())
    page.wait_for_timeout(300)
    shown: str = page.inner_text("body")
    page.close()
    return shown


@pytest.fixture
def html(demo: Demo) -> str:
    return demo[0].page("demo").read_text(encoding="utf-8")


@pytest.mark.parametrize("share", [0.05, 0.3, 0.5, 0.7, 0.9, 0.999])
def test_a_page_that_is_cut_short_says_so(html: str, share: float, new_page: NewPage, tmp_path: Path) -> None:
    shown = opened(new_page, tmp_path / "cut.html", html[: int(share * len(html))])
    assert "cut short" in shown


def test_without_scripts_it_shows_a_map_the_worst_tenth_and_the_sources(
    html: str, risk: gpd.GeoDataFrame, new_page: NewPage, tmp_path: Path
) -> None:
    shown = opened(new_page, tmp_path / "page.html", html, scripts=False)
    worst = risk[risk["risk_decile"] == 1]
    assert all(name in shown for name in worst["lsoa21_name"])
    assert f"{len(worst)} of {len(risk)} neighbourhoods" in shown
    assert "Sources" in shown
    assert "invented" in shown
    assert "Where to act" in shown
    assert '<svg role="img" aria-labelledby="atlas-still-title' in html


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("", "holds no data"),
        ("{", "cannot be read"),
        ("[]", "format undefined"),
        ('{"format": 4}', "format 4"),
        ('{"format": 8, "title": "x"}', "not complete"),
    ],
)
def test_foreign_data_are_said(html: str, data: str, said: str, new_page: NewPage, tmp_path: Path) -> None:
    text = re.sub(r'(id="atlas-data">).*?(</script>)', lambda m: m[1] + data + m[2], html, flags=re.DOTALL)
    shown = opened(new_page, tmp_path / "foreign.html", text)
    assert "The map cannot be shown" in shown
    assert said in shown


def test_damaged_postcodes_leave_the_map(html: str, new_page: NewPage, tmp_path: Path) -> None:
    text = re.sub(r'(?<="postcodes":")..(?=[^"]+","places")', "zz", html)
    assert text != html
    shown = opened(new_page, tmp_path / "page.html", text)
    assert "The postcodes in this page are damaged" in shown
    assert "most at risk" in shown


@pytest.mark.parametrize("part", ["table", "geometry"])
def test_what_follows_the_first_picture_is_held_to_it(html: str, part: str, new_page: NewPage, tmp_path: Path) -> None:
    """Columns and vertices that cannot be read leave no map that looks complete."""
    text = re.sub(rf'(id="atlas-rest">.*?"{part}":")..', r"\1zz", html, flags=re.DOTALL)
    assert text != html
    shown = opened(new_page, tmp_path / "page.html", text)
    assert "The map cannot be shown" in shown
    assert "damaged" in shown
    assert "Sources" in shown
