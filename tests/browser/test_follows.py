"""Every sentence and number on the page follows changed weights, conditions, links and layers, and their way back."""

import re
from urllib.parse import quote

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page

from pipeline.catalogue import Index, read_index
from pipeline.index import rank_scores, score
from tests.fixtures.pages import OpenPage, carried
from tests.fixtures.projects import Demo

WEIGHTS = {"age": 5, "disability": 1, "health": 0.25, "skills": 3, "housing": 0, "household_size": 0.5}
ON_LIST = re.compile(r"[\d,]+(?:st|nd|rd|th) of [\d,]+ on the list")
ANY_RANK = re.compile(r"(?:joint )?([\d,]+)(?:st|nd|rd|th) of ([\d,]+)")
EVERYTHING = """() => {
    for (const element of document.querySelectorAll("details")) element.open = true;
    const texts = [];
    const walker = document.createTreeWalker(document.querySelector(".atlas"), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const parent = walker.currentNode.parentElement;
        const live = "[aria-live], [role=status], .atlas-share, .leaflet-control-scale, .atlas-whole, .atlas-hover";
        const seen = parent.checkVisibility({visibilityProperty: true});
        if (!parent.closest(live) && seen) texts.push(walker.currentNode.textContent);
    }
    // The foot is of the paper, and made when something is printed.
    dispatchEvent(new Event("beforeprint"));
    dispatchEvent(new Event("afterprint"));
    const controls = [...document.querySelectorAll(".atlas input, .atlas select")];
    const values = controls.map((control) => `${control.id}=${control.value}/${control.checked}`);
    return [...texts, ...values, document.querySelector(".atlas-foot").textContent];
}"""
"""Every text that a reader may see, as one list, and what the controls are set to; not what was said in passing."""


def ordinal(number: int) -> str:
    last = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{last}"


def tenth(decile: int) -> str:
    place, end = (decile, "most") if decile <= 5 else (11 - decile, "least")
    return f"{end} at-risk tenth" if place == 1 else f"{ordinal(place)} {end} at-risk tenth"


@pytest.fixture
def index(demo: Demo) -> Index:
    return read_index(demo[0].declared / "indices" / "norfolk-waveney.toml")


@pytest.fixture
def weights(index: Index) -> dict[str, float]:
    return {component.name: WEIGHTS.get(component.name, 1) for component in index.components}


@pytest.fixture
def changed(index: Index, weights: dict[str, float], risk: gpd.GeoDataFrame) -> pd.DataFrame:
    """The table as the engine makes it by other weights: the scores, ranks and tenths of the areas."""
    components = tuple(
        component.model_copy(update={"weight": weights[component.name]})
        for component in index.components
        if weights[component.name]
    )
    other = Index.model_validate(index.model_copy(update={"components": components}).model_dump())
    areas = pd.DataFrame(risk.drop(columns="geometry")).set_index("lsoa21_code", drop=False)
    scores = score(other, areas).score
    ranks = rank_scores(scores, index.ties)
    return areas.assign(risk_score=scores, risk_rank=ranks, risk_decile=np.ceil(10 * ranks / len(ranks)).astype(int))


def fragment(weights: dict[str, float], more: str = "") -> str:
    return f"#weights={quote(','.join(f'{name}:{weight:g}' for name, weight in weights.items()) + ';england')}{more}"


def go(page: Page, address: str) -> None:
    """Another link in the same page, and until it has been followed."""
    page.evaluate(
        """(address) => new Promise((done) => {
            addEventListener("hashchange", () => setTimeout(done, 50), {once: true});
            location.hash = address;
        })""",
        address,
    )


def legend_counts(page: Page) -> list[int]:
    return [
        int(text.replace(",", ""))
        for text in page.locator(".atlas-legend:not(.atlas-legend-second) .atlas-legend-count").all_text_contents()
    ]


