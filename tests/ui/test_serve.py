"""The screen is reached with a token, on loopback, under headers that no setting may weaken."""

import ast
import asyncio
import subprocess
import sys
import threading
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from commtrace.errors import CommtraceError, UnsafeSettingError
from commtrace.ui import serve

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    text: str

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]

    def header(self, name: str) -> str:
        (value,) = self.all(name)
        return value


def run(coroutine):
    """Run to the end in a thread: where browsers are driven, this one has a loop already."""
    raised = []

    def body():
        try:
            asyncio.run(coroutine)
        except BaseException as error:  # noqa: BLE001 - raised again where the test can see it
            raised.append(error)

    thread = threading.Thread(target=body)
    thread.start()
    thread.join()
    if raised:
        raise raised[0]


class Client:
    """Speaks ASGI to the app, as a browser on this machine would, and keeps its cookie."""

    def __init__(self, app: Starlette) -> None:
        self.app = app
        self.cookie = ""

    def get(self, target: str, host: str = "127.0.0.1:8501") -> Answer:
        sent = self._ask("http", target, host, [{"type": "http.request", "body": b""}])
        start = next(m for m in sent if m["type"] == "http.response.start")
        headers = [(k.decode(), v.decode()) for k, v in start["headers"]]
        body = b"".join(m.get("body", b"") for m in sent if m["type"] == "http.response.body")
        answer = Answer(start["status"], headers, body.decode("utf-8", "replace"))
        for cookie in answer.all("set-cookie"):
            self.cookie = cookie.split(";")[0]
        return answer

    def socket(self) -> list[str]:
        """What a WebSocket is answered."""
        told = [{"type": "websocket.connect"}]
        sent = self._ask("websocket", "/_stcore/stream", "127.0.0.1:8501", told)
        return [message["type"] for message in sent]

    def _ask(self, kind: str, target: str, host: str, told: list[dict]) -> list[dict]:
        path, _, query = target.partition("?")
        scope = {
            "type": kind, "path": path, "raw_path": path.encode(), "query_string": query.encode(),
            "headers": [(b"host", host.encode()), (b"cookie", self.cookie.encode())],
            "method": "GET", "scheme": "http", "server": ("127.0.0.1", 8501), "root_path": "",
            "client": ("127.0.0.1", 1), "http_version": "1.1", "subprotocols": [],
        }  # fmt: skip
        sent: list[dict] = []
        waiting = iter(told)

        async def receive() -> dict:
            return next(waiting, {"type": "http.disconnect"})

        async def send(message: dict) -> None:
            sent.append(dict(message))

        run(self.app(scope, receive, send))
        return sent


async def _socket(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text("hello")
    await websocket.close()


async def _page(_request: object) -> PlainTextResponse:
    return PlainTextResponse("a case file", headers={"content-security-policy": "default-src *"})


@pytest.fixture
def entrance(monkeypatch: pytest.MonkeyPatch) -> serve.Entrance:
    fresh = serve.Entrance()
    fresh.base = "http://127.0.0.1"
    monkeypatch.setattr(serve, "ENTRANCE", fresh)
    return fresh


@pytest.fixture
def client(entrance: serve.Entrance) -> Client:
    app = Starlette(
        routes=[
            Route("/", _page),
            Route("/gaps", _page),
            Route("/static/js/a.js", _page),
            WebSocketRoute("/_stcore/stream", _socket),
            *serve.ROUTES,
        ],
        middleware=serve.MIDDLEWARE,
    )
    return Client(app)


def enter(client: Client, entrance: serve.Entrance) -> None:
    assert client.get(f"/?token={entrance.token}").status == 303


def test_without_the_token_nothing_of_the_case_is_shown(client: Client) -> None:
    answer = client.get("/")
    assert answer.status == 403
    assert "a case file" not in answer.text
    assert answer.text.startswith("This screen opens only with the address that commtrace printed")


def test_a_wrong_token_opens_nothing(client: Client) -> None:
    assert client.get("/?token=guess").status == 403
    assert client.get("/?token=").status == 403


def test_the_token_buys_a_cookie_that_scripts_cannot_read(
    client: Client, entrance: serve.Entrance
) -> None:
    answer = client.get(f"/gaps?open=abc&token={entrance.token}")
    assert answer.status == 303
    assert answer.header("location") == "/gaps?open=abc"
    cookie = answer.header("set-cookie").lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert client.get("/gaps").text == "a case file"


def test_a_token_works_once(client: Client, entrance: serve.Entrance) -> None:
    spent = entrance.token
    enter(client, entrance)
    client.cookie = ""
    assert client.get(f"/?token={spent}").status == 403
    assert client.get(f"/?token={entrance.token}").status == 303


def test_the_redirect_after_the_token_stays_on_this_host(
    client: Client, entrance: serve.Entrance
) -> None:
    answer = client.get(f"//evil.example/?token={entrance.token}")
    assert answer.header("location") == "/evil.example/"


def test_a_websocket_without_the_cookie_is_refused(client: Client) -> None:
    assert client.socket() == ["websocket.close"]


def test_a_websocket_with_the_cookie_is_accepted(client: Client, entrance: serve.Entrance) -> None:
    enter(client, entrance)
    assert client.socket()[:2] == ["websocket.accept", "websocket.send"]


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8501", "127.0.0.1.evil.example", ""]
)
def test_a_foreign_host_is_refused_even_with_the_cookie(
    client: Client, entrance: serve.Entrance, host: str
) -> None:
    enter(client, entrance)
    assert client.get("/", host=host).status == 403


