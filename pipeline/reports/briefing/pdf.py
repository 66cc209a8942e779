"""A briefing as tagged PDF (PDF/UA-1), and its map as PNG, both set by Typst."""

import datetime
import json
import unicodedata
from dataclasses import asdict
from functools import cache
from pathlib import Path
from types import ModuleType

from pipeline.errors import PipelineError
from pipeline.reports.briefing.content import Briefing, Picture, cut

TEMPLATE = Path(__file__).with_name("briefing.typ")
STANDARD = "ua-1"
SIDES = 2
FORMS = (*((size, None) for size in ("9.8", "9.4", "9", "8.6", "8.2")), *(("8.2", rows) for rows in (7, 5, 4, 3, 2)))
"""Sizes of the text in points, and how many rows are left of each table and list: the first that fits two sides."""
DOTS_PER_INCH = 160.0
SHOWN = (
    (0x20, 0x7E),
    (0xA0, 0x17F),
    (0x1E00, 0x1EFF),
    (0x218, 0x21B),
    (0x370, 0x3FF),
    (0x400, 0x45F),
    (0x2010, 0x2026),
)
"""Characters that the fonts inside Typst have: Latin with its accents, Greek, Cyrillic, dashes and quotation marks."""
SIGNS = frozenset("€™−×≤≥→½¼¾•□")
LACKING = "□"


def make_pdf(briefing: Briefing) -> bytes:
    """The briefing on A4; the same briefing gives the same bytes.

    Raises:
        PipelineError: Typst is not installed.
    """
    typst, source = _typst(), TEMPLATE.read_bytes()
    for size, rows in FORMS:
        shown = briefing if rows is None else cut(briefing, rows)
        inputs = {"data": json.dumps(legible(asdict(shown)), ensure_ascii=False), "size": size}
        # One that has laid the pages out to count them does not do so again to write them.
        compiler = typst.Compiler(source, sys_inputs=inputs, ignore_system_fonts=True)
        if json.loads(compiler.query("<sides>", field="value", one=True)) <= SIDES:
            break
    made = compiler.compile(
        source,
        pdf_standards=[STANDARD],
        # That of the figures, so that the same figures give the same bytes.
        timestamp=datetime.datetime.fromisoformat(briefing.built).astimezone(datetime.UTC),
    )
    return bytes(made)


def draw_png(picture: Picture) -> bytes:
    """The map alone, for slides."""
    source = (
        '#set page(width: auto, height: auto, margin: 0pt)\n#set text(font: "Libertinus Serif")\n'
        '#image(bytes(sys.inputs.svg), format: "svg", width: 16cm)'
    )
    typst = _typst()
    made = typst.compile(
        source.encode(), format="png", ppi=DOTS_PER_INCH, ignore_system_fonts=True, sys_inputs={"svg": picture.svg}
    )
    return bytes(made)


def legible(value: object) -> object:
    """Texts without characters that the fonts lack, for which a box stands: PDF/UA refuses those."""
    if isinstance(value, str):
        if value.isascii() and value.isprintable():
            return value
        return "".join(map(_legible_character, unicodedata.normalize("NFC", value)))
    if isinstance(value, dict):
        return {key: legible(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [legible(item) for item in value]
    return value


@cache
def _legible_character(character: str) -> str:
    if character in "\n\r\t":
        return " "
    number = ord(character)
    return character if character in SIGNS or any(low <= number <= high for low, high in SHOWN) else LACKING


def _typst() -> ModuleType:
    """The library, imported where it is used: it is large, and most stages do without it."""
    try:
        import typst
    except ImportError as error:
        raise PipelineError(
            "Typst, which sets briefings, is not installed or does not run here. Install the packages again: make setup"
        ) from error
    return typst
