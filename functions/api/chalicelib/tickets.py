"""An agent's own tickets."""

from chalice.app import Blueprint

from chalicelib.problems import ProblemError
from chalicelib.rules import AGENTS, Visit, on
from chalicelib.shapes import TicketPatch, TicketVersion
from chalicelib.ticket_shapes import HistoryLine, Ticket, TicketList
from hearthline.tickets import model
from hearthline.tickets.fields import schema_for
from hearthline.tickets.store import edit_ticket, owned_by, submit_ticket, ticket_of

routes = Blueprint(__name__)


def own_ticket(visit: Visit, id: str) -> model.Ticket:
    """Another's ticket is not there."""
    ticket = ticket_of(visit.effects, id)
    if ticket is None or ticket.owner != visit.person.id:
        raise ProblemError("not_found")
    return ticket


@on(routes, "GET", "/api/tickets", who=AGENTS, gives=TicketList, query={"state": model.STATES})
def list_tickets(visit: Visit) -> TicketList:
    """The agent's last tickets, newest change first."""
    found = owned_by(visit.effects, visit.person.id, visit.query.get("state", ""))
    return TicketList(tickets=[shown(ticket) for ticket in found])


@on(routes, "GET", "/api/tickets/{id}", who=AGENTS, gives=Ticket)
def tell_ticket(visit: Visit, id: str) -> Ticket:
    """One own ticket."""
    return shown(own_ticket(visit, id))


@on(routes, "PATCH", "/api/tickets/{id}", who=AGENTS, takes=TicketPatch, gives=Ticket)
def edit(visit: Visit, id: str) -> Ticket:
    """Fields of a draft as given; null empties one."""
    given = visit.body
    return shown(edit_ticket(visit.effects, own_ticket(visit, id), given.version, given.fields, visit.actor))


@on(routes, "POST", "/api/tickets/{id}/submit", who=AGENTS, takes=TicketVersion, gives=Ticket)
def submit(visit: Visit, id: str) -> Ticket:
    """The draft is complete."""
    return shown(submit_ticket(visit.effects, own_ticket(visit, id), visit.body.version, visit.actor))


def shown(ticket: model.Ticket) -> Ticket:
    return Ticket(
        id=ticket.id,
        contact=ticket.contact,
        state=ticket.state,
        matter=ticket.matter,
        owner=ticket.owner,
        fields=dict(ticket.fields),
        version=ticket.version,
        opened_at=ticket.opened_at,
        updated_at=ticket.updated_at,
        missing=model.missing(schema_for(ticket.matter), ticket.fields),
        message_ms=ticket.message_ms,
        history=[HistoryLine(at=line.at, what=line.what) for line in ticket.history],
    )
