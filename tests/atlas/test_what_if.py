"""The page's own scoring against the pipeline's: whatever weights a reader chooses, both give the same."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from pipeline import store
from pipeline.catalogue import Index, read_index
from pipeline.errors import ScoringError
from pipeline.index import score
from pipeline.index.rank import TOLERANCE
from pipeline.store.records import RiskRecord
from tests.fixtures import scoring_cases as build
from tests.fixtures.folders import DECLARED, FIXTURES, NODE, PAGE
from tests.fixtures.indices import make_component, make_index, make_table
from tests.fixtures.projects import REAL, Built, Demo

INDICES = sorted((DECLARED / "indices").glob("*.toml"))
MANY = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
CLOSE = 1e-6


class Page:
    """The page's scoring code in one process of node."""

    def __init__(self, folder: Path) -> None:
        entry = folder / "entry.ts"
        source = (PAGE / "src").as_posix()
        entry.write_text(
            f'export {{ Scorer }} from "{source}/scoring/score";\n'
            f'export {{ indexFile }} from "{source}/model/index-file";\n'
        )
        options = {"entryPoints": [str(entry)], "bundle": True, "format": "esm", "outfile": str(folder / "scoring.mjs")}
        esbuild = (PAGE / "node_modules" / "esbuild" / "lib" / "main.js").as_uri()
        code = f"import esbuild from {json.dumps(esbuild)}; await esbuild.build({json.dumps(options)});"
        subprocess.run([str(NODE), "--input-type=module", "--eval", code], check=True)
        script = folder / "scorer.mjs"
        script.write_text((FIXTURES / "scorer.mjs").read_text(encoding="utf-8"), encoding="utf-8")
        self._process = subprocess.Popen(
            [str(NODE), str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )

    def ask(self, what: str, **more: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"ask": what, **more}) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the page's code stopped: see its error above"
        told: dict[str, Any] = json.loads(answer)
        return told

    def open(self, index: Index, table: pd.DataFrame, nation: int, reference: str = "england") -> list[str]:
        answer = self.ask(
            "open",
            page="page",
            index=build.index_info(index),
            columns=build.columns_of(table),
            nation={"title": "the nation", "areas": nation},
            reference=reference,
        )
        references: list[str] = answer["references"]
        return references

    def score(self, weights: list[float], reference: str, selection: list[int] | None = None) -> dict[str, Any]:
        return self.ask("score", page="page", weights=weights, reference=reference, selection=selection)

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(timeout=30)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    running = Page(tmp_path_factory.mktemp("scorer"))
    yield running
    running.close()


def numbers(values: list[float | None]) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values])


def check(got: dict[str, Any], expected: dict[str, list[float | None]], scale: float = 100.0) -> None:
    """Scores to a millionth; ranks and deciles the same, but where two scores are so near to being a tie."""
    assert "problem" not in got, got
    assert np.allclose(numbers(got["score"]), numbers(expected["score"]), rtol=0, atol=CLOSE, equal_nan=True)
    if got["rank"] == expected["rank"]:
        assert got["decile"] == expected["decile"]
        return
    differs = np.flatnonzero(numbers(got["rank"]) != numbers(expected["rank"]))
    known = numbers(expected["score"])
    for row in differs:
        apart = np.sort(np.abs(known - known[row]))[1:]
        near = np.abs(apart - TOLERANCE * 100 / scale) < 1e-11 * 100 / scale
        assert near.any() or np.isnan(known[row]), f"row {row}: rank {got['rank'][row]}, not {expected['rank'][row]}"


def test_the_cases_of_the_browser_tests_are_those_of_the_engine() -> None:
    """Run ``python -m tests.fixtures.scoring_cases`` where this fails on purpose."""
    assert build.CASES.stat().st_size < 200_000
    same(json.loads(build.CASES.read_text(encoding="utf-8")), json.loads(build.as_text()))


