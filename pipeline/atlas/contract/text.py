"""The contract as TypeScript types and as tables in Markdown, both made from its models."""

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from itertools import pairwise
from types import ModuleType
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from pydantic.json_schema import models_json_schema

from pipeline.atlas import contract
from pipeline.atlas.contract import AtlasData, AtlasFile, AtlasRest, Carried, PostcodesHeader, TableHeader, TableTexts
from pipeline.errors import PipelineError

ROOTS: tuple[type[BaseModel], ...] = (AtlasData, AtlasFile, AtlasRest, TableHeader, TableTexts, PostcodesHeader)
BEGIN = "<!-- Made from pipeline/atlas/contract/ by `python -m pipeline contract`: do not edit here. -->"
END = "<!-- The end of what is made. -->"
MADE = "/** What the page carries. Made from `pipeline/atlas/contract/` by `python -m pipeline contract`. */"
WIDTH = 120
FILES = {"index": "index-info"}
"""Files of types whose module has a name that means something else to TypeScript."""


class Schema(BaseModel):
    """The parts of JSON schema that the models of the contract use; anything else is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = ""
    description: str = ""
    type: Literal["object", "array", "string", "integer", "number", "boolean", "null"] | None = None
    const: JsonValue = None
    enum: tuple[JsonValue, ...] = ()
    reference: str = Field(default="", alias="$ref")
    any_of: tuple["Schema", ...] = Field(default=(), alias="anyOf")
    one_of: tuple["Schema", ...] = Field(default=(), alias="oneOf")
    items: "Schema | None" = None
    prefix_items: tuple["Schema", ...] = Field(default=(), alias="prefixItems")
    properties: dict[str, "Schema"] = {}
    required: tuple[str, ...] = ()
    additional: "Schema | bool" = Field(default=True, alias="additionalProperties")
    # What types cannot express.
    minimum: float | None = None
    maximum: float | None = None
    least: int | None = Field(default=None, alias="minItems")
    most: int | None = Field(default=None, alias="maxItems")
    default: JsonValue = None
    discriminator: JsonValue = None

    @property
    def name(self) -> str:
        """The name of the type that it refers to."""
        return self.reference.rsplit("/", 1)[-1]


def typescript() -> dict[str, str]:
    """The types by their files in ``page/src/model/``: one file for each module, and one that names them all."""
    rooms = {name: room for room, names in _rooms().items() for name in names}
    definitions = dict(_definitions())
    parts: dict[str, list[str]] = {room: [] for room in sorted({rooms[name] for name in definitions})}
    needs: dict[str, set[str]] = {room: set() for room in parts}
    for name, schema in definitions.items():
        parts[rooms[name]] += ["", *_declared(name, schema)]
        needs[rooms[name]] |= set(_names_in(schema))
    made = {"contract.ts": "\n".join([MADE, *(f'export type * from "./contract/{room}";' for room in parts)]) + "\n"}
    for room, lines in parts.items():
        imports = []
        for other in sorted({rooms[name] for name in needs[room]} - {room}):
            names = sorted(name for name in needs[room] if rooms[name] == other)
            imports.append(f'import type {{ {", ".join(names)} }} from "./{other}";')
        made[f"contract/{room}.ts"] = "\n".join([MADE, *imports, *lines]) + "\n"
    return made


def _rooms() -> dict[str, list[str]]:
    """The names of the types that each module of the models declares."""
    modules = {
        module.__name__.rsplit(".", 1)[-1]: module
        for module in vars(contract).values()
        if isinstance(module, ModuleType)
    }
    return {
        FILES.get(room, room): [
            name for name, value in vars(module).items() if getattr(value, "__module__", None) == module.__name__
        ]
        for room, module in modules.items()
    }


def _declared(name: str, schema: Schema) -> list[str]:
    """The lines of one type, with its meaning."""
    lines = _comment(schema.description, "")
    if not schema.properties:
        return [*lines, f"export type {name} = {_type(schema)};"]
    lines.append(f"export interface {name} {{")
    for key, value in schema.properties.items():
        lines += [*_comment(value.description, "  "), f"  {key}: {_type(value)};"]
    return [*lines, "}"]


def markdown() -> str:
    """The generated part of ``docs/contract.md``: a table for each object."""
    lines = [BEGIN]
    for name, schema in _definitions():
        lines += ["", f"### {name}", ""]
        if schema.description:
            lines += [_one_line(schema.description), ""]
        if not schema.properties:
            lines.append(f"`{_type(schema)}`")
            continue
        lines += ["| key | type | meaning |", "|---|---|---|"]
        for key, value in schema.properties.items():
            kind = _type(value).replace("|", "\\|")
            lines.append(f"| `{key}` | `{kind}` | {_one_line(value.description)} |")
    return "\n".join([*lines, "", END])


def with_made_part(text: str) -> str:
    """``text``, that of ``docs/contract.md``, with its generated part brought up to date.

    Raises:
        PipelineError: the page lacks the two markers around the generated part.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise PipelineError(
            f"docs/contract.md lacks the two lines that surround its tables. Put them back:\n{BEGIN}\n{END}"
        )
    return before + markdown() + after


