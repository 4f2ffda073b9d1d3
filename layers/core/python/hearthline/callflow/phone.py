"""What each post of the carrier does to the contact, and what the caller hears next.

Every step may run twice: it changes the floor only where that still applies and answers from what is true then.
"""

from dataclasses import replace
from typing import Final

from hearthline.callflow.enter import customer_of, enter_queue
from hearthline.callflow.hours import Shut, shut_now
from hearthline.callflow.lines import is_blocked, line_of, our_numbers
from hearthline.callflow.unreached import not_reached
from hearthline.events.word import Actor
from hearthline.floor.errors import UnknownError
from hearthline.floor.keeper import Step
from hearthline.floor.model import Contact
from hearthline.floor.store import Floor
from hearthline.platform.effects import Effects
from hearthline.platform.seal import Place
from hearthline.presence.flow import announce
from hearthline.telephony import twiml, words
from hearthline.telephony.answers import Answers
from hearthline.telephony.menu import CALLBACK_KEY, ENGLISH_KEY, MATTERS, MESSAGE_KEY, OPERATOR, THIS_NUMBER_KEY
from hearthline.telephony.model import (
    GONE,
    NOT_REACHED,
    Language,
    Matter,
    Told,
    contact_id,
    e164,
    expected_wait,
    is_e164,
    may_be_called,
    recognise,
    recording_of,
    say_next,
    where_to,
)
from hearthline.telephony.twilio import Post
from hearthline.telephony.words import Text

MAX_JOINS: Final = 3
"""How often one caller is led to an edge anew before going back to the queue."""
MAX_CALLME: Final = 3
SHORTEST_MESSAGE_SECONDS: Final = 2
"""Who hangs up at the tone leaves a second of nothing."""


