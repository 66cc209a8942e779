"""The page on an area's method: what it says, in a real browser, by axe's rules, and that it asks for nothing."""

import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from pipeline import store
from pipeline.catalogue import Index
from pipeline.errors import PipelineError
from pipeline.index.sensitivity import sensitivity
from pipeline.reports.charts import Bar, Interval, bar_chart, heat_map, rank_chart, two_decimals
from pipeline.reports.elements import Markup, escape, table
from pipeline.reports.method import method_page
from pipeline.reports.sections import percent
from pipeline.stages import Project, explain_area, score_area
from tests.atlas.test_accessibility import violations

SECTIONS = ["index", "varied", "ranks", "choices", "removed", "twice", "effective", "hotspots", "act", "limits"]
EVIDENCE = {
    "outcome": {"name": "Share <online>", "used": 1234},
    "in_sample": ["norfolk-waveney"],
    "summary": [
        {"candidate": "norfolk-waveney", "spearman": 0.81, "low": 0.8, "high": 0.82, "median_within_icb": 0.78},
        {"candidate": "deri", "spearman": -0.61, "low": -0.63, "high": -0.6, "median_within_icb": None},
    ],
    "calibration": [
        {"candidate": "norfolk-waveney", "decile": 1, "areas": 100, "mean": 0.71, "low": 0.7, "high": 0.72},
        {"candidate": "deri", "decile": 1, "areas": 100, "mean": 0.79, "low": 0.78, "high": 0.8},
    ],
}


@pytest.fixture(scope="module")
def made(demo):
    """What the page is made from."""
    project = demo[0]
    folder = project.processed("demo")
    frame, metadata = store.read_table(folder / "risk.parquet"), store.read_metadata(folder / "risk.parquet")
    joined = store.read_table(folder / "joined.parquet").set_index("lsoa21_code")
    nation = store.read_table(project.national("demo") / "reference.parquet").set_index("lsoa21_code")
    how = project.uncertainty()
    how = how.model_copy(update={"sensitivity": how.sensitivity.model_copy(update={"samples": 16})})
    index = Index.model_validate(metadata["index"])
    return frame.drop(columns=["geometry", "bbox"]), metadata, index, sensitivity(index, nation, joined, how)


class _Outline(HTMLParser):
    """The ids of headings, and whether every element that was opened is closed."""

    VOID = ("meta", "rect", "line", "circle")

    def __init__(self):
        super().__init__()
        self.headings, self.open = [], []

    def handle_starttag(self, tag, attrs):
        if tag == "h2":
            self.headings.append(dict(attrs)["id"])
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_has_every_section_and_is_well_formed(demo):
    text = demo[0].method_page("demo").read_text(encoding="utf-8")
    outline = _Outline()
    outline.feed(text.replace("<!DOCTYPE html>", "").replace("/>", ">"))
    assert outline.open == []
    assert outline.headings == SECTIONS
    assert "Fictional data" in text
    assert '<html lang="en-GB">' in text


def test_nothing_can_be_asked_of_the_network(demo):
    text = demo[0].method_page("demo").read_text(encoding="utf-8")
    assert "default-src &#x27;none&#x27;" in text
    assert not re.search(r"<(script|link|img|iframe|object)|@import|url\(|\ssrc=|\shref=", text)


