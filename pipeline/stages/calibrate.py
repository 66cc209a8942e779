"""An index's weights fitted to an outcome, and judged where they were not fitted."""

import re
import shlex

from pipeline import store
from pipeline.catalogue import read_index
from pipeline.errors import DeclarationError, PipelineError
from pipeline.evidence import (
    FitSettings,
    calibrate,
    describe_calibration,
    format_index,
    name_fitted,
    record_calibration,
)
from pipeline.raw import utc_now
from pipeline.stages.graph import belongs_to_graph
from pipeline.stages.outcomes import read_outcome, score_candidates
from pipeline.stages.project import Snapshot
from pipeline.stages.requests import FitWanted, OutcomeWanted
from pipeline.stages.stage import Job
from pipeline.stages.tables import read_reference
from pipeline.store.records import SourceUsed

SLUG = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
"""What the name of an index looks like."""


def run(job: Job) -> None:
    """``calibration.json`` beside the nation's tables, and the fitted index where a file for it is named.

    Raises:
        MissingSourceError: no outcome was given and the shipped one is missing.
        EvidenceError: the outcome cannot be matched to this nation's LSOAs, or no weights can be fitted to it.
    """
    project, wanted = job.step.project, FitWanted.model_validate(job.request)
    nation = job.step.scope.nation
    frame, template = read_reference(project, nation), project.index(wanted.index)
    outcome, origin = read_outcome(project, nation, wanted.outcome, frame.index, job.say)
    others = [project.index(name) for name in project.shipped_indices() if name != template.id]
    settings = FitSettings(least=wanted.least, draws=wanted.draws)
    result = calibrate(template, frame, outcome, score_candidates(others, frame), settings)
    for line in describe_calibration(result, outcome, settings.least):
        job.say(line)
    record = record_calibration(result, outcome, settings, origin, utc_now())
    path = job.step.writes[0]
    store.write_record(job.output(path), record)
    fiction = "FICTIONAL DATA · " if nation == "demo" else ""
    job.say(f"{fiction}The report in full: {path}")
    if wanted.output is None:
        return
    judged = next(row for row in record.out_of_sample if row.left_out == "ICB")
    comments = [
        f"{template.title}.",
        "Change a weight, save, and build the maps again: only scores and pages are made again.",
        "",
        f"The weights are percentages of the total, fitted to {outcome.name} ({len(outcome.values):,} areas) by",
        f"  {in_full(nation, wanted)}",
        "No weight is negative or below the minimum, so that every indicator stays visible.",
        f"Rank correlation where the weights were not fitted (each ICB left out in turn): {judged.spearman or 0:.3f}",
        f"over all areas, {judged.median_within_icb or 0:.3f} as the median of the ICBs. See docs/method.md.",
        "fitted_to holds the hash of these weights: once they are changed by hand, the outputs say so.",
    ]
    title = origin.title if isinstance(origin, SourceUsed) else outcome.name
    index = name_fitted(result.index, template, title).model_copy(update={"id": wanted.output.stem})
    store.write_text(wanted.output, format_index(index, comments))
    job.say(f"Wrote {wanted.output}")


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
