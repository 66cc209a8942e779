"""What the page says about support places, people at risk, proposed sites, stories and what helps."""

from collections.abc import Sequence

import pandas as pd

from pipeline.atlas import contract
from pipeline.atlas.inputs import ProposedSites, SupportTables
from pipeline.atlas.packing import pack_table
from pipeline.catalogue.rates import Helps
from pipeline.store.records import CapacityRecord, KindsRecord, KindUsed
from pipeline.tables import MEASURES

PLACE_COLUMNS = ("name", "kind", "offers", "opening", "postcode", "lon", "lat")
SITE_COLUMNS = ("site_number", "name", "lon", "lat", "newly_covered", "covered_alone", "covered_together")
DEGREES, FAR_DEGREES = 5, 4
"""Decimals of longitude and latitude: a metre, and ten on a page of many areas."""


def support_info(
    support: SupportTables | None, codes: Sequence[str], capacity: CapacityRecord, *, many: bool
) -> contract.SupportInfo | None:
    """Support places, and the nearest of each kind to every area.

    Args:
        codes: the LSOAs in the order of the page's table.
        many: of the nearest places only the first of each kind is carried, and its distance is in the page's
            table.
    """
    if support is None or not capacity.kinds:
        return None
    places = support.places.reset_index(drop=True)
    listed = 1 if many else capacity.listed
    nearest = _nearest(SupportTables(places, support.nearest), codes, capacity.kinds, listed, with_cost=not many)
    degrees = FAR_DEGREES if many else DEGREES
    return contract.SupportInfo(
        unit=MEASURES[capacity.measure],
        listed=listed,
        kinds=tuple(map(contract.PlaceKind.model_validate, capacity.kinds)),
        places=pack_table(places[list(PLACE_COLUMNS)], {"lon": degrees, "lat": degrees}),
        nearest=pack_table(nearest),
    )


def _nearest(
    support: SupportTables, codes: Sequence[str], kinds: Sequence[KindUsed], listed: int, *, with_cost: bool
) -> pd.DataFrame:
    """One row for each LSOA: the rows of the nearest places of every kind and their distances, in whole units."""
    row_of = pd.Series(support.places.index, index=support.places["place_id"])
    columns: dict[str, pd.Series[float]] = {}
    for kind in kinds:
        of_kind = support.nearest[support.nearest["kind"] == kind.id]
        for number in range(1, listed + 1):
            chosen = of_kind[of_kind["number"] == number].set_index("lsoa21_code")
            place = chosen["place_id"].map(row_of)
            columns[f"{kind.id}_{number}"] = place.reindex(list(codes)).astype("float64")
            if with_cost:
                columns[f"{kind.id}_{number}_cost"] = chosen["distance"].round().reindex(list(codes)).astype("float64")
    frame = pd.DataFrame(columns, index=list(codes))
    return frame.loc[:, frame.notna().any()].reset_index(drop=True)


def kinds_info(kinds: KindsRecord, helps: Helps) -> contract.KindsInfo:
    """The two kinds of exclusion, from where on they stand out, and what usually helps with each."""
    of_kind = {entry.kind: entry.helps for entry in helps.kinds}
    return contract.KindsInfo(
        stands_out_above=kinds.stands_out_above,
        why=kinds.why,
        kinds=tuple(
            contract.KindInfo(
                id=kind.id,
                title=kind.title,
                sentence=kind.sentence,
                column=f"score_{kind.id}",
                helps=tuple(contract.HelpingThing.model_validate(one) for one in of_kind.get(kind.id, ())),
            )
            for kind in kinds.kinds
        ),
    )


def helps_info(helps: Helps, components: Sequence[str]) -> tuple[contract.HelpInfo, ...]:
    """What usually helps, for each of the ``components`` that have a declaration."""
    drivers = map(helps.of, components)
    return tuple(contract.HelpInfo.model_validate(driver) for driver in drivers if driver is not None)


def people_info(capacity: CapacityRecord) -> contract.PeopleInfo:
    """What the estimate of people at risk is made of."""
    rates = capacity.people
    return contract.PeopleInfo(
        title=rates.title,
        low=rates.measures.not_online.means,
        high=rates.measures.without_skills.means,
        part=rates.part,
        scaled=rates.shape.strength > 0 and capacity.people_shaped_over != "none",
        measures=tuple(
            contract.PeopleMeasure(
                column=f"people_{name}",
                title=measure.title,
                means=measure.means,
                adults_from=measure.adults.from_age,
                share=measure.overall.value,
                year=measure.overall.year,
                source=measure.overall.source,
            )
            for name, measure in rates.measures.named
        ),
        sources=tuple(map(contract.PeopleSource.model_validate, rates.figures)),
    )


def sites_info(proposed: ProposedSites | None) -> contract.SitesInfo | None:
    """Proposed sites, and what the best plan with each number of sites achieves."""
    if proposed is None:
        return None
    search = proposed.search
    places = {"lon": DEGREES, "lat": DEGREES, "newly_covered": 1, "covered_alone": 1, "covered_together": 1}
    sites = proposed.sites[list(SITE_COLUMNS)].round(places).rename(columns={"site_number": "order"})
    curve = proposed.coverage[["sites", "newly_covered"]].round(1).rename(columns={"newly_covered": "covered"})
    return contract.SitesInfo(
        model=search.model,
        reach=search.reach,
        unit=search.unit,
        counted_in=search.counted_in,
        candidates=search.candidates,
        gap=search.gap,
        people=search.people,
        already=search.already,
        way_saved=search.way_saved,
        sites=tuple(map(contract.Site.model_validate, sites.to_dict(orient="records"))),
        curve=tuple(map(contract.CurvePoint.model_validate, curve.to_dict(orient="records"))),
    )


def stories_info(stories: pd.DataFrame | None, codes: Sequence[str]) -> tuple[contract.Story, ...]:
    """What people said, each with its area where that is on the page."""
    if stories is None:
        return ()
    row_of = {code: row for row, code in enumerate(codes)}
    return tuple(
        contract.Story(
            place=story["place"],
            quote=story["quote"],
            theme=story["theme"],
            source=story["source"],
            lon=round(story["lon"], DEGREES),
            lat=round(story["lat"], DEGREES),
            area=row_of.get(story["lsoa21_code"]),
        )
        for story in stories.to_dict(orient="records")
    )
