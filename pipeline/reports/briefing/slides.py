"""A briefing as five slides that can be edited: texts, tables and charts are PowerPoint's own, with their data."""

import datetime
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.raw import zip_bytes
from pipeline.reports.briefing.content import Bars, Briefing, Grid, Part, Picture, Tile, Topic, shortened
from pipeline.reports.briefing.pdf import draw_png

if TYPE_CHECKING:
    from pptx.chart.chart import Chart
    from pptx.presentation import Presentation
    from pptx.shapes.graphfrm import GraphicFrame
    from pptx.slide import Slide
    from pptx.text.text import TextFrame

WIDTH, HEIGHT = 13.333, 7.5
"""Inches of a slide: 16 to 9."""
EDGE, TOP = 0.6, 1.35
TITLE_ONLY = 5
"""The layout of the library's template that has a title and nothing else."""
SMALLEST, TEXT, TITLE = 14, 16, 30
"""Points: nothing is set smaller than the first."""
STRONG, INK, RAISED = "003D78", "212B32", "F0F4F5"
LANGUAGE = "en-GB"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
INDENT = 228_600
"""Of the lines of a bullet, in units of the format: a quarter of an inch."""
UNSURE = 6
"""Limits that one slide holds in letters that can be read from the back of a room."""
PROGRAMMES, PROGRAMME_COLUMNS = 4, (0, 1, 4, 5)
"""Programmes that one slide holds, and the columns of their table in the briefing."""
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The time of every part of the file, so that the same figures give the same bytes."""


@dataclass(frozen=True)
class Place:
    """Where something stands on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float


def make_slides(briefing: Briefing) -> bytes:
    """The slides as .pptx; the same briefing gives the same bytes."""
    import pptx

    shown = pptx.Presentation()
    _widen(shown)
    _finding(_slide(shown, briefing, briefing.title), briefing.tiles, briefing.finding)
    _map(_slide(shown, briefing, "Where is risk"), briefing)
    _charts(_slide(shown, briefing, "What kind of exclusion, and how sure this is"), briefing)
    _act(_slide(shown, briefing, "Where to act first, and what money reaches"), briefing)
    _unsure(_slide(shown, briefing, "What is not known"), briefing)
    _describe(shown, briefing)
    _set_language(shown)
    file = io.BytesIO()
    shown.save(file)
    return _settled(file.getvalue(), briefing.built)


def _widen(shown: "Presentation") -> None:
    """The library's template, which is 4 to 3, at 16 to 9, and its titles as those of the briefing."""
    from pptx.dml.color import RGBColor
    from pptx.util import Inches, Pt

    before = shown.slide_width
    shown.slide_width, shown.slide_height = Inches(WIDTH), Inches(HEIGHT)
    by = shown.slide_width / before
    for sheet in (shown.slide_master, *shown.slide_layouts):
        for shape in sheet.placeholders:
            # What has no place of its own takes that of the master.
            if shape.element.xpath("./p:spPr/a:xfrm"):
                shape.left, shape.width = round(shape.left * by), round(shape.width * by)
    for sheet in (shown.slide_master, shown.slide_layouts[TITLE_ONLY]):
        title = next(shape for shape in sheet.placeholders if shape.placeholder_format.type in _title_types())
        title.left, title.top = Inches(EDGE), Inches(0.4)
        title.width, title.height = Inches(WIDTH - 2 * EDGE), Inches(0.8)
    style = shown.slide_master.element.xpath("./p:txStyles/p:titleStyle/a:lvl1pPr")[0]
    style.set("algn", "l")
    run = style.find(f"{DRAWING}defRPr")
    run.set("sz", str(Pt(TITLE).centipoints))
    run.set("b", "1")
    for child in list(run):
        if child.tag.endswith("solidFill"):
            child.clear()
            colour = child.makeelement(f"{DRAWING}srgbClr", {"val": str(RGBColor.from_string(STRONG))})
            child.append(colour)


def _title_types() -> tuple[object, ...]:
    from pptx.enum.shapes import PP_PLACEHOLDER

    return (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)


