"""Doors to the sound: which edge, with which token, and what the edge is told."""

from typing import Literal

from chalicelib.problems import Problem
from chalicelib.shapes import CallerDoor, MediaDoor
from hearthline.floor.model import Contact
from hearthline.media import edge as media_edge
from hearthline.media import tokens
from hearthline.media.model import choose_edge
from hearthline.platform.effects import Effects
from hearthline.platform.settings import Edge

TOKEN_MS = 60_000


def agent_door(effects: Effects, contact: Contact, person: str) -> MediaDoor:
    edge, token = _door(effects, contact.id, contact.edge, "agent", person)
    return MediaDoor(whip=_whip(edge), token=token, expires_at=effects.clock.now() + TOKEN_MS, edge=edge.name)


def caller_door(effects: Effects, contact: str, edge_name: str) -> CallerDoor:
    """``edge_name`` is empty before an agent answered: the edge is the one the contact will meet at."""
    edge, token = _door(effects, contact, edge_name, "caller", contact)
    return CallerDoor(whip=_whip(edge), token=token)


def held_at_edge(effects: Effects, contact: Contact, *, held: bool) -> None:
    """Raises Problem(edge_unreachable)."""
    try:
        media_edge.hold(effects, contact.edge, contact.id, held)
    except media_edge.EdgeError as error:
        raise Problem("edge_unreachable", after=1) from error


def _door(
    effects: Effects, contact: str, edge_name: str, role: Literal["agent", "caller"], leg: str
) -> tuple[Edge, str]:
    known = {edge.name: edge for edge in effects.settings.edges}
    edge = known.get(edge_name) or choose_edge(effects.settings.edges, contact)
    return edge, tokens.sign(effects, contact=contact, role=role, leg=leg, edge=edge.name)


def _whip(edge: Edge) -> str:
    return f"{edge.url}/whip"