def test_every_answer_carries_the_headers(client: Client, entrance: serve.Entrance) -> None:
    refused = client.get("/")
    enter(client, entrance)
    for answer in (refused, client.get("/"), client.get("/absent")):
        for name, value in serve.HEADERS:
            assert answer.all(name) == [value]
        assert answer.header("cache-control") == "no-store"


def test_the_policy_lets_no_script_run_inline_and_nothing_come_from_elsewhere() -> None:
    rules = dict(rule.split(" ", 1) for rule in serve.POLICY.split("; "))
    assert rules["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert rules["frame-ancestors"] == "'none'"
    assert "*" not in serve.POLICY
    assert "http" not in serve.POLICY


def test_the_chart_library_comes_out_of_the_installed_package(
    client: Client, entrance: serve.Entrance
) -> None:
    assert client.get(serve.PLOTLY_PATH).status == 403
    enter(client, entrance)
    answer = client.get(serve.PLOTLY_PATH)
    assert answer.status == 200
    assert answer.header("content-encoding") == "gzip"
    assert "immutable" in answer.header("cache-control")


def test_the_settings_file_says_what_the_program_sets() -> None:
    told = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))

    def flat(table: dict[str, object], before: str = "") -> dict[str, object]:
        found: dict[str, object] = {}
        for name, value in table.items():
            if isinstance(value, dict):
                found |= flat(value, f"{before}{name}.")
            else:
                found[f"{before}{name}"] = value
        return found

    assert flat(told) == serve.SETTINGS


def test_the_settings_protect_the_evidence() -> None:
    assert serve.SETTINGS["server.address"] == "127.0.0.1"
    assert serve.SETTINGS["browser.gatherUsageStats"] is False
    assert serve.SETTINGS["client.showErrorDetails"] == "none"
    assert serve.SETTINGS["client.showErrorLinks"] is False
    assert serve.SETTINGS["client.disableDataExport"] is True
    assert serve.SETTINGS["server.enableStaticServing"] is False
    assert serve.SETTINGS["server.fileWatcherType"] == "none"
    assert set(serve.SETTINGS["server.allowedHosts"]) == {"127.0.0.1", "localhost"}


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("STREAMLIT_SERVER_ADDRESS", "192.0.2.1"),
        ("STREAMLIT_BROWSER_GATHER_USAGE_STATS", "true"),
        ("STREAMLIT_SERVER_ENABLE_AGENT_API", "true"),
        ("STREAMLIT_CLIENT_SHOW_ERROR_DETAILS", "full"),
        ("STREAMLIT_SERVER_ENABLE_XSRF_PROTECTION", "false"),
    ],
)
def test_the_screen_does_not_start_where_a_variable_weakens_it(variable: str, value: str) -> None:
    with pytest.raises(UnsafeSettingError, match=variable):
        serve.refuse_weakened({variable: value})


def test_a_variable_that_says_the_same_is_no_weakening() -> None:
    serve.refuse_weakened({"STREAMLIT_BROWSER_GATHER_USAGE_STATS": "False"})


def test_a_port_that_is_taken_is_said_in_a_sentence() -> None:
    taken = serve._bind(0)
    try:
        with pytest.raises(CommtraceError, match="is taken; name another with --port"):
            serve._bind(taken.getsockname()[1])
    finally:
        taken.close()


def test_the_address_is_printed_when_streamlit_itself_serves_the_app(
    entrance: serve.Entrance, capsys: pytest.CaptureFixture[str]
) -> None:
    entrance.base = ""

    async def app(scope: object, receive: object, send: object) -> None:
        await send({"type": "lifespan.startup.complete"})  # type: ignore[operator]

    async def send(_message: object) -> None:
        return None

    run(serve.Guard(app)({"type": "lifespan"}, None, send))
    assert f"?token={entrance.token}" in capsys.readouterr().out


def test_the_app_file_is_one_literal_that_streamlit_can_find() -> None:
    tree = ast.parse((ROOT / "app.py").read_text(encoding="utf-8"))
    assigned = [node for node in tree.body if isinstance(node, ast.Assign)]
    told = "serve.FRAME, middleware=serve.MIDDLEWARE, routes=serve.ROUTES"
    assert [ast.unparse(node) for node in assigned] == [
        f"app = st.App({told}, on_script_error=mishap.tell)"
    ]


def test_ctrl_c_in_the_moment_after_the_address_is_the_ordinary_end(tmp_path):
    """A reader quicker than the server: the signal comes before the server takes it."""
    program = (
        "import os, signal, webbrowser; from pathlib import Path; from commtrace.ui import serve; "
        "webbrowser.open = lambda _: os.kill(os.getpid(), signal.SIGINT); "
        f"serve.start(Path({str(tmp_path)!r}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0
    assert done.stdout.rstrip().endswith("Stopped.")
    assert "Traceback" not in done.stderr
