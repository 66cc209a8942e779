"""What a team asks itself, theme by theme: where are we now, where do we want to be, how do we get there."""

from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from pipeline.catalogue.reading import Address, Declared, Key, Text, parse, read_toml

Figure = Literal[
    "people_at_risk",
    "people_not_online",
    "people_without_skills",
    "share_little_support",
    "people_on_list",
]
"""A figure of the map that a theme is linked to."""


class Theme(Declared):
    """One theme.

    ``levels`` are a sentence for each level, from the first, 1, to the last. ``number`` is the figure of the map beside
    it, if one bears on it.
    """

    id: Key
    title: Text
    questions: tuple[Text, ...] = Field(min_length=1, max_length=6)
    levels: tuple[Text, ...] = Field(min_length=2, max_length=9)
    number: Figure | None = None


class Themes(Declared):
    """What ``themes.toml`` declares: the themes in the order in which they are shown, who set them, and who did not.

    ``note`` says what of the file is not the source's.
    """

    title: Text
    source: Text
    page: Address | None = None
    note: Text
    themes: tuple[Theme, ...] = Field(min_length=1, max_length=20)

    @model_validator(mode="after")
    def _each_once(self) -> "Themes":
        for name, values in (
            ("id", [theme.id.casefold() for theme in self.themes]),
            ("title", [theme.title.casefold() for theme in self.themes]),
        ):
            twice = sorted({value for value in values if values.count(value) > 1})
            if twice:
                raise ValueError(f"the {name} of a theme is given twice: {', '.join(twice)}")
        return self


def read_themes(path: Path) -> Themes:
    """What ``path`` declares.

    Raises:
        DeclarationError: a fault in the file.
    """
    return parse(Themes, read_toml(path), path, "")
