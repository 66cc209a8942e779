"""Publishers on the loopback interface that drip, never end, send pages for tables, or send somebody elsewhere.

The healthy ones are the stand-in of the other tests; the faulty one writes its bytes to the socket itself, as what is
wrong with it no HTTP library would let it do.
"""

import gzip
import io
import json
import os
import re
import signal
import socket
import threading
import time
import tomllib
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import pandas as pd

from tests.fixtures.publisher import Publisher, Row
from tests.torture.cases import ANY, MAPS, STOPS, STOPS_OR_UNDERSTANDS, UNDERSTANDS, Bench, Case, Command
from tests.torture.faults import Fault
from tests.torture.project import RAW, receipts

NETWORK, MIRROR = "network: faulty publishers", "mirror: faulty folders"
DATA: tuple[Command, ...] = (("data", "saltmarsh"),)
AREA = '\n[saltmarsh]\ntitle = "Saltmarsh"\nlad = ["E07900002"]\n'
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n"
PATIENCE = 6.0
"""Seconds after which the program is to give up here; as it is declared, it takes minutes."""

Answer = Callable[[socket.socket, bytes, bytes], None]
"""Answers one request (its head is given) for a file of which the right content is given."""


def _send(connection: socket.socket, content: bytes) -> None:
    connection.sendall(content)


def plain(body: bytes, head: bytes = OK) -> Answer:
    """The same body to whoever asks."""

    def answer(connection: socket.socket, _request: bytes, _content: bytes) -> None:
        _send(connection, head + f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)

    return answer


def status(line: str, *headers: str, body: bytes = b"") -> Answer:
    """A status, with headers."""

    def answer(connection: socket.socket, _request: bytes, _content: bytes) -> None:
        more = "".join(f"{header}\r\n" for header in headers)
        _send(
            connection,
            f"HTTP/1.1 {line}\r\n{more}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body,
        )

    return answer


def drip(piece: bytes, start: bytes = b"") -> Answer:
    """A start, then a piece each half second, without end."""

    def answer(connection: socket.socket, _request: bytes, _content: bytes) -> None:
        _send(connection, start)
        while True:
            _send(connection, piece)
            time.sleep(0.5)

    return answer


def endless(start: bytes, piece: bytes) -> Answer:
    """A start, then a piece again and again as fast as it is taken, without end."""

    def answer(connection: socket.socket, _request: bytes, _content: bytes) -> None:
        _send(connection, start)
        while True:
            _send(connection, piece)

    return answer


def cut(part: float, *, told: bool = True) -> Answer:
    """Some of the content, then the connection is closed."""

    def answer(connection: socket.socket, _request: bytes, content: bytes) -> None:
        length = f"Content-Length: {len(content)}\r\n".encode() if told else b""
        _send(connection, OK + length + b"Connection: close\r\n\r\n" + content[: int(len(content) * part)])

    return answer


