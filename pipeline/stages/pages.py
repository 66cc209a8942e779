"""The pages of an area: its map, and how it was made."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline import store, tables
from pipeline.atlas import Extras, draw
from pipeline.catalogue import Index, read_layers
from pipeline.errors import PipelineError
from pipeline.stages.project import Project, Say, fictional, reference
from pipeline.stages.tidy import LOCATED
from pipeline.store.provenance import caution, now


def draw_area(project: Project, name: str, assets: Path, say: Say) -> None:
    """The page of an area, ``maps/<area>/atlas.html``, from ``risk.parquet`` and its metadata."""
    area = project.area(name)
    folder = project.processed(area.id)
    path = folder / "risk.parquet"
    metadata = store.read_metadata(path)
    index = Index.model_validate(metadata["index"])
    capacity = metadata["capacity"]
    kinds = {kind["id"]: kind["title"] for kind in capacity["kinds"] if not kind["mobile"]}
    table = tables.risk_table({c.name: c.title for c in index.components}, kinds, capacity["measure"])
    look = read_layers(project.declared / "layers.toml")
    notes = [
        *caution(metadata["sources"]),
        *(f"Not in these data: {a.title}. {a.why}." for a in index.absent),
        *_limits(project, capacity),
    ]
    context = {}
    for kind in LOCATED:
        extra = folder / f"{kind}.parquet"
        if extra.exists():
            context[kind] = store.read_table(extra)
            metadata["sources"] += _unlisted(store.read_metadata(extra)["sources"], metadata["sources"])
    extras = _extras(project, folder, bool(kinds), metadata)
    if extras.sought and extras.sought["scored"] != metadata["built"]:
        notes.append("The proposed sites were sought before the map was last scored.")
        say(f"Note: the sites of {area.id} were sought before it was last scored. Seek them again: make site")
    html = draw(store.read_geotable(path), table, metadata, index, look, notes, assets, extras, **context)
    page = project.page(area.id)
    store.write_text(page, html)
    say(f"{fictional(area)}{area.title}: open {page} ({len(html.encode()) / 1e6:.2f} MB)")


def _unlisted(sources: Sequence[Mapping[str, Any]], listed: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    known = {source["id"] for source in listed}
    return [source for source in sources if source["id"] not in known]


def _limits(project: Project, capacity: Mapping[str, Any]) -> list[str]:
    """What support places in these data do not tell, in plain sentences."""
    absent = [kind.plural for kind in project.places().kinds if kind.id in capacity["absent_kinds"]]
    inside = capacity["origins"]["rows"] - capacity["origins"]["population_weighted"]
    lines = [f"Not in these data: {plural}. Their list was not at hand." for plural in absent]
    if capacity["kinds"] and inside:
        lines.append(
            f"Ways to support places begin at a point inside a neighbourhood for {inside:,} neighbourhoods, as "
            "where their people live was not at hand."
        )
    if capacity["kinds"] and capacity["measure"] == "straight line":
        lines.append("Ways to support places are straight lines, not journeys; rivers and roads are not known here.")
    return lines


def _extras(project: Project, folder: Path, placed: bool, metadata: dict[str, Any]) -> Extras:
    """Support places, sites and stories, where they are there; their sources are added to ``metadata``."""

    def read(name: str) -> pd.DataFrame | None:
        path = folder / f"{name}.parquet"
        if not path.exists():
            return None
        metadata["sources"] += _unlisted(store.read_metadata(path)["sources"], metadata["sources"])
        return store.read_table(path)

    sites = read("sites")
    return Extras(
        project.helps(),
        read("support_places") if placed else None,
        read("nearest") if placed else None,
        sites,
        None if sites is None else read("coverage"),
        {} if sites is None else store.read_metadata(folder / "sites.parquet")["sought"],
        read("stories"),
    )


def explain_area(project: Project, name: str, say: Say) -> None:
    """The page on an area's method, ``maps/<area>/method.html``, and its figures, ``sensitivity.json``.

    Evidence that the score predicts something is shown where it has been written, by ``validate``: the area's own, else
    the nation's.
    """
    from pipeline.index.sensitivity import sensitivity
    from pipeline.reports.method import method_page

    area, uncertainty = project.area(name), project.uncertainty()
    folder = project.processed(area.id)
    path = folder / "risk.parquet"
    metadata, frame = store.read_metadata(path), store.read_table(path)
    if "uncertainty" not in metadata:
        raise PipelineError(f"{path} was scored without rank intervals. Run: python -m pipeline score {area.id}")
    index = Index.model_validate(metadata["index"])
    joined = store.read_table(folder / "joined.parquet").set_index("lsoa21_code")
    nation = reference(project, area.nation)
    found = sensitivity(index, joined if area.reference == "area" else nation, joined, uncertainty)
    store.write_json(
        folder / "sensitivity.json", {"built": now(), "area": area.id, "index": index.id, **found.as_json()}
    )
    evidence = next(
        (
            json.loads(file.read_text(encoding="utf-8"))
            for file in (folder / "evidence.json", project.national(area.nation) / "evidence.json")
            if file.exists()
        ),
        None,
    )
    page = project.method_page(area.id)
    html = method_page(frame.drop(columns=["geometry", "bbox"], errors="ignore"), metadata, index, found, evidence)
    store.write_text(page, html)
    say(f"{fictional(area)}{area.title}: how sure the map is, in {page}")
