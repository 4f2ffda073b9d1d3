"""Takes the pictures of docs/screenshots/ from the built pages, each in the scene of the design it is held against."""

# ruff: noqa: T201 (a command line prints)
import argparse
import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize, sync_playwright

CHROMIUM = "/usr/bin/chromium"
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"
DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
TABLET: ViewportSize = {"width": 1024, "height": 768}
WEB = Path(__file__).parent.parent
AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"


def complain(message: ConsoleMessage) -> None:
    """A picture of a page that is in trouble is no picture. (The 401 is the question whether anybody is signed in.)"""
    if message.type == "error" and "401" not in message.text:
        print("console:", message.text)


class Studio:
    """One browser against one design desk."""

    def __init__(self, browser: Browser, port: int, folder: Path) -> None:
        self.breaches: list[str] = []
        self.browser, self.origin, self.folder = browser, f"http://localhost:{port}", folder

    def dev(self, act: str, **wish: object) -> None:
        request = urllib.request.Request(f"{self.origin}/dev/{act}", data=json.dumps(wish).encode(), method="POST")  # noqa: S310 (loopback)
        urllib.request.urlopen(request, timeout=5).close()  # noqa: S310 (loopback)

    @contextmanager
    def page(self, path: str, size: ViewportSize, **prefs: object) -> Iterator[Page]:
        context: BrowserContext = self.browser.new_context(
            viewport=size,
            permissions=["microphone", "notifications"],
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            has_touch=size is PHONE,
        )
        stored = json.dumps({"state": {"ringMuted": True, "theme": "light", **prefs}, "version": 0})
        name = "'hearthline-prefs'"
        context.add_init_script(f"localStorage.getItem({name}) ?? localStorage.setItem({name}, {json.dumps(stored)})")
        page = context.new_page()
        page.on("pageerror", lambda error: print("page error:", error))
        page.on("console", complain)
        page.goto(self.origin + path)
        yield page
        context.close()

    def shoot(self, page: Page, name: str) -> None:
        page.screenshot(path=self.folder / f"{name}.png")
        page.evaluate(AXE.read_text(encoding="utf-8"))
        breaches: list[str] = page.evaluate((WEB / "dev" / "audit.js").read_text(encoding="utf-8"))
        self.breaches += [f"{name}: {breach}" for breach in breaches]
        print(f"{name}: {len(breaches)} accessibility breaches")

    def on_call(self, page: Page) -> None:
        self.dev("ring", caller="138****8001", waited_ms=16_000)
        page.get_by_role("button", name="接听").click()
        page.get_by_role("button", name="保持").wait_for()
        self.dev("ticket")
        connected = 1000 * 207
        page.wait_for_timeout(2500)
        page.evaluate("fetch('/api/me/floor')")
        now = page.evaluate("Date.now()")
        self.dev("contact", connected_at=now - connected, queued_at=now - connected - 18_000)
        page.wait_for_timeout(3500)


def sign_in(studio: Studio) -> None:
    studio.dev("reset")
    with studio.page("/", DESK) as page:
        page.get_by_text("输入峰值").wait_for()
        page.get_by_label("工号").fill("1001")
        page.get_by_label("密码").fill("spruce-tree-42")
        page.wait_for_timeout(300)
        studio.shoot(page, "sign-in-light-1440x900")


def agent(studio: Studio) -> None:
    studio.dev("reset", signed_in=True)
    with studio.page("/", DESK) as page:
        page.get_by_role("button", name="开始接听").wait_for()
        studio.shoot(page, "not-ready-light-1440x900")
        page.get_by_role("button", name="开始接听").click()
        studio.on_call(page)
        studio.shoot(page, "agent-on-call-light-1440x900")
        studio.dev("end")
        page.get_by_text("这通电话的结果").wait_for()
        page.get_by_text("已解决").click()
        page.wait_for_timeout(300)
        studio.shoot(page, "wrap-up-light-1440x900")


def messages(studio: Studio) -> None:
    """What callers spoke at night is listed, taken and heard."""
    studio.dev("reset", signed_in=True)
    with studio.page("/messages", DESK) as page:
        page.get_by_role("button", name="接手").first.wait_for()
        studio.shoot(page, "messages-light-1440x900")
        page.get_by_role("button", name="接手").first.click()
        page.get_by_role("button", name="播放").click()
        page.wait_for_timeout(2_500)
        studio.shoot(page, "message-heard-light-1440x900")
        page.get_by_role("button", name="暂停").click()
    with studio.page("/messages", DESK, lang="en", theme="dark") as page:
        page.get_by_role("button", name="Take").first.wait_for()
        studio.shoot(page, "messages-dark-en-1440x900")


