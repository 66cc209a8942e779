"""Invented names and codes that exist nowhere."""

ICB = "NHS Saltmarsh and the Wolds Integrated Care Board (fictional)"
SUB_ICB = "NHS Saltmarsh and the Wolds ICB - 90Z (fictional)"

DISTRICTS = (
    "Gullhaven",
    "Candlewick Vale",
    "North Wold (fictional)",
    "Saltmarsh Coast",
    "Tidebury",
    "Mereside Fen (fictional)",
    "Larkmoor",
    "Otterstrand",
)
_FIRST = [
    "Lantern",
    "Gull",
    "Barley",
    "Thistle",
    "Copper",
    "Willow",
    "Samphire",
    "Heron",
    "Marram",
    "Quince",
    "Bramble",
    "Kestrel",
    "Pebble",
    "Juniper",
    "Curlew",
    "Tallow",
    "Clover",
    "Anchor",
    "Plover",
    "Sorrel",
]
_SECOND = ["hill", "wick", "staithe", "mere", "thorpe", "fold", "gate", "holm", "ness", "beck"]


def district(number: int) -> str:
    """The name of a district; beyond the eight written ones, numbered."""
    name = DISTRICTS[number % len(DISTRICTS)]
    return name if number < len(DISTRICTS) else f"{name} {number // len(DISTRICTS) + 1}"


def ward(number: int) -> str:
    """The name of a ward."""
    name = _FIRST[number % len(_FIRST)] + _SECOND[number // len(_FIRST) % len(_SECOND)]
    turn = number // (len(_FIRST) * len(_SECOND))
    return name if not turn else f"{name} {turn + 1}"


def lsoa(district_name: str, number: int) -> str:
    """The name of an LSOA, as the census office forms them: district, a number, a letter for each four or five."""
    return f"{district_name} {number // 5 + 1:03d}{'ABCDE'[number % 5]}"


def code(prefix: str, number: int) -> str:
    """A code of the ONS form from 900001 up, where none is given out."""
    return f"{prefix}{900_001 + number:06d}"
