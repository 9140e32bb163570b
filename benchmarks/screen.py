"""The screen's time from an input to the last change it makes, in a real Chromium.

    python benchmarks/screen.py [count ...]

Starts the screen on synthetic cases of 5,000 and 100,000 communications and repeats each
interaction. "Settled" is when the script has ended and every chart and table shows what it was
last sent. Prints the median, the fastest and the slowest, and the bytes over the WebSocket.
"""

from __future__ import annotations

import argparse
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, WebSocket, sync_playwright

ROOT = Path(__file__).parents[1]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
LANES = ".st-key-timeline_lanes .ct-chart"
SERVER = """
import sys
from pathlib import Path
sys.path.insert(0, {here!r})
from synthetic import SyntheticCase
from commtrace.ui import serve, state
case = SyntheticCase({count})
case.view(), case.findings()
state.opener = lambda folder: case
serve.start(Path({folder!r}), port=0, open_browser=False)
"""
IDLE = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  const done = (e) => e.dataset.done && e.dataset.done === e.dataset.revision;
  return app && app.dataset.testScriptState === 'notRunning'
    && !document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]')
    && [...document.querySelectorAll('.ct-chart, .ct-rows:not(.ct-static)')].every(done);
}"""
# The last change before half a second of rest: a promise armed before the input, read after it.
WATCH = """() => {
  window.ctSettled = new Promise((done) => {
    let first = 0, last = 0, timer;
    const rest = () => { watcher.disconnect(); done(last - first); };
    const watcher = new MutationObserver((changes) => {
      const status = (c) => c.target.closest?.('[data-testid="stStatusWidget"]');
      if (!first || changes.every(status)) return;
      last = performance.now();
      clearTimeout(timer);
      timer = setTimeout(rest, 500);
    });
    watcher.observe(document.body,
      { subtree: true, childList: true, attributes: true, characterData: true });
    const start = () => {
      if (first) return;
      first = performance.now();
      timer = setTimeout(rest, 4000);
    };
    ['pointerup', 'keydown'].forEach((kind) => addEventListener(kind, start,
      { capture: true, once: true }));
  });
}"""


@contextmanager
def screen(count: int, folder: Path) -> Iterator[str]:
    """A running screen; gives the address that opens it."""
    log = folder / "printed.txt"
    code = SERVER.format(here=str(ROOT / "benchmarks"), count=count, folder=str(folder))
    with log.open("w") as out:
        process = subprocess.Popen([sys.executable, "-u", "-c", code], stdout=out, stderr=out)
    follow = ["tail", "-n", "+1", "-F", f"--pid={process.pid}", str(log)]
    with subprocess.Popen(
        follow, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as tail:
        lines = tail.stdout or ()
        found = next((m for line in lines if (m := re.search(r"http\S+/\?token=\S+", line))), None)
        tail.terminate()
    if found is None:
        raise SystemExit(log.read_text())
    try:
        yield found[0]
    finally:
        process.terminate()
        process.wait()


def settled(page: Page, act: Callable[[], None]) -> float:
    """Milliseconds from the input's pointer or key event to the last change of the page."""
    page.wait_for_function(IDLE)
    page.evaluate(WATCH)
    act()
    return float(page.evaluate("() => window.ctSettled"))


def drag(page: Page, chart: str, start: float, end: float) -> None:
    """Drag across a chart between two shares of its width."""
    box = page.locator(f"{chart} .nsewdrag").bounding_box()
    if box is None:
        raise SystemExit(f"{chart} is not there.")
    y = box["y"] + box["height"] * 0.5
    page.mouse.move(box["x"] + box["width"] * start, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * end, y, steps=5)
    page.mouse.up()


