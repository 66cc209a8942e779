"""The page's data, from the tables and records of an area."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.atlas import contract
from pipeline.atlas.changed import changes_info
from pipeline.atlas.classes import colour
from pipeline.atlas.columns import column_info, exact_columns, kept_decimals, page_columns, scored_decimals
from pipeline.atlas.inputs import PageInputs
from pipeline.atlas.larger import larger_info
from pipeline.atlas.layers import expand
from pipeline.atlas.outline import MANY_AREAS, PackedOutline, list_hash
from pipeline.atlas.packing import pack_areas
from pipeline.atlas.programmes import add_membership, list_info, programmes_info
from pipeline.atlas.support import helps_info, kinds_info, people_info, sites_info, stories_info, support_info
from pipeline.catalogue import Fit, Index, StreetMap
from pipeline.catalogue.indices import Component
from pipeline.tables import DERIVED, Column

BY_ORDER = {"percentile", "rank-exponential"}
"""Normalisations that depend only on the order of the values."""
LEAST_OF_MANY = 5_000
"""People of the smallest towns on a page of many areas."""
FIRST_COLUMNS = (
    "worst_decile_probability",
    "england_decile",
    "people_at_risk",
    "people_at_risk_low",
    "people_at_risk_high",
    "people_not_online",
    "people_without_skills",
    "kind",
    "priority",
    "lad_code",
    "icb_code",
)
"""What the first picture asks for beside its layer: stripes, borders of districts, the finding."""
FIRST_OF_PART = ("england_rank_p05", "england_rank_p95")
"""The same where the areas are not the whole nation."""
TOWN_DEGREES = 4
"""Decimals of a town's longitude and latitude."""


@dataclass(frozen=True, eq=False)
class Shown:
    """The areas as readers see them.

    Attributes:
        columns: those of the page. ``table``: their values, with the columns that the page works out, rounded.
        decimals: those that the page keeps, by column. ``rounded``: those that the table was rounded to.
        layers: coloured on this table, the first one first.
    """

    columns: tuple[Column, ...]
    table: pd.DataFrame
    decimals: Mapping[str, int]
    rounded: Mapping[str, int]
    layers: tuple[contract.LayerInfo, ...]


def as_shown(inputs: PageInputs) -> Shown:
    """The table of the areas and the layers, as the page has them.

    Raises:
        DeclarationError: a layer cannot be drawn from this table.
    """
    index, many = inputs.record.index, len(inputs.areas) > MANY_AREAS
    columns = page_columns(inputs, many=many)
    decimals = kept_decimals(columns, many=many)
    exact = exact_columns(index, many=many)
    # Classes are made of the rounded numbers that readers see, so that none appears on the wrong side of a bound.
    scored = scored_decimals(columns, whole_nation=len(inputs.areas) == inputs.record.nation.areas)
    rounded = {name: places for name, places in (decimals | scored).items() if name not in exact}
    table = _with_derived(inputs.areas)
    if inputs.programmes is not None:
        table = add_membership(table, inputs.programmes)
    table = table.round(rounded)
    return Shown(columns, table, decimals, rounded, _layers(inputs, columns, table))


def build_contents(inputs: PageInputs) -> contract.AtlasData:
    """The page's data, as ``docs/contract.md`` describes them.

    Raises:
        DeclarationError: a layer cannot be drawn from this table.
        SchemaError: a column holds what the page cannot carry.
        ValueError: the outline is of other areas.
    """
    record, index, look = inputs.record, inputs.record.index, inputs.look
    many = len(inputs.areas) > MANY_AREAS
    shown = as_shown(inputs)
    columns, decimals, table, layers = shown.columns, shown.decimals, shown.table, shown.layers
    codes = table["lsoa21_code"].tolist()
    outline = _outline(inputs, codes)
    packed = pack_areas(
        table[[column.name for column in columns if column not in DERIVED]],
        shown.rounded,
        {name: decimals[name] for name in index.columns if name in decimals} if _by_order(index) else {},
        _first_columns(layers[0], whole_nation=len(table) == record.nation.areas),
    )
    return contract.AtlasData(
        format=contract.FORMAT,
        title=record.title,
        fictional=record.fictional,
        reference=record.reference,
        built=record.built,
        quantisation_metres=outline.quantisation_metres,
        index=index_info(index, inputs.record.fit),
        nation=contract.Nation.model_validate(record.nation),
        parts=tuple(map(contract.PartOfPlace.model_validate, inputs.record.parts)),
        notes=tuple(inputs.notes),
        sources=tuple(map(contract.Source.model_validate, inputs.sources)),
        columns=tuple(column_info(column, decimals.get(column.name, 0), record) for column in columns),
        layers=layers,
        first_layer=layers[0].id,
        table=packed,
        postcodes=outline.postcodes,
        towns=_towns(inputs.towns, many=many),
        street_map=_street_map(look.street_map),
        support=support_info(inputs.support, codes, record.capacity, many=many),
        exclusion=_exclusion(inputs),
        where_to_act=list_info(record.capacity),
        programmes=None if inputs.programmes is None else programmes_info(inputs.programmes, codes),
        helps=helps_info(inputs.helps, [component.name for component in index.components]),
        named_from=inputs.helps.named_from,
        both_from=inputs.helps.both_from,
        kinds=kinds_info(record.kinds, inputs.helps),
        people=people_info(record.capacity),
        sites=sites_info(inputs.sites),
        stories=stories_info(inputs.stories, codes),
        larger=larger_info(inputs.summaries, table, many=many),
        changes=changes_info(inputs.changes, codes),
        geometry=outline.geometry,
        land=outline.land,
    )


