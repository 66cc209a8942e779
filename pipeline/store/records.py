"""The record of every output: what it is, when and from what it was made, and everything that was left out.

A record is a frozen model that refuses unknown keys. Beside a table it is ``<file>.meta.json``; ``sensitivity.json``,
``evidence.json``, ``agreement.json`` and ``calibration.json`` are records themselves. Whoever needs a figure of an
earlier stage reads the record of its output (:func:`pipeline.store.read_record`), so that a missing or misspelt key is
reported where it is read, not where it is used.
"""

from collections.abc import Mapping
from math import isnan
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import pandas as pd
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    ValidationError,
    WrapSerializer,
)

from pipeline.catalogue import Index
from pipeline.catalogue.areas import Reference
from pipeline.catalogue.costs import Costs
from pipeline.catalogue.fits import Fit
from pipeline.catalogue.indices import Aggregation
from pipeline.catalogue.kinds import Kind
from pipeline.catalogue.places import Bundling, Exclusion, Formula, ListBounds
from pipeline.catalogue.priority_groups import PriorityGroup
from pipeline.catalogue.rates import Rates
from pipeline.catalogue.uncertainty import Noise
from pipeline.errors import RecordError, command
from pipeline.store.files import write_json

Measure = Literal["straight line", "journeys"]
SiteModel = Literal["maximal covering", "p-median"]
DECIMALS, SHARE_DECIMALS = 6, 4
"""The decimals to which the figures of tables, and shares, are recorded."""


class Carrier(BaseModel):
    """Base of everything recorded: frozen, made from any object with its fields; an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True, ser_json_inf_nan="constants")


Row = TypeVar("Row", bound=Carrier)


def rows_of(frame: pd.DataFrame, row: type[Row], decimals: int = DECIMALS) -> tuple[Row, ...]:
    """The rows of ``frame`` as models, rounded numbers included; a missing value is None."""
    plain = frame.round(decimals).astype("object")
    return tuple(row.model_validate(values) for values in plain.where(frame.notna(), None).to_dict(orient="records"))


def _round_share(value: float) -> float:
    return round(value, SHARE_DECIMALS)


def _none_of_unbounded(value: object) -> object:
    return None if value == float("inf") else value


def _rounded_or_none(value: object) -> object:
    if isinstance(value, float):
        return None if isnan(value) else round(value, SHARE_DECIMALS)
    return value


Share = Annotated[float, AfterValidator(_round_share)]
"""A figure to four decimals."""
ShareOrNone = Annotated[float | None, BeforeValidator(_rounded_or_none)]
"""The same; None for NaN, which JSON cannot express."""
Concentration = Annotated[float | None, BeforeValidator(_none_of_unbounded)]
"""None where it is unbounded."""


def _none_of_empty(value: object) -> object:
    return None if value == {} else value


def _empty_of_none(value: object, handler: SerializerFunctionWrapHandler) -> object:
    return {} if value is None else handler(value)


# In files, what was not made is an empty object: programs outside this project expect it.
_OrEmpty = (BeforeValidator(_none_of_empty), WrapSerializer(_empty_of_none))


def _only_declared(index: Index) -> dict[str, JsonValue]:
    declared: dict[str, JsonValue] = index.model_dump(mode="json", exclude_defaults=True)
    return declared


IndexUsed = Annotated[Index, PlainSerializer(_only_declared)]
"""An index that is written as it was declared; defaults are filled in when it is read."""


def _only_given(noise: Noise) -> dict[str, JsonValue]:
    given: dict[str, JsonValue] = noise.model_dump(mode="json", exclude_none=True)
    return given


class SourceUsed(Carrier):
    """A source as it was read: what it is, which file, and whether that is the declared one.

    Attributes:
        file: relative to the project folder, with forward slashes.
        sha256: of the bytes that were read. ``size``: their number.
        fetched_sha256: of the file as it was fetched, from its receipt; None for a file put there by hand.
        declared_sha256: of the release that was checked; None where none was.
        accepted_difference: the two differ and the file was used all the same.
        taken_from: ``network``, ``mirror``, ``package``, ``made`` or ``placed by hand``.
        fetched_at: in UTC; None for a file put there by hand.
    """

    id: str
    title: str
    publisher: str
    release: str
    licence: str
    attribution: str
    landing_page: str
    file: str
    sha256: str | None
    declared_sha256: str | None
    accepted_difference: bool
    taken_from: str
    fetched_at: str | None
    notes: tuple[str, ...] = ()
    size: int | None = None
    fetched_sha256: str | None = None

    @property
    def changed_by_hand(self) -> bool:
        """Whether the bytes that were read are not those that were fetched."""
        return self.fetched_sha256 not in (None, self.sha256)


class OutcomeFile(Carrier):
    """A file with an outcome that an analyst named on the command line, and the column that was read."""

    file: str
    sha256: str
    column: str


class Record(Carrier):
    """The record of an output.

    Attributes:
        built: when, in UTC; it does not count as content.
        program: the version of this program. ``stage``: the stage that made the output.
        code: the hash of the stage's code. ``parameters``: the declared values that it used.
        inputs: the sha256 of every input by name, ``absent`` for an optional one that was absent.
        sha256: of the output itself: an output with a different one is not the output described here.

    The attributes after ``built`` are filled in when the output is put in place.
    """

    built: str
    program: str = ""
    stage: str = ""
    code: str = ""
    parameters: Mapping[str, JsonValue] = {}
    inputs: Mapping[str, str] = {}
    sha256: str = ""


class TableRecord(Record):
    """Of any table: the name of its schema, its number of rows, and the sources it was made from."""

    table: str
    rows: int
    sources: tuple[SourceUsed, ...]


class ReferenceRecord(TableRecord):
    """Of a nation's joined tables: ``matched`` says for each source how many areas have values."""

    matched: tuple[str, ...]