def _slide(shown: "Presentation", briefing: Briefing, title: str) -> "Slide":
    """A new slide with its title, and the sources in its notes."""
    slide = shown.slides.add_slide(shown.slide_layouts[TITLE_ONLY])
    named = slide.shapes.title
    if named is not None:
        named.text_frame.text = f"Fictional data: {title}" if briefing.fictional and title != briefing.title else title
    notes = [f"{briefing.place}, {briefing.day}.", briefing.elsewhere, "Sources:", *briefing.sources.sentences]
    frame = slide.notes_slide.notes_text_frame
    if frame is not None:
        frame.text = "\n".join(notes)
    return slide


def _finding(slide: "Slide", tiles: Sequence[Tile], topics: Sequence[Topic]) -> None:
    room = WIDTH - 2 * EDGE
    width = room / max(len(tiles), 1)
    for number, tile in enumerate(tiles):
        place = Place(EDGE + number * width, TOP, width - 0.15, 1.35)
        frame = _box(slide, place, f"Main figure {number + 1}", fill=RAISED)
        _write(frame, tile.figure, size=24, bold=True, colour=STRONG)
        _write(frame, tile.label, size=SMALLEST, first=False)
    half = room / 2
    for number, topic in enumerate(topics):
        across, down = divmod(number, 2)
        place = Place(EDGE + across * half, TOP + 1.6 + down * 2.15, half - 0.3, 2.05)
        frame = _box(slide, place, topic.title)
        _write(frame, topic.title, size=TEXT + 2, bold=True, colour=STRONG)
        _write(frame, topic.text, size=TEXT, first=False)


def _map(slide: "Slide", briefing: Briefing) -> None:
    from pptx.util import Inches

    picture = briefing.picture
    if picture is None:
        _write(_box(slide, Place(EDGE, TOP, 8, 1), "No map"), "No neighbourhood has a boundary.", size=TEXT)
        return
    height = HEIGHT - TOP - 1.0
    width = min(height / picture.ratio, 7.9)
    drawn = slide.shapes.add_picture(io.BytesIO(draw_png(picture)), Inches(EDGE), Inches(TOP), width=Inches(width))
    _say(drawn, "Map", picture.alt)
    below = _box(slide, Place(EDGE, TOP + width * picture.ratio + 0.05, max(width, 6.0), 0.8), "What the map shows")
    _write(below, picture.caption, size=SMALLEST)
    left = EDGE + max(width, 6.0) + 0.35
    room = WIDTH - EDGE - left
    said = next((topic.text for topic in briefing.finding), "")
    frame = _box(slide, Place(left, TOP, room, 2.3), "The finding")
    _write(frame, said, size=TEXT)
    _key(slide, picture, Place(left, TOP + 2.55, min(room, 4.0), 0.33 * len(picture.key)))


def _key(slide: "Slide", picture: Picture, place: Place) -> None:
    """What the colours mean, as a table of colours and words."""
    from pptx.dml.color import RGBColor
    from pptx.util import Inches

    table = _table(slide, (len(picture.key), 2), place, "Key of the map", f"{picture.caption} What each colour means.")
    table.first_row = False
    table.columns[0].width, table.columns[1].width = Inches(0.5), Inches(place.width - 0.5)
    for row, entry in enumerate(picture.key):
        cell = table.cell(row, 0)
        cell.fill.solid()
        cell.fill.fore_color.rgb = RGBColor.from_string(entry.colour.lstrip("#").upper())
        _write(cell.text_frame, "", size=SMALLEST)
        words = table.cell(row, 1)
        words.fill.background()
        _write(words.text_frame, entry.label, size=SMALLEST)


def _charts(slide: "Slide", briefing: Briefing) -> None:
    half = (WIDTH - 2 * EDGE) / 2
    height = HEIGHT - TOP - 0.4
    left, right = Place(EDGE, TOP, half - 0.2, height), Place(EDGE + half, TOP, half, 3.4)
    if briefing.kinds:
        _kinds_chart(slide, briefing.kinds, left)
    if briefing.certainty is not None:
        _certainty_chart(slide, briefing.certainty, right)
    frame = _box(slide, Place(EDGE + half, TOP + 3.5, half, height - 3.5), "How sure this is")
    for number, sentence in enumerate(briefing.sure.sentences[-2:]):
        _write(frame, sentence, size=SMALLEST, first=number == 0)


