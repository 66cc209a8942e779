"""The page on how an area was scored and how sure its ranks are."""

from pipeline import store
from pipeline.catalogue import Area
from pipeline.places import indicator_columns
from pipeline.reports import Beside, ProgrammeReport, compose_method_page
from pipeline.stages.project import Snapshot
from pipeline.stages.reads import (
    OUTCOMES_FILE,
    agreement_files,
    evidence_files,
    index_file,
    indicator_files,
    outcome_tables,
    outcomes_declared,
    reference_table,
)
from pipeline.stages.stage import Job
from pipeline.stages.tables import mark_fiction
from pipeline.store.records import AgreementReport, EvidenceReport, ProgrammesRecord, RiskRecord, SensitivityRecord


def run(job: Job) -> None:
    """``maps/<area>/method.html``.

    Evidence that the score predicts something is shown where ``validate`` has been run for the area.
    """
    project, scope = job.step.project, job.step.scope
    area, folder = project.area(scope.area), project.processed(scope.area)
    record = store.read_record(folder / "risk.parquet", RiskRecord)
    sensitivity = store.read_record(folder / "sensitivity.json", SensitivityRecord)
    evidence = [store.read_record(path, EvidenceReport) for path in evidence_files(project, scope, ".json")]
    tables = [store.read_record(path, AgreementReport) for path in agreement_files(project, scope, ".json")]
    older = {report.outcome.name for report in evidence if _is_older(project, area, report)}
    older |= {report.table for report in tables if _is_older(project, area, report)}
    frame = store.read_without_shapes(folder / "risk.parquet")
    page = project.method_page(area.id)
    added = [c for file in indicator_files(project, scope.nation, area.id) for c in indicator_columns(file)]
    programmes = ProgrammeReport(
        store.read_table(folder / "programmes.parquet"),
        store.read_table(folder / "budgets.parquet"),
        store.read_record(folder / "programmes.parquet", ProgrammesRecord),
    )
    groups = store.read_table(folder / "priority_groups.parquet")
    html = compose_method_page(
        frame, record, sensitivity, Beside([*tables, *evidence], older, programmes, groups), added
    )
    store.write_text(job.output(page), html)
    job.say(f"{mark_fiction(area)}{area.title}: how sure the map is, in {page}")


def _is_older(project: Snapshot, area: Area, report: EvidenceReport | AgreementReport) -> bool:
    """Whether outcomes were compared with other data of the nation, by other weights, or were others, than now."""
    nation, index = reference_table(project, area.nation), index_file(area)
    declared = project.index(area.index).model_dump(mode="json")
    files = [nation]
    same_outcomes = True
    if isinstance(report, AgreementReport):
        files += outcome_tables(project, area.nation)
        same_outcomes = report.parameters.get(OUTCOMES_FILE) == outcomes_declared(project)
    same_data = all(report.inputs.get(project.name_of(path)) == store.content_hash(path) for path in files)
    return not (same_data and same_outcomes) or report.parameters.get(index) != declared
