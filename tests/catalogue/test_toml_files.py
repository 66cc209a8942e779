"""Declared files as editors write them, and damaged ones: one line with the file, the line and what was expected."""

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import raw
from pipeline.declarations import MOST_BYTES, read_toml, text_fault
from pipeline.errors import DeclarationError
from tests.fixtures.declarations import READERS
from tests.fixtures.folders import DECLARED


def written(folder: Path, content: str | bytes, name: str = "x.toml") -> Path:
    path = folder / name
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize("name", READERS)
def test_every_declared_file_may_be_saved_by_any_editor(name: str, tmp_path: Path) -> None:
    text = (DECLARED / name).read_text(encoding="utf-8")
    expected = READERS[name](DECLARED / name)
    path = tmp_path / Path(name).name
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        for ending in ("\n", "\r\n", "\r"):
            path.write_bytes(text.replace("\n", ending).encode(encoding))
            assert READERS[name](path) == expected, (encoding, ending)


FAULTS = {
    "windows-1252": ('[a]\ntitle = "Café"\n'.encode("cp1252"), "line 2 holds the byte 0xE9, which is 'é'.*UTF-8"),
    "arbitrary bytes": (b"\xff\x81\x82", "line 1 holds the byte"),
    "brackets": ("[a]\nx = " + "[" * 5_000, "line 2 is nested more than 16 deep"),
    "closed brackets": ("[a]\nx = " + "[" * 5_000 + "]" * 5_000, "line 2 is nested more than 16 deep"),
    "tables in tables": ("[a]\nx = " + "{y = " * 200 + "1" + "}" * 200, "nested more than 16 deep"),
    "dotted keys": ("[a]\n" + "a." * 50_000 + "b = 1", "line 2 is nested more than 16 deep"),
    "dotted table": ("[" + "a." * 50_000 + "b]", "line 1 is nested more than 16 deep"),
    "a megabyte": ("#" * (MOST_BYTES + 1), "larger than 1,000,000 bytes"),
    "curly quotes": ("[a]\ntitle = \u201cHere\u201d", "line 2: \u201c is a curly quotation mark"),
    "one curly quote": ('[a]\ntitle = "Here\u201d', "line 2: \u201d is a curly quotation mark"),
    "invisible": ("[a]\n\u00a0x = 1", r"line 2: an invisible character \(U\+00A0\)"),
    "a word of another script": ("[a]\nñ = 1", "line 2: ñ .* outside quotation marks"),
    "key twice": ("[a]\nb = 1\nb = 2\n", "this key, or table, is written twice"),
    "table twice": ("[a.b]\n[a.b]\n", r"line 2: the table \[a.b\] is written twice"),
    "decimal comma": ("[a]\nweight = 0,5\n", "line 2: a comma in a number"),
    "True": ("[a]\nx = True\n", "expected true or false, in lower case"),
    "yes": ("[a]\nx = yes # so\n", "expected true or false, in lower case"),
    "unquoted": ("[a]\ntitle = Norfolk\n", 'line 2: text needs quotation marks, as in "Norfolk"'),
    "backslash": ('[a]\nfile = "C:\\data.csv"\n', "a backslash .* begins a special character"),
    "backslash and t": ('[a]\nfile = "C:\\temp.csv"\n', "a.file: .* holds a tab. If it is a path"),
    "open quote": ('[a]\ntitle = "Here\n', "line 2: a quotation mark is not closed"),
    "open list": ("[a]\nx = [1,\n2\n[b]", "a list, .* is not closed"),
    "nan": ("[a]\nx = nan\n", "a.x: expected a number; found nan"),
    "huge": ("[a]\nx = 1e300\n", "a.x: expected a number between"),
    "5,000 digits": ("[a]\nx = " + "9" * 5_000, "a number has too many digits"),
    "control": ('[[c]]\nname = "age"\ny = "a\\u0007b"\n', r"c 'age', y: .* control character, U\+0007"),
    "bidi": ('[a]\ny = "a\\u202eb"\n', r"a.y: .* control character, U\+202E"),
    "bidi in a key": ('[a]\n"y\\u202e" = 1\n', r"a: the key 'y\\u202e'"),
    "line separator": ('[a]\ny = "a\\u2028b"\n', r"U\+2028"),
    "long text": ('[a]\ny = "' + "a" * 20_000 + '"\n', "a.y: .* more than 10,000 characters"),
    "date": ("[a]\nx = 2026-13-45\n", "line 2: "),
}