class AreaRecord(TableRecord):
    """Of a table of one area."""

    area: str
    title: str
    fictional: bool


class JoinedRecord(AreaRecord):
    """Of ``joined.parquet``.

    Attributes:
        matched: for each source, the number of areas with values, in words.
        columns_from: the source that each column was read from.
        missing: the areas that a source lacks, by source.
        geometry_repaired: the areas whose published boundary was invalid.
    """

    table: str = "joined"
    matched: tuple[str, ...]
    columns_from: Mapping[str, str]
    missing: Mapping[str, tuple[str, ...]]
    geometry_repaired: tuple[str, ...]


class OriginsRecord(TableRecord):
    """Of ``origins.parquet``: points outside the area, those that are population-weighted, and median postcodes.

    ``left_out`` says of each centroid that does not lie in its neighbourhood what was used instead.
    """

    outside: int
    population_weighted: int
    median_postcodes: int = 0
    left_out: tuple[str, ...] = ()


class PlacesRecord(TableRecord):
    """Of ``support_places.parquet``.

    Attributes:
        kinds: the kinds whose list was available. ``absent``: those whose list was not.
        left_out: entries that could not be used, in words.
        counts: the number of places of each kind.
    """

    kinds: tuple[str, ...]
    absent: tuple[str, ...]
    left_out: tuple[str, ...]
    counts: Mapping[str, int]


class LocalRecord(TableRecord):
    """Of ``journeys``, ``stories`` and ``self_assessment``: ``notes`` is what an analyst should know about the file."""

    notes: tuple[str, ...]


class CountsRecord(AreaRecord):
    """Of counts of people or premises; a number that is left out to protect people is None.

    Attributes:
        name: of the counts. ``files``: how many files were read.
        smallest_shown: what was declared; ``method``: how the rest is protected, in words.
        total, categories: of all neighbourhoods of the area.
        rows_read: of the files; None as well where what is left out would follow from it.
        unplaced: rows that are in no neighbourhood of the area, by the reason.
    """

    name: str
    files: int
    smallest_shown: int
    method: str
    total: int | None
    categories: Mapping[str, int | None]
    rows_read: int | None
    unplaced: Mapping[str, int | None]


class NearestRecord(TableRecord):
    """Of ``nearest.parquet``: ``measure`` says how distances to places were measured."""

    measure: Measure


class IndicatorWeight(Carrier):
    """The weight of one indicator: within its component, of its component, and its share of the index (0 to 1)."""

    component: str
    column: str
    direction: int
    weight: float
    component_weight: float
    share: float


class BoardSummary(Carrier):
    """An ICB among those of the nation.

    Attributes:
        areas: how many LSOAs it has. ``worst``: how many of these are in the nation's worst tenth.
        worst_low, worst_high: between which that lies in nine of ten plausible indices; None where none were drawn.
        rank: by the share of its areas in the worst tenth; 1 = the highest. ``rank_low``, ``rank_high``: likewise.
        people_at_risk: an estimate.
    """

    code: str
    name: str
    areas: int
    worst: int
    worst_low: int | None
    worst_high: int | None
    rank: int
    rank_low: int | None
    rank_high: int | None
    people_at_risk: float


