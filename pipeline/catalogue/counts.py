"""How counts of people or premises are protected, as declared."""

from pathlib import Path

from pydantic import Field

from pipeline.catalogue.reading import Declared, parse, read_toml

SMALLEST, LARGEST = 3, 100


class Counts(Declared):
    """``smallest_shown``: a count below it is left out of what ``count`` writes, unless it is 0."""

    smallest_shown: int = Field(default=5, ge=SMALLEST, le=LARGEST)


def read_counts(path: Path) -> Counts:
    """What ``declared/counts.toml`` says; what is shipped where there is no such file.

    Raises:
        DeclarationError: a fault in the file.
    """
    return parse(Counts, read_toml(path), path, "") if path.exists() else Counts()
