"""Where to act on the page: the list, its file and its paper against the pipeline's own, and by other weights."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline import store
from pipeline.act.exclusion import exclusion
from pipeline.catalogue import Index, read_index
from pipeline.catalogue.places import Exclusion, read_places_declaration
from pipeline.catalogue.rates import Driver, Help, Helps, read_helps
from pipeline.index import rank_scores, score
from pipeline.risk.drivers import drivers
from tests.folders import ASSETS
from tests.index.builders import make_component, make_index

BROWSER = ASSETS.parent
NODE = Path(sys.prefix) / "bin" / "node"
WEIGHTS = [5, 0.25, 1, 3, 2, 1, 0.5, 4]
CHANGED = f"weights={','.join(map(str, WEIGHTS))};england"


@pytest.fixture
def areas(demo):
    return store.read_table(demo[0].processed("demo") / "risk.parquet").set_index("lsoa21_code")


def saved_list(page):
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as CSV").click()
    return pd.read_csv(download.value.path(), encoding="utf-8-sig"), download.value.suggested_filename


def test_it_is_one_click_from_the_map_and_holds_what_the_pipeline_lists(demo, open_page):
    page = open_page(demo[0].page("demo"))
    page.get_by_role("button", name="Where to act", exact=True).click()
    assert page.evaluate("window.Atlas.state().show") == "act"
    saved, name = saved_list(page)
    expected = pd.read_csv(demo[0].processed("demo") / "priorities.csv", encoding="utf-8-sig")
    assert list(saved.columns) == list(expected.columns)
    assert saved["lsoa21_code"].tolist() == expected["lsoa21_code"].tolist()
    for column in expected.columns:
        if pd.api.types.is_numeric_dtype(expected[column]):
            # The page rounds what it shows; a distance to a metre.
            assert np.allclose(saved[column], expected[column], rtol=1e-3, atol=0.51, equal_nan=True), column
        else:
            assert saved[column].fillna("").tolist() == expected[column].fillna("").tolist(), column
    assert name.endswith("where-to-act-worst-tenth.csv")
    assert page.locator(".atlas-act tbody tr").count() == len(expected)


def test_it_says_whom_it_reaches_and_misses(demo, open_page, areas):
    page = open_page(demo[0].page("demo"), "#show=act")
    worst = areas[areas["exclusion_decile"] == 1]
    share = worst["people_at_risk"].sum() / areas["people_at_risk"].sum()
    said = page.inner_text(".atlas-act-totals")
    assert f"{len(worst)} neighbourhoods hold" in said
    assert f"({round(100 * share)}%, an estimate): the list misses {100 - round(100 * share)}%" in said


def test_selects_and_conditions_narrow_it(demo, open_page, areas):
    page = open_page(demo[0].page("demo"), "#show=act")
    page.get_by_label("How many").select_option("All areas")
    driver = areas["main_driver"].value_counts().index[0]
    page.locator("#atlas-act-driver").select_option(driver)
    wanted = areas[areas["main_driver"] == driver]
    saved, _ = saved_list(page)
    assert saved["lsoa21_code"].tolist() == wanted.sort_values("exclusion_rank", kind="stable").index.tolist()
    page.locator(".atlas-filter > summary").click()
    page.locator("#atlas-filter-where-to-act").select_option("Worst fifth")
    saved, name = saved_list(page)
    both = wanted[wanted["exclusion_decile"] <= 2]
    assert sorted(saved["lsoa21_code"]) == sorted(both.index)
    assert "chosen" in name
    chosen = (areas["exclusion_decile"] <= 2).sum()
    assert f"Only from the {chosen} areas" in page.inner_text(".atlas-act")


def test_the_main_driver_is_one_condition(demo, open_page, areas):
    page = open_page(demo[0].page("demo"))
    page.locator(".atlas-filter > summary").click()
    helps = read_helps(demo[0].declared / "help.toml")
    titles = page.locator("#atlas-filter-main-driver option").all_inner_texts()
    assert titles[0] == "Any"
    assert len(titles) == 1 + areas["main_driver"].nunique()
    income = helps.of("income")
    if "Income deprivation" in set(areas["main_driver"]) and income is not None:
        assert f"Income deprivation ({income.sentence.split(': ')[1]})" in titles
    title = areas["main_driver"].value_counts().index[-1]
    page.locator("#atlas-filter-main-driver").select_option(title)
    count = (areas["main_driver"] == title).sum()
    assert page.inner_text(".atlas-totals").startswith(f"{count} of 240 areas")
    assert "main_driver" in page.evaluate("location.hash")


def test_an_area_opens_from_it_with_its_support(demo, open_page, areas):
    page = open_page(demo[0].page("demo"), "#show=act")
    first = areas.sort_values("exclusion_rank", kind="stable").iloc[0]
    page.locator(".atlas-act-area").first.click()
    panel = page.inner_text(".atlas-panel")
    assert f"1st of {len(areas)} for high risk with little support · worst tenth" in panel
    assert f"{first['exclusion_worst_decile_probability']:.0%} of the ways to calculate it" in panel
    assert "Nearest support" in panel
    place = page.locator(".atlas-near-name").first
    place.click()
    assert place.locator("bdi").inner_text() in page.inner_text(".atlas-box")


def test_other_weights_give_what_the_pipeline_would(demo, open_page, areas):
    index = read_index(demo[0].declared / "indices" / "norfolk-waveney.toml")
    helps = read_helps(demo[0].declared / "help.toml")
    components = tuple(c.model_copy(update={"weight": w}) for c, w in zip(index.components, WEIGHTS, strict=True))
    changed = Index.model_validate(index.model_copy(update={"components": components}).model_dump())
    scored = score(changed, areas)
    page = open_page(demo[0].page("demo"), f"#show=act&{CHANGED}")
    assert "By changed weights: this is not the published list" in page.inner_text(".atlas-act")
    page.get_by_label("How many").select_option("All areas")
    saved, name = saved_list(page)
    saved = saved.set_index("lsoa21_code")
    assert "weights-changed" in name
    codes = saved.index
    assert saved["risk_rank"].tolist() == rank_scores(scored.score, index.ties).reindex(codes).tolist()
    how = read_places_declaration(demo[0].declared / "places.toml").exclusion
    expected = exclusion(scored.score, areas["capacity_score"].reindex(scored.score.index), how).reindex(codes)
    assert saved["exclusion_rank"].tolist() == expected["exclusion_rank"].tolist()
    assert saved["exclusion_decile"].tolist() == expected["exclusion_decile"].tolist()
    assert saved["exclusion_worst_decile_probability"].isna().all()
    assert saved["worst_decile_probability"].isna().all()
    means = json.loads((demo[0].processed("demo") / "risk.parquet.meta.json").read_text())["nation"]["means"]
    found = drivers(areas, means, changed, helps).frame.reindex(codes)
    titles = {component.name: component.title for component in index.components}
    assert saved["main_driver"].fillna("").tolist() == found["main_driver"].map(titles).fillna("").tolist()
    assert saved["points_to"].fillna("").tolist() == found["points_to"].fillna("").tolist()


def test_it_prints_alone(demo, open_page):
    page = open_page(demo[0].page("demo"), "#show=act")
    page.evaluate("window.print = () => {}")
    page.get_by_role("button", name="Print this list").click()
    page.emulate_media(media="print")
    assert page.locator(".atlas-act table").is_visible()
    assert page.locator(".atlas-act-paper").is_visible()
    assert "The risk is of the place, not of the person" in page.inner_text(".atlas-act-paper")
    assert "Fictional data" in page.inner_text("header")
    for hidden in (".atlas-map", ".atlas-side", ".atlas-act-choices"):
        assert page.locator(hidden).is_hidden(), hidden
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".atlas-map").is_visible()


@pytest.mark.parametrize("width", [320, 760, 1440])
def test_rows_are_cards_where_columns_have_no_room(demo, open_page, width):
    page = open_page(demo[0].page("demo"), "#show=act", viewport={"width": width, "height": 900})
    cards = page.locator(".atlas-act-label").first.is_visible()
    assert cards == (width < 1000)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # A table for those who listen, whatever it looks like.
    assert page.get_by_role("columnheader", name="Rank by risk alone").count() == 1
    assert page.locator(".atlas-act").get_by_role("rowheader").count() > 5


ENTRY = """
import {{ exclusionColumns }} from "{source}/exclusion";
import {{ driverColumns }} from "{source}/drivers";
import {{ rankScores }} from "{source}/ranking";

