"""The edge as a process of its own against the local engine: a call, SIGTERM, a sealed recording in the bucket."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import aiohttp
import numpy as np
import pytest
from joserfc.jwk import OKPKey

from hearthline.platform.seal import KmsKeys, Place, Sealer
from local.processes import free_port
from media_edge.entry.tokens import carrier_signature
from media_edge.kept.upload import part_name
from tests.conftest import Stack, aws_client
from tests.media.clients import BrowserClient, CarrierClient
from tests.media.ogg import decoded
from tests.media.running import AUTH_TOKEN, compare, make_token, media_key
from tests.media.test_whole_call import ANSWERED, CALL, SAID

pytestmark = pytest.mark.engine

CONTACT = "11111111-2222-5333-8444-555555555555"


@pytest.fixture
def environment(stack: Stack) -> dict[str, str]:
    port = str(free_port(0))
    own = {"EDGE_NAME": "edge-p", "EDGE_PORT": port, "EDGE_STREAM_URL": f"ws://127.0.0.1:{port}/stream"}
    own |= {"CARRIER_AUTH_TOKEN": AUTH_TOKEN, "EDGE_DRAIN_SECONDS": "0.5", "TENANT": "test"}
    own |= {"MEDIA_QUEUE_URL": f"{stack.environment['QUEUE_URL_PREFIX']}-media"}
    own |= {name: stack.environment[name] for name in ("RECORDINGS_BUCKET", "SEAL_KEY_ID")}
    return {**os.environ, **stack.environment, **own, "PYTHONPATH": os.pathsep.join(sys.path)}


@pytest.fixture
def key() -> OKPKey:
    return media_key()


@pytest.fixture
def process(environment: dict[str, str], key: OKPKey) -> Iterator[subprocess.Popen[str]]:
    whole = environment | {"MEDIA_PUBLIC_JWK": json.dumps(key.as_dict(private=False))}
    started = subprocess.Popen(
        [sys.executable, "-m", "media_edge"], env=whole, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    yield started
    if started.poll() is None:
        started.kill()
    started.communicate()


async def until_up(url: str) -> None:
    async with asyncio.timeout(20), aiohttp.ClientSession() as http:
        while True:
            try:
                async with http.get(f"{url}/health") as answer:
                    assert (await answer.json())["state"] == "up"
                    return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.05)


async def one_call(port: str, stream: str, key: OKPKey) -> tuple[float, float]:
    """Talk for a while; how well each side heard the other."""
    url = f"http://127.0.0.1:{port}"
    await until_up(url)
    token = make_token(key, CONTACT, "carrier", CALL, aud="edge-p", tenant="test")
    async with CarrierClient(stream, carrier_signature(AUTH_TOKEN, stream), CALL, token, SAID) as line:
        token = make_token(key, CONTACT, "agent", "p1", aud="edge-p", tenant="test")
        agent = await BrowserClient(url, token, ANSWERED).join()
        await agent.connected()
        await asyncio.sleep(5)
        down = compare(np.repeat(SAID, 2), agent.heard.on_clock(line.spoke_at, 7), 16_000).correlation
        up = compare(ANSWERED[::2], line.heard.on_clock(agent.speaker.spoke_at, 7), 8_000).correlation
        await agent.close()
    return down, up


def reports(stack: Stack, environment: dict[str, str], wanted: str) -> dict[str, Any]:
    """The data of the first report of a kind; nobody else reads this queue here."""
    sqs, until = aws_client(stack.engine.url, stack.environment, "sqs"), time.monotonic() + 20
    while time.monotonic() < until:
        answer = sqs.receive_message(QueueUrl=environment["MEDIA_QUEUE_URL"], WaitTimeSeconds=1, MaxNumberOfMessages=10)
        for message in answer.get("Messages", []):
            envelope = json.loads(message["Body"])
            if envelope["type"] == wanted and envelope["data"]["contact"] == CONTACT:
                return dict(envelope["data"])
    raise AssertionError(f"no {wanted} was reported")


def test_a_call_through_the_process_leaves_a_sealed_recording_when_it_is_told_to_end(
    stack: Stack, environment: dict[str, str], key: OKPKey, process: subprocess.Popen[str]
) -> None:
    heard = asyncio.run(one_call(environment["EDGE_PORT"], environment["EDGE_STREAM_URL"], key))
    print(f"\ncorrelation down {heard[0]:.2f}, up {heard[1]:.2f}")  # noqa: T201
    assert min(heard) > 0.7
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=40)
    assert process.returncode == 0, output
    stored = reports(stack, environment, "RecordingStored")
    s3, kms = (aws_client(stack.engine.url, stack.environment, name) for name in ("s3", "kms"))
    sealer = Sealer("test", KmsKeys(kms, environment["SEAL_KEY_ID"]))
    names = [part_name(stored["key"], number) for number in range(stored["parts"])]
    blobs = [s3.get_object(Bucket=stored["bucket"], Key=name)["Body"].read() for name in names]
    opened = [sealer.open(blob, Place("recordings", CONTACT, name)) for name, blob in zip(names, blobs, strict=True)]
    sound = decoded(opened, 8_000)
    assert len(sound) / 8_000 == pytest.approx(stored["length_ms"] / 1000, abs=0.005)
    assert compare(SAID, sound[:, 0], 8_000).correlation > 0.9
    assert AUTH_TOKEN not in output


def test_a_process_without_its_settings_names_them_and_ends() -> None:
    bare = {"PYTHONPATH": os.pathsep.join(sys.path), "EDGE_NAME": "e"}
    done = subprocess.run(
        [sys.executable, "-m", "media_edge"], env=bare, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    for name in (
        "TENANT",
        "CARRIER_AUTH_TOKEN",
        "MEDIA_PUBLIC_JWK",
        "MEDIA_QUEUE_URL",
        "RECORDINGS_BUCKET",
        "SEAL_KEY_ID",
    ):
        assert name in done.stderr


def test_a_process_without_a_codec_says_what_to_do(environment: dict[str, str], key: OKPKey) -> None:
    whole = environment | {"MEDIA_PUBLIC_JWK": json.dumps(key.as_dict(private=False)), "EDGE_LIBOPUS": "/no/opus.so"}
    done = subprocess.run(
        [sys.executable, "-m", "media_edge"], env=whole, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, "EDGE_LIBOPUS" in done.stderr) == (3, True)
