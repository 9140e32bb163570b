"""How the screen is served: loopback only, one-time token, headers, settings that may not weaken.

Owns everything between the socket and Streamlit. `FRAME`, `MIDDLEWARE` and `ROUTES` make the app in
`app.py`; `start` runs the same. On a shared desktop server loopback is public, and a process
list shows what a browser was started with: so the token in the address works once, buys a cookie
that scripts cannot read, and the next address is printed where the first one was.
"""

from __future__ import annotations

import contextlib
import gzip
import hmac
import os
import secrets
import signal
import socket
import sys
import webbrowser
from collections.abc import Iterable, Iterator, MutableMapping
from functools import cache
from http.cookies import CookieError, SimpleCookie
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import streamlit as st
import uvicorn
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config as streamlit_config
from streamlit.web import bootstrap

from commtrace.errors import CommtraceError, UnsafeSettingError
from commtrace.ui import mishap

FRAME = Path(__file__).parent / "pages" / "frame.py"
HOST = "127.0.0.1"
CASE_VARIABLE = "COMMTRACE_CASE"
PLOTLY_PATH = f"/assets/plotly-{version('plotly')}.min.js"
_KEPT = ("/assets/", "/static/")  # the program's own code: holds no evidence, may be cached

SETTINGS: dict[str, Any] = {
    "server.address": HOST,
    "server.headless": True,
    "server.allowedHosts": ["127.0.0.1", "localhost"],
    "server.enableCORS": True,
    "server.enableXsrfProtection": True,
    "server.xsrfCookieSameSite": "strict",
    "server.enableStaticServing": False,
    "server.maxUploadSize": 1,
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": False,
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.disableDataExport": True,
    "runner.magicEnabled": False,
    "runner.postScriptGC": False,  # 0.1 s after each click at 5,000 communications
    "logger.level": "error",
    "logger.enableRich": False,  # it prints an exception's text past every log handler
    "theme.baseFontSize": 15,
    "theme.baseRadius": "6px",
    "theme.light.primaryColor": "#1D4F91",
    "theme.light.backgroundColor": "#FFFFFF",
    "theme.light.secondaryBackgroundColor": "#F4F6F9",
    "theme.light.textColor": "#16202E",
    "theme.light.borderColor": "#D3DAE3",
    "theme.dark.primaryColor": "#8AB4F8",
    "theme.dark.backgroundColor": "#12161C",
    "theme.dark.secondaryBackgroundColor": "#1A212B",
    "theme.dark.textColor": "#E8ECF2",
    "theme.dark.borderColor": "#333F4E",
}
_GUARDED = tuple(
    name for name in SETTINGS if not name.startswith(("theme.", "logger.level", "runner.post"))
)
_ELSEWHERE = {"server.enableAgentApi": False, "server.trustedUserHeaders": {}}

POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-src 'self'; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
HEADERS: tuple[tuple[str, str], ...] = (
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
)
_NEEDS_ADDRESS = (
    "This screen opens only with the address that commtrace printed when it was started; each "
    "address works once, and the next one is printed below it."
)


class Entrance:
    """The secret in the address, good for one use, and the one in the cookie it buys."""

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(24)
        self.cookie = secrets.token_urlsafe(32)
        self.base = ""

    @property
    def address(self) -> str:
        """The address that opens the screen once."""
        return f"{self.base}/?token={self.token}"

    def admit(self, token: str) -> bool:
        """Whether a token opens the screen; one that does is spent."""
        if not hmac.compare_digest(token.encode(), self.token.encode()):
            return False
        self.token = secrets.token_urlsafe(24)
        return True

    def knows(self, cookie: str) -> bool:
        """Whether a cookie was bought here."""
        return hmac.compare_digest(cookie.encode(), self.cookie.encode())


ENTRANCE = Entrance()


class Guard:
    """Asks every request and WebSocket for a known host and the cookie, and adds the headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or hand it on with the headers added."""
        if scope["type"] not in {"http", "websocket"}:
            mishap.hush()
            await self._app(scope, receive, _announcing(send))
            return
        headers = _headers(scope)
        if not _host_allowed(headers.get("host", "")):
            await _refuse(scope, receive, send, "This host name does not lead to a case file.")
            return
        if ENTRANCE.knows(_cookie(headers.get("cookie", ""), _cookie_name(scope))):
            await self._app(scope, receive, _with_headers(scope, send))
            return
        token = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("token", [""])[0]
        if scope["type"] == "http" and token and ENTRANCE.admit(token):
            await _welcome(scope, receive, send)
            return
        await _refuse(scope, receive, send, _NEEDS_ADDRESS)


def _announcing(send: Send) -> Send:
    """Print the address once the app is up, where `streamlit run` and not `start` serves it."""

    async def sender(message: Message) -> None:
        if message["type"] == "lifespan.startup.complete" and not ENTRANCE.base:
            ENTRANCE.base = f"http://{HOST}:{streamlit_config.get_option('server.port')}"
            _say(f"The case is on your screen at {ENTRANCE.address}")
        await send(message)

    return sender


def _headers(scope: Scope) -> dict[str, str]:
    return {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}