def _outline(inputs: PageInputs, codes: Sequence[str]) -> PackedOutline:
    """What the page draws of its areas, in the order of its table."""
    if inputs.outline is None or inputs.outline.packed.areas != list_hash(codes):
        raise ValueError("The outline is of other areas than the table.")
    return inputs.outline.packed


def _first_columns(layer: contract.LayerInfo, *, whole_nation: bool) -> set[str]:
    columns = {*FIRST_COLUMNS, layer.column, *(() if whole_nation else FIRST_OF_PART)}
    return columns | ({layer.column_by} if layer.column_by else set())


def _with_derived(areas: pd.DataFrame) -> pd.DataFrame:
    """The table of the areas without geometry, with the columns that the page works out."""
    # A copy, as a table of many parts takes no more columns.
    table = pd.DataFrame(areas.drop(columns="geometry", errors="ignore")).copy()
    table["population_65_plus"] = table["population_65_to_74"] + table["population_75_plus"]
    table["share_65_plus"] = table["population_65_plus"] / table["population_total"]
    return table


def _layers(inputs: PageInputs, columns: Sequence[Column], table: pd.DataFrame) -> tuple[contract.LayerInfo, ...]:
    look, record = inputs.look, inputs.record
    kinds = [kind.title for kind in record.kinds.kinds]
    layers = expand(look.layers, record.index, record.nation.title, columns, table, kinds)
    return tuple(colour(layer, look.palettes[layer.palette], table) for layer in layers)


def _towns(towns: pd.DataFrame | None, *, many: bool) -> tuple[contract.Town, ...]:
    """Name, longitude, latitude and people of each town; of villages, too, but on a page of ``many`` areas."""
    if towns is None:
        return ()
    rounded = towns[towns["population"] >= (LEAST_OF_MANY if many else 0)].round(
        {"lon": TOWN_DEGREES, "lat": TOWN_DEGREES}
    )
    parts = (rounded[column].tolist() for column in ("name", "lon", "lat", "population"))
    return tuple(zip(*parts, strict=True))


def _street_map(streets: StreetMap | None) -> contract.StreetMapInfo | None:
    return None if streets is None else contract.StreetMapInfo.model_validate(streets)


def _exclusion(inputs: PageInputs) -> contract.ExclusionInfo | None:
    declared = inputs.record.capacity.exclusion
    return None if declared is None else contract.ExclusionInfo.model_validate(declared)


def _by_order(index: Index) -> bool:
    """Whether its scores depend only on the order of each indicator's values: medians for gaps depend on the rest."""
    return (
        index.missing != "impute"
        and {i.normalisation or index.normalisation for c in index.components for i in c.indicators} <= BY_ORDER
    )


def index_info(index: Index, fit: Fit | None = None) -> contract.IndexInfo:
    """The index with every default filled in, so that the page can score by it.

    ``fit``: what calibrating left of its weights.
    """
    return contract.IndexInfo(
        id=index.id,
        title=index.title,
        description=index.description,
        source=index.source,
        normalisation=index.normalisation,
        scale=index.scale,
        within_components=index.within_components,
        aggregation=index.aggregation,
        missing=index.missing,
        impute_by=index.impute_by,
        ties=index.ties,
        absent=tuple(map(contract.AbsentIndicator.model_validate, index.absent)),
        fitted_to=None if index.fitted_to is None else index.fitted_to.outcome,
        chance_of=fit.chance.title if fit is not None and fit.chance is not None else None,
        components=tuple(_component(component, index) for component in index.components),
    )


def _component(component: Component, index: Index) -> contract.Component:
    return contract.Component(
        name=component.name,
        title=component.title,
        weight=component.weight,
        why=component.why,
        column=f"component_{component.name}",
        aggregation=component.aggregation or index.within_components,
        indicators=tuple(
            contract.Indicator(
                column=indicator.column,
                direction=indicator.direction,
                weight=indicator.weight,
                why=indicator.why,
                normalisation=indicator.normalisation or index.normalisation,
                against_meaning=indicator.against_meaning,
            )
            for indicator in component.indicators
        ),
    )
