"""Telling a person's screens that something happened; each then reads for itself what is true."""

from hearthline.events.word import Envelope
from hearthline.platform.effects import Effects
from hearthline.platform.nudge import nudge
from hearthline.presence.store import Presence


def announce(effects: Effects, event: Envelope, *people: str) -> None:
    """After a change: send the work on, and tell the people concerned."""
    nudge(effects, event)
    for person in people:
        tell(effects, person, event)


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


def hint(effects: Effects, person: str, report: Envelope) -> int:
    """Push what no ledger keeps, such as a report of an edge; how many screens took it."""
    if not person:
        return 0
    news = {"type": "news", "event": report.type, "contact": report.data.get("contact"), "at": report.at}
    return sum(effects.push.to(connection, news) for connection in Presence(effects).connections(person))
