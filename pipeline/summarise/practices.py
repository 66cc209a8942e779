"""GP practices and primary care networks: the LSOAs where their registered patients live."""

from dataclasses import dataclass

import pandas as pd

from pipeline.errors import JoinError, first
from pipeline.places.carrying import Lookup
from pipeline.summarise.groups import Grouping, describe_changes
from pipeline.summarise.units import units_of_counts
from pipeline.tables.membership import is_among


@dataclass(frozen=True)
class Patients:
    """Registered patients on LSOAs of 2021.

    Attributes:
        counts: ``practice_code``, ``lsoa21_code`` and ``weight``, in patients: those placed in the nation.
        total: all patients of each practice, by its code.
        names: of each practice, by its code.
        notes: how codes of 2011 were carried over, and whose patients could not be placed.
    """

    counts: pd.DataFrame
    total: "pd.Series[float]"
    names: "pd.Series[str]"
    notes: tuple[str, ...]


def place_patients(patients: pd.DataFrame, residents: pd.Series, changes: pd.DataFrame | None) -> Patients:
    """Patients on the LSOAs of 2021 of a nation.

    Releases are by LSOAs of 2011 or of 2021, which share most codes: the codes that only one of the two years has tell
    which. Patients of an LSOA of 2011 that was split are shared out by residents.

    Args:
        patients: the table ``patients``. ``residents``: of every LSOA of the nation, by code.
        changes: the table ``lsoa_changes``; ``None`` where the lookup is missing: then codes are those of 2021.

    Raises:
        JoinError: no patient lives in an LSOA of the nation.
    """
    by_practice = patients.groupby("practice_code")
    total, names = by_practice["patients"].sum().astype("float64"), by_practice["practice_name"].first()
    somewhere = patients.dropna(subset="lsoa_code")
    former = pd.Index([], dtype="str") if changes is None else pd.Index(changes["lsoa11_code"]).unique()
    in_2021, in_2011 = is_among(somewhere["lsoa_code"], residents.index), is_among(somewhere["lsoa_code"], former)
    notes = []
    if changes is not None and (in_2011 & ~in_2021).sum() > (in_2021 & ~in_2011).sum():
        lookup = Lookup.of(changes, residents)
        # Many to many: an LSOA has patients of many practices, and may have become several of 2021.
        pairs = somewhere.merge(
            lookup.pairs, left_on="lsoa_code", right_on="lsoa11_code", how="inner", validate="many_to_many"
        )
        placed = pairs.assign(weight=pairs["patients"] * pairs["part"])
        placed = placed.groupby(["practice_code", "lsoa21_code"])["weight"].sum().reset_index()
        notes += describe_changes(pairs)
    else:
        placed = somewhere[in_2021].rename(columns={"lsoa_code": "lsoa21_code", "patients": "weight"})
    counts = placed[["practice_code", "lsoa21_code", "weight"]].astype({"weight": "float64"})
    if counts.empty:
        raise JoinError(
            f"patients_lsoa: none of {len(somewhere):,} rows is of an LSOA of this nation: "
            f"{first(somewhere['lsoa_code'].unique(), 5)}. Is it the right file?"
        )
    elsewhere = float(total.sum() - counts["weight"].sum())
    notes.append(f"{elsewhere:,.0f} of {total.sum():,.0f} patients live in no LSOA of the nation, or nobody says where")
    return Patients(counts, total, names, tuple(notes))


def units_of_practices(patients: Patients, residents: pd.Series) -> Grouping:
    """GP practices, each with its registered patients."""
    counts = patients.counts.rename(columns={"practice_code": "unit"})
    units = units_of_counts("practice", patients.names, counts, residents, patients.total)
    return Grouping(units, _losses(patients.total, counts), patients.notes)


def units_of_networks(patients: Patients, members: pd.DataFrame, residents: pd.Series) -> Grouping:
    """Primary care networks, each with the registered patients of its practices.

    Args:
        members: ``practice_code``, ``pcn_code`` and ``pcn_name`` of current memberships, each practice once.
    """
    network = members.set_index("practice_code")["pcn_code"].astype("object")
    there = network[is_among(network.index, patients.total.index)]
    names = members.drop_duplicates("pcn_code").set_index("pcn_code")["pcn_name"]
    names = names[is_among(names.index, pd.Index(there))].sort_index()
    # Many to one: a practice belongs to one network.
    counts = patients.counts.merge(
        there.rename("unit"), left_on="practice_code", right_index=True, how="inner", validate="many_to_one"
    )
    counts = counts.groupby(["unit", "lsoa21_code"])["weight"].sum().reset_index()
    total = patients.total.groupby(there.reindex(patients.total.index).to_numpy()).sum().reindex(names.index)
    without_patients = sorted(set(network.index) - set(there.index))
    without_network = sorted(set(patients.total.index) - set(there.index))
    notes = [*patients.notes]
    if without_network:
        notes.append(f"{len(without_network):,} practice(s) in no network: {first(without_network, 10)}")
    if without_patients:
        notes.append(f"{len(without_patients):,} member(s) without registered patients: {first(without_patients, 10)}")
    units = units_of_counts("pcn", names, counts, residents, total)
    return Grouping(units, _losses(total, counts), tuple(notes))


def _losses(total: "pd.Series[float]", counts: pd.DataFrame) -> dict[str, float]:
    """The people of each unit who could not be placed; units without loss are left out."""
    placed = counts.groupby("unit")["weight"].sum().reindex(total.index).fillna(0.0)
    lost = (total - placed).round(6)
    return {str(unit): float(people) for unit, people in lost[lost > 0].items()}
