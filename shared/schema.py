"""The base of what goes over HTTP: the text under a field is that field's description.

class RoomFacts(Schema):
    capacity: int
    \"\"\"How many people the room holds.\"\"\"
"""

from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict


class Schema(BaseModel):
    """A request's or an answer's body, or a part of one (see shared/http/openapi.py)."""

    model_config = ConfigDict(use_attribute_docstrings=True)


def example(body: JsonDict) -> JsonDict:
    """For `json_schema_extra` of a model: what such a body looks like."""
    return {"examples": [body]}
