"""A briefing as one HTML file without scripts: the same as the PDF, for screens in light and dark, and to print."""

import html
from pathlib import Path

from pipeline.reports.briefing.content import Bars, Briefing, Grid, Part, Picture, Section, Tile, Topic
from pipeline.reports.elements import Markup, bullets, escape, paragraph, section, table
from pipeline.reports.page import BANNER, POLICY

STYLES = (Path(__file__).parents[1] / "style.css", Path(__file__).with_name("briefing.css"))
TICKS = 100


def make_page(briefing: Briefing) -> str:
    """The briefing as HTML: no script, no use of the network; every text is escaped."""
    style = "".join(path.read_text(encoding="utf-8") for path in STYLES)
    banner = BANNER if briefing.fictional else ""
    front = [
        _tiles(briefing.tiles),
        Markup(f'<div class="side-by-side">{_finding(briefing.finding).text}{_map(briefing.picture).text}</div>'),
        _kinds(briefing.kinds),
        *(_section("programmes", part) for part in (briefing.programmes,) if part is not None),
        *(_section("money", part) for part in (briefing.money,) if part is not None),
    ]
    back = [
        *(_section("ranking", part) for part in (briefing.ranking,) if part is not None),
        *(_section("groups", part) for part in (briefing.groups,) if part is not None),
        _sure(briefing.sure, briefing.certainty),
        _listed("unsure", briefing.unsure),
        _listed("sources", briefing.sources),
    ]
    about = f"{briefing.about} · {briefing.day}"
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{html.escape(POLICY, quote=True)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{escape(briefing.title)}</title>\n<style>\n{style}</style>\n</head>\n<body class="briefing">\n'
        f"<header>{banner}<h1>{escape(briefing.title)}</h1>{paragraph(about, 'note').text}</header>\n"
        f'<main>\n<div class="front">{_joined(front)}</div>\n<div class="back">{_joined(back)}</div>\n</main>\n'
        f"<footer>{paragraph(briefing.elsewhere).text}</footer>\n</body>\n</html>\n"
    )


def _joined(parts: list[Markup]) -> str:
    return "\n".join(part.text for part in parts)


def _tiles(tiles: tuple[Tile, ...]) -> Markup:
    items = "".join(
        f"<li><strong>{escape(tile.figure)}</strong> <span>{escape(tile.label)}</span></li>" for tile in tiles
    )
    return Markup(f'<ul class="tiles" aria-label="Main figures">{items}</ul>')


def _finding(topics: tuple[Topic, ...]) -> Markup:
    items = (Markup(f"<h3>{escape(topic.title)}</h3>{paragraph(topic.text).text}") for topic in topics)
    return section("finding", "The finding", items)


def _map(picture: Picture | None) -> Markup:
    if picture is None:
        return Markup("")
    key = "".join(f"<li>{_swatch(entry.colour)} {escape(entry.label)}</li>" for entry in picture.key)
    svg = picture.svg.replace("<svg ", f'<svg role="img" aria-label="{html.escape(picture.alt, quote=True)}" ', 1)
    drawing = Markup(
        f'<figure class="map">{svg}<figcaption>{escape(picture.caption)}</figcaption></figure>'
        f'<ul class="key" aria-label="What the colours mean">{key}</ul>'
    )
    return section("map", "The map", [drawing])


def _swatch(colour: str) -> str:
    return (
        '<svg class="swatch" width="12" height="12" aria-hidden="true">'
        f'<rect width="12" height="12" fill="{escape(colour)}"/></svg>'
    )


def _bar(parts: tuple[Part, ...]) -> str:
    """A bar of parts, for the eye: what it shows stands in words beside it."""
    total, before, drawn = sum(part.number for part in parts) or 1.0, 0.0, []
    for part in parts:
        width = TICKS * part.number / total
        drawn.append(f'<rect x="{before:.2f}" width="{width:.2f}" height="6" fill="{escape(part.colour)}"/>')
        before += width
    return (
        f'<svg class="bar" viewBox="0 0 {TICKS} 6" preserveAspectRatio="none" aria-hidden="true">{"".join(drawn)}</svg>'
    )


def _kinds(parts: tuple[Part, ...]) -> Markup:
    if not parts:
        return Markup("")
    items = "".join(
        f"<li>{_swatch(part.colour)} <strong>{escape(part.share)}</strong> ({escape(part.said)} people, "
        f"{escape(part.places)}): {escape(part.label)}</li>"
        for part in parts
    )
    drawing = Markup(f'{_bar(parts)}<ul class="parts">{items}</ul>')
    return section("kinds", "People at risk, by kind of exclusion", [drawing])


def _section(name: str, part: Section) -> Markup:
    grids = [] if part.grid is None else [_grid(part.grid)]
    return section(name, part.title, [*map(paragraph, part.sentences), *grids])


def _grid(grid: Grid) -> Markup:
    made = table(grid.caption, grid.heads, grid.rows, grid.texts)
    return Markup(made.text + paragraph(grid.note, "note").text) if grid.note else made


def _sure(part: Section, bars: Bars | None) -> Markup:
    parts = [bullets(part.sentences)]
    if bars is not None:
        rows = [(label, *(each.said for each in shown)) for label, shown in zip(bars.labels, bars.parts, strict=True)]
        heads = ("Neighbourhoods", *(each.label for each in bars.parts[0]))
        drawn = "".join(
            f"<li><span>{escape(label)}</span>{_bar(shown)}</li>"
            for label, shown in zip(bars.labels, bars.parts, strict=True)
        )
        parts += [Markup(f'<ul class="bars" aria-hidden="true">{drawn}</ul>'), table(bars.caption, heads, rows)]
    return section("sure", part.title, parts)


def _listed(name: str, part: Section) -> Markup:
    made = section(name, part.title, [bullets(part.sentences)])
    return Markup(f'<div class="listed">{made.text}</div>')
