"""The direct message beside the guarantee: where a person waits, the writer also sends the work on by itself.

The ledger's stream and the bus deliver the same event to the same queues; readers are idempotent. A lost nudge costs
time, never a call, so a failure here is logged and forgotten.
"""

from collections.abc import Callable
from typing import Final

from hearthline.events.word import Envelope
from hearthline.platform.effects import Effects
from hearthline.platform.logging import logger
from hearthline.platform.queue import QueueBusyError
from hearthline.platform.settings import Settings

Delay = Callable[[Settings], int]


def _at_once(_: Settings) -> int:
    return 0


READERS: Final[dict[str, tuple[tuple[str, Delay], ...]]] = {
    "ContactQueued": (("route", _at_once),),
    "OfferLapsed": (("route", _at_once),),
    "AgentStatusChanged": (("route", _at_once),),
    "AgentRetrained": (("route", _at_once),),
    "WrapUpEnded": (("route", _at_once),),
    "ContactOffered": (("expire", lambda settings: settings.ring_seconds),),
    "ConsultAccepted": (("join", _at_once),),
    "ConferenceStarted": (("join", _at_once),),
    "OfferAccepted": (("join", _at_once), ("expire", lambda settings: settings.join_seconds)),
    "ContactConnected": (("ticket", _at_once),),
    "TrialAsked": (("trial", _at_once),),
    "ContactTransferred": (
        ("route", _at_once),
        ("join", _at_once),
        ("ticket", _at_once),
        ("wrapup", lambda settings: settings.wrap_up_seconds),
    ),
    "ConsultOffered": (("expire", lambda settings: settings.ring_seconds),),
    "ConsultEnded": (("route", _at_once), ("join", _at_once), ("wrapup", lambda settings: settings.wrap_up_seconds)),
    "ConnectionLost": (("gone", lambda settings: settings.gone_seconds),),
    "ContactEnded": (
        ("release", _at_once),
        ("ticket", _at_once),
        ("route", _at_once),
        ("wrapup", lambda settings: settings.wrap_up_seconds),
    ),
}
"""Which queues an event goes to, and after how many seconds. The bus has the same routes (a test compares them)."""
BY_BUS_ALONE: Final[dict[str, tuple[str, ...]]] = {
    "ContactEnded": ("daybook",),
    "WrapUpEnded": ("daybook",),
    "AgentStatusChanged": ("daybook",),
    "OfferLapsed": ("daybook",),
    "ConsultEnded": ("daybook",),
    "VoicemailBegun": ("voicemail",),
    "VoicemailLeft": ("voicemail", "ticket"),
}
"""Queues whose readers nobody waits for: the guarantee brings them the event, and the writer's time is saved."""


AT_PHONE: Final = (("join", _at_once),)
"""Who came off a contact that waits again may have a phone that rings. By nudge alone: its calls end by themselves."""


def nudge(effects: Effects, event: Envelope) -> None:
    """Send ``event`` straight to its readers."""
    more = AT_PHONE if event.type == "ContactQueued" and event.data.get("off") else ()
    for queue, delay in (*READERS.get(event.type, ()), *more):
        try:
            effects.queue.send(queue, event, delay(effects.settings))
        except QueueBusyError:
            logger("nudge").warning("nudge lost", queue=queue, event=event.id, event_type=event.type)