class PhoneCall:
    """One post about one contact; each method answers with TwiML."""

    def __init__(self, effects: Effects, post: Post, contact: str = "") -> None:
        self._effects = effects
        self._post = post
        self._floor = Floor(effects)
        self._id = contact or contact_id(effects.settings.stack_id, post.call_sid)
        self._to = twiml.Addresses(effects.settings.public_url, self._id)
        self._caller = Actor(kind="caller")
        self._carrier = Actor(kind="carrier", id=post.call_sid)

    def greet(self) -> str:
        """A call came in."""
        line = line_of(self._effects, self._post.get("To"))
        if line is None:
            return twiml.goodbye(text=words.WRONG_NUMBER)
        if is_blocked(self._effects, self._number()):
            return twiml.goodbye(*filter(None, [line.lang]), text=words.NOT_TAKEN)
        self._arrive()
        if Answers(self._effects).has_ended(self._post.call_sid):
            self._end(self._carrier)  # the news of the end overtook the call itself
            return twiml.goodbye()
        if line.queue:
            lang: Language = "en" if line.lang == "en" else "zh"
            return self._queue_up(replace(OPERATOR, queue=line.queue), lang, words.GREETING)
        return twiml.greeting(self._to, line.lang)

    def menu(self, lang: Language | None) -> str:
        """What the caller said or keyed; ``lang`` is None at the first try."""
        digits, speech = self._post.get("Digits"), self._post.get("SpeechResult")
        if digits == ENGLISH_KEY and lang != "en":
            return twiml.menu_again(self._to, "en", misheard=False)
        heard = recognise(speech, digits, MATTERS, lang or "zh")
        if heard is not None:
            said = words.TO_OPERATOR if heard.matter == OPERATOR else words.UNDERSTOOD
            return self._queue_up(heard.matter, heard.lang, said)
        if lang is None:
            return twiml.menu_again(self._to, "zh", misheard=True)
        return self._queue_up(OPERATOR, lang, words.TO_OPERATOR)

    def wait(self, before: Told) -> str:
        """The caller waits in the carrier's queue and was told ``before``."""
        contact = self._known()
        if contact.state == "connecting":
            return twiml.hold_on(self._to, contact.lang, before)
        if where_to(contact.state) != "wait" or contact.call_sid != self._post.call_sid:
            return twiml.goodbye(contact.lang)
        standing = self._floor.standing(contact.id)
        place = min(standing.position, contact.position_at_entry or standing.position)
        seconds = expected_wait(place, standing.free_agents, standing.place_ms)
        told = say_next(standing.position, seconds, at_entry=contact.position_at_entry, before=before)
        return twiml.announce(self._to, contact.lang, told)

    def choose(self, told: Told) -> str:
        """A key was pressed while waiting."""
        if self._post.get("Digits") == MESSAGE_KEY:
            return self._message_instead_of_waiting(told)
        if self._post.get("Digits") != CALLBACK_KEY:
            return twiml.back_to_wait(self._to, told)
        return twiml.ask_number(self._to, self._known().lang, told, self._number())

    def number(self, told: Told) -> str:
        """A number for the callback was keyed, which is read back, or the one read out was confirmed."""
        digits, contact = self._post.get("Digits").rstrip("#"), self._known()
        confirmed = digits == THIS_NUMBER_KEY
        number = (self._keyed() or self._number()) if confirmed else e164(digits)
        if not may_be_called(number, our_numbers(self._effects)):
            return twiml.ask_number(self._to, contact.lang, told, self._number(), refused=True)
        if not confirmed and number != self._number():
            Answers(self._effects).note_number(self._post.call_sid, self._seal_keyed(number))
            return twiml.ask_number(self._to, contact.lang, told, number)
        if self._promise(number):
            return twiml.promised(contact.lang, number)
        return twiml.back_to_wait(self._to, told)

    def left(self) -> str:
        """The carrier's queue let go of the caller."""
        match self._post.get("QueueResult"):
            case "hangup":
                self._end(self._caller)
            case "leave":
                contact = self._known()
                speaks = contact.state == "leaving_message"
                return twiml.take_message(self._to, contact.lang) if speaks else twiml.goodbye(contact.lang)
            case "queue-full" | "error" | "system-error":
                return twiml.apology(self._to)
        return twiml.EMPTY

    def message(self) -> str:
        """The caller spoke, or was silent; the end of the call, not this post, ends the contact."""
        lang = self._known().lang
        return twiml.goodbye(lang, text=words.MESSAGE_KEPT if self._note_message() else words.NO_MESSAGE)

    def connected(self, attempt: int) -> str:
        """The sound ended: on to another edge, back to the queue, or goodbye."""
        if self._post.get("CallStatus") in GONE:  # the carrier also tells when the caller hung up
            self._end(self._caller)
            return twiml.EMPTY
        contact = self._known()
        match where_to(contact.state):
            case "goodbye":
                return twiml.goodbye(contact.lang)
            case "join" if attempt < MAX_JOINS:
                return self._lead(contact, attempt + 1, words.RECONNECTING)
        return self._back_in_line(contact)

    def call_back(self) -> str:
        """The customer picked up the call that was promised."""
        self._known()
        contact = self._floor.on_the_line(self._id, self._post.call_sid)
        if contact is None:  # another call reached the customer first
            return twiml.goodbye(self._known().lang)
        match where_to(contact.state):
            case "goodbye":
                return twiml.goodbye(contact.lang)
            case "join":
                return self._lead(contact, 1, words.CALLING_BACK)
        return twiml.enqueue(self._to, contact.queue, contact.lang, words.CALLING_BACK)

    def call_me(self, attempt: int) -> str:
        """After an apology: the caller asks to be called back (always, once ``attempt`` > 1)."""
        if attempt == 1 and self._post.get("Digits") != CALLBACK_KEY:
            return twiml.goodbye(text=words.SORRY_LATER)
        number = self._number()
        if not number or is_blocked(self._effects, number):
            return twiml.goodbye(text=words.SORRY_LATER)
        self._arrive()
        self._queue_up(OPERATOR, "zh", words.TO_OPERATOR)
        if not self._promise(number):  # out of hours, or nobody waits any more: nothing is said that is not kept
            return twiml.goodbye(text=words.SORRY_LATER)
        return twiml.promised(self._known().lang, number)

    def sorry(self, event: str, attempt: int) -> str:
        """A step failed: what can still be said without anything behind."""
        if event == "desk":  # an agent listens
            return twiml.goodbye(text=words.SORRY)
        if event == "callme":
            more = attempt < MAX_CALLME
            return twiml.try_callme_again(self._to, attempt + 1) if more else twiml.goodbye(text=words.SORRY_LATER)
        return twiml.apology(self._to)

    def status(self) -> str:
        """News of a call or its recording, in any order: of the call only the end matters, if the contact is on it."""
        if self._post.get("RecordingStatus") == "completed":
            self._note_message()
        if self._post.get("CallStatus") in GONE:
            Answers(self._effects).note_end(self._post.call_sid)
            if self._outbound and self._post.get("CallStatus") in NOT_REACHED:
                self._not_reached()
            if not self._may_have_spoken():
                self._end(self._carrier)
        return twiml.EMPTY

    def _known(self) -> Contact:
        contact = self._floor.contact(self._id)
        if contact is None:
            raise LookupError("the carrier posts about a contact that never arrived")
        return contact

    @property
    def _outbound(self) -> bool:
        return self._post.get("Direction").startswith("outbound")

    def _not_reached(self) -> None:
        """The customer who was promised a callback did not pick up: later again, or never more."""
        contact = self._known()
        self._tell(not_reached(self._effects, contact, self._post.call_sid, self._carrier))

    def _number(self) -> str:
        """The customer's number as the carrier tells it; '' when withheld."""
        number = self._post.get("To" if self._outbound else "From")
        return number if is_e164(number) else ""

    def _seal_keyed(self, number: str) -> str:
        return self._effects.seal_text(number, Place("floor", f"D#{self._post.call_sid}", "number"))

    def _keyed(self) -> str:
        """The number this caller keyed before and heard read back; '' for none."""
        sealed = Answers(self._effects).noted_number(self._post.call_sid)
        return self._effects.open_text(sealed, Place("floor", f"D#{self._post.call_sid}", "number"))

    def _arrive(self) -> None:
        sealed = self._effects.seal_text(self._number(), Place("floor", self._id, "caller"))
        step = self._floor.arrive(
            self._id,
            channel="phone",
            call_sid=self._post.call_sid,
            caller=sealed,
            customer=customer_of(self._effects, self._number()),
            line=self._post.get("To"),
            actor=self._caller,
        )
        self._tell(step)

    def _message_instead_of_waiting(self, told: Told) -> str:
        self._known()
        self._tell(self._floor.leave_queue_for_message(self._id, self._caller))
        contact = self._known()
        if contact.state == "leaving_message":
            return twiml.leave_queue()
        if contact.state in {"offered", "connecting"}:
            return twiml.hold_on(self._to, contact.lang, told)
        return twiml.back_to_wait(self._to, told)

    def _note_message(self) -> bool:
        """Whether this post tells of a message. Where the call is over already, the contact ends with it."""
        sid = recording_of(self._post.get("RecordingSid"), self._post.get("RecordingUrl"))
        seconds = self._post.get("RecordingDuration")
        if not sid or not seconds.isdecimal() or int(seconds) < SHORTEST_MESSAGE_SECONDS:
            return False
        length_ms = min(int(seconds), twiml.MESSAGE_SECONDS) * 1000
        self._tell(self._floor.message_left(self._id, recording=sid, length_ms=length_ms, actor=self._caller))
        if Answers(self._effects).has_ended(self._post.call_sid):
            self._end(self._carrier)
        return True

    def _may_have_spoken(self) -> bool:
        """The call is over before anybody told of a message: the news may still come, and a clock waits for it."""
        contact = self._floor.contact(self._id)
        return contact is not None and contact.state == "leaving_message" and not contact.message

    def _queue_up(self, matter: Matter, lang: Language, said: Text) -> str:
        shut = shut_now(self._effects, matter.queue)
        if shut and shut.offers == "message":
            return twiml.closed(self._to, lang, shut.says(lang), callback=False)
        try:
            step = self._enter(matter, lang, shut)
        except UnknownError:  # this post overtook the first one, or that one met an outage
            if "Hangup" in (answer := self.greet()):
                return answer
            return self._queue_up(matter, lang, said)
        self._tell(step)
        contact = self._known()
        if contact.state == "leaving_message":
            return twiml.take_message(self._to, lang, shut.says(lang) if shut else ())
        if where_to(contact.state) == "goodbye":
            return twiml.goodbye(contact.lang)
        if shut:
            return twiml.closed(self._to, lang, shut.says(lang), callback=True)
        return twiml.enqueue(self._to, contact.queue, contact.lang, said)

    def _enter(self, matter: Matter, lang: Language, shut: Shut | None) -> Step | None:
        """Into the queue, or past it to a message. Raises UnknownError for a contact that never arrived."""
        if shut and shut.offers == "voicemail":
            return self._floor.message_instead(
                self._id, matter=matter.id, queue=matter.queue, lang=lang, actor=self._caller
            )
        return enter_queue(
            self._effects,
            self._id,
            matter=matter.id,
            queue=matter.queue,
            lang=lang,
            actor=self._caller,
            opens_at=shut.opens_at if shut else 0,
        )

    def _promise(self, number: str) -> bool:
        """Whether the callback stands, from now or from before."""
        sealed = self._effects.seal_text(number, Place("floor", self._id, "callback"))
        step = self._floor.promise_callback(self._id, number=sealed, actor=self._caller)
        self._tell(step)
        return step is not None or bool(self._known().callback)

    def _lead(self, contact: Contact, attempt: int, first: Text) -> str:
        # Imported here: only a caller whose edge died needs it, and start-up is paid by everybody.
        from hearthline.callflow.lead import lead_to_edge
        from hearthline.media.edge import EdgeBusyError

        try:
            return lead_to_edge(self._effects, contact, self._post.call_sid, attempt, first)
        except EdgeBusyError:
            return self._back_in_line(contact)

    def _back_in_line(self, contact: Contact) -> str:
        self._tell(self._floor.requeue(contact.id, "media_failed"))
        return twiml.enqueue(self._to, contact.queue, contact.lang, words.BACK_IN_LINE)

    def _end(self, actor: Actor) -> None:
        contact = self._floor.contact(self._id)
        if contact is None or contact.call_sid != self._post.call_sid:
            return  # another call of this contact: the one before a callback, or a redial that came to nothing
        self._tell(self._floor.end_contact(self._id, by="caller", actor=actor))

    def _tell(self, step: Step | None) -> None:
        if step is not None:
            announce(self._effects, step.event, *step.people)
