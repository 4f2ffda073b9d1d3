"""Supervisors on contacts: who listens, whispers or barges in. The contact and its agent do not move by it.

One item for each supervisor of a contact. It speaks of one connection of that contact, so that it means nothing once
the caller waits again or the call is over; it is kept for the numbers of its events, which never begin anew.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from typing import Final, Literal

from hearthline.events.supervisor_joined import Mode, SupervisorJoined
from hearthline.events.supervisor_left import SupervisorLeft
from hearthline.events.supervisor_mode_changed import SupervisorModeChanged
from hearthline.events.word import Actor, Word
from hearthline.floor.errors import IllegalMoveError, SealedContactError, WatchedEnoughError
from hearthline.floor.items import CALL_KEPT_SECONDS, DUE, DUE_PKS, TABLE, contact_key, to_contact
from hearthline.floor.keeper import Keeper, Step
from hearthline.floor.model import HEARD, Contact
from hearthline.platform import ledger
from hearthline.platform.store import MAX_PAGE, Absent, Check, Is, Item, Key, Put

MAX_WATCHERS: Final = 2
"""Supervisors on one contact at a time; the edge seats no more either."""
LIVE_PAGES: Final = 5
"""Pages read of each partition of what is due: 4,000 contacts that wait or talk at one time."""


@dataclass(frozen=True, slots=True)
class Watch:
    """``connected_at`` names the connection of the contact; ``mode`` '' for who left. Times are ms."""

    supervisor: str
    mode: Mode | Literal[""]
    connected_at: int
    since: int
    version: int = 0


_NAMES: Final = frozenset(each.name for each in fields(Watch))


def is_on(watch: Watch, contact: Contact) -> bool:
    """Whether that supervisor is on the contact as it stands."""
    return bool(watch.mode) and contact.state in HEARD and watch.connected_at == contact.connected_at


def is_told(notice: str, *modes: str) -> bool:
    """Whether an agent is told of a supervisor who is, or was, in one of ``modes``; ``notice`` is the company's."""
    return notice == "all" or any(mode in {"whisper", "barge"} for mode in modes)


class Watching(Keeper):
    def conversations(self) -> list[Contact]:
        """The calls on which a customer is heard, the longest first; the list may be a moment old."""
        live = [contact for pk in DUE_PKS for contact in self._due(pk) if _is_call(contact)]
        return sorted(live, key=lambda contact: (contact.connected_at, contact.id))

    def watchers(self, contact: Contact) -> list[Watch]:
        """Who is on the contact now, the first one first; nobody where no customer is heard."""
        if contact.state not in HEARD:
            return []
        page = self._store.page(TABLE, _pk(contact.id), limit=MAX_PAGE)
        found = (_watch(item) for item in page.items)
        return sorted((each for each in found if is_on(each, contact)), key=lambda each: (each.since, each.supervisor))

    def watch(self, contact_id: str, supervisor: str, mode: Mode, actor: Actor) -> Step | None:
        """The supervisor comes to the contact. None when he is there, whatever his mode.

        Raises UnknownError, IllegalMoveError when nobody is heard there, SealedContactError, WatchedEnoughError.
        """

        def attempt() -> Step | None:
            contact, known = self._heard(contact_id), self._watch_of(contact_id, supervisor)
            if known and is_on(known, contact):
                return None
            if contact.sealed:
                raise SealedContactError(contact_id)
            if len(self.watchers(contact)) >= MAX_WATCHERS:
                raise WatchedEnoughError(contact_id)
            word = SupervisorJoined(contact=contact.id, agent=contact.agent, supervisor=supervisor, mode=mode)
            now = self._now()
            return self._note(contact, known, Watch(supervisor, mode, contact.connected_at, now), word, actor)

        return self._again(attempt)

    def change_mode(self, contact_id: str, supervisor: str, mode: Mode, actor: Actor) -> Step | None:
        """Others hear him from now on. None when it is so. Raises UnknownError, IllegalMoveError for who is not on."""

        def attempt() -> Step | None:
            contact, known = self._heard(contact_id), self._watch_of(contact_id, supervisor)
            if known is None or not known.mode or not is_on(known, contact):
                raise IllegalMoveError("watch", known.mode if known else "", mode)
            if known.mode == mode:
                return None
            word = SupervisorModeChanged(
                contact=contact.id, agent=contact.agent, supervisor=supervisor, before=known.mode, mode=mode
            )
            return self._note(contact, known, replace(known, mode=mode), word, actor)

        return self._again(attempt)

    def unwatch(self, contact_id: str, supervisor: str, actor: Actor) -> Step | None:
        """He is off the contact. None when he is, or the contact is over. Raises UnknownError."""

        def attempt() -> Step | None:
            contact, known = self._known_contact(contact_id), self._watch_of(contact_id, supervisor)
            if known is None or not known.mode or not is_on(known, contact):
                return None
            word = SupervisorLeft(contact=contact.id, agent=contact.agent, supervisor=supervisor, mode=known.mode)
            return self._note(contact, known, replace(known, mode=""), word, actor)

        return self._again(attempt)

    def watch_of(self, contact: Contact, supervisor: str) -> Watch | None:
        """How this supervisor is on the contact now; None when he is not."""
        known = self._watch_of(contact.id, supervisor)
        return known if known and is_on(known, contact) else None

    def _heard(self, contact_id: str) -> Contact:
        contact = self._known_contact(contact_id)
        if not _is_call(contact):
            raise IllegalMoveError("contact", contact.state, "watched")
        return contact

    def _due(self, pk: str) -> Iterator[Contact]:
        more: Item | None = None
        for _ in range(LIVE_PAGES):
            page = self._store.page(TABLE, pk, index=DUE, more=more)
            yield from (to_contact(item) for item in page.items if item["pk"].startswith("C#"))
            more = page.more
            if more is None:
                return

    def _watch_of(self, contact_id: str, supervisor: str) -> Watch | None:
        item = self._store.get(_key(contact_id, supervisor))
        return _watch(item) if item else None

    def _note(self, contact: Contact, before: Watch | None, after: Watch, word: Word, actor: Actor) -> Step:
        """Raises RefusedError when the contact or the watch moved since it was read."""
        now, version = self._now(), (before.version if before else 0) + 1
        settled = replace(after, version=version)
        event = ledger.envelope(
            word,
            pk=f"{_pk(contact.id)}#{after.supervisor}",
            version=version,
            tenant=self._effects.settings.tenant,
            at=now,
            actor=actor,
        )
        unmoved = Is("version", before.version) if before else Absent()
        item = asdict(settled) | {"expires": now // 1000 + CALL_KEPT_SECONDS}
        self._store.write(
            Put(_key(contact.id, after.supervisor), item, when=(unmoved,)),
            Check(contact_key(contact.id), when=(Is("version", contact.version),)),
            ledger.entry(event),
        )
        return Step(event, contact)


def _is_call(contact: Contact) -> bool:
    return contact.state in HEARD and contact.channel != "message"


def _pk(contact: str) -> str:
    return f"V#{contact}"


def _key(contact: str, supervisor: str) -> Key:
    return Key(TABLE, _pk(contact), supervisor)


def _watch(item: Item) -> Watch:
    return Watch(**{name: value for name, value in item.items() if name in _NAMES})
