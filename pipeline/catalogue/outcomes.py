"""Outcomes that scores are compared with: what was measured, of which areas, where from, and what to keep in mind."""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import model_validator

from pipeline.catalogue.reading import Declared, FilePath, Name, Text, parse, read_toml, tables_of
from pipeline.errors import DeclarationError, did_you_mean

OutcomeMeasure = Literal["value", "ordered", "group", "survey"]
"""What kind of thing was measured.

``value``: a number of each area. ``ordered``: groups of which the number says the order. ``group``: whether an area is
in certain groups or not. ``survey``: a number from a sample, with the limits of its interval.
"""
OutcomeLevel = Literal["lsoa11", "lsoa21", "msoa", "district", "icb", "nuts3", "practice"]
LSOA_LEVELS = ("lsoa11", "lsoa21")
ONLINE_FIRST = "online_first"

FILE_ENDINGS = (".csv", ".txt", ".tsv", ".xlsx", ".xls", ".ods", ".parquet", ".zip")
OF_FILES = ("sheet", "code_column", "lookup", "licence", "from_publisher")


class DeclaredOutcome(Declared):
    """Something observed by area: scores are compared with it and weights fitted to it; never an input to a score.

    Attributes:
        id: its name in tables, records and index files.
        title: a few words. ``measures``: what was observed, of whom and when, in plain words.
        source: the id of the official source that it comes from, or else
        file: an analyst's own file, from the project folder; with ``sheet`` of a workbook, ``code_column``, the
            ``decimal`` mark, ``from_publisher`` (who measured it) and ``licence``.
        column: of a source, the column of its tidy table; of a file, the header of the values.
        nation: of a file, whose areas it is for: ``england``, or the fictional ``demo``.
        level: the areas it is for. All but LSOAs are compared through population-weighted means of their LSOAs, or
            through ``lookup``, a CSV file with the columns ``unit``, ``lsoa`` and ``weight`` (such as the patients of
            a practice who live in an LSOA); practices have no other way.
        measure: see :data:`OutcomeMeasure`. ``worse``: which end of the values means more exclusion.
        groups: of ``group``, the values of ``column`` that are the group.
        low_column, high_column: of ``survey``, where the limits of the 95% interval are.
        only: ``online_first``: LSOAs where the census sent a letter with an access code first, not a paper form.
        caveat: what to keep in mind, as a sentence that is printed beside the figures.
    """

    id: Name
    title: Text
    measures: Text
    source: Name | None = None
    file: FilePath | None = None
    sheet: Text | None = None
    code_column: Text | None = None
    decimal: Literal[".", ","] = "."
    from_publisher: Text | None = None
    licence: Text | None = None
    nation: Literal["england", "demo"] = "england"
    column: Text
    level: OutcomeLevel
    lookup: FilePath | None = None
    measure: OutcomeMeasure = "value"
    worse: Literal["high", "low"] = "high"
    groups: tuple[int | str, ...] = ()
    low_column: Text | None = None
    high_column: Text | None = None
    only: Literal["online_first"] | None = None
    caveat: Text

    @property
    def higher_is_better(self) -> bool:
        """Whether a high value is good."""
        return self.worse == "low"

    @property
    def of_lsoas(self) -> bool:
        """Whether it was observed for LSOAs themselves rather than for larger areas or practices."""
        return self.level in LSOA_LEVELS

    @model_validator(mode="after")
    def _from_one_place(self) -> "DeclaredOutcome":
        if (self.source is None) == (self.file is None):
            raise ValueError("an outcome has either source, an id of declared/sources.toml, or file, one of yours")
        if self.source is not None:
            given = [key for key in OF_FILES if getattr(self, key) is not None]
            given += [key for key, usual in (("decimal", "."), ("nation", "england")) if getattr(self, key) != usual]
            if given:
                raise ValueError(f"{', '.join(given)} goes with file, not with source")
        if self.file is not None and not self.file.lower().endswith(FILE_ENDINGS):
            raise ValueError(f"file should be one of {', '.join(FILE_ENDINGS)}")
        if self.file is not None and not self.of_lsoas and self.code_column is None:
            raise ValueError("code_column is missing: the header of the codes or names of the areas or practices")
        if self.file is not None and (self.licence is None or self.from_publisher is None):
            raise ValueError("a file needs from_publisher, which says who measured it, and licence, the terms of use")
        return self

    @model_validator(mode="after")
    def _measured_as_said(self) -> "DeclaredOutcome":
        if (self.measure == "group") != bool(self.groups):
            raise ValueError('groups goes with measure = "group" and lists the values that are the group, such as [10]')
        if self.measure == "group" and self.worse == "low":
            raise ValueError('measure = "group" is of areas that are in the group: leave out worse')
        if self.measure == "group" and not self.of_lsoas:
            raise ValueError('measure = "group" is for LSOAs; larger areas need a value, such as a share')
        limits = (self.low_column, self.high_column)
        if (self.measure == "survey") != (None not in limits) or (self.measure != "survey" and limits != (None, None)):
            raise ValueError('measure = "survey" needs low_column and high_column, and no other measure has them')
        if self.measure == "survey" and self.of_lsoas:
            raise ValueError('measure = "survey" is for larger areas: samples of single LSOAs are too small to compare')
        return self

    @model_validator(mode="after")
    def _of_areas_that_can_be_matched(self) -> "DeclaredOutcome":
        if self.level == "practice" and self.lookup is None:
            raise ValueError("practices need lookup, a CSV file with unit, lsoa and weight (patients of the LSOA)")
        if self.of_lsoas and self.lookup is not None:
            raise ValueError("lookup is for larger areas and practices: LSOAs are matched by their codes")
        if self.only is not None and not self.of_lsoas:
            raise ValueError(f'only = "{self.only}" is for outcomes by LSOA')
        return self


def read_outcomes(path: Path, sources: Iterable[str]) -> dict[str, DeclaredOutcome]:
    """The declared outcomes by id, in the order of the file; none where there is no such file.

    Args:
        path: ``declared/outcomes.toml``. ``sources``: the ids of the declared sources.

    Raises:
        DeclarationError: a fault in the file, or an outcome of a source that is not declared.
    """
    if not path.exists():
        return {}
    tables = tables_of(read_toml(path), path)
    outcomes = {}
    there = sorted(sources)
    for name, values in tables.items():
        if "id" in values:
            raise DeclarationError(f"{path}: {name}.id: unknown key. An outcome is called as its table is; remove it.")
        outcomes[name] = parse(DeclaredOutcome, {"id": name, **values}, path, name)
        source = outcomes[name].source
        if source is not None and source not in there:
            raise DeclarationError(
                f"{path}: {name}.source names '{source}', which is no source of declared/sources.toml."
                f"{did_you_mean(source, there)} Sources: {', '.join(there)}."
            )
    return outcomes