def _host_allowed(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        return False
    return name in SETTINGS["server.allowedHosts"]


def _cookie_name(scope: Scope) -> str:
    """One name a port: cookies of 127.0.0.1 are shared between its ports."""
    server = scope.get("server") or (HOST, 0)
    return f"commtrace_{server[1]}"


def _cookie(header: str, name: str) -> str:
    jar: SimpleCookie = SimpleCookie()
    with contextlib.suppress(CookieError):
        jar.load(header)
    return jar[name].value if name in jar else ""


def _with_headers(scope: Scope, send: Send) -> Send:
    kept = str(scope.get("path", "")).startswith(_KEPT)

    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = _replaced(message.get("headers", ()), kept=kept)
        await send(message)

    return sender


def _replaced(headers: Iterable[tuple[bytes, bytes]], *, kept: bool) -> list[tuple[bytes, bytes]]:
    told = HEADERS if kept else (*HEADERS, ("cache-control", "no-store"))
    ours = [(k.encode(), v.encode()) for k, v in told]
    names = {k for k, _ in ours}
    return [*((k, v) for k, v in headers if k.lower() not in names), *ours]


async def _welcome(scope: Scope, receive: Receive, send: Send) -> None:
    """Spend the token: set the cookie and lead on to the same page without the token."""
    query = parse_qs(scope["query_string"].decode("latin-1"))
    query.pop("token", None)
    rest = f"?{urlencode(query, doseq=True)}" if query else ""
    response = Response(status_code=303)
    response.headers["location"] = "/" + scope["path"].lstrip("/") + rest
    response.set_cookie(_cookie_name(scope), ENTRANCE.cookie, httponly=True, samesite="strict")
    _say(f"Opened. For another browser: {ENTRANCE.address}")
    await response(scope, receive, _with_headers(scope, send))


async def _refuse(scope: Scope, receive: Receive, send: Send, why: str) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": ""})
        return
    await Response(why, status_code=403, media_type="text/plain")(
        scope, receive, _with_headers(scope, send)
    )


@cache
def _plotly_js() -> bytes:
    spec = find_spec("plotly")
    if spec is None or spec.origin is None:
        raise CommtraceError("plotly is not installed; install commtrace again.")
    script = Path(spec.origin).with_name("package_data") / "plotly.min.js"
    return gzip.compress(script.read_bytes(), 6, mtime=0)


def _serve_plotly(_request: Request) -> Response:
    return Response(
        _plotly_js(),
        media_type="text/javascript",
        headers={
            "content-encoding": "gzip",
            "cache-control": "private, max-age=31536000, immutable",
            "vary": "Accept-Encoding",
        },
    )


MIDDLEWARE = [Middleware(Guard)]
ROUTES = [Route(PLOTLY_PATH, _serve_plotly)]


def refuse_weakened(environment: MutableMapping[str, str] | None = None) -> None:
    """Raise UnsafeSettingError if a file or variable sets a guarded setting to something else."""
    environment = os.environ if environment is None else environment
    for name, wanted in {**{n: SETTINGS[n] for n in _GUARDED}, **_ELSEWHERE}.items():
        variable = (
            "STREAMLIT_"
            + "".join(f"_{c}" if c.isupper() else c for c in name.replace(".", "_")).upper()
        )
        if variable in environment and not _same(environment[variable], wanted):
            raise UnsafeSettingError(
                f"{variable} weakens the screen; unset it. commtrace needs {name} = {wanted!r}."
            )
        if streamlit_config.is_manually_set(name):
            found = streamlit_config.get_option(name)
            if not _same(found, wanted):
                where = streamlit_config.get_where_defined(name)
                raise UnsafeSettingError(
                    f"{name} = {found!r} in {where} weakens the screen; take it out. "
                    f"commtrace needs {wanted!r}."
                )


def _same(found: object, wanted: object) -> bool:
    return found == wanted or str(found).casefold() == str(wanted).casefold()


def start(case_folder: Path, *, port: int = 0, open_browser: bool = True) -> None:
    """Serve the screen of a case on 127.0.0.1 until interrupted; prints its address.

    Port 0 takes a free one. Raises UnsafeSettingError if a protecting setting was weakened, and
    CommtraceError if the port is taken.
    """
    os.environ[CASE_VARIABLE] = str(case_folder.resolve())
    refuse_weakened()
    listener = _bind(port)
    number = listener.getsockname()[1]
    bootstrap.load_config_options({**SETTINGS, "server.port": number})
    ENTRANCE.base = f"http://{HOST}:{number}"
    server = _Quiet(
        uvicorn.Config(
            st.App(FRAME, middleware=MIDDLEWARE, routes=ROUTES, on_script_error=mishap.tell),
            host=HOST,
            port=number,
            log_level="error",
            access_log=False,
            ws="websockets-sansio",
            ws_max_size=32 * 1024 * 1024,
            ws_per_message_deflate=False,
            timeout_graceful_shutdown=2,
        )
    )
    with server.capture_signals():  # from before the words that invite to press Ctrl-C
        _say(f"The case is on your screen at {ENTRANCE.address}\nPress Ctrl-C to stop.")
        if open_browser:
            webbrowser.open(ENTRANCE.address)
        server.run(sockets=[listener])
    _say("Stopped.")


class _Quiet(uvicorn.Server):
    """A server for which Ctrl-C is the ordinary end: nothing is raised again afterwards."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the loop on SIGINT and SIGTERM, and put the handlers back."""
        ends = (signal.SIGINT, signal.SIGTERM)
        before = {each: signal.signal(each, self.handle_exit) for each in ends}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)


def _bind(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET)
    if os.name != "nt":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        raise CommtraceError(f"Port {port} is taken; name another with --port.") from error
    listener.listen(128)
    listener.setblocking(False)
    return listener


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()
