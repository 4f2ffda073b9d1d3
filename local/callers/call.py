"""``make call``: one call from ringing to its ticket, told line by line; the last line is JSON.

Environment: WAV (the caller's voice), SAYS (what recognition hears, ``|`` between answers), KEYS (``,`` between
answers), FROM, TALK (seconds, default 10), HANGUP=agent (default: the caller hangs up). Exits 0 only when both heard
each other and a ticket was left.
"""

import asyncio
import json
import os
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from local.agents.agent import Agent, Habits, Talk
from local.agents.workspace import RefusedError
from local.callers.phone import Telephone
from local.callers.places import Places, agent_voice, caller_wav, places
from local.callers.sound import Hearing, measure
from local.carrier.audio import RATE

PATIENCE_FOR_PEOPLE: Final = 4.0  # s in the queue before a simulated agent comes
LONGEST: Final = 180.0  # s of the whole story
JOIN_WITHIN: Final = 20.0  # s from the acceptance to both being at the edge
LOOK_EVERY: Final = 0.25  # s
ENOUGH_CORRELATION: Final = 0.6
# Lines of the carrier's story that are worth telling, in people's words.
WORDS: Final = {
    "answered": "the carrier answered",
    "say": "caller is told: {text}",
    "asked": "caller is asked ({input})",
    "keys": "keys recognised ({count})",
    "speech recognised": "recognised: {text}",
    "queued": "queued in {queue}, position {position}",
    "left the queue": "left the queue after {seconds} s ({result})",
    "stream connected": "media stream to {url}",
    "stream ended": "stream ended by {by}: {frames} frames out, {heard} in",
    "stream failed": "STREAM FAILED: {error} {why}",
    "webhook failed": "WEBHOOK FAILED: {error} {why}",
    "application error": "APPLICATION ERROR: {error} {why}",
    "not simulated": "NOT SIMULATED: {verb}",
    "ended": "call ended: {why}",
}


@dataclass
class Told:
    """The story so far, printed as it happens."""

    began: float = field(default_factory=time.time)
    seen: int = 0

    def line(self, text: str, at: float | None = None) -> None:
        """One line with its time."""
        print(f"{(at or time.time()) - self.began:7.2f} s  {text}", flush=True)

    def agent(self, what: str, **facts: Any) -> None:
        """A line of the agent's."""
        self.line(what + "".join(f", {name} {value}" for name, value in facts.items()))

    def carrier(self, story: list[dict[str, Any]]) -> None:
        """The lines of the carrier's story not told yet."""
        for line in story[self.seen :]:
            if words := WORDS.get(line["what"]):
                self.line(words.format_map({**line}), line["at"] / 1000)
        self.seen = len(story)


def wanted_script(env: Mapping[str, str]) -> dict[str, Any]:
    """The caller's script from the environment; without any it says that the line is down."""
    keys = [key for key in env.get("KEYS", "").split(",") if key]
    says = [text for text in env.get("SAYS", "").split("|") if text]
    return {
        "wav": env.get("WAV") or str(caller_wav()),
        "keys": keys,
        "says": says or ([] if keys else ["我家宽带断线了"]),
        "answers_after": 1.0,
    }


async def free_agent(where: Places, told: Told, habits: Habits) -> Agent | None:
    """Sign in as the first agent whose desk is empty, and be available."""
    for user in where.agents():
        agent = Agent(where.public, dict(user), agent_voice(), habits, told.agent)
        try:
            seen = await agent.sign_in()
            if seen["agent"]["state"] == "offline":
                await agent.start()
                return agent
        except RefusedError as error:
            told.line(f"agent {user['login']} cannot sign in: {error}")
        await agent.desk.close()
    return None


def is_ours(talk: Talk, number: str) -> bool:
    """Whether a contact is this call: the workspace shows the end of the number only."""
    return not talk.caller or talk.caller[-4:] == number[-4:]


async def our_talk(agent: Agent, number: str, told: Told) -> Talk:
    """The contact that is our call; others that ring meanwhile are dealt with and ended."""
    while True:
        talk = await agent.arrived.get()
        if is_ours(talk, number):
            return talk
        told.line("another caller rang first; the agent talks to them for a moment")
        await asyncio.sleep(2)
        await agent.hang_up(talk)


@dataclass
class Story:
    """What became of the call."""

    sid: str = ""
    agent: Agent | None = None
    talk: Talk | None = None
    answered_after: float = 0.0
    caller_heard: Hearing = field(default_factory=Hearing)
    agent_heard: Hearing = field(default_factory=Hearing)

    def good(self) -> bool:
        """Both heard each other and a ticket was left."""
        both = (self.caller_heard, self.agent_heard)
        return all(one.correlation >= ENOUGH_CORRELATION for one in both) and bool(self.talk and self.talk.ticket)

    def as_json(self) -> dict[str, Any]:
        """The last line."""
        return {
            "ok": self.good(),
            "call": self.sid,
            "contact": self.talk.contact if self.talk else None,
            "agent": self.agent.login if self.agent else None,
            "answered_after_s": round(self.answered_after, 2),
            "caller_heard": vars(self.caller_heard),
            "agent_heard": vars(self.agent_heard),
            "ticket": self.talk.ticket if self.talk else None,
        }


