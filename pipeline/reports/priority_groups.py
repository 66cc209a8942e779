"""Priority groups against risk: how many people at risk live in each group, and how many do not."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from pipeline.catalogue.priority_groups import ANY, PriorityGroup
from pipeline.reports.elements import Markup, Part, bullets, paragraph, section, stacked, table
from pipeline.reports.sections import percent
from pipeline.reports.words import about
from pipeline.store.records import RiskRecord
from pipeline.tables import ALL_BANDS, INSIDE, OUTSIDE, UNSAID, say_people


def priority_groups_section(matrix: pd.DataFrame, record: RiskRecord) -> Markup:
    """The sentences a lead needs of each group, the matrix of risk and groups, and who defined the groups.

    Args:
        matrix: the table ``priority_groups``. ``record``: that of ``risk.parquet``.
    """
    groups = record.priority_groups.groups
    parts = [bullets(say_groups(matrix, record))]
    parts.append(_matrix(matrix, record))
    parts.append(_intervals(matrix, record.title))
    parts.append(bullets([_definition(group, record) for group in groups]))
    parts.append(
        paragraph(
            "Groups are of places, not of people: most people who live in such a place are not at risk. People at risk "
            "are an estimate; intervals are those of the sums, at 95%.",
            "note",
        )
    )
    return section("priority-groups", "Priority groups", parts)


def say_groups(matrix: pd.DataFrame, record: RiskRecord) -> list[str]:
    """Sentences about each group: people at risk in it and outside, and the areas of high risk that are not in it."""
    sentences = []
    titles = record.priority_groups.titles
    for name, rows in matrix.groupby("group_id", sort=False):
        title = titles.get(str(name), "")
        sentences += _say_group(rows, title, record)
    return sentences


def _say_group(rows: pd.DataFrame, title: str, record: RiskRecord) -> list[str]:
    inside, outside = _row(rows, INSIDE), _row(rows, OUTSIDE)
    everyone = rows[rows["risk_band"] == ALL_BANDS]
    total = float(everyone["people_at_risk"].sum())
    unsaid = everyone[everyone["membership"] == UNSAID]
    called = f"{title} neighbourhoods" if title else "a neighbourhood of any of these groups"
    said = []
    if not inside["lsoas"]:
        return [f"No neighbourhood of {record.title} is {f'in {title}' if title else 'in any of these groups'}."]
    if not total:
        return [f"{inside['lsoas']:,} neighbourhoods are {f'in {title}' if title else 'in at least one group'}."]
    if outside["lsoas"]:
        said.append(
            f"Of {about(total)} people at risk in {record.title}, "
            f"{about(inside['people_at_risk'])} ({percent(inside['people_at_risk'] / total)}) live in {called}; "
            f"{about(outside['people_at_risk'])} ({percent(outside['people_at_risk'] / total)}) live "
            f"elsewhere. {_by_measures(outside, everyone)}"
        )
    else:
        said.append(f"All people at risk in {record.title}, {about(total)}, live in {called}.")
    if title:
        said += _say_high(rows, title, record)
    if len(unsaid):
        said.append(
            f"Of {int(unsaid['lsoas'].iloc[0]):,} neighbourhoods it is not said whether they are in "
            f"{title or 'a group'}, as data are lacking; {about(float(unsaid['people_at_risk'].iloc[0]))} "
            "people at risk live there."
        )
    return said


def _by_measures(outside: pd.Series, everyone: pd.DataFrame) -> str:
    """The share that lives elsewhere by each of the two measures; one figure where both come to the same."""
    shares = {
        measure: percent(float(outside[f"people_{measure}"]) / sum_)
        for measure in ("not_online", "without_skills")
        if (sum_ := float(everyone[f"people_{measure}"].sum()))
    }
    if len(shares) < 2:
        return ""
    first, second = shares["not_online"], shares["without_skills"]
    if first == second:
        return f"Of those not online {first} live elsewhere, and the same of those without basic digital skills."
    return f"Of those not online {first} live elsewhere, of those without basic digital skills {second}."


def _say_high(rows: pd.DataFrame, title: str, record: RiskRecord) -> list[str]:
    """The neighbourhoods of high risk that are not in the group."""
    high = rows[(rows["tenth_from"] == 1) & (rows["risk_band"] != ALL_BANDS)]
    inside, outside = _row_of(high, INSIDE), _row_of(high, OUTSIDE)
    both, missed = int(inside["lsoas"]), int(outside["lsoas"])
    if not both + missed:
        return [f"No neighbourhood here is of high risk ({_high(record)})."]
    if not missed:
        return [f"All {both:,} neighbourhoods of high risk ({_high(record)}) are in {title}."]
    return [
        f"Of {both + missed:,} neighbourhoods of high risk ({_high(record)}), {missed:,} are not in {title}; "
        f"{about(float(outside['people_at_risk']))} people at risk live there."
    ]


def _high(record: RiskRecord) -> str:
    last = record.priority_groups.risk_tenths[0]
    share = {1: "tenth", 2: "fifth", 5: "half"}.get(last, f"{last} tenths")
    where = record.nation.title if record.priority_groups.against == "nation" else record.title
    return f"the most at-risk {share} of {where}"


def _matrix(matrix: pd.DataFrame, record: RiskRecord) -> Markup:
    groups = [
        (name, title) for name, title in matrix[["group_id", "group_title"]].drop_duplicates().itertuples(index=False)
    ]
    bands = list(dict.fromkeys(matrix["risk_band"]))
    first_group = matrix[matrix["group_id"] == groups[0][0]]
    # What is outside: of all groups together where there are several.
    outer = matrix[
        (matrix["group_id"] == (ANY if len(groups) > 1 else groups[0][0])) & (matrix["membership"] == OUTSIDE)
    ]
    rows = []
    for band in bands:
        cells: list[Part] = [f"{band} of risk" if band != ALL_BANDS else band]
        for name, _ in groups:
            here = matrix[(matrix["group_id"] == name) & (matrix["membership"] == INSIDE)]
            cells.append(_cell(here[here["risk_band"] == band]))
        cells.append(_cell(outer[outer["risk_band"] == band]))
        cells.append(_cell(first_group[first_group["risk_band"] == band]))
        rows.append(cells)
    where = record.nation.title if record.priority_groups.against == "nation" else record.title
    outside = "In none of them" if len(groups) > 1 else f"Not in {groups[0][1]}"
    return table(
        f"Neighbourhoods, residents and people at risk (about), by risk against {where}",
        ("Risk", *(str(title) for _, title in groups), outside, "All"),
        rows,
    )


def _cell(rows: pd.DataFrame) -> Markup:
    lsoas, residents, people = (rows[name].sum() for name in ("lsoas", "residents", "people_at_risk"))
    if not lsoas:
        return Markup("–")
    one = "neighbourhood" if lsoas == 1 else "neighbourhoods"
    return stacked(f"{lsoas:,} {one}", f"{residents:,} residents", f"{say_people(float(people))} at risk")


def _intervals(matrix: pd.DataFrame, area: str) -> Markup:
    rows = [
        (
            f"{row['group_title']}: {str(row['membership']).lower()}",
            _with_interval(row, "people_not_online"),
            _with_interval(row, "people_without_skills"),
        )
        for row in matrix[(matrix["risk_band"] == ALL_BANDS) & (matrix["lsoas"] > 0)].to_dict("records")
    ]
    columns = ("Group", "Adults not online", "Adults without basic digital skills")
    return table(f"The two measures in {area}, with 95% intervals", columns, rows)


def _with_interval(row: Mapping[Hashable, Any], name: str) -> str:
    return f"{say_people(row[name])} ({say_people(row[f'{name}_low'])} to {say_people(row[f'{name}_high'])})"


def _definition(group: PriorityGroup, record: RiskRecord) -> str:
    bound = record.priority_groups.bounds.get(group.id)
    by = f"By the column {group.column}"
    if group.worst_share is not None:
        where = record.title if group.within == "area" else record.nation.title
        ends = "" if bound is None else f", which ends at {bound:g}"
        by += f", the worst {percent(group.worst_share)} of {where}{ends}"
    else:
        limits = [f"at least {group.at_least:g}"] if group.at_least is not None else []
        limits += [f"at most {group.at_most:g}"] if group.at_most is not None else []
        by += f", {' and '.join(limits)}"
    return f"{group.title}: {group.sentence} {by}. Source: {group.source}."


def _row(rows: pd.DataFrame, membership: str) -> pd.Series:
    return _row_of(rows[rows["risk_band"] == ALL_BANDS], membership)


def _row_of(rows: pd.DataFrame, membership: str) -> pd.Series:
    return rows[rows["membership"] == membership].iloc[0]
