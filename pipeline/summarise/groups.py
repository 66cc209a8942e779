"""Groups that an analyst brings: which LSOAs belong to which, read from a file and checked row by row."""

import unicodedata
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.catalogue.groups import Group
from pipeline.errors import MissingSourceError, RawFileError, command, first
from pipeline.places.carrying import CHANGES, Lookup
from pipeline.reading import Layout, NumberForm, Sheet, plain, read_numbers, read_sheet
from pipeline.reading.codes import OF_OTHER_NATIONS, codes_in, list_wrong_codes
from pipeline.summarise.units import Units, units_of_counts, units_of_shares
from pipeline.tables.membership import is_among

DECLARED = "declared/groups.toml"
ROUNDING = 0.005
"""By how much the shares of an LSOA may exceed 1 in all: parts of a percentage rounded to whole numbers."""
MANY_TIMES = 2
"""More people of an LSOA than so many times its residents are said: practices have somewhat more patients."""


@dataclass(frozen=True)
class Grouping:
    """The units of a file, and what should be said of everything made from it.

    Attributes:
        units: the units, over all LSOAs of the nation.
        losses: the people of each unit, by its code, whose LSOA is not in the nation; those without loss are left out.
        notes: what was recognised in the file, and how codes of 2011 were carried over.
    """

    units: Units
    losses: dict[str, float]
    notes: tuple[str, ...]


def read_grouping(path: Path, group: Group, residents: pd.Series, changes: pd.DataFrame | None) -> Grouping:
    """The units that ``group`` declares, from its file.

    LSOAs of 2011 are carried over by the official lookup. People of a split one are shared out by residents; a share
    holds for each of its parts, and of merged ones their mean.

    Args:
        residents: of every LSOA of the nation, by code.
        changes: the table ``lsoa_changes``; ``None`` where the official lookup is missing.

    Raises:
        RawFileError: the file cannot be read, lacks a column, or a code or a weight cannot be used; by rows.
        MissingSourceError: the file, or the lookup that codes of 2011 need, is missing.
    """
    sheet, rows = _read(path, group)
    notes = list(sheet.notes)
    elsewhere = rows["code"].str.fullmatch(OF_OTHER_NATIONS.pattern)
    if elsewhere.any() and group.matching != "people":
        _refuse(path, rows[elsewhere], "are of other nations", "Take them out")
    wrong = list_wrong_codes(rows.loc[~elsewhere, "code"])
    if wrong:
        raise RawFileError(
            f"{path}: {len(wrong):,} row(s) have no LSOA code such as E01026804: {first(wrong)}. Correct them, and "
            "take out totals and notes."
        )
    former = _former_codes(group, changes)
    here = rows[~elsewhere]
    unknown = here[~is_among(here["code"], residents.index if former is None else former)]
    if len(unknown):
        other = "2011" if former is None else "2021"
        _refuse(
            path,
            unknown,
            "are not LSOAs of this nation",
            f"Correct or remove them; if the codes are of {other}, set vintage for {group.id} in {DECLARED}",
        )
    _refuse_repeated(path, here, group)
    _refuse_alike(path, rows)
    names = _name_units(path, rows)
    weights = here[["unit", "code", "weight"]]
    if former is not None and changes is not None:
        weights, said = _carry(weights, Lookup.of(changes, residents), group)
        notes += said
    weights = weights.rename(columns={"code": "lsoa21_code"})
    if group.matching == "people":
        total = rows.groupby("unit")["weight"].sum().reindex(names.index)
        units = units_of_counts(group.id, names, weights, residents, total)
    else:
        units = units_of_shares(group.id, names, weights, residents)
    placed = np.asarray(units.people.sum(axis=1)).ravel()
    notes += _say_odd(units, residents, group)
    lost = pd.Series(units.total - placed, index=names.index).round(6)
    losses = {str(unit): float(people) for unit, people in lost[lost > 0].items()}
    return Grouping(units, losses, tuple(notes))


