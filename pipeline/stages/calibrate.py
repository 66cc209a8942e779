"""An index's weights fitted to outcomes, and judged where they were not fitted."""

import re
import shlex
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from pipeline import store
from pipeline.catalogue import Index, fit_path, read_index
from pipeline.catalogue.indices import in_words
from pipeline.errors import DeclarationError, MissingSourceError, PipelineError
from pipeline.evidence import (
    FitSettings,
    Target,
    calibrate,
    describe_calibration,
    format_fit,
    format_index,
    name_fitted,
    record_calibration,
)
from pipeline.raw import utc_now
from pipeline.stages.graph import belongs_to_graph
from pipeline.stages.outcomes import read_outcome, score_candidates, take_outcomes
from pipeline.stages.project import Snapshot
from pipeline.stages.requests import FitWanted, OutcomeWanted, refuse_without_file
from pipeline.stages.stage import Job
from pipeline.stages.tables import read_reference
from pipeline.store.records import CalibrationRecord, OutcomeFile, SourceUsed

SLUG = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
"""What the name of an index looks like."""


@dataclass(frozen=True)
class _Taken:
    """The outcomes to fit to, their titles and sources, and the template, without a mix that is not used."""

    targets: tuple[Target, ...]
    titles: tuple[str, ...]
    sources: tuple[SourceUsed | OutcomeFile, ...]
    template: Index


def run(job: Job) -> None:
    """``calibration.json`` beside the nation's tables; the fitted index and its fit where a file for it is named.

    Raises:
        MissingSourceError: an outcome of the mix, or the shipped outcome, is missing.
        EvidenceError: an outcome cannot be matched to this nation's LSOAs, or no weights can be fitted.
    """
    project, wanted = job.step.project, FitWanted.model_validate(job.request)
    nation = job.step.scope.nation
    frame = read_reference(project, nation)
    taken = _take(job, frame, wanted)
    template = taken.template
    others = [project.index(name) for name in project.shipped_indices() if name != template.id]
    settings = FitSettings(least=wanted.least, draws=wanted.draws)
    result = calibrate(template, frame, taken.targets, score_candidates(others, frame), settings)
    for line in (*(str(target.outcome) for target in taken.targets), *describe_calibration(result)):
        job.say(line)
    of_nation: Literal["england", "demo"] = "demo" if nation == "demo" else "england"
    record = record_calibration(result, taken.targets, settings, taken.sources, of_nation, utc_now())
    path = job.step.writes[0]
    store.write_record(job.output(path), record)
    fiction = "FICTIONAL DATA · " if nation == "demo" else ""
    job.say(f"{fiction}The report in full: {path}")
    if wanted.output is None:
        return
    title = in_words(taken.titles)
    index = name_fitted(result.index, template, title).model_copy(update={"id": wanted.output.stem})
    command = in_full(nation, wanted)
    store.write_text(wanted.output, format_index(index, _comments(index, record, command)))
    beside = fit_path(wanted.output)
    beside.parent.mkdir(parents=True, exist_ok=True)
    store.write_text(beside, format_fit(result.fit(of_nation), index.id, command))
    job.say(f"Wrote {wanted.output} and, beside it, {beside}")


