"""A page as HTML: one file, no script, no use of the network."""

import html
from collections.abc import Iterable
from pathlib import Path

from pipeline.reports.elements import Markup, escape

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
FICTIONAL = '<div class="banner" role="note">Fictional data: these places do not exist.</div>'


def compose_page(title: str, lead: Markup, sections: Iterable[Markup], footer: str, *, fictional: bool) -> str:
    """A page with its heading, the ``lead`` below it, sections and a footer; fictional data are marked at its top."""
    style = Path(__file__).with_name("style.css").read_text(encoding="utf-8")
    body = "\n".join(part.text for part in sections)
    banner = FICTIONAL if fictional else ""
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{html.escape(POLICY, quote=True)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        f"<header>{banner}<h1>{escape(title)}</h1>\n{lead.text}</header>\n"
        f"<main>\n{body}\n</main>\n"
        f"<footer><p>{escape(footer)}</p></footer>\n"
        "</body>\n</html>\n"
    )
