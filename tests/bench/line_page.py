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
async def page_at(microphone: Path, folder: Path = PAGE / "dist", name: str = "index.html") -> AsyncIterator[Page]:
    app = web.Application()
    app.router.add_static("/", folder)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    switches = [
        "--no-sandbox",
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={microphone}",
        "--autoplay-policy=no-user-gesture-required",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
        "--disable-web-security",
    ]
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=CHROMIUM, headless=True, args=switches)
        page = await browser.new_page()
        await page.goto(f"http://localhost:{runner.addresses[0][1]}/{name}")
        try:
            yield page
        finally:
            await browser.close()
            await runner.cleanup()
