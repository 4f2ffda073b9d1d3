"""A socket that closed: whether its person is gone is looked at a moment later."""

from hearthline.events.connection_lost import ConnectionLost
from hearthline.events.word import Envelope
from hearthline.platform.effects import Effects
from hearthline.platform.ledger import SYSTEM
from hearthline.platform.logging import logger
from hearthline.platform.queue import QueueBusyError


def report_lost(effects: Effects, person: str, connection: str) -> None:
    """Ask for that look. A lost message is made good by the age of the heartbeat."""
    word = ConnectionLost(person=person, connection=connection)
    now, tenant = effects.clock.now(), effects.settings.tenant
    lost = Envelope.around(word, id=f"{connection}#1", tenant=tenant, at=now, actor=SYSTEM)
    try:
        effects.queue.send("gone", lost, effects.settings.gone_seconds)
    except QueueBusyError:
        logger("presence").warning("nudge lost", queue="gone", person=person)
