"""`make up`: the whole of Hearthline on this machine, from the engine to a caller who rings.

Ends everything it started on Ctrl-C; with DETACH=1 it returns when all is ready and `make down` ends it. AGENTS=n hires
more than the six of the small company.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from hearthline.telephony.twiml import ONCE_MORE
from local import logs, seed
from local.carrier import voice
from local.deploy import Account, DeployError, Deployment, deploy
from local.engine import Engine
from local.engines import chosen, start_engine
from local.places import ENDPOINTS, PYTHON, aws_environment, python_environment, write_json
from local.processes import NotReadyError, end_all, free_port, free_udp_port, remembered, start, wait_for
from local.warm import warm

TENANT, STAGE = "demo", "local"
ACCOUNT_SID = "AC" + "0" * 31 + "1"
NUMBER = "+862150008000"
EDGE_NAMES = ("edge-a", "edge-b")
CALL_EVERY_SECONDS = 8
EDGE_DRAIN_SECONDS = 1  # who ends the laptop's world does not wait for its calls

T = TypeVar("T")


@dataclass(frozen=True)
class Ports:
    """Where each process listens: the wished port, or a free one where somebody has it already."""

    engine: int
    front: int
    carrier: int
    edges: tuple[int, ...]

    @property
    def public(self) -> str:
        return f"http://localhost:{self.front}"

    @property
    def carrier_url(self) -> str:
        return f"http://127.0.0.1:{self.carrier}"

    def edge_list(self) -> list[dict[str, str]]:
        return [
            {"name": name, "url": f"http://127.0.0.1:{port}", "stream": f"ws://127.0.0.1:{port}/stream"}
            for name, port in zip(EDGE_NAMES, self.edges, strict=True)
        ]


def main() -> None:
    detach = os.environ.get("DETACH", "") not in ("", "0")
    began = float(os.environ.get("BEGAN") or time.time())
    for name in end_all():
        print(f"  ended {name} of an earlier start")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    stays = False
    try:
        found = bring_up()
        _welcome(found, time.time() - began)
        stays = detach
        if detach:
            return
        # The first caller is answered by a simulated agent when no person is quicker.
        start("first-call", [PYTHON, "-m", "local.callers.call"], python_environment())
        logs.follow(found, began)
    except KeyboardInterrupt:
        print()
    except (NotReadyError, DeployError) as error:
        sys.exit(f"\n{error}")
    finally:
        if not stays:
            print("  ending what was started ...", flush=True)
            end_all()
            ENDPOINTS.unlink(missing_ok=True)


def step(words: str, work: Callable[[], T]) -> T:
    """Does ``work`` and says how long it took."""
    print(f"  {words} ...", end="", flush=True)
    begun = time.monotonic()
    made = work()
    print(f" {time.monotonic() - begun:.1f} s", flush=True)
    return made


def bring_up() -> dict[str, Any]:
    """Everything, in order; what endpoints.json holds."""
    ports = Ports(free_port(4566), free_port(8080), free_port(8085), tuple(free_port(9101 + n) for n in range(2)))
    engine = step(f"AWS engine ({chosen()})", lambda: start_engine(ports.engine))
    if engine.notice:
        print(f"  NOTICE: {engine.notice}", flush=True)
    world = {
        "Stage": STAGE,
        "Runtime": f"python{sys.version_info.major}.{sys.version_info.minor}",
        "PublicUrl": ports.public,
        "CarrierApiUrl": ports.carrier_url,
        "CarrierAccountSid": ACCOUNT_SID,
        "CarrierNumber": NUMBER,
        "Edges": json.dumps(ports.edge_list()),
    }
    deployed_at = time.time_ns()
    made = step("stacks", lambda: deploy(engine, TENANT, world))
    agents = int(os.environ.get("AGENTS") or 0)
    users = step("a small company", lambda: seed.seed(engine, made, TENANT, ports.public, agents))
    found = {**_endpoints(ports, engine, made, users), "deployed_at": deployed_at}
    write_json(ENDPOINTS, found)
    waiting = _start_processes(ports, engine, made)
    step("functions", lambda: warm(Account(engine.url), TENANT, found))
    step("media edges, carrier, front door", lambda: _wait_for_all(waiting))
    start("watch", [PYTHON, "-m", "local.watch"], {**python_environment(), **aws_environment(engine.url)})
    if os.environ.get("CALLERS", "1") != "0":
        every = {**python_environment(), "EVERY": str(CALL_EVERY_SECONDS)}
        start("callers", [PYTHON, "-m", "local.callers.loop"], every)
    found["pids"] = {name: int(each["pid"]) for name, each in remembered().items()}
    write_json(ENDPOINTS, found)
    return found


def _endpoints(ports: Ports, engine: Engine, made: Deployment, users: list[dict[str, str]]) -> dict[str, Any]:
    stage = made.code["Stage"]
    return {
        "public": ports.public,
        "api": engine.rest(made.code["RestApiId"], stage),
        "socket": engine.socket(made.code["SocketApiId"], stage),
        "console": ports.public,
        "edges": ports.edge_list(),
        "carrier": ports.carrier_url,
        "aws": engine.url,
        "account_sid": ACCOUNT_SID,
        "auth_token": made.auth_token,
        "number": NUMBER,
        "tenant": TENANT,
        "function_logs": str(engine.logs),
        "users": users,
        "pids": {},
    }


def _start_processes(ports: Ports, engine: Engine, made: Deployment) -> list[tuple[str, int, str]]:
    """The edges, the carrier and the front door; name, pid and address of each, to be waited for."""
    waiting = []
    for edge, port in zip(ports.edge_list(), ports.edges, strict=True):
        pid = start(edge["name"], [PYTHON, "-m", "media_edge"], _edge_environment(ports, engine, made, edge, port))
        waiting.append((edge["name"], pid, f"{edge['url']}/health"))
    carrier = {
        **python_environment(),
        "CARRIER_PORT": str(ports.carrier),
        "CARRIER_ACCOUNT_SID": ACCOUNT_SID,
        "CARRIER_AUTH_TOKEN": made.auth_token,
        "CARRIER_NUMBER": NUMBER,
        "PUBLIC_URL": ports.public,
        "CARRIER_VOICE_URL": f"{ports.public}/telephony/voice{ONCE_MORE}",
        "CARRIER_STATUS_URL": f"{ports.public}/telephony/status{ONCE_MORE}",
        "CARRIER_VOICE": os.environ.get("CARRIER_VOICE", voice.PLACE if voice.installed() else ""),
    }
    pid = start("carrier", [PYTHON, "-m", "local.carrier"], carrier)
    waiting.append(("carrier", pid, f"{ports.carrier_url}/health"))
    pid = start("front", [PYTHON, "-m", "local.front", "--port", str(ports.front)], python_environment())
    waiting.append(("front", pid, ports.public))
    return waiting


def _wait_for_all(waiting: list[tuple[str, int, str]]) -> None:
    for name, pid, url in waiting:
        wait_for(name, pid, url)


def _edge_environment(
    ports: Ports, engine: Engine, made: Deployment, edge: dict[str, str], port: int
) -> dict[str, str]:
    return {
        **python_environment(),
        **aws_environment(engine.url),
        "EDGE_NAME": edge["name"],
        "EDGE_HOST": "127.0.0.1",
        "EDGE_PORT": str(port),
        "EDGE_UDP_PORT": str(free_udp_port()),
        "EDGE_PUBLIC_URL": edge["url"],
        "EDGE_PUBLIC_IP": "127.0.0.1",
        "EDGE_STREAM_URL": edge["stream"],
        "CONSOLE_ORIGIN": ports.public,
        "CARRIER_AUTH_TOKEN": made.auth_token,
        "MEDIA_PUBLIC_JWK": json.dumps(made.media_public_jwk),
        "TENANT": TENANT,
        "MEDIA_QUEUE_URL": f"{made.infra['QueueUrlPrefix']}-media",
        "RECORDINGS_BUCKET": made.infra["RecordingsBucket"],
        "SEAL_KEY_ID": made.infra["SealKeyArn"],
        "EDGE_DRAIN_SECONDS": str(EDGE_DRAIN_SECONDS),
    }


def _welcome(found: dict[str, Any], seconds: float) -> None:
    print(f"\nHearthline is up after {seconds:.0f} s.  Workspace {found['public']}   Call page {found['public']}/call")
    print(f"AWS engine {found['aws']}   carrier {found['carrier']}   number {found['number']}\n")
    width = max(len(user["login"]) for user in found["users"]) if found["users"] else 0
    for user in found["users"]:
        print(f"  {user['login']:<{width}}  {user['password']}  {user['role']}")
    print(f"\nLogs: make logs.  Addresses: {ENDPOINTS}.  End: Ctrl-C or make down.\n")


if __name__ == "__main__":
    main()