@dataclass
class Moments:
    """What the carrier's side has reached."""

    queued: asyncio.Event = field(default_factory=asyncio.Event)
    connected: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def unless_over(self, *events: asyncio.Event, seconds: float) -> bool:
        """Wait for all of these; False when the call is over first, or they took longer."""
        wanted = asyncio.gather(*(event.wait() for event in events))
        end = asyncio.ensure_future(self.over.wait())
        either: set[asyncio.Future[Any]] = {wanted, end}
        await asyncio.wait(either, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        reached = wanted.done()
        wanted.cancel()
        end.cancel()
        await asyncio.gather(wanted, end, return_exceptions=True)
        return reached


async def follow(phone: Telephone, told: Told, sid: str, moments: Moments) -> None:
    """Tell the carrier's side until the call has ended."""
    reached = {"queued": moments.queued, "stream connected": moments.connected}
    while not moments.over.is_set():
        call = await phone.look(sid)
        told.carrier(call["story"])
        for line in call["story"]:
            if line["what"] in reached:
                reached[line["what"]].set()
        if call["ended"]:
            moments.over.set()
        await asyncio.sleep(LOOK_EVERY)


async def talk_it_over(phone: Telephone, told: Told, story: Story, number: str, moments: Moments) -> None:
    """A simulated agent answers, both talk, one hangs up."""
    if story.agent is None:
        told.line("nobody answers: no agent's desk is free")
        return
    finding = asyncio.create_task(our_talk(story.agent, number, told))
    ending = asyncio.create_task(moments.over.wait())
    await asyncio.wait({finding, ending}, return_when=asyncio.FIRST_COMPLETED)
    ending.cancel()
    if not finding.done():
        finding.cancel()
        return
    story.talk = talk = finding.result()
    story.answered_after = talk.accepted - told.began
    if await moments.unless_over(talk.joined, moments.connected, seconds=JOIN_WITHIN):
        await moments.unless_over(asyncio.Event(), seconds=float(os.environ.get("TALK", "10")))
    else:
        told.line("the two were NOT JOINED")
    if os.environ.get("HANGUP") == "agent":
        await story.agent.hang_up(talk)
    else:
        await phone.hang_up(story.sid)
    await asyncio.wait_for(moments.over.wait(), 20)


async def compare(phone: Telephone, story: Story) -> None:
    """Measure both directions."""
    talk = story.talk
    if talk is None or not talk.leg.voice.began:
        return
    call = await phone.look(story.sid)
    if not call["streams"]:
        return
    answered = call["answered_at"] / 1000
    spoken, heard = await phone.sound(story.sid, "spoken"), await phone.sound(story.sid, "heard")
    # Before the stream began the caller heard the carrier's own voice, and the agent nobody.
    began = call["streams"][-1]["began"]
    heard, stream_at = heard[began:], answered + began / RATE
    leg = talk.leg
    unheard = round(max(0.0, stream_at - leg.heard_since) * RATE)
    story.agent_heard = measure(spoken, answered, leg.heard.all()[unheard:], leg.heard_since + unheard / RATE)
    story.caller_heard = measure(leg.voice.sent.all(), leg.voice.began, heard, stream_at)


def tell_hearing(told: Told, who: str, heard: Hearing) -> None:
    """One direction in words."""
    told.line(
        f"{who}: correlation {heard.correlation}, delay {heard.delay_ms:.0f} ms, longest silence "
        f"{heard.silence_ms:.0f} ms, level {heard.level_db:+.1f} dB"
    )


async def with_a_person(told: Told, moments: Moments) -> None:
    """Somebody at a real desk took the call (or it ended before): their side cannot be measured from here."""
    if not moments.over.is_set():
        told.line("a person answered: what they hear cannot be measured from here")
        await moments.unless_over(asyncio.Event(), seconds=LONGEST / 2)


async def one_call(where: Places, env: Mapping[str, str]) -> Story:
    """The whole story."""
    told, story, moments, phone = Told(), Story(), Moments(), Telephone(where.carrier)
    number = env.get("FROM") or f"+86138{random.randrange(10**8):08d}"  # noqa: S311 - any number will do
    following: asyncio.Future[None] = asyncio.ensure_future(asyncio.sleep(0))
    try:
        story.sid = (await phone.dial(number, where.number, wanted_script(env)))["sid"]
        told.line(f"a caller rings {where.number}")
        following = asyncio.ensure_future(follow(phone, told, story.sid, moments))
        await moments.unless_over(moments.queued, seconds=LONGEST)
        if await moments.unless_over(moments.connected, seconds=PATIENCE_FOR_PEOPLE) or moments.over.is_set():
            await with_a_person(told, moments)
        else:
            story.agent = await free_agent(where, told, Habits())
            await talk_it_over(phone, told, story, number, moments)
        if story.talk:
            await compare(phone, story)
            tell_hearing(told, "caller heard agent", story.caller_heard)
            tell_hearing(told, "agent heard caller", story.agent_heard)
            await wait_for_ticket(story, told)
    finally:
        if story.sid:
            await phone.hang_up(story.sid)
            await moments.unless_over(asyncio.Event(), seconds=5)
        if story.agent:
            await story.agent.stop()
        following.cancel()
        await phone.close()
    return story


async def wait_for_ticket(story: Story, told: Told) -> None:
    """The agent leaves the ticket on its own; look once more if that went wrong."""
    talk, agent = story.talk, story.agent
    if talk is None or agent is None:
        return
    deadline = time.monotonic() + 20
    while not talk.ticket and time.monotonic() < deadline:
        await asyncio.sleep(0.2)
    if not talk.ticket:
        talk.ticket = await agent.leave_ticket(talk.contact, 1)
    told.line(f"ticket {talk.ticket} left" if talk.ticket else "NO TICKET was left")


def main() -> int:
    """Exit code 0 only when both heard each other and a ticket was left."""
    story = asyncio.run(asyncio.wait_for(one_call(places(), os.environ), LONGEST))
    print(json.dumps(story.as_json()))
    return 0 if story.good() else 1


if __name__ == "__main__":
    raise SystemExit(main())
