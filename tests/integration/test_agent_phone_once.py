"""An agent's phone is dialled exactly once for what he took, whatever dies in between."""

import pytest

from hearthline.events.word import Actor
from hearthline.floor.phones import AgentCall
from hearthline.platform.seal import Place
from tests.integration.carrier_posts import fields, post
from tests.integration.test_callback_once import CONTACT, KilledError, Line, on
from tests.shift import CALLER

DESK = "+8613900001111"


class DeskLine(Line):
    """A caller in a browser whom ana, who has no headset, just took."""

    def taken(self) -> None:
        floor = self.floor
        floor.enlist("ana", queues={"billing": 3}, skills={"zh": 5})
        sealed = self.effects.seal_text(DESK, Place("floor", "ana", "phone"))
        floor.set_phone("ana", sealed, "phone", Actor(kind="agent", id="ana"))
        floor.set_status("ana", "available")
        floor.arrive(CONTACT, channel="browser", edge="edge-a", actor=CALLER)
        floor.enqueue(CONTACT, matter="billing", queue="billing", lang="zh", actor=CALLER)
        self.accept()

    @property
    def call(self) -> AgentCall | None:
        return self.floor.call_of("ana")

    def post(self, step: str, **more: str) -> None:
        assert self.call is not None
        path = f"/telephony/contacts/{CONTACT}/{step}/{self.call.offer}/{self.call.turn}"
        assert post(path, fields(self.dialled[-1], Direction="outbound-api", To=DESK, **more)).status == 200


def effects_of_dialling() -> int:
    with on(DeskLine()) as line:
        line.seen = 0
        line.join()
        return line.seen


@pytest.mark.parametrize("point", range(1, effects_of_dialling() + 1))
def test_a_worker_that_dies_at_any_effect_dials_exactly_once(point: int) -> None:
    with on(DeskLine()) as line:
        assert isinstance(line, DeskLine)
        line.seen, line.at = 0, point
        with pytest.raises(KilledError):
            line.join()
        line.at = 0
        line.join()
        line.join()
        assert len(line.dialled) == 1
        assert line.call is not None
        assert (line.call.call_sid, line.call.state) == (line.dialled[0], "ringing")


def test_who_picks_up_before_the_worker_heard_of_it_is_asked_and_rung_no_more() -> None:
    with on(DeskLine()) as line:
        assert isinstance(line, DeskLine)
        line.seen, line.at = 0, effects_of_dialling() // 2
        with pytest.raises(KilledError):
            line.join()
        line.at = 0
        if not line.dialled:
            line.carrier.dialled[CONTACT] = ["CB7"]
        line.post("desk/answered")
        assert line.call is not None
        assert line.call.state == "asked"
        line.join()
        assert len(line.dialled) == 1
