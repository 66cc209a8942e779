"""The front door of an area."""

import pytest

from pipeline.reports import Download, File, Front, UnitBriefing, compose_front_door
from pipeline.reports.front_door import say_size

DATA = "../../data/processed/ham/"
FRONT = Front(
    title="Ham & <Eggs>",
    fictional=True,
    made="2026-11-27T10:00:00+00:00",
    program="the program, version 1",
    finding=["12 of its 60 neighbourhoods are in the worst tenth.", "About 90 people."],
    pages=[Download("Map", "Where the risk is.", [File("atlas.html", 623_976)])],
    tables=[
        Download("Areas", "A row for each.", [File(f"{DATA}risk.parquet", 394_236), File(f"{DATA}risk.csv", 7_000)])
    ],
    sources=["A <b>source</b>. Open."],
)


@pytest.mark.parametrize(
    ("size", "said"),
    [(0, "0 bytes"), (999, "999 bytes"), (1_000, "1 kB"), (999_499, "999 kB"), (999_500, "1.0 MB"), (7e6, "7.0 MB")],
)
def test_sizes_are_said_as_file_managers_do(size: int, said: str) -> None:
    assert say_size(int(size)) == said


def test_each_file_is_linked_with_its_size_and_what_opens_it() -> None:
    html = compose_front_door(FRONT)
    assert '<a href="atlas.html">atlas.html</a> (624 kB)' in html
    files = '<a href="../../data/processed/ham/risk.parquet">risk.parquet</a> (394 kB)<br>'
    assert files + '<a href="../../data/processed/ham/risk.csv">risk.csv</a> (7 kB)' in html
    assert '<th scope="row">.parquet</th><td>DuckDB, R (arrow), pandas, Power BI</td>' in html


def test_every_text_is_escaped_and_nothing_can_run() -> None:
    html = compose_front_door(FRONT)
    assert "Ham &amp; &lt;Eggs&gt;" in html
    assert "A &lt;b&gt;source&lt;/b&gt;. Open." in html
    assert "<script" not in html
    assert "default-src &#x27;none&#x27;" in html
    assert "Fictional data: these places do not exist." in html


def test_what_is_left_out_is_said_only_where_something_is() -> None:
    assert "What is not here" not in compose_front_door(FRONT)
    said = compose_front_door(Front(**{**vars(FRONT), "left_out": ["Stories were left out."]}))
    assert "What is not here" in said
    assert "Stories were left out." in said


def test_briefings_on_parts_of_the_area_are_listed_with_the_day_they_were_made() -> None:
    assert "Briefings on parts of the area" not in compose_front_door(FRONT)
    briefing = UnitBriefing("<Hill>", "ward", "27 November 2026", [File("briefings/ward-hill.pdf", 99_000)])
    html = compose_front_door(Front(**{**vars(FRONT), "briefings": [briefing]}))
    row = '<th scope="row">&lt;Hill&gt;</th><td>ward</td><td>27 November 2026</td>'
    assert f'{row}<td><a href="briefings/ward-hill.pdf">ward-hill.pdf</a> (99 kB)</td>' in html
