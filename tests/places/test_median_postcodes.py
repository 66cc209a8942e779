"""The postcode in the middle of an LSOA's postcodes."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from pipeline.places import find_median_postcodes

POINTS = st.lists(st.tuples(st.integers(0, 9_000), st.integers(0, 9_000)), min_size=1, max_size=12)


def postcodes(*points: tuple[int, int], code: str = "E01000001") -> pd.DataFrame:
    frame = pd.DataFrame(points, columns=["easting", "northing"])
    return frame.assign(postcode=[f"AA1 {n}AA" for n in range(len(frame))], lsoa21_code=code)


def test_a_hamlet_far_off_does_not_move_it_into_the_fields() -> None:
    """Three postcodes of a village and one 9 km away: the mean is 2.25 km out, the median postcode in the village."""
    found = find_median_postcodes(postcodes((0, 0), (10, 0), (20, 0), (9000, 0)))
    assert found[["easting", "northing"]].iloc[0].tolist() in ([10.0, 0.0], [20.0, 0.0])


def test_of_equally_good_ones_the_first_in_the_alphabet_is_taken() -> None:
    frame = postcodes((0, 0), (100, 0))
    assert find_median_postcodes(frame)["easting"].tolist() == [0.0]
    assert find_median_postcodes(frame.iloc[::-1])["easting"].tolist() == [0.0]


def test_each_lsoa_has_one_and_none_gives_none() -> None:
    both = pd.concat([postcodes((5, 5), code="E01000002"), postcodes((0, 0), (1, 0), (9, 0))])
    assert find_median_postcodes(both)["lsoa21_code"].tolist() == ["E01000001", "E01000002"]
    assert find_median_postcodes(both.iloc[:0]).empty


@given(POINTS)
def test_no_other_postcode_is_nearer_to_all_in_sum(points: list[tuple[int, int]]) -> None:
    found = find_median_postcodes(postcodes(*points))
    at = np.array(points, dtype="float64")
    total = np.hypot(at[:, None, 0] - at[:, 0], at[:, None, 1] - at[:, 1]).sum(axis=1)
    chosen = found[["easting", "northing"]].to_numpy()[0]
    assert np.hypot(*(at - chosen).T).sum() <= total.min() + 1e-2
    assert tuple(chosen.astype(int)) in points


@given(st.lists(POINTS, min_size=1, max_size=5))
def test_each_lsoa_has_that_of_its_own_postcodes_alone(lsoas: list[list[tuple[int, int]]]) -> None:
    parts = [postcodes(*points, code=f"E0100000{number}") for number, points in enumerate(lsoas)]
    mixed = pd.concat(parts).sample(frac=1, random_state=1)
    alone = pd.concat([find_median_postcodes(part) for part in parts], ignore_index=True)
    pd.testing.assert_frame_equal(find_median_postcodes(mixed), alone)
