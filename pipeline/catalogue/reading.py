"""Reading a declared TOML file: every error names the file and the key."""

import tomllib
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from pipeline.errors import DeclarationError

Model = TypeVar("Model", bound=BaseModel)

DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))]
)
"""Names that Windows reserves for devices, whatever the ending, so that no file or folder can have them."""


def _as_file_name(name: str) -> str:
    if name.lower() in DEVICES:
        raise ValueError(f"files are named after it, and Windows reserves '{name}': choose another name")
    return name


AsFileName = AfterValidator(_as_file_name)
"""For names that files and folders are given."""


class Declared(BaseModel):
    """Base of everything declared: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file.

    Raises:
        DeclarationError: the file is missing, or is not TOML (with the line of the mistake).
    """
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError:
        raise DeclarationError(f"{path}: there is no such file.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DeclarationError(f"{path}: this is not valid TOML: {error}") from error


def parse(model: type[Model], values: dict[str, Any], path: Path, where: str) -> Model:
    """``values`` as a ``model``; every fault is reported with its file, key and value.

    Raises:
        DeclarationError: one line per fault.
    """
    try:
        return model.model_validate(values)
    except ValidationError as error:
        faults = []
        for fault in error.errors():
            key = ".".join([where, *(str(part) for part in fault["loc"])]).strip(".")
            if fault["type"] == "extra_forbidden":
                faults.append(f"  {key}: unknown key. Known keys: {', '.join(_known_keys(model, fault['loc']))}")
            elif fault["type"] == "missing":
                faults.append(f"  {key}: this key is missing")
            else:
                faults.append(f"  {key}: {fault['msg']} (found {fault['input']!r:.120})")
        raise DeclarationError("\n".join([f"{path}: {len(faults)} fault(s)", *faults])) from error


def _known_keys(model: type[BaseModel], place: tuple[int | str, ...]) -> list[str]:
    """The keys that the table holding ``place`` may have."""
    for part in place[:-1]:
        if isinstance(part, str):
            annotation = model.model_fields[part].annotation
            kinds = (annotation, *get_args(annotation))
            model = next((k for k in kinds if isinstance(k, type) and issubclass(k, BaseModel)), model)
    return sorted(field.alias or name for name, field in model.model_fields.items())
