"""Health, log-in and log-out."""

from typing import Final

from chalice.app import Blueprint

from chalicelib.border import cookie, session_cookie
from chalicelib.problems import ProblemError
from chalicelib.rules import EVERYBODY, Visit, on
from chalicelib.shapes import Credentials, Health, Person, SessionView
from hearthline.people import model
from hearthline.people.flow import ARGON2, log_in
from hearthline.people.limits import TooOftenError
from hearthline.people.passwords import Hasher
from hearthline.people.sessions import close_session, open_session

routes = Blueprint(__name__)
hasher: Hasher = ARGON2
VERSION: Final = "0.1.0"


@on(routes, "GET", "/api/health", who="anyone", gives=Health)
def tell_health(visit: Visit) -> Health:
    """Whether the API answers."""
    return Health(status="ok", version=VERSION)


@on(routes, "POST", "/api/session", who="anyone", takes=Credentials, gives=SessionView, status=201, replay=False)
def sign_in(visit: Visit) -> SessionView:
    """Log in with name and password; the session is in the cookie."""
    effects, given = visit.effects, visit.body
    try:
        person = log_in(effects, given.login, given.password, visit.address, hasher)
    except TooOftenError as error:
        raise ProblemError("too_many_tries", after=error.seconds) from error
    before = cookie(visit)
    if before:
        close_session(effects, before)
    token = open_session(effects, person.id)
    visit.answer_headers["Set-Cookie"] = session_cookie(token, model.LONGEST_SESSION_MS // 1000)
    return SessionView(person=shown(person))


@on(routes, "GET", "/api/session", who=EVERYBODY, gives=SessionView)
def tell_session(visit: Visit) -> SessionView:
    """Who is signed in."""
    return SessionView(person=shown(visit.person))


@on(routes, "DELETE", "/api/session", who=EVERYBODY, status=204, replay=False)
def sign_out(visit: Visit) -> None:
    """Log out; the session opens nothing any more."""
    close_session(visit.effects, cookie(visit))
    visit.answer_headers["Set-Cookie"] = session_cookie("", 0)


def shown(person: model.Person) -> Person:
    return Person(id=person.id, name=person.name, role=person.role, lang=person.lang)
