"""Telling a person's screens that something happened; each then reads for itself what is true."""

from hearthline.events.word import Envelope
from hearthline.platform.effects import Effects
from hearthline.presence.store import Presence


def tell(effects: Effects, person: str, event: Envelope) -> int:
    """Push the event, without its data, to every live screen of ``person``; how many took it."""
    if not person:
        return 0
    _, _, version = event.id.rpartition("#")
    news = {
        "type": "news",
        "event": event.type,
        "contact": event.data.get("contact"),
        "version": int(version),
        "at": event.at,
    }
    presence = Presence(effects)
    return sum(effects.push.to(connection, news) for connection in presence.connections(person))
