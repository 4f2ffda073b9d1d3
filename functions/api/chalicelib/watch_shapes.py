"""What a supervisor sees of his team's calls, and what he asks for."""

from typing import Literal

from chalicelib.shapes import Colleague, In, Lang, MediaDoor, Out, Watcher

Mode = Literal["listen", "whisper", "barge"]


class WatchWish(In):
    mode: Mode


class TeamCall(Out):
    """A conversation as it goes on; the number is masked, times are ms. ``mine``: how I am on it, None for not.

    ``apart``: the agent talks to a colleague in another room, which no supervisor hears; nor what is ``sealed``.
    """

    contact: str
    agent: Colleague
    partner: Colleague | None
    state: Literal["connected", "held"]
    apart: bool
    sealed: bool
    channel: Literal["phone", "browser"]
    matter: str
    queue: str
    lang: Lang
    caller: str
    connected_at: int
    held_at: int | None
    watchers: list[Watcher]
    mine: Mode | None


class TeamCalls(Out):
    """``now`` is the server's clock in ms. ``most``: how many supervisors one call takes; ``may_watch``: whether I may
    be one of them; ``left_out``: how many calls the list has no room for, the shortest.
    """

    now: int
    most: int
    may_watch: bool
    calls: list[TeamCall]
    left_out: int


class WatchDoor(Out):
    """Where the supervisor's browser joins the sound, and how he is heard there."""

    door: MediaDoor
    mode: Mode
    call: TeamCall


class WatchState(Out):
    mode: Mode | None