class PartOfPlace(Carrier):
    """A place of which an area holds only a part: ``areas`` is how many LSOAs it has in the nation."""

    level: Literal["ward", "lad", "sicbl", "icb"]
    code: str
    areas: int


class NationSummary(Carrier):
    """All areas of the nation: the median and the mean of each numeric column, components and score included.

    ``boards``: its ICBs compared; None where the nation cannot be ranked.
    """

    title: str
    areas: int
    medians: Mapping[str, float]
    means: Mapping[str, float]
    boards: tuple[BoardSummary, ...] | None = None


class WeightRange(Carrier):
    """One weight as a share of its level, 0 to 1: as declared, and the range of 90% of the draws.

    ``column`` is None for the weight of a component.
    """

    component: str
    column: str | None
    given: Share
    p05: Share
    p95: Share


class ConcentrationUsed(Carrier):
    """Of the Dirichlet distributions that weights were drawn from; None where weights were left as declared."""

    components: Concentration
    within_components: Concentration


class UncertaintyRecord(Carrier):
    """What was varied to give the rank intervals, and how many areas stay in the worst tenth.

    ``tolerance``: how much less of the outcomes' variance an index may explain to count 37% as much; None where
    plausible indices all count alike. ``different``: the number of different ones among the draws.
    """

    draws: int
    seed: int
    weights: tuple[WeightRange, ...]
    concentration: ConcentrationUsed
    normalisations: tuple[str, ...]
    aggregations: tuple[Aggregation, ...]
    noise: tuple[Annotated[Noise, PlainSerializer(_only_given)], ...]
    tolerance: float | None = None
    different: int | None = None
    worst_tenth: int
    worst_tenth_staying_in_90_percent_of_draws: int


class HotspotsRecord(Carrier):
    """How hot spots were told apart from chance, and the number of areas in each category.

    ``global_moran`` is None where it cannot be computed; ``without_neighbours`` are codes.
    """

    permutations: int
    seed: int
    false_discovery_rate: float
    contiguity: str = "queen, within the area"
    global_moran: float | None
    counts: Mapping[str, int]
    without_neighbours: tuple[str, ...]


class KindUsed(Carrier):
    """A kind of support place, as declared."""

    id: str
    title: str
    plural: str
    origin: str
    why: str
    counts: bool
    offers_now: bool
    mobile: bool


class OriginsUsed(Carrier):
    """The points that distances are measured from: all, the population-weighted ones, median postcodes, those outside.

    The rest are points inside the outline. ``left_out`` says of each centroid that does not lie in its neighbourhood
    what was used instead.
    """

    rows: int
    population_weighted: int
    outside: int
    median_postcodes: int = 0
    left_out: tuple[str, ...] = ()


class ExclusionUncertaintyRecord(Carrier):
    """What was varied to give the intervals of exclusion ranks, and how many areas stay in the worst tenth."""

    reach: tuple[float, ...]
    could_offer: tuple[float, ...]
    formulas: tuple[Formula, ...]
    risk_weight: tuple[float, float]
    draws: int
    worst_tenth: int
    worst_tenth_staying_in_90_percent_of_draws: int


class ListRecord(Carrier):
    """The bounds of the list of where to act, how many areas are on it, and how many were left off as too unsure.

    ``by_support`` is false where no list of places was there to say where support is little.
    """

    bounds: ListBounds
    by_support: bool
    areas: int
    unsure: int


class PeopleHere(Carrier):
    """The people of one measure in an area, an estimate, and its 95% interval."""

    people: float
    low: float
    high: float


