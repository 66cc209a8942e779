"""Briefings on request: on any district, ward, MSOA, PCN or practice of an area, or on all units of a level."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from pipeline import store
from pipeline.errors import PipelineError, did_you_mean, first, shown
from pipeline.reading.codes import unit_codes
from pipeline.reports.briefing import LEVEL_WORDS, BriefingInputs, Unit, compose, make_page, make_pdf
from pipeline.stages.briefing import read_briefed
from pipeline.stages.project import Snapshot
from pipeline.stages.reads import summary_tables, unit_files
from pipeline.stages.requests import BriefingsWanted, UnitNamed
from pipeline.stages.stage import Job, Scope
from pipeline.stages.summarise import read_shares
from pipeline.stages.tables import mark_fiction

LONGEST = 60
"""Characters of a name in a file name: some systems refuse long paths."""
ENTIRE = 0.999
"""The share from which on an LSOA belongs to a unit as a whole: shares of people are not always round."""


class Choice(NamedTuple):
    """A unit that a name or code may mean."""

    level: str
    code: str
    name: str

    def __str__(self) -> str:
        return f"{self.name} ({LEVEL_WORDS.get(self.level, (self.level,))[0]} {self.code})"


def run(job: Job) -> None:
    """A PDF and an HTML page for each unit that is asked for and still lies in the area.

    Raises:
        PipelineError: no unit has a neighbourhood in the area any more.
    """
    project, scope = job.step.project, job.step.scope
    wanted, area = BriefingsWanted.model_validate(job.request), project.area(scope.area)
    briefed = read_briefed(project, scope)
    shares = {level: read_shares(job, briefed.inputs.record, level) for level in {one.level for one in wanted.units}}
    units = {named: _unit(briefed.inputs, named, shares[named.level]) for named in wanted.units}
    gone = [f"{named.level} {named.code}" for named, unit in units.items() if unit is None]
    if len(gone) == len(units):
        raise PipelineError(f"{first(gone)}: no neighbourhood of {area.title} is in it any more.")
    if gone:
        job.say(f"  no briefing on {first(gone)}: no neighbourhood of {area.title} is in it any more")
    for named, unit in units.items():
        if unit is None:
            continue
        briefing = compose(briefed.inputs, briefed.picture(unit), unit)
        pdf, page = unit_files(project, area.id, named.file)
        store.write_bytes(job.output(pdf), make_pdf(briefing))
        store.write_text(job.output(page), make_page(briefing))
    folder = unit_files(project, area.id, "")[0].parent
    files = [f"{named.file}.pdf" for named, unit in units.items() if unit is not None]
    job.say(f"{mark_fiction(area)}{area.title}: {len(files):,} briefing(s) in {folder}: {first(files)}")


def choose_units(project: Snapshot, scope: Scope, of: str | None, level: str | None) -> BriefingsWanted:
    """The units that a name or code means, or all of a level.

    Args:
        of: a name or code, in capitals or not; None for all units of ``level``.

    Raises:
        PipelineError: there is none, or several; the message says which.
    """
    present = summary_tables(project, scope)
    if level is not None and level not in present:
        raise PipelineError(f"--level {shown(level)}: {scope.area} has no such level. It has: {', '.join(present)}.")
    every = [choice for one, path in present.items() for choice in _choices(path, one)]
    choices = [choice for choice in every if level in (None, choice.level)]
    chosen = choices if of is None else [_one_of(choices, of, scope.area)]
    # Of all units, so that two of one name do not get the same file when they are asked for one after the other.
    names = file_names(every)
    units = tuple(UnitNamed(level=c.level, code=c.code, file=names[c]) for c in chosen)
    return BriefingsWanted(units=units, every=level if of is None else None)


def _choices(path: Path, level: str) -> list[Choice]:
    frame = store.read_table(path)
    return [Choice(level, str(c), str(n)) for c, n in zip(frame["unit_code"], frame["unit_name"], strict=True)]


def _one_of(choices: Sequence[Choice], of: str, area: str) -> Choice:
    """The one unit whose code or name is ``of``."""
    wanted = _form(of)
    for meant in (
        # As it is written first: units that an analyst brings may have names that differ in signs only.
        [choice for choice in choices if of in (choice.code, choice.name)],
        [choice for choice in choices if _form(choice.code) == wanted],
        [choice for choice in choices if wanted in _forms(choice.name)],
    ):
        if len(meant) == 1:
            return meant[0]
        if meant:
            raise PipelineError(
                f"--of {shown(of)} may be {', '.join(map(str, meant))}. Give its code, or its level with --level."
            )
    near = did_you_mean(of, [choice.name for choice in choices])
    raise PipelineError(f"--of {shown(of)}: {area} has no unit of that name or code.{near}")


def _forms(name: str) -> set[str]:
    """A name, and the same without what tells it apart from others: "Abbey, Norwich", "Hemsby (Great Yarmouth 002)"."""
    return {_form(name), _form(re.sub(r"\s*\([^)]*\)$", "", name)), _form(name.split(", ")[0])}


def _form(name: str) -> str:
    """A name without what people write differently: capitals, accents, "&" for "and", blanks and signs."""
    plain = unicodedata.normalize("NFKD", name.replace("&", " and ")).casefold()
    return "".join(character for character in plain if character.isalnum())


def file_names(choices: Iterable[Choice]) -> Mapping[Choice, str]:
    """A name of a file for each unit, no two the same.

    Its level and its name in plain letters, with its code where two are alike, and with a number where that is not
    enough: units that an analyst brings have what codes they please.
    """
    slugs = {choice: f"{choice.level}-{slug(choice.name) or slug(choice.code) or 'unit'}" for choice in choices}
    times = Counter(slugs.values())
    names = {choice: text for choice, text in slugs.items() if times[text] == 1}
    taken = set(names.values())
    for choice, text in slugs.items():
        if choice not in names:
            coded = f"{text}-{slug(choice.code)}".strip("-")
            numbered = (coded if number == 1 else f"{coded}-{number}" for number in count(1))
            names[choice] = next(name for name in numbered if name not in taken)
            taken.add(names[choice])
    return names


def slug(name: str) -> str:
    """A name in small plain letters, digits and hyphens, as every system takes it for a file."""
    plain = unicodedata.normalize("NFKD", name.replace("&", " and ")).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")[:LONGEST].strip("-")


def _unit(inputs: BriefingInputs, named: UnitNamed, shares: pd.DataFrame | None) -> Unit | None:
    """A unit with its LSOAs, None where none is left.

    ``shares`` are of all units of its level, where LSOAs may belong to these in part.
    """
    frame, summary = inputs.frame, inputs.summaries.get(named.level)
    if summary is None:
        return None
    rows = summary[summary["unit_code"] == named.code]
    here: pd.Series[float] | None = None
    if shares is None:
        units = unit_codes(frame, named.level)
        codes = frame.index[:0] if units is None else frame.index[(units == named.code).to_numpy(dtype=bool)]
    else:
        part = shares[shares["unit_code"] == named.code].set_index("lsoa21_code")["share"]
        codes = frame.index[frame.index.isin(part.index)]
        here = part.reindex(codes)
        if (here > ENTIRE).all():
            here = None
    if rows.empty or codes.empty:
        return None
    return Unit(named.level, rows.iloc[0], codes, here)
