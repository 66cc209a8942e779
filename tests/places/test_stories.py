import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.catalogue.areas import StoryAllowed
from pipeline.errors import RawFileError
from pipeline.places.personal_data import is_nhs_number, personal_data
from pipeline.places.stories import bare_name, place_stories, read_stories, text_mark

HEADER = "place,quote,theme,source,consent\n"
GOOD = 'E01026446,"I ask my grandson, he does it all",skills,"Healthwatch, May 2026",yes\n'


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "stories.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_file_is_read(tmp_path: Path) -> None:
    found = read_stories(written(tmp_path, HEADER + GOOD)).frame
    assert found["quote"].tolist() == ["I ask my grandson, he does it all"]
    assert found["file_row"].tolist() == [2]


@pytest.mark.parametrize(
    ("detail", "kind"),
    [
        ("ada@example.org", "an e-mail address"),
        ("ada.lovelace (at) example.co.uk", "an e-mail address"),
        ("ａｄａ＠example.org", "an e-mail address"),
        ("01632 960001", "a UK telephone number"),
        ("+44 1632 960 001", "a UK telephone number"),
        ("+44 (0)1632 960001", "a UK telephone number"),
        ("0044 7700 900123", "a UK telephone number"),
        ("(01632) 960001", "a UK telephone number"),
        ("07700\u200b900123", "a UK telephone number"),
        ("943 476 5919", "an NHS number"),
        ("9434765919", "an NHS number"),
        ("943-476-5919", "an NHS number"),
        ("118 129 0589", "an NHS number"),
        ("07700 118 129", "a UK telephone number"),
    ],
)
def test_personal_data_are_refused_by_row_and_not_repeated(tmp_path: Path, detail: str, kind: str) -> None:
    path = written(tmp_path, HEADER + GOOD + f'E01026446,"Ring me: {detail}.",skills,Us,yes\n')
    with pytest.raises(RawFileError) as refused:
        read_stories(path)
    assert f"{kind}: row(s) 3 (quote)" in str(refused.value)
    assert detail not in str(refused.value)


def test_a_column_that_is_not_asked_for_is_searched_too(tmp_path: Path) -> None:
    text = HEADER.replace("consent", "consent,contact") + GOOD.replace(",yes\n", ",yes,07700 900123\n")
    with pytest.raises(RawFileError, match="telephone"):
        read_stories(written(tmp_path, text))


@pytest.mark.parametrize(
    "text",
    [
        "On 24 November 2026 at 10:30",
        "9434765918",
        "£1,234,567 over 5 years",
        "52.6285714286, 1.2923954",
        "E01026446",
        "half of 1,032,576 people",
        "open 9-5 @ the hub",
    ],
)
def test_what_identifies_no_one_is_kept(text: str) -> None:
    assert personal_data(text) == []


UK, ABROAD, NHS, EMAIL = "a UK telephone number", "a telephone number", "an NHS number", "an e-mail address"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *(
            (text, UK)
            for text in (
                "Tel.01603 123456",
                "tel.07700900123",
                "1.07700 900123",
                "7700900123",
                "7700900123.0",
                "1603123456",
                "447700900123",
                "44 7700 900123",
                "44(0)7700900123",
                "+ 44 7700 900123",
                "(+44) 7700 900123",
                "ring 7700 900 123 soon",
                "07700   900123",
                "07700, 900123",
                "07700,900,123",
                "01603 123,456",
                "01603 12-12-12",
                "020.79460958",
                "07700_900_123",
                "07700\u2011900\u2011123",
                "07700 \u2014 900123",
                "07700\r\n  900123",
                "0 7 7 0 0 9 0 0 1 2 3",
                "٠٧٧٠٠٩٠٠١٢٣",
                "०७७०० ९००१२३",
                "0\ufe0f\u20e37700900123",
            )
        ),
        *((text, ABROAD) for text in ("+33 1 23 45 67 89", "+353 1 234 5678", "0033 1 23 45 67 89")),
        *(
            (text, NHS)
            for text in (
                "NHS no.943 476 5919",
                "943.476.5919",
                "943.4765919",
                "943\t476\t5919",
                "943  476  5919",
                "943/476/5919",
                "943\u2014476\u20145919",
                "943, 476, 5919",
                "943\n476\n5919",
                "943 476 5919 12",
                "12 943 476 5919",
                "9 4 3 4 7 6 5 9 1 9",
            )
        ),
        *(
            (text, EMAIL)
            for text in (
                "jo@example. com",
                "jo  @  example.com",
                "jo at example dot com",
                "jo_at_example_dot_com",
                "jo (at) example (dot) com",
                "jo[at]example[dot]co[dot]uk",
                "jo@example dot com",
                "jo@\nexample.com",
            )
        ),
    ],
)
def test_personal_data_in_other_spellings(text: str, kind: str) -> None:
    assert kind in personal_data(text)