class CapacityRecord(Carrier):
    """How access to support, capacity, exclusion and people at risk were worked out.

    Attributes:
        kinds: those whose places were counted or shown; empty where no list of places counts.
        absent_kinds, places, left_out: as ``absent``, ``counts`` and ``left_out`` of the support places.
        listed: the number of places of each kind that are listed. ``reach``: by rural-urban class, metres or minutes.
        exclusion: how risk and capacity were combined; None without places.
        contributions_exact: contributions sum to the score less the mean that it is compared with.
        people: the rates and totals that people at risk were estimated by.
        adults_counted: adults were counted; else a declared share of the residents under 65 stands in.
        people_here: the people of each measure in the area.
        people_shaped_over: the areas that the risk score was compared over to shape the estimates of people.
        where_to_act: the list of that name; ``people_at_risk_listed`` live in its areas.
    """

    kinds: tuple[KindUsed, ...]
    absent_kinds: tuple[str, ...]
    places: Mapping[str, int]
    left_out: tuple[str, ...]
    measure: Measure
    listed: int
    reach: Mapping[str, float]
    origins: OriginsUsed
    exclusion: Exclusion | None
    exclusion_uncertainty: Annotated[ExclusionUncertaintyRecord | None, *_OrEmpty]
    contributions_exact: bool
    people: Rates
    adults_counted: bool
    people_here: Mapping[str, PeopleHere]
    people_shaped_over: Literal["nation", "area", "none"]
    where_to_act: ListRecord
    people_at_risk_listed: float
    people_at_risk_elsewhere: float


class KindsRecord(Carrier):
    """How the kinds of exclusion were told apart.

    Attributes:
        stands_out_above: the score, 0 to 100 over the nation, above which a kind stands out. ``why``: why there.
        kinds: as declared.
        counts: the number of areas of each kind, by its title, of both and of neither.
        not_scored: the areas without a value, by column: their kind is not said.
    """

    stands_out_above: float
    why: str
    kinds: tuple[Kind, ...]
    counts: Mapping[str, int]
    not_scored: Mapping[str, tuple[str, ...]]


class PriorityGroupsRecord(Carrier):
    """How priority groups were told apart and set against risk.

    Attributes:
        risk_tenths: the last tenths of the bands of risk, worst first; the first band is high risk.
        against: whether they are tenths of the nation or of the area.
        groups: those of the area, as declared.
        bounds: the value at which a worst share ended, by the id of the group.
        notes: groups that were left out, and why.
    """

    risk_tenths: tuple[int, ...] = (2,)
    against: Literal["nation", "area"] = "nation"
    groups: tuple[PriorityGroup, ...] = ()
    bounds: Mapping[str, float] = Field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def titles(self) -> dict[str, str]:
        """The titles by id."""
        return {group.id: group.title for group in self.groups}


class RiskRecord(JoinedRecord):
    """Of ``risk.parquet``: that of the joined table, and how the area was scored.

    Attributes:
        reference: what indicators are compared with; ``reference_lsoas``: the number of areas in it.
        imputed, indicators_missing: the areas whose value was imputed, or is missing, by column.
        parts: wards, districts and others of which the area holds only a part.
        uncertainty, hotspots: None where the index was tried without them.
        rows_in: the number of areas that were joined.
        fit: what calibrating left of these weights; None where there is nothing, or it belongs to other weights, and
            ``without_fit`` says which.
        notes: what readers should know: files or weights changed by hand, and files that are not those checked.
    """

    table: str = "risk"
    reference: Reference
    reference_lsoas: int
    index: IndexUsed
    weights: tuple[IndicatorWeight, ...]
    imputed: Mapping[str, tuple[str, ...]]
    indicators_missing: Mapping[str, tuple[str, ...]]
    nation: NationSummary
    parts: tuple[PartOfPlace, ...] = ()
    uncertainty: Annotated[UncertaintyRecord | None, *_OrEmpty] = None
    hotspots: Annotated[HotspotsRecord | None, *_OrEmpty] = None
    fit: Fit | None = None
    without_fit: str | None = None
    kinds: KindsRecord
    priority_groups: PriorityGroupsRecord = PriorityGroupsRecord()
    capacity: CapacityRecord
    rows_in: int
    notes: tuple[str, ...] = ()


class SiteSearch(Carrier):
    """How sites were chosen, and what they achieve.

    Attributes:
        new: the most sites that were allowed. ``reach``: how far a place serves, in ``unit``.
        counted_in: the kinds of existing places that were counted, by name; ``places_counted_in``: their number.
        candidates: what they were, in words. ``budget``: what the sites may cost together.
        gap: how much better the best plan could be, as a share of this one; 0 is proven best.
        people: people at risk in the area. ``already``: those within reach of existing places.
        newly_covered: people brought within reach. ``way_saved``: kilometres or minutes × people; p-median only.
    """

    model: SiteModel
    new: int
    reach: float
    unit: Literal["metres", "minutes"]
    counted_in: tuple[str, ...]
    places_counted_in: int
    candidates: str
    budget: float | None
    gap: float
    people: float
    already: float
    newly_covered: float
    way_saved: float | None


