"""A briefing as PDF, HTML and slides: tagged, of two sides, of the same bytes, and data stay text."""

import io
import re
import unicodedata
import zipfile
from dataclasses import replace
from functools import cache
from itertools import chain, pairwise
from typing import Any

import pptx
import pytest
from pptx.util import Pt
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from pipeline.reports.briefing import Briefing, make_page, make_pdf, make_slides
from pipeline.reports.briefing.content import Tile
from pipeline.reports.briefing.pdf import LACKING, SHOWN, SIGNS, legible
from tests.fixtures.briefings import make_bare_briefing, make_briefing
from tests.fixtures.hostile import HOSTILE

MARKUP = (
    '#eval("1+1")',
    "*a*",
    "_b_ `c` $x$",
    "= Heading",
    "@cite <label>",
    '#import "@preview/x:1.0.0": *',
    "\\u{1F600}",
)
LONG = "Saint Cadoc-upon-the-Wold with Llanfihangel-y-Creuddyn and Upper Nether Wallop, near Osbournemouth"
CORE = "http://purl.org/dc/terms/"


@cache
def pdf_of(text: str = "Fens") -> PdfReader:
    return PdfReader(io.BytesIO(make_pdf(make_briefing(text))))


@cache
def slides_of(text: str = "Fens") -> Any:
    return pptx.Presentation(io.BytesIO(make_slides(make_briefing(text))))


def words_of(pdf: PdfReader) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pdf.pages))


