"""A stand-in for the publishers' servers on loopback, with the faults that real ones have."""

import json
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

CAP = 3


@dataclass
class Publisher:
    """What is served and what goes wrong; ``faults`` are used up one for each request of a path."""

    files: dict[str, bytes] = field(default_factory=dict)
    rows: list[dict[str, object]] = field(default_factory=list)
    services: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    cap: int = CAP
    faults: dict[str, list[str]] = field(default_factory=dict)
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    ranges: bool = True
    address: str = ""


def start(publisher: Publisher) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *arguments):
            pass

        def reply(self, status, body, **headers):
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def passes(self):
            publisher.requests.append((self.command, self.path, dict(self.headers)))
            if re.match(r"python|httpx|curl", self.headers.get("User-Agent", "python"), re.IGNORECASE):
                self.reply(403, b"refused")
                return None
            fault = publisher.faults.get(self.path, [])
            fault = fault.pop(0) if fault else ""
            if fault == "429":
                self.reply(429, b"slow down", Retry_After="0")
            elif fault == "503":
                self.reply(503, b"busy")
            elif fault == "404":
                self.reply(404, b"gone")
            elif fault == "html":
                self.reply(200, b"<!DOCTYPE html><html><body>Sorry</body></html>", Content_Type="text/html")
            else:
                return fault
            return None

        def do_GET(self):
            fault = self.passes()
            if fault is None:
                return
            body = publisher.files[self.path]
            asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
            start_at = int(asked[1]) if asked and publisher.ranges and self.headers.get("If-Range") == '"v1"' else 0
            self.send_response(206 if start_at else 200)
            self.send_header("ETag", '"v1"')
            if start_at:
                self.send_header("Content-Range", f"bytes {start_at}-{len(body) - 1}/{len(body)}")
            self.send_header("Content-Length", str(len(body) - start_at))
            self.end_headers()
            if fault == "cut":
                self.wfile.write(body[start_at : (start_at + len(body)) // 2])
                self.wfile.flush()
                self.close_connection = True
                self.connection.shutdown(2)
                return
            self.wfile.write(body[start_at:])

        def do_POST(self):
            content = self.rfile.read(int(self.headers["Content-Length"]))
            fault = self.passes()
            if fault is None:
                return
            query = {name: values[0] for name, values in parse_qs(content.decode()).items()}
            if fault == "error":
                body = {"error": {"code": 400, "message": "Invalid query", "details": ["no such field"]}}
            elif fault == "error 503":
                body = {"error": {"code": 503, "message": "service busy"}}
            else:
                body = self.answer(query, fault)
            self.reply(200, json.dumps(body).encode(), Content_Type="application/json")

        def answer(self, query, fault):
            rows = publisher.services.get(self.path.removesuffix("/query"), publisher.rows)
            listed = re.search(r"IN \((.*)\)", query["where"])
            if listed:
                wanted = set(re.findall(r"'([^']*)'", listed[1]))
                rows = [row for row in rows if row["LSOA21CD"] in wanted]
            elif "LIKE" in query["where"]:
                rows = [row for row in rows if str(row["LSOA21CD"]).startswith("E")]
            if query.get("returnCountOnly") == "true":
                return {"count": len(rows)}
            key = query["orderByFields"]
            assert key in query["outFields"].split(",")
            rows = sorted(rows, key=lambda row: str(row[key]))
            first, most = int(query["resultOffset"]), min(int(query["resultRecordCount"]), publisher.cap)
            page = rows[first : first + most]
            if fault == "missing page":
                page = []
            if fault == "repeated page":
                page = rows[:most]
            more = first + most < len(rows)
            if query["f"] == "geojson":
                square = {"type": "Polygon", "coordinates": [[[1, 52], [1.1, 52], [1.1, 52.1], [1, 52]]]}
                features = [
                    {
                        "type": "Feature",
                        "properties": {name: value for name, value in row.items() if name != "shape"},
                        "geometry": row.get("shape", square),
                    }
                    for row in page
                ]
                return {"type": "FeatureCollection", "features": features, "exceededTransferLimit": more}
            return {"features": [{"attributes": row} for row in page], "exceededTransferLimit": more}

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    publisher.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    return server
