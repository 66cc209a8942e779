"""A plan for a budget: ``plan.json``, ``plan.csv`` and ``plan.geojson``."""

import math

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipeline import store, tables
from pipeline.act.plan import Options, add_sites, choose, options_of, tabulate_budgets, tabulate_plan
from pipeline.act.sites import list_served, parse_reach
from pipeline.errors import PipelineError, command
from pipeline.raw import utc_now
from pipeline.reading.projection import lon_lat
from pipeline.space.unions import outlined
from pipeline.stages.requests import PlanWanted, refuse_without_file
from pipeline.stages.score import read_support
from pipeline.stages.site import read_candidate_file
from pipeline.stages.stage import Job
from pipeline.stages.tables import mark_fiction, read_reference
from pipeline.store.provenance import merge_sources
from pipeline.store.records import BudgetReach, PlanChoice, PlanRecord, ProgrammesRecord, SourceUsed, rows_of

STEPS = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 4.0)
"""Parts and multiples of the budget that the curve shows."""


def run(job: Job) -> None:
    """Choose programmes, and sites where candidates are given, for the budget; the next map shows the plan.

    Raises:
        PipelineError: no area on the list is in a programme and there are no candidates, the budget pays for none, or
            candidates cannot be used.
    """
    project, wanted = job.step.project, PlanWanted.model_validate(job.request)
    area, folder = project.area(job.step.scope.area), project.processed(job.step.scope.area)
    risk = store.read_geotable(folder / "risk.parquet").set_index("lsoa21_code", drop=False)
    programmes = store.read_table(folder / "programmes.parquet")
    made = store.read_record(folder / "programmes.parquet", ProgrammesRecord)
    for option, value in (("--budget", wanted.budget), ("--seconds", wanted.seconds)):
        if not 0 < value < math.inf:
            raise PipelineError(f"{option}: expected a number above 0; found {value:g}.")
    options, sources = _options(job, wanted, risk, programmes)
    _check(wanted, options)
    budgets = sorted({round(step * wanted.budget, 2) for step in STEPS} | {wanted.budget})
    plans = choose(options, budgets, wanted.seconds)
    best, curve = plans[budgets.index(wanted.budget)], tabulate_budgets(options, budgets, plans)
    chosen, asked = tabulate_plan(options, best), curve[curve["budget"] == wanted.budget].iloc[0]
    record = PlanRecord(
        built=utc_now(),
        table=tables.PLAN.name,
        rows=len(chosen),
        sources=merge_sources(made.sources, sources),
        area=area.id,
        title=area.title,
        fictional=area.fictional,
        budget=wanted.budget,
        people=float(risk["people_at_risk"].sum()),
        people_reached=best.value,
        cost_low=float(asked["cost_low"]),
        cost=float(asked["cost"]),
        cost_high=float(asked["cost_high"]),
        gap=float(asked["gap"]),
        programmes=len(programmes),
        candidates=len(options.frame) - len(programmes),
        reach=wanted.reach,
        costs=made.costs,
        chosen=rows_of(chosen, PlanChoice),
        curve=rows_of(curve, BudgetReach),
        made_from=store.content_hash(folder / "programmes.parquet"),
    )
    store.write_record(job.output(folder / "plan.json"), record)
    store.write_csv(chosen, job.output(folder / "plan.csv"), tables.PLAN)
    store.write_geojson(_shapes(chosen, programmes, risk.geometry), job.output(folder / "plan.geojson"))
    job.say(f"{mark_fiction(area)}{area.title}: {_in_words(record)}")
    for row in record.chosen:
        job.say(
            f"  {row.number}. {row.name}: {tables.say_people(row.people_reached)} people at risk, £{row.cost:,.0f} "
            f"(£{row.cost_low:,.0f} to £{row.cost_high:,.0f})"
        )
    for point in record.curve:
        job.say(f"  £{point.budget:,.0f} reaches {tables.say_people(point.people_reached)} by {point.chosen:,}")
    job.say(f"  in {folder / 'plan.csv'}, .json and .geojson; on the page after: {command('maps', area.id)}")


def _options(
    job: Job, wanted: PlanWanted, risk: gpd.GeoDataFrame, programmes: pd.DataFrame
) -> tuple[Options, list[SourceUsed]]:
    """The programmes, and the sites of a file of candidates with their costs."""
    project, area = job.step.project, job.step.project.area(job.step.scope.area)
    people = risk["people_at_risk"].fillna(0.0)
    options = options_of(programmes, people)
    if wanted.candidates is None:
        refuse_without_file(wanted, ("columns", "sheet", "layer"), "--candidates with a file")
        return options, []
    support = read_support(project, area, read_reference(project, area.nation))
    if support is None:
        raise PipelineError(
            f"--candidates: {area.id} has no list of support places, so nobody can say who is served already. Run: "
            f"{command('data', area.id)}, then {command('maps', area.id)}"
        )
    given = read_candidate_file(job, risk, wanted)
    for line in given.left_out:
        job.say(f"  {line}")
    sites = given.candidates
    lon, lat = lon_lat(sites.frame["easting"].to_numpy(), sites.frame["northing"].to_numpy())
    reaches = list_served(support, sites, parse_reach(wanted.reach), list(people.index))
    return add_sites(options, sites.frame.assign(lon=lon, lat=lat), reaches), [given.source]


def _check(wanted: PlanWanted, options: Options) -> None:
    if options.frame.empty:
        raise PipelineError(
            "There is nothing to choose from: no neighbourhoods on the list make a programme. Lower least_people of "
            "[programmes] or widen [where_to_act] in declared/places.toml, or give --candidates with costs."
        )
    cheapest = float(options.frame["cost"].min())
    if wanted.budget < cheapest:
        name = options.frame["name"].iloc[int(options.frame["cost"].to_numpy().argmin())]
        raise PipelineError(
            f"--budget {wanted.budget:,g} pays for none: the cheapest, {name}, costs about £{cheapest:,.0f} a year by "
            "the prices of declared/costs.toml."
        )


def _shapes(chosen: pd.DataFrame, programmes: pd.DataFrame, shapes: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """Programmes as outlines, sites as points."""
    outlines = outlined(programmes, shapes).geometry
    by_id = dict(zip(programmes["programme"].astype(str), outlines, strict=True))
    points = shapely.points(chosen["lon"].to_numpy(dtype="float64"), chosen["lat"].to_numpy(dtype="float64"))
    geometry = [
        by_id[identity] if sort == "programme" else point
        for sort, identity, point in zip(chosen["sort"], chosen["id"], np.atleast_1d(np.asarray(points)), strict=True)
    ]
    return gpd.GeoDataFrame(chosen, geometry=geometry, crs=4326)


def _in_words(record: PlanRecord) -> str:
    proven = "none reaches more" if record.gap == 0 else f"at most {record.gap:.1%} more could be reached"
    over = " (more than the budget, should all prices be high)" if record.cost_high > record.budget else ""
    return (
        f"£{record.budget:,.0f} pays for {record.rows:,} of {record.programmes:,} programmes"
        + (f" and {record.candidates:,} sites" if record.candidates else "")
        + f" and reaches {tables.say_people(record.people_reached)} of about {tables.say_people(record.people)} people "
        f"at risk (an estimate; {proven}); outline cost in a year £{record.cost:,.0f}, £{record.cost_low:,.0f} to "
        f"£{record.cost_high:,.0f}{over}"
    )
