"""Scores, ranks, and where to act: ``risk.parquet``."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from pipeline import store, tables
from pipeline.act.priorities import Act, coverage_in_words, priorities, where_to_act
from pipeline.act.support import Support
from pipeline.catalogue import Area, Index
from pipeline.catalogue.rates import Helps
from pipeline.risk.scores import Risk, middles, risk
from pipeline.stages.project import NATIONS, Project, Say, fictional
from pipeline.store.provenance import now


def score_area(
    project: Project, name: str, index_name: str | None, output: Path | None, say: Say, *, uncertain: bool = True
) -> None:
    """Scores and ranks of an area, its access to support and where to act first; or just the table, to ``output``.

    Writes ``risk.parquet``, ``risk.csv``, ``nearest.parquet``, ``priorities.csv`` and ``datapackage.json``. Only
    ``output`` may go without rank intervals and hot spots (``uncertain=False``): their columns are then empty.
    """
    area = project.area(name)
    index = project.index(index_name or area.index)
    folder = project.processed(area.id)
    joined, metadata = store.read_geotable(folder / "joined.parquet"), store.read_metadata(folder / "joined.parquet")
    nation = store.read_table(project.national(area.nation) / "reference.parquet")
    drawn = uncertain or output is None
    uncertainty = project.uncertainty() if drawn else None
    result = risk(joined, nation, index, area.reference, uncertainty)
    support = read_support(project, area, nation)
    own = pd.DataFrame(joined.drop(columns="geometry")).set_index("lsoa21_code").sort_index()
    whole = nation.set_index("lsoa21_code")
    known = middles(nation, result.national)
    helps = project.helps()
    act = where_to_act(
        result.frame,
        _means(result, known, area),
        index,
        own,
        own if area.reference == "area" else whole,
        whole,
        project.places().exclusion,
        project.rates(),
        helps,
        support,
        uncertainty,
    )
    table = tables.risk_table({c.name: c.title for c in index.components}, act.kinds, act.measure)
    frame = _assembled(result, act, table, f"risk by index '{index.id}'")
    places = _support_sources(project, area)
    metadata |= {
        "built": now(),
        "table": table.name,
        "sources": [*metadata["sources"], *places],
        "reference": area.reference,
        "reference_lsoas": len(joined) if area.reference == "area" else len(nation),
        "index": index.model_dump(exclude_defaults=True),
        "weights": result.scores.weights.round(6).to_dict(orient="records"),
        "imputed": {column: list(codes) for column, codes in result.scores.imputed.items()},
        "indicators_missing": {column: list(codes) for column, codes in result.scores.missing.items()},
        "nation": {"title": NATIONS[area.nation], "areas": len(nation), **known},
        "uncertainty": result.varied,
        "hotspots": result.clusters,
        "capacity": _described(project, area, support, act),
        "rows_in": len(joined),
        "rows": len(frame),
    }
    if output is not None:
        store.write_table(frame, output, metadata)
        say(f"{fictional(area)}{area.title} by '{index.id}': {len(frame):,} LSOAs in {output}")
        return
    _write_all(project, area, frame, table, act, support, index, helps, metadata)
    say(f"{fictional(area)}{area.title}: scored by '{index.id}' against {area.reference}, in {folder / 'risk.parquet'}")
    stay, worst = result.varied["worst_tenth_staying_in_90_percent_of_draws"], result.varied["worst_tenth"]
    say(f"  of the {worst:,} in the worst tenth, {stay:,} stay in 90% of {result.varied['draws']:,} plausible indices")
    for line in coverage_in_words(act, support):
        say(line)
    unhelped = [c.title for c in index.components if helps.of(c.name) is None]
    if unhelped:
        say(f"  declared/help.toml says nothing of what helps with {', '.join(unhelped)}")
    for item in index.absent:
        say(f"  not in the open data at hand: {item.title} ({item.why})")


def read_support(project: Project, area: Area, nation: pd.DataFrame) -> Support | None:
    """What :func:`pipeline.stages.places.place_area` wrote; ``None`` where it had no list of places that counts.

    Args:
        nation: every LSOA of the nation, with its rural-urban class.
    """
    folder, declared = project.processed(area.id), project.places()
    there = store.read_metadata(folder / "support_places.parquet")["kinds"]
    kinds = tuple(kind for kind in declared.kinds if kind.id in there)
    if not any(kind.counts for kind in kinds):
        return None
    journeys = folder / "journeys.parquet"
    places = store.read_table(folder / "support_places.parquet")
    return Support(
        places=places[places["kind"].isin([kind.id for kind in kinds])].reset_index(drop=True),
        origins=store.read_table(folder / "origins.parquet"),
        kinds=kinds,
        access=declared.access,
        classes=nation.set_index("lsoa21_code")["ruc21_code"],
        journeys=store.read_table(journeys) if journeys.exists() else None,
    )


def _means(result: Risk, known: Mapping[str, Any], area: Area) -> Mapping[str, float]:
    """The mean of every component over what components are compared with."""
    if area.reference == "england":
        means: Mapping[str, float] = known["means"]
        return means
    own = pd.DataFrame(result.frame.drop(columns="geometry")).filter(like="component_").mean()
    return {str(column): float(mean) for column, mean in own.items()}


def _assembled(result: Risk, act: Act, table: tables.Table, where: str) -> gpd.GeoDataFrame:
    frame = result.frame.join(act.frame, validate="one_to_one").reset_index()[table.names]
    frame = frame.sort_values("lsoa21_code", ignore_index=True)
    tables.validate(frame, table, where)
    return frame


def _support_sources(project: Project, area: Area) -> list[dict[str, Any]]:
    """Where places, points and journeys come from, each once."""
    folder = project.processed(area.id)
    paths = [folder / f"{name}.parquet" for name in ("support_places", "origins", "journeys")]
    known = store.read_metadata(folder / "joined.parquet")["sources"]
    listed = {s["id"]: s for path in paths if path.exists() for s in store.read_metadata(path)["sources"]}
    return [source for name, source in listed.items() if name not in {s["id"] for s in known}]


def _described(project: Project, area: Area, support: Support | None, act: Act) -> dict[str, Any]:
    """How capacity and exclusion were made, for the metadata and the page."""
    declared, rates = project.places(), project.rates()
    folder = project.processed(area.id)
    places = store.read_metadata(folder / "support_places.parquet")
    points = store.read_metadata(folder / "origins.parquet")
    return {
        "kinds": [kind.model_dump(include=KIND_KEYS) for kind in (support.kinds if support else ())],
        "absent_kinds": places["absent"],
        "places": places["counts"],
        "left_out": places["left_out"],
        "measure": act.measure,
        "listed": declared.access.nearest,
        "reach": declared.access.reach if act.measure == "straight line" else declared.access.reach_minutes,
        "origins": {key: points[key] for key in ("rows", "population_weighted", "outside")},
        "exclusion": declared.exclusion.model_dump() if support else None,
        "exclusion_uncertainty": act.varied,
        "contributions_exact": act.exact,
        "people": rates.model_dump(),
        "people_at_risk_in_worst_tenth": round(act.covered.inside, 1),
        "people_at_risk_elsewhere": round(act.covered.missed, 1),
    }


KIND_KEYS = {"id", "title", "plural", "origin", "why", "offers_now", "counts", "mobile"}


def _write_all(
    project: Project,
    area: Area,
    frame: gpd.GeoDataFrame,
    table: tables.Table,
    act: Act,
    support: Support | None,
    index: Index,
    helps: Helps,
    metadata: Mapping[str, Any],
) -> None:
    folder = project.processed(area.id)
    first = priorities(
        pd.DataFrame(frame.drop(columns="geometry")).set_index("lsoa21_code"), act, support, index, helps
    )
    if len(act.nearest):
        tables.validate(act.nearest, tables.NEAREST, "nearest")
    measured = {"built": metadata["built"], "table": "nearest", "rows": len(act.nearest), "measure": act.measure}
    store.write_table(act.nearest, folder / "nearest.parquet", {**measured, "sources": metadata["sources"]})
    store.write_csv(first, folder / "priorities.csv")
    store.write_csv(frame, folder / "risk.csv")
    store.write_table(frame, folder / "risk.parquet", metadata)
    resources = {
        "risk.parquet": table,
        "risk.csv": table,
        "priorities.csv": tables.PRIORITIES,
        "nearest.parquet": tables.NEAREST,
        "support_places.parquet": tables.SUPPORT_PLACES,
        "origins.parquet": tables.ORIGINS,
    }
    if (folder / "stories.parquet").exists():
        resources["stories.parquet"] = tables.STORIES
    title = f"{fictional(area)}Digital-exclusion risk, {area.title}"
    store.write_json(folder / "datapackage.json", store.data_package(area.id, title, metadata, resources))
