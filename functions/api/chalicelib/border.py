"""The border of the API: every request passes here, in this order, or is refused.

rule -> origin -> size and form -> how often -> who -> replay -> the view. Errors of the rooms become answers here.
"""

import re
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

from chalice.app import Chalice, Request, Response

from chalicelib.problems import ProblemError
from chalicelib.reading import read_body, read_path, read_query
from chalicelib.replay import replayed
from chalicelib.rules import RULES, VISIT, Rule, Visit
from chalicelib.translate import translated
from hearthline.floor.store import Floor
from hearthline.people.limits import count, subject
from hearthline.people.passes import opens
from hearthline.people.sessions import who
from hearthline.platform.effects import Effects
from hearthline.platform.logging import logger

COOKIE: Final = "__Host-session"
MAX_TOKEN: Final = 128
SAME_ORIGIN: Final = frozenset({"same-origin", "none"})
BEARER: Final = re.compile(r"Bearer ([A-Za-z0-9_-]{20,128})")
HEADERS: Final[dict[str, str | list[str]]] = {
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}
log = logger("api")


class UnruledRouteError(Exception):
    """A route without a rule: the function does not start."""


def close(app: Chalice) -> None:
    """Nothing is open by accident. Raises UnruledRouteError."""
    for path, methods in app.routes.items():
        for method in methods:
            if (method, path) not in RULES:
                raise UnruledRouteError(f"{method} {path}")


def admit(request: Request, view: Callable[[Request], Response], effects: Effects) -> Response:
    """The answer to one request; never raises."""
    began = effects.clock.now()
    try:
        response = translated(lambda: _pass(request, view, effects))
    except ProblemError as problem:
        response = refusal(problem)
    except Exception:  # the edge of the process: no input may end in a broken answer
        log.exception("request failed", route=request.path)
        response = refusal(ProblemError("internal"))
    response.headers = {**HEADERS, **response.headers}
    code = response.body.get("code", "") if isinstance(response.body, dict) else ""
    ms = effects.clock.now() - began
    log.info("answered", route=request.path, method=request.method, status=response.status_code, code=code, ms=ms)
    return response


def refusal(problem: ProblemError) -> Response:
    return Response(problem.body(), headers={**problem.headers()}, status_code=problem.status)


def _pass(request: Request, view: Callable[[Request], Response], effects: Effects) -> Response:
    rule = _rule(request)
    if rule.writes:
        _check_origin(request, effects)
    visit = Visit(
        effects,
        rule,
        id=effects.ids.new(),
        address=address_of(request),
        headers=request.headers,
        path=read_path(rule, request.uri_params or {}),
        query=read_query(rule, request.query_params),
        body=read_body(rule, request),
    )
    _let_in(visit)
    token = VISIT.set(visit)
    try:
        return replayed(visit, lambda: view(request))
    finally:
        VISIT.reset(token)


def _rule(request: Request) -> Rule:
    rule = RULES.get((request.method, request.path))
    if rule is not None:
        return rule
    raise ProblemError("method_not_allowed" if any(path == request.path for _, path in RULES) else "not_found")


def _check_origin(request: Request, effects: Effects) -> None:
    """A browser says where a request comes from; whoever says nothing is no browser and carries no stolen cookie."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site not in SAME_ORIGIN:
            raise ProblemError("other_origin")
        return
    origin, ours = request.headers.get("origin"), urlsplit(effects.settings.public_url)
    if origin is not None and ours.netloc and origin != f"{ours.scheme}://{ours.netloc}":
        raise ProblemError("other_origin")


def address_of(request: Request) -> str:
    """The caller's address: before the one the distribution adds itself, else who called the gateway."""
    forwarded = [part.strip() for part in str(request.headers.get("x-forwarded-for", "")).split(",") if part.strip()]
    if len(forwarded) > 1:
        return forwarded[-2][:64]
    identity: dict[str, Any] = request.context.get("identity") or {}
    return str(identity.get("sourceIp") or "unknown")[:64]


def _let_in(visit: Visit) -> None:
    rule, effects = visit.rule, visit.effects
    if isinstance(rule.who, frozenset):
        visit.signed_in = who(effects, cookie(visit), lambda person: _at_work(effects, person))
        if visit.signed_in is None:
            raise ProblemError("sign_in_first")
        if visit.signed_in.role not in rule.who:
            raise ProblemError("not_your_role")
        return
    if rule.who == "caller":
        _check_key(visit)
    if rule.each:
        bounded = visit.path["id"] if rule.who == "caller" else subject(effects, visit.address)
        count(effects, rule.path, bounded, rule.each)
    if rule.total:
        count(effects, rule.path, "all", rule.total)


def _check_key(visit: Visit) -> None:
    said = BEARER.fullmatch(str(visit.headers.get("authorization", "")))
    if said is None or not opens(visit.effects, visit.path["id"], said[1]):
        raise ProblemError("not_found")


def _at_work(effects: Effects, person: str) -> bool:
    agent = Floor(effects).agent(person)
    return agent is not None and agent.state in {"available", "offered", "on_contact", "wrap_up"}


def cookie(visit: Visit) -> str:
    """The session's token, '' without one."""
    for part in str(visit.headers.get("cookie", "")).split(";"):
        name, _, value = part.strip().partition("=")
        if name == COOKIE and len(value) <= MAX_TOKEN:
            return value
    return ""


def session_cookie(token: str, seconds: int) -> str:
    """Set-Cookie; ``seconds`` 0 takes it away."""
    return f"{COOKIE}={token}; Path=/; Max-Age={seconds}; HttpOnly; Secure; SameSite=Strict"