def elements(node: Any, within: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    """Every structure element below ``node``, in reading order, with the kinds of those around it."""
    node = node.get_object()
    if isinstance(node, ArrayObject):
        return list(chain.from_iterable(elements(child, within) for child in node))
    if not isinstance(node, DictionaryObject) or "/K" not in node:
        return []
    here = [(within, node)] if "/S" in node else []
    inside = (*within, str(node["/S"])) if "/S" in node else within
    return [*here, *elements(node["/K"], inside)]


def test_the_pdf_says_that_it_is_accessible() -> None:
    """What PDF/UA-1 asks of a document as such; Typst itself refuses what breaks the standard in other ways."""
    root: Any = pdf_of().trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    about: Any = pdf_of().metadata
    assert about["/Title"] == "Digital exclusion in Fens"
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert re.search(rb"pdfuaid:part>\s*1", root["/Metadata"].get_data())
    assert all(str(page["/Tabs"]) == "/S" for page in pdf_of().pages)


def test_the_pdf_has_headings_in_order_figures_with_words_and_tables_with_heads() -> None:
    root: Any = pdf_of().trailer["/Root"]
    structure = elements(root["/StructTreeRoot"])
    kinds = [str(node["/S"]) for _, node in structure]
    levels = [int(kind[2:]) for kind in kinds if re.fullmatch(r"/H\d", kind)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    figures = [node for _, node in structure if node["/S"] == "/Figure"]
    assert [node["/Alt"] for node in figures] == ["Map of Fens"]
    heads = [node for _, node in structure if node["/S"] == "/TH"]
    assert len(heads) == 7 + 6 + 5
    assert all("/Column" in str(head["/A"].get_object()) for head in heads)
    rows = [(within, node) for within, node in structure if node["/S"] == "/TR"]
    assert all("/Table" in within for within, _ in rows)
    assert len(rows) == 11 + 6 + 2


@pytest.mark.parametrize("text", ["Fens", LONG])
def test_the_pdf_has_two_sides_whatever_names_are_long(text: str) -> None:
    assert len(pdf_of(text).pages) == 2
    assert len(PdfReader(io.BytesIO(make_pdf(make_bare_briefing()))).pages) <= 2


@pytest.mark.parametrize("text", [*MARKUP, *HOSTILE])
def test_data_never_become_markup(text: str) -> None:
    briefing = replace(make_bare_briefing(), tiles=(Tile("1", f"<{text}>"),))
    shown = re.sub(r"\s", "", words_of(PdfReader(io.BytesIO(make_pdf(briefing)))))
    # Ligatures of letters are read back as letters.
    assert re.sub(r"\s", "", str(legible(f"<{text}>"))).replace(LACKING, "") in shown.replace(LACKING, "")
    page = make_page(make_briefing(text))
    assert not re.search(r"<(script|img|svg onload|style>@)", page)
    assert page.count("</style>") == 1
    assert len(slides_text(make_briefing(text))) == 5


def slides_text(briefing: Briefing) -> list[str]:
    shown = pptx.Presentation(io.BytesIO(make_slides(briefing)))
    return ["\n".join(s.text_frame.text for s in slide.shapes if s.has_text_frame) for slide in shown.slides]


def plain(character: str) -> bool:
    return character.isprintable() and unicodedata.is_normalized("NFC", character)


def test_every_character_that_counts_as_legible_is_in_the_fonts() -> None:
    """PDF/UA refuses a text of which a character is not in the fonts, so this compiles only if all of them are."""
    names = "".join(c for c in (chr(n) for low, high in SHOWN for n in range(low, high + 1)) if plain(c))
    assert {*"ŵéŷ£–’“”"} <= set(names)
    text = names + "".join(sorted(SIGNS))
    assert legible(text) == text
    briefing = replace(make_bare_briefing(), elsewhere=text)
    assert len(PdfReader(io.BytesIO(make_pdf(briefing))).pages) <= 2
    assert legible({"a": ["é中😀"]}) == {"a": [f"é{LACKING}{LACKING}"]}


def test_the_same_figures_give_the_same_bytes() -> None:
    for make in (make_pdf, make_slides):
        assert make(make_briefing()) == make(make_briefing())
    with zipfile.ZipFile(io.BytesIO(make_slides(make_briefing()))) as file:
        assert {part.date_time for part in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        books = [name for name in file.namelist() if name.endswith(".xlsx")]
        assert len(books) == 3
        for name in books:
            with zipfile.ZipFile(io.BytesIO(file.read(name))) as book:
                assert b"2026-03-02T10:11:12Z</dcterms:created>" in book.read("docProps/core.xml")


def test_there_are_five_slides_each_with_a_title_and_the_sources_in_its_notes() -> None:
    slides = list(slides_of().slides)
    assert len(slides) == 5
    for slide in slides:
        assert slide.shapes[0] == slide.shapes.title
        assert slide.shapes.title.text_frame.text
        notes = slide.notes_slide.notes_text_frame.text
        assert "Source 3 Fens (Open Government Licence v3.0)." in notes
        assert notes.count("Source ") == 12
    assert all("Fictional data" in slide.shapes.title.text_frame.text or n == 0 for n, slide in enumerate(slides))


def test_pictures_charts_and_tables_of_slides_have_words() -> None:
    shapes = [shape for slide in slides_of().slides for shape in slide.shapes]
    spoken = [s for s in shapes if s.has_chart or s.has_table or s.shape_type == 13]
    assert len(spoken) == 1 + 3 + 2
    for shape in spoken:
        assert len(shape._element.xpath(".//p:cNvPr")[0].get("descr")) > 5


def test_no_text_of_slides_is_small_or_in_another_language_or_beyond_the_edge() -> None:
    shown = slides_of()
    for slide in shown.slides:
        parts = [slide._element, *(shape.chart.part._element for shape in slide.shapes if shape.has_chart)]
        for part in parts:
            sizes = {int(run.get("sz")) for run in part.xpath(".//*[@sz]") if run.get("sz").isdigit()}
            assert all(size >= Pt(14).centipoints for size in sizes if size < 100_000)
            assert {run.get("lang") for run in part.xpath(".//a:rPr")} <= {"en-GB"}
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= shown.slide_width
            assert shape.top + shape.height <= shown.slide_height


def test_charts_of_slides_hold_the_figures() -> None:
    charts = [shape.chart for slide in slides_of().slides for shape in slide.shapes if shape.has_chart]
    kinds, certainty, money = charts
    assert dict(zip(kinds.plots[0].categories, kinds.plots[0].series[0].values, strict=True)) == {
        "“Age Fens” stands out": 4300, "“Money Fens” stands out": 3100, "“Both Fens” stands out": 1600,
        "“Neither Fens” stands out": 1000,
    }  # fmt: skip
    assert [list(series.values) for series in certainty.plots[0].series] == [[3, 3], [2, 2], [0, 0]]
    assert list(money.plots[0].series[0].values) == [1100]


def test_slides_and_page_of_a_bare_briefing_leave_out_what_is_not_there() -> None:
    texts = slides_text(make_bare_briefing())
    assert len(texts) == 5
    assert "No neighbourhood has a boundary." in texts[1]
    page = make_page(make_bare_briefing())
    assert "<table" not in page
    assert "What is not known" in page


def test_the_page_asks_for_nothing_and_runs_nothing() -> None:
    page = make_page(make_briefing())
    assert "<script" not in page
    assert "default-src 'none'" in page.replace("&#x27;", "'")
    assert not re.search(r"(?:src|href)=", page)
    assert '<html lang="en-GB">' in page
    assert page.count("<h1>") == 1
    assert 'aria-label="Map of Fens"' in page


def test_pdf_and_page_say_the_same() -> None:
    said, page = words_of(pdf_of()), re.sub(r"<[^>]+>", " ", make_page(make_briefing()).split("</style>")[1])
    for text in (
        "0 of 99",
        "43%",
        "2nd to 14th",
        "£37,000 (£13,000 to £75,000)",
        "Of the 5, 3 stay Fens",
        "A limit 7 Fens",
    ):
        assert text in said
        assert text in re.sub(r"\s+", " ", page)