@pytest.mark.parametrize(("content", "message"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_said_with_its_line_or_key(content: str | bytes, message: str, tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match=rf"x\.toml: (.|\n)*{message}") as refused:
        read_toml(written(tmp_path, content))
    assert len(str(refused.value)) < 1_000


def test_a_folder_and_a_missing_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="this is a folder"):
        read_toml(tmp_path)
    with pytest.raises(DeclarationError, match="there is no such file"):
        read_toml(tmp_path / "absent.toml")


@given(st.one_of(st.binary(max_size=200), st.text("[]{}=.\"'\\\n#a1,“ \u00a0", max_size=120).map(str.encode)))
def test_whatever_the_bytes_a_file_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = written(tmp_path_factory.getbasetemp(), content)
    with contextlib.suppress(DeclarationError):
        assert isinstance(read_toml(path), dict)


TABLES = {
    "x = 1\n": "'x' = the number 1 .* above the tables; expected tables such as .name.",
    '"../x" = "y"\n': "above the tables",
    "[[x]]\ny = 1\n": r"\[\[x\]\] is a list of tables; expected one table, \[x\]",
    "x = [1, 2]\n": "a list of 2",
}


@pytest.mark.parametrize("name", ["areas.toml", "sources.toml", "layers.toml", "places.toml", "indicators.toml"])
@pytest.mark.parametrize(("before", "message"), TABLES.items(), ids=range(len(TABLES)))
def test_only_tables_are_at_the_top(name: str, before: str, message: str, tmp_path: Path) -> None:
    path = written(tmp_path, before + (DECLARED / name).read_text(encoding="utf-8"), name)
    with pytest.raises(DeclarationError, match=message):
        READERS[name](path)


@pytest.mark.parametrize(
    "name", ["areas.toml", "sources.toml", "layers.toml", "places.toml", "rates.toml", "help.toml", "kinds.toml"]
)
@pytest.mark.parametrize("content", ["", "\n\n", "# only words\n", "\ufeff"])
def test_an_empty_file_says_what_was_expected(name: str, content: str, tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match=r"expected at least one table|is missing"):
        READERS[name](written(tmp_path, content, name))


def test_the_check_before_anything_is_installed_reads_alike(tmp_path: Path) -> None:
    (tmp_path / "declared").mkdir()
    (tmp_path / "data" / "raw").mkdir(parents=True)
    for name in ("areas.toml", "sources.toml"):
        text = (DECLARED / name).read_text(encoding="utf-8")
        (tmp_path / "declared" / name).write_bytes(text.replace("\n", "\r\n").encode("utf-16"))
    assert raw.missing_sources(tmp_path, "norfolk-and-waveney")
    (tmp_path / "declared" / "sources.toml").write_text('[s]\ntitle = "S"\nfile = "../../x"\n', encoding="utf-8")
    with pytest.raises(DeclarationError, match="s: '../../x' is not the bare name of a file"):
        raw.missing_sources(tmp_path, "norfolk-and-waveney")
    (tmp_path / "declared" / "sources.toml").write_text("x = 1\n", encoding="utf-8")
    with pytest.raises(DeclarationError, match="above the tables"):
        raw.missing_sources(tmp_path, "norfolk-and-waveney")


@given(st.text())
def test_no_text_that_is_in_order_ends_a_line_or_turns_it_round(text: str) -> None:
    if not text_fault(text):
        assert not set(text) & {"\0", "\x1b", "\u2028", "\u202e", "\u200b"}
        json.dumps(text).encode("utf-8")
