"""A page that explains: one HTML file, no script, no use of the network; it reads in light, in dark and on paper."""

from collections.abc import Iterable
from pathlib import Path

from pipeline.reports.elements import Markup, escape

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
BANNER = '<div class="banner" role="note">Fictional data: these places do not exist.</div>'


def compose_page(title: str, lead: Markup, parts: Iterable[Markup], footer: str, *, fictional: bool) -> str:
    """The page with its title and ``lead`` above ``parts``; ``fictional`` puts a banner above all."""
    style = Path(__file__).with_name("style.css").read_text(encoding="utf-8")
    body = "\n".join(part.text for part in parts)
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        f"<header>{BANNER if fictional else ''}<h1>{escape(title)}</h1>\n{lead.text}</header>\n"
        f"<main>\n{body}\n</main>\n"
        f"<footer><p>{escape(footer)}</p></footer>\n"
        "</body>\n</html>\n"
    )
