"""A loopback server that behaves as the publishers do, and fails as they do."""

import json
import re
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

LIBRARIES = ("python", "httpx", "urllib", "curl", "wget", "libwww")
SQUARE = {"type": "Polygon", "coordinates": [[[1.0, 52.0], [1.1, 52.0], [1.1, 52.1], [1.0, 52.0]]]}
WHERE_IN = re.compile(r"(\w+) IN \((.+)\)")
WHERE_LIKE = re.compile(r"(\w+) LIKE '(.+)%'")


def invented(count: int, prefix: str = "E019") -> list[dict[str, Any]]:
    """Rows of areas that exist nowhere."""
    return [
        {"LSOA21CD": f"{prefix}{n:05}", "LSOA21NM": f'Nébulous {n:03}A, "quoted"', "ObjectId": n, "EXTRA": "x"}
        for n in range(1, count + 1)
    ]


@dataclass
class Fault:
    """What goes wrong with one request: a status, or a named misbehaviour."""

    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    cut_after: int | None = None
    error: dict[str, Any] | None = None
    body: bytes | None = None


class Publisher:
    """Files and feature services; ``faults`` are used up one per request, oldest first."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.etags: dict[str, str] = {}
        self.redirects: dict[str, str] = {}
        self.services: dict[str, list[dict[str, Any]]] = {}
        self.faults: deque[Fault] = deque()
        self.page_faults: dict[int, str] = {}
        self.most_rows = 2_000
        self.miscount = 0
        self.ignores_range = False
        self.ignores_filter = False
        self.wrong_range = False
        self.requests: list[dict[str, Any]] = []
        self.pages = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.005,))

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> "Publisher":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def asked(self, key: str) -> list[str | None]:
        """A header of every request, in order."""
        return [request["headers"].get(key) for request in self.requests]


def _handler(publisher: Publisher) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

        def do_GET(self) -> None:
            self._serve({})

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            self._serve({k: v[0] for k, v in parse_qs(self.rfile.read(length).decode()).items()})

        def _serve(self, form: dict[str, str]) -> None:
            url = urlsplit(self.path)
            query = {k: v[0] for k, v in parse_qs(url.query).items()} | form
            publisher.requests.append(
                {"method": self.command, "path": url.path, "headers": dict(self.headers), "query": query}
            )
            agent = self.headers.get("User-Agent", "").lower()
            if not agent.startswith("mozilla/5.0") or any(name in agent for name in LIBRARIES):
                self._send(403, b"<html>Forbidden</html>")
                return
            fault = publisher.faults.popleft() if publisher.faults else Fault()
            if fault.status is not None:
                self._send(fault.status, fault.body or b"busy", fault.headers)
            elif fault.body is not None:
                self._send(200, fault.body)
            elif fault.error is not None:
                self._send(200, json.dumps({"error": fault.error}).encode())
            elif url.path in publisher.redirects:
                self._send(302, b"", {"Location": publisher.redirects[url.path]})
            elif url.path.removesuffix("/query") in publisher.services:
                self._send(200, json.dumps(self._rows(url.path.removesuffix("/query"), query)).encode(), {}, fault)
            elif url.path in publisher.files:
                self._file(url.path, fault)
            else:
                self._send(404, b"<html>Not found</html>")

        def _file(self, path: str, fault: Fault) -> None:
            body, etag = publisher.files[path], publisher.etags.get(path)
            headers = {"ETag": etag} if etag else {}
            asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
            same = self.headers.get("If-Range") in (None, etag)
            if asked and same and not publisher.ignores_range:
                start = int(asked[1])
                if start >= len(body):
                    self._send(416, b"")
                    return
                said = start + 1 if publisher.wrong_range else start
                headers["Content-Range"] = f"bytes {said}-{len(body) - 1}/{len(body)}"
                self._send(206, body[start:], headers, fault)
            else:
                self._send(200, body, headers, fault)

        def _rows(self, path: str, query: dict[str, str]) -> dict[str, Any]:
            rows = _chosen(publisher, publisher.services[path], query["where"])
            if query.get("returnCountOnly") == "true":
                return {"count": len(rows) + publisher.miscount}
            rows = sorted(rows, key=lambda row: row[query["orderByFields"]])
            start = int(query["resultOffset"])
            size = min(int(query["resultRecordCount"]), publisher.most_rows)
            page, more = rows[start : start + size], start + size < len(rows)
            publisher.pages += 1
            wrong = publisher.page_faults.get(publisher.pages)
            if wrong == "empty":
                page = []
            elif wrong == "a row lost":
                page = page[1:]
            elif wrong == "the first page again":
                page = rows[:size]
            names = query["outFields"].split(",")
            kept = [{k: v for k, v in row.items() if k in names} for row in page]
            if query["f"] == "json":
                return {"features": [{"attributes": row} for row in kept], "exceededTransferLimit": more}
            shape = None if wrong == "no shapes" else SQUARE
            features = [{"type": "Feature", "id": n, "geometry": shape, "properties": r} for n, r in enumerate(kept)]
            return {"type": "FeatureCollection", "features": features, "properties": {"exceededTransferLimit": more}}

        def _send(
            self, status: int, body: bytes, headers: dict[str, str] | None = None, fault: Fault | None = None
        ) -> None:
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            cut = fault.cut_after if fault else None
            self.wfile.write(body[:cut])
            if cut is not None:
                self.close_connection = True

    return Handler


def _chosen(publisher: Publisher, rows: list[dict[str, Any]], where: str) -> list[dict[str, Any]]:
    if where == "1=1":
        return rows
    if within := WHERE_IN.fullmatch(where):
        codes = re.findall(r"'([^']*)'", within[2])
        if publisher.ignores_filter:
            return rows[-len(codes) :]
        return [row for row in rows if row[within[1]] in codes]
    like = WHERE_LIKE.fullmatch(where)
    assert like, where
    return [row for row in rows if row[like[1]].startswith(like[2])]
