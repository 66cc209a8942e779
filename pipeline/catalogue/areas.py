"""The areas that can be mapped, each defined in exactly one way."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from pipeline.catalogue.reading import AsFileName, Declared, parse, read_toml
from pipeline.errors import DeclarationError

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60), AsFileName]
FOLDERS = ("national",)
"""Other folders beside those of the areas."""
Reference = Literal["england", "area"]
"""What indicators are compared with: all LSOAs of the nation, or those of the area."""
DEFINITIONS = ("icb", "sicbl", "lad", "lsoa_file", "polygon_file", "everything")


class Area(Declared):
    """An area to map.

    Exactly one of ``icb``, ``sicbl``, ``lad`` (codes), ``lsoa_file`` (a text or CSV file whose first
    column lists LSOA 2021 codes), ``polygon_file`` (any vector file; an LSOA belongs when a point
    inside it does) or ``everything`` defines it. ``index`` names a file under ``indices/``;
    ``reference`` says what indicators are compared with. ``fictional`` areas have separate raw files, and
    everything made from them says that it is fictional. ``stories_file`` holds what people said, ``journeys_file``
    minutes from LSOAs to support places. ``lsoa_column``, ``polygon_layer``, ``stories_columns`` and
    ``journeys_columns`` name the column or layer to read of these files where it is not recognised.
    """

    id: Slug
    title: str = Field(min_length=1)
    index: Slug = "norfolk-waveney"
    reference: Reference = "england"
    icb: tuple[str, ...] = ()
    sicbl: tuple[str, ...] = ()
    lad: tuple[str, ...] = ()
    lsoa_file: str | None = None
    polygon_file: str | None = None
    everything: bool = False
    fictional: bool = False
    stories_file: str | None = None
    journeys_file: str | None = None
    lsoa_column: str | None = None
    polygon_layer: str | None = None
    stories_columns: dict[str, str] = Field(default_factory=dict)
    journeys_columns: dict[str, str] = Field(default_factory=dict)
    expected_lsoas: int | None = Field(default=None, gt=0)

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
    return {key: parse(Area, {"id": key, **values}, path, key) for key, values in read_toml(path).items()}


def area_named(areas: dict[str, Area], name: str, path: Path) -> Area:
    """The area called ``name``.

    Raises:
        DeclarationError: it is not declared; the message lists those that are.
    """
    if name not in areas:
        raise DeclarationError(f"There is no area '{name}' in {path}. Declared: {', '.join(areas)}.")
    return areas[name]