const floats = (list: (number | null)[]) => Float64Array.from(list, (value) => value ?? NaN);
const plain = (list: Iterable<number>) => Array.from(list, (value) => (Number.isNaN(value) ? null : value));

export function run(cases: any[]) {{
  return cases.map((one) => {{
    const risk = rankScores(floats(one.risk), "min", () => new Int32Array());
    const columns = exclusionColumns(risk, floats(one.capacity), one.how);
    const scores = one.components.map((_: any, i: number) => floats(one.scores[i]));
    const {{ mainDriver, pointsTo }} = driverColumns(one.components, one.weights, scores, one.means, one);
    const texts = ({{ values, codes }}: typeof mainDriver) => Array.from(codes, (code) => values[code] ?? null);
    return {{
      score: plain(columns.get("exclusion_score")!),
      rank: plain(columns.get("exclusion_rank")!),
      decile: plain(columns.get("exclusion_decile")!),
      main: texts(mainDriver),
      points: texts(pointsTo),
    }};
  }});
}}
"""


def in_the_browser(folder, cases):
    """What the page's formulas make of these cases."""
    entry = folder / "entry.ts"
    entry.write_text(ENTRY.format(source=(BROWSER / "src").as_posix()), encoding="utf-8")
    (folder / "cases.json").write_text(json.dumps(cases), encoding="utf-8")
    options = {"entryPoints": [str(entry)], "bundle": True, "format": "esm", "outfile": str(folder / "act.mjs")}
    esbuild = (BROWSER / "node_modules" / "esbuild" / "lib" / "main.js").as_uri()
    code = (
        f"import esbuild from {json.dumps(esbuild)}; import {{ readFileSync }} from 'node:fs';"
        f"await esbuild.build({json.dumps(options)});"
        f"const {{ run }} = await import({json.dumps((folder / 'act.mjs').as_uri())});"
        f"console.log(JSON.stringify(run(JSON.parse(readFileSync({json.dumps(str(folder / 'cases.json'))}, 'utf8')))));"
    )
    done = subprocess.run(
        [str(NODE), "--input-type=module", "--eval", code], check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout)


