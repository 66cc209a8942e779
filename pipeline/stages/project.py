"""A project folder, and what every command needs of it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline import raw, store
from pipeline.catalogue import (
    Area,
    Index,
    Source,
    Uncertainty,
    read_areas,
    read_index,
    read_sources,
    read_uncertainty,
)
from pipeline.catalogue.areas import area_named
from pipeline.catalogue.places import Places, read_places_declaration
from pipeline.catalogue.rates import Helps, Rates, read_helps, read_rates
from pipeline.errors import MissingSourceError

Say = Callable[[str], None]
BASE = "lsoa21_icb"
"""The source that says which LSOAs there are."""
NATIONS = {"england": "England", "demo": "the fictional country"}


@dataclass(frozen=True)
class Project:
    """A project folder: where what is declared, raw, processed and drawn lies."""

    root: Path

    @property
    def declared(self) -> Path:
        """What an analyst edits."""
        return self.root / "declared"

    def sources(self) -> dict[str, Source]:
        """The declared sources by id."""
        return read_sources(self.declared / "sources.toml")

    def area(self, name: str) -> Area:
        """The declared area called ``name``."""
        path = self.declared / "areas.toml"
        return area_named(read_areas(path), name, path)

    def area_names(self) -> list[str]:
        """The names of the declared areas."""
        return list(read_areas(self.declared / "areas.toml"))

    def index(self, name: str) -> Index:
        """The index called ``name``, or in the file ``name``."""
        path = Path(name) if name.endswith(".toml") else self.declared / "indices" / f"{name}.toml"
        return read_index(path)

    def uncertainty(self) -> Uncertainty:
        """What is varied to learn how sure a rank is."""
        return read_uncertainty(self.declared / "uncertainty.toml")

    def places(self) -> Places:
        """The kinds of support places, and how access to them is measured."""
        return read_places_declaration(self.declared / "places.toml")

    def rates(self) -> Rates:
        """Published rates by age from which people at risk are estimated."""
        return read_rates(self.declared / "rates.toml")

    def helps(self) -> Helps:
        """What usually helps where a component drives the risk."""
        return read_helps(self.declared / "help.toml")

    def national(self, nation: str) -> Path:
        """The tidy tables of a whole nation."""
        return self.root / "data" / "processed" / "national" / nation

    def processed(self, area: str) -> Path:
        """The tables of an area."""
        return self.root / "data" / "processed" / area

    def page(self, area: str) -> Path:
        """The map of an area."""
        return self.root / "maps" / area / "atlas.html"

    def method_page(self, area: str) -> Path:
        """The page on how the map of an area was made and how sure it is."""
        return self.root / "maps" / area / "method.html"


def located(project: Project, area: Area, source: Source) -> Path:
    """The raw file of a source that an area needs.

    Raises:
        MissingSourceError: it is not there; with the commands that get it.
    """
    path = raw.locate(source.model_dump(), project.root, area.nation, area.id)
    if path is None:
        raise MissingSourceError(raw.missing_message(raw.missing_sources(project.root, area.id), area.id))
    return path


def fictional(area: Area) -> str:
    """What opens every line about an area that does not exist."""
    return "FICTIONAL DATA · " if area.fictional else ""


def reference_path(project: Project, nation: str) -> Path:
    """All LSOAs of a nation with every source's columns."""
    return project.national(nation) / "reference.parquet"


def reference(project: Project, nation: str) -> pd.DataFrame:
    """All LSOAs of a nation with every source's columns, by code.

    Raises:
        MissingSourceError: the nation has not been tidied.
    """
    path = reference_path(project, nation)
    if not path.exists():
        raise MissingSourceError(
            f"{path} is not there yet. Run: make maps AREA=<area>, or python -m pipeline tidy {nation}"
        )
    return store.read_table(path).set_index("lsoa21_code")
