"""A message that a caller left reaches one agent of its queue: listed, taken once, heard by who took it alone."""

import base64
import io
import itertools
import json
import uuid
import wave
from collections.abc import Iterator

import pytest

from functions.open_ticket import app as open_ticket
from hearthline.events.recording_stored import RecordingStored
from hearthline.events.word import Envelope
from hearthline.media.model import caller_left
from hearthline.media.store import AT_CARRIER, TABLE, keep_recording
from hearthline.platform.ledger import SYSTEM
from hearthline.platform.objects import MemoryObjects
from hearthline.platform.seal import Place
from hearthline.tickets.model import Ticket
from hearthline.tickets.store import messages_in, owned_by, ticket_of
from tests.desk import Desk, Seat, open_desk
from tests.integration.test_voicemail import RECORDING, sound
from tests.shift import CALLER, deliver

LENGTH_MS = 3_000


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as opened:
        yield opened


def spoken(desk: Desk) -> tuple[str, dict[str, Envelope]]:
    """A caller of queue broadband spoke a message and hung up; nothing of it was delivered yet."""
    floor, contact = desk.shift.floor, str(uuid.uuid4())
    desk.shift.contact(contact)
    floor.leave_queue_for_message(contact, CALLER)
    floor.message_left(contact, recording=RECORDING, length_ms=LENGTH_MS, actor=CALLER)
    floor.end_contact(contact, by="caller", actor=CALLER)
    return contact, {event.type: event for event in desk.shift.ledger(contact)}


def tell(desk: Desk, *events: Envelope) -> None:
    assert deliver(open_ticket, desk.effects, *(json.dumps(event.plain()) for event in events)) == []


def keep(desk: Desk, contact: str, told: Envelope) -> None:
    """As ``keep_voicemail`` does with what the carrier gave it."""
    effects, name = desk.effects, f"recordings/{contact}/{AT_CARRIER}-1.wav.sealed"
    effects.objects.put(name, effects.sealer.seal(caller_left(sound()), Place(TABLE, contact, name)))
    word = RecordingStored(
        contact=contact, edge=AT_CARRIER, bucket="b", key=name, started_at=1, length_ms=LENGTH_MS, bytes=1
    )
    event = Envelope.around(word, id=told.id, tenant=told.tenant, at=told.at, actor=SYSTEM)
    keep_recording(effects, event, word)


def left(desk: Desk) -> tuple[str, str]:
    """A message that is listed: its contact and its ticket."""
    contact, told = spoken(desk)
    tell(desk, told["ContactEnded"], told["VoicemailLeft"])
    keep(desk, contact, told["VoicemailLeft"])
    [ticket] = messages_in(desk.effects, "broadband")
    return contact, ticket.ticket


def listed(seat: Seat) -> list[str]:
    return [each["id"] for each in seat.call("GET", "/api/messages").body["messages"]]


@pytest.mark.parametrize("order", list(itertools.permutations(("VoicemailLeft", "ContactEnded", "VoicemailLeft"))))
def test_in_whatever_order_the_news_comes_there_is_one_ticket_that_waits_in_its_queue(
    desk: Desk, order: tuple[str, ...]
) -> None:
    contact, told = spoken(desk)
    for name in order:
        tell(desk, told[name])
    [ticket] = messages_in(desk.effects, "broadband")
    assert (ticket.contact, ticket.length_ms, ticket.left_at) == (contact, LENGTH_MS, told["VoicemailLeft"].at)
    opened = ticket_of(desk.effects, ticket.ticket)
    assert opened
    assert (opened.state, opened.owner) == ("unattended", "")


def test_a_message_is_listed_for_those_who_serve_its_queue_and_for_nobody_else(desk: Desk) -> None:
    ana, bo = desk.as_("ana"), desk.hire("cleo", queues={"billing": 3})
    contact, ticket = left(desk)
    [shown] = ana.call("GET", "/api/messages").body["messages"]
    assert (shown["id"], shown["contact"], shown["queue"], shown["length_ms"]) == (
        ticket,
        contact,
        "broadband",
        LENGTH_MS,
    )
    other = desk.as_("cleo")
    assert listed(other) == []
    assert other.on("messages", ticket, "take").code == "not_found"
    assert bo.id != ana.person.id