def test_the_formulas_are_those_of_the_pipeline(tmp_path):
    """Random areas with ties, gaps and extremes: scores, ranks, tenths, drivers and sides."""
    random = np.random.default_rng(7)
    cases, expected = [], []
    names = ["one", "two", "three", "four"]
    for number in range(60):
        rows = int(random.integers(1, 40))
        codes = pd.Index([f"E{row:08}" for row in range(rows)])
        risk = pd.Series(random.integers(0, 11, rows) * 10.0, index=codes)
        capacity = pd.Series(random.choice([0, 0, 25, 50, 75, 100], rows).astype(float), index=codes)
        weight = float(random.choice([0.25, 0.5, 0.75]))
        how = Exclusion(formula="geometric" if number % 2 else "arithmetic", risk_weight=weight)
        weights = random.choice([0.5, 1, 2, 4], 4).tolist()
        parts = [make_component(name, weight, ("x", 1, 1.0)) for name, weight in zip(names, weights, strict=True)]
        index = make_index("percentile", *parts)
        scores = pd.DataFrame(
            random.choice([0.0, 25.0, 50.0, 62.5, 100.0], (rows, 4)),
            index=codes,
            columns=[f"component_{n}" for n in names],
        )
        if number % 3 == 0:
            scores[random.random(scores.shape) < 0.2] = np.nan
        means = dict(zip(scores.columns, random.choice([50.0, 50.0, 25.0, 100.0], 4).tolist(), strict=True))
        sides = ["people", "infrastructure", "people", random.choice(["people", "infrastructure"])]
        declared = list(zip(names, sides, strict=True))[: int(random.integers(1, 5))]
        helps = Helps(
            both_within=float(random.choice([0, 10])),
            drivers=tuple(
                Driver(
                    component=n, side=s, sentence="x", helps=(Help(what="x", source="x", page="https://example.org"),)
                )
                for n, s in declared
            ),
        )
        cases.append(
            {
                "risk": risk.tolist(),
                "capacity": capacity.tolist(),
                "how": how.model_dump(),
                "components": [{"name": n, "title": n, "column": f"component_{n}"} for n in names],
                "weights": weights,
                "scores": [[None if np.isnan(v) else v for v in scores[c]] for c in scores.columns],
                "means": [means[c] for c in scores.columns],
                "helps": [{"component": n, "side": str(s)} for n, s in declared],
                "both_within": helps.both_within,
            }
        )
        expected.append((exclusion(risk, capacity, how), drivers(scores, means, index, helps).frame))
    for got, (columns, found) in zip(in_the_browser(tmp_path, cases), expected, strict=True):
        assert np.allclose(got["score"], columns["exclusion_score"], rtol=0, atol=1e-9)
        assert got["rank"] == columns["exclusion_rank"].tolist()
        assert got["decile"] == columns["exclusion_decile"].tolist()
        assert got["main"] == [None if pd.isna(v) else v for v in found["main_driver"]]
        assert got["points"] == [None if pd.isna(v) else v for v in found["points_to"]]
