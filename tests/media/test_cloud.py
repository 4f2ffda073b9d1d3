"""The edge as a task in the cloud: its address and name, and that a call keeps its task alive."""

import asyncio
import json
import logging
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import boto3
import pytest
from moto import mock_aws
from pydantic import ValidationError

from local.processes import free_port
from media_edge.__main__ import run
from media_edge.cloud import keeper, load, names, place, task
from media_edge.cloud.leaving import Opinion, Service, surplus
from media_edge.logs import JsonLines
from media_edge.settings import read
from tests.media.test_workers import settings_of, until

ARN = "arn:aws:ecs:eu-central-1:123456789012:task/hearthline-edges/{}"
ME = "b0a1"
DOMAIN = "edge.example.org"


def metadata(private_ip: str = "10.0.1.5", ip6: tuple[str, ...] = ("2001:db8::5",)) -> dict[str, Any]:
    """As Fargate's platform 1.4.0 tells it, what nobody here reads left out."""
    network = {"NetworkMode": "awsvpc", "IPv4Addresses": [private_ip], "IPv6Addresses": list(ip6)}
    return {
        "Cluster": "arn:aws:ecs:eu-central-1:123456789012:cluster/hearthline-edges",
        "TaskARN": ARN.format(ME),
        "Family": "hearthline-edge",
        "Revision": "7",
        "ServiceName": "hearthline-edge",
        "Containers": [{"Name": "edge", "Networks": [network]}],
    }


@dataclass
class Ecs:
    """The endpoint beside a task: its metadata, and its protection."""

    told: dict[str, Any] = field(default_factory=metadata)
    protected: list[bool] = field(default_factory=list)
    refuses: bool = False