class SiteSearchOfScores(SiteSearch):
    """A search, and when the scores it is based on were built: sites based on earlier scores are out of date."""

    scored: str


class SitesRecord(AreaRecord):
    """Of ``sites.parquet`` and ``coverage.parquet``; ``left_out`` says which candidates could not be used."""

    sought: SiteSearchOfScores
    left_out: tuple[str, ...]


class ProgrammesRecord(AreaRecord):
    """Of ``programmes``, ``programme_areas`` and ``budgets``: by which bounds areas were bundled, and assumed prices.

    ``on_list`` areas were on the list of where to act; ``in_programmes`` of them are in a programme.
    """

    bundling: Bundling
    costs: Costs
    on_list: int
    in_programmes: int


class SummaryRecord(AreaRecord):
    """Of ``summary_<level>``: what the larger areas are, how they were matched, and what their intervals rest on.

    Attributes:
        level, level_title: what the rows are, for programs and for readers.
        matched: how LSOAs were matched to units, in words.
        partition: whether every LSOA of the area belongs to one unit and no more, so that sums over units are its own.
        without_unit: the LSOAs of the area that belong to none of them.
        compared: how many units are ranked among each other.
        draws: plausible indices behind the intervals; 0 where these are empty.
        imd_weighted_by: the column that means of the Index of Multiple Deprivation are weighted with.
        losses: people of units who could not be placed in an LSOA of the nation, by unit.
        notes: what an analyst should know about the file.
    """

    table: str = "summary"
    level: str
    level_title: str
    matched: str
    partition: bool
    without_unit: tuple[str, ...]
    compared: int
    draws: int
    imd_weighted_by: Literal["residents_imd", "population_total"]
    losses: Mapping[str, float] = {}
    notes: tuple[str, ...] = ()


class PlanChoice(Carrier):
    """A programme or site of a plan, with the columns of the table ``plan``."""

    number: int
    sort: Literal["programme", "site"]
    id: str
    name: str
    kind: str | None
    people_reached: float
    reached_together: float
    cost_low: float
    cost: float
    cost_high: float
    cost_together: float
    host: str | None
    what_helps: str | None
    lon: float
    lat: float


class BudgetReach(Carrier):
    """What a sum reaches, with the columns of the table ``budgets``."""

    budget: float
    chosen: int
    people_reached: float
    cost_low: float
    cost: float
    cost_high: float
    gap: float


class PlanRecord(AreaRecord):
    """``plan.json``: programmes and sites chosen for a budget.

    Attributes:
        people: people at risk of the area; ``people_reached``: those whom the plan reaches.
        programmes, candidates: how many programmes and candidate sites there were to choose from.
        reach: how far a site serves, as given.
        chosen: in order. ``curve``: what smaller and larger budgets reach.
        made_from: the hash of ``programmes.parquet``: a plan of earlier programmes is out of date.
    """

    budget: float
    people: float
    people_reached: float
    cost_low: float
    cost: float
    cost_high: float
    gap: float
    programmes: int
    candidates: int
    reach: str
    costs: Costs
    chosen: tuple[PlanChoice, ...]
    curve: tuple[BudgetReach, ...]
    made_from: str


class ChoiceEffect(Carrier):
    """Sobol indices of one choice, with the half-widths of their 95% intervals."""

    choice: str
    first: ShareOrNone
    first_interval: ShareOrNone
    total: ShareOrNone
    total_interval: ShareOrNone


class RemovalEffect(Carrier):
    """What leaving one indicator out does: mean rank change in places, share of the worst tenth replaced."""

    component: str
    column: str
    mean_change: Share
    worst_tenth_changed: Share


class CountedTwice(Carrier):
    """Two indicators that measure nearly the same thing, or of which one contains the other."""

    first: str
    second: str
    correlation: ShareOrNone
    why: str


class EffectiveWeight(Carrier):
    """What a component contributes to the score, beside its declared weight."""

    component: str
    given: Share
    correlation: ShareOrNone
    explains: Share
    effective: Share