@pytest.mark.parametrize(
    "text",
    [
        "01/02/2023 10:30",
        "12/31/2023 11:59",
        "1/2/23 10:30",
        "01-02-2023",
        "01.02.2023-03.04.2024",
        "from 01.02.23 to 03.04.24",
        "2023-01-02T10:30:00",
        "2019-2023",
        "2019, 2020, 2021",
        "people aged 65+ 2019, 2020, 2021",
        "DOI 10.1016/0123456789",
        "ISBN 0-14-143951-3",
        "ISBN 0141439513",
        "0-14-143951-3",
        "ISBN-13: 978-0-14-143951-8",
        "9780141439518",
        "tea @ 10.30",
        "tea @ home. Then we left",
        "2 @ 3.50",
        "£0.50, £0.75, £1.20, £2.00",
        "0.50, 0.75, 1.25, 2",
        "1,032,576, 2,345,678",
        "open 9-5",
        "09.30-12.30, 13.30-15.30",
        "07:00-19:00, 08:00-12:00",
        "0800 number",
        "call 111 or 999",
        "E01026446, 12",
        "52.62857, 1.29239",
        "0.0923954123",
        "we look at www.nhs.uk",
    ],
)
def test_honest_stories_are_kept(text: str) -> None:
    assert personal_data(text) == []


def nhs_number(nine: int) -> str | None:
    return next((f"{nine:09d}{d}" for d in range(10) if is_nhs_number(f"{nine:09d}{d}")), None)


GAPS = st.sampled_from(
    ["", " ", "  ", "\t", ".", "-", "/", ", ", "\n", "\u2011", "\u2014", " \u2013 ", "\u00a0", "\u200b"]
)


@given(st.integers(10**8, 10**9 - 1), GAPS, st.sampled_from(["", "NHS no.", "mine is ", "12 "]))
def test_an_nhs_number_is_found_however_it_is_spaced(nine: int, gap: str, before: str) -> None:
    digits = nhs_number(nine)
    if digits is not None:
        assert NHS in personal_data(f"{before}{digits[:3]}{gap}{digits[3:6]}{gap}{digits[6:]}.")


@given(st.integers(0, 10**9 - 1), GAPS, st.sampled_from(["", "Tel.", "ring ", "(", "2 people: "]))
def test_a_mobile_is_found_however_it_is_spaced(nine: int, gap: str, before: str) -> None:
    digits = f"07{nine:09d}"
    assert UK in personal_data(f"{before}{digits[:5]}{gap}{digits[5:8]}{gap}{digits[8:]}.")


DATES = st.dates(dt.date(1930, 1, 1), dt.date(2039, 12, 31))
FORMATS = st.sampled_from(["%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m/%d/%Y", "%Y-%m-%d", "%d/%m/%y"])


