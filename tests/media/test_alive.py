"""The container's own look whether its edge answers."""

import asyncio

from local.processes import free_port
from media_edge.alive import answers
from media_edge.entry.secure import context
from tests.media.running import running_edge
from tests.media.test_secure import certified


def test_an_edge_that_answers_is_alive_with_its_own_tls_and_without() -> None:
    secret, _ = certified()

    async def whole() -> None:
        async with running_edge() as edge:
            assert await asyncio.to_thread(answers, edge.server.port, tls=False)
            assert not await asyncio.to_thread(answers, edge.server.port, tls=True)
        async with running_edge(tls=context(secret)) as edge:
            assert await asyncio.to_thread(answers, edge.server.port, tls=True)
            assert not await asyncio.to_thread(answers, edge.server.port, tls=False)

    asyncio.run(whole())


def test_where_nobody_listens_nobody_is_alive() -> None:
    assert not answers(free_port(0), tls=False)
