"""Archives of the same files are the same bytes."""

import io
import zipfile

from pipeline.raw import zip_bytes

MOMENT = (2026, 4, 1, 12, 30, 8)


def test_an_archive_depends_on_its_files_alone() -> None:
    files = {"b.txt": b"b" * 500, "a/c.pdf": b"c" * 500}
    content = zip_bytes(files, MOMENT, stored=(".pdf",))
    assert content == zip_bytes(dict(files), MOMENT, stored=(".pdf",))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files
        members = archive.infolist()
    assert {member.date_time for member in members} == {MOMENT}
    assert {member.create_system for member in members} == {3}
    assert [member.compress_type for member in members] == [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED]
