"""Two pages agree on the keys of a sealed contact: each says what it has, and is told what the other has."""

from typing import Annotated

from chalice.app import Blueprint
from pydantic import Field

from chalicelib.contacts import own_contact
from chalicelib.problems import ProblemError
from chalicelib.rules import AGENTS, Visit, on
from chalicelib.shapes import In, Out
from hearthline.floor.model import OVER, Contact
from hearthline.floor.store import Floor
from hearthline.presence.keys import Keys, Round

routes = Blueprint(__name__)
Commitment = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$", description="SHA-256, base64url")]
PublicKey = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{87}$", description="a point of P-256, base64url")]


class CallerSeal(In):
    """``key`` is said once the agent's is known."""

    commitment: Commitment
    key: PublicKey | None = None


class AgentSeal(In):
    """``key`` answers that ``commitment``; neither while none is known."""

    commitment: Commitment | None = None
    key: PublicKey | None = None


class Seal(Out):
    """The round of keys as it stands."""

    commitment: str | None
    caller_key: str | None
    agent_key: str | None


@on(
    routes, "POST", "/api/public/contacts/{id}/seal", who="caller", takes=CallerSeal, gives=Seal, each=300, replay=False
)
def say_caller_key(visit: Visit, id: str) -> Seal:
    """The caller's page commits to a key, later shows it, and hears the agent's."""
    _sealed(Floor(visit.effects).contact(id))
    return _told(Keys(visit.effects, id).caller_says(visit.body.commitment, visit.body.key or ""))


@on(routes, "POST", "/api/contacts/{id}/seal", who=AGENTS, takes=AgentSeal, gives=Seal, replay=False)
def say_agent_key(visit: Visit, id: str) -> Seal:
    """The agent's page answers the caller's commitment with a key of its own, and hears the caller's."""
    _sealed(own_contact(visit, id))
    return _told(Keys(visit.effects, id).agent_says(visit.body.commitment or "", visit.body.key or ""))


def _sealed(contact: Contact | None) -> None:
    if contact is None or not contact.sealed or contact.state in OVER:
        raise ProblemError("not_now")


def _told(known: Round) -> Seal:
    return Seal(
        commitment=known.commitment or None, caller_key=known.caller_key or None, agent_key=known.agent_key or None
    )
