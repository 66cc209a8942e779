"""The page's contract: its models, and what is made from them."""

import subprocess
import sys

import pytest
from pydantic import ValidationError

from pipeline import Project
from pipeline.atlas import contract
from pipeline.atlas.contract.text import BEGIN, END, meanings_of, with_made_part
from pipeline.errors import PipelineError
from pipeline.stages.documentation import contract_files
from tests.fixtures.folders import ROOT
from tests.fixtures.pages import carried
from tests.fixtures.projects import Demo


def test_types_and_tables_are_those_of_the_models() -> None:
    made = contract_files(Project(ROOT))
    kept = {path: path.read_text(encoding="utf-8") for path in made}
    assert len(made) > 1
    assert kept == made, "run: python -m pipeline contract"


def test_every_key_says_what_it_means() -> None:
    for model in contract.Carried.__subclasses__():
        assert model.__doc__, model.__name__
        described = meanings_of(model)
        keys = [field.serialization_alias or name for name, field in model.model_fields.items()]
        undescribed = [key for key in keys if not described.get(key) and key != "kind"]
        assert undescribed == [], model.__name__


def test_a_page_without_the_marks_is_refused() -> None:
    with pytest.raises(PipelineError, match="lacks the two lines"):
        with_made_part(f"# The contract\n{BEGIN}\n")
    assert with_made_part(f"before\n{BEGIN}\nold\n{END}\nafter").startswith(f"before\n{BEGIN}\n\n### AtlasData")


def test_what_a_page_carries_is_the_contract(demo: Demo) -> None:
    data = carried(demo[0].page("demo"))
    assert contract.AtlasData.model_validate(data).model_dump(mode="json") == data


def test_an_unknown_key_an_absent_one_and_what_is_no_number_are_refused() -> None:
    town = {"lon": 1.3, "lat": 52.6, "area": 1, "place": "Here", "quote": "So", "theme": "T", "source": "S"}
    assert contract.Story.model_validate(town).area == 1
    for changed in (town | {"more": 1}, {k: v for k, v in town.items() if k != "area"}, town | {"lon": float("nan")}):
        with pytest.raises(ValidationError):
            contract.Story.model_validate(changed)


def test_the_atlas_is_imported_without_what_few_maps_need() -> None:
    heavy = ("mapclassify", "sklearn", "scipy", "matplotlib", "folium")
    script = f"import sys, pipeline.atlas; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
