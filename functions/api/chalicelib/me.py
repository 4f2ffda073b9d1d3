"""The agent himself: what his screen shows, his status, the ticket of his socket."""

from chalice.app import Blueprint

from chalicelib.border import cookie
from chalicelib.edge_shapes import EdgePlace, Edges, RoundTrips
from chalicelib.rules import AGENTS, EVERYBODY, Visit, on
from chalicelib.shapes import Snapshot, SocketTicket, StatusChange
from chalicelib.snapshot import snapshot
from chalicelib.spread import spread
from hearthline.floor.store import Floor
from hearthline.media.edge import edges
from hearthline.people.model import token_hash
from hearthline.presence.store import Presence

routes = Blueprint(__name__)


@on(routes, "GET", "/api/me/floor", who=AGENTS, gives=Snapshot)
def tell_floor(visit: Visit) -> Snapshot:
    """All the agent's screen needs."""
    return snapshot(visit.effects, visit.person)


@on(routes, "POST", "/api/me/status", who=AGENTS, takes=StatusChange, gives=Snapshot)
def set_status(visit: Visit) -> Snapshot:
    """Available, not ready or offline; during a contact it holds from its end on."""
    effects, wish = visit.effects, visit.body
    snapshot(effects, visit.person)  # refuses who is not enlisted
    if wish.status == "available":  # a call may come before the socket is open: the page reads the floor when it is
        Presence(effects).seen(visit.person.id)
    spread(effects, Floor(effects).set_status(visit.person.id, wish.status, wish.reason or "", visit.actor))
    return snapshot(effects, visit.person)


@on(routes, "GET", "/api/edges", who=EVERYBODY, gives=Edges)
def tell_edges(visit: Visit) -> Edges:
    """Where sound may meet: the page measures how far each is."""
    return Edges(edges=[EdgePlace(name=edge.name, probe=f"{edge.url}/probe") for edge in edges(visit.effects)])


@on(routes, "PUT", "/api/me/round-trips", who=EVERYBODY, takes=RoundTrips, gives=RoundTrips)
def note_round_trips(visit: Visit) -> RoundTrips:
    """How far each edge is from this screen; the next contact taken here meets at a near one."""
    Presence(visit.effects).note_round_trips(visit.person.id, visit.body.ms)
    return RoundTrips(ms=visit.body.ms)


@on(routes, "POST", "/api/me/socket-ticket", who=EVERYBODY, gives=SocketTicket, replay=False)
def issue_socket_ticket(visit: Visit) -> SocketTicket:
    """A one-use ticket, to be shown as the second subprotocol of the WebSocket."""
    ticket, ends = Presence(visit.effects).issue_ticket(visit.person.id, token_hash(cookie(visit)))
    url = visit.effects.settings.public_url.replace("http", "ws", 1) + "/socket"
    return SocketTicket(url=url, ticket=ticket, expires_at=ends)
