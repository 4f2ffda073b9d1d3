"""A write that is sent twice acts once: the first answer is kept, sealed, under its Idempotency-Key for a day.

Items of table ``people``: ``I#<whose>#<key>``. A holder that died in between is replaced after ``LEASE_MS``; the
commands themselves refuse to act twice, so a late second try does no harm.
"""

import hashlib
import json
from collections.abc import Callable
from typing import Final
from uuid import UUID, uuid5

from chalice.app import Response

from chalicelib.problems import ProblemError
from chalicelib.rules import FORMS, Visit
from hearthline.people.limits import subject
from hearthline.people.store import TABLE
from hearthline.platform.seal import Place
from hearthline.platform.store import Absent, Change, Is, Item, Key, Put, RefusedError, Remove

KEPT_SECONDS: Final = 86_400
LEASE_MS: Final = 12_000
"""A little longer than a function may run."""
MAX_KEPT_BYTES: Final = 200_000


def replayed(visit: Visit, act: Callable[[], Response]) -> Response:
    """The answer of ``act``, or the one it gave when this key was first used."""
    if not visit.rule.writes:
        return act()
    said = str(visit.headers.get("idempotency-key", "")).lower()
    if FORMS["id"].fullmatch(said) is None:
        raise ProblemError("key_missing")
    if not visit.rule.replay:
        return act()
    key = Key(TABLE, f"I#{_whose(visit)}#{said}")
    print_ = _fingerprint(visit)
    kept = _begin(visit, key, print_)
    if kept is not None:
        return _again(visit, key, kept, print_)
    return _first(visit, key, act)


def named_by_key(visit: Visit) -> str:
    """An id that this request makes up again when it is repeated: what a dead try left behind is found, not doubled."""
    stack, said = UUID(visit.effects.settings.stack_id), str(visit.headers.get("idempotency-key", "")).lower()
    return str(uuid5(stack, f"{visit.rule.path}#{_whose(visit)}#{said}"))


def _whose(visit: Visit) -> str:
    if visit.signed_in is not None:
        return visit.signed_in.id
    return visit.path["id"] if visit.rule.who == "caller" else subject(visit.effects, visit.address)


def _fingerprint(visit: Visit) -> str:
    body = visit.body.model_dump_json() if visit.body is not None else ""
    said = json.dumps([visit.rule.method, visit.rule.path, visit.path, body])
    # Bodies hold numbers of phones: a bare hash of one could be guessed back.
    return visit.effects.sealer.blind_index(hashlib.sha256(said.encode()).hexdigest(), Place(TABLE, "", "request"))


def _begin(visit: Visit, key: Key, print_: str) -> Item | None:
    """Takes the key, or returns what stands there."""
    now = visit.effects.clock.now()
    item = {"request": print_, "began": now, "expires": now // 1000 + KEPT_SECONDS}
    try:
        visit.effects.store.write(Put(key, item, when=(Absent(),)))
    except RefusedError:
        return visit.effects.store.get(key) or item
    return None


def _again(visit: Visit, key: Key, kept: Item, print_: str) -> Response:
    if kept["request"] != print_:
        raise ProblemError("key_reused")
    if "status" not in kept:
        # Somebody works on it, or died while doing so; the browser asks again and finds out.
        if visit.effects.clock.now() - kept["began"] >= LEASE_MS:
            visit.effects.store.write(Remove(key, when=(Is("began", kept["began"]),)))
        raise ProblemError("in_progress", after=1)
    body = json.loads(visit.effects.open_text(kept["body"], Place(TABLE, key.pk, "body")))
    return Response(body, headers={"Idempotent-Replay": "true"}, status_code=kept["status"])


def _first(visit: Visit, key: Key, act: Callable[[], Response]) -> Response:
    try:
        response = act()
    except ProblemError as problem:
        if problem.status >= 429:
            visit.effects.store.write(Remove(key))
            raise
        _keep(visit, key, problem.status, problem.body())
        raise
    except Exception:
        visit.effects.store.write(Remove(key))
        raise
    _keep(visit, key, response.status_code, response.body)
    return response


def _keep(visit: Visit, key: Key, status: int, body: object) -> None:
    text = json.dumps(body, ensure_ascii=False)
    if len(text.encode()) > MAX_KEPT_BYTES:
        visit.effects.store.write(Remove(key))
        return
    sealed = visit.effects.seal_text(text, Place(TABLE, key.pk, "body"))
    visit.effects.store.write(Change(key, set={"status": status, "body": sealed}))