def _kinds_chart(slide: "Slide", kinds: Sequence[Part], place: Place) -> None:
    from pptx.chart.data import CategoryChartData
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_CHART_TYPE

    data = CategoryChartData(number_format="#,##0")
    # Bars are drawn from below.
    data.categories = [part.label for part in reversed(kinds)]
    data.add_series("People at risk (an estimate)", [_printed(part.said, part.number) for part in reversed(kinds)])
    said = "; ".join(f"{part.label}: {part.said} people, {part.share}" for part in kinds)
    frame = _chart(slide, XL_CHART_TYPE.BAR_CLUSTERED, place, data)
    _say(frame, "Chart of people at risk by kind", f"Bar chart of people at risk by kind of exclusion. {said}.")
    chart = frame.chart
    _style(chart, "People at risk, by kind of exclusion where they live")
    plot = chart.plots[0]
    plot.gap_width = 60
    for point, part in enumerate(reversed(kinds)):
        fill = plot.series[0].points[point].format.fill
        fill.solid()
        fill.fore_color.rgb = RGBColor.from_string(part.colour.lstrip("#").upper())
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    chart.has_legend = False


def _certainty_chart(slide: "Slide", bars: Bars, place: Place) -> None:
    from pptx.chart.data import CategoryChartData
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION

    data = CategoryChartData(number_format="#,##0")
    data.categories = list(reversed(bars.labels))
    bands = [part.label for part in bars.parts[0]]
    for number, band in enumerate(bands):
        data.add_series(band, [parts[number].number for parts in reversed(bars.parts)])
    said = "; ".join(
        f"{label}: {', '.join(f'{part.said} {part.label.lower()}' for part in parts)}"
        for label, parts in zip(bars.labels, bars.parts, strict=True)
    )
    frame = _chart(slide, XL_CHART_TYPE.BAR_STACKED, place, data)
    _say(frame, "Chart of how firm the lists are", f"Stacked bar chart. {bars.caption}. {said}.")
    chart = frame.chart
    _style(chart, "Neighbourhoods, by the share of plausible choices")
    chart.plots[0].gap_width, chart.plots[0].overlap = 60, 100
    for number, part in enumerate(bars.parts[0]):
        series = chart.plots[0].series[number]
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = RGBColor.from_string(part.colour.lstrip("#").upper())
        dark = number == 0
        series.data_labels.font.color.rgb = RGBColor.from_string("FFFFFF" if dark else INK)
        series.data_labels.show_value = True
        series.data_labels.font.size = _points(SMALLEST)
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    chart.has_legend = True
    chart.legend.position = XL_LEGEND_POSITION.BOTTOM
    chart.legend.include_in_layout = False
    chart.legend.font.size = _points(SMALLEST)


def _act(slide: "Slide", briefing: Briefing) -> None:
    room = WIDTH - 2 * EDGE
    if briefing.programmes is None or briefing.programmes.grid is None:
        text = next((topic.text for topic in reversed(briefing.finding)), "")
        _write(_box(slide, Place(EDGE, TOP, room, 2), "Where to act"), text, size=TEXT)
        return
    grid = briefing.programmes.grid
    # Name, kind, people and cost: the host and the number of neighbourhoods are in the briefing.
    heads, *rows = (
        tuple(cells[column] for column in PROGRAMME_COLUMNS) for cells in (grid.heads, *grid.rows[:PROGRAMMES])
    )
    place = Place(EDGE, TOP, room, 0.45 * (len(rows) + 1))
    _grid(slide, Grid(grid.caption, heads, tuple(rows), 2), place, (4.9, 2.5, 1.5, 3.6))
    if briefing.money is not None and briefing.money.grid is not None:
        _money_chart(slide, briefing, Place(EDGE, 4.2, room * 0.55, 3.0))
        frame = _box(slide, Place(EDGE + room * 0.57, 4.3, room * 0.43, 2.8), "What money reaches")
        for number, text in enumerate([*briefing.money.sentences, briefing.money.grid.note]):
            _write(frame, text, size=TEXT, first=number == 0)