def expect_truth(page: Page, table: pd.DataFrame, chosen: pd.DataFrame, *, published: bool) -> None:
    """Hold what the page says against a table: its areas ``chosen`` are those that the conditions leave."""
    code = page.evaluate("window.Atlas.state().area")
    row = table.loc[code]
    standing = page.text_content(".atlas-standing") or ""
    assert f"{ordinal(int(row['risk_rank']))} of {len(table)} · {tenth(row['risk_decile'])}" in standing
    assert f"{row['population_total']:,} residents" in standing
    panel = page.text_content(".atlas-panel") or ""
    assert ("Robust to choices?" in panel) == published
    assert (ordinal(int(row["england_rank"])) in standing.replace(f"of {len(table)}", "")) or not published
    older = chosen["population_65_to_74"].sum() + chosen["population_75_plus"].sum()
    totals = f"{len(chosen)} of {len(table)} areas · {chosen['population_total'].sum():,} people · {older:,} aged 65"
    assert (totals if len(chosen) < len(table) else f"All {len(table)} areas") in (
        page.text_content(".atlas-totals") or ""
    )
    if page.evaluate("window.Atlas.state().layer") == "risk_decile":
        assert legend_counts(page) == [int((chosen["risk_decile"] == decile).sum()) for decile in range(1, 11)]
    listed = page.evaluate(
        """[...document.querySelectorAll(".atlas-table tbody tr")].map((row) =>
            [...row.querySelectorAll("th, td")].map((cell) => cell.textContent))"""
    )
    expected = chosen.sort_values("risk_rank", kind="stable")
    headings = page.locator(".atlas-table thead th").all_text_contents()
    assert [line[0] for line in listed] == expected["place_name"].head(len(listed)).tolist()
    rank = headings.index("Risk rank")
    assert [int(line[rank]) for line in listed] == expected["risk_rank"].head(len(listed)).astype(int).tolist()
    everything = " ".join(page.evaluate(EVERYTHING))
    assert ("not the published index" in everything) == (not published)
    within = {str(len(table)), f"{len(chosen)}", f"{33_755:,}"} | {f"{carried_nation(page):,}"}
    # On the list of where to act an area has a place among fewer; of that the page's tests hold the number.
    for rank, total in ANY_RANK.findall(re.sub(ON_LIST, "", everything)):
        assert total in within, f"{rank} of {total}"
        assert int(rank.replace(",", "")) <= int(total.replace(",", ""))


def carried_nation(page: Page) -> int:
    said = page.text_content(".atlas-nation-rank") or "" if page.locator(".atlas-nation-rank").count() else ""
    found = ANY_RANK.search(said)
    return int(found[2].replace(",", "")) if found else 0


def test_weights_conditions_and_layers_are_followed_and_come_back(
    demo: Demo, open_page: OpenPage, risk: gpd.GeoDataFrame, changed: pd.DataFrame, weights: dict[str, float]
) -> None:
    published = pd.DataFrame(risk.drop(columns="geometry")).set_index("lsoa21_code", drop=False)
    code = published.sort_values("risk_rank").index[40]
    page = open_page(demo[0].page("demo"), f"#area={code}&show=table")
    page.evaluate(EVERYTHING)
    before, address = page.evaluate(EVERYTHING), page.evaluate("location.hash")
    expect_truth(page, published, published, published=True)
    layers = [layer["id"] for layer in carried(demo[0].page("demo"))["layers"]]
    go(page, fragment(weights, f"&area={code}&show=table"))
    expect_truth(page, changed, changed, published=False)
    for layer in layers:
        page.evaluate("id => window.Atlas.setLayer(id)", layer)
        expect_truth(page, changed, changed, published=False)
        sentence = page.text_content(".atlas-sentence") or ""
        # Of the fictional country all is known, as its areas are all on the map.
        unknown = layer in ("worst_decile_probability", "list_probability", "programme_standing", "hotspot")
        assert ("not known with changed weights" in sentence) == unknown, layer
    page.evaluate("window.Atlas.setLayer('risk_decile')")
    go(
        page,
        fragment(
            weights, f"&area={code}&show=table&filter=risk_decile%3C3&beside=imd_decile&pinned={changed.index[3]}"
        ),
    )
    expect_truth(page, changed, changed[changed["risk_decile"] <= 3], published=False)
    page.get_by_role("button", name="Put back", exact=True).click()
    expect_truth(page, published, published[published["risk_decile"] <= 3], published=True)
    go(page, address)
    after = page.evaluate(EVERYTHING)
    assert after == before
    expect_truth(page, published, published, published=True)


@pytest.mark.parametrize("more", ["", "&filter=risk_decile%3C2", "&layer=main_driver", "&beside=imd_decile&show=act"])
def test_a_link_says_what_the_same_choices_say(
    demo: Demo, open_page: OpenPage, weights: dict[str, float], risk: gpd.GeoDataFrame, more: str
) -> None:
    code = risk["lsoa21_code"].iloc[7]
    wanted = fragment(weights, f"&area={code}{more}")
    opened = open_page(demo[0].page("demo"), wanted)
    led = open_page(demo[0].page("demo"))
    go(led, wanted)
    for page in (opened, led):
        page.evaluate(EVERYTHING)
    assert led.evaluate(EVERYTHING) == opened.evaluate(EVERYTHING)
