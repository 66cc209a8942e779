"""An index's weights fitted to an outcome, and judged where they were not fitted."""

from pipeline import store
from pipeline.evidence import (
    FitSettings,
    calibrate,
    describe_calibration,
    format_index,
    record_calibration,
)
from pipeline.raw import utc_now
from pipeline.stages.outcomes import list_indices, read_outcome, score_candidates
from pipeline.stages.requests import FitWanted
from pipeline.stages.stage import Job
from pipeline.stages.tables import read_reference


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
    others = [index for index in list_indices(project, template.id) if index.id != template.id]
    settings = FitSettings(least=wanted.least, draws=wanted.draws)
    result = calibrate(template, frame, outcome, score_candidates(others, frame), settings)
    for line in describe_calibration(result, outcome, settings.least):
        job.say(line)
    record = record_calibration(result, outcome, settings, origin, utc_now())
    path = project.national(nation) / "calibration.json"
    store.write_record(job.output(path), record)
    fiction = "FICTIONAL DATA · " if nation == "demo" else ""
    job.say(f"{fiction}The report in full: {path}")
    output = wanted.output
    if output is None:
        return
    judged = next(row for row in record.out_of_sample if row.left_out == "ICB")
    comments = [
        f"{template.title}.",
        "Change a weight, save, and build the maps again: only scores and pages are made again.",
        "",
        f"The weights are percentages of the total, fitted to {outcome.name} ({len(outcome.values):,} areas) by",
        f"  python -m pipeline calibrate --index {wanted.index} --least {settings.least:g} --output {output}",
        "No weight is negative or below the minimum, so that every indicator stays visible.",
        f"Rank correlation where the weights were not fitted (each ICB left out in turn): {judged.spearman or 0:.3f}",
        f"over all areas, {judged.median_within_icb or 0:.3f} as the median of the ICBs. See docs/method.md.",
    ]
    store.write_text(output, format_index(result.index.model_copy(update={"id": output.stem}), comments))
    job.say(f"Wrote {output}")
