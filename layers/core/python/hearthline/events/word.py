"""What every event has in common: the envelope of the ledger, and the rules of its data.

A subclass of ``Word`` is one event. It is written to the ledger and sent over queues as an ``Envelope`` whose ``type``
is the class's name and whose ``data`` is the word itself. Changes to a word are additive; otherwise ``SCHEMA`` grows.
"""

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._:-]+$")]
Milliseconds = Annotated[int, Field(ge=0, lt=2**53)]
Label = Annotated[str, Field(min_length=1, max_length=64)]
Channel = Literal["phone", "browser", "message"]
Language = Literal["zh", "en"]


class Word(BaseModel):
    """The data of one event; ``SCHEMA`` is its version."""

    # hide_input_in_errors: a validation error must not carry what a caller said into a log.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    SCHEMA: ClassVar[int] = 1


class Actor(BaseModel):
    """Who acted: a person, the caller, a function, an edge or the clock."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    kind: Literal["agent", "supervisor", "admin", "caller", "carrier", "edge", "system", "clock"]
    id: str = ""


class Envelope(BaseModel):
    """One event as the ledger keeps it and as queues carry it.

    ``id`` is ``pk#sequence``; ``at`` is the server's time in ms since the epoch; ``cause`` the id of the event or
    request that led to this one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    id: str
    type: str
    schema_: int = Field(alias="schema")
    tenant: str
    at: Milliseconds
    actor: Actor
    cause: str = ""
    data: dict[str, Any]

    @classmethod
    def around(cls, word: Word, *, id: str, tenant: str, at: int, actor: Actor, cause: str = "") -> Self:
        data = word.model_dump(mode="json")
        return cls.model_validate(
            {
                "id": id,
                "type": type(word).__name__,
                "schema": word.SCHEMA,
                "tenant": tenant,
                "at": at,
                "actor": actor,
                "cause": cause,
                "data": data,
            }
        )

    def plain(self) -> dict[str, Any]:
        """JSON-ready, with the names of the wire."""
        return self.model_dump(mode="json", by_alias=True)