@contextmanager
def endpoint(ecs: Ecs) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(ecs.told if self.path == "/task" else {})

        def do_PUT(self) -> None:
            assert self.path == "/task-protection/v1/state"
            wish = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if ecs.refuses:
                self._answer({"failure": {"Reason": "DEPLOYMENT_BLOCKED"}})
                return
            ecs.protected.append(wish["ProtectionEnabled"])
            assert ("ExpiresInMinutes" in wish) is wish["ProtectionEnabled"]
            self._answer({"protection": wish})

        def _answer(self, body: dict[str, Any]) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in {"ACCESS_KEY_ID": "x", "SECRET_ACCESS_KEY": "x", "DEFAULT_REGION": "eu-central-1"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    with mock_aws():
        yield


def network_interface(*, public: bool = True) -> tuple[str, str, str]:
    """A task's: its private address, its public one, its network."""
    ec2 = boto3.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    card = ec2.create_network_interface(SubnetId=subnet, PrivateIpAddress="10.0.1.5")["NetworkInterface"]
    if not public:
        return "10.0.1.5", "", vpc
    address = ec2.allocate_address(Domain="vpc")
    ec2.associate_address(AllocationId=address["AllocationId"], NetworkInterfaceId=card["NetworkInterfaceId"])
    return "10.0.1.5", address["PublicIp"], vpc


def a_zone() -> names.Zone:
    route53 = boto3.client("route53")
    id = route53.create_hosted_zone(Name=DOMAIN, CallerReference="1")["HostedZone"]["Id"]
    return names.Zone(route53, id.rsplit("/", 1)[-1], DOMAIN)


def records(zone: names.Zone) -> dict[tuple[str, str], str]:
    told = zone.route53.list_resource_record_sets(HostedZoneId=zone.id)["ResourceRecordSets"]
    return {(r["Name"], r["Type"]): r["ResourceRecords"][0]["Value"] for r in told if r["Type"] in names.KINDS}


def given(zone: names.Zone, vpc: str, url: str, **changes: str) -> dict[str, str]:
    base = {"EDGE_ZONE_ID": zone.id, "EDGE_DOMAIN": DOMAIN, "EDGE_VPC_ID": vpc, "EDGE_PORT": "443"}
    return base | {"ECS_CONTAINER_METADATA_URI_V4": url, "ECS_AGENT_URI": url} | changes


def test_a_task_finds_its_public_address_and_takes_a_name_of_its_own_for_both_families(aws: None) -> None:
    private, public, vpc = network_interface()
    zone = a_zone()
    with endpoint(Ecs(metadata(private))) as url:
        environment, kept = place.found(given(zone, vpc, url))
    assert kept is not None
    assert {name: environment[name] for name in place.DERIVED} == {
        "EDGE_NAME": f"edge-{ME}",
        "EDGE_PUBLIC_URL": f"https://edge-{ME}.{DOMAIN}",
        "EDGE_STREAM_URL": f"wss://edge-{ME}.{DOMAIN}/stream",
        "EDGE_PUBLIC_IP": public,
        "EDGE_PUBLIC_IP6": "2001:db8::5",
    }
    host = f"edge-{ME}.{DOMAIN}."
    assert records(zone) == {(host, "A"): public, (host, "AAAA"): "2001:db8::5"}
    asyncio.run(kept.end())
    assert records(zone) == {}
    asyncio.run(kept.end())  # twice does no harm


def test_a_port_that_does_not_go_without_saying_is_said(aws: None) -> None:
    private, _, vpc = network_interface()
    zone = a_zone()
    with endpoint(Ecs(metadata(private, ()))) as url:
        environment, _ = place.found(given(zone, vpc, url, EDGE_PORT="9101"))
    assert environment["EDGE_STREAM_URL"] == f"wss://edge-{ME}.{DOMAIN}:9101/stream"
    assert [kind for _, kind in records(zone)] == ["A"]


def test_a_task_without_a_public_address_does_not_begin(aws: None) -> None:
    private, _, vpc = network_interface(public=False)
    with endpoint(Ecs(metadata(private))) as url, pytest.raises(names.NoAddressError):
        place.found(given(a_zone(), vpc, url))


def test_without_a_zone_the_settings_say_it_all() -> None:
    assert place.found({"EDGE_NAME": "e"}) == ({"EDGE_NAME": "e"}, None)


def test_a_task_of_several_workers_does_not_begin(aws: None) -> None:
    with pytest.raises(ValidationError, match="EDGE_WORKERS"):
        place.found(given(a_zone(), "vpc-1", "http://127.0.0.1:9", EDGE_WORKERS="2"))


@pytest.mark.parametrize("broken", [{}, {**metadata(), "Containers": []}, {**metadata(), "TaskARN": None}])
def test_metadata_of_another_shape_are_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(task.TaskUnknownError):
        task.of(broken)


def test_names_of_tasks_that_died_are_swept_and_nothing_else_in_the_zone(aws: None) -> None:
    zone = a_zone()
    for id in ("dead", "alive"):
        zone.take(names.name_of(id), {"A": "192.0.2.1", "AAAA": "2001:db8::1"})
    zone.take("turn", {"A": "192.0.2.9", "AAAA": ""})
    assert zone.sweep(["alive"]) == 2
    assert sorted(records(zone)) == [
        (f"edge-alive.{DOMAIN}.", "A"),
        (f"edge-alive.{DOMAIN}.", "AAAA"),
        (f"turn.{DOMAIN}.", "A"),
    ]


@pytest.mark.parametrize(
    ("tasks", "wanted", "running", "leaving_now"),
    [
        ("abc", 3, 3, ""),
        ("abc", 5, 3, ""),  # growing
        ("abcd", 2, 4, "ab"),
        ("abc", 0, 3, "abc"),
    ],
)
def test_a_service_that_wants_fewer_tasks_drains_as_many_as_are_too_many(
    tasks: str, wanted: int, running: int, leaving_now: str
) -> None:
    service = Service(wanted, list(reversed(tasks)), running)
    assert [id for id in tasks if surplus(id, service)] == list(leaving_now)


def test_when_one_of_the_surplus_has_ended_the_others_stay_the_same() -> None:
    before = Service(2, ["a", "b", "c", "d"], 4)
    after = Service(2, ["b", "c", "d"], 3)
    assert [id for id in "bcd" if surplus(id, before)] == [id for id in "bcd" if surplus(id, after)] == ["b"]


def test_a_former_deployment_stays_until_those_who_take_over_run() -> None:
    assert not surplus("old", Service(3, ["a", "b", "c"], 2))
    assert surplus("old", Service(3, ["a", "b", "c"], 3))


def test_one_look_at_an_old_list_changes_nothing() -> None:
    opinion = Opinion()
    assert [opinion.looked(leaves) for leaves in (True, False, True, True, False, True, False, False)] == [
        *(False, False, False, True, True, True, True, False)
    ]


class OneService:
    """ECS's word about a service, changed by a test."""

    def __init__(self) -> None:
        self.deployments = [{"id": "ecs-svc/1", "status": "PRIMARY", "desiredCount": 1, "runningCount": 1}]
        self.tasks = {"ecs-svc/1": [ME]}

    def describe_services(self, **_: Any) -> dict[str, Any]:
        return {"services": [{"deployments": self.deployments}]}

    def get_paginator(self, _: str) -> "OneService":
        return self

    def paginate(self, **which: Any) -> list[dict[str, Any]]:
        ids = self.tasks.get(which.get("startedBy", ""), [])
        return [{"taskArns": [ARN.format(id) for id in ids]}]


class Worker:
    def __init__(self) -> None:
        self.rooms, self.draining, self.late = 0, False, 0

    def retire(self, leaves: bool) -> None:
        self.draining = leaves

    def health(self) -> dict[str, Any]:
        state = "draining" if self.draining else "up"
        return {"rooms": self.rooms, "state": state, "late_ticks": self.late, "max_rooms": 50, "reports_waiting": 0}


def a_keeper(service: Any, url: str) -> keeper.Keeper:
    return keeper.Keeper(task.of(metadata()), url, service, names.Zone(None, "Z", DOMAIN), "edge-x", time.monotonic)


def test_a_task_is_protected_until_it_is_drained_and_its_last_call_has_ended() -> None:
    async def scene(ecs: Ecs, url: str) -> None:
        service, worker = OneService(), Worker()
        kept = a_keeper(service, url)
        await kept.look(worker)
        await kept.look(worker)
        assert ecs.protected == [True]  # before its first call: no gap
        worker.rooms = 1
        service.deployments[0]["desiredCount"] = 0
        for _ in range(3):
            await kept.look(worker)
        assert (worker.draining, ecs.protected) == (True, [True])
        worker.rooms = 0
        await kept.look(worker)
        assert ecs.protected == [True, False]

    ecs = Ecs()
    with endpoint(ecs) as url:
        asyncio.run(scene(ecs, url))


def test_a_drained_task_that_is_wanted_again_is_protected_before_it_takes_calls() -> None:
    async def scene(ecs: Ecs, url: str) -> None:
        service, worker = OneService(), Worker()
        kept = a_keeper(service, url)
        service.deployments[0]["desiredCount"] = 0
        for _ in range(2):
            await kept.look(worker)
        assert worker.draining
        service.deployments[0]["desiredCount"] = 1
        ecs.refuses = True
        for _ in range(3):
            await kept.look(worker)
        assert worker.draining  # not protected, so it takes none
        ecs.refuses = False
        await kept.look(worker)
        assert (worker.draining, ecs.protected[-1]) == (False, True)

    ecs = Ecs()
    with endpoint(ecs) as url:
        asyncio.run(scene(ecs, url))


def test_a_service_that_cannot_be_asked_changes_nothing() -> None:
    class Silent(OneService):
        def describe_services(self, **_: Any) -> dict[str, Any]:
            return {"services": []}

    worker = Worker()
    asyncio.run(a_keeper(Silent(), "http://127.0.0.1:9").look(worker))
    assert not worker.draining


def test_the_load_is_a_line_that_is_read_as_metrics_and_a_draining_edge_is_no_share(
    caplog: pytest.LogCaptureFixture,
) -> None:
    told, worker = load.Load("edges"), Worker()
    worker.rooms, worker.late = 10, 7
    with caplog.at_level(logging.ERROR):  # figures are told whatever the level of words
        caplog.handler.setLevel(logging.NOTSET)
        told.tell(worker.health(), 1_000)
        worker.draining = True
        told.tell(worker.health(), 2_000)
    first, second = (json.loads(JsonLines().format(record)) for record in caplog.records)
    described = first["_aws"]["CloudWatchMetrics"][0]
    assert {each["Name"] for each in described["Metrics"]} == set(load.UNITS)
    assert {name: first[name] for name in [*described["Dimensions"][0], *load.UNITS]} == {
        "service": "edges",
        "rooms_share": 20.0,
        "rooms": 10,
        "late_ticks": 7,
        "reports_waiting": 0,
    }
    assert second["late_ticks"] == 0
    assert "rooms_share" not in {each["Name"] for each in second["_aws"]["CloudWatchMetrics"][0]["Metrics"]}


def test_a_whole_edge_takes_its_name_when_it_begins_and_gives_it_back_when_it_ends(aws: None) -> None:
    private, public, vpc = network_interface()
    zone, port, ecs = a_zone(), free_port(0), Ecs(metadata(private))
    queue = boto3.client("sqs").create_queue(QueueName="media")["QueueUrl"]
    _, outside = settings_of(port, {"MEDIA_QUEUE_URL": queue, "RECORDINGS_BUCKET": "none", "SEAL_KEY_ID": "none"})

    async def lives_and_ends(environment: dict[str, str], kept: keeper.Keeper) -> None:
        running = asyncio.create_task(run(read(environment), kept))
        assert (await until(port, lambda told: told is not None))["name"] == f"edge-{ME}"
        assert records(zone)[f"edge-{ME}.{DOMAIN}.", "A"] == public
        async with asyncio.timeout(10):
            while not ecs.protected:  # it is asked for beside the rest
                await asyncio.sleep(0.02)
        os.kill(os.getpid(), signal.SIGTERM)
        await running

    with endpoint(ecs) as url:
        environment, kept = place.found({**outside, **given(zone, vpc, url, EDGE_PORT=str(port)), "EDGE_WORKERS": "1"})
        assert kept is not None
        kept.ecs = OneService()
        asyncio.run(lives_and_ends(environment, kept))
    assert records(zone) == {}
    assert ecs.protected == [True]
