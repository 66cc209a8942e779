"""From rows of invented people to counts that can be indicators, by the command."""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline import Project, store
from pipeline.__main__ import main
from pipeline.places.suppression import with_totals
from pipeline.store.records import CountsRecord
from pipeline.tables import COUNTS, validate

SHARES = {"Phone": 0.72, "Video": 0.06, "Letter": 0.22}


@pytest.fixture(scope="module")
def project(demo: tuple[Project, list[str]], tmp_path_factory: pytest.TempPathFactory) -> Project:
    root = tmp_path_factory.mktemp("count") / "project"
    shutil.copytree(demo[0].root, root)
    return Project(root)


@pytest.fixture(scope="module")
def rows(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rows by postcode in parquet and by eastings and northings in CSV; some are nowhere."""
    folder = tmp_path_factory.mktemp("rows")
    random = np.random.default_rng(4)
    postcodes = project.table("demo", "postcodes")
    taken = random.integers(len(postcodes), size=6_000)
    frame = postcodes.iloc[taken].assign(mode=random.choice(list(SHARES), 6_000, p=list(SHARES.values())))
    frame[["postcode", "mode"]][:3_000].to_parquet(folder / "a.parquet", index=False)
    frame[["easting", "northing", "mode"]][3_000:].to_csv(folder / "b.csv", index=False)
    pd.DataFrame({"postcode": ["ZZ1 1ZZ"] * 7 + [""] * 2, "mode": "Phone"}).to_csv(folder / "c.csv", index=False)
    return folder


def _count(project: Project, rows: Path, *options: str) -> int:
    return main(["--root", str(project.root), "count", str(rows), "demo", "--category", "mode", *options])


def test_rows_become_counts_with_small_ones_left_out(
    project: Project, rows: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _count(project, rows, "--name", "contacts") == 0
    folder = project.root / "data/local/counts"
    frame = store.read_table(folder / "contacts.parquet")
    validate(frame, COUNTS, "contacts")
    shown = frame.pivot_table(index="lsoa21_code", columns="category", values="counted", dropna=False)
    assert not ((shown > 0) & (shown < 5)).any(axis=None)
    assert frame.loc[frame["left_out"], "counted"].isna().all()
    assert not frame.loc[~frame["left_out"], "counted"].isna().any()
    alone = frame[frame["category"] != "All"].groupby("lsoa21_code")["left_out"].sum()
    total_shown = ~frame[frame["category"] == "All"].set_index("lsoa21_code")["left_out"]
    assert (alone[total_shown] != 1).all()

    record = store.read_record(folder / "contacts.parquet", CountsRecord)
    assert record.total == 6_000
    assert sum(n for n in record.categories.values() if n is not None) == 6_000
    assert record.unplaced == {"unknown postcode": 7, "neither coordinates nor a postcode": None}
    assert record.rows_read is None
    assert record.sha256 == store.content_hash(folder / "contacts.parquet")

    postcodes = project.table("demo", "postcodes")["postcode"]
    said = "\n".join([*(path.read_text(errors="replace") for path in folder.glob("*")), capsys.readouterr().out])
    assert not [postcode for postcode in postcodes if postcode in said]
    assert "ZZ1 1ZZ" not in said


def test_counts_are_those_of_a_plain_join(project: Project, rows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project.declared / "counts.toml").write_text("smallest_shown = 3\n", encoding="utf-8")
    assert _count(project, rows / "a.parquet", "--name", "plain") == 0
    frame = store.read_table(project.root / "data/local/counts/plain.parquet")
    given = pd.read_parquet(rows / "a.parquet").merge(project.table("demo", "postcodes"), validate="many_to_one")
    plain = pd.crosstab(given["lsoa21_code"], given["mode"])
    codes = sorted(project.risk("demo")["lsoa21_code"])
    table = with_totals(plain.reindex(codes, fill_value=0).to_numpy())
    for place, category in enumerate([*plain.columns, "All"]):
        counted = frame[frame["category"] == category].set_index("lsoa21_code")["counted"]
        there = counted.notna().to_numpy()
        assert counted.to_numpy()[there].tolist() == table[:-1, place][there].tolist()


def test_counts_can_be_indicators(project: Project, rows: Path) -> None:
    assert _count(project, rows, "--name", "contacts") == 0
    added = (project.root / "data/local/counts/contacts.toml").read_text(encoding="utf-8")
    with (project.declared / "indicators.toml").open("a", encoding="utf-8") as file:
        file.write(added)
    project.build("demo", until="join")
    joined = project.table("demo", "joined")
    wide = pd.read_csv(project.root / "data/local/counts/contacts.csv").set_index("lsoa21_code")
    for column, name in (("contacts", "contacts_all"), ("contacts_phone", "contacts_phone")):
        there = joined.set_index("lsoa21_code")[name]
        assert np.array_equal(there.to_numpy(), wide[column].reindex(there.index).to_numpy(), equal_nan=True)


def test_other_files_of_the_same_rows_give_the_same(project: Project, rows: Path, tmp_path: Path) -> None:
    folder = project.root / "data/local/counts"
    assert _count(project, rows, "--name", "one") == 0
    frame = pd.read_parquet(rows / "a.parquet")[::-1]
    for number in range(3):
        frame[number::3].to_csv(tmp_path / f"{9 - number}.csv", index=False)
    shutil.copy(rows / "b.csv", tmp_path / "z.csv")
    shutil.copy(rows / "c.csv", tmp_path / "a.csv")
    assert _count(project, tmp_path, "--name", "two") == 0
    one, two = (store.read_table(folder / f"{name}.parquet") for name in ("one", "two"))
    pd.testing.assert_frame_equal(one, two)


def test_nothing_is_written_where_a_file_cannot_be_read(
    project: Project, rows: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(rows, tmp_path / "rows")
    content = (tmp_path / "rows/a.parquet").read_bytes()
    (tmp_path / "rows/a.parquet").write_bytes(content[:-9])
    assert _count(project, tmp_path / "rows", "--name", "damaged") == 1
    assert "Nothing was written" in capsys.readouterr().err
    assert not list((project.root / "data/local/counts").glob("damaged*"))


def test_rows_that_are_all_elsewhere_are_refused_with_the_reason(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "rows.csv").write_text("longitude;latitude;mode\n" + "1,29;52,63;Phone\n" * 7, encoding="utf-8")
    assert _count(project, tmp_path / "rows.csv") == 1
    said = capsys.readouterr().err
    assert "coordinates that are not numbers, or only one of the two (7). Are decimals written with a comma?" in said
    assert _count(project, tmp_path / "rows.csv", "--decimal", ",") == 1
    assert "No row lies in the area: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--name", "Contacts!"], "--name: a name is of small letters"),
        (["--columns", "place=x"], "there is no column place"),
        (["--category", "nothing"], "'nothing' for category is missing"),
    ],
)
def test_options_that_cannot_be_met_are_refused(
    options: list[str], said: str, project: Project, rows: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _count(project, rows, *options) == 1
    assert said in capsys.readouterr().err


def test_the_record_of_counts_names_no_file_of_people(project: Project, rows: Path) -> None:
    assert _count(project, rows, "--name", "contacts") == 0
    record = json.loads((project.root / "data/local/counts/contacts.parquet.meta.json").read_text())
    assert str(rows) not in json.dumps(record)
    assert record["files"] == 3
