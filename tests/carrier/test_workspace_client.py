"""The agents' REST client: what it sends again, and what it does not."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from local.agents import workspace
from local.agents.workspace import RefusedError, Workspace


@asynccontextmanager
async def desk_at(answer: Callable[[web.Request], Awaitable[web.Response]]) -> AsyncIterator[Workspace]:
    """A client whose every request is answered by ``answer``."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    desk = Workspace(f"http://127.0.0.1:{runner.addresses[0][1]}")
    try:
        yield desk
    finally:
        await desk.close()
        await runner.cleanup()


def test_what_failed_on_the_other_side_is_sent_again_under_the_same_key() -> None:
    keys: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        keys.append(request.headers["Idempotency-Key"])
        if request.path.endswith("/gone/accept"):
            return web.json_response({"code": "offer_gone"}, status=409)
        return web.json_response({"code": "try_again"}, status=503) if len(keys) == 1 else web.json_response({"ok": 1})

    async def story() -> None:
        async with desk_at(answer) as desk:
            assert await desk.accept("some") == {"ok": 1}
            assert len(keys) == 2
            assert len(set(keys)) == 1
            with pytest.raises(RefusedError) as refused:
                await desk.accept("gone")
            assert (refused.value.status, refused.value.code, len(keys)) == (409, "offer_gone", 3)

    asyncio.run(story())


def test_a_command_whose_first_try_died_is_sent_until_its_key_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace, "BETWEEN_TRIES", 0.01)
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.headers["Idempotency-Key"])
        if len(asked) == 1:
            raise web.HTTPBadGateway
        held = len(asked) < 2 * workspace.TRIES
        return web.json_response({"code": "in_progress"} if held else {"ok": 1}, status=409 if held else 200)

    async def story() -> None:
        async with desk_at(answer) as desk:
            assert await desk.accept("some") == {"ok": 1}
            assert len(asked) == 2 * workspace.TRIES
            assert len(set(asked)) == 1

    asyncio.run(story())
