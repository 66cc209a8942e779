"""Declared values as frozen models: every fault is said with its file, table, key and value."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from pydantic_core import ErrorDetails

from pipeline.declarations import (
    Declaration,
    file_name_fault,
    place_of,
    read_toml,
    tables_of,
    text_fault,
    value_in_words,
)
from pipeline.errors import DeclarationError, did_you_mean, shown

__all__ = [
    "Address",
    "BareFile",
    "Declared",
    "FilePath",
    "Key",
    "Name",
    "Number",
    "Slug",
    "Text",
    "address_fault",
    "named",
    "parse",
    "read_tables",
    "read_toml",
    "refuse_other_tables",
    "tables_of",
]

Model = TypeVar("Model", bound=BaseModel)
LONGEST_NAME = 60


def _as_file_name(name: str) -> str:
    fault = file_name_fault(name)
    if fault:
        raise ValueError(f"{fault}: choose another name")
    return name


def _as_name(name: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or len(name) > LONGEST_NAME:
        raise ValueError(
            f"a name is of small letters a to z, digits and '_', begins with a letter and has at most {LONGEST_NAME} "
            "characters, such as share_75_plus: columns and files are named after it"
        )
    return _as_file_name(name)


def _as_slug(name: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) or len(name) > LONGEST_NAME:
        raise ValueError(
            f"a name is of small letters a to z, digits and single hyphens, and has at most {LONGEST_NAME} characters, "
            "such as norfolk-and-waveney: files and folders are named after it"
        )
    return _as_file_name(name)


def _as_key(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]+", name) or len(name) > LONGEST_NAME:
        raise ValueError(f"a name is of letters a to z, digits, _ and -, and has at most {LONGEST_NAME} characters")
    return name


def _as_bare_file(name: str) -> str:
    fault = file_name_fault(name)
    if fault:
        raise ValueError(f"expected the bare name of a file in its folder under data/raw; {fault}")
    return name


def _as_file_path(name: str) -> str:
    if text_fault(name) or "\n" in name:
        raise ValueError("a path is one line without control characters")
    if re.match(r"(?i)[a-z][a-z0-9+.-]+://", name):
        raise ValueError("expected a file on this machine or on a network drive, not a web address: save it first")
    return name


def _as_address(address: str) -> str:
    fault = address_fault(address)
    if fault:
        raise ValueError(fault)
    return address


def address_fault(address: str) -> str:
    """Why ``address`` is no address of the web that is safe to ask or to link to; empty where it is one.

    Only https is; http too where the server is this machine, as in tests.
    """
    if re.search(r"[\s\"'<>\\^`|]", address) or not address.isprintable():
        return "an address has no spaces, quotation marks, angle brackets or backslashes"
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return "expected an address such as https://www.example.org/page"
    is_here = host in ("localhost", "127.0.0.1", "::1")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_here):
        return "expected an address that begins with https://"
    if "@" in parts.netloc:
        return "an address must not hold a user name or a password"
    if not is_here and not re.fullmatch(r"(?!-)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", host):
        return "expected the name of a server after https://, such as www.example.org"
    return ""


def _as_text(text: str) -> str:
    return re.sub(r"\s*\n\s*", " ", text)


Text = Annotated[str, StringConstraints(min_length=1), AfterValidator(_as_text)]
"""Words for readers; a line break is a space."""
Name = Annotated[str, AfterValidator(_as_name)]
"""Of columns and of what gives columns their names."""
Slug = Annotated[str, AfterValidator(_as_slug)]
"""Of areas and indices, whose files and folders have it."""
BareFile = Annotated[str, AfterValidator(_as_bare_file)]
FilePath = Annotated[str, StringConstraints(min_length=1), AfterValidator(_as_file_path)]
"""An analyst's file: from the project folder, or a full path, such as one on a network drive."""
Address = Annotated[str, AfterValidator(_as_address)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Key = Annotated[str, AfterValidator(_as_key)]
"""Of layers, which are linked to by it."""


class Declared(BaseModel):
    """Base of everything declared: frozen, and an unknown key is an error.

    :func:`parse` takes a value of a file only in the type that is declared: no quoted number, no true for 1.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def _lists_as_tuples(cls, values: Any) -> Any:
        if not isinstance(values, Mapping):
            return values
        return {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}


def read_tables(model: type[Model], path: Path, key: str = "id") -> dict[str, Model]:
    """The tables of a file, each a ``model`` that has its name as ``key``.

    Raises:
        DeclarationError: a fault in the file, or no table in it.
    """
    tables = tables_of(read_toml(path), path)
    if not tables:
        raise DeclarationError(f"{path}: this file declares nothing; expected at least one table, [name].")
    return {name: parse(model, named(key, name, values, path), path, name) for name, values in tables.items()}


def named(key: str, name: str, values: Declaration, path: Path, within: str = "") -> Declaration:
    """The values of a table with its name as ``key``, which the file itself must not give.

    Raises:
        DeclarationError: it does.
    """
    if key in values:
        table = f"{within}.{name}" if within else name
        raise DeclarationError(f"{path}: {table}.{key}: unknown key. The table is called by its name; remove the key.")
    return {key: name, **values}


def refuse_other_tables(tables: Iterable[str], expected: Iterable[str], path: Path) -> None:
    """Refuse tables that a file cannot have.

    Raises:
        DeclarationError: which, and what may have been meant.
    """
    there = sorted(expected)
    faults = [
        f"  {shown(name)}: unknown table.{did_you_mean(name, there)} Known tables: {', '.join(there)}"
        for name in tables
        if name not in there
    ]
    if faults:
        raise DeclarationError("\n".join([f"{path}: {len(faults)} fault(s)", *faults[:20]]))


def parse(
    model: type[Model], values: Mapping[str, object], path: Path, where: str, beside: Iterable[str] = ()
) -> Model:
    """``values`` as a ``model``; every fault is reported with its file, table, key and value.

    ``beside`` are further keys that its table may have, which are read elsewhere.

    Raises:
        DeclarationError: one line per fault.
    """
    try:
        return model.model_validate(dict(values), strict=True)
    except ValidationError as error:
        faults = [f"  {line}" for line in dict.fromkeys(_lines(error, model, values, (where, *beside)))]
        raise DeclarationError("\n".join([f"{path}: {len(faults)} fault(s)", *faults[:20]])) from error


def _lines(
    error: ValidationError, model: type[BaseModel], values: Mapping[str, object], table: tuple[str, ...]
) -> Iterator[str]:
    where, *beside = table
    faults = error.errors()
    for fault in faults:
        loc = fault["loc"]
        if any(other["loc"][: len(loc)] == loc and len(other["loc"]) > len(loc) for other in faults):
            # What is said of a list whose entries are at fault, such as that it has too few good ones.
            continue
        if loc[-1:] == ("[key]",):
            expected = re.findall(r"'([^']*)'", str(fault.get("ctx", {}).get("expected", "")))
            yield f"{place_of(values, loc[:-1])}: unknown key.{did_you_mean(str(loc[-2]), expected)} " + (
                f"Known keys: {', '.join(expected)}"
            )
            continue
        # The name of a table, or of a file, is no key in it.
        inside = place_of(values, loc) if loc != ("id",) else "" if where else "the name of this file"
        place = f"{where}.{inside}" if where and inside else where or inside
        keys = sorted({*_keys_of(model, loc), *(beside if len(loc) == 1 else ())} - {"id"})
        yield f"{place}: {_said(fault, keys)}" if place else _said(fault, keys)


def _said(fault: ErrorDetails, keys: list[str]) -> str:
    kind, limits, value = fault["type"], fault.get("ctx", {}), fault["input"]
    if kind == "extra_forbidden":
        nested = (
            " It is a table inside a table: a dot in the name of a table does that." if isinstance(value, dict) else ""
        )
        return f"unknown key.{did_you_mean(str(fault['loc'][-1]), keys)}{nested} Known keys: {', '.join(keys)}"
    if kind == "missing":
        return "this key is missing"
    if kind == "value_error":
        message = str(fault["msg"]).removeprefix("Value error, ")
        # A rule of several keys has no value of its own to show.
        return message if isinstance(value, dict) else f"{message}; found {value_in_words(value)}"
    expected = _expected(kind, limits, str(fault["msg"]))
    return f"expected {expected}; found {value_in_words(value)}{_meant(kind, limits, value)}"


def _meant(kind: str, limits: Mapping[str, Any], value: object) -> str:
    if kind == "literal_error" and isinstance(value, str):
        return "." + did_you_mean(value, re.findall(r"'([^']*)'", str(limits.get("expected", ""))))
    if kind in ("int_type", "float_type", "bool_type") and isinstance(value, str):
        return ". Remove the quotation marks"
    if kind == "string_type" and not isinstance(value, dict | list | tuple):
        return ". Put it into quotation marks"
    return ""


EXPECTED = {
    "string_type": "text in quotation marks",
    "string_too_short": "a text that is not empty",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a number",
    "bool_type": "true or false",
    "date_type": "a date such as 2026-11-27, without quotation marks",
    "tuple_type": "a list in square brackets",
    "dict_type": "a table",
    "mapping_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "date_from_datetime_inexact": "a date such as 2026-03-01, without a time",
}
"""What is expected where pydantic reports a fault of this type."""


def _expected(kind: str, limits: Mapping[str, Any], message: str) -> str:
    if kind in EXPECTED:
        return EXPECTED[kind]
    for name, words in (("gt", "above"), ("ge", "of at least"), ("lt", "below"), ("le", "of at most")):
        if name in limits:
            limit = f"{limits[name]:,f}".rstrip("0").rstrip(".")
            return f"a number {words} {limit}"
    if kind == "literal_error":
        return f"one of {limits['expected']}".replace(" or ", ", ")
    if kind in ("too_short", "too_long"):
        length = limits.get("min_length", limits.get("max_length"))
        return f"a list with at {'least' if kind == 'too_short' else 'most'} {length} entries"
    if kind == "string_too_long":
        return f"at most {limits['max_length']} characters"
    return message[:1].lower() + message[1:]


def _keys_of(model: type[BaseModel], place: tuple[int | str, ...]) -> list[str]:
    """The keys that the table holding ``place`` may have."""
    for part in place[:-1]:
        if isinstance(part, str) and part in model.model_fields:
            model = next(_models_in(model.model_fields[part].annotation), model)
    return [field.alias or name for name, field in model.model_fields.items()]


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)
