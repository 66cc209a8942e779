"""Proposed sites for new support places: ``sites.parquet``, a CSV and a GeoJSON of them, and the curve of coverage."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

from pipeline import raw, store, tables
from pipeline.act.sites import (
    Candidates,
    Model,
    Proposal,
    Reach,
    neighbourhoods,
    of_existing_kind,
    parse_reach,
    propose,
)
from pipeline.act.support import Support
from pipeline.catalogue import Area
from pipeline.errors import MissingSourceError, PipelineError
from pipeline.places.locating import locate
from pipeline.places.reading import read_candidates
from pipeline.stages.places import POSTCODES
from pipeline.stages.project import Project, Say, fictional
from pipeline.stages.score import read_support
from pipeline.store.provenance import local_provenance, now


@dataclass(frozen=True)
class SitesWanted:
    """What to seek.

    ``reach`` is how far a place serves (``5km``, ``20min``). ``candidates`` is a file, a kind of places, or nothing
    for the area's neighbourhoods. ``kinds`` are the existing places that are counted in; none given: those that count
    and offer help now. ``budget`` limits the cost of the sites. ``seconds`` is how long the solver may take.
    """

    new: int = 5
    reach: str = "5km"
    candidates: str | None = None
    kinds: tuple[str, ...] = ()
    model: Model = "maximal covering"
    budget: float | None = None
    seconds: float = 60.0


def site_area(project: Project, name: str, wanted: SitesWanted, say: Say) -> None:
    """Seek sites in an area that has been scored; the next map shows them.

    Raises:
        PipelineError: the area has no list of support places, or what is wanted cannot be had.
        MissingSourceError: the area has not been scored.
    """
    area = project.area(name)
    folder = project.processed(area.id)
    if not (folder / "risk.parquet").exists():
        raise MissingSourceError(f"{folder / 'risk.parquet'} is not there yet. Run: make maps AREA={area.id}")
    if wanted.new < 1:
        raise PipelineError("--new: at least one site.")
    for option, value in (("--budget", wanted.budget), ("--seconds", wanted.seconds)):
        if value is not None and not 0 < value < math.inf:
            raise PipelineError(f"{option}: a number above 0; found {value:g}.")
    risk = store.read_geotable(folder / "risk.parquet").set_index("lsoa21_code", drop=False)
    nation = store.read_table(project.national(area.nation) / "reference.parquet")
    support = read_support(project, area, nation)
    if support is None:
        raise PipelineError(f"{area.id} has no list of support places. Run: make data AREA={area.id}, then make maps.")
    reach, kinds = parse_reach(wanted.reach), _kinds(support, wanted.kinds)
    candidates, sources, left_out = _candidates(project, area, support, risk, wanted.candidates, wanted.budget)
    for line in left_out:
        say(f"  {line}")
    cheapest = float(candidates.frame["cost"].min())
    if wanted.budget is not None and wanted.budget < cheapest:
        raise PipelineError(f"--budget {wanted.budget:g} pays for no candidate: the cheapest costs {cheapest:g}.")
    proposal = propose(
        support,
        risk["people_at_risk"],
        candidates,
        wanted.new,
        reach,
        kinds,
        model=wanted.model,
        budget=wanted.budget,
        seconds=wanted.seconds,
    )
    scored = store.read_metadata(folder / "risk.parquet")
    metadata = {
        "built": now(),
        "area": area.id,
        "title": area.title,
        "fictional": area.fictional,
        "sources": [*scored["sources"], *sources],
        "sought": {**proposal.sought, "scored": scored["built"]},
        "left_out": left_out,
    }
    for frame, table in ((proposal.sites, tables.SITES), (proposal.coverage, tables.COVERAGE)):
        described = {**metadata, "table": table.name, "rows": len(frame)}
        store.write_table(frame, folder / f"{table.name}.parquet", described)
        store.write_csv(frame, folder / f"{table.name}.csv")
    points = gpd.points_from_xy(proposal.sites["lon"], proposal.sites["lat"], crs=4326)
    store.write_geojson(gpd.GeoDataFrame(proposal.sites, geometry=points), folder / "sites.geojson")
    say(f"{fictional(area)}{area.title}: {_in_words(proposal, reach)}")
    for site in proposal.sites.to_dict("records"):
        saved = "" if pd.isna(site["way_saved"]) else f"{site['way_saved']:,.0f} {_way(reach)} × people saved, "
        more = f"{site['newly_covered']:,.0f} more people at risk ({site['covered_alone']:,.0f} alone)"
        say(f"  {site['order']}. {site['name']}: {saved}{more}")
    say(f"  in {folder / 'sites.parquet'}, .csv and .geojson; on the map after: make maps AREA={area.id}")


def _kinds(support: Support, wanted: Sequence[str]) -> list[str]:
    known = [kind.id for kind in support.kinds]
    unknown = [kind for kind in wanted if kind not in known]
    if unknown:
        raise PipelineError(f"--kind: no places of {', '.join(unknown)} here. Kinds: {', '.join(known)}.")
    return list(wanted) or [kind.id for kind in support.kinds if kind.counts and kind.offers_now]


def _candidates(
    project: Project, area: Area, support: Support, risk: gpd.GeoDataFrame, wanted: str | None, budget: float | None
) -> tuple[Candidates, list[dict[str, object]], list[str]]:
    if budget is not None and (wanted is None or wanted in {kind.id for kind in support.kinds}):
        raise PipelineError(
            "--budget needs candidates from a file with a column 'cost'; give --new for a number of sites."
        )
    if wanted is None:
        return neighbourhoods(support, risk["lsoa21_name"] + ", " + risk["ward_name"]), [], []
    if wanted in {kind.id for kind in support.kinds}:
        return of_existing_kind(support, wanted), [], []
    path = Path(wanted)
    if not path.is_file():
        kinds = ", ".join(kind.id for kind in support.kinds)
        raise PipelineError(f"--candidates {wanted}: there is no such file, and it is no kind of place ({kinds}).")
    reported = read_candidates(path)
    if budget is not None and not reported["priced"].any():
        raise PipelineError(f"--budget: {path} has no column 'cost', so every site would cost 1.")
    located = locate(reported, risk.geometry, _postcodes(project, area, reported))
    if located.frame.empty:
        raise PipelineError(f"{path}: no candidate can be placed.\n  " + "\n  ".join(located.notes()))
    frame = located.frame.rename(columns={"place_id": "site_id"})
    cost = reported.set_index("id")["cost"]
    frame["cost"] = frame["site_id"].map(cost)
    origin = local_provenance("candidates", "Candidate sites", "given by the analyst", path, project.root)
    columns = ["site_id", "name", "easting", "northing", "cost"]
    return Candidates(frame[columns], f"{len(frame):,} candidates of {path.name}"), [origin], located.notes()


def _postcodes(project: Project, area: Area, reported: pd.DataFrame) -> pd.DataFrame | None:
    from pipeline.tidy import read_postcodes

    if reported[["x", "y"]].notna().all(axis=None):
        return None
    path = raw.locate(project.sources()[POSTCODES].model_dump(), project.root, area.nation, area.id)
    return None if path is None else read_postcodes(path)


def _in_words(proposal: Proposal, reach: Reach) -> str:
    sought = proposal.sought
    there = f"{sought['already']:,.0f} of {sought['people']:,.0f} people at risk (an estimate)"
    counted = " or ".join(map(_in_sentence, sought["counted_in"])) or "any place"
    proven = "none better exists" if sought["gap"] == 0 else f"at most {sought['gap']:.1%} better could exist"
    if sought["model"] == "p-median":
        average = sought["way_saved"] / sought["people"] if sought["people"] else 0.0
        return (
            f"{len(proposal.sites)} of {sought['candidates']} shorten the way to the nearest of {counted} by "
            f"{average:.2f} {_way(reach)} a person on average ({proven})"
        )
    return (
        f"{there} are within {reach.in_words} of {counted}; {len(proposal.sites)} of {sought['candidates']} bring "
        f"{sought['newly_covered']:,.0f} more within reach ({proven})"
    )


def _way(reach: Reach) -> str:
    return "km" if reach.unit == "metres" else "minutes"


def _in_sentence(title: str) -> str:
    """A title inside a sentence: ``Public libraries`` becomes ``public libraries``, ``GP practices`` stays."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
