"""The page on an area's method: what it says, in a real browser, by axe's rules, and that it asks for nothing."""

import html
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from pipeline import store
from pipeline.reports import Beside, compose_method_page, record_sensitivity
from pipeline.reports.charts import Bar, Interval, bar_chart, heat_map, rank_chart, two_decimals
from pipeline.reports.elements import Markup, escape, table
from pipeline.reports.sections import percent
from pipeline.stages.requests import IndexTrial
from pipeline.store.records import ConcentrationUsed, RiskRecord, SensitivityRecord
from tests.fixtures.hostile import HOSTILE
from tests.fixtures.method import EVIDENCE, MethodParts, analyse_demo, make_method_parts
from tests.fixtures.projects import Demo

SECTIONS = [
    "index",
    "varied",
    "ranks",
    "right",
    "choices",
    "removed",
    "twice",
    "effective",
    "hotspots",
    "kinds",
    "priority-groups",
    "act",
    "programmes",
    "checks",
    "limits",
]

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def made(demo: Demo) -> MethodParts:
    return make_method_parts(demo[0])


def with_words(record: RiskRecord, text: str) -> RiskRecord:
    """A record with ``text`` wherever a declared file has words."""
    components = tuple(
        component.model_copy(
            update={
                "title": text,
                "why": text,
                "indicators": tuple(i.model_copy(update={"against_meaning": text}) for i in component.indicators),
            }
        )
        for component in record.index.components
    )
    index = record.index.model_copy(
        update={"title": text, "description": text, "source": text, "components": components}
    )
    kinds = record.kinds.model_copy(
        update={
            "why": text,
            "kinds": tuple(kind.model_copy(update={"title": text, "sentence": text}) for kind in record.kinds.kinds),
        }
    )
    sources = [s.model_copy(update={"title": text, "publisher": text, "release": text}) for s in record.sources]
    return record.model_copy(update={"title": text, "index": index, "kinds": kinds, "sources": sources})


def tags(page: str) -> list[str]:
    """The elements of a page, in order."""
    outline = _Tags()
    outline.feed(page)
    return outline.opened


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.opened.append(" ".join([tag, *(name for name, _ in attrs)]))


class _Outline(HTMLParser):
    """The ids of headings, and whether every element that was opened is closed."""

    VOID = ("meta", "br", "rect", "line", "circle")

    def __init__(self) -> None:
        super().__init__()
        self.headings: list[str | None] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "h2":
            self.headings.append(dict(attrs)["id"])
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_has_every_section_and_is_well_formed(demo: Demo) -> None:
    text = demo[0].method_page("demo").read_text(encoding="utf-8")
    outline = _Outline()
    outline.feed(text.replace("<!DOCTYPE html>", "").replace("/>", ">"))
    assert outline.open == []
    assert outline.headings == SECTIONS
    assert "Fictional data" in text
    assert '<html lang="en-GB">' in text


def test_nothing_can_be_asked_of_the_network(demo: Demo) -> None:
    text = demo[0].method_page("demo").read_text(encoding="utf-8")
    assert "default-src &#x27;none&#x27;" in text
    assert not re.search(r"<(script|link|img|iframe|object)|@import|url\(|\ssrc=|\shref=", text)


def test_the_page_of_the_map_links_to_sections_that_are_there(made: MethodParts) -> None:
    source = (ROOT / "page/src/model/method.ts").read_text(encoding="utf-8")
    sections = re.findall(r"^  (\w+): \"", source, re.MULTILINE)
    text = compose_method_page(*made)
    assert len(sections) >= 5
    assert [name for name in sections if f'<h2 id="{name}">' not in text] == []


def test_figures_are_those_of_the_table(made: MethodParts) -> None:
    frame, record, _ = made
    text = compose_method_page(*made)
    worst = frame["risk_decile"] == 1
    stay = int((frame.loc[worst, "worst_decile_probability"] >= 0.9).sum())
    assert f"{stay} of the {worst.sum()} areas in the worst tenth" in text
    first = frame.sort_values("risk_rank").iloc[0]
    assert f"<td>{first['lsoa21_code']}</td>" in text
    assert record.hotspots is not None
    assert record.hotspots.counts == {name: int((frame["hotspot"] == name).sum()) for name in record.hotspots.counts}


def test_every_drawing_has_a_table_of_the_same(made: MethodParts) -> None:
    text = compose_method_page(*made)
    assert text.count("<svg role=") == text.count("<summary>These figures as a table</summary>") == 4
    assert all(re.search(r'aria-label="[^"]{20,}"', svg) for svg in re.findall(r"<svg[^>]*>", text))


def test_evidence_appears_only_where_there_is_some(made: MethodParts) -> None:
    assert 'id="evidence"' not in compose_method_page(*made)
    text = compose_method_page(*made, Beside([EVIDENCE]))
    assert "Share &lt;online&gt;, available for 1,234 areas" in text
    assert "0.81 (0.80 to 0.82)" in text
    assert "norfolk-waveney *" in text
    assert "−0.61 (−0.63 to −0.60)" in text
    assert "<td>0.79" not in text


def test_text_from_data_is_escaped(made: MethodParts) -> None:
    frame, record, sensitivity = made
    frame = frame.assign(lsoa21_name="<b>&\"'")
    record = record.model_copy(update={"title": "<script>alert(1)</script>"})
    text = compose_method_page(frame, record, sensitivity)
    assert "<script" not in text
    assert "<b>" not in text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_on_the_page(made: MethodParts, text: str) -> None:
    frame, record, sensitivity = made
    plain, hostile = (
        compose_method_page(frame.assign(lsoa21_name=words), with_words(record, words), sensitivity, Beside([EVIDENCE]))
        for words in ("words", text)
    )
    assert tags(hostile) == tags(plain)
    assert not re.search(r"<(script|img|svg onload|link|iframe)", hostile)
    assert html.escape(text, quote=True) in hostile