def ringing(studio: Studio) -> None:
    studio.dev("reset", signed_in=True)
    with studio.page("/", DESK, theme="dark", ringMuted=False) as page:
        page.get_by_role("button", name="开始接听").click()
        page.get_by_role("button", name="账单与费用").first.click()
        note = page.get_by_label("备注")
        note.fill(
            "已听开通录音，00:21–00:33 只有推荐话术，客户未明确同意。可全额退还并关闭业务包。\n"
            "回电时先致歉，再说明退费会在 12 月账单里抵扣"
        )
        page.wait_for_timeout(1500)
        studio.dev("ring", waited_ms=38_000)
        page.get_by_role("button", name="接听").wait_for()
        page.wait_for_timeout(4200)
        if not note.evaluate("element => element === document.activeElement"):
            raise AssertionError("the ringing call took the focus from the note")
        studio.shoot(page, "incoming-ring-dark-1440x900")


def phone(studio: Studio) -> None:
    studio.dev("reset", signed_in=True)
    with studio.page("/", PHONE) as page:
        page.get_by_role("button", name="开始接听").click()
        studio.dev("ring")
        page.get_by_role("button", name="接听").wait_for()
        studio.shoot(page, "phone-ring-390x844")
        studio.on_call(page)
        studio.shoot(page, "phone-on-call-390x844")
        page.get_by_role("tab", name="工单").click()
        page.wait_for_timeout(300)
        studio.shoot(page, "phone-ticket-390x844")


def tablet(studio: Studio) -> None:
    studio.dev("reset", signed_in=True)
    with studio.page("/", TABLET, lang="en") as page:
        page.get_by_role("button", name="Take calls").click()
        studio.dev("ring", caller="138****8001", lang="en")
        page.get_by_role("button", name="Answer").click()
        page.get_by_role("button", name="Hold").wait_for()
        page.get_by_role("button", name="Assist").click()
        page.wait_for_timeout(3000)
        studio.shoot(page, "tablet-drawer-en-1024x768")
        page.goto(studio.origin + "/settings")
        page.wait_for_timeout(500)
        studio.shoot(page, "settings-en-1024x768")


def caller(studio: Studio) -> None:
    studio.dev("reset")
    with studio.page("/call", PHONE) as page:
        page.get_by_text("账单与费用").wait_for()
        studio.shoot(page, "browser-caller-start-390x844")
        page.get_by_role("button", name="免费网络通话").click()
        page.get_by_text("您排在").wait_for()
        studio.dev("caller", position=4, wait_seconds=180, waited_ms=48_000)
        page.wait_for_timeout(4500)
        studio.shoot(page, "browser-caller-queue-390x844")
        studio.dev("caller", state="connected", position=None, agent_name="林悦")
        page.get_by_text("通话中").wait_for()
        page.wait_for_timeout(2500)
        studio.shoot(page, "browser-caller-connected-390x844")


def keypad(studio: Studio) -> None:
    """Keys of a telephone: at a desk, at a thumb, and for a caller in his browser."""
    studio.dev("reset", signed_in=True)
    for size, name, theme in ((DESK, "keypad-light-1440x900", "light"), (PHONE, "phone-keypad-dark-390x844", "dark")):
        studio.dev("reset", signed_in=True)
        with studio.page("/", size, theme=theme) as page:
            page.get_by_role("button", name="开始接听").click()
            studio.on_call(page)
            page.get_by_role("button", name="拨号盘").click()
            for digit in "801":
                page.keyboard.press(digit)
            page.wait_for_timeout(300)
            studio.shoot(page, name)
    studio.dev("reset")
    with studio.page("/call", PHONE, lang="en") as page:
        page.get_by_role("button", name="Call free over the internet").click()
        page.get_by_role("button", name="Mute").wait_for()
        studio.dev("caller", state="connected", position=None, agent_name="林悦")
        page.wait_for_timeout(2500)
        page.get_by_role("button", name="Keypad").click()
        page.wait_for_timeout(300)
        studio.shoot(page, "browser-caller-keypad-en-390x844")


def shut(studio: Studio) -> None:
    studio.dev("reset")
    studio.dev("hours", open=False, days=1, clock="09:00")
    with studio.page("/call", PHONE) as page:
        page.get_by_role("button", name="上班后给我回电").wait_for()
        studio.shoot(page, "browser-caller-closed-390x844")
    studio.dev("hours", open=False, days=2, clock="10:00", closing={"callback": False, "line": "+862150008000"})
    with studio.page("/call", TABLET, theme="dark", lang="en") as page:
        page.get_by_role("link", name="Leave a message by phone").wait_for()
        studio.shoot(page, "browser-caller-closed-dark-en-1024x768")
    studio.dev("hours", open=True, days=0, clock="18:00")