@given(DATES, DATES, FORMATS, st.times(), st.sampled_from(["-", " \u2013 ", " to "]))
def test_dates_and_times_are_no_numbers_of_people(
    start: dt.date, end: dt.date, form: str, time: dt.time, between: str
) -> None:
    first, last = f"{start:{form}}", f"{end:{form}}"
    assert personal_data(f"{first}{between}{last}") == []
    assert personal_data(f"On {first} {time:%H:%M} and {last}, {time:%H:%M:%S}.") == []


@pytest.mark.parametrize("digits", ["9434765919", "4010232137"])
def test_valid_nhs_numbers(digits: str) -> None:
    assert is_nhs_number(digits)


@given(st.integers(0, 10**9 - 1), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_no_nhs_number(nine: int, position: int, change: int) -> None:
    start = f"{nine:09d}"
    valid = next((start + str(d) for d in range(10) if is_nhs_number(start + str(d))), None)
    if valid is not None:
        wrong = valid[:position] + str((int(valid[position]) + change) % 10) + valid[position + 1 :]
        assert not is_nhs_number(wrong)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("place,quote\nA,B\n", "theme, source, consent are missing"),
        (HEADER, "no rows"),
        (HEADER + GOOD.replace(",yes", ",no"), r"consent .* row\(s\) 2"),
        (HEADER + GOOD.replace(",yes", ","), r"consent .* row\(s\) 2"),
        (HEADER + GOOD.replace("skills", ""), r"row 2 \(theme\)"),
        (HEADER + "A,I said, you know,t,s,yes\n", "row 2: 'yes'"),
    ],
)
def test_a_file_that_lacks_something_says_where(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(RawFileError, match=message):
        read_stories(written(tmp_path, text))


def test_the_headers_are_searched_and_not_repeated_either(tmp_path: Path) -> None:
    path = written(
        tmp_path, HEADER.replace("consent", "consent,ada@example.org") + GOOD.replace(",yes\n", ",yes,7700900123\n")
    )
    with pytest.raises(RawFileError) as refused:
        read_stories(path)
    assert "an e-mail address: row(s) 1 (column 6)" in str(refused.value)
    assert "a UK telephone number: row(s) 2 (column 6)" in str(refused.value)
    assert "ada@" not in str(refused.value)


def test_a_header_that_stands_twice_is_refused(tmp_path: Path) -> None:
    text = HEADER.replace("consent", "Consent,consent") + GOOD.replace(",yes\n", ",no,yes\n")
    with pytest.raises(RawFileError, match="'consent' appears more than once, in columns 5 and 6"):
        read_stories(written(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEADER + GOOD + f"A,{'x' * 140_000},t,s,yes\n", r"row 3 \(line 3\) cannot be read: field larger"),
        (
            HEADER + GOOD + 'A,"I said,t,s,yes\n' + GOOD.replace('"', ""),
            r"row 3 .*not closed there and takes in 1 line",
        ),
        (HEADER + GOOD + 'A,"I said,t,s,yes', "row 3 .*not closed"),
        (HEADER + GOOD + "A,\0,t,s,yes\n", "line 3 holds a NUL"),
        ("", "is empty"),
    ],
)
def test_a_file_that_is_no_csv_says_where(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(RawFileError, match=message):
        read_stories(written(tmp_path, text))


def test_what_excel_calls_unicode_text_is_read(tmp_path: Path) -> None:
    path = tmp_path / "stories.csv"
    path.write_text((HEADER + GOOD).replace(", ", "; ").replace(",", "\t"), encoding="utf-16")
    assert len(read_stories(path).frame) == 1


def test_a_story_that_cannot_be_placed_is_named_without_its_place() -> None:
    columns = ("lsoa21_code", "lsoa21_name", "ward_code", "ward_name", "lad_code", "lad_name")
    areas = pd.DataFrame([["E01000001", "Here 001A", "W1", "Ward", "L1", "Here"]], columns=columns)
    points = pd.DataFrame({"lon": [1.0], "lat": [52.0]}, index=["E01000001"])
    stories = pd.DataFrame(
        {
            "file_row": [2, 3],
            "place": ["E01000001", "NR1 9ZZ"],
            "quote": "q",
            "theme": "t",
            "source": "s",
            "consent": "yes",
        }
    )
    placed = place_stories(stories, areas, points, None)
    assert len(placed.frame) == 1
    assert placed.refused == ["row 3: its place is not an LSOA, postcode, ward, district or town of the area"]


NAMES = ("lsoa21_code", "lsoa21_name", "ward_code", "ward_name", "lad_code", "lad_name")
AREAS = pd.DataFrame(
    [
        ["E01000001", "Fen 001A", "W1", "St Benet's", "L1", "King's Lode and Fen"],
        ["E01000002", "Fen 001B", "W1", "St Benet's", "L1", "King's Lode and Fen"],
        ["E01000003", "Fen 002A", "W2", "Quay & Château-Gate", "L1", "King's Lode and Fen"],
        ["E01000004", "Wold 001A", "W3", "Church End", "L2", "Wold"],
        ["E01000005", "Fen 003A", "W4", "Church End", "L1", "King's Lode and Fen"],
    ],
    columns=NAMES,
)
POINTS = pd.DataFrame(
    {"lon": [1.0, 1.2, 1.4, 1.6, 1.8], "lat": [52.0, 52.2, 52.4, 52.6, 52.8]}, index=AREAS["lsoa21_code"]
)
TOWNS = pd.DataFrame({"name": ["Saint-Ívory", "Wold"], "lon": [1.55, 0.1], "lat": [52.55, 50.1], "population": 9})


def placed(*places: str) -> tuple[pd.DataFrame, list[str]]:
    stories = pd.DataFrame(
        {"file_row": range(2, 2 + len(places)), "place": places, "quote": "q", "theme": "t", "source": "s"}
    ).assign(consent="yes")
    result = place_stories(stories, AREAS, POINTS, None, TOWNS)
    return result.frame, result.refused


@pytest.mark.parametrize(
    ("place", "title", "lon"),
    [
        *(
            (name, "St Benet's", 1.1)
            for name in ("St Benet's", "St Benet’s", "ST. BENETS", "Saint Benet`s", "st  benet s")
        ),
        *((name, "St Benet's", 1.1) for name in ("St\u00a0Benetʼs", "stbenets", "St. Benet's, Kings Lode & Fen")),
        *(
            (name, "King's Lode and Fen", 1.35)
            for name in ("King’s Lode & Fen", "kings lode and fen", "King's-Lode–and—Fen", "KING'S LODE AND FEN.")
        ),
        *(
            (name, "Quay & Château-Gate, King's Lode and Fen", 1.4)
            for name in ("Quay and Chateau Gate", "quay & château gate", "Quay&Chateaugate", "Quay – and Château‑Gate")
        ),
        *((name, "Saint-Ívory", 1.55) for name in ("St Ivory", "Saint Ivory", "ST. ÍVORY")),
        ("Church End, Wold", "Church End, Wold", 1.6),
        ("fen 001a", "St Benet's, King's Lode and Fen", 1.0),
        ("e01000003", "Quay & Château-Gate, King's Lode and Fen", 1.4),
        ("Wold", "Church End, Wold", 1.6),
    ],
)
def test_a_place_is_read_as_people_write_it(place: str, title: str, lon: float) -> None:
    frame, refused = placed(place)
    assert refused == []
    assert frame["place"].tolist() == [title]
    assert frame["lon"].tolist() == pytest.approx([lon])


def test_a_name_of_several_places_is_named_with_what_tells_them_apart() -> None:
    frame, refused = placed("Church End")
    assert frame.empty
    assert "row 2: its place is the name of 2 places here" in refused[0]
    assert "Church End, Wold; Church End, King's Lode and Fen" in refused[0]


def test_stories_of_wards_districts_and_towns_only_have_no_code_and_are_a_table() -> None:
    frame, refused = placed("St Benet's", "King's Lode and Fen", "St Ivory")
    assert refused == []
    assert frame["lsoa21_code"].isna().all()


@pytest.mark.parametrize("name", ["St Benet's", "Quay & Château-Gate", "King's Lode and Fen", "Saint-Ívory"])
@given(data=st.data())
def test_signs_capitals_and_spaces_make_no_difference(name: str, data: st.DataObject) -> None:
    signs = st.sampled_from(["", " ", "-", "–", ".", "  ", "\u00a0"])
    words = [data.draw(st.sampled_from([w, w.upper(), w.lower()])) for w in name.replace("-", " ").split(" ")]
    spelt = words[0] + "".join(data.draw(st.sampled_from([" ", "-", "\u00a0", "  "])) + word for word in words[1:])
    assert bare_name(spelt + data.draw(signs)) == bare_name(name)
    assert bare_name(spelt.replace("'", "’").replace("&", "and")) == bare_name(name)


ALARM = 'E01026446,"In the play they ring 07700 900456.",skills,Us,yes\n'


def allowance(row: int = 3, column: str = "quote", text: str = "In the play they ring 07700 900456.") -> StoryAllowed:
    return StoryAllowed(row=row, column=column, text=text_mark(text), why="a number in a play")


def test_a_false_alarm_is_overruled_by_row_column_and_text(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + GOOD + ALARM)
    with pytest.raises(RawFileError) as refused:
        read_stories(path)
    assert f'{{ row = 3, column = "quote", text = "{allowance().text}", why = "..." }}' in str(refused.value)
    assert "900456" not in str(refused.value)
    stories = read_stories(path, None, [allowance()])
    assert len(stories.frame) == 2
    assert stories.notes == ("row 3 (quote) is shown although it looks like a UK telephone number: a number in a play",)


@pytest.mark.parametrize(
    "allowed", [allowance(row=2), allowance(column="theme"), allowance(text="In the play they ring 07700 900457.")]
)
def test_what_is_allowed_for_another_row_column_or_text_allows_nothing(tmp_path: Path, allowed: StoryAllowed) -> None:
    with pytest.raises(RawFileError, match=r"telephone number: row\(s\) 3"):
        read_stories(written(tmp_path, HEADER + GOOD + ALARM), None, [allowed])


def test_one_alarm_overruled_is_not_all_of_them(tmp_path: Path) -> None:
    text = HEADER + GOOD + ALARM + 'E01026446,"jo@example.org",skills,Us,yes\n'
    with pytest.raises(RawFileError, match=r"e-mail address: row\(s\) 4") as refused:
        read_stories(written(tmp_path, text), None, [allowance()])
    assert "row(s) 3" not in str(refused.value)


def test_what_is_allowed_and_no_longer_needed_is_said(tmp_path: Path) -> None:
    notes = read_stories(written(tmp_path, HEADER + GOOD), None, [allowance()]).notes
    assert notes == ("stories_allowed fits nothing in the file for row 3 (quote): remove it from declared/areas.toml",)


def test_a_postcode_says_where_a_story_belongs_and_nothing_else(tmp_path: Path) -> None:
    good = GOOD.replace("E01026446", "QZ1 1AA")
    assert len(read_stories(written(tmp_path, HEADER + good)).frame) == 1
    with pytest.raises(RawFileError, match=r"a full postcode: row\(s\) 3 \(quote\)"):
        read_stories(written(tmp_path, HEADER + good + 'E01026446,"I live in QZ1 1AA",skills,Us,yes\n'))


def test_a_column_of_places_that_is_not_there_is_said_beside_the_postcodes_that_it_would_allow(tmp_path: Path) -> None:
    path = tmp_path / "stories.csv"
    path.write_text("place,quote,theme,source,consent\nQZ1 1AA,I gave up.,Access,Talks,yes\n", encoding="utf-8")
    assert len(read_stories(path).frame) == 1
    with pytest.raises(RawFileError, match="a full postcode.*\n.*There is no column 'Plce'"):
        read_stories(path, {"place": "Plce"})
