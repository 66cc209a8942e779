"""The finding on an area or a part of it, in the words of the page, from the same columns and records."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.catalogue.kinds import BOTH, NEITHER
from pipeline.reports.briefing import sentences as say
from pipeline.reports.briefing.content import Topic
from pipeline.reports.briefing.inputs import BriefingInputs
from pipeline.reports.words import possessive
from pipeline.store.records import BoardSummary
from pipeline.tables.programmes import IN_PROGRAMME

NEAREST = 3
EARTH_DEGREE = 111_319.49
"""Metres of a degree at the equator, by the radius of web maps, as on the page."""
WORST, PEOPLE, KIND, ACT = "Where is risk", "How many people", "What kind", "Where to act first"


@dataclass(frozen=True, eq=False)
class Subject:
    """What a finding is on.

    Attributes:
        inputs: of the area. ``name``: what people call the subject.
        rows: its LSOAs, positions in ``inputs.frame``. ``everything``: these are all of the area.
    """

    inputs: BriefingInputs
    name: str
    rows: NDArray[np.int64]
    everything: bool

    @property
    def frame(self) -> pd.DataFrame:
        """Its LSOAs."""
        return self.inputs.frame.iloc[self.rows]


def is_national(subject: Subject) -> bool:
    """Whether the place of the area's neighbourhoods in the nation can be said."""
    column = subject.inputs.frame.get("england_decile")
    return column is not None and bool(column.notna().any())


def board_of(subject: Subject) -> BoardSummary | None:
    """The ICB that the subject is all of."""
    if "icb_code" not in subject.inputs.frame.columns:
        return None
    codes = subject.frame["icb_code"].unique()
    if len(codes) != 1:
        return None
    boards = subject.inputs.record.nation.boards or ()
    return next((b for b in boards if b.code == codes[0] and b.areas == len(subject.rows)), None)


def count_worst(subject: Subject) -> say.Counted:
    """Its neighbourhoods in the most at-risk tenth of the nation, or of the area where that is not known."""
    frame, nation = subject.frame, subject.inputs.record.nation
    decile = frame["england_decile" if is_national(subject) else "risk_decile"]
    worst, ranked = int((decile == 1).sum()), int(decile.notna().sum())
    low: int | None = None
    high: int | None = None
    board = board_of(subject)
    if is_national(subject) and board is not None and board.worst_low is not None and board.worst_high is not None:
        low, high = board.worst_low, board.worst_high
    elif is_national(subject) and len(frame) != nation.areas and frame["england_rank_p05"].notna().any():
        last = int(nation.areas * say.TENTH)
        # Ties may put the published number a little outside of what the draws give.
        low = min(int((frame["england_rank_p95"] <= last).sum()), worst)
        high = max(int((frame["england_rank_p05"] <= last).sum()), worst)
    return say.Counted(subject.name, len(frame), ranked, worst, low, high)


def say_finding(inputs: BriefingInputs) -> tuple[Topic, ...]:
    """The finding on an area."""
    return find(Subject(inputs, inputs.record.title, np.arange(len(inputs.frame)), everything=True))


def find(subject: Subject) -> tuple[Topic, ...]:
    """The sentences by topic; a topic of which nothing can be said is left out."""
    topics = (
        (WORST, _worst(subject)),
        (PEOPLE, [_people(subject)]),
        (KIND, [_kinds(subject)]),
        (ACT, _act(subject)),
    )
    texts = [(title, " ".join(text for text in said if text)) for title, said in topics]
    return tuple(Topic(title, text) for title, text in texts if text)


def _worst(subject: Subject) -> list[str | None]:
    nation, counted = subject.inputs.record.nation, count_worst(subject)
    if not counted.ranked:
        return [f"No risk is known of {'this neighbourhood' if counted.areas == 1 else 'these neighbourhoods'}."]
    if not is_national(subject):
        if subject.everything:
            return [say.among_each_other(counted.worst, counted.ranked, nation.title)]
        return [say.in_tenth(counted, "this map’s most at-risk tenth")]
    first = say.in_tenth(counted, f"{possessive(nation.title)} most at-risk tenth")
    boards = nation.boards or ()
    if counted.areas == nation.areas:
        return [first, say.extremes(boards)]
    compared, board = say.against_nation(counted, nation.title), board_of(subject)
    among = board and compared and say.among_boards(board.rank_low, board.rank_high, len(boards), nation.title)
    return [first, compared, among or None]


