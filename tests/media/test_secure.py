"""The edge's own TLS: health and the carrier's stream come in through it, and what is not TLS does not."""

import asyncio
import datetime
import ipaddress
import json
import ssl

import aiohttp
import numpy as np
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from media_edge.entry.secure import context, keep_new
from media_edge.entry.tokens import carrier_signature
from tests.media.clients import CarrierClient
from tests.media.running import AUTH_TOKEN, running_edge, speech
from tests.media.test_whole_call import CALL


def certified() -> tuple[str, ssl.SSLContext]:
    """A secret as it is kept, and a client that trusts what is in it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "edge")])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(7).not_valid_before(now - datetime.timedelta(1))
    builder = builder.not_valid_after(now + datetime.timedelta(1))
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = builder.add_extension(here, critical=False).sign(key, hashes.SHA256())
    pem = made.public_bytes(serialization.Encoding.PEM).decode()
    form, kind = serialization.PrivateFormat.PKCS8, serialization.Encoding.PEM
    private = key.private_bytes(kind, form, serialization.NoEncryption()).decode()
    return json.dumps({"certificate": pem, "key": private}), ssl.create_default_context(cadata=pem)


def test_a_call_goes_through_the_edges_own_tls_and_nothing_goes_beside_it() -> None:
    secret, trusting = certified()

    async def whole() -> None:
        async with running_edge(tls=context(secret)) as edge, aiohttp.ClientSession() as http:
            stream = f"wss://127.0.0.1:{edge.server.port}/stream"
            edge.server.streams._url = stream  # the carrier signs the address it calls
            async with http.get(f"https://127.0.0.1:{edge.server.port}/health", ssl=trusting) as answer:
                assert (await answer.json())["state"] == "up"
            with pytest.raises(aiohttp.ClientError):
                await http.get(f"{edge.url}/health")
            signature, token = carrier_signature(AUTH_TOKEN, stream), edge.token("carrier", CALL)
            line = CarrierClient(stream, signature, CALL, token, speech(3, 8_000))
            line.trusts = trusting
            async with line:
                await asyncio.sleep(2)
            heard = line.heard.sound()  # the waiting tone
            assert len(heard) > 8_000
            assert int(np.abs(heard.astype(int)).max()) > 300

    asyncio.run(whole())


def test_a_renewed_certificate_serves_the_next_and_a_bad_one_or_none_changes_nothing() -> None:
    first, second = certified(), certified()
    lies = [first[0]]

    def read() -> str:
        if not lies[0]:
            raise ConnectionError("out of reach")
        return lies[0]

    async def whole() -> None:
        tls = context(first[0])
        keeping = asyncio.create_task(keep_new(tls, read, every=0.01))
        async with running_edge(tls=tls) as edge:
            url = f"https://127.0.0.1:{edge.server.port}/health"

            async def trusts(client: ssl.SSLContext) -> bool:
                async with aiohttp.ClientSession() as http:
                    try:
                        async with http.get(url, ssl=client) as answer:
                            return answer.status == 200
                    except aiohttp.ClientConnectorCertificateError:
                        return False

            half = json.dumps({**json.loads(second[0]), "key": json.loads(first[0])["key"]})
            for lie, serving in ((first[0], first[1]), ("", first[1]), (half, first[1]), (second[0], second[1])):
                lies[0] = lie
                await asyncio.sleep(0.2)
                assert [await trusts(each[1]) for each in (first, second)] == [
                    each[1] is serving for each in (first, second)
                ]
        keeping.cancel()

    asyncio.run(whole())
