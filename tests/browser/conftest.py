"""A real Chromium on a real server: skips with a reason where there is none.

With `COMMTRACE_REQUIRE_BROWSER=1` a missing browser is a failure, so that a green run cannot hide
it. Every test fails on a request to another host and on an exception shown by the page.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
SETTLED = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  if (!app || app.dataset.testScriptState !== 'notRunning') return false;
  if (document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]')) return false;
  const done = (e) => e.dataset.done && e.dataset.done === e.dataset.revision;
  const drawn = [...document.querySelectorAll('.ct-chart, .ct-rows:not(.ct-static)')];
  if (!drawn.every(done)) return false;
  if (!window.lastChange) {
    const options = { subtree: true, childList: true, attributes: true, characterData: true };
    new MutationObserver(() => (window.lastChange = performance.now())).observe(document, options);
    window.lastChange = performance.now();
  }
  return performance.now() - window.lastChange > 60;
}"""
SERVER = """
import sys
from pathlib import Path
sys.path.insert(0, {benchmarks!r})
from commtrace.ui import serve, state
{opener}
{policy}
serve.start(Path({folder!r}), port=0, open_browser=False)
"""
NO_POLICY = "serve.HEADERS = tuple(h for h in serve.HEADERS if h[0] != 'content-security-policy')"
HOSTILE = (
    "![p](http://tracker.example/pixel.png) **urgent**",
    "<img src=http://tracker.example/p.gif onerror=alert(1)><script>alert(2)</script>",
    '"><style>@import "http://tracker.example/s.css"</style><iframe src="//tracker.example/f">',
    ":red[APPROVED BY IRO] :material/delete: $\\href{http://tracker.example}{x}$",
    "invoice\u202efdp.exe www.tracker.example [click](javascript:alert(3))",
    '<svg onload=alert(4)><a href="http://tracker.example">x</a> {title} %{x} =HYPERLINK("http://t")',
)


def chromium() -> str | None:
    """The browser named by COMMTRACE_CHROMIUM, or the first that is installed."""
    named = os.environ.get("COMMTRACE_CHROMIUM")
    names = (named, "chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if name and (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def base_url() -> None:
    """No address is every test's: each screen has its own (the plug-in's fixture is deprecated)."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    found = chromium()
    if found is None:
        why = "no Chromium: `apt-get install chromium`, or set COMMTRACE_CHROMIUM"
        if os.environ.get("COMMTRACE_REQUIRE_BROWSER") == "1":
            pytest.fail(why)
        pytest.skip(why)
    return {**browser_type_launch_args, "executable_path": found, "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict) -> dict:
    return {
        **browser_context_args,
        "viewport": {"width": 1280, "height": 720},
        "reduced_motion": "reduce",
        "locale": "en-GB",
        "timezone_id": "Europe/London",
        "color_scheme": "light",
    }


@dataclass
class Server:
    """A running screen: what it printed, and so the address that opens it next."""

    process: subprocess.Popen[str]
    log: Path

    @property
    def address(self) -> str:
        return re.findall(r"http://127\.0\.0\.1:\d+/\?token=\S+", self.log.read_text())[-1]

    @property
    def base(self) -> str:
        return self.address.partition("/?")[0]

    @property
    def port(self) -> str:
        return self.base.rpartition(":")[2]


@pytest.fixture(scope="session")
def serve_case(
    tmp_path_factory: pytest.TempPathFactory, browser_type_launch_args: dict
) -> Iterator[Callable[..., Server]]:
    """Start a screen; stop every one of them at the end with what Ctrl-C sends."""
    running: list[Server] = []

    def start(
        *,
        count: int = 0,
        hostile: bool = False,
        policy: bool = True,
        folder: Path | None = None,
        extra: str = "",
    ) -> Server:
        opener = synthetic(count, HOSTILE if hostile else ()) if count else ""
        opener += f"\n{extra}"
        log = tmp_path_factory.mktemp("screen") / "printed.txt"
        code = SERVER.format(
            benchmarks=str(ROOT / "benchmarks"), opener=opener, policy="" if policy else NO_POLICY,
            folder=str(folder or log.parent),
        )  # fmt: skip
        with log.open("w", encoding="utf-8") as out:
            process = subprocess.Popen(
                [sys.executable, "-u", "-c", code], cwd=ROOT, stdout=out, stderr=out, text=True
            )
        server = Server(process, log)
        running.append(server)
        _wait_for_address(server)
        return server

    yield start
    for server in running:
        server.process.terminate()
        server.process.wait(20)


def _wait_for_address(server: Server) -> None:
    """The address is printed once the port is bound: the log is followed until it stands there."""
    follow = ["tail", "-n", "+1", "-F", f"--pid={server.process.pid}", str(server.log)]
    with subprocess.Popen(
        follow, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as tail:
        assert tail.stdout is not None
        found = any("/?token=" in line for line in tail.stdout)
        tail.terminate()
    assert found, server.log.read_text()


def synthetic(count: int, hostile: tuple[str, ...] = ()) -> str:
    """The line that puts a synthetic case behind the screen."""
    return (
        "from synthetic import SyntheticCase\n"
        f"state.opener = lambda folder: SyntheticCase({count}, hostile={hostile!r})"
    )


@pytest.fixture(scope="session")
def screen(serve_case: Callable[..., Server]) -> Server:
    """The screen of a synthetic case of 5,000 communications."""
    return serve_case(count=5000)


@pytest.fixture(scope="session")
def shared(browser: Browser, browser_context_args: dict) -> Iterator[BrowserContext]:
    """One browser profile for all tests: each opens a tab of its own, the cache is warm."""
    context = browser.new_context(**browser_context_args)
    yield context
    context.close()


@pytest.fixture
def watched(shared: BrowserContext) -> Iterator[Page]:
    """A tab that may speak to its own server only, and may show no exception."""
    page = shared.new_page()
    elsewhere: list[str] = []
    ours = re.compile(r"^(https?|wss?)://127\.0\.0\.1:\d+/|^(data|blob):")
    page.on("request", lambda r: None if ours.match(r.url) else elsewhere.append(r.url))
    page.on("dialog", lambda d: (elsewhere.append(f"dialog: {d.message}"), d.dismiss()))
    page.set_default_timeout(30_000)
    yield page
    assert elsewhere == []
    assert page.locator('[data-testid="stException"]').count() == 0
    page.close()


@pytest.fixture
def settle(watched: Page) -> Callable[[], None]:
    """Wait until the script has run, charts and tables show what came, and nothing moves more."""

    def wait() -> None:
        watched.wait_for_function(SETTLED)

    return wait


@pytest.fixture
def opened(watched: Page, settle: Callable[[], None], screen: Server) -> Callable[..., Page]:
    """Open a page of the synthetic case in a browser that has bought its cookie."""

    def go(path: str = "") -> Page:
        visit(watched, screen, path)
        settle()
        return watched

    return go


def visit(page: Page, server: Server, path: str = "") -> None:
    """Go to a page; the first visit to a server spends a token on the way."""
    if any(c["name"] == f"commtrace_{server.port}" for c in page.context.cookies()):
        page.goto(f"{server.base}/{path}")
        return
    token = server.address.partition("token=")[2]
    page.goto(f"{server.base}/{path}{'&' if '?' in path else '?'}token={token}")


@pytest.fixture
def open_at(watched: Page, settle: Callable[[], None]) -> Callable[[Server, str], Page]:
    """Open a page of any server."""

    def go(server: Server, path: str = "") -> Page:
        visit(watched, server, path)
        settle()
        return watched

    return go
