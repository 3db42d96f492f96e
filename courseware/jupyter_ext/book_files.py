"""The built book as static files at ``/``, beside Jupyter's own paths.

Pages can be read without signing in: they hold nothing of the learner, and the server listens on loopback only and
answers loopback names only. A page opened with ``?token=`` signs the reader in (a cookie) and drops the token from the
address bar; then progress and JupyterLab work too.
"""

from __future__ import annotations

import mimetypes
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from tornado import httputil, web
from tornado.routing import Matcher

_HASHED = re.compile(r"([.-][0-9a-f]{8,}\.|/rt-[0-9a-f]{8,}/)")
_ENCODINGS = {"br": ".br", "gzip": ".gz"}
_TYPES = {".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm", ".bin": "application/octet-stream"}
# The theme has inline scripts and styles; Pyodide compiles WebAssembly; the runtime worker may start from a blob.
_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'wasm-unsafe-eval' 'unsafe-inline'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "worker-src 'self' blob:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)


class BookMatcher(Matcher):
    """Matches a request when, and only when, the book has that file: no prefix to keep apart from Jupyter's paths."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()

    def match(self, request: httputil.HTTPServerRequest) -> dict[str, Any] | None:
        """Tornado's face: the handler's path arguments, or None."""
        name = self.file_for(request.path)
        return None if name is None else {"path_args": [name.encode()]}

    def file_for(self, url_path: str) -> str | None:
        """The file below the book's folder that a path names (a folder names its index.html), or None."""
        path = unquote(url_path)
        if "\0" in path or "\\" in path:
            return None
        relative = path.lstrip("/") + ("index.html" if path.endswith("/") else "")
        try:
            target = (self.folder / relative).resolve()
            if not target.is_relative_to(self.folder) or not target.is_file():
                return None
        except OSError:
            return None
        return target.relative_to(self.folder).as_posix()


class BookHandler(JupyterHandler, web.StaticFileHandler):  # type: ignore[misc]
    """One file of the book, compressed ahead where a ``.br`` or ``.gz`` lies beside it and the browser takes it."""

    _encoding = ""
    _plain = ""

    @property
    def content_security_policy(self) -> str:
        """Everything from this origin only."""
        return _POLICY

    @allow_unauthenticated  # type: ignore[untyped-decorator]
    async def get(self, path: str, include_body: bool = True) -> None:
        """A page or a part of one; ``?token=`` is turned into a cookie."""
        if self.get_query_argument("token", None) is not None:
            self._drop_token()
            return
        if path.endswith(".html") and self.current_user is not None:
            _ = self.xsrf_token  # sets the cookie that a page's own PUT has to repeat
        await web.StaticFileHandler.get(self, path, include_body)

    @allow_unauthenticated  # type: ignore[untyped-decorator]
    async def head(self, path: str) -> None:
        """The same without a body."""
        await self.get(path, include_body=False)

    def _drop_token(self) -> None:
        """A right token has set the cookie by now; a wrong one leads to the same page, unsigned."""
        rest = [(name, value) for name, value in parse_qsl(self.request.query) if name != "token"]
        path = "/" + self.request.path.lstrip("/")  # never `//host`, which would lead elsewhere
        self.redirect(httputil.url_concat(path, rest))

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        """Tornado's check that the path stays inside, then the choice of a compressed twin."""
        plain = super().validate_absolute_path(root, absolute_path)
        self._plain = plain or absolute_path
        accepted = self.request.headers.get("Accept-Encoding", "")
        if plain and "Range" not in self.request.headers:
            for encoding, suffix in _ENCODINGS.items():
                if re.search(rf"\b{encoding}\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", accepted) and Path(plain + suffix).is_file():
                    self._encoding = encoding
                    return super().validate_absolute_path(root, plain + suffix)  # keeps the twin's size, too
        return plain

    def get_content_type(self) -> str:
        """By the plain file's name; the type table of the operating system is often older than .mjs and .wasm."""
        suffix = Path(self._plain).suffix
        kind = _TYPES.get(suffix) or mimetypes.guess_type(self._plain)[0] or "application/octet-stream"
        return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind

    def compute_etag(self) -> str | None:
        """From size and time of change: tornado's own hash is kept for ever, and would hide a book that was built anew."""
        status = Path(self.absolute_path or self._plain).stat()
        return f'"{status.st_mtime_ns:x}-{status.st_size:x}{self._encoding}"'

    def set_extra_headers(self, path: str) -> None:
        """Files with a hash in their name never change; everything else is asked for again and mostly answered 304."""
        hashed = _HASHED.search(f"/{path}")
        self.set_header("Cache-Control", "public, max-age=31536000, immutable" if hashed else "no-cache")
        self.set_header("Vary", "Accept-Encoding")
        self.set_header("Referrer-Policy", "same-origin")
        if self._encoding:
            self.set_header("Content-Encoding", self._encoding)
