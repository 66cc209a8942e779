import re
import shutil
from pathlib import Path

import pytest

from pipeline import Project
from pipeline.errors import PipelineError
from pipeline.stages.documentation import BEGIN, END, architecture, complete_steps, what_reads_what
from pipeline.stages.graph import ASKED_FOR, STAGES
from tests.fixtures.folders import DECLARED, ROOT


def test_the_picture_of_the_graph_and_the_tables_are_current() -> None:
    written = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert written == architecture(Project(ROOT)), "run: python -m pipeline architecture"


def test_every_stage_is_in_the_picture_and_follows_what_it_reads() -> None:
    arrows = what_reads_what(complete_steps(Project(ROOT)))
    order = [stage.name for stage in (*STAGES, *ASKED_FOR)]
    assert {end for _, end in arrows} == set(order)
    always = [(start, end) for start, end in arrows if {start, end} <= {stage.name for stage in STAGES}]
    assert always
    assert all(order.index(start) < order.index(end) for start, end in always)


def test_the_picture_is_the_same_whatever_was_built(tmp_path: Path) -> None:
    shutil.copytree(DECLARED, tmp_path / "declared")
    assert what_reads_what(complete_steps(Project(tmp_path))) == what_reads_what(complete_steps(Project(ROOT)))


def test_every_node_of_the_picture_is_declared_once() -> None:
    picture = architecture(Project(ROOT)).split("```mermaid")[1].split("```")[0]
    nodes = re.findall(r"^    (\w+)(?=[\[(])", picture, flags=re.MULTILINE)
    ends = {name for arrow in re.findall(r"^    (\w+) -\.?->? (\w+)$", picture, flags=re.MULTILINE) for name in arrow}
    assert len(nodes) == len(set(nodes))
    assert ends <= set(nodes)


@pytest.mark.parametrize("lost", [BEGIN, END])
def test_a_page_without_its_markers_is_refused(tmp_path: Path, lost: str) -> None:
    shutil.copytree(DECLARED, tmp_path / "declared")
    page = tmp_path / "docs" / "architecture.md"
    page.parent.mkdir()
    page.write_text(f"{BEGIN}\n{END}\n".replace(lost, ""), encoding="utf-8")
    with pytest.raises(PipelineError, match="lacks two lines"):
        architecture(Project(tmp_path))
