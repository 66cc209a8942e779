"""Places that offer or could offer digital support: which files hold them, and how access to them is measured."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from pipeline.catalogue.areas import Area
from pipeline.catalogue.reading import (
    Declared,
    FilePath,
    Name,
    Slug,
    Text,
    named,
    parse,
    read_toml,
    refuse_other_tables,
    tables_of,
)
from pipeline.errors import DeclarationError

LEAST_METRES, MOST_METRES = 100.0, 100_000.0
LEAST_MINUTES, MOST_MINUTES = 1.0, 240.0


def _as_metres(metres: float) -> float:
    if metres < LEAST_METRES:
        likely = f" Were kilometres meant? Then write {metres * 1000:g}" if metres > 0 else ""
        raise ValueError(f"expected metres, at least {LEAST_METRES:g}.{likely}")
    if metres > MOST_METRES:
        raise ValueError(f"expected metres, at most {MOST_METRES:,.0f}")
    return metres


def _as_minutes(minutes: float) -> float:
    if minutes < LEAST_MINUTES:
        likely = f" Were hours meant? Then write {minutes * 60:g}" if minutes > 0 else ""
        raise ValueError(f"expected minutes, at least {LEAST_MINUTES:g}.{likely}")
    if minutes > MOST_MINUTES:
        raise ValueError(f"expected minutes, at most {MOST_MINUTES:g}. Were seconds meant? Then write {minutes / 60:g}")
    return minutes


Metres = Annotated[float, Field(allow_inf_nan=False), AfterValidator(_as_metres)]
Minutes = Annotated[float, Field(allow_inf_nan=False), AfterValidator(_as_minutes)]
Offer = Literal["devices", "data", "skills", "somewhere to go", "remote"]
Formula = Literal["geometric", "arithmetic"]
Class = Literal["UN1", "UF1", "RLN1", "RLF1", "RSN1", "RSF1"]
LARGEST_CAPACITY = 100.0
"""In units of one library, of one place."""
CLASSES: tuple[Class, ...] = ("UN1", "UF1", "RLN1", "RLF1", "RSN1", "RSF1")


class PlaceColumns(Declared):
    """The headers under which a file holds what is read from it.

    Columns that are left out are recognised by the headers that people use (``Site name``, ``Post code``,
    ``Latitude``). A place is located by ``x`` and ``y`` (in the kind's ``crs``), else by ``postcode``; a file of shapes
    needs neither. ``offers`` holds offers separated by semicolons, which then replace those of the kind; ``capacity``
    holds a number.

    ``hours`` holds the hours a week when somebody is there; or ``from`` and ``to`` hold the times of a visit, and
    ``every`` how often it comes (each week, if left out): ``weekly``, ``4 weeks``, ``monthly``. Visits in several rows
    of one place add up. These are not recognised: they have to be named.
    """

    model_config = ConfigDict(populate_by_name=True)

    name: Text | None = None
    id: Text | None = None
    x: Text | None = None
    y: Text | None = None
    postcode: Text | None = None
    offers: Text | None = None
    opening: Text | None = None
    capacity: Text | None = None
    hours: Text | None = None
    starts: Text | None = Field(default=None, alias="from")
    ends: Text | None = Field(default=None, alias="to")
    every: Text | None = None

    @property
    def gives_hours(self) -> bool:
        """Whether it says how long somebody is there."""
        return self.hours is not None or self.starts is not None

    @model_validator(mode="after")
    def _whole_visits(self) -> "PlaceColumns":
        if (self.starts is None) != (self.ends is None):
            raise ValueError("from and to go together")
        if self.every is not None and self.starts is None:
            raise ValueError("every goes with from and to")
        if self.hours is not None and self.starts is not None:
            raise ValueError("give either hours, or from and to")
        return self

    @model_validator(mode="after")
    def _both_coordinates(self) -> "PlaceColumns":
        if (self.x is None) != (self.y is None):
            raise ValueError("x and y go together")
        return self


class PlaceKind(Declared):
    """One kind of support place.

    Exactly one of ``source`` (an id of ``sources.toml`` whose file has its reader here) and ``file`` (CSV, workbook,
    parquet, GeoJSON, GeoPackage or shapefile) says where its places are. Of a file, ``columns`` names headers that are
    not recognised, ``sheet`` and ``layer`` the one to read of several, ``header_row`` the row of the headers,
    ``decimal`` what separates decimals, and ``crs`` the coordinate system, where the headers or the file do not.
    ``capacity`` is the supply of one place in units of one library; a figure for the place itself, where its file has
    one, takes precedence. With ``full_hours`` it is the supply of a place that is staffed for that many hours a week;
    others count in proportion to their hours, where a source or the columns of a file give them (30, if left out of a
    file with hours). ``counts`` is false for kinds that are shown
    but add nothing to capacity. ``offers_now`` is false for kinds that could offer help but as a rule do not yet: they
    are drawn differently, and new sites are proposed as if they did not exist. ``mobile`` places are shown at their
    base and never count: they stop elsewhere. ``areas`` names the areas that a ``file`` is for; if left out, all real
    ones.

    A place that another kind has too, under a like name, is counted once, unless ``counts_twice`` says that they are
    two.
    """

    id: Name
    title: Text
    plural: Text
    origin: Text
    why: Text
    source: Name | None = None
    file: FilePath | None = None
    columns: PlaceColumns | None = None
    crs: Literal["EPSG:4326", "EPSG:27700", "EPSG:3857"] | None = None
    sheet: Text | None = None
    header_row: int | None = Field(default=None, ge=1)
    layer: Text | None = None
    decimal: Literal[".", ","] = "."
    offers: tuple[Offer, ...] = Field(min_length=1)
    opening: str = ""
    capacity: float = Field(default=1.0, gt=0, le=LARGEST_CAPACITY, allow_inf_nan=False)
    full_hours: float | None = Field(default=None, ge=1, le=168, allow_inf_nan=False)
    counts: bool = True
    offers_now: bool = True
    mobile: bool = False
    areas: tuple[Slug, ...] = ()
    counts_twice: bool = False

    @model_validator(mode="after")
    def _one_origin(self) -> "PlaceKind":
        if (self.source is None) == (self.file is None):
            raise ValueError("give either source (an id of sources.toml) or file")
        if self.source is not None and self.areas:
            raise ValueError("areas goes with file; the file of a source is for every area")
        if self.file is not None and self.full_hours is not None and not (self.columns and self.columns.gives_hours):
            raise ValueError("full_hours of a file needs columns with hours, or with from and to")
        if self.source is not None and self.columns is not None:
            raise ValueError("columns go with file; the columns of a source are read without them")
        if self.mobile and self.counts:
            raise ValueError("mobile = true needs counts = false: the file does not say where a mobile place stops")
        return self

    def is_for(self, area: Area) -> bool:
        """Whether its places are used for ``area``: local files are real, so they are not used for a fictional one."""
        return self.source is not None or (area.id in self.areas if self.areas else not area.fictional)


class Access(Declared):
    """How access is measured.

    ``nearest`` places of each kind are listed. ``reach`` is how far people of each rural-urban class go: metres in a
    straight line, or ``reach_minutes`` where a matrix of journeys is supplied. ``farthest_outside`` is how far from the
    area a place may lie, in metres.
    """

    nearest: int = Field(default=3, ge=1, le=10)
    farthest_outside: Metres = 20_000.0
    reach: dict[Class, Metres]
    reach_minutes: dict[Class, Minutes]

    @model_validator(mode="after")
    def _every_class(self) -> "Access":
        for name in ("reach", "reach_minutes"):
            absent = [c for c in CLASSES if c not in getattr(self, name)]
            if absent:
                raise ValueError(f"{name} lacks {', '.join(absent)}")
        return self


class Exclusion(Declared):
    """How risk and lack of capacity become one score: ``geometric`` needs both to be high, ``arithmetic`` only one.

    ``risk_weight`` is the share of the weight that risk has.
    """

    formula: Formula = "geometric"
    risk_weight: float = Field(default=0.5, gt=0, lt=1, allow_inf_nan=False)


PartOf = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]


class ListBounds(Declared):
    """Which areas the list of where to act holds: those of high risk and little support.

    Attributes:
        risk_share: high is the risk of this share of the area's neighbourhoods, those with the highest.
        support_share: little is the support within reach of this share of them, those with the least.
        far_metres: support is also little where the nearest place that helps now is farther than that.
        near_metres: it never is where one is nearer. Both as ``_minutes`` where journeys are given.
        least_probability: areas that meet the bounds in a smaller share of plausible choices are left off.
    """

    risk_share: PartOf = 0.2
    support_share: PartOf = 0.33
    far_metres: Metres = 3_000.0
    near_metres: Metres = 800.0
    far_minutes: Minutes = 30.0
    near_minutes: Minutes = 10.0
    least_probability: float = Field(default=0.1, ge=0, le=1, allow_inf_nan=False)

    @model_validator(mode="after")
    def _near_before_far(self) -> "ListBounds":
        for unit in ("metres", "minutes"):
            near, far = getattr(self, f"near_{unit}"), getattr(self, f"far_{unit}")
            if near > far:
                raise ValueError(f"near_{unit} ({near:g}) is beyond far_{unit} ({far:g})")
        return self


class Bundling(Declared):
    """How neighbourhoods on the list become programmes.

    ``least_people`` and ``most_people`` at risk are what one programme may hold; all its neighbourhoods lie within
    ``reach_metres`` of its centre, in a straight line.
    """

    least_people: float = Field(default=500.0, gt=0, le=1e6, allow_inf_nan=False)
    most_people: float = Field(default=3_000.0, gt=0, le=1e6, allow_inf_nan=False)
    reach_metres: Metres = 6_000.0

    @model_validator(mode="after")
    def _in_order(self) -> "Bundling":
        if self.least_people > self.most_people:
            raise ValueError(f"least_people ({self.least_people:g}) is above most_people ({self.most_people:g})")
        return self


class Places(Declared):
    """What ``places.toml`` declares."""

    access: Access
    exclusion: Exclusion = Exclusion()
    where_to_act: ListBounds = ListBounds()
    programmes: Bundling = Bundling()
    kinds: tuple[PlaceKind, ...] = Field(min_length=1)


def read_places_declaration(path: Path) -> Places:
    """What ``path`` declares; the kinds in the order of the file.

    Raises:
        DeclarationError: a fault in the file.
    """
    tables = tables_of(read_toml(path), path)
    refuse_other_tables(tables, Places.model_fields, path)
    of_kinds = tables_of(tables.get("kinds", {}), path, "kinds")
    if not of_kinds:
        raise DeclarationError(f"{path}: expected at least one table [kinds.<name>].")
    kinds = [parse(PlaceKind, named("id", k, v, path, "kinds"), path, f"kinds.{k}") for k, v in of_kinds.items()]
    return parse(Places, {**tables, "kinds": kinds}, path, "")
