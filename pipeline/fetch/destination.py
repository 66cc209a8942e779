"""Where fetched files go, and for which area."""

from dataclasses import dataclass
from pathlib import Path

from pipeline import raw
from pipeline.catalogue import Source


@dataclass(frozen=True)
class Destination:
    """The raw files of an area and its nation.

    Attributes:
        root: the project folder.
        area: the id of the area that is fetched for; messages name it.
        nation: ``england``, or ``demo`` for the fictional country.
    """

    root: Path
    area: str
    nation: str = "england"

    def folder(self, source: Source) -> Path:
        """Where the files of ``source`` are."""
        return raw.raw_folder(self.root, self.nation) / source.id
