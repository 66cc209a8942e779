"""The page with a team's self-assessment of an area, beside its map."""

from pipeline import store, tables
from pipeline.errors import MissingSourceError, RawFileError
from pipeline.places import read_self_assessment
from pipeline.raw import utc_now
from pipeline.reports import compose_assessment_page, find_figures, gather_answers
from pipeline.stages.stage import Job
from pipeline.stages.tables import mark_fiction
from pipeline.store.provenance import describe_local_file
from pipeline.store.records import LocalRecord, RiskRecord


def run(job: Job) -> None:
    """``maps/<area>/self-assessment.html``, and the answers as ``self_assessment.parquet`` and ``.csv``.

    An area that declares no file of answers has none of these.

    Raises:
        MissingSourceError: the file is declared and missing.
        RawFileError: it cannot be used. What was made from an earlier one is withdrawn.
    """
    project, scope = job.step.project, job.step.scope
    area, folder = project.area(scope.area), project.processed(scope.area)
    if area.self_assessment_file is None:
        return
    path = project.local_file(area.self_assessment_file)
    if not path.is_file():
        raise MissingSourceError(
            f"declared/areas.toml: {area.id}.self_assessment_file '{area.self_assessment_file}' is missing. Put it "
            "there, or correct its name. A template is declared/templates/self-assessment.csv."
        )
    themes = project.themes()
    try:
        answers = read_self_assessment(path, themes, area.self_assessment_columns)
    except RawFileError:
        # Somebody may have taken something out of it: the earlier page must not stay in use either.
        job.withdraw(*job.step.writes)
        raise
    record = store.read_record(folder / "risk.parquet", RiskRecord)
    frame = store.read_without_shapes(folder / "risk.parquet")
    asked = gather_answers(answers.frame, themes, area.self_assessment_date)
    figures = find_figures(frame, record, {layer.id for layer in project.look().layers})
    origin = describe_local_file("self_assessment", "Self-assessment", "given by the team", path, project.root)
    table = tables.SELF_ASSESSMENT
    made = LocalRecord(
        built=utc_now(), table=table.name, rows=len(answers.frame), sources=(origin,), notes=answers.notes
    )
    store.write_table(answers.frame, job.output(folder / f"{table.name}.parquet"), table, made)
    store.write_csv(answers.frame, job.output(folder / f"{table.name}.csv"), table)
    page = project.assessment_page(area.id)
    store.write_text(job.output(page), compose_assessment_page(asked, record, figures, path.name))
    job.say(f"{mark_fiction(area)}{area.title}: self-assessment, {len(answers.frame):,} themes answered, in {page}")
    for note in answers.notes:
        job.say(f"  self-assessment: {note}")