def _money_chart(slide: "Slide", briefing: Briefing, place: Place) -> None:
    from pptx.chart.data import CategoryChartData
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_CHART_TYPE

    money = briefing.money
    if money is None or money.grid is None:
        return
    budgets = [(row[0], row[2]) for row in money.grid.rows]
    data = CategoryChartData(number_format="#,##0")
    data.categories = [f"{budget} a year" for budget, _ in budgets]
    data.add_series("People at risk reached (an estimate)", [_printed(people, 0.0) for _, people in budgets])
    frame = _chart(slide, XL_CHART_TYPE.COLUMN_CLUSTERED, place, data)
    said = "; ".join(f"{budget}: {people} people" for budget, people in budgets)
    _say(frame, "Chart of what budgets reach", f"Column chart of people at risk reached by budget. {said}.")
    chart = frame.chart
    _style(chart, "People at risk reached, by a year’s budget")
    chart.plots[0].gap_width = 80
    fill = chart.plots[0].series[0].format.fill
    fill.solid()
    fill.fore_color.rgb = RGBColor.from_string(STRONG)
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    chart.has_legend = False


def _unsure(slide: "Slide", briefing: Briefing) -> None:
    more = "{count} more are on the page on the method."
    frame = _box(slide, Place(EDGE, TOP, WIDTH - 2 * EDGE, HEIGHT - TOP - 0.5), "What is not known")
    for number, sentence in enumerate(shortened(briefing.unsure.sentences, UNSURE, more)):
        _write(frame, sentence, size=TEXT + 2, first=number == 0, bullet=True)


def _printed(said: str, number: float) -> float:
    """A figure as it is printed, so that a chart says no more than the text; unchanged where that is not a number."""
    plain = said.replace(",", "")
    return float(plain) if plain.isdigit() else round(number)


def _box(slide: "Slide", place: Place, name: str, fill: str | None = None) -> "TextFrame":
    """A box for text that breaks its lines."""
    from pptx.dml.color import RGBColor
    from pptx.util import Inches

    shape = slide.shapes.add_textbox(*(Inches(side) for side in (place.left, place.top, place.width, place.height)))
    shape.name = name
    shape.text_frame.word_wrap = True
    if fill is not None:
        shape.fill.solid()
        shape.fill.fore_color.rgb = RGBColor.from_string(fill)
    return shape.text_frame


def _write(frame: "TextFrame", text: str, **style: Any) -> None:
    """A paragraph: ``size`` in points, ``bold``, ``colour``, ``bullet``; ``first`` where the frame is empty yet."""
    from pptx.dml.color import RGBColor

    paragraph = frame.paragraphs[0] if style.get("first", True) else frame.add_paragraph()
    paragraph.space_after = _points(6)
    if style.get("bullet", False):
        properties = paragraph._p.get_or_add_pPr()
        properties.set("marL", str(INDENT))
        properties.set("indent", str(-INDENT))
        properties.append(properties.makeelement(f"{DRAWING}buChar", {"char": "•"}))
    run = paragraph.add_run()
    run.text = text
    run.font.size, run.font.bold = _points(style["size"]), bool(style.get("bold", False))
    run.font.color.rgb = RGBColor.from_string(str(style.get("colour", INK)))


def _points(size: float) -> Any:
    from pptx.util import Pt

    return Pt(size)


def _table(slide: "Slide", size: tuple[int, int], place: Place, name: str, alt: str) -> Any:
    from pptx.util import Inches

    sides = (Inches(side) for side in (place.left, place.top, place.width, place.height))
    frame = slide.shapes.add_table(*size, *sides)
    _say(frame, name, alt)
    for row in frame.table.rows:
        row.height = Inches(place.height / size[0])
    for row in range(size[0]):
        for column in range(size[1]):
            cell = frame.table.cell(row, column)
            cell.margin_top = cell.margin_bottom = Inches(0.02)
    return frame.table


