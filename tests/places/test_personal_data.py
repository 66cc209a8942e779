"""What identifies someone is noticed however it is written; what identifies no one is left alone."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.places.personal_data import (
    ABROAD,
    ACCOUNT,
    BANK,
    BIRTH,
    EMAIL,
    INSURANCE,
    LICENCE,
    NHS,
    POSTCODE,
    STREET,
    UK,
    VEHICLE,
    is_nhs_number,
    personal_data,
)
from pipeline.places.spoken_numbers import numbers_in

DISGUISED = {
    UK: """
        my number is oh seven seven oh oh, nine double oh, four five six
        zero seven, double seven, double zero, four five six, seven eight nine
        nought one six three two nine six oh triple one two
        O-one-six-three-two, 960-two-two-two
        07700 nine hundred 456
        07700-nine-zero-zero-four-five-six
        plus four four seven seven double zero nine zero zero four five six
        O77OO 9OO456
        o77oo 9oo456
        0770O 9OO4S6
        07700x900x456
        07700 X 900 X 456
        07700.900.456
        07700/900/456
        07700*900*456
        07700~900~456
        07700 | 900 | 456
        07700 😀 900 😀 456
        0☎7☎7☎0☎0☎9☎0☎0☎4☎5☎6
        07700 dash 900 dash 456
        07700, then 900, then 456
        077-00-90-04-56
        07700‍900‍456
        ０７７００ ９００４５６
        ٠٧٧٠٠٩٠٠٤٥٦
        tel: 1632 960456
        tel 1632.960.456
        1632 960 456
        1632960456
        (1632) 960456
        seven seven double zero nine double zero four five six
        two zero seven nine four six oh four five six
        ring me on 960456
        my mobile is 7700 900456
        WhatsApp me: 7700-900-456
        +44 (0) 7700 900456
        0044 (0)7700 900456
        &#48;7700 900456
    """,
    ABROAD: "+33 6 12 34 56 78 \n 0033 612345678 \n plus three three six one two three four five six seven eight",
    EMAIL: """
        j o d o t bloggs a t example d o t org
        j o @ e x a m p l e . o r g
        jo＠example。org
        ｊｏ＠ｅｘａｍｐｌｅ．ｏｒｇ
        jo_at_example.org
        jo-at-example.org
        jo*at*example.org
        jo@localhost
        jo@intranet
        jo [at] example [dot] org
        jo {at} example {dot} org
        jo <at> example <dot> org
        jo(a)example.org
        jo ⓐ example.org
        jo AT example DOT org
        jo at mail dot example dot co dot uk
        jo at example full stop org
        jo&#64;example&#46;org
        jo&commat;example.org
        jo%40example.org
        jo​@​example.org
        jo@example,org
        jo.bloggs at example.org
        jo at gmail.com
        jo at hotmail dot co dot uk
        e-mail jo at example.org
    """,
    NHS: """
        943 476 591 9
        943 abc 476 5919
        943 and then 476 and 5919
        9434 765 919
        94 34 76 59 19
        nine four three, four seven six, five nine one nine
        nine four three 476 five nine one nine
        943x476x5919
        943 😀 476 😀 5919
        ９４３ ４７６ ５９１９
        943 476 S9I9
        NHS number: 943 476 5918
    """,
    INSURANCE: """
        QQ 12 34 56 C
        QQ123456C
        qq 12 34 56 c
        AB-12-34-56-D
        AB.12.34.56.A
        my NI number is ab123456c
        AB I2 34 5O A
    """,
    POSTCODE: "I live in QZ1 1AA \n qz11aa \n QZ1-1AA \n QZ1.1AA \n Q Z 1 1 A A \n QZ1A 1AB \n QZ1 😀 1AA \n QZ1　1AA",
    STREET: """
        12 High Street
        12 high street
        I live at 14a, Church Lane, and love it
        at 7 St. Peter's Road
        No. 22 Acacia Avenue
        twenty-two Acacia Avenue
        Flat 3, Rose Court
        24-26 Long Meadow Close
        she is in ///filled.count.soap
    """,
    BIRTH: """
        born on 3 March 1951
        Born 03/03/1951
        DOB 03/03/51
        d.o.b. 3.3.1951
        date of birth: 1951-03-03
        my birthday is the 3rd of March
    """,
    ACCOUNT: """
        facebook.com/jo.bloggs.9
        https://www.instagram.com/jobloggs
        linkedin.com/in/jo-bloggs
        find me @jobloggs99
        https://example.org/users/jobloggs
        wa.me/447700900456
    """,
    BANK: """
        sort code 12-34-56
        12-34-56 12345678
        account number 12345678
        4111 1111 1111 1111
        4111-1111-1111-1111
        GB29 NWBK 6016 1331 9268 19
    """,
    VEHICLE: "I drive AB12 CDE \n AB12CDE",
    LICENCE: "MORGA753116SM9IJ",
}
INNOCENT = """
two of nine, and nine of ten
In 2019 I gave up; by 2021 I had a tablet
2019, 2020, 2021 and 2022
1990 2000 2010
The 21 bus comes at 9.15
bus 25 to Dereham Road
bus 21 Dereham Road
bus number 25, route 12 High Street
Open 9-5 High Street Library
open 9 to 5
Open 9am to 5pm Monday to Friday, 10 to 4 on Saturday
Monday 10.30-12.30, Thursday 14.00-16.00
8.30am, 12.15pm, 5.45pm
The library opens 09:00-17:30
It costs £1,500 a year
£12.99 a month for 18 months, then £24
call 111 or 999, or 119 for the vaccine
dial 101
call 116 123
ring 116123
text SHOUT to 85258
the 0800 number
I am 78 and have 3 grandchildren, 5, 7 and 11
20%, 30%, 40%, 50%, 60% of us
It takes 45 minutes and two buses, 12 miles each way
I waited 1 hour 20 minutes on the phone
5G does not reach us; 4G on a good day
a 100 Mbit/s line, we get 2.5
Press 1 for English, 2 for repeat, 3 for appointments
On 3 March 2024 the surgery changed
I was born in 1948
born in Norwich
the 1960s and the 80s
We are 3 miles from the High Street
There are 12 people in our street
There were 20 shops in the high street, now 4
20 metres down church road
our 12 volunteers drive people
one High Street bank closed
the two High Street branches
On 5 May Road works began
In 15 years Park Road never had fibre
in 2019 Norwich Road library closed
I look at www.nhs.uk and gov.uk
apply at example.org
the form at www.gov.uk asks twice
https://www.nhs.uk/nhs-app/
NHS@home was good
Covid Oximetry @home
open 9-5 @ the hub
stay-at-home mum
Windows 10 and Office 365, iOS 17.4
a password of 12 characters with 1 capital and 2 numbers
Form SF300 and DS1500
the A11 and the A47, M6 2nd exit
E10 1st floor
A4, 3 pages
Ward 7, room 12, floor 3
step 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
population 1,032,576
about 1 000 000 people
charity number 1234567
page 12 of 345
at ten thirty or half past two
ten years, twenty years, thirty years
one two three, easy as that
it said error 404, then 0x80070057
a six digit code that lasts 60 seconds
I waited twenty minutes, then ten, then another fifteen
24/7, 50:50, 20/20 vision
120 of 450 in 2019
15 000 households
half past nine, quarter to ten
oh no, not again
double trouble
E01026446 and W01000001
on 10 12 24 a week later
"""


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize("kind", DISGUISED)
@pytest.mark.parametrize("around", ["{}", "Ask me: {}.", "I said ({}) and that was it, at 10:30 in 2024"])
def test_a_disguise_is_seen_through(kind: str, around: str) -> None:
    said = {text: around.format(text) for text in lines(DISGUISED[kind])}
    if "1632960456" in said and around != "{}":
        said["1632960456"] = "1632960456, thanks"
    assert said
    assert [text for text in said.values() if kind not in personal_data(text)] == []


def test_what_identifies_no_one_is_left_alone() -> None:
    seen = {text: personal_data(text) for text in lines(INNOCENT)}
    assert len(seen) > 50
    assert {text: kinds for text, kinds in seen.items() if kinds} == {}


def test_a_postcode_counts_unless_it_says_where_a_story_belongs() -> None:
    assert personal_data("QZ1 1AA") == [POSTCODE]
    assert personal_data("QZ1 1AA", postcodes=False) == []
    assert personal_data("12 High Street, QZ1 1AA", postcodes=False) == [STREET]


WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
GAPS = st.text(st.sampled_from(" .,-–—/\\|*~·•_()[]😀☎️\u200b\u00a0\n"), min_size=1, max_size=4)


@st.composite
def spoken(draw: st.DrawFn, digits: str) -> str:
    """``digits`` one by one, each as a digit, a letter or a word, with the same between all of them."""
    parts = []
    for digit in digits:
        ways = [digit, WORDS[int(digit)], chr(ord("０") + int(digit)), chr(ord("٠") + int(digit))]
        parts.append(draw(st.sampled_from(ways)))
    return draw(GAPS).join(parts)


@given(st.data(), st.integers(0, 10**9 - 1))
def test_a_mobile_number_is_seen_however_each_digit_is_written(data: st.DataObject, nine: int) -> None:
    assert UK in personal_data(data.draw(spoken(f"07{nine:09d}")))


@given(st.data(), st.integers(10**8, 10**9 - 1))
def test_an_nhs_number_is_seen_however_each_digit_is_written(data: st.DataObject, nine: int) -> None:
    digits = next((f"{nine}{last}" for last in range(10) if is_nhs_number(f"{nine}{last}")), None)
    if digits is not None:
        assert NHS in personal_data(data.draw(spoken(digits)))


@given(st.text(max_size=200))
def test_any_text_is_judged_alike_each_time_and_none_fails(text: str) -> None:
    assert personal_data(text) == personal_data(text)


@pytest.mark.parametrize("part", ["a ", "1 2 3 ", "a.a", "@", "(", "12 A ", "dot ", "zero ", "a@", "&amp;", "at "])
def test_a_long_text_takes_no_long_time(part: str) -> None:
    begun = time.process_time()
    personal_data(part * (20_000 // len(part)))
    assert time.process_time() - begun < 5


def test_a_detail_deep_in_a_long_text_is_seen() -> None:
    for before in range(1_500, 2_500, 97):
        assert personal_data("word " * (before // 5) + "ring 07700 900456 please " + "word " * 300) == [UK]


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("nine hundred and double-oh seven", ["900", "00", "7"]),
        ("treble 5", ["555"]),
        ("twenty-one, seventy", ["21", "70"]),
        ("O77OO 9OO1l3", ["07700", "900113"]),
        ("Oil is not 1", ["1"]),
        ("12x34", ["12", "34"]),
    ],
)
def test_numbers_are_read_as_they_are_said(text: str, digits: list[str]) -> None:
    assert [item.digits for item in numbers_in(text)] == digits