def same(a: Any, b: Any) -> None:
    assert type(a) is type(b) or {type(a), type(b)} == {int, float}
    if isinstance(a, dict):
        assert list(a) == list(b)
        for key in a:
            same(a[key], b[key])
    elif isinstance(a, list):
        assert len(a) == len(b)
        for left, right in zip(a, b, strict=True):
            same(left, right)
    else:
        assert a == (pytest.approx(b, rel=1e-8, abs=1e-8) if isinstance(b, float) else b)


COLUMNS = ("one", "two", "three", "four")
NORMALISATIONS = ("min-max", "percentile", "rank-exponential")
AGGREGATIONS = ("arithmetic", "geometric", "weighted-sum")


@st.composite
def indices(draw: st.DrawFn) -> Index:
    """One to three components over four columns, with everything that an index file can say."""
    z_scores = draw(st.booleans()) and draw(st.booleans())
    normalisation = "z-score" if z_scores else draw(st.sampled_from(NORMALISATIONS))
    allowed = ("arithmetic", "weighted-sum") if z_scores else AGGREGATIONS
    weight = st.sampled_from([0.05, 0.1, 0.2, 0.25])
    components = []
    for number in range(draw(st.integers(1, 3))):
        columns = draw(st.lists(st.sampled_from(COLUMNS), min_size=1, max_size=3, unique=True))
        own = make_component(
            f"part_{number}",
            draw(weight),
            *((column, draw(st.sampled_from([1, -1])), draw(weight)) for column in columns),
            aggregation=draw(st.sampled_from([None, *allowed])),
        )
        if not z_scores:
            mixed = [
                i.model_copy(update={"normalisation": draw(st.sampled_from([None, *NORMALISATIONS]))})
                for i in own.indicators
            ]
            own = own.model_copy(update={"indicators": tuple(mixed)})
        components.append(own)
    missing = draw(st.sampled_from(["error", "reweight", "impute"]))
    return make_index(
        normalisation,
        *components,
        scale=draw(st.sampled_from([1, 10, 100])),
        within_components=draw(st.sampled_from(allowed)),
        aggregation=draw(st.sampled_from(allowed)),
        missing=missing,
        impute_by="kind" if missing == "impute" else None,
        ties=draw(st.sampled_from(["min", "average", "code"])),
    )


@st.composite
def nations(draw: st.DrawFn, gaps: bool) -> pd.DataFrame:
    """Areas with ties, fractions, negative numbers and, where the index allows them, gaps; codes in no order."""
    count = draw(st.integers(3, 24))
    value = st.one_of(st.integers(-3, 9).map(float), st.floats(-1e3, 1e3).map(lambda number: round(number, 3)))
    cell = st.one_of(value, value, value, st.just(float("nan"))) if gaps else value
    codes = [f"E{number:08}" for number in draw(st.permutations(range(count)))]
    columns = {name: draw(st.lists(cell, min_size=count, max_size=count)) for name in COLUMNS}
    kinds = draw(st.lists(st.sampled_from(["town", "country"]), min_size=count, max_size=count))
    return make_table(codes, columns).assign(kind=kinds)


@pytest.mark.slow
@given(st.data())
@MANY
def test_any_index_any_areas_any_weights(page: Page, data: st.DataObject) -> None:
    index = data.draw(indices())
    nation = data.draw(nations(index.missing != "error"))
    codes = list(nation.index[: data.draw(st.integers(2, len(nation)))])
    areas = nation.loc[codes]
    own = data.draw(st.sampled_from(["england", "area"]))
    compared = {"england": nation, "area": areas}
    try:
        table = build.page_table(index, areas, compared[own])
    except ScoringError:
        assume(False)
    flags = data.draw(st.lists(st.integers(0, 1), min_size=len(codes), max_size=len(codes)))
    compared["selection"] = areas[np.array(flags, dtype=bool)]
    references = page.open(index, table, len(nation), own)
    whole = len(codes) == len(nation)
    assert references == ([own, "selection"] if whole or own == "area" else ["england", "area", "selection"])
    unscalable = index.normalisation == "z-score" and own == "england" and not whole
    for reference in references:
        if reference == "selection" and compared[reference].empty:
            continue
        weight = st.sampled_from([0.0, 0.01, 0.1, 0.25, 1 / 3])
        weights = [data.draw(weight) for _ in index.components]
        ranked = compared["selection"] if reference == "selection" else areas
        got = page.score(weights, reference, flags)
        if not any(weights):
            assert "Every weight is 0" in got["problem"]
            continue
        if reference == "england" and unscalable:
            assert "standard deviations" in got["problem"]
            continue
        expected = build.expected(index, weights, areas, compared[reference], ranked)
        if expected is not None:
            check(got, expected, index.scale)
        elif "problem" not in got:
            # The engine refuses an area without any value; the page leaves it out of the ranks.
            assert index.missing == "reweight"
            assert None in got["score"]
            assert all((s is None) <= (r is None) for s, r in zip(got["score"], got["rank"], strict=True))


