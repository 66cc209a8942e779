"""A file that another program has open, as Windows refuses to replace it; or that may not be read."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import PipelineError
from pipeline.stages import runner
from pipeline.store import content_hash
from tests.stages.toy import Toy, toy

__all__ = ["toy"]


def refusing(name: str, times: int | None = None) -> Callable[[str, str], None]:
    """``os.replace`` that refuses whatever would replace a file called ``name``: always, or so many times."""
    real = os.replace
    refused: list[str] = []

    def replace(old: str, new: str) -> None:
        if Path(new).name == name and (times is None or len(refused) < times):
            refused.append(new)
            raise PermissionError(13, "The process cannot access the file", str(old), None, str(new))
        real(old, new)

    return replace


@pytest.mark.parametrize("name", ["risk.txt", "list.txt", "score.json"])
def test_an_output_open_in_excel_is_told_and_the_next_run_mends_all(
    toy: Toy, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy.run()
    toy.write("raw/first.csv", "5")
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", refusing(name))
        with pytest.raises(PipelineError, match=rf"(?s)score .*{name}.*open in another program, such as Excel\? Close"):
            toy.run(workers=1)
    assert not list((toy.root / "data/processed/.staging").glob("*"))
    assert {"score east", "score west"} <= set(toy.run())
    assert toy.run() == []
    clean = Toy(toy.root.with_name("clean"))
    clean.write("raw/first.csv", "5")
    clean.run()
    assert toy.outputs() == clean.outputs()


def test_a_file_held_for_a_moment_is_waited_for(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "replace", refusing("risk.txt", times=3))
    toy.run()
    assert toy.run() == []


def test_a_file_that_may_not_be_read_is_told(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    toy.run()

    def refuse(path: Path) -> str:
        if path.name == "first.csv":
            raise PermissionError(13, "Permission denied", str(path))
        return content_hash(path)

    monkeypatch.setattr(runner, "content_hash", refuse)
    with pytest.raises(PipelineError, match=r"first\.csv: cannot be read .*such as Excel"):
        toy.run()
