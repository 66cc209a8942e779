"""Tables that contradict each other are refused; the fictional nation's agree."""

import numpy as np
import pandas as pd
import pytest

from pipeline.errors import JoinError
from pipeline.join.agreement import refuse_disagreement, refuse_other_boundaries
from tests.fixtures.nation import LOOKUP, parts_of, tidied_nation


def refuse(frames: dict[str, pd.DataFrame], expected: int | None = None) -> None:
    refuse_disagreement(parts_of(frames), LOOKUP, expected)


def changed(source: str, **columns: pd.Series | np.ndarray) -> dict[str, pd.DataFrame]:
    frames = tidied_nation()
    return {**frames, source: frames[source].assign(**columns)}


def moved(source: str, rows: int) -> dict[str, pd.DataFrame]:
    """Every column but the codes moved by rows."""
    frame = tidied_nation()[source]
    return changed(source, **{c: np.roll(frame[c].to_numpy(), rows) for c in frame.columns if c != "lsoa21_code"})


@pytest.mark.parametrize("areas", [60, 120, 600])
def test_the_fictional_nation_agrees(areas: int) -> None:
    refuse(tidied_nation(areas))


@pytest.mark.parametrize("rows", [1, -2, 3, 40])
@pytest.mark.parametrize(
    "source",
    [
        "iod2025_file7",
        "census2021_age",
        "census2021_disability",
        "census2021_tenure",
        "census2021_household_deprivation",
        "lsoa21_ward",
        "lsoa21_icb",
    ],
)
def test_rows_that_moved_against_their_codes_are_refused(source: str, rows: int) -> None:
    with pytest.raises(JoinError, match=f"{source}.csv"):
        refuse(moved(source, rows))


def test_rows_of_large_nations_are_seen_to_have_moved_by_one() -> None:
    frames = tidied_nation(600)
    frame = frames["ruc2021"]
    rolled = {c: np.roll(frame[c].to_numpy(), 1) for c in frame.columns if c != "lsoa21_code"}
    with pytest.raises(JoinError, match="agree better a row or a few apart"):
        refuse({**frames, "ruc2021": frame.assign(**rolled)})


def test_a_lookup_cut_short_is_named_with_the_tables_that_have_more() -> None:
    frames = tidied_nation()
    with pytest.raises(JoinError, match=r"lsoa21_icb.csv: it lacks 1 LSOA\(s\).*iod2025_file7.*: E01900010"):
        refuse({**frames, LOOKUP: frames[LOOKUP].drop(index=9)})


def test_lsoas_of_one_table_alone_are_its_fault() -> None:
    frames = tidied_nation()
    extra = frames["ruc2021"].tail(1).assign(lsoa21_code="E01909999")
    with pytest.raises(JoinError, match="ruc2021.csv: it has 1 LSOA.*no other table has: E01909999"):
        refuse({**frames, "ruc2021": pd.concat([frames["ruc2021"], extra], ignore_index=True)})


def test_a_lookup_has_the_number_of_lsoas_that_is_declared() -> None:
    with pytest.raises(JoinError, match="it has 120 LSOAs, and 33,755 are declared"):
        refuse(tidied_nation(), 33_755)


def test_boundaries_and_lookup_have_the_same_lsoas() -> None:
    frames = tidied_nation()
    listed = next(part for part in parts_of(frames) if part.source == LOOKUP)
    codes = frames["lsoa21_boundaries"]["lsoa21_code"]
    refuse_other_boundaries(codes, "b.parquet", listed)
    with pytest.raises(JoinError, match=r"b.parquet: it lacks the boundaries of 1 of the nation's 120"):
        refuse_other_boundaries(codes[1:], "b.parquet", listed)
    short = next(part for part in parts_of({**frames, LOOKUP: frames[LOOKUP].iloc[:-2]}) if part.source == LOOKUP)
    with pytest.raises(JoinError, match=r"lsoa21_icb.csv: it lacks 2 LSOA\(s\) that have a boundary"):
        refuse_other_boundaries(codes, "b.parquet", short)


def test_two_counts_of_the_same_households_may_differ_by_perturbation_only() -> None:
    households = tidied_nation()["census2021_household_deprivation"]["households"]
    refuse(changed("census2021_tenure", households_by_tenure=households + 9))
    odd = households + np.where(np.arange(len(households)) == 5, 60, 0)
    with pytest.raises(JoinError, match="count the same households.*1 of 120.*E01900006"):
        refuse(changed("census2021_tenure", households_by_tenure=odd))


def test_residents_of_the_census_agree_and_later_ones_may_grow() -> None:
    frames = tidied_nation()
    total = frames["census2021_age"]["population_total"]
    with pytest.raises(JoinError, match="count the same residents"):
        refuse(changed("census2021_age", population_total=total + 100))
    later = frames["census2021_age"].assign(population_total=(total * 1.02).astype(int))
    estimates = {name: frame for name, frame in frames.items() if name != "census2021_age"}
    refuse({**estimates, "mye2024": later})
    with pytest.raises(JoinError, match="half of the LSOAs have less than 2.0"):
        refuse({**estimates, "mye2024": later.assign(population_total=total * 2)})
    grown = total.where(np.arange(len(total)) != 3, total * 9)
    with pytest.raises(JoinError, match="residents that the census.*contradicts: E01900004"):
        refuse({**estimates, "mye2024": later.assign(population_total=grown)})


def test_households_in_other_units_are_refused() -> None:
    households = tidied_nation()["census2021_household_deprivation"]["households"]
    frames = changed("census2021_household_deprivation", households=households // 10)
    frames["census2021_tenure"] = frames["census2021_tenure"].assign(households_by_tenure=households // 10)
    with pytest.raises(JoinError, match="residents for each household"):
        refuse(frames)


def test_speeds_turned_into_scores_the_wrong_way_round_are_refused() -> None:
    score = tidied_nation()["iod2025_file8"]["broadband_deprivation"]
    with pytest.raises(JoinError, match="rurality .* and broadband_deprivation .* do not go together"):
        refuse(changed("iod2025_file8", broadband_deprivation=-score))


def test_a_sorted_column_is_seen() -> None:
    shares = tidied_nation()["census2021_tenure"]["share_social_rented"]
    with pytest.raises(JoinError, match="share_social_rented .* do not go together"):
        refuse(changed("census2021_tenure", share_social_rented=np.sort(shares.to_numpy())))
