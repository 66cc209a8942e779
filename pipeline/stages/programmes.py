"""Programmes of neighbourhoods on the list, and what budgets reach: ``programmes.parquet`` and the tables beside it."""

import geopandas as gpd
import pandas as pd

from pipeline import store, tables
from pipeline.act.plan import choose, options_of, tabulate_budgets
from pipeline.act.programmes import Bundled, Surroundings, make_programmes
from pipeline.catalogue.kinds import BOTH
from pipeline.catalogue.rates import Help
from pipeline.errors import command
from pipeline.raw import utc_now
from pipeline.reading.coordinates import DEGREES, GRID
from pipeline.reading.projection import transformer
from pipeline.space.unions import outlined
from pipeline.stages.project import Snapshot
from pipeline.stages.reads import made_tables
from pipeline.stages.stage import Job, Scope
from pipeline.stages.tables import mark_fiction
from pipeline.store.provenance import merge_sources
from pipeline.store.records import PlacesRecord, ProgrammesRecord, RiskRecord, SourceUsed
from pipeline.tables.programmes import IN_PROGRAMME

DESCRIBED = (
    *("lsoa21_name", "place_name", "ward_name", "lad_name"),
    *("people_at_risk", "people_at_risk_low", "people_at_risk_high", "unmet_need", "main_driver", "geometry"),
)
"""What programmes are described by, of ``risk.parquet``."""
LEAST_TOWN = 5_000
"""People of a place that a programme may be named after: a village has its ward, which names it already."""
SECONDS = 10.0
"""For all budgets together: programmes do not overlap, so that each is chosen in a fraction of a second."""


def run(job: Job) -> None:
    """``programmes``, ``programme_areas`` and ``budgets`` as parquet and CSV; outlines as ``programmes.geojson``."""
    project, scope = job.step.project, job.step.scope
    area, folder = project.area(scope.area), project.processed(scope.area)
    risk = store.read_geotable(folder / "risk.parquet").set_index("lsoa21_code")
    scored = store.read_record(folder / "risk.parquet", RiskRecord)
    declared, costs = project.places().programmes, project.costs()
    around, sources = _surroundings(project, scope, scored)
    bundled = make_programmes(_on_list(project, scope, risk), around, declared, costs)
    options = options_of(bundled.programmes, risk["people_at_risk"].fillna(0.0))
    sums = costs.budgets if len(bundled.programmes) else ()
    budgets = tabulate_budgets(options, sums, choose(options, sums, SECONDS))
    inside = int((bundled.areas["standing"] == IN_PROGRAMME).sum())
    built = utc_now()
    for frame, table in (
        (bundled.programmes, tables.PROGRAMMES),
        (bundled.areas, tables.PROGRAMME_AREAS),
        (budgets, tables.BUDGETS),
    ):
        record = ProgrammesRecord(
            built=built,
            table=table.name,
            rows=len(frame),
            sources=merge_sources(scored.sources, sources),
            area=area.id,
            title=area.title,
            fictional=area.fictional,
            bundling=declared,
            costs=costs,
            on_list=len(bundled.areas),
            in_programmes=inside,
        )
        store.write_table(frame, job.output(folder / f"{table.name}.parquet"), table, record)
        store.write_csv(frame, job.output(folder / f"{table.name}.csv"), table)
    store.write_geojson(outlined(bundled.programmes, risk.geometry), job.output(folder / "programmes.geojson"))
    job.say(f"{mark_fiction(area)}{area.title}: {_in_words(bundled, inside)}")
    if sums:
        choose_some = command("plan", area.id, budget="100000")
        job.say(f"  in {folder / 'programmes.csv'}; choose some for a sum: {choose_some}")


def _on_list(project: Snapshot, scope: Scope, risk: gpd.GeoDataFrame) -> pd.DataFrame:
    """The areas on the list, with the points where their people live; ``kind`` is empty where it is not told apart."""
    origins = store.read_table(project.processed(scope.area) / "origins.parquet").set_index("lsoa21_code")
    listed = pd.DataFrame(risk[risk["on_list"].astype(bool)])
    points = origins[["easting", "northing"]].reindex(listed.index)
    kind = listed["kind"] if "kind" in listed else pd.Series(None, index=listed.index, dtype="object")
    return listed[list(DESCRIBED)].assign(kind=kind).join(points, validate="one_to_one")


def _surroundings(project: Snapshot, scope: Scope, scored: RiskRecord) -> tuple[Surroundings, tuple[SourceUsed, ...]]:
    """Support places, towns and what helps; and the sources of the first two."""
    folder = project.processed(scope.area)
    titles = {kind.id: kind.title for kind in scored.capacity.kinds if not kind.mobile}
    places = store.read_table(folder / "support_places.parquet")
    places = places[tables.is_among(places["kind"], titles)]
    hosts = places[["place_id", "name", "easting", "northing"]].assign(title=places["kind"].map(titles))
    names, helps = {component.title: component.name for component in scored.index.components}, project.helps()
    kinds = project.kinds().titles
    ids = {title: (name,) for name, title in kinds.items()} | {BOTH: tuple(kinds)}

    def suggest(title: str | None, kind: str | None) -> Help | None:
        return helps.suggest(names.get(title or ""), ids.get(kind or "", ()))

    sources = store.read_record(folder / "support_places.parquet", PlacesRecord).sources
    if "towns" not in made_tables(project, scope):
        return Surroundings(hosts, pd.DataFrame(columns=["name", "easting", "northing"]), suggest), tuple(sources)
    towns = store.read_table(folder / "towns.parquet")
    towns = towns[towns["population"] >= LEAST_TOWN]
    to_grid = transformer(DEGREES, GRID)
    easting, northing = to_grid.transform(towns["lon"].to_numpy(), towns["lat"].to_numpy())
    located = towns[["name"]].assign(easting=easting, northing=northing)
    return Surroundings(hosts, located, suggest), (*sources, *store.read_sources(folder / "towns.parquet"))


def _in_words(bundled: Bundled, inside: int) -> str:
    programmes, areas = bundled.programmes, bundled.areas
    if programmes.empty:
        return f"no programme: the {len(areas):,} areas on the list are too small for one alone"
    people = tables.say_people(float(programmes["people_at_risk"].sum()))
    return (
        f"{len(programmes):,} programmes of {inside:,} of the {len(areas):,} areas on the list, with about "
        f"{people} people at risk (an estimate); {len(areas) - inside:,} areas are too small for a programme alone"
    )
