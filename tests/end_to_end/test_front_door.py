"""The front door of the fictional area, and the archive that is handed on."""

import html
import io
import json
import re
import zipfile
from pathlib import Path

import pytest

from pipeline import store
from pipeline.errors import PipelineError
from pipeline.reports.front_door import say_size
from pipeline.stages.pack import pack
from pipeline.stages.requests import PackWanted
from tests.fixtures.projects import Demo


def _links(page: str) -> list[str]:
    return [html.unescape(link) for link in re.findall(r'<a href="([^"#]+)"', page) if "://" not in link]


def test_the_front_door_leads_to_every_file_with_its_size(demo: Demo) -> None:
    project, _ = demo
    door = project.front_door("demo")
    page = door.read_text(encoding="utf-8")
    links = _links(page)
    listed = {(door.parent / link).resolve() for link in links}
    assert all(path.exists() for path in listed)
    for path in listed:
        assert f">{path.name}</a> ({say_size(path.stat().st_size)})" in page
    package = json.loads((project.processed("demo") / "datapackage.json").read_text(encoding="utf-8"))
    assert listed >= {(project.processed("demo") / part["path"]).resolve() for part in package["resources"]}
    made = {path.resolve() for path in door.parent.iterdir() if path.suffix in (".html", ".pdf", ".pptx")}
    assert listed >= made - {door.resolve()}


def _opened(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.slow
def test_an_archive_holds_what_its_front_door_lists_and_no_stories(demo: Demo, tmp_path: Path) -> None:
    project, _ = demo
    snapshot = project.snapshot()
    said = pack(snapshot, snapshot.area("demo"), PackWanted(output=tmp_path / "a.zip"))
    files = _opened(tmp_path / "a.zip")
    assert "What people said (stories) was left out of this archive." in said
    links = _links(files["demo/index.html"].decode())
    assert all(f"demo/{link}" in files for link in links)
    assert {name for name in files if not name.endswith(".meta.json")} == {
        *(f"demo/{link}" for link in links),
        "demo/index.html",
    }
    assert not [name for name in files if "stories" in name or "self" in name]
    stories = store.read_table(project.processed("demo") / "stories.parquet")
    quotes = [quote[:40] for quote in stories["quote"]]
    assert quotes
    everything = b"".join(content for name, content in files.items() if not name.endswith(".parquet"))
    assert not any(json.dumps(quote)[1:-1].encode() in everything or quote.encode() in everything for quote in quotes)
    package = json.loads(files["demo/data/datapackage.json"])
    assert all(f"demo/data/{part['path']}" in files for part in package["resources"])


@pytest.mark.slow
def test_stories_are_in_the_archive_where_they_are_asked_for(demo: Demo, tmp_path: Path) -> None:
    project, _ = demo
    snapshot = project.snapshot()
    for name in ("a.zip", "b.zip"):
        said = pack(
            snapshot, snapshot.area("demo"), PackWanted(stories=True, self_assessment=True, output=tmp_path / name)
        )
        assert "left out" not in said
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    files = _opened(tmp_path / "a.zip")
    assert {"demo/data/stories.parquet", "demo/self-assessment.html"} <= set(files)
    assert files["demo/atlas.html"] == project.page("demo").read_bytes()


def test_an_archive_is_not_written_over_what_the_build_makes(demo: Demo) -> None:
    project, _ = demo
    before = project.page("demo").read_bytes()
    with pytest.raises(PipelineError, match="Name another"):
        project.pack("demo", PackWanted(output=project.page("demo")))
    assert project.page("demo").read_bytes() == before
