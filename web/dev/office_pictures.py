"""Takes the pictures of the office for docs/screenshots/: built pages before the real API in memory (`dev.office`)."""

# ruff: noqa: T201 (a command line prints)
import argparse
import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright

from dev.screenshots import ALONE, CHROMIUM, DESK, PHONE, TABLET, WEB, Studio

Users = dict[str, str]


@contextmanager
def signed_in(studio: Studio, users: Users, login: str, size: ViewportSize, **prefs: object) -> Iterator[Page]:
    """A page at which somebody has logged in."""
    with studio.page("/", size, **prefs) as page:
        page.locator("input").first.fill(login)
        page.locator("input[type=password]").fill(users[login])
        page.keyboard.press("Enter")
        yield page


def queues(studio: Studio, users: Users) -> None:
    with signed_in(studio, users, "9001", DESK) as page:
        page.get_by_text("要求随等待逐步放宽").wait_for()
        studio.shoot(page, "admin-queues-light-1440x900")
        page.get_by_label("优先级").select_option("1")
        page.get_by_role("button", name="查看并发布").click()
        page.get_by_text("检查通过").wait_for()
        studio.shoot(page, "admin-publish-light-1440x900")


def agents(studio: Studio, users: Users) -> None:
    with signed_in(studio, users, "2001", TABLET) as page:
        page.get_by_role("link", name="运营", exact=True).click()
        page.get_by_role("link", name="坐席", exact=True).click()
        page.get_by_text("林晓彤").wait_for()
        studio.shoot(page, "admin-agents-light-1024x768")


def trial(studio: Studio, users: Users) -> None:
    with signed_in(studio, users, "9001", DESK, theme="dark", lang="en") as page:
        page.get_by_role("link", name="Trial", exact=True).click()
        page.get_by_role("button", name="Start trial").click()
        page.locator(".trial-verdict").wait_for()
        studio.shoot(page, "admin-trial-dark-en-1440x900")


def hours(studio: Studio, users: Users) -> None:
    with signed_in(studio, users, "9001", DESK) as page:
        page.get_by_role("link", name="营业时间", exact=True).click()
        page.get_by_role("heading", name="特别的日子").wait_for()
        studio.shoot(page, "admin-hours-light-1440x900")
        page.get_by_label("周三第 2 段开始").fill("11:30")
        page.get_by_label("周四第 1 段结束").fill("8")
        page.get_by_label("时区").fill("Asia/Shangai")
        page.get_by_text("不早于上一段的 12:00").wait_for()
        studio.shoot(page, "admin-hours-wrong-1440x900")
    with signed_in(studio, users, "9001", TABLET, theme="dark", lang="en") as page:
        page.get_by_role("link", name="Hours", exact=True).click()
        page.get_by_role("button", name="Copy the times of Mon").click()
        studio.shoot(page, "admin-hours-dark-en-1024x768")
    with signed_in(studio, users, "2001", PHONE) as page:
        page.get_by_role("link", name="运营", exact=True).click()
        page.get_by_role("link", name="营业时间", exact=True).click()
        page.get_by_role("heading", name="每周").scroll_into_view_if_needed()
        studio.shoot(page, "admin-hours-390x844")


def numbers(studio: Studio, users: Users) -> None:
    with signed_in(studio, users, "9001", DESK) as page:
        page.get_by_role("link", name="号码", exact=True).click()
        for number in ("138 1234 8001", "021 5888 6666", "+44 20 7946 0999"):
            page.get_by_label("来电者的号码").fill(number)
            page.get_by_role("button", name="拒接", exact=True).click()
            page.get_by_text("已加入名单").wait_for()
            page.get_by_label("来电者的号码").fill("")
        studio.shoot(page, "admin-numbers-light-1440x900")


def why(studio: Studio, users: Users) -> None:
    with signed_in(studio, users, "1001", DESK) as page:
        page.get_by_role("button", name="开始接听").or_(page.get_by_text("准备好了")).first.wait_for()
        page.evaluate("fetch('/dev/ring', {method: 'POST'})")
        page.wait_for_timeout(500)
        page.reload()
        page.get_by_role("button", name="为什么是我", exact=True).click()
        page.locator(".why__table").wait_for()
        studio.shoot(page, "why-me-light-1440x900")


def calls(studio: Studio, users: Users) -> None:
    studio.dev("talk")
    with signed_in(studio, users, "2001", DESK) as page:
        page.get_by_role("button", name="监听坐席").nth(2).wait_for()
        studio.shoot(page, "supervisor-calls-light-1440x900")
    with signed_in(studio, users, "2001", TABLET, theme="dark", lang="en") as page:
        page.get_by_role("button", name="Listen:").nth(2).wait_for()
        studio.shoot(page, "supervisor-calls-dark-en-1024x768")
    with signed_in(studio, users, "2001", PHONE) as page:
        page.get_by_role("button", name="监听坐席").nth(2).wait_for()
        studio.shoot(page, "supervisor-calls-390x844")


SCENES = {
    "calls": calls,
    "queues": queues,
    "hours": hours,
    "numbers": numbers,
    "agents": agents,
    "trial": trial,
    "why": why,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8095)
    parser.add_argument("--out", type=Path, default=WEB.parent / "docs" / "screenshots")
    parser.add_argument("scenes", nargs="*", default=list(SCENES))
    wish = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        known = Path(folder) / "users.json"
        command = [sys.executable, "-m", "dev.office", "--port", str(wish.port), "--users", str(known)]
        server = subprocess.Popen(command, cwd=WEB, stdout=subprocess.DEVNULL)  # noqa: S603 (our own module)
        try:
            await_answer(f"http://localhost:{wish.port}/api/health")
            users = {each["login"]: each["password"] for each in json.loads(known.read_text(encoding="utf-8"))}
            browser = driver.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", ALONE, "--lang=zh-CN"]
            )
            studio = Studio(browser, wish.port, wish.out)
            for name in wish.scenes:
                SCENES[name](studio, users)
            browser.close()
            print(*studio.breaches, sep="\n")
            return 1 if studio.breaches else 0
        finally:
            server.terminate()
            server.wait()


def await_answer(url: str, tries: int = 100) -> None:
    for _ in range(tries):
        try:
            urllib.request.urlopen(url, timeout=2).close()  # noqa: S310 (loopback)
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the office did not open")


if __name__ == "__main__":
    sys.exit(main())
