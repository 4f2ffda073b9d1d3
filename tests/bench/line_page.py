"""The page with the product's own leg (web/dev/line): built, and opened in a real browser."""

import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from aiohttp import web
from playwright.async_api import Page, async_playwright

from local.places import ROOT
from tests.media.test_chromium import CHROMIUM

PAGE: Final = ROOT / "web" / "dev" / "line"


def build() -> None:
    vite = [str(ROOT / "web/node_modules/.bin/vite"), "build", "-c", "dev/line/vite.config.ts", "--logLevel", "error"]
    subprocess.run(vite, cwd=ROOT / "web", check=True)


@asynccontextmanager
async def page_at(
    microphone: Path,
    folder: Path = PAGE / "dist",
    name: str = "index.html",
    *,
    host: str = "127.0.0.1",
    browser: Path | str = CHROMIUM,
) -> AsyncIterator[Page]:
    """``host`` is where the page lies, as the browser sees it."""
    app = web.Application()
    app.router.add_static("/", folder)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, host, 0)
    await site.start()
    origin = f"http://{host}:{runner.addresses[0][1]}"
    switches = [
        "--no-sandbox",
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={microphone}",
        "--autoplay-policy=no-user-gesture-required",
        f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE {host}",
        "--disable-web-security",
        f"--unsafely-treat-insecure-origin-as-secure={origin}",  # for the microphone
    ]
    async with async_playwright() as driver:
        running = await driver.chromium.launch(executable_path=browser, headless=True, args=switches)
        page = await running.new_page()
        await page.goto(f"{origin}/{name}")
        try:
            yield page
        finally:
            await running.close()
            await runner.cleanup()
