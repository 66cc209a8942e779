"""What the ranks of an area depend on: ``sensitivity.json``, which the page on the method shows."""

from pipeline import store
from pipeline.index import score
from pipeline.index.sensitivity import analyse_sensitivity
from pipeline.raw import utc_now
from pipeline.reports import record_sensitivity
from pipeline.stages.chosen import choose_index, compare_with_nation
from pipeline.stages.stage import Job

LATE = ("scipy.stats", "SALib.analyze.sobol")
"""What is imported where it is used, see :func:`pipeline.stages.work.get_ready`."""


def run(job: Job) -> None:
    """``sensitivity.json``: which choices move ranks, what each indicator does, and what is counted twice.

    Raises:
        DeclarationError: the index counts a column against its meaning, or names one that there is not.
        ScoringError: the index cannot be computed from the area's columns.
    """
    project = job.step.project
    area, uncertainty = project.area(job.step.scope.area), project.uncertainty()
    chosen = choose_index(project, area, area.index, uncertainty)
    joined = store.read_without_shapes(project.processed(area.id) / "joined.parquet")
    comparison, _ = compare_with_nation(project, chosen, joined)
    # What makes an index impossible to compute is refused in the words of scoring, whichever of both steps is first.
    score(comparison.index, comparison.compared_with, comparison.area)
    sensitivity = analyse_sensitivity(comparison.index, comparison.compared_with, comparison.area, uncertainty)
    figures = record_sensitivity(sensitivity, utc_now(), area.id, comparison.index.id)
    store.write_record(job.output(project.processed(area.id) / "sensitivity.json"), figures)
