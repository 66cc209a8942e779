"""Invented names, and codes that do not exist."""

ICB = "NHS Saltmarsh and the Wolds Integrated Care Board (fictional)"

_DISTRICTS = (
    "Gullhaven", "Saltmarsh", "Candlewick Vale", "North Wold", "Samphire Coast", "Otterstrand", "Larkmoor Hundred",
    "Tidebury",
)  # fmt: skip
_DISTRICT_FIRST = (
    "Amber", "Barley", "Candle", "Dapple", "Ember", "Fennel", "Gossamer", "Hazel", "Ivory", "Juniper", "Kestrel",
    "Linnet", "Mallow", "Nettle", "Osier", "Pebble", "Quill", "Russet", "Sorrel", "Tallow", "Umber", "Velvet", "Wicker",
    "Yarrow",
)  # fmt: skip
_DISTRICT_SECOND = ("sands", "marsh", "combe", "wold", "reach", "hythe", "fleet", "dale", "moor", "strand")
_DISTRICT_KIND = ("", " Vale", " Forest", " Hundred", " Downs")
_TOWN_SECOND = ("minster", "port", "bourne", "stow", "bury", "haven", "ham")
_WARD_FIRST = (
    "Lantern", "Bellows", "Barleycorn", "Thistledown", "Coppice", "Lobster", "Samphire", "Bittern", "Marram",
    "Bramblewick", "Kittiwake", "Cockleshell", "Nightjar", "Mooring", "Tallowman", "Cloverlea", "Capstan", "Dunlin",
    "Sorrelby",
    "Wheelwright", "Quillet", "Sandpiper", "Rushlight", "Honeypot", "Oystercatcher", "Millrace", "Gooseberry",
    "Driftwood", "Tinder", "Whelk",
)  # fmt: skip
_WARD_SECOND = (
    "hill",
    " Staithe",
    "mere",
    " Quay",
    " Green",
    "fold",
    "gate",
    " Holm",
    " Beck",
    " Point",
    " Lane",
    "wick",
)
_MSOA_SECOND = ("Park", "Common & Harbour", "North", "Cross", "South", "Heath", "Fields")
FORMER_DISTRICT = "Lobster Hundred"
"""The name, in 2011, of the district that the first areas lie in."""
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def district(number: int) -> str:
    """The name of a district."""
    if number < len(_DISTRICTS):
        return _DISTRICTS[number]
    number -= len(_DISTRICTS)
    first, rest = number % len(_DISTRICT_FIRST), number // len(_DISTRICT_FIRST)
    second, kind = (first + rest) % len(_DISTRICT_SECOND), rest // len(_DISTRICT_SECOND)
    turn = kind // len(_DISTRICT_KIND)
    name = _DISTRICT_FIRST[first] + _DISTRICT_SECOND[second] + _DISTRICT_KIND[kind % len(_DISTRICT_KIND)]
    return name if not turn else f"{name} {turn + 1}"


def ward(number: int) -> str:
    """The name of a ward; it is repeated far away, as ward names are."""
    first, rest = number % len(_WARD_FIRST), number // len(_WARD_FIRST)
    return _WARD_FIRST[first] + _WARD_SECOND[(first * 5 + rest) % len(_WARD_SECOND)]


def msoa(number: int) -> str:
    """What people call an MSOA; it is repeated far away, as such names are."""
    first, rest = number % len(_WARD_FIRST), number // len(_WARD_FIRST)
    return f"{_WARD_FIRST[-1 - first]} {_MSOA_SECOND[(first + rest) % len(_MSOA_SECOND)]}"


def town(number: int) -> str:
    """The name of a town, the largest first."""
    first, turn = number % len(_DISTRICT_FIRST), number // len(_DISTRICT_FIRST)
    return _DISTRICT_FIRST[(first * 7) % len(_DISTRICT_FIRST)] + _TOWN_SECOND[(first + turn) % len(_TOWN_SECOND)]


def lsoa(district_name: str, group: int, position: int) -> str:
    """The name of an LSOA, as the census office forms them: district, number of the group, letter within it."""
    return f"{district_name} {group + 1:03d}{_LETTERS[position]}"


def icb(number: int) -> str:
    """The name of an Integrated Care Board; the first is the one that the country is named after."""
    return ICB if number == 0 else f"NHS {district(8 + 7 * number)} Integrated Care Board (fictional)"


def sub_icb(board: int, letters: str) -> str:
    """The name of a Sub-ICB location of the board with that number."""
    return icb(board).replace("Integrated Care Board (fictional)", f"ICB - {letters} (fictional)")


def board_letters(number: int) -> str:
    """The three characters by which the NHS calls a board: ``Q9Z``, ``Q9Y`` ..."""
    return f"Q{9 - number // 26 % 10}{_LETTERS[25 - number % 26]}"


def location_letters(number: int) -> str:
    """The three characters by which the NHS calls a Sub-ICB location: ``99Z``, ``99Y`` ..."""
    return f"9{9 - number // 26 % 7}{_LETTERS[25 - number % 26]}"


def code(prefix: str, number: int) -> str:
    """An ONS code that does not exist: from ``E01900001``; when those are used up, from ``E01500001``."""
    return f"{prefix}{900_001 + number if number < 99_999 else 500_001 + number - 99_999}"
