"""Proposed sites for new support places: ``sites.parquet``, CSV and GeoJSON, and the coverage by number of sites."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from pipeline import store, tables
from pipeline.act.sites import (
    Candidates,
    Proposal,
    Reach,
    SiteRequest,
    list_neighbourhoods,
    list_places_of_kind,
    parse_reach,
    propose_sites,
)
from pipeline.act.support import Support
from pipeline.errors import PipelineError, command
from pipeline.places import read_candidates
from pipeline.places.locating import locate
from pipeline.raw import utc_now
from pipeline.reading import Layout
from pipeline.stages.reads import POSTCODES, present_sources, tidy_table
from pipeline.stages.requests import PlanWanted, SitesWanted, refuse_without_file
from pipeline.stages.score import read_support
from pipeline.stages.stage import Job
from pipeline.stages.tables import mark_fiction, read_reference
from pipeline.store.provenance import describe_local_file
from pipeline.store.records import RiskRecord, SiteSearchOfScores, SitesRecord, SourceUsed
from pipeline.tables import say_people
from pipeline.tidy import find_postcodes


def run(job: Job) -> None:
    """``sites`` and ``coverage`` as tables and CSV, and the sites as GeoJSON; the next map shows them.

    Raises:
        PipelineError: the area has no list of support places, or the request cannot be met.
    """
    project, wanted = job.step.project, SitesWanted.model_validate(job.request)
    area = project.area(job.step.scope.area)
    folder = project.processed(area.id)
    _check(wanted)
    risk = store.read_geotable(folder / "risk.parquet").set_index("lsoa21_code", drop=False)
    support = read_support(project, area, read_reference(project, area.nation))
    if support is None:
        raise PipelineError(
            f"{area.id} has no list of support places. Run: {command('data', area.id)}, then {command('maps', area.id)}"
        )
    reach, kinds = parse_reach(wanted.reach), _kinds(support, wanted.kinds)
    candidates, sources, left_out = _candidates(job, support, risk, wanted)
    for line in left_out:
        job.say(f"  {line}")
    cheapest = float(candidates.frame["cost"].min())
    if wanted.budget is not None and wanted.budget < cheapest:
        raise PipelineError(f"--budget {wanted.budget:g} pays for no candidate: the cheapest costs {cheapest:g}.")
    new = min(wanted.new, len(candidates.frame))
    if new < wanted.new:
        job.say(
            f"  {wanted.new:,} sites were asked for; there are {new:,} candidates, so no more than {new:,} are sought"
        )
    request = SiteRequest(new, reach, tuple(kinds), wanted.model, wanted.budget, wanted.seconds)
    proposal = propose_sites(support, risk["people_at_risk"], candidates, request)
    scored = store.read_record(folder / "risk.parquet", RiskRecord)
    built = utc_now()
    for frame, table in ((proposal.sites, tables.SITES), (proposal.coverage, tables.COVERAGE)):
        record = SitesRecord(
            built=built,
            table=table.name,
            rows=len(frame),
            sources=(*scored.sources, *sources),
            area=area.id,
            title=area.title,
            fictional=area.fictional,
            sought=SiteSearchOfScores(**dict(proposal.sought), scored=store.content_hash(folder / "risk.parquet")),
            left_out=tuple(left_out),
        )
        store.write_table(frame, job.output(folder / f"{table.name}.parquet"), table, record)
        store.write_csv(frame, job.output(folder / f"{table.name}.csv"), table)
    points = gpd.points_from_xy(proposal.sites["lon"], proposal.sites["lat"], crs=4326)
    store.write_geojson(gpd.GeoDataFrame(proposal.sites, geometry=points), job.output(folder / "sites.geojson"))
    job.say(f"{mark_fiction(area)}{area.title}: {_in_words(proposal, reach)}")
    for site in proposal.sites.to_dict("records"):
        saved = "" if pd.isna(site["way_saved"]) else f"{site['way_saved']:,.0f} {_way(reach)} × people saved, "
        more = f"{say_people(site['newly_covered'])} more people at risk ({say_people(site['covered_alone'])} alone)"
        job.say(f"  {site['site_number']}. {site['name']}: {saved}{more}")
    job.say(f"  in {folder / 'sites.parquet'}, .csv and .geojson; on the map after: {command('maps', area.id)}")


def _check(wanted: SitesWanted) -> None:
    if wanted.new < 1:
        raise PipelineError("--new: expected at least one site.")
    for option, value in (("--budget", wanted.budget), ("--seconds", wanted.seconds)):
        if value is not None and not 0 < value < math.inf:
            raise PipelineError(f"{option}: expected a number above 0; found {value:g}.")


def _kinds(support: Support, wanted: Sequence[str]) -> list[str]:
    kinds = [kind.id for kind in support.kinds]
    unknown = [kind for kind in wanted if kind not in kinds]
    if unknown:
        raise PipelineError(f"--kind: no places of {', '.join(unknown)} here. Kinds: {', '.join(kinds)}.")
    return list(wanted) or [kind.id for kind in support.kinds if kind.counts and kind.offers_now]


def _candidates(
    job: Job, support: Support, risk: gpd.GeoDataFrame, request: SitesWanted
) -> tuple[Candidates, list[SourceUsed], list[str]]:
    wanted, budget = request.candidates, request.budget
    if budget is not None and (wanted is None or wanted in {kind.id for kind in support.kinds}):
        raise PipelineError(
            "--budget needs candidates from a file with a column 'cost'; give --new for a number of sites."
        )
    if wanted is None or wanted in {kind.id for kind in support.kinds}:
        refuse_without_file(request, ("columns", "sheet", "layer"), "--candidates with a file")
    if wanted is None:
        return list_neighbourhoods(support, risk["place_name"] + ", " + risk["lad_name"]), [], []
    if wanted in {kind.id for kind in support.kinds}:
        return list_places_of_kind(support, wanted), [], []
    path = job.step.project.local_file(wanted)
    if not path.is_file():
        kinds = ", ".join(kind.id for kind in support.kinds)
        raise PipelineError(f"--candidates {wanted}: there is no such file or kind of place. Kinds: {kinds}.")
    given = read_candidate_file(job, risk, request)
    return given.candidates, [given.source], list(given.left_out)


@dataclass(frozen=True)
class GivenCandidates:
    """The candidates of a file, the file, and a line for each that cannot be used."""

    candidates: Candidates
    source: SourceUsed
    left_out: tuple[str, ...]


def read_candidate_file(job: Job, risk: gpd.GeoDataFrame, request: SitesWanted | PlanWanted) -> GivenCandidates:
    """The candidate sites of a file that the request names, with their costs and where they are.

    Raises:
        PipelineError: there is no such file, it has no costs where there is a budget, or no candidate can be placed.
    """
    path, budget = job.step.project.local_file(str(request.candidates)), request.budget
    if not path.is_file():
        raise PipelineError(f"--candidates {request.candidates}: there is no such file.")
    layout = Layout(request.sheet, layer=request.layer, decimal=request.decimal)
    reported, read = read_candidates(path, request.columns, layout)
    if budget is not None and not reported["priced"].any():
        raise PipelineError(
            f"--budget: {path} has no column 'cost', so every site would cost 1. Add one, or give --new instead."
        )
    located = locate(reported, risk.geometry, _postcodes(job, reported))
    if located.frame.empty:
        raise PipelineError(f"{path}: no candidate can be placed.\n  " + "\n  ".join(located.notes()))
    frame = located.frame.rename(columns={"place_id": "site_id"})
    cost = reported.set_index("id")["cost"]
    frame["cost"] = frame["site_id"].map(cost)
    origin = describe_local_file("candidates", "Candidate sites", "given by the analyst", path, job.step.project.root)
    columns = ["site_id", "name", "easting", "northing", "cost"]
    candidates = Candidates(frame[columns], f"{len(frame):,} candidates of {path.name}")
    return GivenCandidates(candidates, origin, (*read, *located.notes()))


def _postcodes(job: Job, reported: pd.DataFrame) -> pd.DataFrame | None:
    """Where the candidates without coordinates lie, by their postcodes, where there is a list of postcodes."""
    project, nation = job.step.project, job.step.scope.nation
    without = reported[["x", "y"]].isna().any(axis=1)
    if not without.any() or POSTCODES not in present_sources(project, nation):
        return None
    path = tidy_table(project, nation, project.sources()[POSTCODES])
    return find_postcodes(path, reported.loc[without, "postcode"].fillna(""))


def _in_words(proposal: Proposal, reach: Reach) -> str:
    sought = proposal.sought
    there = f"{say_people(sought.already)} of {say_people(sought.people)} people at risk (an estimate)"
    counted = " or ".join(map(_in_sentence, sought.counted_in)) or "any place"
    proven = "none better exists" if sought.gap == 0 else f"at most {sought.gap:.1%} better could exist"
    if sought.way_saved is not None:
        average = sought.way_saved / sought.people if sought.people else 0.0
        return (
            f"{len(proposal.sites)} of {sought.candidates} shorten the distance to the nearest of {counted} by "
            f"{average:.2f} {_way(reach)} a person on average ({proven})"
        )
    return (
        f"{there} are within {reach.in_words} of {counted}; {len(proposal.sites)} of {sought.candidates} bring "
        f"{say_people(sought.newly_covered)} more within reach ({proven})"
    )


def _way(reach: Reach) -> str:
    return "km" if reach.unit == "metres" else "minutes"


def _in_sentence(title: str) -> str:
    """A title within a sentence: ``Public libraries`` becomes ``public libraries``, ``GP practices`` stays."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
