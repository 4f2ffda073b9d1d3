"""What the company configured, for the screens of its people."""

from chalice.app import Blueprint

from chalicelib.rules import EVERYBODY, Visit, on
from chalicelib.shapes import Bilingual, Choice, Matter, WorkspaceConfig
from hearthline.config.store import current
from hearthline.tickets.fields import whole_schema

routes = Blueprint(__name__)


@on(routes, "GET", "/api/config/workspace", who=EVERYBODY, gives=WorkspaceConfig)
def tell_workspace(visit: Visit) -> WorkspaceConfig:
    """Names, matters, reasons, wrap-up codes and the fields of a ticket."""
    config = current(visit.effects)
    return WorkspaceConfig(
        company=Bilingual(zh=config.company.zh, en=config.company.en),
        queues=[Choice(id=each.id, zh=each.zh, en=each.en) for each in config.queues],
        matters=[Matter(id=each.id, zh=each.zh, en=each.en, queue=each.queue) for each in config.matters],
        reasons=[each.id for each in config.reasons],
        wrap_up_codes=[Choice(id=each.id, zh=each.zh, en=each.en) for each in config.wrap_up_codes],
        ticket_schema=whole_schema(),
    )
