"""A page as one file of HTML: no script, no use of the network."""

import html
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.reports.elements import Markup, escape

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True)
class PageHead:
    """The title of a page, its first paragraphs, what its foot says, and whether its places are invented."""

    title: str
    lead: tuple[Markup, ...]
    foot: str
    fictional: bool


def compose_page(head: PageHead, parts: Iterable[Markup]) -> str:
    """The page with ``parts`` as its main content."""
    fictional = '<div class="banner" role="note">Fictional data: these places do not exist.</div>'
    banner = fictional if head.fictional else ""
    style = Path(__file__).with_name("style.css").read_text(encoding="utf-8")
    title = f"{'Fictional data: ' if head.fictional else ''}{head.title}"
    body, lead = ("\n".join(part.text for part in markup) for markup in (parts, head.lead))
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{html.escape(POLICY, quote=True)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        f"<header>{banner}<h1>{escape(title)}</h1>\n{lead}</header>\n"
        f"<main>\n{body}\n</main>\n"
        f"<footer><p>{escape(head.foot)}</p></footer>\n"
        "</body>\n</html>\n"
    )
