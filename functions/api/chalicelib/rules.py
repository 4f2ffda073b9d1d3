"""Each route states who may use it and what goes in and out; a route that states nothing does not open.

@on(routes, "POST", "/api/offers/{id}/accept", who=AGENTS, gives=Snapshot)
def accept_offer(visit: Visit, id: str) -> Snapshot: ...
"""

import re
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Final, Literal

from chalice.app import Blueprint, Response
from pydantic import BaseModel

from chalicelib.problems import ProblemError
from chalicelib.shapes import In, Nothing
from chalicelib.translate import translated
from hearthline.events.word import Actor
from hearthline.people.model import ROLES, Person
from hearthline.platform.effects import Effects
from hearthline.platform.logging import logger

Who = Literal["anyone", "caller"] | frozenset[str]
MAX_BODY_BYTES: Final = 16_384
FORMS: Final = {
    "id": re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
    "number": re.compile(r"[1-9][0-9]{0,8}"),
    "day": re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"),
}
"""What a part of a path, or a value in a query, may look like."""
Query = dict[str, tuple[str, ...] | str]
AGENTS: Final = frozenset({"agent"})
EVERYBODY: Final = frozenset(ROLES)


@dataclass(frozen=True, slots=True)
class Rule:
    """``who``: roles, the holder of the contact's key, or anyone. ``each``/``total``: requests a minute of one address
    (of one contact for callers) and of all together, 0 for no bound. ``replay``: whether a repeated Idempotency-Key
    gets the first answer again; answers that hold a one-use secret are made afresh instead. ``parts`` names the form
    of parts of the path that are no ids; a query's parameter lists its values or names its form. ``most`` bounds the
    body, in bytes.
    """

    method: str
    path: str
    who: Who
    takes: type[In] | None
    gives: type[BaseModel] | None
    status: int
    query: Query
    each: int
    total: int
    replay: bool
    parts: dict[str, str]
    most: int

    @property
    def writes(self) -> bool:
        return self.method not in {"GET", "HEAD"}


@dataclass(slots=True)
class Visit:
    """One request, after the border: who is there and what was sent. ``id`` is new and names what it creates."""

    effects: Effects
    rule: Rule
    id: str
    address: str
    headers: Any
    path: dict[str, str]
    query: dict[str, str]
    body: Any = None
    signed_in: Person | None = None
    answer_headers: dict[str, str] = field(default_factory=dict)

    @property
    def person(self) -> Person:
        if self.signed_in is None:
            raise LookupError("this route is open to people without a session")
        return self.signed_in

    @property
    def actor(self) -> Actor:
        role = self.person.role
        if role in {"agent", "supervisor"}:
            return Actor.model_validate({"kind": role, "id": self.person.id})
        return Actor(kind="admin", id=self.person.id)


RULES: Final[dict[tuple[str, str], Rule]] = {}
VISIT: Final[ContextVar[Visit]] = ContextVar("visit")

View = Callable[..., BaseModel | None]
TRIES: Final = 3
"""How often a view runs when the store was busy: every command may run twice."""


def _worked(visit: Visit, act: Callable[[], BaseModel | None]) -> BaseModel | None:
    """Chalice would make an anonymous 500 of any error but ProblemError, so nothing else leaves a view."""
    for last in (False,) * (TRIES - 1) + (True,):
        try:
            return translated(act)
        except ProblemError as problem:
            if last or problem.code != "try_again":
                raise
        except Exception as error:
            logger("api").exception("view failed", route=visit.rule.path)
            raise ProblemError("internal") from error
    return None


def on(
    routes: Blueprint,
    method: str,
    path: str,
    *,
    who: Who,
    takes: type[In] | None = None,
    gives: type[BaseModel] | None = None,
    status: int = 200,
    query: Query | None = None,
    each: int = 0,
    total: int = 0,
    replay: bool = True,
    parts: dict[str, str] | None = None,
    most: int = MAX_BODY_BYTES,
) -> Callable[[View], View]:
    """Registers the rule and the route. The view gets the visit and the parts of the path."""
    accepts = takes or (Nothing if method not in {"GET", "HEAD"} else None)
    rule = Rule(method, path, who, accepts, gives, status, query or {}, each, total, replay, parts or {}, most)
    if RULES.setdefault((method, path), rule) is not rule:
        raise ValueError(f"{method} {path} has two rules")

    def register(view: View) -> View:
        @wraps(view)
        def answer(**parts: str) -> Response:
            visit = VISIT.get()
            said = _worked(visit, lambda: view(visit, **parts))
            body = said.model_dump(mode="json") if said is not None else ""
            return Response(body, headers=dict(visit.answer_headers), status_code=status)

        # An empty list of content types: the border checks them itself, with an answer of our form.
        routes.route(path, methods=[method], content_types=[])(answer)
        return view

    return register
