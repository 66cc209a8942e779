"""What all parts of the contract share."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypeAliasType

Count = Annotated[int, Field(ge=0)]
Span = TypeAliasType("Span", tuple[Count, Count])


class Carried(BaseModel):
    """Base of everything the page carries: frozen, complete, without numbers that JSON cannot express."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        from_attributes=True,
        json_schema_serialization_defaults_required=True,
    )
