"""Where raw files lie and which are missing, with a bare interpreter too."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from pipeline import raw
from pipeline.catalogue import Source
from pipeline.errors import DeclarationError, RawFileError
from pipeline.raw.missing import KEYS

PROJECT = Path(raw.__file__).parents[2]
AREAS = """
[saltmarsh]
title = "Saltmarsh"
lad = ["E07900001"]
[wolds]
title = "The Wolds"
everything = true
fictional = true
"""
SOURCES = """
[boundaries]
title = "Boundaries"
file = "B.parquet"
also_named = ["B2.parquet"]
by_area = true
[people]
title = "People by age"
file = "people.xlsx"
[census]
title = "Census"
file = "census.zip"
member = "census-lsoa.csv"
instead_of = "people"
[extra]
title = "Extra"
file = "extra.csv"
required = false
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "declared").mkdir()
    (tmp_path / "declared" / "areas.toml").write_text(AREAS, encoding="utf-8")
    (tmp_path / "declared" / "sources.toml").write_text(SOURCES, encoding="utf-8")
    return tmp_path


def place(root: Path, name: str, nation: str = "england") -> Path:
    path = raw.raw_folder(root, nation) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    return path


def missing(root: Path, area: str = "saltmarsh") -> list[str]:
    return [m.source for m in raw.missing_sources(root, area)]


