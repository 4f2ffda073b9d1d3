"""A carrier that places calls, counts them and tells of them when asked; it may lose its answers.

As the real one it redirects only a call that was picked up.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.integration.outside import Outside


@dataclass
class Telephones(Outside):
    """``lose``: the answers of so many dials are lost. ``refuse``: what a dial is answered instead of being done.

    ``on_dial`` happens elsewhere while a dial is under way.
    """

    now: Callable[[], int] = lambda: 0
    calls: list[dict[str, Any]] = field(default_factory=list)
    lose: int = 0
    refuse: tuple[int, object] | None = None
    on_dial: Callable[[], object] = lambda: None

    @property
    def dialled(self) -> list[str]:
        return [call["sid"] for call in self.calls]

    @property
    def url_of_answer(self) -> str:
        """Where the carrier posts when the last dialled customer picks up."""
        return str(self.calls[-1]["url"])

    def answer_to(self, line: str) -> tuple[int, object]:
        method, _, target = line.partition(" ")
        path = urlsplit(target).path
        if path.endswith("/Calls.json"):
            return self._dial() if method == "POST" else self._list(parse_qs(urlsplit(target).query))
        known = [call for call in self.calls if path.endswith(f"/Calls/{call['sid']}.json")]
        if not known:
            return super().answer_to(line)
        if self.heard[-1][1].get("Status") == "completed":
            known[0]["status"] = "canceled"
        elif known[0]["status"] != "in-progress" and method == "POST":
            return 400, {"code": 21220, "message": "Call is not in-progress. Cannot redirect."}
        return 200, known[0]

    def _dial(self) -> tuple[int, object]:
        if self.refuse:
            return self.refuse
        form = self.heard[-1][1]
        made = self.made(f"CA{len(self.calls) + 1:032d}", form["To"], form["From"], form["Url"])
        self.calls.append(made)
        self.on_dial()
        if self.lose:
            self.lose -= 1
            return 0, {}
        return 201, made

    def made(self, sid: str, to: str, ours: str, url: str) -> dict[str, Any]:
        """A call that was just placed, in the carrier's words."""
        at = format_datetime(datetime.fromtimestamp(self.now() / 1000, UTC))
        return {"sid": sid, "status": "ringing", "to": to, "from": ours, "date_created": at, "url": url}

    def _list(self, asked: dict[str, list[str]]) -> tuple[int, object]:
        found = [call for call in reversed(self.calls) if [call["to"]] == asked["To"]]
        return 200, {"calls": found, "page": 0, "page_size": 50, "next_page_uri": None}
