"""The carrier as one HTTP server on loopback."""

from collections.abc import AsyncIterator

from aiohttp import web

from local.carrier import control, rest
from local.carrier.exchange import Exchange


def application(exchange: Exchange) -> web.Application:
    """Twilio's REST interface and the simulator's own."""
    app = web.Application(middlewares=[rest.authenticate, control.refuse_bad_input])
    app[rest.EXCHANGE] = exchange
    app.add_routes(rest.routes)
    app.add_routes(control.routes)

    async def lifetime(_: web.Application) -> AsyncIterator[None]:
        yield
        await exchange.close()

    app.cleanup_ctx.append(lifetime)
    return app


async def serve(exchange: Exchange, host: str = "127.0.0.1", port: int = 0) -> tuple[web.AppRunner, str]:
    """Listen; port 0 takes a free one. Returns the runner (``cleanup`` ends everything) and the address."""
    runner = web.AppRunner(application(exchange), access_log=None, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, host, port)
    await site.start()
    bound = runner.addresses[0][1]
    exchange.address = f"http://{host}:{bound}"
    return runner, exchange.address
