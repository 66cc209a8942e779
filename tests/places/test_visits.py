"""Mobile stops and drop-ins get capacity from hours, as libraries do."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.catalogue.places import PlaceKind
from pipeline.errors import RawFileError
from pipeline.places.support_places import read_places
from pipeline.places.visits import hour_of, weeks_between

VISITS = {"name": "stop", "x": "x", "y": "y", "from": "from", "to": "to", "every": "every"}
HOURS = {"name": "stop", "x": "x", "y": "y", "hours": "hours"}
AT = "1.1,52.6"


def kind(columns: dict[str, str], **more: object) -> PlaceKind:
    given = {
        "id": "stop",
        "title": "mobile stop",
        "plural": "Mobile stops",
        "origin": "here",
        "why": "why",
        "file": "stops.csv",
        "offers": ["skills"],
        "capacity": 0.5,
        "columns": columns,
    }
    return PlaceKind.model_validate({**given, **more})


def read(folder: Path, header: str, *rows: str, declared: PlaceKind) -> pd.DataFrame:
    path = folder / "stops.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return read_places(path, declared).frame


@pytest.mark.parametrize(
    ("text", "weeks"),
    [
        ("weekly", 1),
        ("Every week", 1),
        ("fortnightly", 2),
        ("every other week", 2),
        ("4 weeks", 4),
        ("4", 4),
        ("every four weeks", 4),
        ("four-weekly", 4),
        ("every 3rd week", 3),
        ("monthly", 52 / 12),
        ("twice a week", 0.5),
        ("3 times a week", 1 / 3),
        ("once a month", 52 / 12),
    ],
)
def test_how_often(text: str, weeks: float) -> None:
    assert weeks_between(text) == pytest.approx(weeks)


@pytest.mark.parametrize("text", ["", "sometimes", "0", "-2", "term time", "0 weeks", "week 3"])
def test_what_is_no_interval(text: str) -> None:
    assert not weeks_between(text) > 0


@pytest.mark.parametrize(
    ("text", "hour"),
    [("10:15", 10.25), ("10.15", 10.25), ("1015", 10.25), ("2pm", 14), ("2.30 pm", 14.5), ("12am", 0), ("noon", 12)],
)
def test_times_of_day(text: str, hour: float) -> None:
    assert hour_of(text) == hour


@pytest.mark.parametrize("text", ["25:00", "10:75", "13pm", "morning", "", "24:30"])
def test_what_is_no_time(text: str) -> None:
    assert not hour_of(text) >= 0


@given(hour=st.integers(0, 23), minute=st.integers(0, 59))
def test_times_as_clocks_write_them(hour: int, minute: int) -> None:
    assert hour_of(f"{hour}:{minute:02d}") == pytest.approx(hour + minute / 60)


def test_visits_become_capacity(tmp_path: Path) -> None:
    frame = read(
        tmp_path,
        "stop,from,to,every,x,y",
        f"A,10:00,13:00,2 weeks,{AT}",
        "B,10:15,10:30,4 weeks,1.2,52.6",
        "C,,,,1.3,52.6",
        declared=kind(VISITS, full_hours=30),
    )
    assert frame["capacity"].tolist() == pytest.approx([0.5 * 1.5 / 30, 0.5 * 0.0625 / 30, 0.5])


def test_several_visits_to_one_place_add_up(tmp_path: Path) -> None:
    declared = kind({**VISITS, "id": "code"}, full_hours=10)
    frame = read(
        tmp_path,
        "code,stop,from,to,every,x,y",
        f"1,A,10:00,12:00,weekly,{AT}",
        f"1,a ,14:00,16:00,fortnightly,{AT}",
        "2,B,09:00; 14:00,10:00; 15:00,weekly,1.2,52.6",
        declared=declared,
    )
    assert frame["id"].tolist() == ["stop-1", "stop-2"]
    assert frame["capacity"].tolist() == pytest.approx([0.5 * 3 / 10, 0.5 * 2 / 10])


def test_hours_as_given_and_a_capacity_that_is_given_stays(tmp_path: Path) -> None:
    declared = kind({**HOURS, "capacity": "worth"})
    frame = read(tmp_path, "stop,hours,worth,x,y", f"A,15,,{AT}", "B,15,2,1.2,52.6", declared=declared)
    assert frame["capacity"].tolist() == [0.25, 2.0]


@pytest.mark.parametrize("hours", ["7.5 hrs", "3000", "-1", "many"])
def test_hours_that_are_none_are_named(tmp_path: Path, hours: str) -> None:
    with pytest.raises(RawFileError, match=rf"stops.csv: hours should be .*row 2: '?{hours}"):
        read(tmp_path, "stop,hours,x,y", f"A,{hours},{AT}", declared=kind(HOURS))


@pytest.mark.parametrize(
    "visit", ["13:00,10:00,weekly", "ten,eleven,weekly", "10:00,11:00,now and then", "10:00,,weekly", "10:00,11:00,"]
)
def test_visits_that_cannot_be_read_are_named(tmp_path: Path, visit: str) -> None:
    with pytest.raises(RawFileError, match="visits should have a start and an end.*row 2: "):
        read(tmp_path, "stop,from,to,every,x,y", f"A,{visit},{AT}", declared=kind(VISITS))


def test_a_week_has_168_hours(tmp_path: Path) -> None:
    rows = [f"A,00:00,24:00,weekly,{AT}"] * 8
    with pytest.raises(RawFileError, match="more than the 168 hours of a week"):
        read(tmp_path, "stop,from,to,every,x,y", *rows, declared=kind(VISITS))


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"name": "n", "postcode": "p", "from": "f"}, "from and to go together"),
        ({"name": "n", "postcode": "p", "every": "e"}, "every goes with from and to"),
        ({"name": "n", "postcode": "p", "hours": "h", "from": "f", "to": "t"}, "either hours, or from and to"),
    ],
)
def test_columns_that_do_not_fit_together(columns: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        kind(columns)


def test_full_hours_of_a_file_needs_hours() -> None:
    with pytest.raises(ValueError, match="full_hours of a file needs columns with hours"):
        kind({"name": "n", "postcode": "p"}, full_hours=30)


@pytest.mark.parametrize(
    ("text", "weeks"),
    [
        ("2nd Tuesday", 52 / 12),
        ("1st and 3rd Tuesday", 26 / 12),
        ("last Friday of the month", 52 / 12),
        ("second Monday of each month", 52 / 12),
        ("Tuesdays", 1),
        ("every Tue", 1),
        ("alternate Thursdays", 2),
        ("every second week", 2),
        ("twice weekly", 1 / 2),
        ("3 x per week", 1 / 3),
        ("Mon-Fri", 1 / 5),
        ("quarterly", 13),
    ],
)
def test_days_of_weeks_and_months(text: str, weeks: float) -> None:
    assert weeks_between(text) == pytest.approx(weeks)


@pytest.mark.parametrize("text", ["biweekly", "bimonthly", "53 weeks", "1000000", "\uff12", "week 1 & 3", "5th of May"])
def test_what_may_mean_two_things_is_no_interval(text: str) -> None:
    assert not weeks_between(text) > 0
