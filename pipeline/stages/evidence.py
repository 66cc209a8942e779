"""Scores held against an outcome, and weights fitted to one."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipeline import raw, store, tables
from pipeline.catalogue import Area, Index
from pipeline.errors import EvidenceError, MissingSourceError, first
from pipeline.stages.project import Project, Say, fictional, reference, reference_path
from pipeline.store.provenance import now

if TYPE_CHECKING:
    from pipeline.evidence import Outcome

OUTCOME = "ons_dpi"
"""What scores are held against unless a file is given."""


@dataclass(frozen=True)
class Asked:
    """An outcome file and how to read it; without ``path``, the shipped source ``ons_dpi``."""

    path: Path | None = None
    column: str | None = None
    code_column: str | None = None
    higher_is_better: bool = False


def validate_area(project: Project, name: str, asked: Asked, draws: int, say: Say) -> None:
    """Hold the area's index, shipped ones and single indicators against an outcome: ``evidence.parquet`` and ``.json``.

    Raises:
        MissingSourceError: no outcome was given and the shipped one is not there.
        EvidenceError: the outcome cannot be put on this nation's LSOAs.
    """
    from pipeline.evidence import outcome_summary, validate_indices, validation_lines

    area = project.area(name)
    nation = reference(project, area.nation)
    outcome, origin = _outcome(project, area, asked, nation.index)
    indices = _candidates(project, area.index)
    scores = _scores(indices, nation)
    joined = store.read_geotable(project.processed(area.id) / "joined.parquet")
    result = validate_indices(scores, outcome, nation, pd.Index(joined["lsoa21_code"]), draws=draws)
    fitted = [index.id for index in indices if index.fitted_to == outcome.name]
    frame = result.agreement
    tables.validate(frame, tables.EVIDENCE, f"evidence of {area.id}")
    metadata = {
        "built": now(),
        "area": area.id,
        "table": tables.EVIDENCE.name,
        "rows": len(frame),
        "sources": [origin, *store.read_metadata(reference_path(project, area.nation))["sources"]],
        "outcome": outcome_summary(outcome),
        "in_sample": fitted,
        "draws": draws,
    }
    folder = project.processed(area.id)
    store.write_table(frame, folder / "evidence.parquet", metadata)
    parts = {"summary": result.summary, "calibration": result.calibration}
    content = {key: json.loads(table.round(6).to_json(orient="records")) for key, table in parts.items()}
    store.write_json(folder / "evidence.json", metadata | content)
    for line in validation_lines(result, outcome, area.index, fitted):
        say(line)
    say(f"{fictional(area)}Every figure, by ICB and district: {folder / 'evidence.parquet'}")


def calibrate_index(
    project: Project,
    nation: str,
    index_name: str,
    asked: Asked,
    least: float,
    draws: int,
    output: Path | None,
    say: Say,
) -> None:
    """Fit an index's weights to an outcome, report how it does where it was not fitted, and write it to ``output``.

    The report goes into ``calibration.json`` beside the nation's tables.
    """
    from pipeline.evidence import calibrate, calibration_lines, calibration_summary, index_toml

    area = Area(id="whole-nation", title=nation, everything=True, fictional=nation == "demo")
    frame, template = reference(project, nation), project.index(index_name)
    outcome, origin = _outcome(project, area, asked, frame.index)
    others = _scores([i for i in _candidates(project, template.id) if i.id != template.id], frame)
    result = calibrate(template, frame, outcome, others, least=least, draws=draws)
    for line in calibration_lines(result, outcome, least):
        say(line)
    summary = calibration_summary(result, outcome, least) | {"built": now(), "sources": [origin], "draws": draws}
    path = project.national(nation) / "calibration.json"
    store.write_json(path, summary)
    say(f"{fictional(area)}The whole report: {path}")
    if output is None:
        return
    judged = {row["left_out"]: row for row in summary["out_of_sample"]}["ICB"]
    comments = [
        f"{template.title}.",
        "Change a weight, save, and run `make maps`: only scores and pages are made again.",
        "",
        f"The weights are percents of the whole, fitted to {outcome.name} ({len(outcome.values):,} areas) by",
        f"  python -m pipeline calibrate --index {index_name} --least {least:g} --output {output}",
        "No weight is negative and none is under the least, so that every indicator stays visible.",
        f"Rank correlation where the weights were not fitted (each ICB left out in turn): {judged['spearman']:.3f}",
        f"over all areas, {judged['median_within_icb']:.3f} in the middle one of the ICBs. See docs/method.md.",
    ]
    store.write_text(output, index_toml(result.index.model_copy(update={"id": output.stem}), comments))
    say(f"Wrote {output}")


def _candidates(project: Project, own: str) -> list[Index]:
    """The index asked for, and all that are shipped."""
    shipped = sorted(path.stem for path in (project.declared / "indices").glob("*.toml"))
    return [project.index(name) for name in dict.fromkeys([own, *shipped])]


def _scores(indices: Iterable[Index], nation: pd.DataFrame) -> pd.DataFrame:
    """A score for each index and for single indicators, over all LSOAs of the nation."""
    from pipeline.index import score

    alone = {
        "aged 75 and over alone": nation["share_75_plus"],
        "aged 65 and over alone": nation["share_65_to_74"] + nation["share_75_plus"],
        "IMD alone": nation["imd_score"],
    }
    return pd.DataFrame({index.id: score(index, nation).score for index in indices} | alone)


def _outcome(project: Project, area: Area, asked: Asked, nation: pd.Index) -> tuple["Outcome", dict[str, Any]]:
    """The outcome on this nation's LSOAs, and where it comes from."""
    from pipeline.evidence import find_code_column, match_outcome
    from pipeline.tidy.reading import numbers, read_csv

    changes = project.national(area.nation) / "lsoa11_lsoa21.parquet"
    lookup = store.read_table(changes) if changes.exists() else None
    if asked.path is None:
        shipped = project.national(area.nation) / f"{OUTCOME}.parquet"
        if not shipped.exists():
            source = project.sources()[OUTCOME]
            raise MissingSourceError(
                f"No --outcome was given, and {OUTCOME} ({source.title}) is not there. Put {source.file} in "
                f"{raw.raw_folder(project.root, area.nation) / OUTCOME} and run python -m pipeline tidy {area.nation}."
            )
        values = store.read_table(shipped).set_index("lsoa11_code")["digital_propensity"]
        origin = store.read_metadata(shipped)["sources"][0]
        return match_outcome(values, nation, lookup, higher_is_better=True, name=OUTCOME), origin
    name = str(asked.path)
    if not asked.path.is_file() or asked.column is None:
        raise EvidenceError(
            f"--outcome {name}: there is no such file."
            if not asked.path.is_file()
            else f"--outcome {name}: say with --column which of its columns is the outcome."
        )
    parquet = asked.path.suffix == ".parquet"
    frame = pd.read_parquet(asked.path) if parquet else read_csv(asked.path, name)
    if asked.column not in frame.columns:
        raise EvidenceError(f"{name}: there is no column '{asked.column}'. Columns found: {first(frame.columns)}")
    code = find_code_column(frame.drop(columns=asked.column), asked.code_column, name)
    frame = numbers(frame, [asked.column], name, suppressed=True, key=code)
    values = frame.set_index(frame[code].astype(str).str.strip())[asked.column]
    outcome = match_outcome(
        values, nation, lookup, higher_is_better=asked.higher_is_better, name=f"{asked.path.name}, {asked.column}"
    )
    return outcome, {
        "file": name,
        "sha256": hashlib.sha256(asked.path.read_bytes()).hexdigest(),
        "column": asked.column,
    }
