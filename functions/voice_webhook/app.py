"""REST ``/telephony/*``: the carrier's webhooks. Refused unless signed; answered in TwiML whatever is down."""

from collections.abc import Callable
from typing import Any

from chalice.app import Chalice, Request, Response

from hearthline.callflow.desk import DeskCall
from hearthline.callflow.door import FORM_TYPE, TRY_AGAIN, Door, body_of, knock
from hearthline.callflow.phone import PhoneCall
from hearthline.platform.effects import Effects, aws
from hearthline.platform.logging import logger, with_request
from hearthline.telephony.model import Told
from hearthline.telephony.twilio import Post, PostRefusedError
from hearthline.telephony.twiml import apology

app = Chalice(app_name="voice_webhook", configure_logs=False)  # its log is ours: one line, JSON
effects: Callable[[], Effects] = aws
log = logger("voice_webhook")

CONTACT = "/telephony/contacts/{contact}"
FORM: dict[str, Any] = {"methods": ["POST"], "content_types": [FORM_TYPE]}


def twiml(body: str) -> Response:
    return Response(body, headers={"Content-Type": "text/xml; charset=utf-8"})


@app.middleware("http")
def carrier_only(request: Request, get_response: Callable[[Request], Response]) -> Response:
    """Chalice turns an exception of a route into a 500 before middleware sees it: here that becomes words."""
    with_request(log, request.lambda_context)
    door = Door(effects(), log, knock(request))
    try:
        request.context["post"] = post = door.open()
    except PostRefusedError as error:
        log.warning("post refused", code=error.code, route=request.path)
        return Response(error.body(), status_code=error.status)
    except Exception:  # the edge of the process: the key that checks signatures is out of reach
        log.exception("signature cannot be checked", route=request.path)
        return twiml(apology(None))
    said = door.reply(post, lambda: body_of(get_response(request)))
    return twiml(said) if said else Response(TRY_AGAIN.body(), status_code=TRY_AGAIN.status)


def post() -> Post:
    context: dict[str, Post] = app.current_request.context if app.current_request else {}
    return context["post"]


def call(contact: str = "") -> PhoneCall:
    return PhoneCall(effects(), post(), contact)


@app.route("/telephony/voice", **FORM)
def voice() -> Response:
    return twiml(call().greet())


@app.route("/telephony/status", **FORM)
@app.route(f"{CONTACT}/status", **FORM)
def status(contact: str = "") -> Response:
    return twiml(call(contact).status())


@app.route(f"{CONTACT}/menu", **FORM)
@app.route(f"{CONTACT}/menu/{{lang}}", **FORM)
def menu(contact: str, lang: Any = None) -> Response:
    return twiml(call(contact).menu(lang))


@app.route(f"{CONTACT}/wait", **FORM)
@app.route(f"{CONTACT}/wait/{{position}}", **FORM)
def wait(contact: str, position: str = "0") -> Response:
    return twiml(call(contact).wait(Told.read(position)))


@app.route(f"{CONTACT}/choose/{{position}}", **FORM)
def choose(contact: str, position: str) -> Response:
    return twiml(call(contact).choose(Told.read(position)))


@app.route(f"{CONTACT}/number/{{position}}", **FORM)
def number(contact: str, position: str) -> Response:
    return twiml(call(contact).number(Told.read(position)))


@app.route(f"{CONTACT}/left", **FORM)
def left(contact: str) -> Response:
    return twiml(call(contact).left())


@app.route(f"{CONTACT}/message", **FORM)
def message(contact: str) -> Response:
    return twiml(call(contact).message())


@app.route(f"{CONTACT}/connected/{{attempt}}", **FORM)
def connected(contact: str, attempt: str) -> Response:
    return twiml(call(contact).connected(int(attempt)))


@app.route(f"{CONTACT}/callback", **FORM)
def callback(contact: str) -> Response:
    return twiml(call(contact).call_back())


@app.route(f"{CONTACT}/callme", **FORM)
@app.route(f"{CONTACT}/callme/{{attempt}}", **FORM)
def callme(contact: str, attempt: str = "1") -> Response:
    return twiml(call(contact).call_me(int(attempt)))


@app.route(f"{CONTACT}/desk/{{step}}/{{offer}}/{{turn}}", **FORM)
@app.route(f"{CONTACT}/desk-status/{{offer}}/{{turn}}", **FORM)
def desk(contact: str, offer: str, turn: str, step: str = "status") -> Response:
    return twiml(DeskCall(effects(), post(), contact, offer, int(turn)).step(step))