def mixed(etag: bytes = b"") -> Answer:
    """Cut off in the middle; asked for the rest, the rest of another file, with or without its tag."""

    def answer(connection: socket.socket, request: bytes, content: bytes) -> None:
        wanted = re.search(rb"(?i)range: bytes=(\d+)-", request)
        if wanted is None:
            _send(connection, OK + b'ETag: "one"\r\n' + f"Content-Length: {len(content)}\r\n\r\n".encode())
            _send(connection, content[: len(content) // 2])
            return
        start = int(wanted[1])
        other = content.replace(b"1", b"2")
        head = b"HTTP/1.1 206 Partial Content\r\nContent-Type: text/csv\r\n" + etag
        head += f"Content-Range: bytes {start}-{len(content) - 1}/{len(content)}\r\n".encode()
        _send(connection, head + f"Content-Length: {len(content) - start}\r\n\r\n".encode() + other[start:])

    return answer


def silent(connection: socket.socket, _request: bytes, _content: bytes) -> None:
    """Nothing at all."""
    time.sleep(600)


def hang_up(connection: socket.socket, _request: bytes, _content: bytes) -> None:
    """Gone, before a word."""


def packed(size: int) -> Answer:
    """A body of ``size`` zero bytes packed in transit."""

    def answer(connection: socket.socket, request: bytes, content: bytes) -> None:
        body = gzip.compress(bytes(size), mtime=0)
        plain(body, OK + b"Content-Encoding: gzip\r\n")(connection, request, content)

    return answer


def bomb(size: int) -> Answer:
    """A zip archive with a member of ``size`` zero bytes under the right name."""

    def answer(connection: socket.socket, request: bytes, content: bytes) -> None:
        packed_file = io.BytesIO()
        archive = zipfile.ZipFile(packed_file, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        with archive, archive.open("census2021-ts007a-lsoa.csv", "w") as file:
            for _ in range(size // 1_000_000):
                file.write(bytes(1_000_000))
        plain(packed_file.getvalue())(connection, request, content)

    return answer


TABLE, ARCHIVE, SERVICE = "iod2025_file7", "census2021_age", "ruc2021"
PAGE = b"<!doctype html><html><body>Service temporarily unavailable</body></html>"
BAD: tuple[tuple[str, str, Answer, frozenset[str]], ...] = (
    (TABLE, "a sentence with status 200", plain(b"Service temporarily unavailable"), STOPS),
    (TABLE, "an error in JSON with status 200", plain(b'{"error": "rate limit"}'), STOPS),
    (TABLE, "a web page with status 200", plain(PAGE), STOPS),
    (TABLE, "a web page after a comment", plain(b"<!-- -->\n" + PAGE), STOPS),
    (TABLE, "nothing with status 200", plain(b""), STOPS),
    (TABLE, "one empty line", plain(b"\r\n"), STOPS),
    (TABLE, "a table of something else", plain(b"a,b\r\n1,2\r\n"), ANY),
    (TABLE, "an archive for a table", bomb(1_000_000), STOPS),
    (TABLE, "a byte-order mark and a sentence", plain("\ufeffPlease sign in".encode()), STOPS),
    (TABLE, "arbitrary bytes", plain(bytes(range(256)) * 40), STOPS),
    (TABLE, "status 403", status("403 Forbidden"), STOPS),
    (TABLE, "status 404", status("404 Not Found", body=PAGE), STOPS),
    (TABLE, "status 410", status("410 Gone"), STOPS),
    (TABLE, "status 500", status("500 Internal Server Error"), STOPS),
    (TABLE, "status 503 with Retry-After of a day", status("503 Busy", "Retry-After: 86400"), STOPS),
    (TABLE, "status 429 with Retry-After in words", status("429 Slow down", "Retry-After: tomorrow"), STOPS),
    (TABLE, "status 204", status("204 No Content"), STOPS),
    (
        TABLE,
        "status 206 unasked",
        status("206 Partial Content", "Content-Range: bytes 0-9/100", body=b"LSOA code,"),
        STOPS,
    ),
    (TABLE, "status 304 unasked", status("304 Not Modified"), STOPS),
    (TABLE, "a redirect to itself", status("302 Found", "Location: /iod2025_file7"), STOPS),
    (TABLE, "a redirect to another host", status("302 Found", "Location: http://other.invalid/x.csv"), STOPS),
    (TABLE, "a redirect to a file", status("302 Found", "Location: file:///etc/hostname"), STOPS),
    (TABLE, "a redirect without an address", status("302 Found"), STOPS),
    (TABLE, "a redirect to nonsense", status("302 Found", "Location: http://[::bad"), STOPS),
    (TABLE, "a line that is no status", plain(b"x", b"HELLO\r\n"), STOPS),
    (TABLE, "a hang-up", hang_up, STOPS),
    (TABLE, "silence", silent, STOPS),
    (TABLE, "a head that drips", drip(b"X-Line: 1\r\n", b"HTTP/1.1 200 OK\r\n"), STOPS),
    (TABLE, "a body that drips", drip(b"x", OK + b"Content-Length: 9000000\r\n\r\n"), STOPS),
    (TABLE, "a head without end", endless(b"HTTP/1.1 200 OK\r\n", b"X-Line: " + b"x" * 4_000 + b"\r\n"), STOPS),
    (TABLE, "a body without end", endless(OK + b"\r\n", b"E01900001,1\r\n" * 5_000), STOPS),
    (
        TABLE,
        "pieces without end",
        endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"ffff\r\n" + b"x" * 65_535 + b"\r\n"),
        STOPS,
    ),
    (TABLE, "a broken piece", plain(b"", OK + b"Transfer-Encoding: chunked\r\n\r\nzzzz\r\n"), STOPS),
    (TABLE, "cut off each time", cut(0.6), STOPS),
    (TABLE, "cut off, its length not told", cut(0.6, told=False), ANY),
    (TABLE, "half of one file and half of another", mixed(), STOPS_OR_UNDERSTANDS),
    (TABLE, "the same, with the tag of the other", mixed(b'ETag: "two"\r\n'), STOPS_OR_UNDERSTANDS),
    (TABLE, "a packed answer of 300 MB", packed(300_000_000), STOPS),
    (TABLE, "a length below nought", plain(b"x", OK + b"Content-Length: -5\r\n"), STOPS),
    (TABLE, "a length that is too long", plain(b"x" * 100, OK + b"Content-Length: 100000\r\n"), STOPS),
    (ARCHIVE, "a sentence for an archive", plain(b"Service temporarily unavailable"), STOPS),
    (ARCHIVE, "an archive that unpacks to 1 GB", bomb(1_000_000_000), STOPS),
    (ARCHIVE, "an archive cut off", cut(0.5, told=False), STOPS),
    (ARCHIVE, "an archive of something else", plain(b"PK\x05\x06" + bytes(18)), STOPS),
    (SERVICE, "200,000 opening brackets from a service", plain(b"[" * 200_000), STOPS),
    (SERVICE, "a web page from a service", plain(PAGE), STOPS),
    (SERVICE, "an error from a service", plain(b'{"error": {"code": 499, "message": "Token Required"}}'), STOPS),
    (SERVICE, "a count of text from a service", plain(b'{"count": "many"}'), STOPS),
    (SERVICE, "a count below nought from a service", plain(b'{"count": -4}'), STOPS),
    (SERVICE, "a list from a service", plain(b"[]"), STOPS),
    (SERVICE, "nothing from a service", plain(b""), STOPS),
    (SERVICE, "a number of 5,000 digits from a service", plain(b'{"count": ' + b"9" * 5_000 + b"}"), STOPS),
    (SERVICE, "rows without end from a service", endless(OK + b"\r\n", b'{"features": [' * 1_000), STOPS),
    (SERVICE, "a service that drips", drip(b" ", OK + b"Content-Length: 9000\r\n\r\n"), STOPS),
    (SERVICE, "silence from a service", silent, STOPS),
)


def cases() -> Iterator[Case]:
    """Every case of a publisher and of a mirror."""
    for source, name, answer, right in BAD:
        fault = Fault(folder="data/raw", environment={"TORTURE_PATIENCE": str(PATIENCE)})
        yield Case(
            NETWORK,
            f"{source}: {name}",
            _Faulty(source, answer),
            right,
            names=(source,),
            commands=DATA,
            usual=(MAPS,),
            fault=fault,
            evidence="words",
            seconds=60.0,
        )
    yield from _mirror_cases()


@dataclass(frozen=True)
class _Faulty:
    """Declares publishers on the loopback interface, one of them faulty; they live as long as the case."""

    source: str
    answer: Answer

    def __call__(self, bench: Bench) -> None:
        ready, told = os.pipe()
        if os.fork() == 0:
            self._serve(bench, told)
        os.close(told)
        with os.fdopen(ready, encoding="utf-8") as file:
            addresses = json.loads(file.read())
        declare(bench, addresses)
        self._place_earlier(bench)

    def _place_earlier(self, bench: Bench) -> None:
        """The file of an earlier fetch, which a refused one has to leave as it is."""
        name = receipts(bench.root)[self.source]
        place, content = f"data/raw/{self.source}/{Path(name).name}", bench.read(name)
        receipt = json.loads(bench.read(f"{name}.receipt.json"))
        told = receipt | {"mode": "network", "area": None, "address": "http://127.0.0.1/earlier"}
        bench.write(place, content)
        bench.write(f"{place}.receipt.json", json.dumps(told).encode())

    def _serve(self, bench: Bench, told: int) -> None:
        """In a process of its own, until the case ends or ten minutes have gone."""
        os.setsid()
        signal.alarm(600)
        publisher, contents = publish(bench)
        server = socket.create_server(("127.0.0.1", 0))
        addresses = {source: f"{publisher.address}/{source}" for source in contents}
        addresses[self.source] = f"http://127.0.0.1:{server.getsockname()[1]}/{self.source}"
        with publisher:
            os.write(told, json.dumps(addresses).encode())
            os.close(told)
            while bench.root.exists():
                server.settimeout(1.0)
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                threading.Thread(target=self._answer, args=(connection, contents[self.source]), daemon=True).start()
        os._exit(0)

    def _answer(self, connection: socket.socket, content: bytes) -> None:
        with connection:
            try:
                connection.settimeout(None)
                self.answer(connection, connection.recv(65_536), content)
            except OSError:
                return


def publish(bench: Bench) -> tuple[Publisher, dict[str, bytes]]:
    """The stand-in with every raw file of the fictional nation, and their contents by source."""
    publisher, contents = Publisher(), {}
    declared = tomllib.loads(bench.read("declared/sources.toml").decode())
    for source, name in receipts(bench.root).items():
        content, told, address = bench.read(name), declared.get(source, {}), f"/{source}"
        contents[source] = content
        if told.get("format") == "arcgis-geojson":
            file = io.BytesIO(content)
            frame = gpd.read_parquet(file) if name.endswith("parquet") else gpd.read_file(file)
            features = json.loads(frame.to_json())["features"]
            publisher.services[address] = [one["properties"] | {"shape": one["geometry"]} for one in features]
        elif told.get("format") == "arcgis-table":
            table = pd.read_csv(io.BytesIO(content), dtype=str, encoding="utf-8-sig")
            headers = [_declared_name(header, told["fields"]) for header in table.columns]
            rows: list[Row] = [dict(zip(headers, row, strict=True)) for row in table.itertuples(index=False)]
            publisher.services[address] = [row | {"ObjectId": number} for number, row in enumerate(rows)]
        elif told.get("format") == "zip" and not zipfile.is_zipfile(io.BytesIO(content)):
            archive = io.BytesIO()
            with zipfile.ZipFile(archive, "w") as file_in_archive:
                file_in_archive.writestr(told["member"], content)
            publisher.files[address] = archive.getvalue()
        else:
            publisher.files[address] = content
    return publisher, contents


def _declared_name(header: str, fields: Sequence[str]) -> str:
    """A column of a lookup as it is called in the year that is declared: LAD24CD is LAD26CD there."""
    letters = re.sub(r"\d", "", header)
    return next((field for field in fields if re.sub(r"\d", "", field) == letters), header)


def declare(bench: Bench, addresses: dict[str, str]) -> None:
    """Let the sources be where the stand-in is, without the sizes and sums of the real ones."""
    text = bench.read("declared/sources.toml").decode()
    parts = re.split(r"(?m)^(?=\[)", text)
    for number, part in enumerate(parts):
        match = re.match(r"\[(\w+)\]", part)
        if match and match[1] in addresses and 'format = "package"' not in part:
            parts[number] = re.sub(r"(?m)^address = .*$", f'address = "{addresses[match[1]]}"', part)
    text = re.sub(r"(?m)^(size|sha256|rows|other_files\.[^=]*) = .*\n", "", "".join(parts))
    # The estimates are not among the fictional files; the towns are of a package, large, and no publisher sends them.
    text = re.sub(r"(?ms)^\[(mye2024|geonames_towns)\].*?(?=^\[|^#)", "", text).replace('instead_of = "mye2024"\n', "")
    bench.write("declared/sources.toml", text.encode())
    bench.append("areas.toml", AREA)


def _mirror_cases() -> Iterator[Case]:
    """A folder of publishers' files, one of them damaged, from which data of a real area are taken."""
    damages: tuple[tuple[str, str, Callable[[bytes], bytes] | None, frozenset[str]], ...] = (
        ("lsoa21_ward", "cut off in the middle of a row", lambda b: b[:1_003], STOPS),
        ("lsoa21_ward", "empty", lambda b: b"", STOPS),
        ("lsoa21_ward", "a web page", lambda b: PAGE, STOPS),
        ("lsoa21_ward", "a sentence", lambda b: b"Service temporarily unavailable", STOPS),
        ("lsoa21_ward", "without its last row", lambda b: b.rstrip().rsplit(b"\n", 1)[0] + b"\n", STOPS),
        ("lsoa21_ward", "missing", None, STOPS),
        ("lsoa21_icb", "without its last row", lambda b: b.rstrip().rsplit(b"\n", 1)[0] + b"\n", STOPS),
        ("lsoa21_boundaries", "cut short", lambda b: b[: len(b) // 2], STOPS),
        ("lsoa21_boundaries", "empty", lambda b: b"", STOPS),
        ("iod2025_file8", "cut short", lambda b: b[: len(b) // 2], STOPS),
        ("iod2025_file7", "cut in half", lambda b: b[: len(b) // 2], STOPS),
        ("iod2025_file7", "an error in JSON", lambda b: b'{"error": "rate limit"}', STOPS),
        ("census2021_age", "cut short", lambda b: b[: len(b) // 2], STOPS),
        ("census2021_age", "a sentence", lambda b: b"Service temporarily unavailable", STOPS),
        ("lsoa21_centroids", "cut short", lambda b: b[: len(b) // 2], STOPS),
        ("code_point_open", "cut short", lambda b: b[: len(b) // 2], STOPS),
        ("libraries", "cut in the middle of a row", lambda b: b[: len(b) // 2], STOPS),
    )
    commands: tuple[Command, ...] = (("data", "saltmarsh", "--mirror", "mirror"), ("maps", "saltmarsh"))
    for source, name, change, right in damages:
        case = Case(
            MIRROR,
            f"{source}: {name}",
            _Mirror(source, change),
            right,
            names=(source,),
            commands=commands,
            usual=(MAPS,),
            evidence="words",
        )
        yield replace(case, names=(source, *_file_names(source)))
    yield Case(
        MIRROR, "nothing damaged", _Mirror("", None), UNDERSTANDS, commands=commands, usual=(MAPS,), evidence="words"
    )
    for target in ("nowhere", "declared/areas.toml", "data/raw/demo/iod2025_file7"):
        one: tuple[Command, ...] = (("data", "saltmarsh", "--mirror", target),)
        act = _Mirror("", None)
        yield Case(
            MIRROR,
            f"a mirror at {target}",
            act,
            STOPS,
            (Path(target).name, "mirror"),
            one,
            usual=(MAPS,),
            evidence="words",
        )


def _file_names(source: str) -> tuple[str, ...]:
    names = {"lsoa21_ward": "LSOA21_WD24", "lsoa21_icb": "LSOA21_SICBL24", "census2021_age": "ts007a"}
    return (names[source],) if source in names else ()


@dataclass(frozen=True)
class _Mirror:
    """A mirror folder of the nation's files under their publishers' names, one of them damaged."""

    source: str
    change: Callable[[bytes], bytes] | None

    def __call__(self, bench: Bench) -> None:
        declare(bench, {})
        counts = {"lsoa21_ward": 60, "lsoa21_icb": 60, "ruc2021": 60, "iod2025_file7": 60, "iod2025_file8": 60}
        text = bench.read("declared/sources.toml").decode()
        for source, count in counts.items():
            text = re.sub(rf"(?m)^\[{source}\]$", f"[{source}]\nrows = {count}", text)
        bench.write("declared/sources.toml", text.encode())
        for source, name in receipts(bench.root).items():
            content, file = (bench.root / name).read_bytes(), Path(name).name
            if source == self.source:
                if self.change is None:
                    continue
                content = self.change(content)
            if name.startswith(RAW):
                bench.write(f"mirror/{file}", content)
