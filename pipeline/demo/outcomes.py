"""What was observed in the made-up country: answers to its census, its internet users and a survey, in their files.

All come from one hidden share of people who are not online, which follows age, poverty and health, so that outcomes
agree with the indicators in part and with each other more.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from pipeline.demo.noise import Floats
from pipeline.demo.packing import csv_bytes, workbook_bytes
from pipeline.demo.people import BANDS, People, standard

File = tuple[str, str, bytes]
Integers = NDArray[np.int64]

GROUPS = (
    "e-Cultural Creators",
    "e-Professionals",
    "e-Veterans",
    "Youthful Urban Fringe",
    "e-Rational Utilitarians",
    "e-Mainstream",
    "Passive and Uncommitted Users",
    "Digital Seniors",
    "Settled Offline Communities",
    "e-Withdrawn",
)
"""As the Internet User Classification names them, from 1."""
PAPER_FIRST, MORE_ON_PAPER = 0.1, 0.11
"""The share of areas that were sent paper first, and what of the returns that moved to paper there."""
FIRST_ADULT, FIRST_75 = 3, 15
INTERVIEWS = 450
"""Adults of each larger area in the survey: its 95% limits follow from their number."""
HALF_WIDTH = 1.96
REGION = ("UKH", "Saltmarsh and the Wolds")
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Observed:
    """One row for each area: shares not online and of returns on paper, the paper-first flag, and the group."""

    not_online: Floats
    on_paper: Floats
    paper_first: NDArray[np.bool_]
    group: Integers


def make_observed(people: People, seed: int) -> Observed:
    """Who is not online: older and poorer people, and those in poor health; the census asked such places on paper."""
    random = np.random.default_rng([seed, 90])
    count = len(people.poor)
    old = standard(people.bands[:, FIRST_75:].sum(axis=1) / people.total)
    ill = standard((people.limited_a_lot + people.limited_a_little) / people.total)
    leaning = 0.42 * old + 0.36 * people.poor + 0.12 * ill
    not_online = expit(-2.5 + leaning + random.normal(0, 0.12, count))
    on_paper = expit(-2.9 + 0.55 * old + 0.18 * people.poor + 0.06 * people.remote + random.normal(0, 0.15, count))
    expected = old + 0.4 * people.poor + random.normal(0, 0.4, count)
    paper_first = expected > np.quantile(expected, 1 - PAPER_FIRST)
    return Observed(not_online, on_paper, paper_first, _groups(old, people, random))


def _groups(old: Floats, people: People, random: np.random.Generator) -> Integers:
    """The most withdrawn by poverty, the settled by age, and the rest by what they have most of."""
    count = len(old)
    poor = standard(people.poor + random.normal(0, 0.3, count))
    aged = standard(old + random.normal(0, 0.3, count))
    remote = standard(people.remote + random.normal(0, 0.3, count))
    liking = np.column_stack(
        [
            -1.0 * aged - 0.5 * remote - 0.35,
            -0.7 * aged - 0.8 * poor,
            0.5 * aged - 0.9 * poor,
            -0.9 * aged + 0.6 * poor,
            0.9 * remote - 0.3 * aged,
            0.55 - 0.2 * abs(aged),
            0.8 * poor + 0.1 * aged + 0.2,
            0.8 * aged - 0.2 * poor + 0.15,
            1.4 * aged + 0.2 * remote - 0.7,
            1.3 * poor + 0.1 * aged - 0.4,
        ]
    )
    return np.asarray(liking.argmax(axis=1) + 1)


def outcome_files(codes: pd.DataFrame, former: pd.DataFrame, people: People, seed: int) -> Iterator[File]:
    """The files of the outcomes, in their publishers' layouts.

    Args:
        codes: ``LSOA21CD, LAD24CD, LAD24NM`` of the areas.
        former: the lookup of LSOAs of 2011 (``LSOA11CD, LSOA11NM, LSOA21CD``), by which outcomes of 2011 are given.
    """
    seen = make_observed(people, seed)
    random = np.random.default_rng([seed, 91])
    of_2011 = _by_former(codes, former, seen)
    yield _propensity(of_2011, random)
    yield _online_share(of_2011, random)
    yield _classification(of_2011)
    yield from _survey(codes, people, seen, random)


def _by_former(codes: pd.DataFrame, former: pd.DataFrame, seen: Observed) -> pd.DataFrame:
    """By LSOA of 2011: the mean of the LSOAs of 2021 that it is linked with, and the group of the first."""
    values = pd.DataFrame(
        {"paper": seen.on_paper, "first": seen.paper_first, "group": seen.group}, index=codes["LSOA21CD"].to_numpy()
    )
    places = codes.set_index("LSOA21CD")[["LAD24CD", "LAD24NM"]]
    linked = former.join(values, on="LSOA21CD", validate="many_to_one")
    linked = linked.join(places, on="LSOA21CD", validate="many_to_one")
    return (
        linked.groupby("LSOA11CD", sort=True)
        .agg(
            name=("LSOA11NM", "first"),
            code=("LAD24CD", "first"),
            district=("LAD24NM", "first"),
            paper=("paper", "mean"),
            first=("first", "max"),
            group=("group", "first"),
        )
        .reset_index()
    )


def _propensity(areas: pd.DataFrame, random: np.random.Generator) -> File:
    """The modelled share that answers online, as if paper had been first nowhere."""
    score = 100 * (1 - areas["paper"]) + random.normal(0, 0.4, len(areas))
    frame = pd.DataFrame(
        {
            "LSOA11CD": areas["LSOA11CD"],
            "Region": REGION[1],
            "Local Authority name": areas["district"],
            "Score": score.clip(0, 100).round(2),
        }
    )
    return "ons_dpi", "ons_digital_propensity_index_2021_lsoa11.csv", csv_bytes(frame)


def _online_share(areas: pd.DataFrame, random: np.random.Generator) -> File:
    """The observed shares, highest first, with the hard-to-count groups, 1 (the easiest 40%) to 5 (the hardest 2%)."""
    noise = random.normal(0, 0.006, len(areas))
    paper = (areas["paper"] + MORE_ON_PAPER * areas["first"] + noise).clip(0.001, 0.9).round(3)
    place = paper.rank(pct=True)
    digital = np.searchsorted([0.4, 0.8, 0.9, 0.98], place) + 1
    willing = random.choice([1, 2, 3, 4, 5], len(areas), p=[0.4, 0.4, 0.1, 0.08, 0.02])
    frame = pd.DataFrame(
        {
            "Country Name": "England",
            "Local Authority Code": areas["code"],
            "Local Authority Name": areas["district"],
            "LSOA Code": areas["LSOA11CD"],
            "LSOA Name": areas["name"],
            "Paper First": np.where(areas["first"], "Yes", "No"),
            "HTC digital": digital,
            "HTC willingness": willing,
            "Online share of returns": (1 - paper).round(3),
            "Paper share of returns": paper,
        }
    )
    frame = frame.sort_values(["Online share of returns", "LSOA Code"], ascending=[False, True])
    about = pd.DataFrame({"2021 Census online share of household responses (fictional data)": ["Contents", "Notes"]})
    content = workbook_bytes({"Information": about, "Online_Share_England&Wales": frame})
    return "ons_online_share", "lsoa_census_onlinesharesfinal.xlsx", content


def _classification(areas: pd.DataFrame) -> File:
    frame = pd.DataFrame(
        {
            "SHP_ID": np.arange(1, len(areas) + 1),
            "LSOA11_CD": areas["LSOA11CD"],
            "LSOA11_NM": areas["name"],
            "GRP_CD": areas["group"],
            "GRP_LABEL": [GROUPS[number - 1] for number in areas["group"]],
        }
    )
    return "iuc2018", "iuc2018.csv", csv_bytes(frame)


def _survey(codes: pd.DataFrame, people: People, seen: Observed, random: np.random.Generator) -> Iterator[File]:
    """Each district is an area of the survey; the last ones stand in a second block beside the first."""
    adults = people.bands[:, FIRST_ADULT:BANDS].sum(axis=1)
    frame = pd.DataFrame({"name": codes["LAD24NM"], "adults": adults, "not_online": adults * seen.not_online})
    areas = frame.groupby("name", sort=False).sum()
    total = areas.sum()
    country = _interval(total, random, INTERVIEWS * len(areas))
    lines = [(None, "UK", *country), (REGION[0], REGION[1], *country)]
    nuts = [f"{REGION[0]}{DIGITS[10 + n // 36]}{DIGITS[n % 36]}" for n in range(len(areas))]
    lines += [(code, name, *_interval(areas.loc[name], random)) for code, name in zip(nuts, areas.index, strict=True)]
    sheets, above = {}, {}
    for sheet, unit, words in (("9a", "Thousands", "number"), ("9b", "%", "percentage")):
        sheets[sheet] = _blocks(lines, in_thousands=sheet == "9a")
        above[sheet] = [
            f"TABLE {sheet.upper()}: LAPSED AND NON-USERS, {words} (fictional data)",
            "Aged 16 and over",
            unit,
        ]
    yield "ons_internet_users", "internetusers2020.xlsx", workbook_bytes(sheets, above)
    lookup = pd.DataFrame({"lad22_name": areas.index, "nuts3_code": nuts}).sort_values("lad22_name")
    yield "lad22_nuts3", "LAD22_NUTS3_EN_LU.csv", csv_bytes(lookup)


def _interval(
    area: pd.Series, random: np.random.Generator, interviews: int = INTERVIEWS
) -> tuple[float, float, float, float]:
    """Adults, the lower limit, the estimate and the upper limit of the share, from a sample."""
    share = float(area["not_online"] / area["adults"])
    error = (share * (1 - share) / interviews) ** 0.5
    estimate = max(0.005, share + random.normal(0, error))
    half = HALF_WIDTH * error
    return float(area["adults"]), estimate - half, estimate, estimate + half


def _blocks(lines: list[tuple[str | None, str, float, float, float, float]], *, in_thousands: bool) -> pd.DataFrame:
    """The areas in two blocks side by side, an empty row above; limits below 0 are dashes."""
    rows: list[list[object]] = []
    for code, name, adults, low, estimate, high in lines:
        factor, decimals = (adults / 1_000, 0) if in_thousands else (100.0, 1)
        cells: list[object] = [round(value * factor, decimals) for value in (low, estimate, high)]
        rows.append([code, name, "-" if low <= 0 else cells[0], *cells[1:]])
    half = (len(rows) + 1) // 2
    left, right = rows[:half], rows[half:]
    right += [[None] * 5] * (half - len(right))
    empty: list[object] = [None] * 11
    body = [empty, *([*a, None, *b] for a, b in zip(left, right, strict=True))]
    headers = ["NUTS Code", "", "Lower limit", "Survey estimate", "Upper limit", ""]
    return pd.DataFrame(body, columns=[*headers, *["", *headers[1:5]]], dtype="object")
