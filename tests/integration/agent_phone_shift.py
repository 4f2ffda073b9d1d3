"""A shift in which ana hears and speaks by phone; the carrier and two edges are small servers outside."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from functions.join_media import app as join_media
from functions.release_media import app as release_media
from functions.voice_webhook import app as webhook
from hearthline.events.word import Actor
from hearthline.platform.seal import Place
from tests.integration.carrier_posts import PUBLIC, Answer, fields, post
from tests.integration.outside import a_carrier, an_edge, serving
from tests.integration.phone_shift import PhoneShift
from tests.shift import bound, deliver

DESK = "+8613900001111"
DESK_SID = "CA" + "d" * 32
CALLS = "POST /2010-04-01/Accounts/AC" + "2" * 32 + "/Calls"


class AgentPhoneShift(PhoneShift):
    """``run_all`` brings every message of ``join`` and ``release`` to its reader, in order."""

    _brought = 0

    def by_phone(self, agent: str = "ana", number: str = DESK) -> None:
        self.floor.enlist(agent, queues={"billing": 3}, skills={"zh": 5})
        sealed = self.effects.seal_text(number, Place("floor", agent, "phone"))
        self.floor.set_phone(agent, sealed, "phone", Actor(kind="agent", id=agent))

    def bring(self, late: bool = False) -> list[str]:
        """What was sent to ``join`` and ``release``; what is delayed only if ``late``."""
        failed = list[str]()
        while self._brought < len(self.queue.sent):
            sent = self.queue.sent[self._brought]
            self._brought += 1
            readers: dict[str, Any] = {"join": join_media, "release": release_media}
            if sent.queue in readers and (late or not sent.delay):
                failed += deliver(readers[sent.queue], self.effects, sent.body)
        return failed

    @property
    def dialled(self) -> list[dict[str, str]]:
        return [form for line, form in self.carrier.heard if line == f"{CALLS}.json"]

    def ordered(self, sid: str = DESK_SID) -> list[dict[str, str]]:
        """What the carrier was told to do with a call."""
        return [form for line, form in self.carrier.heard if line == f"{CALLS}/{sid}.json"]

    def taken(self) -> str:
        """A caller asks for billing, ana accepts, her phone is dialled; the contact's id."""
        self.by_phone()
        contact = self.accepted()
        self.queue.send("join", self.ledger(contact)[-1])
        assert self.bring() == []
        return contact

    def path(self, step: str) -> str:
        """The address the carrier was given with the last order to dial."""
        url = urlsplit(self.dialled[-1]["StatusCallback" if step == "status" else "Url"]).path
        return url if step == "status" else url.replace("/answered/", f"/{step}/")

    def phone(self, step: str, sid: str = DESK_SID, **more: str) -> Answer:
        """A post of the carrier about the agent's phone."""
        form = fields(sid, Direction="outbound-api", From="+862150008000", To=DESK, **more)
        return post(self.path(step), form)

    def talks(self) -> str:
        """Until both are heard."""
        contact = self.taken()
        self.phone("answered")
        self.phone("take", Digits="1")
        step = self.floor.connected(contact, "edge-a")
        assert step is not None
        return contact


def token_of(answer: str) -> dict[str, Any]:
    """The claims of the token in a document."""
    parts = [answer.partition(f'name="{name}" value="')[2].partition('"')[0] for name in ("token", "token2")]
    body = "".join(parts).split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return claims


@contextmanager
def agent_phone_shift() -> Iterator[AgentPhoneShift]:
    with serving(a_carrier()) as carrier, serving(an_edge()) as a, serving(an_edge()) as b:
        shift = AgentPhoneShift(carrier, {"edge-a": a, "edge-b": b})
        with bound(webhook, shift.effects):
            yield shift


__all__ = ["PUBLIC", "AgentPhoneShift", "agent_phone_shift", "token_of"]