def test_an_indicator_that_counts_against_its_meaning_is_named_with_the_reason(made: MethodParts) -> None:
    frame, record, sensitivity = made
    assert "against its meaning" not in compose_method_page(frame, record, sensitivity)
    component = record.index.components[0]
    turned = component.indicators[0].model_copy(update={"direction": -1, "against_meaning": "Because of <this>."})
    other = component.model_copy(update={"indicators": (turned, *component.indicators[1:])})
    index = record.index.model_copy(update={"components": (other, *record.index.components[1:])})
    text = compose_method_page(frame, record.model_copy(update={"index": index}), sensitivity)
    assert "a lower value counts as more risk, against its meaning. Because of &lt;this&gt;." in text


def test_an_index_in_which_nothing_varies_or_can_be_left_out(
    made: MethodParts,
) -> None:
    frame, record, sensitivity = made
    assert record.uncertainty is not None
    still = record.uncertainty.model_copy(
        update={
            "concentration": ConcentrationUsed(components=None, within_components=None),
            "normalisations": ("percentile",),
            "aggregations": ("arithmetic",),
            "noise": (),
            "tolerance": None,
        }
    )
    empty = sensitivity.model_copy(update={"choices": (), "removed": ()})
    text = compose_method_page(frame, record.model_copy(update={"uncertainty": still}), empty)
    assert "Nothing: every draw is the index as declared." in text
    assert "No choice was varied" in text
    assert "cannot be left out" in text


def test_sensitivity_is_kept_beside_the_page(demo: Demo) -> None:
    kept = store.read_record(demo[0].processed("demo") / "sensitivity.json", SensitivityRecord)
    assert kept.area == "demo"
    assert {effect.column for effect in kept.removed} == set(demo[0].index("norfolk-waveney").columns)
    totals = [choice.total for choice in kept.choices if choice.total is not None]
    assert len(totals) == len(kept.choices)
    assert totals[0] >= totals[-1]


def test_what_cannot_be_computed_is_none_in_the_record_and_said_on_the_page(demo: Demo, made: MethodParts) -> None:
    sensitivity = analyse_demo(demo[0])
    matrix = sensitivity.correlations.copy()
    matrix.iloc[0, 1] = np.nan
    effects = tuple(replace(effect, correlation=float("nan")) for effect in sensitivity.effective)
    choices = tuple(replace(effect, first=float("nan")) for effect in sensitivity.choices)
    unsure = replace(sensitivity, correlations=matrix, effective=effects, choices=choices)
    record = record_sensitivity(unsure, "2026-01-01T00:00:00Z", "demo", "norfolk-waveney")
    assert record.effective[0].correlation is None
    assert list(record.correlations[0].values())[:3] == [matrix.index[0], 1.0, None]
    assert SensitivityRecord.model_validate_json(record.model_dump_json()) == record
    text = compose_method_page(made[0], made[1], record)
    assert "nan" not in re.sub(r"<[^>]*>", " ", text).split()
    assert text.count('<td class="number">none</td>') >= 1


def test_another_index_may_be_tried_without_intervals(demo: Demo, tmp_path: Path) -> None:
    output = tmp_path / "deri.parquet"
    demo[0].try_index("demo", IndexTrial(output=output, index="deri", uncertain=False))
    frame = store.read_table(output)
    assert frame[["rank_p05", "worst_decile_probability", "hotspot"]].isna().all(axis=None)
    demo[0].try_index("demo", IndexTrial(output=output, index="deri"))
    assert store.read_table(output)["hotspot"].notna().all()


def test_intervals_stand_beside_the_ranks_that_they_are_of(demo: Demo) -> None:
    frame = store.read_table(demo[0].processed("demo") / "risk.parquet")
    assert (frame["rank_p05"] <= frame["rank_median"]).all()
    assert (frame["rank_median"] <= frame["rank_p95"]).all()
    assert frame["rank_median"].corr(frame["risk_rank"]) > 0.95
    by_decile = frame.groupby("risk_decile")["worst_decile_probability"].mean()
    assert by_decile[1] > 0.5 > 0.3 > by_decile[2] > by_decile[5]


def test_charts_by_their_parts() -> None:
    chart = rank_chart("What it shows", [Interval("<A>", 1, 2, 9, 3)], 5, "Rank").text
    assert "&lt;A&gt;" in chart
    assert chart.count('class="median"') == 1
    bars = bar_chart("What it shows", [Bar("A", 0.5, -0.1), Bar("B", 1.0, 0.2)], "Share", "one", "two").text
    assert 'width="0.0"' in bars
    assert "NaN" not in bars + chart
    heat = heat_map("Caption", ["a", "b"], np.array([[1.0, -0.5], [np.nan, 1.0]])).text
    assert "−0.50" in heat
    assert '<td class="number">none</td>' in heat


def test_numbers_as_they_are_read() -> None:
    assert percent(0.345) == "34%"
    assert percent(-0.001) == "0%"
    assert percent(-0.12) == "−12%"
    assert percent(float("nan")) == percent(None) == "none"
    assert two_decimals(-0.001) == "0.00"
    assert two_decimals(-0.5) == "−0.50"
    assert escape("<a>") == "&lt;a&gt;"
    assert escape(Markup("<a>")) == "<a>"
    assert '<td class="number">2</td>' in table("Caption", ["a", "b"], [["1", "2"]]).text