def _read(path: Path, group: Group) -> tuple[Sheet, pd.DataFrame]:
    """The rows as ``unit``, ``name``, ``code`` and ``weight``, by the number of the row."""
    if not path.is_file():
        raise MissingSourceError(
            f"{DECLARED}: {group.id}.file '{group.file}' is missing. Put it there, correct its name, or remove the "
            "table from the file."
        )
    wanted = [group.unit_column, group.code_column, *filter(None, (group.name_column, group.weight_column))]
    try:
        sheet = read_sheet(path, wanted, Layout(group.sheet, decimal=group.decimal), everything=False)
    except RawFileError as error:
        raise RawFileError(f"{error} (See {DECLARED}, {group.id}.)") from error
    unit = sheet.column(group.unit_column).map(plain).astype("str")
    unnamed = unit.index[unit == ""]
    if len(unnamed):
        raise RawFileError(
            f"{path}: {len(unnamed):,} row(s) have no unit in '{group.unit_column}': row {first(unnamed)}. Fill it in, "
            "or take the rows out."
        )
    name = unit if group.name_column is None else sheet.column(group.name_column).map(plain).astype("str")
    rows = pd.DataFrame(
        {"unit": unit, "name": name, "code": codes_in(sheet.column(group.code_column)).str.upper(), "weight": 1.0}
    )
    if group.weight_column is not None:
        rows["weight"] = _weights(sheet, group, group.weight_column)
    return sheet, rows


def _weights(sheet: Sheet, group: Group, header: str) -> "pd.Series[float]":
    percent, shares = group.written_as == "percent", group.matching == "shares"
    form = NumberForm(unit="percent" if percent else "share" if shares else "", decimal=group.decimal)
    cells = sheet.column(header)
    values = read_numbers(cells, header, sheet.name, form).values.astype("float64") / (100 if percent else 1)
    over = 'Are they percentages? Set written_as = "percent"; are they people? Set matching = "people"'
    faults = [(values < 0, "are below 0", "Correct them")]
    if percent and len(values) and values.max() <= 1 / 100:
        raise RawFileError(
            f"{sheet.name}: {header}: no weight is over 1, so that they seem to be shares of 1 and not percentages. "
            f'Take written_as = "percent" out of {group.id} in {DECLARED}, or correct them.'
        )
    if shares:
        faults.append((values > 1, "are over 1", "Correct them" if percent else over))
    for wrong, what, remedy in faults:
        if wrong.any():
            shown = [f"row {row}: '{plain(cells[row])}'" for row in values.index[wrong]]
            raise RawFileError(f"{sheet.name}: {header}: {len(shown):,} weight(s) {what}: {first(shown)}. {remedy}.")
    return values


def _former_codes(group: Group, changes: pd.DataFrame | None) -> pd.Index | None:
    """The LSOAs of 2011, where the file has these."""
    if group.vintage == "lsoa21":
        return None
    if changes is None:
        raise MissingSourceError(
            f"{DECLARED}: {group.id} has codes of 2011, and the lookup to those of 2021 (lsoa11_lsoa21) is not in "
            f"data/raw. Fetch it with: {command('data', '<area>')}"
        )
    codes: pd.Index = pd.Index(changes["lsoa11_code"]).unique()
    return codes


def _refuse(path: Path, rows: pd.DataFrame, what: str, remedy: str) -> None:
    shown = [f"row {row}: {code}" for row, code in rows["code"].items()]
    raise RawFileError(f"{path}: {len(shown):,} code(s) {what}: {first(shown)}. {remedy}.")


def _refuse_repeated(path: Path, rows: pd.DataFrame, group: Group) -> None:
    """Refuse an LSOA that is in a unit twice, in two units that share nothing, or in units with more than all of it."""
    in_parts = group.matching in ("shares", "people")
    twice = rows[rows.duplicated(["unit", "code"] if in_parts else "code", keep=False)]
    if len(twice):
        shown = [f"{code} in rows {first(at.index)}" for code, at in twice.groupby("code")]
        remedy = (
            "Add up the rows of one unit."
            if in_parts
            else 'Keep one row of each, or set matching = "shares" and give the share that belongs to each unit.'
        )
        raise RawFileError(f"{path}: {len(shown):,} LSOA(s) appear more than once: {first(shown)}. {remedy}")
    if group.matching == "shares":
        total = rows.groupby("code")["weight"].sum()
        over = total[total > 1 + ROUNDING]
        if len(over):
            of_code = rows.groupby("code").groups
            shown = [f"{code} ({value:.3g}, in rows {first(of_code[code])})" for code, value in over.items()]
            raise RawFileError(
                f"{path}: the shares of {len(over):,} LSOA(s) add up to more than 1: {first(shown)}. Correct them: a "
                "person can belong to one unit only."
            )


