"""The agents' REST client: what it sends again, and what it does not."""

import asyncio

import pytest
from aiohttp import web

from local.agents.workspace import RefusedError, Workspace


def test_what_failed_on_the_other_side_is_sent_again_under_the_same_key() -> None:
    keys: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        keys.append(request.headers["Idempotency-Key"])
        if request.path.endswith("/gone/accept"):
            return web.json_response({"code": "offer_gone"}, status=409)
        return web.json_response({"code": "try_again"}, status=503) if len(keys) == 1 else web.json_response({"ok": 1})

    async def story() -> None:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        desk = Workspace(f"http://127.0.0.1:{runner.addresses[0][1]}")
        assert await desk.accept("some") == {"ok": 1}
        assert len(keys) == 2
        assert len(set(keys)) == 1
        with pytest.raises(RefusedError) as refused:
            await desk.accept("gone")
        assert (refused.value.status, refused.value.code, len(keys)) == (409, "offer_gone", 3)
        await desk.close()
        await runner.cleanup()

    asyncio.run(story())
