"""Doors to the sound: which edge, with which token, and what the edge is told."""

from contextlib import suppress

from chalicelib.shapes import CallerDoor, MediaDoor
from hearthline.callflow.lead import meeting_place
from hearthline.floor.model import Contact, consult_room
from hearthline.media.edge import Control, EdgeBusyError, edges, meeting_edge
from hearthline.media.model import RECORDED, TOKEN_SECONDS, EdgeAddress, Mode, Role, Unrecorded
from hearthline.media.tokens import media_token
from hearthline.platform.effects import Effects


def agent_door(effects: Effects, contact: Contact, person: str) -> MediaDoor:
    """To the contact's room, for its agent or the colleague beside him. Raises EdgeBusyError when no edge takes it."""
    role: Role = "agent" if contact.agent == person else "partner"
    edge = meeting_place(effects, contact)
    return _door(effects, edge, contact.id, role, person, pause=pause_of(contact), sealed=contact.sealed)


def consult_door(effects: Effects, contact: Contact, person: str) -> MediaDoor:
    """To the room where two agents talk apart; who asked is the caller there. Raises EdgeBusyError."""
    room = consult_room(contact)
    edge = meeting_edge(effects, room, contact.consult_edge)
    return _door(effects, edge, room, "caller" if contact.agent == person else "agent", person)


def supervisor_door(effects: Effects, contact: Contact, person: str, mode: Mode) -> MediaDoor:
    """To the contact's room, where it is: a supervisor leads nobody elsewhere. Raises EdgeBusyError."""
    there = next((edge for edge in edges(effects) if edge.name == contact.edge), None)
    if there is None:
        raise EdgeBusyError(contact.edge)
    return _door(effects, there, contact.id, "supervisor", person, mode)


def caller_door(
    effects: Effects, contact: str, edge_name: str, *, pause: Unrecorded = RECORDED, sealed: bool
) -> tuple[CallerDoor, str]:
    """The door and its edge: ``edge_name`` ('' at first) while that lives. Raises EdgeBusyError when no edge lives."""
    edge = meeting_edge(effects, contact, edge_name)
    token = media_token(
        effects, edge=edge.name, contact=contact, role="caller", leg=contact, unrecorded=pause, sealed=sealed
    )
    return CallerDoor(whip=_whip(edge), token=token), edge.name


def pause_of(contact: Contact) -> Unrecorded:
    """What a room that begins now is told of it."""
    return Unrecorded(contact.unrecorded_until, contact.version)


def hold_at_edge(effects: Effects, contact: Contact, *, held: bool) -> None:
    """Raises EdgeBusyError."""
    control_of(effects, contact).hold(contact.id, held)


def control_of(effects: Effects, contact: Contact) -> Control:
    """Orders to the edge where the contact is. Raises EdgeBusyError when no edge lives."""
    known = {edge.name: edge for edge in edges(effects)}
    return Control(effects, known.get(contact.edge) or meeting_edge(effects, contact.id))


def let_go(effects: Effects, contact: Contact) -> None:
    """The room of a contact that waits again is closed; an edge that does not answer is left when somebody accepts."""
    there = next((edge for edge in edges(effects) if edge.name == contact.edge), None)
    if there:
        with suppress(EdgeBusyError):
            Control(effects, there).close(contact.id)


def heard_again(effects: Effects, contact: Contact) -> None:
    """A page that waits in its room is on hold no longer; an edge that does not answer has lost the room as well."""
    with suppress(EdgeBusyError):
        hold_at_edge(effects, contact, held=False)


def _door(
    effects: Effects,
    edge: EdgeAddress,
    room: str,
    role: Role,
    person: str,
    mode: Mode | None = None,
    *,
    pause: Unrecorded = RECORDED,
    sealed: bool = False,
) -> MediaDoor:
    token = media_token(
        effects, edge=edge.name, contact=room, role=role, leg=person, mode=mode, unrecorded=pause, sealed=sealed
    )
    expires_at = effects.clock.now() + TOKEN_SECONDS * 1000
    return MediaDoor(whip=_whip(edge), token=token, expires_at=expires_at, edge=edge.name)


def _whip(edge: EdgeAddress) -> str:
    return f"{edge.url}/whip"
