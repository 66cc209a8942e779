"""The front door of an area: what was made, what opens it, how large it is and when it was made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.reports.elements import Markup, bullets, escape, paragraph, section, stacked, table
from pipeline.reports.page import compose_page

OPENS: Mapping[str, str] = {
    ".xlsx": "Excel, LibreOffice Calc",
    ".gpkg": "QGIS, ArcGIS, R (sf), GDAL",
    ".geojson": "QGIS, ArcGIS, R (sf), web maps",
    ".csv": "Excel, LibreOffice Calc, R, pandas",
    ".parquet": "DuckDB, R (arrow), pandas, Power BI",
    ".json": "any text editor; frictionless reads the data package",
}
"""What opens a file, by its ending."""
DESCRIBED = "Every column of every table is described in datapackage.json, and in the fields of the parquet files."


@dataclass(frozen=True)
class File:
    """A file: its address from the front door, and its size in bytes."""

    href: str
    size: int

    @property
    def name(self) -> str:
        """Its name."""
        return self.href.rpartition("/")[2]

    @property
    def ending(self) -> str:
        """The ending of its name, with its dot."""
        return f".{self.name.rpartition('.')[2]}"


@dataclass(frozen=True)
class Download:
    """Something to open or take along, in one file or in several that hold the same; ``about`` says what it is for."""

    title: str
    about: str
    files: Sequence[File]


@dataclass(frozen=True)
class UnitBriefing:
    """A briefing on a part of the area: its name and level in words, the day it was made, and its files."""

    name: str
    level: str
    made: str
    files: Sequence[File]


@dataclass(frozen=True)
class Front:
    """What a front door shows.

    ``made`` is when the scores were made, ``program`` what made them; ``finding`` are sentences, the first of which
    leads; ``pages`` are for people to read, ``tables`` for other tools; ``briefings`` are on parts of the area;
    ``left_out`` says what is not handed on.
    """

    title: str
    fictional: bool
    made: str
    program: str
    finding: Sequence[str]
    pages: Sequence[Download]
    tables: Sequence[Download]
    sources: Sequence[str]
    briefings: Sequence[UnitBriefing] = ()
    left_out: Sequence[str] = ()


def compose_front_door(front: Front) -> str:
    """The page as HTML: one file, no script, no use of the network."""
    mark = "Fictional data: " if front.fictional else ""
    title = f"{mark}{front.title}: digital exclusion by neighbourhood"
    leading, *further = front.finding
    parts = [
        section("read", "To read and to show", [_table("What leads and teams open", front.pages)]),
        section(
            "take", "Data for other tools", [_table("Tables", front.tables), paragraph(DESCRIBED), _opens(front.tables)]
        ),
        section("sources", "Sources and licences", [bullets(front.sources)]),
    ]
    if front.briefings:
        parts.insert(1, section("parts", "Briefings on parts of the area", [_briefings(front.briefings)]))
    if front.left_out:
        parts.insert(-1, section("left-out", "What is not here", [paragraph(line) for line in front.left_out]))
    lead = Markup("\n".join(part.text for part in [paragraph(leading, "lead"), *map(paragraph, further)]))
    return compose_page(title, lead, parts, f"Scores made {front.made} by {front.program}.", fictional=front.fictional)


def _table(caption: str, downloads: Sequence[Download]) -> Markup:
    rows = [(item.title, item.about, stacked(*map(_link, item.files))) for item in downloads]
    return table(caption, ["What it is", "What it is for", "File and size"], rows, texts=3)


def _briefings(briefings: Sequence[UnitBriefing]) -> Markup:
    rows = [(one.name, one.level, one.made, stacked(*map(_link, one.files))) for one in briefings]
    return table("Each was made from the scores of this page", ["On", "Level", "Made", "File and size"], rows, texts=4)


def _link(file: File) -> Markup:
    return Markup(f'<a href="{escape(file.href)}">{escape(file.name)}</a> ({say_size(file.size)})')


def _opens(downloads: Sequence[Download]) -> Markup:
    endings = dict.fromkeys(file.ending for item in downloads for file in item.files)
    return table("What opens a file", ["Ending", "Opened by"], [(e, OPENS[e]) for e in sorted(endings)], texts=2)


def say_size(size: int) -> str:
    """Bytes in words, such as ``886 kB``: thousands, as file managers show them."""
    if size < 1_000:
        return f"{size} bytes"
    if size < 999_500:
        return f"{size / 1e3:.0f} kB"
    return f"{size / 1e6:.1f} MB"
