"""No text of a declared file or of data becomes code on a page: the page has the same elements whatever the words."""

import html
import re
from dataclasses import replace
from html.parser import HTMLParser

import pandas as pd
import pytest

from pipeline import Project
from pipeline.atlas import PageInputs, draw
from pipeline.atlas.html import _as_script, _pictures_policy, _refuse_requests
from pipeline.atlas.layers import _filled
from pipeline.catalogue import StreetMap
from pipeline.catalogue.reading import address_fault
from pipeline.errors import PipelineError
from pipeline.stages.map import page_inputs
from pipeline.stages.stage import Scope
from tests.fixtures.folders import ASSETS
from tests.fixtures.hostile import HOSTILE


class _Elements(HTMLParser):
    """The elements of a page in order, and the attributes that run code or ask for something."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.active: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.active += [
            f"{tag} {name}={value}" for name, value in attrs if name.startswith("on") or name in ("src", "href")
        ]


def elements(page: str) -> _Elements:
    parser = _Elements()
    parser.feed(page)
    return parser


def with_text(inputs: PageInputs, text: str) -> PageInputs:
    """The inputs of a page with ``text`` wherever a declared file or the data have words."""
    record = inputs.record
    index = record.index.model_copy(
        update={
            "title": text,
            "description": text,
            "source": text,
            "components": tuple(c.model_copy(update={"why": text}) for c in record.index.components),
        }
    )
    sources = [s.model_copy(update={"title": text, "licence": text, "attribution": text}) for s in inputs.sources]
    layers = [layer.model_copy(update={"title": text, "sentence": text, "unit": text}) for layer in inputs.look.layers]
    areas = inputs.areas.copy()
    for name in ("lsoa21_name", "place_name", "ward_name", "lad_name"):
        areas[name] = areas[name] + text
    drivers = tuple(d.model_copy(update={"sentence": text}) for d in inputs.helps.drivers)
    towns = None if inputs.towns is None else inputs.towns.assign(name=[f"{text}{n}" for n in range(len(inputs.towns))])
    # MSOAs go by the names of their areas, which are others here.
    summaries = {
        level: replace(summary, title=text, frame=summary.frame.assign(unit_name=summary.frame["unit_name"] + text))
        for level, summary in inputs.summaries.items()
        if level != "msoa"
    }
    stories = inputs.stories
    if isinstance(stories, pd.DataFrame):
        stories = stories.assign(quote=text, theme=text, source=text, place=text)
    return replace(
        inputs,
        record=record.model_copy(update={"title": text, "index": index}),
        sources=sources,
        look=replace(inputs.look, layers=layers),
        helps=inputs.helps.model_copy(update={"drivers": drivers}),
        areas=areas,
        towns=towns,
        stories=stories,
        notes=[text],
        summaries=summaries,
    )


@pytest.fixture(scope="module")
def plain(small: Project) -> tuple[PageInputs, _Elements]:
    inputs = page_inputs(small.snapshot(), Scope("demo", area="demo"))
    return inputs, elements(draw(with_text(inputs, "words"), ASSETS))


@pytest.mark.slow
@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_code(plain: tuple[PageInputs, _Elements], text: str) -> None:
    inputs, benign = plain
    page = draw(with_text(inputs, text), ASSETS)
    found = elements(page)
    assert found.tags == benign.tags
    assert found.active == benign.active
    data = re.search(r'id="atlas-data">(.*?)</script>', page, re.DOTALL)
    assert data is not None
    assert "<" not in data[1]


@pytest.mark.parametrize(
    "part",
    [
        *("<img src=//x.org/a.png>", "<IMG SRCSET='https://x.org/a.png 2x'>", '<script src="a.js"></script>'),
        *("<link rel=stylesheet href=a.css>", "<style>@import 'a.css';</style>", "<style>p{a:URL( 'a.png')}</style>"),
        *("<p style='background:url(a.png)'>", '<p style="background:/* no */url(&quot;a.png&quot;)">'),
        *("<svg><image href=a.png></svg>", "<video poster=a.png>", "<meta http-equiv=Refresh content='0;url=a'>"),
        *("<object data=a></object>", "<form action=a></form>", "<base href=https://x.org/>"),
    ],
)
def test_what_would_be_loaded_is_refused(part: str) -> None:
    with pytest.raises(PipelineError, match="would load"):
        _refuse_requests(f"<!DOCTYPE html><html><head></head><body>{part}</body></html>")


@pytest.mark.parametrize("text", [*HOSTILE, "url(http://x.org/a.png)", "@import 'a.css'"])
def test_words_that_look_like_something_loaded_are_words(text: str) -> None:
    words = html.escape(text)
    picture = f'<img src="data:image/png;base64,AA==" alt="{words}"><a href="https://x.org/">{words}</a>'
    script = f'<script type="application/json">{text.replace("<", chr(92) + "u003c")}</script>'
    style = '<style>/* url(a.png) */ p { fill: url(#a); background: url("data:,") }</style>'
    _refuse_requests(
        f"<title>{words}</title>{style}<p style='color:red' title=\"{words}\">{words}</p>{picture}{script}"
    )


ORIGINS = ["https://a.org", "https://*.a.org:8443"]


@pytest.mark.parametrize("text", [*HOSTILE, "\\", "\n", "</SCRIPT>"])
def test_a_text_in_a_script_stays_a_text(text: str) -> None:
    written = _as_script(text)
    assert written.isascii()
    assert not set(written[1:-1]) & set("<>&'\n")
    assert not re.search(r'(?<!\\)(?:\\\\)*"', written[1:-1])


@pytest.mark.parametrize("host", ["a.org", "{s}.a.org:8443"])
def test_the_policy_names_the_server_of_the_street_map_and_no_other(host: str) -> None:
    streets = StreetMap(address=f"https://{host}/{{z}}/{{x}}/{{y}}", attribution="A")
    policy = _pictures_policy(streets)
    assert f'" {streets.origin}"' in policy
    assert policy.count("https://") == 1
    assert "https://" not in _pictures_policy(None)


@pytest.mark.parametrize(
    "address",
    [
        *("javascript:alert(1)", "data:text/html,x", "http://a.org", "//a.org", "https://a", "https://a.org/ x", ""),
        *('https://a.org/"x', "https://a.org/'x", "https://a.org/<x>", "https://me@a.org", "https://a.org/\u202ex"),
    ],
)
def test_links_are_https_and_nothing_else(address: str) -> None:
    assert address_fault(address)


def test_placeholders_are_filled_once() -> None:
    assert _filled("{title}: {why}", "{why} {0}", "{title.__class__}") == "{why} {0}: {title.__class__}"