def _take(job: Job, frame: pd.DataFrame, wanted: FitWanted) -> _Taken:
    """The outcome asked for; else those that the index mixes, or without a mix the shipped one."""
    project, nation = job.step.project, job.step.scope.nation
    template = project.index(wanted.index)
    if wanted.outcome.path is not None or template.mix is None:
        outcome, origin = read_outcome(project, nation, wanted.outcome, frame.index, job.say)
        title = origin.title if isinstance(origin, SourceUsed) else outcome.name
        return _Taken((Target(outcome),), (title,), (origin,), template.model_copy(update={"mix": None}))
    refuse_without_file(wanted.outcome, ("column", "code_column", "sheet", "layer"), "--outcome with a file")
    mix = template.mix.outcomes
    there = {taken.declared.id: taken for taken in take_outcomes(project, nation, frame, job.say)}
    lacking = [name for name in mix if name not in there]
    if lacking:
        declared = project.outcomes()
        undeclared = [name for name in lacking if name not in declared]
        why = (
            f"{', '.join(undeclared)} is not in declared/outcomes.toml"
            if undeclared
            else "its source was not fetched, or it has too few areas here (see above)"
        )
        raise MissingSourceError(
            f"The index '{template.id}' is fitted to a mix of outcomes, and {', '.join(lacking)} is missing: "
            f"{why}. Get it, take it out of [mix] in the index, or fit to one outcome with --outcome and --column."
        )
    taken = [there[name] for name in mix]
    sources = dict.fromkeys(source for each in taken for source in each.sources)
    return _Taken(
        tuple(Target(each.outcome, mix[each.declared.id]) for each in taken),
        tuple(each.declared.title for each in taken),
        tuple(sources),
        template,
    )


def _comments(index: Index, record: CalibrationRecord, command: str) -> list[str]:
    """What the head of the file of a fitted index says."""
    judged = next(row for row in record.out_of_sample if row.left_out == "ICB")
    agreement = [
        f"  {row.outcome}: {row.measure} {row.left_out or 0:.3f}"
        + (f", median within ICBs {row.median_within_icb:.3f}" if row.median_within_icb is not None else "")
        for row in record.outcomes
    ]
    return [
        f"{index.title}.",
        "Change a weight, save, and build the maps again: only scores and pages are made again.",
        "",
        f"The weights are percentages of the total, fitted to {record.outcome.used:,} areas and more by",
        f"  {command}",
        "No weight is negative or below its least. A component whose indicators are multiplied has one weight.",
        "Agreement where the weights were not fitted (each ICB left out in turn):",
        *agreement,
        f"Over all areas of {record.outcome.name}: {judged.spearman or 0:.3f}. See docs/method.md.",
        "fitted_to holds the hash of these weights: once they are changed by hand, the outputs say so, and what stands",
        "in the folder fits (how likely a score is right, and how much less other weights agree) is no longer used.",
    ]


def in_full(nation: str, wanted: FitWanted) -> str:
    """The command that makes the fit again, with every option that matters."""
    outcome, options = wanted.outcome, ["--nation", nation] if nation != "england" else []
    options += ["--index", wanted.index]
    path = None if outcome.path is None else outcome.path.as_posix()
    given = {"--outcome": path, "--column": outcome.column, "--code-column": outcome.code_column}
    given |= {"--sheet": outcome.sheet, "--layer": outcome.layer}
    for name, value in given.items():
        options += [name, value] if value is not None else []
    options += ["--decimal", outcome.decimal] if outcome.decimal != OutcomeWanted().decimal else []
    options += ["--higher-is-better"] if outcome.higher_is_better else []
    options += ["--least", f"{wanted.least:g}"]
    options += ["--draws", str(wanted.draws)] if wanted.draws != FitWanted().draws else []
    options += ["--output", wanted.output.as_posix()] if wanted.output is not None else []
    return shlex.join(["python", "-m", "pipeline", "calibrate", *options])


def check_output(project: Snapshot, wanted: FitWanted) -> None:
    """Refuse a place for the fitted index where it could not be used, or would replace something else.

    Raises:
        PipelineError: why, and what to give instead.
    """
    path = wanted.output
    if path is None:
        return
    instead = "Give a file such as declared/indices/my-index.toml."
    if path.suffix != ".toml" or path.is_dir():
        raise PipelineError(f"--output {path}: an index is a file that ends in .toml. {instead}")
    if not SLUG.fullmatch(path.stem):
        raise PipelineError(
            f"--output {path}: the name of an index is its file's: lower-case letters, digits and hyphens. {instead}"
        )
    if path.exists():
        try:
            read_index(path)
        except DeclarationError as error:
            raise PipelineError(f"--output {path}: this file is there already and is no index. {instead}") from error
    if belongs_to_graph(project, [path]):
        raise PipelineError(f"--output {path}: this file is made by another stage or read by one. {instead}")