def _grid(slide: "Slide", grid: Grid, place: Place, widths: Sequence[float]) -> None:
    """A table of the briefing, its first row the headings."""
    from pptx.dml.color import RGBColor
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Inches

    alt = f"{grid.caption}: {len(grid.rows):,} rows, {len(grid.heads):,} columns"
    table = _table(slide, (len(grid.rows) + 1, len(grid.heads)), place, grid.caption, alt)
    scale = place.width / sum(widths)
    for column, width in enumerate(widths):
        table.columns[column].width = Inches(width * scale)
    for row, cells in enumerate([grid.heads, *grid.rows]):
        for column, text in enumerate(cells):
            cell = table.cell(row, column)
            cell.fill.solid()
            cell.fill.fore_color.rgb = RGBColor.from_string(STRONG if row == 0 else "FFFFFF" if row % 2 else RAISED)
            _write(cell.text_frame, text, size=SMALLEST, bold=row == 0, colour="FFFFFF" if row == 0 else INK)
            cell.text_frame.paragraphs[0].space_after = _points(0)
            if column >= grid.texts:
                cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT


def _chart(slide: "Slide", kind: Any, place: Place, data: Any) -> "GraphicFrame":
    from pptx.util import Inches

    sides = (Inches(side) for side in (place.left, place.top, place.width, place.height))
    frame: GraphicFrame = slide.shapes.add_chart(kind, *sides, data)
    return frame


def _style(chart: "Chart", title: str) -> None:
    """A title, letters that can be read, and figures at the bars."""
    chart.font.size = _points(SMALLEST)
    chart.has_title = True
    chart.chart_title.include_in_layout = False
    frame = chart.chart_title.text_frame
    frame.text = title
    frame.paragraphs[0].runs[0].font.size, frame.paragraphs[0].runs[0].font.bold = _points(TEXT), True
    plot = chart.plots[0]
    plot.has_data_labels = True
    plot.data_labels.show_value = True
    plot.data_labels.font.size = _points(SMALLEST)
    plot.data_labels.number_format, plot.data_labels.number_format_is_linked = "#,##0", False
    chart.category_axis.tick_labels.font.size = _points(SMALLEST)
    chart.category_axis.format.line.fill.background()


def _say(shape: Any, name: str, alt: str) -> None:
    """Name a picture, chart or table, with the words for those who do not see it."""
    shape.name = name
    shape._element.xpath(".//p:cNvPr")[0].set("descr", alt)


def _describe(shown: "Presentation", briefing: Briefing) -> None:
    about = shown.core_properties
    when = datetime.datetime.fromisoformat(briefing.built).replace(tzinfo=None)
    about.title, about.author, about.subject = briefing.title, "Digital-exclusion risk maps", briefing.about
    about.language, about.keywords, about.last_modified_by = LANGUAGE, "", ""
    about.created = about.modified = when


def _set_language(shown: "Presentation") -> None:
    """British English for every text, so that it is read out and checked as such."""
    sheets = [shown.slide_master, *shown.slide_layouts]
    for slide in shown.slides:
        sheets += [slide, slide.notes_slide]
        sheets += [shape.chart.part for shape in slide.shapes if shape.has_chart]
    for sheet in sheets:
        element = sheet._element
        for text in element.xpath(".//a:rPr | .//a:endParaRPr | .//a:defRPr"):
            text.set("lang", LANGUAGE)


def _settled(file: bytes, built: str) -> bytes:
    """The same archive with its parts, and those of the workbooks in it, of one time."""
    parts: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(file)) as packed:
        for name in packed.namelist():
            parts[name] = packed.read(name)
            if name.endswith(".xlsx"):
                parts[name] = _settled(parts[name], built)
            elif name == "docProps/core.xml":
                times = rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*"
                parts[name] = re.sub(times, rb"\g<1>" + built.encode(), parts[name])
    return zip_bytes(parts, LONG_AGO)
