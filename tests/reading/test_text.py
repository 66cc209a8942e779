from pathlib import Path

import pytest

from pipeline.errors import RawFileError
from pipeline.reading import read_sheet

TABLE = "Code,Name,Value\nZ01,Café Höhle,1\nZ02,Mill,2\n"


def write(folder: Path, content: bytes | str, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_encoding_separator_and_line_end_is_read_alike(
    tmp_path: Path, encoding: str, separator: str, end: str
) -> None:
    text = TABLE.replace(",", separator).replace("\n", end)
    sheet = read_sheet(write(tmp_path, text.encode(encoding)), ["Code", "Value"])
    assert sheet.headers == ("Code", "Name", "Value")
    assert sheet.column("Name").tolist() == ["Café Höhle", "Mill"]
    assert sheet.rows.tolist() == [2, 3]


def test_only_the_lines_that_are_not_utf8_are_read_as_windows_1252(tmp_path: Path) -> None:
    content = "Name,Town\nCafé Höhle,A\n".encode() + b"Mill \x93Shed\x94,B\n"
    sheet = read_sheet(write(tmp_path, content))
    assert sheet.column("Name").tolist() == ["Café Höhle", "Mill “Shed”"]
    assert sheet.notes == ("not UTF-8, read as Windows-1252: row(s) 3",)


def test_a_byte_that_stands_for_nothing_is_named(tmp_path: Path) -> None:
    sheet = read_sheet(write(tmp_path, b"Name,Town\nA\x81B,C\n"))
    assert "row(s) 2" in sheet.notes[1]


def test_a_separator_may_be_stated(tmp_path: Path) -> None:
    sheet = read_sheet(write(tmp_path, "sep=;\r\nA, or B;Value\r\nx;1\r\n"), ["Value"])
    assert sheet.headers == ("A, or B", "Value")
    assert sheet.rows.tolist() == [3]


def test_headers_are_where_all_those_sought_are(tmp_path: Path) -> None:
    preamble = 'Nomis - table\n"Value, by area"\n\nCode,Value\nZ01,5\n\nNotes: rounded\n1. Perturbed\n'
    sheet = read_sheet(write(tmp_path, preamble), ["Code", "Value"])
    assert sheet.column("Value").tolist() == ["5"]
    assert sheet.notes == (
        "headers in row 4; the rows above are not part of the table",
        "notes below the table left out: row(s) 7, 8",
    )


def test_empty_cells_right_of_the_headers_are_no_data(tmp_path: Path) -> None:
    plain = read_sheet(write(tmp_path, "A,B\n1,2\n3,4\n", "plain.csv"))
    trailing = read_sheet(write(tmp_path, "A,B,,\n1,2,\n3,4,,,\n"))
    assert trailing.headers == plain.headers
    assert trailing.pick({"a": "A", "b": "B"}).equals(plain.pick({"a": "A", "b": "B"}))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("A,B\n1,2\n3,4,5\n", "row 3: '5'"),
        ("A,B,C\n1,2,3\n4,5\n6,7,8\n", "row 3 (2)"),
        ("A,B,C\n1,2,3\n4,5", "The last row is one of them"),
        ('A,B\n1,"2\n3,4\n', "row 2 (line 2): a quotation mark is not closed"),
        ("A,B\n", "no rows below the headers"),
        ("", "the file is empty"),
        (b"A,B\n1,\x00\n", "line 2 holds a NUL"),
        ("<!doctype html><p>Service unavailable", "a web page"),
        ('[{"error": "rate limit"}]', "found JSON"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"PK\x03\x04 cut", "damaged"),
        (b"PAR1", "cut short"),
    ],
)
def test_what_is_no_regular_table_is_refused_by_row(tmp_path: Path, content: bytes | str, said: str) -> None:
    with pytest.raises(RawFileError, match="table.csv") as refused:
        read_sheet(write(tmp_path, content))
    assert said in str(refused.value)


def test_large_files_are_read_as_small_ones(tmp_path: Path) -> None:
    rows = [f'Z{n:05},"Name, {n}",{n}' for n in range(20_000)]
    path = write(tmp_path, "\n".join(["Notes", "", "Code,Name,Value", *rows]))
    wanted = ["Code", "Value"]
    quick, careful = read_sheet(path, wanted, everything=False), read_sheet(path, wanted)
    assert quick.rows.tolist() == careful.rows.tolist()
    for header in wanted:
        assert quick.column(header).tolist() == careful.column(header).tolist()


@pytest.mark.parametrize("fault", ["Z19999,x,1,", "Z19999,x,1,surplus", "Z19999,x", '\n\nZ19999,"x\ny",1'])
def test_a_fault_in_a_large_file_is_named_by_its_row(tmp_path: Path, fault: str) -> None:
    rows = [f"Z{n:05},Name {n},{n}" for n in range(20_000)]
    path = write(tmp_path, "\n".join(["Code,Name,Value", *rows, fault, ""]))
    if fault.endswith(("surplus", "Z19999,x")):
        with pytest.raises(RawFileError, match="row 20002"):
            read_sheet(path, ["Value"], everything=False)
    else:
        sheet = read_sheet(path, ["Value"], everything=False)
        assert sheet.column("Value").tolist()[-1] == "1"
        assert sheet.rows[-1] == (20004 if "\n" in fault else 20002)


@pytest.mark.parametrize("everything", [True, False])
def test_whether_the_last_row_has_an_end_is_told(tmp_path: Path, everything: bool) -> None:
    path = write(tmp_path, "Code,Value\nZ01,120\nZ02,12")
    assert not read_sheet(path, ["Value"], everything=everything).ended
    path = write(tmp_path, "Code,Value\r\nZ01,120\r\nZ02,12\r\n")
    assert read_sheet(path, ["Value"], everything=everything).ended


@pytest.mark.parametrize("end", ["\n", ""])
def test_a_cell_over_several_lines_is_one_row_wherever_it_stands(tmp_path: Path, end: str) -> None:
    for rows in (['"A\nB",1', "C,2"], ["C,2", '"A\nB",1']):
        sheet = read_sheet(write(tmp_path, "Name,Value\n" + "\n".join(rows) + end))
        assert sorted(sheet.column("Value").tolist()) == ["1", "2"]
    with pytest.raises(RawFileError, match="row 3 .line 3.*a quotation mark is not closed"):
        read_sheet(write(tmp_path, f'Name,Value\nC,2\n"A,1{end}'))