def bare(root: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """The command as ``make check`` runs it, with no site packages; the project is on the path by ``PYTHONPATH``."""
    return subprocess.run(
        [sys.executable, "-S", "-m", "pipeline.raw", *arguments],
        cwd=root,
        env={"PYTHONPATH": str(PROJECT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


def test_each_nation_has_its_folder() -> None:
    assert raw.raw_folder(Path("x"), "england") == Path("x/data/raw")
    assert raw.raw_folder(Path("x"), "demo") == Path("x/data/raw/demo")


def test_the_area_s_own_file_comes_first_and_an_unzipped_one_last(root: Path) -> None:
    source = {"id": "s", "file": "s.zip", "also_named": ("t.zip",), "member": "in.zip!Data/s-lsoa.csv", "by_area": True}
    for name in ("s.csv", "s-lsoa.csv", "t.zip", "s.zip", "england.geojson", "saltmarsh.geojson"):
        path = place(root, f"s/{name}")
        assert raw.locate(source, root, "england", "saltmarsh") == path
    assert raw.locate(source, root, "demo", "saltmarsh") is None


def test_another_area_s_boundaries_do_not_serve(root: Path) -> None:
    place(root, "boundaries/elsewhere.geojson")
    assert "boundaries" in missing(root)


def test_what_is_missing_honours_alternatives_and_options(root: Path) -> None:
    assert missing(root) == ["boundaries", "people"]
    place(root, "census/census-lsoa.csv")
    assert missing(root) == ["boundaries"]
    place(root, "boundaries/B2.parquet")
    assert missing(root) == []
    assert missing(root, "wolds") == ["boundaries", "people"]
    with pytest.raises(KeyError):
        missing(root, "nowhere")


def test_a_bare_interpreter_says_what_is_missing_and_how_to_get_it(root: Path) -> None:
    run = bare(root, "saltmarsh")
    assert run.returncode == 1, run.stderr
    for said in (
        "people: People by age",
        "data/raw/people/people.xlsx",
        "make data AREA=saltmarsh\n",
        "make data AREA=saltmarsh MIRROR=<folder>",
    ):
        assert said in run.stderr
    assert "Traceback" not in run.stderr
    place(root, "people/people.xlsx")
    place(root, "boundaries/saltmarsh.geojson")
    assert bare(root, "saltmarsh").returncode == 0


@pytest.mark.parametrize("arguments", [["nowhere"], [], ["saltmarsh", "wolds"]])
def test_a_bare_interpreter_lists_the_areas_that_there_are(root: Path, arguments: list[str]) -> None:
    run = bare(root, *arguments)
    assert run.returncode == 1
    assert "saltmarsh, wolds" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_declared_file_with_a_fault_is_named(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(root)
    (root / "declared" / "sources.toml").write_text("[broken", encoding="utf-8")
    assert raw.main(["saltmarsh"]) == 1
    assert "sources.toml: this is not valid TOML" in capsys.readouterr().err
    (root / "declared" / "areas.toml").unlink()
    assert raw.main(["saltmarsh"]) == 1
    assert "no such file" in capsys.readouterr().err


def test_only_the_standard_library_is_imported() -> None:
    code = "import sys, pipeline.raw; print('\\n'.join({m.split('.')[0] for m in sys.modules}))"
    run = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=PROJECT, capture_output=True, text=True, timeout=20, check=True
    )
    imported = {name for name in run.stdout.split() if not name.startswith("_")}
    assert imported - set(sys.stdlib_module_names) <= {"pipeline"}


def test_the_project_s_own_declarations_can_be_read_without_packages() -> None:
    assert "norfolk-and-waveney" in bare(PROJECT, "nowhere").stderr


@limits(max_examples=30, deadline=None)
@given(
    st.builds(
        raw.Receipt,
        source=st.text(),
        file=st.just("any.csv"),
        address=st.text(),
        mode=st.sampled_from(["network", "mirror", "made"]),
        fetched_at=st.just("2026-01-01T00:00:00Z"),
        size=st.integers(0),
        sha256=st.text("0123456789abcdef", min_size=64, max_size=64),
        accepted_difference=st.booleans(),
        rows=st.none() | st.integers(0),
        area=st.none() | st.text(),
    )
)
def test_a_receipt_comes_back_as_it_was_written(tmp_path_factory: pytest.TempPathFactory, receipt: raw.Receipt) -> None:
    file = tmp_path_factory.getbasetemp() / "any.csv"
    raw.receipt_path(file).write_text(json.dumps(receipt.as_json()), encoding="utf-8")
    assert raw.read_receipt(file) == receipt


@pytest.mark.parametrize("text", ["{", "[]", '{"unknown": 1}', "null"])
def test_a_receipt_that_cannot_be_read_is_named(text: str, tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    assert raw.read_receipt(file) is None
    raw.receipt_path(file).write_text(text, encoding="utf-8")
    with pytest.raises(RawFileError, match=r"t\.csv\.receipt\.json"):
        raw.read_receipt(file)


def test_a_pipe_in_place_of_a_receipt_or_a_list_is_not_waited_for(tmp_path: Path) -> None:
    file, listed = tmp_path / "t.csv", raw.stamp_path(tmp_path, "here")
    listed.parent.mkdir(parents=True)
    os.mkfifo(raw.receipt_path(file))
    os.mkfifo(listed)
    with pytest.raises(RawFileError, match=r"t\.csv\.receipt\.json: .*it is not a file"):
        raw.read_receipt(file)
    with pytest.raises(RawFileError, match=r"here\.json: .*it is not a file"):
        raw.read_stamp(tmp_path, "here")


def test_a_receipt_without_end_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    with raw.receipt_path(file).open("wb") as receipt:
        receipt.truncate(10**12)
    with pytest.raises(RawFileError, match="1,000,000,000,000 bytes"):
        raw.read_receipt(file)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"file": "other.csv"}, "this is the receipt of another file, 'other.csv', and not of t.csv"),
        ({"sha256": "abc"}, "sha256: not what a receipt holds"),
        ({"sha256": 5, "size": "6"}, "size, sha256: not what|sha256, size: not what"),
        ({"size": True}, "size: not what"),
        ({"accepted_difference": "no"}, "accepted_difference: not what"),
        ({"fetched_at": None}, "fetched_at: not what"),
    ],
)
def test_a_receipt_that_does_not_hold_what_it_should_is_named(
    tmp_path: Path, change: dict[str, object], message: str
) -> None:
    file = tmp_path / "t.csv"
    content = raw.made_receipt("s", "t.csv", b"x", "a").as_json() | change
    raw.receipt_path(file).write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(RawFileError, match=message) as caught:
        raw.read_receipt(file)
    assert "Delete it and fetch the source again" in str(caught.value)


def test_an_archive_that_is_none_is_named(tmp_path: Path) -> None:
    path = tmp_path / "t.zip"
    path.write_bytes(b"no archive")
    with pytest.raises(RawFileError, match="not a zip archive"):
        raw.open_member(path, "t.csv")


@pytest.mark.parametrize("name", ["x" * 300, "a/b", ".."])
def test_a_source_that_cannot_name_a_folder_is_named_with_its_file(root: Path, name: str) -> None:
    path = root / "declared" / "sources.toml"
    path.write_text(SOURCES.replace("[people]", f'["{name}"]'), encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"sources\.toml: 1 fault\(s\)\n  \[.*\]: its files are in"):
        raw.missing_sources(root, "saltmarsh")


def test_a_source_may_declare_what_the_catalogue_has() -> None:
    assert Source.model_fields.keys() - {"id"} == KEYS


def test_a_misspelt_key_is_said_before_a_source_is_missing(root: Path) -> None:
    path = root / "declared" / "sources.toml"
    path.write_text(SOURCES.replace("[people]\n", "[people]\nreqired = false\n"), encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"people\.reqired: unknown key\. Did you mean 'required'"):
        raw.missing_sources(root, "saltmarsh")


@pytest.mark.parametrize("line", ['required = "yes"', "by_area = 1", "member = 5", "instead_of = 5"])
def test_what_decides_whether_a_source_is_missing_is_checked_first(root: Path, line: str) -> None:
    path = root / "declared" / "sources.toml"
    path.write_text(SOURCES.replace("[people]\n", f"[people]\n{line}\n"), encoding="utf-8")
    with pytest.raises(DeclarationError, match=rf"sources\.toml: 1 fault\(s\)\n  people\.{line.split()[0]}: expected"):
        raw.missing_sources(root, "saltmarsh")