@pytest.mark.slow
@given(st.data())
@MANY
def test_the_published_weights_give_what_the_page_came_with(page: Page, data: st.DataObject) -> None:
    index = data.draw(indices())
    nation = data.draw(nations(index.missing != "error"))
    areas = nation.iloc[: data.draw(st.integers(2, len(nation)))]
    own = data.draw(st.sampled_from(["england", "area"]))
    try:
        table = build.page_table(index, areas, nation if own == "england" else areas)
    except ScoringError:
        assume(False)
    assume(index.normalisation != "z-score" or own == "area" or len(areas) == len(nation))
    page.open(index, table, len(nation), own)
    got = page.score([component.weight for component in index.components], own)
    expected = {name: build.listed(table[f"risk_{name}"]) for name in ("score", "rank", "decile")}
    check(got, expected, index.scale)
    for component, values in zip(index.components, got["components"], strict=True):
        known = table[f"component_{component.name}"].to_numpy()
        assert np.allclose(numbers(values), known, rtol=0, atol=CLOSE, equal_nan=True)


WORDS = st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"]), max_size=30)
"""Without the control characters that a declared file cannot hold."""
HOSTILE = WORDS.filter(lambda text: bool(text.strip()))


@given(st.data())
@MANY
def test_what_the_page_saves_is_an_index_that_the_pipeline_reads(
    page: Page, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    index = data.draw(indices())
    text = {key: data.draw(HOSTILE) for key in ("title", "description", "source")}
    whys = [data.draw(WORDS) for _ in index.components]
    components = [
        component.model_copy(update={"why": why.strip()}) for component, why in zip(index.components, whys, strict=True)
    ]
    index = index.model_copy(update={key: value.strip() for key, value in text.items()})
    index = index.model_copy(update={"components": tuple(components)})
    weights = [data.draw(st.sampled_from([0.0, 0.1, 0.3, 1e-5])) for _ in index.components]
    assume(any(weights))
    made = {"title": data.draw(HOSTILE), "built": "2026-11-23T01:02:03Z", "on": "2026-12-01T12:00:00Z"}
    file = page.ask("file", index=build.index_info(index), weights=weights, made=made)
    assert file["name"] == "test-changed.toml"
    assert file["text"].startswith("# Made on the page ")
    path = tmp_path_factory.mktemp("index") / file["name"]
    path.write_text(file["text"], encoding="utf-8", newline="\n")
    read = read_index(path)
    given_ = build.index_info(build.reweighted(index, weights))
    changed = {"id": "test-changed", "title": f"{index.title} (changed weights)"}
    assert build.index_info(read) == {**given_, **changed}


@pytest.mark.parametrize("path", INDICES, ids=lambda path: path.stem)
def test_a_declared_index_is_saved_whole(page: Page, tmp_path: Path, path: Path) -> None:
    index = read_index(path)
    weights = [component.weight / 2 for component in index.components]
    made = {"title": "The area", "built": "2026-11-23", "on": "2026-12-01T12:00:00Z"}
    file = page.ask("file", index=build.index_info(index), weights=weights, made=made)
    (tmp_path / file["name"]).write_text(file["text"], encoding="utf-8")
    read = read_index(tmp_path / file["name"])
    changed = {"id": f"{index.id}-changed", "title": f"{index.title} (changed weights)"}
    assert read == build.reweighted(index, weights).model_copy(update=changed)


@pytest.mark.parametrize("path", INDICES, ids=lambda path: path.stem)
def test_declared_indices_over_the_fictional_area(page: Page, demo: Demo, path: Path) -> None:
    project, _ = demo
    risk = store.read_table(project.processed("demo") / "joined.parquet").set_index("lsoa21_code")
    nation = store.read_table(project.national("demo") / "reference.parquet").set_index("lsoa21_code")
    index = read_index(path)
    compare_random_weights(page, index, nation, risk[[*index.columns]], 5)


@pytest.fixture(scope="module")
def england(real: Built) -> pd.DataFrame:
    return real[0].nation_table()


@pytest.mark.parametrize("path", INDICES, ids=lambda path: path.stem)
def test_norfolk_and_waveney(page: Page, real: Built, england: pd.DataFrame, path: Path) -> None:
    risk = real[0].table(REAL, "risk").set_index("lsoa21_code")
    index = read_index(path)
    compare_random_weights(page, index, england, risk[[*index.columns]], 10)


def test_the_page_of_norfolk_and_waveney_gives_its_published_scores(
    page: Page, real: Built, england: pd.DataFrame
) -> None:
    risk = real[0].table(REAL, "risk").set_index("lsoa21_code")
    index = project_index(real[0].processed(REAL) / "risk.parquet")
    page.open(index, risk, len(england))
    got = page.score([component.weight for component in index.components], "england")
    expected = {name: build.listed(risk[f"risk_{name}"]) for name in ("score", "rank", "decile")}
    check(got, expected)


def test_all_england_is_scored_again_within_a_frame_or_two(page: Page, england: pd.DataFrame) -> None:
    index = read_index(DECLARED / "indices" / "norfolk-waveney.toml")
    times = compare_random_weights(page, index, england, england[[*index.columns]], 6)
    assert np.median(times) < 100


def project_index(path: Path) -> Index:
    declared = store.read_record(path, RiskRecord).model_dump(mode="json")["index"]
    return Index.model_validate(declared)


def compare_random_weights(
    page: Page, index: Index, nation: pd.DataFrame, areas: pd.DataFrame, times: int
) -> list[float]:
    """Random weights against every comparison; how long the page took for each but the first, milliseconds."""
    random = np.random.default_rng(7)
    whole = len(areas) == len(nation)
    table = build.page_table(index, areas, nation)
    references = page.open(index, table, len(nation))
    flags = (random.random(len(areas)) < 0.4).astype(int)
    compared = {"england": nation, "area": areas, "selection": areas[flags.astype(bool)]}
    took = []
    for reference in references:
        for run in range(times if reference != "selection" else 2):
            weights = np.round(random.random(len(index.components)) * 5 * 4) / 4
            weights[0] += 0.25
            if index.aggregation == "weighted-sum":
                weights /= weights.sum()
            ranked = compared["selection"] if reference == "selection" else areas
            got = page.score(weights.tolist(), reference, flags.tolist())
            expected = build.expected(index, weights.tolist(), areas, compared[reference], ranked)
            assert expected is not None
            check(got, expected, index.scale)
            if run:
                took.append(got["milliseconds"])
    assert references == (["england", "selection"] if whole else ["england", "area", "selection"])
    return took


def test_leaving_a_component_out_is_giving_it_no_weight() -> None:
    index = make_index("percentile", make_component("a", 1, ("one", 1, 1)), make_component("b", 1, ("two", 1, 1)))
    table = make_table(["E1", "E2", "E3"], {"one": [1, 2, 3], "two": [9, 7, 8]})
    changed = build.reweighted(index, [0, 2])
    assert score(changed, table).rank.to_list() == [1, 3, 2]
