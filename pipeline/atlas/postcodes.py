"""Postcodes as compact text for the atlas page: each with its area, or only their sectors.

The layout is written down in ``docs/atlas-format.md``.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from pipeline.atlas.packing import compress, encode_varints, framed, zigzag

ALPHABET = 26


def pack_postcodes(postcodes: pd.DataFrame, codes: Sequence[str], *, whole: bool) -> dict[str, Any]:
    """The ``postcodes`` object of the atlas page.

    Args:
        postcodes: ``postcode`` (one space before its last three characters) and ``lsoa21_code``.
        codes: the LSOAs of the page in the order of its table.
        whole: keep every postcode; otherwise each sector ("NR2 3"), at the area that holds most of its postcodes.
    """
    area = pd.Series(range(len(codes)), index=list(codes), dtype="int64")
    frame = pd.DataFrame(
        {
            "sector": postcodes["postcode"].str[:-2],
            "unit": postcodes["postcode"].str[-2:],
            "area": postcodes["lsoa21_code"].map(area),
        }
    )
    frame = frame[frame["area"].notna()].astype({"area": "int64"}).sort_values(["sector", "unit"], ignore_index=True)
    if not whole:
        frame = _most_common(frame)
    sectors = frame.groupby("sector", sort=True).size()
    streams = {"areas": encode_varints(zigzag(np.diff(frame["area"].to_numpy(), prepend=np.int64(0))))}
    if whole:
        letters = frame["unit"].map(lambda unit: (ord(unit[0]) - ord("A")) * ALPHABET + ord(unit[1]) - ord("A"))
        within = letters.groupby(frame["sector"]).diff().fillna(letters).to_numpy(dtype=np.int64)
        streams |= {"counts": encode_varints(sectors.to_numpy()), "units": encode_varints(within)}
    at, length = {}, 0
    for name, content in streams.items():
        at[name] = [length, len(content)]
        length += len(content)
    packed = compress(framed({"sectors": list(sectors.index), "at": at}, b"".join(streams.values())))
    return {"whole": whole, "count": len(frame), "packed": packed}


def _most_common(frame: pd.DataFrame) -> pd.DataFrame:
    """One row for each sector: the area that holds most of its postcodes, the first of several."""
    counts = frame.groupby(["sector", "area"], as_index=False).size()
    order = counts.sort_values(["sector", "size", "area"], ascending=[True, False, True])
    return order.drop_duplicates("sector", ignore_index=True)[["sector", "area"]]
