"""Callers in browsers: a page joins an edge at once, waits there and asks; its person leaves, or just closes it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from hearthline.platform.store import Item, Key
from hearthline.presence.store import SEEN
from tests.simulation.commands import Commands, again_and_again
from tests.simulation.edges import Edges
from tests.simulation.loop import Loop
from tests.simulation.storage import Store

PAGE: Final = "page"
"""Whose a page's sound is: a callback's is the phone's."""
AGAIN_MS: Final = 3_000
ASKS_MS: Final = 5_000
"""Real pages ask more often; what is noted is the same."""
CALL_ME_BACK: Final = 0.25
"""So many who are out of patience ask for a callback before they close the page."""
VANISHES: Final = 0.15
"""So many close the page without a word."""
TALKING: Final = frozenset({"connecting", "connected", "held"})
OVER: Final = frozenset({"abandoned", "closed", "wrap_up"})


@dataclass
class Page:
    contact: str
    lang: str = "zh"
    open: bool = True


class Browsers:
    def __init__(self, loop: Loop, edges: Edges, store: Store) -> None:
        self._loop = loop
        self._edges = edges
        self._store = store
        self._commands: Commands
        self._key: Callable[[], str]
        self._really = False
        self._pages: list[Page] = []
        self.named: Callable[[str, str], None] = lambda contact, name: None

    def open(self, commands: Commands, key: Callable[[], str], *, really: bool) -> None:
        """``really``: what a page asks goes through the real API."""
        self._commands, self._key, self._really = commands, key, really
        self._tick()

    def caller(self, patience_ms: int, talk_ms: int) -> None:
        name, wanted, key = f"web-{len(self._pages) + 1}", self._key(), self._key()
        lang, page = self._loop.chance.choice(("zh", "zh", "en")), Page("")
        page.lang = lang
        self._pages.append(page)
        self.named(wanted, name)

        def arrive() -> None:
            contact = self._commands.arrive(wanted, lang, key)  # type: ignore[arg-type]  # of the two
            if page.contact:
                return
            page.contact = contact
            self.named(contact, name)
            self._loop.after(patience_ms, lambda: self._give_up(page, talk_ms))
            self._loop.after(20, lambda: self._join(page))

        self._loop.tell(f"{name} opens the page")
        self._command(arrive)

    def is_open(self, contact: str) -> bool:
        """Whether somebody sits at the page of this contact."""
        return any(page.open and page.contact == contact for page in self._pages)

    def _item(self, page: Page) -> Item | None:
        return self._store._items.get(Key("floor", f"C#{page.contact}"))

    def _join(self, page: Page) -> None:
        """The page's sound begins, or ended: it joins at the edge it is sent to."""
        item = self._item(page)
        if not page.open or item is None or item["state"] in OVER:
            return

        def join() -> None:
            edge = self._commands.door(page.contact)
            if page.open and not self._edges.join(edge, page.contact, "caller", lambda: self._join(page), PAGE):
                self._loop.after(AGAIN_MS, lambda: self._join(page))

        self._command(join, then=lambda: self._loop.after(AGAIN_MS, lambda: self._join(page)))

    def _give_up(self, page: Page, talk_ms: int) -> None:
        """Out of patience while waiting; who talks by now talks a while longer."""
        item = self._item(page)
        if talk_ms and item is not None and item["state"] in TALKING:
            self._loop.after(talk_ms, lambda: self._give_up(page, 0))
            return
        key, page.open = self._key(), False
        # Not in English: where nobody speaks it, a promise waits until somebody is hired.
        asks = item is not None and item["state"] == "queued" and page.lang == "zh"
        if asks and self._loop.chance.random() < CALL_ME_BACK:
            self._loop.tell(f"{page.contact} wants to be called back")
            number = f"+86139{self._loop.chance.randrange(10**8):08d}"
            self._command(lambda: self._commands.call_me_back(page.contact, number, key), tries=5)
            self._loop.after(ASKS_MS, lambda: self._edges.leave(page.contact, "caller", PAGE))
            return
        self._edges.leave(page.contact, "caller", PAGE)
        if self._loop.chance.random() < VANISHES:
            self._loop.tell("a caller's page is closed without a word")
        else:
            self._command(lambda: self._commands.leave(page.contact, key), tries=5)

    def _tick(self) -> None:
        for page in self._pages:
            if page.open and page.contact:
                self._asks(page)
        self._loop.after(ASKS_MS, self._tick, idle=True)

    def _asks(self, page: Page) -> None:
        if self._really:
            self._command(lambda: self._commands.asks(page.contact), tries=0)
        else:
            self._store.touch(Key("connections", f"P#{page.contact}", SEEN), beat_at=self._loop.now)

    def _command(self, act: Callable[[], Any], tries: int = 3, then: Callable[[], None] = lambda: None) -> None:
        again_and_again(self._loop, act, tries, then)