class SensitivityRecord(Record):
    """``sensitivity.json``: what the ranks of an area depend on; see :class:`pipeline.index.sensitivity.Sensitivity`.

    ``index`` is its id. Each row of ``correlations`` names its ``indicator``, then one value for each indicator.
    """

    area: str
    index: str
    mean_change: Share
    evaluations: int
    areas: int
    choices: tuple[ChoiceEffect, ...]
    removed: tuple[RemovalEffect, ...]
    counted_twice: tuple[CountedTwice, ...]
    effective: tuple[EffectiveWeight, ...]
    correlations: tuple[Mapping[str, str | ShareOrNone], ...]


class OutcomeSummary(Carrier):
    """The outcome, the year of its LSOA codes, the number of its areas, and how many were left out and why."""

    name: str
    vintage: Literal["2011", "2021"]
    higher_is_better: bool
    rows: int
    used: int
    left_out: Mapping[str, int]


class CandidateSummary(Carrier):
    """How one score goes with the outcome: rank correlation over all areas with its 95% interval, and within ICBs."""

    candidate: str
    spearman: float | None
    low: float | None
    high: float | None
    median_within_icb: float | None = None
    lowest_icb: float | None = None
    highest_icb: float | None = None


class DecileOutcome(Carrier):
    """The mean outcome in one decile of a score over the nation, with its 95% interval, in the unit of the outcome."""

    candidate: str
    decile: int
    areas: int
    mean: float | None
    low: float | None
    high: float | None


class Agreement(Carrier):
    """How one score goes with the outcome in one place."""

    row: str
    candidate: str
    level: str
    code: str
    name: str
    areas: int
    spearman: float | None
    low: float | None
    high: float | None


class EvidenceRecord(Record):
    """Of ``evidence.parquet``: the outcome's source comes first.

    Attributes:
        in_sample: the scores that were fitted to the outcome. ``weights_changed``: those whose weights were changed by
            hand since they were fitted to an outcome.
        published: whether pages and the data package may show it: the shipped outcome, or on request.
    """

    area: str
    table: str = "evidence"
    rows: int
    sources: tuple[SourceUsed | OutcomeFile, ...]
    outcome: OutcomeSummary
    in_sample: tuple[str, ...]
    draws: int
    weights_changed: tuple[str, ...] = ()
    published: bool = False


class EvidenceReport(EvidenceRecord):
    """``evidence.json``: the same with the summary of each score and the outcome by decile of it."""

    summary: tuple[CandidateSummary, ...]
    calibration: tuple[DecileOutcome, ...]


class ComparedOutcome(Carrier):
    """A declared outcome that indices were compared with.

    Attributes:
        measures: what was observed. ``measure``, ``level``: as declared. ``caveat``: what to keep in mind.
        rows: the areas it was given for. ``used``: those that were compared. ``left_out``: the others, by reason.
        vintage: the year of its LSOA codes; None for larger areas.
        reliability: of a survey, the share of the variance between areas that is not error of the sample.
    """

    id: str
    title: str
    measures: str
    measure: Literal["value", "ordered", "group", "survey"]
    level: str
    caveat: str
    higher_is_better: bool
    rows: int
    used: int
    left_out: Mapping[str, int]
    vintage: Literal["2011", "2021"] | None = None
    reliability: ShareOrNone = None


class AgreementRow(Carrier):
    """How one score agrees with one outcome at one level; see the table ``agreement`` in the data dictionary."""

    outcome: str
    candidate: str
    statistic: Literal["rank correlation", "area under the curve"]
    level: Literal["all", "area", "icb"]
    units: str
    areas: int
    places: int
    agreement: float | None
    low: float | None
    high: float | None
    reliability: float | None
    corrected: float | None
    in_sample: bool


class AgreementRecord(Record):
    """Of ``agreement.parquet``: the outcomes in the order of its rows, and the sources of outcomes and scores.

    ``published`` is False where it holds outcomes of an analyst's files that are not to be passed on. ``absent`` is
    the number of indicators that an index lacks in open data, by its id.
    """

    area: str
    table: str = "agreement"
    rows: int
    sources: tuple[SourceUsed | OutcomeFile, ...]
    outcomes: tuple[ComparedOutcome, ...]
    draws: int
    weights_changed: tuple[str, ...] = ()
    absent: Mapping[str, int] = {}
    published: bool = False


class AgreementReport(AgreementRecord):
    """``agreement.json``: the same with every row."""

    compared: tuple[AgreementRow, ...]