def _people(subject: Subject) -> str | None:
    """People at risk, with the two measures."""
    counted = subject.frame.dropna(subset=["people_at_risk"])
    if counted.empty:
        return None
    people, low, high = (float(counted[f"people_at_risk{end}"].sum(skipna=False)) for end in ("", "_low", "_high"))
    measures = subject.inputs.record.capacity.people.measures
    return say.people_at_risk(people, low, high, (measures.not_online.means, measures.without_skills.means))


def by_kind(subject: Subject) -> list[tuple[str | None, float, int]]:
    """People at risk and neighbourhoods of each kind, most people first; empty where no kind is known."""
    frame = subject.frame
    if "kind" not in frame.columns or not frame["kind"].notna().any():
        return []
    groups = []
    for kind, part in frame.groupby(frame["kind"].astype("object").fillna(""), sort=True):
        people = float(part["people_at_risk"].sum())
        if people > 0:
            groups.append((str(kind) or None, people, len(part)))
    return sorted(groups, key=lambda group: -group[1])


def describe_kind(kind: str | None) -> str:
    """The words for a place of a kind: "neither kind stands out"."""
    if kind is None:
        return "the kind cannot be said"
    return {BOTH: "both kinds stand out", NEITHER: "neither kind stands out"}.get(kind, f"“{kind}” stands out")


def _kinds(subject: Subject) -> str | None:
    return say.in_kinds([(describe_kind(kind), people) for kind, people, _ in by_kind(subject)])


def _act(subject: Subject) -> list[str | None]:
    inputs, frame = subject.inputs, subject.frame
    order = inputs.frame["priority"]
    if not order.notna().any():
        return ["No neighbourhood is on the list of where to act."]
    counted = say.Counted(subject.name, len(frame), len(frame), 0)
    here = frame[frame["priority"].notna()].sort_values("priority", kind="stable")
    if here.empty:
        return [say.none_listed(counted, _nearest(subject))]
    people = here["people_at_risk"]
    sum_ = float(people.sum()) if people.notna().any() else None
    listed = say.on_list(counted, len(here), sum_)
    report = inputs.programmes
    if subject.everything and report is not None and len(report.programmes):
        first = report.programmes.sort_values("programme").iloc[0]
        areas = int(first["neighbourhoods"])
        return [listed, say.first_programme(str(first["name"]), areas, float(first["people_at_risk"]))]
    first_here = people.iloc[0]
    name = str(names_of(here).iloc[0])
    return [listed, say.first_neighbourhood(name, None if pd.isna(first_here) else float(first_here))]


def names_of(frame: pd.DataFrame) -> "pd.Series[str]":
    """What people call each LSOA: its place, its ward where it has none, else its official name."""
    names = frame["lsoa21_name"].astype("object")
    for column in ("ward_name", "place_name"):
        if column in frame.columns:
            names = frame[column].astype("object").where(frame[column].notna(), names)
    return names


def _nearest(subject: Subject) -> Sequence[tuple[str, float]]:
    """Programmes, or listed neighbourhoods in none, by the distance of the nearest of their neighbourhoods."""
    inputs = subject.inputs
    listed = np.flatnonzero(inputs.frame["priority"].notna())
    away = _metres_to(inputs, subject.rows, listed)
    programme_of, names = _programme_names(inputs), names_of(inputs.frame)
    chosen: dict[str, float] = {}
    for row, metres in sorted(zip(listed, away, strict=True), key=lambda pair: (pair[1], pair[0])):
        if np.isnan(metres):
            continue
        code = inputs.frame.index[int(row)]
        chosen.setdefault(programme_of.get(code, str(names.iloc[int(row)])), float(metres))
        if len(chosen) == NEAREST:
            break
    return list(chosen.items())


def _metres_to(inputs: BriefingInputs, starts: NDArray[np.int64], rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Metres from each of ``rows`` to the nearest of ``starts``, in straight lines between the centres of boxes."""
    lon, lat = inputs.centres[:, 0], np.radians(inputs.centres[:, 1])
    # As on web maps, where a metre on the ground is longer the farther north it lies.
    north = np.degrees(np.log(np.tan(np.pi / 4 + lat / 2)))
    flat = np.column_stack([lon, north])
    here = flat[starts]
    here = here[~np.isnan(here).any(axis=1)]
    if not len(here):
        return np.full(len(rows), np.nan)
    steps = np.array([np.hypot(*(here - flat[row]).T).min() for row in rows])
    return steps * EARTH_DEGREE * np.cos(lat[rows])


def _programme_names(inputs: BriefingInputs) -> dict[str, str]:
    """The programme of each neighbourhood that is in one."""
    areas = inputs.programme_areas
    if areas is None:
        return {}
    inside = areas[areas["standing"] == IN_PROGRAMME]
    return dict(zip(inside["lsoa21_code"].astype(str), inside["programme_name"].astype(str), strict=True))
