"""The areas that can be mapped, each defined in exactly one way."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from pipeline.catalogue.reading import Declared, FilePath, Slug, Text, read_tables
from pipeline.errors import DeclarationError, did_you_mean, no_such_area, shown


def _as_code(code: str) -> str:
    if not re.fullmatch(r"[A-Z][0-9]{8}", code):
        raise ValueError("expected a code of nine characters such as E38000239, in capitals")
    return code


Code = Annotated[str, AfterValidator(_as_code)]
"""Of the Office for National Statistics."""
Codes = tuple[Code, ...]
FOLDERS = ("national",)
"""Other folders beside those of the areas."""
Reference = Literal["england", "area"]
"""What indicators are compared with: all LSOAs of the nation, or those of the area."""
COLUMNS_OF_FILES = {
    "stories_columns": ("place", "quote", "theme", "source", "consent"),
    "journeys_columns": ("origin", "destination", "minutes"),
    "self_assessment_columns": ("theme", "now", "target", "how", "owner", "by_when"),
}
"""The columns whose headers an area may name."""
KEYS_OF_FILES = {
    "lsoa_column": "lsoa_file",
    "polygon_layer": "polygon_file",
    "stories_columns": "stories_file",
    "stories_allowed": "stories_file",
    "journeys_columns": "journeys_file",
    "journeys_decimal": "journeys_file",
    "self_assessment_columns": "self_assessment_file",
    "self_assessment_date": "self_assessment_file",
}
"""What an area declares of a file, and the key of that file."""
DEFINITIONS = ("icb", "sicbl", "lad", "lsoa_file", "polygon_file", "everything")


class StoryAllowed(Declared):
    """A cell of the stories that is shown although it looks like personal data, as somebody has read it and says why.

    ``row`` and ``column`` are those of the file. ``text`` is the mark of the cell's text that the refusal gives: once
    the text changes, it is refused again.
    """

    row: int = Field(ge=1)
    column: Text
    text: Annotated[str, Field(pattern=r"^[0-9a-f]{12}$")]
    why: Text


class Area(Declared):
    """An area to map.

    Exactly one of ``icb``, ``sicbl``, ``lad`` (codes), ``lsoa_file`` (a text or CSV file whose first
    column lists LSOA 2021 codes), ``polygon_file`` (any vector file; an LSOA belongs when a point
    inside it does) or ``everything`` defines it. ``index`` names a file under ``indices/``;
    ``reference`` says what indicators are compared with. ``fictional`` areas have separate raw files, and
    everything made from them says that it is fictional. ``stories_file`` holds what people said, ``journeys_file``
    minutes from LSOAs to support places. ``stories_allowed`` are false alarms about personal data in the stories.
    ``self_assessment_file`` holds what the team answers, theme by theme; what was due before ``self_assessment_date``
    is overdue. ``lsoa_column``, ``polygon_layer``, ``stories_columns``, ``journeys_columns`` and
    ``self_assessment_columns`` name the column or layer to read of these files where it is not recognised;
    ``journeys_decimal`` is what separates the decimals of the minutes, where that is a comma.
    """

    id: Slug
    title: Text
    index: Slug = "norfolk-waveney"
    reference: Reference = "england"
    icb: Codes = ()
    sicbl: Codes = ()
    lad: Codes = ()
    lsoa_file: FilePath | None = None
    polygon_file: FilePath | None = None
    everything: bool = False
    fictional: bool = False
    stories_file: FilePath | None = None
    stories_allowed: tuple[StoryAllowed, ...] = ()
    journeys_file: FilePath | None = None
    self_assessment_file: FilePath | None = None
    self_assessment_date: date | None = None
    lsoa_column: Text | None = None
    polygon_layer: Text | None = None
    stories_columns: dict[str, Text] = Field(default_factory=dict)
    journeys_columns: dict[str, Text] = Field(default_factory=dict)
    self_assessment_columns: dict[str, Text] = Field(default_factory=dict)
    journeys_decimal: Literal[".", ","] | None = None
    expected_lsoas: int | None = Field(default=None, gt=0, le=1_000_000)

    @field_validator("stories_columns", "journeys_columns", "self_assessment_columns")
    @classmethod
    def _columns_there_are(cls, columns: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        there = COLUMNS_OF_FILES[str(info.field_name)]
        for name in columns:
            if name not in there:
                raise ValueError(
                    f"there is no column '{name}'.{did_you_mean(name, there)} There are {', '.join(there)}"
                )
        return columns

    @model_validator(mode="after")
    def _with_its_file(self) -> "Area":
        for key, file in KEYS_OF_FILES.items():
            if getattr(self, key) and getattr(self, file) is None:
                raise ValueError(f"{key} goes with {file}, which is not given")
        return self

    @model_validator(mode="after")
    def _has_its_folder(self) -> "Area":
        if self.id in FOLDERS:
            raise ValueError(f"'{self.id}' is the name of another folder of data/processed: choose another")
        return self

    @model_validator(mode="after")
    def _defined_once(self) -> "Area":
        given = [name for name in DEFINITIONS if getattr(self, name)]
        if len(given) != 1:
            raise ValueError(f"an area is defined by exactly one of {', '.join(DEFINITIONS)}; found {given or 'none'}")
        return self

    @property
    def nation(self) -> str:
        """The nation whose tables it is compared with: ``england``, or ``demo`` for the fictional country."""
        return "demo" if self.fictional else "england"


def read_areas(path: Path) -> dict[str, Area]:
    """The declared areas by id.

    Raises:
        DeclarationError: a fault in the file.
    """
    return read_tables(Area, path)


def area_named(areas: dict[str, Area], name: str, path: Path) -> Area:
    """The area called ``name``.

    Raises:
        DeclarationError: it is not declared; the message lists those that are.
    """
    if name not in areas:
        raise DeclarationError(no_such_area(name, areas, path))
    return areas[name]


def refuse_misspelt_areas(named: Mapping[str, Iterable[str]], areas: Iterable[str], path: Path) -> None:
    """Refuse a list of areas with the name of one that is nearly that of a declared one.

    Names that are like none are in order: they belong to areas that were declared once, or will be.

    Args:
        named: the areas that each table of ``path`` is for.

    Raises:
        DeclarationError: which, and which was likely meant.
    """
    there = list(areas)
    faults = [
        f"  {table}.areas names {shown(name)[1:-1]}, which declared/areas.toml does not have.{meant}"
        for table, names in named.items()
        for name in names
        if name not in there and (meant := did_you_mean(name, there))
    ]
    if faults:
        raise DeclarationError("\n".join([f"{path}: {len(faults)} fault(s)", *faults]))