class FittedWeight(Carrier):
    """The weight fitted to one term, in percent, with its 95% interval, and as it is written: ``rounded``.

    A term is an indicator or, with ``column`` empty, a component whose indicators are multiplied. ``least`` is the
    smallest percentage that it could get.
    """

    component: str
    column: str
    weight: float
    low: float
    high: float
    rounded: int
    least: float = 0.0


class TargetAgreement(Carrier):
    """How well the fitted index agrees with one of the outcomes, each ICB left out in turn, and in sample.

    ``measure`` is Spearman's correlation, or the AUC of a group; ``part`` the outcome's share of the mix;
    ``median_within_icb`` is for a number by LSOA.
    """

    outcome: str
    title: str
    measure: str
    areas: int
    part: Share
    left_out: float | None
    median_within_icb: float | None
    in_sample: float | None


class FrontierPoint(Carrier):
    """One mix of the outcomes that was tried, and the agreement with each outcome, each ICB left out in turn."""

    mix: str
    agreement: Mapping[str, float | None]


class OutOfSample(Carrier):
    """The rank correlation of scores where their weights were not fitted: over all areas, and the median of ICBs."""

    left_out: str
    spearman: float | None
    median_within_icb: float | None


class WithoutLeast(Carrier):
    """The same, ICB by ICB left out, had no indicator been given a least weight."""

    spearman: float | None
    median_within_icb: float | None


class GroupFit(Carrier):
    """How the held-out score does in one group of areas; ``gap`` is positive where it understates the harm."""

    kind: str
    group: str
    areas: int
    spearman: float | None
    gap: float


class CalibrationRecord(Record):
    """``calibration.json``: an index with fitted weights, and how it does where it was not fitted.

    ``outcome`` is the main one, which single figures are about; ``outcomes`` all that the weights were fitted to.
    ``reason`` says why the mix is as it is; ``fit`` is what is left beside the index.
    """

    sources: tuple[SourceUsed | OutcomeFile, ...]
    outcome: OutcomeSummary
    outcomes: tuple[TargetAgreement, ...] = ()
    reason: str | None = None
    frontier: tuple[FrontierPoint, ...] = ()
    fit: Fit | None = None
    index: IndexUsed
    least: float
    draws: int
    weights: tuple[FittedWeight, ...]
    out_of_sample: tuple[OutOfSample, ...]
    without_least: WithoutLeast
    compared: tuple[CandidateSummary, ...]
    within_icb: tuple[Agreement, ...]
    failures: tuple[GroupFit, ...]


AnyRecord = TypeVar("AnyRecord", bound=BaseModel)


def record_path(path: Path) -> Path:
    """The path of the record of the output ``path``: beside a table, or ``path`` itself where that is JSON."""
    return path if path.suffix == ".json" else path.with_name(path.name + ".meta.json")


def write_record(path: Path, record: Record) -> None:
    """Write ``record`` for the output ``path``, in one step."""
    write_json(record_path(path), record.model_dump(mode="json"))


def read_record(path: Path, model: type[AnyRecord]) -> AnyRecord:
    """The record of the output ``path``.

    Raises:
        RecordError: it is missing, or was not written by this version of the program.
    """
    place = record_path(path)
    try:
        return model.model_validate_json(place.read_bytes())
    except FileNotFoundError:
        raise RecordError(
            f"{path}: its record {place.name} is missing. Build the area again: {command('maps')}"
        ) from None
    except ValidationError as error:
        faults = [f"  {'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()[:5]]
        raise RecordError(
            "\n".join(
                [
                    f"{place}: this record was changed by hand, or written by another version of the program. "
                    f"Delete it and build the area again: {command('maps')}",
                    *faults,
                ]
            )
        ) from error


class _Sources(BaseModel):
    """Only the sources from the record of any table."""

    sources: tuple[SourceUsed | OutcomeFile, ...]


def read_outcome_files(path: Path) -> tuple[OutcomeFile, ...]:
    """The files with outcomes that the record of the table ``path`` names."""
    return tuple(source for source in read_record(path, _Sources).sources if isinstance(source, OutcomeFile))


def read_sources(path: Path) -> tuple[SourceUsed, ...]:
    """The sources that the record of the table ``path`` names, whatever else it says.

    Raises:
        RecordError: it is missing, or was not written by this version of the program.
    """
    return tuple(source for source in read_record(path, _Sources).sources if isinstance(source, SourceUsed))
