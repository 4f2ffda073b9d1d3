"""Agents without a headset: by which number or SIP address each hears and speaks, and ringing it anew."""

from typing import Final

from chalice.app import Blueprint

from chalicelib.admin_agents import shown
from chalicelib.admin_config import ADMINS
from chalicelib.admin_shapes import TrainedAgent
from chalicelib.problems import ProblemError
from chalicelib.rules import AGENTS, Visit, on
from chalicelib.shapes import Bilingual, PhoneChoice, Snapshot
from chalicelib.snapshot import snapshot
from chalicelib.spread import spread
from hearthline.callflow.lines import our_numbers
from hearthline.floor.store import Floor
from hearthline.platform.queue import QueueBusyError
from hearthline.platform.seal import Place
from hearthline.telephony.address import agent_address, by_of

routes = Blueprint(__name__)
EXPECTED: Final = Bilingual(
    zh="可拨打的电话号码（如 13812348001 或 +8613812348001），或 SIP 地址（如 sip:name@example.com）",
    en="a telephone number that may be called (+8613812348001), or a SIP address (sip:name@example.com)",
)


@on(routes, "PUT", "/api/me/phone", who=AGENTS, takes=PhoneChoice, gives=Snapshot)
def choose_phone(visit: Visit) -> Snapshot:
    """From the next contact on my sound comes by this phone, or by the headset; not while a contact rings or is on."""
    snapshot(visit.effects, visit.person)  # refuses who is not enlisted
    _choose(visit, visit.person.id)
    return snapshot(visit.effects, visit.person)


@on(routes, "PUT", "/api/admin/agents/{id}/phone", who=ADMINS, takes=PhoneChoice, gives=TrainedAgent)
def choose_agents_phone(visit: Visit, id: str) -> TrainedAgent:
    """The same, for an agent."""
    _choose(visit, id)
    agent = Floor(visit.effects).agent(id)
    if agent is None:
        raise ProblemError("not_found")
    return shown(visit.effects, agent)


@on(routes, "POST", "/api/contacts/{id}/phone", who=AGENTS, gives=Snapshot)
def ring_again(visit: Visit, id: str) -> Snapshot:
    """My phone, which was put down or not picked up, rings anew for the contact I am on."""
    floor = Floor(visit.effects)
    due = floor.ring_again(visit.person.id, id)
    try:
        visit.effects.queue.send("join", floor.phone_news(due))
    except QueueBusyError:
        raise ProblemError("try_again") from None
    return snapshot(visit.effects, visit.person)


def _choose(visit: Visit, agent: str) -> None:
    effects, typed = visit.effects, visit.body.address.strip()
    address = agent_address(typed, our_numbers(effects)) if typed else ""
    if typed and not address:
        raise ProblemError("field_invalid", field="address", expected=EXPECTED)
    sealed = effects.seal_text(address, Place("floor", agent, "phone")) if address else ""
    spread(effects, Floor(effects).set_phone(agent, sealed, by_of(address), visit.actor))