def _refuse_alike(path: Path, rows: pd.DataFrame) -> None:
    """Refuse a unit that is written in several ways: it would be several units, each with a part of its people."""
    written = rows.drop_duplicates("unit")["unit"]
    alike = written.groupby(written.map(_form)).agg(list)
    several = [" and ".join(f"'{one}'" for one in some) for some in alike if len(some) > 1]
    if several:
        raise RawFileError(
            f"{path}: {len(several):,} unit(s) are written in several ways, which differ only in capitals or in what "
            f"cannot be seen: {first(several)}. Write each the same in all its rows."
        )


def _form(unit: str) -> str:
    """The code or name of a unit without what cannot be seen, or is written in two ways."""
    plainly = unicodedata.normalize("NFKC", unit).casefold()
    return "".join(letter for letter in plainly if unicodedata.category(letter) != "Cf")


def _say_odd(units: Units, residents: pd.Series, group: Group) -> list[str]:
    """Units without people, and LSOAs of which more people were counted than can be, as notes."""
    empty = units.names.index[units.total == 0]
    notes = [f"of weight 0 in all, and left out: {first(empty)}"] if len(empty) else []
    if group.matching == "people":
        counted = np.asarray(units.people.sum(axis=0)).ravel()
        over = np.flatnonzero(counted > MANY_TIMES * residents.to_numpy(dtype="float64"))
        pairs = zip(residents.index[over], counted[over], residents.iloc[over], strict=True)
        shown = [f"{code} ({people:,.0f} of {living:,.0f} residents)" for code, people, living in pairs]
        notes += [f"more than {MANY_TIMES} times the residents were counted in {first(shown)}"] if shown else []
    return notes


def _name_units(path: Path, rows: pd.DataFrame) -> "pd.Series[str]":
    """The name of each unit by its code, in the order of codes."""
    pairs = rows[["unit", "name"]].drop_duplicates()
    twice = pairs[pairs["unit"].duplicated(keep=False)]
    if len(twice):
        shown = [f"row {row}: {unit} ({name})" for row, unit, name in twice.itertuples()]
        raise RawFileError(f"{path}: a unit has several names: {first(shown)}. Give each the same in all its rows.")
    return pairs.set_index("unit")["name"].sort_index()


def _carry(weights: pd.DataFrame, lookup: Lookup, group: Group) -> tuple[pd.DataFrame, list[str]]:
    """Weights on LSOAs of 2021: people by residents, shares as the mean over the LSOAs of 2011 that became it."""
    # Many to many: an LSOA of 2011 may be in several units, and may have become several of 2021.
    pairs = weights.merge(lookup.pairs, left_on="code", right_on="lsoa11_code", validate="many_to_many")
    parents = lookup.pairs.groupby("lsoa21_code")["lsoa11_code"].size()
    of_people = group.matching == "people"
    part = pairs["part"] if of_people else 1 / pairs["lsoa21_code"].map(parents)
    weighted = pairs.assign(weight=pairs["weight"] * part).groupby(["unit", "lsoa21_code"])["weight"].sum()
    carried = weighted.rename_axis(["unit", "code"]).reset_index()
    return carried, describe_changes(pairs)


def describe_changes(pairs: pd.DataFrame) -> list[str]:
    """How many LSOAs of 2011 were carried over as they were, split, merged or irregular, as a note."""
    by_code = pairs.drop_duplicates("lsoa11_code")["change"].value_counts()
    said = ", ".join(f"{int(by_code[letter]):,} {word}" for letter, word in CHANGES.items() if letter in by_code)
    irregular = sorted(set(pairs.loc[pairs["change"] == "X", "lsoa11_code"]))
    by_residents = f"; irregular ones by residents: {first(irregular)}" if irregular else ""
    return [f"LSOAs of 2011 carried over to those of 2021: {said}{by_residents}"]