def _definitions() -> Iterator[tuple[str, Schema]]:
    """Every named type: the page's object first, then each type after the first that needs it."""
    _, document = models_json_schema([(model, "serialization") for model in ROOTS])
    meanings = {model.__name__: meanings_of(model) for model in _models(Carried)}
    schemas = {}
    for name, plain in document["$defs"].items():
        schema, said = Schema.model_validate(plain), meanings.get(name, {})
        described = {
            key: value.model_copy(update={"description": said[key]}) if key in said else value
            for key, value in schema.properties.items()
        }
        schemas[name] = schema.model_copy(update={"properties": described})
    waiting, seen = [model.__name__ for model in reversed(ROOTS)], set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        yield name, schemas[name]
        waiting += reversed(list(_names_in(schemas[name])))


def _models(base: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """The models that are made from ``base``, directly or not."""
    for model in base.__subclasses__():
        yield model
        yield from _models(model)


def meanings_of(model: type[BaseModel]) -> dict[str, str]:
    """What each key of ``model`` means, by the key: the text below its field in the code, inherited ones included.

    pydantic would read these texts whenever a model is imported, which takes a quarter of a second for all of them.
    """
    meanings: dict[str, str] = {}
    for part in reversed([parent for parent in model.__mro__ if issubclass(parent, BaseModel) and parent != BaseModel]):
        (written,) = ast.parse(textwrap.dedent(inspect.getsource(part))).body
        for field, text in pairwise(written.body if isinstance(written, ast.ClassDef) else []):
            if not (isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)):
                continue
            if (
                isinstance(text, ast.Expr)
                and isinstance(text.value, ast.Constant)
                and isinstance(text.value.value, str)
            ):
                meanings[field.target.id] = inspect.cleandoc(text.value.value)
    return {
        field.serialization_alias or name: meanings[name]
        for name, field in model.model_fields.items()
        if name in meanings
    }


def _names_in(schema: Schema) -> Iterator[str]:
    if schema.reference:
        yield schema.name
    inner = [*schema.any_of, *schema.one_of, *schema.prefix_items, *schema.properties.values()]
    for part in (*inner, schema.items, schema.additional):
        if isinstance(part, Schema):
            yield from _names_in(part)


SIMPLE = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


def _type(schema: Schema) -> str:
    """The TypeScript type of what ``schema`` describes."""
    if schema.reference:
        return schema.name
    if schema.any_of or schema.one_of:
        return " | ".join(map(_type, (*schema.any_of, *schema.one_of)))
    if schema.enum or schema.const is not None:
        return " | ".join(map(_literal, schema.enum or (schema.const,)))
    if schema.prefix_items:
        return f"[{', '.join(map(_type, schema.prefix_items))}]"
    if schema.type == "array" and schema.items is not None:
        inner = _type(schema.items)
        return f"({inner})[]" if " | " in inner else f"{inner}[]"
    if schema.type == "object" and isinstance(schema.additional, Schema):
        return f"Record<string, {_type(schema.additional)}>"
    if schema.type in SIMPLE:
        return SIMPLE[schema.type]
    raise ValueError(f"The contract holds something that has no type in TypeScript here: {schema!r}")


def _literal(value: JsonValue) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def _one_line(text: str) -> str:
    """A docstring as one line of Markdown."""
    return re.sub(r"\s+", " ", text).replace("``", "`").replace("|", "\\|")


def _comment(text: str, indent: str) -> list[str]:
    """A docstring as a comment wrapped to the width of a line."""
    if not text:
        return []
    words = re.sub(r"\s+", " ", text).replace("``", "`").split(" ")
    one = f"{indent}/** {' '.join(words)} */"
    if len(one) <= WIDTH:
        return [one]
    lines = [f"{indent} *"]
    for word in words:
        if len(lines[-1]) + 1 + len(word) > WIDTH:
            lines.append(f"{indent} *")
        lines[-1] += f" {word}"
    return [f"{indent}/**", *lines, f"{indent} */"]
