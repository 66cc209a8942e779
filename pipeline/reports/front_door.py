"""The front door of an area: what was made, what opens it, how large it is and when it was made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.reports.elements import Markup, escape, paragraph, section, stacked, table
from pipeline.reports.page import compose_page

OPENS: Mapping[str, str] = {
    ".html": "any web browser, without a network",
    ".pdf": "any reader of PDF",
    ".pptx": "PowerPoint, LibreOffice Impress, Keynote",
    ".xlsx": "Excel, LibreOffice Calc",
    ".gpkg": "QGIS, ArcGIS, R (sf), GDAL",
    ".geojson": "QGIS, ArcGIS, R (sf), web maps",
    ".csv": "Excel, LibreOffice Calc, R, pandas",
    ".parquet": "DuckDB, R (arrow), pandas, Power BI",
    ".json": "any text editor; frictionless reads the data package",
}
"""What opens a file, by its ending."""


@dataclass(frozen=True)
class Download:
    """A file to open or take along.

    ``about`` says what it is for in a sentence; ``href`` is its address from the front door; ``size`` is in bytes.
    """

    title: str
    about: str
    href: str
    size: int

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.href.rpartition("/")[2]

    @property
    def ending(self) -> str:
        """The ending of its name, with its dot."""
        return f".{self.name.rpartition('.')[2]}"


@dataclass(frozen=True)
class Front:
    """What a front door shows.

    ``made`` is when the scores were made, ``program`` what made them; ``finding`` one or two sentences;
    ``pages`` are for people to read, ``tables`` for other tools; ``left_out`` says what is not handed on.
    """

    title: str
    fictional: bool
    made: str
    program: str
    finding: str
    pages: Sequence[Download]
    tables: Sequence[Download]
    sources: Sequence[str]
    left_out: Sequence[str] = ()


def compose_front_door(front: Front) -> str:
    """The page as HTML: one file, no script, no use of the network."""
    mark = "Fictional data: " if front.fictional else ""
    title = f"{mark}{front.title}: digital exclusion by neighbourhood"
    parts = [
        section("read", "To read and to show", [_table("What leads and teams open", front.pages)]),
        section("take", "Data for other tools", [_table("Tables, with what opens them", front.tables)]),
        section("sources", "Sources and licences", [_sources(front.sources)]),
    ]
    if front.left_out:
        parts.insert(2, section("left-out", "What is not here", [paragraph(line) for line in front.left_out]))
    return compose_page(
        title,
        paragraph(front.finding, "lead"),
        parts,
        f"Scores made {front.made} by {front.program}.",
        fictional=front.fictional,
    )


def _table(caption: str, downloads: Sequence[Download]) -> Markup:
    rows = [
        (
            stacked(Markup(f'<a href="{escape(item.href)}">{escape(item.title)}</a>'), item.about),
            item.name,
            OPENS.get(item.ending, "a text editor"),
            say_size(item.size),
        )
        for item in downloads
    ]
    return table(caption, ["What it is", "File", "What opens it", "Size"], rows, texts=3)


def _sources(sources: Sequence[str]) -> Markup:
    return Markup("<ul>" + "".join(f"<li>{escape(source)}</li>" for source in sources) + "</ul>")


def say_size(size: int) -> str:
    """Bytes in words, such as ``886 kB``: thousands, as file managers show them."""
    if size < 1_000:
        return f"{size} bytes"
    if size < 999_500:
        return f"{size / 1e3:.0f} kB"
    return f"{size / 1e6:.1f} MB"