def test_the_oldest_message_stands_first(desk: Desk) -> None:
    ana, tickets = desk.as_("ana"), []
    for _ in range(3):
        contact, told = spoken(desk)
        tell(desk, told["VoicemailLeft"])
        tickets.append(contact)
        desk.shift.later(60)
    assert [each["contact"] for each in ana.call("GET", "/api/messages").body["messages"]] == tickets


def test_who_takes_a_message_has_its_ticket_and_hears_what_was_said(desk: Desk) -> None:
    ana = desk.as_("ana")
    _, ticket = left(desk)
    assert ana.on("messages", ticket, "sound", method="GET").code == "not_found"
    taken = ana.on("messages", ticket, "take").body
    assert (taken["id"], taken["state"], taken["owner"]) == (ticket, "draft", ana.person.id)
    assert [line["what"] for line in taken["history"]][-1] == "taken"
    heard = base64.b64decode(ana.on("messages", ticket, "sound", method="GET").body["wav"])
    with wave.open(io.BytesIO(heard)) as file, wave.open(io.BytesIO(sound())) as said:
        assert (file.getnchannels(), file.getframerate()) == (1, 8_000)
        assert file.readframes(file.getnframes()) == said.readframes(said.getnframes())
    assert listed(ana) == []


def test_of_two_who_take_a_message_one_has_it_and_the_other_is_told(desk: Desk) -> None:
    ana, bo = desk.as_("ana"), desk.as_("bo")
    _, ticket = left(desk)
    assert ana.on("messages", ticket, "take").status == 200
    late = bo.on("messages", ticket, "take")
    assert (late.status, late.code) == (409, "message_taken")
    assert bo.on("messages", ticket, "sound", method="GET").code == "not_found"
    assert ana.on("messages", ticket, "take").status == 200  # asked twice


def test_late_news_takes_a_message_from_nobody(desk: Desk) -> None:
    ana = desk.as_("ana")
    contact, ticket = left(desk)
    ana.on("messages", ticket, "take")
    told = {event.type: event for event in desk.shift.ledger(contact)}
    tell(desk, told["VoicemailLeft"], told["ContactEnded"])
    assert listed(ana) == []
    [mine] = owned_by(desk.effects, ana.person.id)
    assert isinstance(mine, Ticket)
    assert (mine.id, mine.inbox, mine.message_ms) == (ticket, "", LENGTH_MS)


def test_a_message_that_is_still_being_fetched_says_so(desk: Desk) -> None:
    ana = desk.as_("ana")
    _, told = spoken(desk)
    tell(desk, told["VoicemailLeft"])
    [ticket] = messages_in(desk.effects, "broadband")
    ana.on("messages", ticket.ticket, "take")
    assert ana.on("messages", ticket.ticket, "sound", method="GET").code == "sound_not_ready"


def test_a_recording_that_was_deleted_is_gone_and_not_merely_late(desk: Desk) -> None:
    ana = desk.as_("ana")
    _, ticket = left(desk)
    ana.on("messages", ticket, "take")
    assert isinstance(desk.effects.objects, MemoryObjects)
    desk.effects.objects.kept.clear()
    said = ana.on("messages", ticket, "sound", method="GET")
    assert (said.status, said.code) == (404, "sound_gone")


def test_a_ticket_without_a_message_has_no_sound_and_is_not_taken_as_one(desk: Desk) -> None:
    ana = desk.as_("ana")
    contact = ana.talking()
    tell(desk, next(event for event in desk.shift.ledger(contact) if event.type == "ContactConnected"))
    [mine] = owned_by(desk.effects, ana.person.id)
    assert ana.on("messages", mine.id, "sound", method="GET").code == "not_found"
    assert ana.on("messages", mine.id, "take").code == "not_found"
    assert ana.on("messages", str(uuid.uuid4()), "take").code == "not_found"
