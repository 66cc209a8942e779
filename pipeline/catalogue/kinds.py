"""The two kinds of digital exclusion: what shows each of them, and from where on it stands out."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from pipeline.catalogue.indices import Component, Index, Indicator
from pipeline.catalogue.reading import Declared, Name, Text, parse, read_toml

KindId = Literal["age_settled", "money_skills_health"]
"""Of the kinds: the columns of their scores are named after them."""
BOTH, NEITHER = "Both", "Neither"


def _refuse_titles(titles: list[str]) -> None:
    plain = [title.casefold() for title in titles]
    if len(set(plain)) < len(plain) or {BOTH.casefold(), NEITHER.casefold()} & set(plain):
        raise ValueError(f"titles must differ from each other and from '{BOTH}' and '{NEITHER}'")
    if any(";" in title for title in titles):
        raise ValueError("titles hold no semicolon")


class Kind(Declared):
    """One kind of exclusion.

    ``sentence`` says of an area where it stands out who lives there, in words for everybody. ``outcome`` is the id of
    the outcome that its score is compared with. Indicators are percentiles against the nation, and their weights add up
    to whatever they do.
    """

    id: KindId
    title: Text
    sentence: Text
    outcome: Name | None = None
    indicators: tuple[Indicator, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_column_once(self) -> "Kind":
        columns = [indicator.column for indicator in self.indicators]
        twice = sorted({column for column in columns if columns.count(column) > 1})
        if twice:
            raise ValueError(f"named twice: {', '.join(twice)}. Give it one weight instead")
        return self

    @property
    def index(self) -> Index:
        """The index of one component whose score, ranked over the nation, is the kind's."""
        return Index(
            id=self.id.replace("_", "-"),
            title=self.title,
            description=self.sentence,
            source="declared/kinds.toml",
            normalisation="percentile",
            components=(Component(name=self.id, title=self.title, indicators=self.indicators),),
        )


class Kinds(Declared):
    """What ``kinds.toml`` declares: two kinds, the score above which one stands out, and why from there on."""

    stands_out_above: Annotated[float, Field(ge=0, lt=100, allow_inf_nan=False)]
    why: Text
    kinds: tuple[Kind, ...] = Field(min_length=2, max_length=2)

    @model_validator(mode="after")
    def _two_that_differ(self) -> "Kinds":
        if len({kind.id for kind in self.kinds}) < len(self.kinds):
            raise ValueError("each kind is declared once: one age_settled, one money_skills_health")
        _refuse_titles([kind.title for kind in self.kinds])
        return self

    @property
    def titles(self) -> dict[str, str]:
        """The titles by id."""
        return {kind.id: kind.title for kind in self.kinds}


def read_kinds(path: Path) -> Kinds:
    """What ``path`` declares.

    Raises:
        DeclarationError: a fault in the file.
    """
    return parse(Kinds, read_toml(path), path, "")