@pytest.mark.parametrize(
    "look",
    [{}, {"color_scheme": "dark"}, {"viewport": {"width": 320, "height": 640}}],
    ids=["light", "dark", "narrow"],
)
def test_no_rule_of_accessibility_is_broken(demo, made, browser, tmp_path, look):
    path = tmp_path / "method.html"
    path.write_text(method_page(*made, EVIDENCE), encoding="utf-8")
    for file in (path, demo[0].method_page("demo")):
        page, asked = browser.new_page(**look), []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.on("console", lambda message, asked=asked: asked.append(message.text))
        page.goto(file.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach((element) => { element.open = true; })")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert asked == [file.as_uri()]
        page.close()


def test_figures_are_those_of_the_table(made):
    frame, metadata, *_ = made
    text = method_page(*made, None)
    worst = frame["risk_decile"] == 1
    stay = int((frame.loc[worst, "worst_decile_probability"] >= 0.9).sum())
    assert f"{stay} of the {worst.sum()} areas in the worst tenth" in text
    first = frame.sort_values("risk_rank").iloc[0]
    assert f"<td>{first['lsoa21_code']}</td>" in text
    assert metadata["hotspots"]["counts"] == {
        name: int((frame["hotspot"] == name).sum()) for name in metadata["hotspots"]["counts"]
    }


def test_every_drawing_has_a_table_of_the_same(made):
    text = method_page(*made, None)
    assert text.count("<svg role=") == text.count("<summary>These figures as a table</summary>") == 4
    assert all(re.search(r'aria-label="[^"]{20,}"', svg) for svg in re.findall(r"<svg[^>]*>", text))


def test_evidence_appears_only_where_there_is_some(made):
    assert 'id="evidence"' not in method_page(*made, None)
    text = method_page(*made, EVIDENCE)
    assert "Share &lt;online&gt;, known for 1,234 areas" in text
    assert "0.81 (0.80 to 0.82)" in text
    assert "norfolk-waveney *" in text
    assert "−0.61 (−0.63 to −0.60)" in text
    assert "<td>0.79" not in text


def test_text_from_data_is_escaped(made):
    frame, metadata, index, found = made
    frame = frame.assign(lsoa21_name="<b>&\"'")
    metadata = {**metadata, "title": "<script>alert(1)</script>"}
    text = method_page(frame, metadata, index, found, None)
    assert "<script" not in text
    assert "<b>" not in text


def test_an_index_in_which_nothing_varies_or_can_be_left_out(made):
    frame, metadata, index, found = made
    still = metadata["uncertainty"] | {
        "concentration": {"components": None, "within_components": None},
        "normalisations": ["percentile"],
        "aggregations": ["arithmetic"],
    }
    empty = type(found)(**{**vars(found), "choices": found.choices[:0], "removed": found.removed[:0]})
    text = method_page(frame, {**metadata, "uncertainty": still}, index, empty, None)
    assert "Nothing: every draw is the index as declared." in text
    assert "No choice was varied" in text
    assert "cannot be left out" in text


def test_sensitivity_is_kept_beside_the_page(demo):
    kept = json.loads((demo[0].processed("demo") / "sensitivity.json").read_text(encoding="utf-8"))
    assert kept["area"] == "demo"
    assert {row["column"] for row in kept["removed"]} == set(demo[0].index("norfolk-waveney").columns)
    assert kept["choices"][0]["total"] >= kept["choices"][-1]["total"]


def test_a_table_scored_before_is_refused_with_the_command(demo, tmp_path):
    import shutil

    shutil.copytree(demo[0].root, tmp_path / "copy")
    project = Project(tmp_path / "copy")
    path = project.processed("demo") / "risk.parquet.meta.json"
    metadata = json.loads(path.read_text(encoding="utf-8"))
    del metadata["uncertainty"]
    path.write_text(json.dumps(metadata), encoding="utf-8")
    with pytest.raises(PipelineError, match="python -m pipeline score demo"):
        explain_area(project, "demo", lambda _: None)


def test_another_index_may_be_tried_without_intervals(demo, tmp_path):
    output = tmp_path / "deri.parquet"
    score_area(demo[0], "demo", "deri", output, lambda _: None, uncertain=False)
    frame = store.read_table(output)
    assert frame[["rank_p05", "worst_decile_probability", "hotspot"]].isna().all(axis=None)
    score_area(demo[0], "demo", "deri", output, lambda _: None)
    assert store.read_table(output)["hotspot"].notna().all()


def test_intervals_stand_beside_the_ranks_that_they_are_of(demo):
    frame = store.read_table(demo[0].processed("demo") / "risk.parquet")
    assert (frame["rank_p05"] <= frame["rank_median"]).all()
    assert (frame["rank_median"] <= frame["rank_p95"]).all()
    assert frame["rank_median"].corr(frame["risk_rank"]) > 0.95
    by_decile = frame.groupby("risk_decile")["worst_decile_probability"].mean()
    assert by_decile[1] > 0.5 > 0.3 > by_decile[2] > by_decile[5]


def test_charts_by_their_parts():
    chart = rank_chart("What it shows", [Interval("<A>", 1, 2, 9, 3)], 5, "Rank").text
    assert "&lt;A&gt;" in chart
    assert chart.count('class="median"') == 1
    bars = bar_chart("What it shows", [Bar("A", 0.5, -0.1), Bar("B", 1.0, 0.2)], "Share", "one", "two").text
    assert 'width="0.0"' in bars
    assert "NaN" not in bars + chart
    heat = heat_map("Caption", ["a", "b"], np.array([[1.0, -0.5], [np.nan, 1.0]])).text
    assert "−0.50" in heat
    assert '<td class="number">none</td>' in heat


def test_numbers_as_they_are_read():
    assert percent(0.345) == "34%"
    assert percent(-0.001) == "0%"
    assert percent(-0.12) == "−12%"
    assert percent(float("nan")) == percent(None) == "none"
    assert two_decimals(-0.001) == "0.00"
    assert two_decimals(-0.5) == "−0.50"
    assert escape("<a>") == "&lt;a&gt;"
    assert escape(Markup("<a>")) == "<a>"
    assert '<td class="number">2</td>' in table("Caption", ["a", "b"], [["1", "2"]]).text
