"""Postcodes as compact text for the page, each with its area, or only their sectors; see ``docs/contract.md``."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.atlas.contract import PackedPostcodes, PostcodesHeader, PostcodeStreams, SectorStreams
from pipeline.atlas.packing.encoding import Integers, compress, differences, encode_varints, frame, lay, zigzag

ALPHABET = 26


def pack_postcodes(postcodes: pd.DataFrame, codes: Sequence[str], *, complete: bool) -> PackedPostcodes:
    """Postcodes as the page carries them; those outside its areas are left out.

    Args:
        postcodes: ``postcode`` (one space before its last three characters) and ``lsoa21_code``.
        codes: the LSOAs of the page in the order of its table.
        complete: keep every postcode; otherwise each sector ("NR2 3") with all areas that its postcodes lie in.
    """
    number, listed = pd.factorize(postcodes["lsoa21_code"])
    area = pd.Index(codes).get_indexer(pd.Index(listed))[number]
    inside = area >= 0
    written, area = postcodes["postcode"][inside], area[inside]
    sector, sectors = pd.factorize(written.str[:-2], sort=True)
    if complete:
        units = _letters(written.str[-2:])
        order = np.lexsort((units, sector))
        content, places = lay(_streams(sector[order], area[order], units[order]))
        at: PostcodeStreams | SectorStreams = PostcodeStreams(**places)
    else:
        sector, area = _distinct(sector, area)
        content, places = lay(
            {
                "areas": encode_varints(zigzag(differences(area))),
                "counts": encode_varints(np.bincount(sector, minlength=len(sectors))),
            }
        )
        at = SectorStreams(**places)
    header = PostcodesHeader(sectors=tuple(sectors), at=at)
    return PackedPostcodes(
        whole=complete, count=len(area) if complete else len(sectors), packed=compress(frame(header, content))
    )


def _letters(units: "pd.Series[str]") -> Integers:
    """The last two letters of each postcode as one number: 26 times the first plus the second, from A = 0."""
    number, letters = pd.factorize(units)
    values = [(ord(pair[0]) - ord("A")) * ALPHABET + ord(pair[1]) - ord("A") for pair in letters]
    of_unit: Integers = np.array(values, dtype=np.int64)[number]
    return of_unit


def _streams(sector: Integers, area: Integers, units: Integers) -> dict[str, bytes]:
    """The streams of postcodes in order; within a sector, each unit is a difference from the one before."""
    first = np.diff(sector, prepend=-1) > 0
    return {
        "areas": encode_varints(zigzag(differences(area))),
        "counts": encode_varints(np.bincount(sector)),
        "units": encode_varints(np.where(first, units, differences(units))),
    }


def _distinct(sector: Integers, area: Integers) -> tuple[Integers, Integers]:
    """Each pair of a sector and an area that holds one of its postcodes, once, by sector and then by area."""
    areas = int(area.max(initial=0)) + 1
    pairs = np.unique(sector.astype(np.int64) * areas + area)
    return pairs // areas, pairs % areas