def giving(studio: Studio) -> None:
    """A call is given on: chosen, asked, talked over, three together, handed over."""
    studio.dev("reset", signed_in=True)
    with studio.page("/", DESK) as page:
        page.get_by_role("button", name="开始接听").click()
        studio.on_call(page)
        page.keyboard.press("Alt+t")
        page.get_by_role("button", name="先咨询 周宁").wait_for()
        page.keyboard.press("ArrowDown")
        page.wait_for_timeout(400)
        studio.shoot(page, "transfer-light-1440x900")
        page.get_by_role("button", name="先咨询 周宁").click()
        page.get_by_text("正在呼叫").wait_for()
        page.wait_for_timeout(3500)
        studio.shoot(page, "consult-asked-light-1440x900")
        studio.dev("beside", state="talking")
        page.get_by_role("button", name="接成三方").wait_for()
        page.wait_for_timeout(2500)
        studio.shoot(page, "consult-talking-light-1440x900")
        page.get_by_role("button", name="结束咨询").click()
        page.get_by_role("button", name="恢复通话").wait_for()
        page.wait_for_timeout(300)
        studio.shoot(page, "consult-over-light-1440x900")
        page.get_by_role("button", name="恢复通话").click()
        page.keyboard.press("Alt+t")
        page.get_by_role("button", name="转到队列 账单").click()
        page.get_by_text("这通电话的结果").wait_for()
        page.wait_for_timeout(500)
        studio.shoot(page, "given-on-light-1440x900")


def helping(studio: Studio) -> None:
    """The colleague's side, at night."""
    studio.dev("reset", signed_in=True)
    with studio.page("/", DESK, theme="dark") as page:
        page.get_by_role("button", name="开始接听").click()
        studio.dev("ring", asked_by="周宁", caller="138****8001")
        page.get_by_role("button", name="接听").wait_for()
        page.wait_for_timeout(2200)
        studio.shoot(page, "consult-ring-dark-1440x900")
        page.get_by_role("button", name="接听").click()
        page.get_by_text("单独通话").wait_for()
        page.wait_for_timeout(3500)
        studio.shoot(page, "consult-guest-dark-1440x900")
        studio.dev("beside", state="conference")
        page.get_by_text("三方通话：").wait_for()
        page.wait_for_timeout(3500)
        studio.shoot(page, "conference-guest-dark-1440x900")


def giving_small(studio: Studio) -> None:
    """The same on a phone and on a tablet, in English there."""
    for size, name, lang, words in (
        (PHONE, "phone", "zh", ("开始接听", "接听", "保持", "转接", "先咨询", "接成三方")),
        (TABLET, "tablet", "en", ("Take calls", "Answer", "Hold", "Transfer", "Ask first", "Bring the customer in")),
    ):
        ready, answer, hold, transfer, ask, bring = words
        shape = f"{size['width']}x{size['height']}"
        studio.dev("reset", signed_in=True)
        with studio.page("/", size, lang=lang) as page:
            page.get_by_role("button", name=ready).click()
            studio.dev("ring", caller="138****8001", lang=lang)
            page.get_by_role("button", name=answer).click()
            page.locator(".controls").get_by_role("button", name=hold).wait_for()
            page.wait_for_timeout(2500)
            page.locator(".controls").get_by_role("button", name=transfer).click()
            page.get_by_role("button", name=f"{ask} 周宁").wait_for()
            page.wait_for_timeout(400)
            studio.shoot(page, f"{name}-transfer-{lang}-{shape}")
            page.get_by_role("button", name=f"{ask} 周宁").click()
            page.wait_for_timeout(400)
            studio.dev("beside", state="talking")
            page.get_by_role("button", name=bring).wait_for()
            page.wait_for_timeout(2500)
            studio.shoot(page, f"{name}-consult-{lang}-{shape}")


SCENES = {
    "keypad": keypad,
    "sign-in": sign_in,
    "agent": agent,
    "messages": messages,
    "ringing": ringing,
    "phone": phone,
    "tablet": tablet,
    "caller": caller,
    "shut": shut,
    "giving": giving,
    "helping": helping,
    "giving-small": giving_small,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8093)
    parser.add_argument("--out", type=Path, default=WEB.parent / "docs" / "screenshots")
    parser.add_argument("scenes", nargs="*", default=list(SCENES))
    wish = parser.parse_args()
    wish.out.mkdir(parents=True, exist_ok=True)
    server = subprocess.Popen([sys.executable, "-m", "dev.server", "--port", str(wish.port)], cwd=WEB)  # noqa: S603 (our own module)
    flags = [
        "--no-sandbox",
        "--disable-gpu",
        ALONE,
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        "--lang=zh-CN",
    ]
    try:
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=flags)
            studio = Studio(browser, wish.port, wish.out)
            await_server(studio)
            for name in wish.scenes:
                SCENES[name](studio)
            browser.close()
            print(*studio.breaches, sep="\n")
            return 1 if studio.breaches else 0
    finally:
        server.terminate()
        server.wait()


def await_server(studio: Studio, tries: int = 50) -> None:
    for _ in range(tries):
        try:
            studio.dev("reset")
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the design desk did not start")


if __name__ == "__main__":
    sys.exit(main())