def interactions(page: Page, base: str) -> Iterator[tuple[str, str, Callable[[], None]]]:
    """Name, page to start from, and the input of each thing that is measured."""

    def button(name: str) -> Callable[[], None]:
        return lambda: page.get_by_role("button", name=name, exact=True).click()

    def choice(name: str) -> Callable[[], None]:
        return page.get_by_text(name, exact=True).first.click

    def row(key: str, number: int) -> Callable[[], None]:
        return lambda: page.locator(f".st-key-{key} tbody tr").nth(number).click()

    def key(name: str) -> Callable[[], None]:
        def press() -> None:
            page.locator(LANES).focus()
            page.keyboard.press(name)

        return press

    days = f"{base}/timeline?from=2022-05-10&to=2022-05-10"
    month = f"{base}/timeline?from=2022-02-01&to=2022-02-28"
    yield "Timeline: zoom in", f"{base}/timeline", button("Zoom in")
    yield "Timeline: zoom out", month, button("Zoom out")
    yield "Timeline: later", month, button("Later")
    yield "Timeline: whole period", month, button("Whole period")
    yield (
        "Timeline: drag the strip",
        f"{base}/timeline",
        lambda: drag(page, ".st-key-timeline_strip", 0.55, 0.65),
    )
    yield "Timeline: drag the lanes", month, lambda: drag(page, LANES, 0.3, 0.5)
    yield "Timeline: arrow key", days, key("ArrowRight")
    yield (
        "Timeline: click a message",
        days,
        lambda: page.locator(f"{LANES} .scatterlayer .point").nth(0).click(force=True),
    )
    yield "Timeline: click a gap card", month, lambda: page.locator(".ct-card").nth(2).click()
    yield "Gaps: open a row", f"{base}/gaps", row("gap_register", 3)
    yield "Gaps: filter by family", f"{base}/gaps", choice("Response")
    yield "Handoffs: open a pair", f"{base}/handoffs", row("handoff_pairs", 1)
    yield "Handoffs: open one", f"{base}/handoffs", row("handoff_list", 4)
    yield "Network: graph", f"{base}/network", choice("Graph")
    yield "Network: matrix", f"{base}/network", choice("Matrix")
    tree = page.locator(".ct-tree tbody tr")
    decide = f"{base}/evidence?section=To+decide&decide_kind=Bundle"

    def unfold() -> None:
        tree.nth(1).focus()
        page.keyboard.press("ArrowRight")

    yield "Evidence: unfold a folder", f"{base}/evidence", unfold
    yield "Evidence: choose a line", f"{base}/evidence?path=eml", lambda: tree.nth(4).click()
    yield "Evidence: filter by state", f"{base}/evidence", choice("Encrypted")
    yield "Evidence: as a table", f"{base}/evidence", choice("Table")
    yield "Evidence: not read", f"{base}/evidence", choice("Not read")
    yield "Evidence: to decide", f"{base}/evidence", choice("To decide")
    yield "Evidence: cut a bundle", decide, lambda: page.locator(".ct-cut").nth(4).click()
    yield "Evidence: custody", f"{base}/evidence", choice("Custody")
    yield "Evidence: coverage", f"{base}/evidence", choice("Coverage")


def measure(count: int, repeats: int, only: str = "") -> None:
    """Print a line for each interaction on a case of a size."""
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    received = [0]

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: received.append(len(frame)))

    with (
        tempfile.TemporaryDirectory() as folder,
        screen(count, Path(folder)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=browser_path, args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.on("websocket", listen)
        page.goto(address)
        page.wait_for_function(IDLE)
        base = address.partition("/?")[0]
        print(f"\n{count:,} communications, {repeats} times each")
        print(f"{'':34}{'median':>9}{'least':>9}{'most':>9}{'kB':>7}")
        for name, start, act in interactions(page, base):
            if not name.startswith(only):
                continue
            times, sizes = [], []
            for _ in range(repeats):
                page.goto(start)
                page.wait_for_function(IDLE)
                page.wait_for_timeout(400)
                received.clear()
                times.append(settled(page, act))
                sizes.append(sum(received))
            middle = statistics.median(times)
            print(
                f"{name:34}{middle:8.0f} {min(times):8.0f} {max(times):8.0f} "
                f"{max(sizes) / 1000:6.0f}"
            )
        browser.close()


def main() -> None:
    """Measure each size named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("counts", nargs="*", type=int, default=[5_000, 100_000])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--only", default="", help="measure what begins with these words")
    chosen = parser.parse_args()
    for count in chosen.counts:
        measure(count, chosen.repeats, chosen.only)


if __name__ == "__main__":
    main()
