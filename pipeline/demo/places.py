"""Invented libraries, GP practices, local initiatives and stories at postcodes of the made-up country."""

import csv

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from pipeline.demo import names

AREAS_PER_LIBRARY, AREAS_PER_PRACTICE, AREAS_PER_INITIATIVE = 14, 8, 40
PRACTICES_PER_NETWORK, AREAS_NOT_TOLD = 3, 50
UNLOCATED = 90
"""The quality of a postcode without coordinates."""
_INITIATIVES = (
    ("Tea and Tech", "skills; somewhere to go", "Tuesdays 10 to 12"),
    ("Device lending shelf", "devices; data", "Weekdays 9 to 5"),
    ("Get Online drop-in", "skills; devices; somewhere to go", "Fridays 2 to 4"),
    ("Digital friend by phone", "skills; remote", "Ring any morning"),
)
_STORIES = (
    (
        "Confidence",
        "I have the app on my phone, but I always ask my daughter to open it. What if I press the wrong thing?",
    ),
    ("Cost", "We share one phone. When the data runs out near the end of the month, so do the appointments."),
    ("Health", "My hands shake, so the little boxes for the code are the end of it for me."),
    ("Distance", "The bus to the library goes twice a day. If the session is full, I have lost the day."),
    ("Help that helped", "She sat with me three times, and the third time I did it on my own."),
)
_ANSWERS = (
    (
        "Access to devices and data", "1", "3",
        "Lend devices with data through libraries in the wards on the list; ask about both at first contact.",
        "Digital inclusion lead, with the library service", "31 March 2027",
    ),
    (
        "Accessibility and ease of using technology", "2", "3",
        "Try the booking form with people who seldom go online before each change.",
        "Digital team of the board", "2026-09-30",
    ),
    (
        "Skills and capability", "2", "4",
        "Train reception staff; one referral form for all drop-ins; count who comes and what they can do afterwards.",
        "Training hub", "30/09/2027",
    ),
    ("Beliefs and trust", "", "", "", "", ""),
    ("Leadership and partnerships", "3", "3", "Keep the quarterly review.", "Director of partnerships", ""),
)  # fmt: skip
_SERVICES = (
    "archives", "arts centre", "care home or hostel", "catering, bars or pub", "civic", "community",
    "faith buildings", "health", "hotel", "industrial or business", "library", "museum", "retail",
    "schools or colleges", "universities or higher education", "other", "other text",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LIBRARY_COLUMNS = (
    "Reporting service", "Reporting service code", "Name", "Type", "Address 1", "Address 2", "Address 3", "Postcode",
    "Unique property reference number", "Easting", "Northing", "Longitude", "Latitude", "Upper tier local authority",
    "Statutory in 2010", "Statutory in 2016", "Statutory in 2019", "Statutory in 2021", "Statutory in 2022",
    "Statutory in 2023", "Operation in 2016", "Operation in 2019", "Operation in 2021", "Operation in 2022",
    "Operation in 2023", "Year opened", "Year closed", "Operating organisation", "Department", "New build in 2022",
    "Co-located",
    *(f"Co-located {service}" for service in _SERVICES),
    *(f"{day} opening times" for day in _DAYS),
    "Hours open per week", "Staffed hours per week", "Automated", "Email or website", "Rural urban classification code",
    "Rural urban classification description", "Index of multiple deprivation rank",
    "Index of multiple deprivation decile",
)  # fmt: skip


def _some(postcodes: pd.DataFrame, per: int, random: np.random.Generator) -> NDArray[np.int64]:
    """Rows of ``postcodes`` that have coordinates, in different areas."""
    located = np.flatnonzero(postcodes["quality"].to_numpy() != UNLOCATED)
    first = pd.Series(located).groupby(postcodes["area"].to_numpy()[located]).first().to_numpy()
    return np.sort(random.choice(first, max(5, len(first) // per), replace=False))


def libraries(codes: pd.DataFrame, postcodes: pd.DataFrame, seed: int) -> str:
    """The table of libraries: most of them open, some closed, mobile or run by volunteers; all text quoted."""
    random = np.random.default_rng([seed, 50])
    rows = _some(postcodes, AREAS_PER_LIBRARY, random)
    place, here = postcodes.iloc[rows], codes.iloc[postcodes["area"].to_numpy()[rows]]
    frame = pd.DataFrame("", index=range(len(rows)), columns=list(LIBRARY_COLUMNS), dtype=object)
    frame["Reporting service"] = "Saltmarsh and the Wolds Libraries (fictional)"
    frame["Reporting service code"] = names.code("E10", 0)
    frame["Name"] = (here["WD24NM"] + " Library").to_numpy()
    frame["Type"] = np.where(np.arange(len(rows)) % 23 == 22, "Mobile Library", "Static Library")
    frame["Address 1"] = [f"{number} Invented Street" for number in range(1, len(rows) + 1)]
    frame["Address 2"] = here["LAD24NM"].to_numpy()
    frame["Postcode"] = place["postcode"].to_numpy()
    frame["Easting"], frame["Northing"] = place["easting"].to_numpy(), place["northing"].to_numpy()
    frame["Upper tier local authority"] = "Saltmarsh and the Wolds (fictional)"
    closed = np.arange(len(rows)) % 11 == 10
    for year in (2010, 2016, 2019, 2021, 2022, 2023):
        frame[f"Statutory in {year}"] = np.where(closed, "No", "Yes")
    operator = np.array(["LA", "LA", "LA", "CR", "C"])[np.arange(len(rows)) % 5]
    for year in (2016, 2019, 2021, 2022, 2023):
        frame[f"Operation in {year}"] = np.where(closed, "", operator)
    frame["Year closed"] = np.where(closed, "2014", "")
    hours = random.integers(10, 56, len(rows)).astype(str)
    for column in ("Hours open per week", "Staffed hours per week"):
        frame[column] = np.where(closed, "", hours)
    frame["Co-located"] = "No"
    frame["Automated"] = np.where(closed, "", "No")
    return _quoted([list(LIBRARY_COLUMNS), *frame.to_numpy().tolist()], empty="")


def gp_practices(codes: pd.DataFrame, postcodes: pd.DataFrame, seed: int) -> str:
    """The NHS list of practices, without header: most active, some closed, some not GP practices (26th column)."""
    random = np.random.default_rng([seed, 60])
    rows = []
    for number, row in enumerate(_some(postcodes, AREAS_PER_PRACTICE, random)):
        here = codes.iloc[postcodes["area"].iloc[row]]
        closed, location = number % 9 == 8, here["SICBL24CDH"]
        setting = "0" if number % 13 == 12 else "4"
        rows.append(
            [
                f"Z{90_001 + number}", f"{here['WD24NM']} SURGERY".upper(), "Y99", here["ICB24CDH"],
                f"{number + 1} INVENTED STREET", here["WD24NM"].upper(), here["LAD24NM"].upper(), "", "",
                postcodes["postcode"].iloc[row], "19740401", "20190331" if closed else "", "C" if closed else "A", "B",
                location, "20200401", "", "01632 960001", "", "", "", "0", "", location, "", setting, "",
            ]
        )  # fmt: skip
    return _quoted(rows, empty='""')


def patients(
    codes: pd.DataFrame, postcodes: pd.DataFrame, residents: NDArray[np.int64], seed: int
) -> tuple[pd.DataFrame, str]:
    """Patients of the practices that are open by LSOA, as NHS England gives them, and the networks of the practices.

    Everybody is registered with one of the two nearest practices, but for those in a few areas whose LSOA is not told.

    Args:
        residents: of each area.
    """
    random = np.random.default_rng([seed, 62])
    listed = list(csv.reader(gp_practices(codes, postcodes, seed).splitlines()))
    places = postcodes.set_index("postcode")[["easting", "northing"]].to_numpy(dtype="float64")
    row_of = {postcode: row for row, postcode in enumerate(postcodes["postcode"])}
    practices = [row for row in listed if row[12] == "A" and row[25] == "4"]
    sites = places[[row_of[row[9]] for row in practices]]
    located = postcodes[postcodes["quality"] != UNLOCATED]
    homes = located.groupby("area")[["easting", "northing"]].mean().reindex(range(len(codes)))
    _, nearest = cKDTree(sites).query(homes.fillna(homes.mean()).to_numpy(), k=min(2, len(sites)))
    nearest = nearest.reshape(len(codes), -1)
    parts = np.round(residents * random.uniform(0.55, 0.95, len(codes))).astype("int64")
    rows = []
    for area, (first, *others) in enumerate(nearest.tolist()):
        given = {first: int(parts[area]), **{other: int(residents[area] - parts[area]) for other in others}}
        lsoa = "NO2021" if area % AREAS_NOT_TOLD == AREAS_NOT_TOLD - 1 else codes["LSOA21CD"].iloc[area]
        rows += [(practices[at][0], practices[at][1], lsoa, number) for at, number in given.items() if number]
    table = pd.DataFrame(rows, columns=["PRACTICE_CODE", "PRACTICE_NAME", "LSOA_CODE", "NUMBER_OF_PATIENTS"])
    keys = ["PRACTICE_CODE", "PRACTICE_NAME", "LSOA_CODE"]
    table = table.groupby(keys, sort=True)["NUMBER_OF_PATIENTS"].sum().reset_index()
    table.insert(0, "PUBLICATION", "GP_PRAC_PAT_LIST")
    table.insert(1, "EXTRACT_DATE", "01OCT2026")
    table.insert(5, "SEX", "ALL")
    return table, _networks(practices)


def _networks(practices: list[list[str]]) -> str:
    """The report of core partners: three practices a network, and one that has left its network."""
    rows: list[list[object]] = []
    for number, row in enumerate(practices):
        network = number // PRACTICES_PER_NETWORK
        board = row[3]
        rows.append(
            [
                row[0],
                row[1],
                board,
                "",
                f"U9{network:04}",
                f"INVENTED {network + 1} PCN",
                board,
                "",
                "20190701",
                "",
                "Yes",
            ]
        )
    left = practices[0]
    rows.append([left[0], left[1], left[3], "", "U99999", "FORMER PCN", left[3], "", "20190701", "20200331", "Yes"])
    return _quoted(rows, empty='""')


def initiatives(codes: pd.DataFrame, postcodes: pd.DataFrame, seed: int) -> pd.DataFrame:
    """An analyst's list of local initiatives, one of them at an unknown postcode."""
    random = np.random.default_rng([seed, 65])
    rows = []
    for number, row in enumerate(_some(postcodes, AREAS_PER_INITIATIVE, random)):
        name, offers, opening = _INITIATIVES[number % len(_INITIATIVES)]
        ward = codes["WD24NM"].iloc[postcodes["area"].iloc[row]]
        code = postcodes["postcode"].iloc[row]
        rows.append([f"{name}, {ward}", code, offers, opening, 0.25 + 0.25 * (number % 3)])
    rows.append(["Pop-up help desk", "QZ99 9ZZ", "skills", "", 0.25])
    return pd.DataFrame(rows, columns=["Name", "Postcode", "What it offers", "Opening times", "Capacity"])


def stories(codes: pd.DataFrame, postcodes: pd.DataFrame, seed: int) -> pd.DataFrame:
    """What invented people said: by LSOA, by postcode and by the name of a ward."""
    random = np.random.default_rng([seed, 67])
    located = _some(postcodes, 1, random)
    chosen = located[random.choice(len(located), len(_STORIES), replace=False)]
    rows = []
    for number, (row, (theme, quote)) in enumerate(zip(chosen, _STORIES, strict=True)):
        area = codes.iloc[postcodes["area"].iloc[row]]
        place = (area["LSOA21CD"], postcodes["postcode"].iloc[row], area["WD24NM"])[number % 3]
        rows.append([place, quote, theme, "Made up for the fictional area", "yes"])
    return pd.DataFrame(rows, columns=["place", "quote", "theme", "source", "consent"])


def self_assessment() -> pd.DataFrame:
    """What an invented team answers: one theme overdue, one that stays, one without a date, one not answered."""
    return pd.DataFrame(_ANSWERS, columns=["theme", "now", "target", "how", "owner", "by_when"])


def _quoted(rows: list[list[object]], empty: str) -> str:
    return "\n".join(",".join(_cell(value, empty) for value in row) for row in rows) + "\n"


def _cell(value: object, empty: str) -> str:
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"' if value else empty
    return str(value)
