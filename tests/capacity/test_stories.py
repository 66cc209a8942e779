import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.capacity import read_stories
from pipeline.capacity.stories import is_nhs_number, personal_data
from pipeline.errors import RawFileError

HEADER = "place,quote,theme,source,consent\n"
GOOD = 'E01026446,"I ask my grandson, he does it all",skills,"Healthwatch, May 2026",yes\n'


def written(tmp_path, text):
    path = tmp_path / "stories.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_file_is_read(tmp_path):
    found = read_stories(written(tmp_path, HEADER + GOOD))
    assert found["quote"].tolist() == ["I ask my grandson, he does it all"]
    assert found["row"].tolist() == [2]


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
    ],
)
def test_personal_data_are_refused_by_row_and_not_repeated(tmp_path, detail, kind):
    path = written(tmp_path, HEADER + GOOD + f'E01026446,"Ring me: {detail}.",skills,Us,yes\n')
    with pytest.raises(RawFileError) as refused:
        read_stories(path)
    assert f"{kind}: row(s) 3" in str(refused.value)
    assert detail not in str(refused.value)


def test_a_column_that_is_not_asked_for_is_searched_too(tmp_path):
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
        "NR1 1AA",
        "E01026446",
        "half of 1,032,576 people",
        "open 9-5 @ the hub",
    ],
)
def test_what_identifies_no_one_is_kept(text):
    assert personal_data(text) == []


@pytest.mark.parametrize("digits", ["9434765919", "4010232137"])
def test_valid_nhs_numbers(digits):
    assert is_nhs_number(digits)


@given(st.integers(0, 10**9 - 1), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_no_nhs_number(nine, position, change):
    start = f"{nine:09d}"
    valid = next((start + str(d) for d in range(10) if is_nhs_number(start + str(d))), None)
    if valid is not None:
        wrong = valid[:position] + str((int(valid[position]) + change) % 10) + valid[position + 1 :]
        assert not is_nhs_number(wrong)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("place,quote\nA,B\n", "theme, source, consent is not there"),
        (HEADER, "no stories"),
        (HEADER + GOOD.replace(",yes", ",no"), r"consent .* row\(s\) 2"),
        (HEADER + GOOD.replace(",yes", ","), r"consent .* row\(s\) 2"),
        (HEADER + GOOD.replace("skills", ""), r"row 2 \(theme\)"),
        (HEADER + "A,I said, you know,t,s,yes\n", r"row\(s\) 2 do not have 5 cells"),
    ],
)
def test_a_file_that_lacks_something_says_where(tmp_path, text, message):
    with pytest.raises(RawFileError, match=message):
        read_stories(written(tmp_path, text))
