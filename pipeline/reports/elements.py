"""Parts of a plain HTML page: every text is escaped here, and nowhere else."""

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Markup:
    """Text that is already markup; any other text is escaped when it is put into a page."""

    text: str


Part = Markup | str


def escape(part: Part) -> str:
    """``part`` as markup."""
    return part.text if isinstance(part, Markup) else html.escape(part, quote=True)


def paragraph(text: Part, kind: str = "") -> Markup:
    """A paragraph; ``kind`` is its class."""
    return Markup(f"<p{_class(kind)}>{escape(text)}</p>")


def section(name: str, title: str, parts: Iterable[Markup]) -> Markup:
    """A section with its heading; ``name`` is its anchor in the page."""
    inside = "\n".join(part.text for part in parts)
    return Markup(
        f'<section aria-labelledby="{escape(name)}"><h2 id="{escape(name)}">{escape(title)}</h2>\n{inside}\n</section>'
    )


def subsection(title: str, parts: Iterable[Markup]) -> Markup:
    """Part of a section, with its heading."""
    inside = "\n".join(part.text for part in parts)
    return Markup(f'<div class="part"><h3>{escape(title)}</h3>\n{inside}\n</div>')


def link(text: str, address: str) -> Markup:
    """A link; ``address`` is a page beside this one, or on the web."""
    return Markup(f'<a href="{escape(address)}">{escape(text)}</a>')


def joined(*parts: Part) -> Markup:
    """Parts of one text, one after the other."""
    return Markup("".join(map(escape, parts)))


def emphasis(text: str) -> Markup:
    """Words that stand out."""
    return Markup(f"<strong>{escape(text)}</strong>")


def steps(items: Iterable[Part]) -> Markup:
    """A numbered list."""
    return Markup("<ol>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ol>")


def bullets(items: Iterable[Part]) -> Markup:
    """A list of sentences."""
    return Markup("<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>")


def table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[Part]], texts: int = 1) -> Markup:
    """A table whose first column names its rows; the first ``texts`` columns are words, the others numbers."""
    head = "".join(
        f'<th scope="col"{_class("" if place < texts else "number")}>{escape(column)}</th>'
        for place, column in enumerate(columns)
    )
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(
            f"<td{_class('' if place < texts else 'number')}>{escape(cell)}</td>"
            for place, cell in enumerate(row[1:], 1)
        )
        + "</tr>\n"
        for row in rows
    )
    return _scrolling(
        caption,
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>",
    )


def cards(caption: str, columns: Sequence[str], rows: Iterable[Sequence[Part]]) -> Markup:
    """A table of words. Where there is little room, each row becomes a card whose cells repeat their headings."""
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(
            f'<td data-title="{escape(title)}">{escape(cell)}</td>'
            for title, cell in zip(columns[1:], row[1:], strict=True)
        )
        + "</tr>\n"
        for row in rows
    )
    return Markup(
        f'<table class="cards"><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>\n'
        f"<tbody>{body}</tbody></table>"
    )


def stacked(*lines: Part) -> Markup:
    """Lines of one cell, one below the other."""
    return Markup("<br>".join(map(escape, lines)))


def figure(drawing: Markup, caption: str, equivalent: Markup) -> Markup:
    """A drawing with a caption, and the same figures as a table that can be opened."""
    return Markup(
        f"<figure>{_scrolling(caption, drawing.text).text}<figcaption>{escape(caption)}</figcaption></figure>"
        f"<details><summary>These figures as a table</summary>{equivalent.text}</details>"
    )


def _scrolling(label: str, content: str) -> Markup:
    """Wide content that scrolls, also by keyboard, instead of widening the page."""
    return Markup(f'<div class="scroll" role="group" tabindex="0" aria-label="{escape(label)}">{content}</div>')


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""
