"""ONS ArcGIS feature services: paged over a stable order, counted, kept as one GeoJSON or CSV file."""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

import httpx
from tqdm import tqdm

from pipeline.catalogue import Source
from pipeline.errors import FetchError
from pipeline.fetch.client import CutOffError, FetchSettings, answer, retries, worth_another_try
from pipeline.fetch.files import Download, refuse_excess
from pipeline.fetch.patience import Patience
from pipeline.fetch.unpacking import unpacked

Feature = dict[str, Any]
ENDLESS = "brackets nested without end"


@dataclass(frozen=True)
class Service:
    """A service that is asked: by which client, with how much patience, and for how many rows and bytes at once."""

    http: httpx.Client
    source: Source
    patience: Patience
    settings: FetchSettings


def download_service(
    http: httpx.Client, arriving: Download, codes: Sequence[str] | None, settings: FetchSettings
) -> int:
    """Fetch the rows of a service into a part, and return their number.

    Only the rows whose key is one of ``codes``; if that is ``None``, all of them (of England, for boundaries).

    Raises:
        FetchError: the service reports an error, sends too much, or rows are missing, arrive twice, or were not asked
            for.
    """
    source = arriving.source
    try:
        return _download(Service(http, source, arriving.patience, settings), arriving, codes)
    except RecursionError as error:
        raise FetchError(f"{source.id}: {source.address} answered with {ENDLESS}, which is not data.") from error


def _download(service: Service, arriving: Download, codes: Sequence[str] | None) -> int:
    source = arriving.source
    if codes is not None:
        codes = list(dict.fromkeys(codes))
    with arriving.part.open("w", encoding="utf-8", newline="") as file:
        rows = _bounded(file, arriving, _rows(service, codes, quiet=arriving.quiet))
        if source.format == "arcgis-geojson":
            count = _write_geojson(file, rows)
        else:
            writer = csv.writer(file)
            writer.writerow(source.fields)
            count = 0
            for row in rows:
                writer.writerow([_cell(source, field, row[field]) for field in source.fields])
                count += 1
    return count


def _cell(source: Source, field: str, value: Any) -> str | float:
    if value is None:
        return ""
    if not isinstance(value, str | int | float):
        raise FetchError(
            f"{source.id}: the service sent {field} = {_brief(value)}, which is neither text nor a number."
        )
    return value


def _brief(value: Any) -> str:
    try:
        return str(value)[:200]
    except RecursionError:
        return ENDLESS


def _bounded(file: TextIO, arriving: Download, rows: Iterator[Feature]) -> Iterator[Feature]:
    """The rows, while what was written of them is within the limit."""
    for row in rows:
        yield row
        refuse_excess(arriving.source, file.tell(), arriving.limit)


def _write_geojson(file: TextIO, features: Iterator[Feature]) -> int:
    file.write('{"type":"FeatureCollection",')
    file.write('"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},"features":[\n')
    count = 0
    for feature in features:
        file.write((",\n" if count else "") + json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
        count += 1
    file.write("\n]}\n")
    return count


def _rows(service: Service, codes: Sequence[str] | None, *, quiet: bool) -> Iterator[Feature]:
    """Every row once; a GeoJSON feature, or the attributes of a table's row."""
    source = service.source
    filters = _filters(source, codes, service.settings)
    expected = [count_rows(service, where) for where in filters]
    if codes is not None and sum(expected) != len(codes):
        raise FetchError(
            f"{source.id}: the service holds {sum(expected):,} of the {len(codes):,} LSOAs asked for. "
            f"Is it of the same vintage? See {source.landing_page}"
        )
    if sum(expected) == 0:
        raise FetchError(f"{source.id}: the service has no such rows. See {source.landing_page}")
    asked = None if codes is None else set(codes)
    seen: set[Any] = set()
    with tqdm(total=sum(expected), unit="rows", desc=source.id, disable=quiet or None) as bar:
        for where, count in zip(filters, expected, strict=True):
            for row in _pages(service, where, count):
                key = _attributes(source, row)[str(source.key_field)]
                _refuse_row(source, row, key, seen, asked)
                seen.add(key)
                bar.update()
                yield row if source.format == "arcgis-geojson" else row["attributes"]
    if len(seen) != sum(expected):
        raise FetchError(f"{source.id}: {len(seen):,} of {sum(expected):,} rows arrived: a page is missing. Try again.")


def _refuse_row(source: Source, row: Feature, key: Any, seen: set[Any], asked: set[str] | None) -> None:
    sent = f"{source.id}: the service sent {source.key_field} = {key}"
    if key is None or not isinstance(key, str | int | float):
        raise FetchError(f"{sent}: a row without a plain key cannot be used. See {source.landing_page}")
    if key in seen:
        raise FetchError(f"{sent} twice: its pages overlap. Try again later.")
    if asked is not None and key not in asked:
        raise FetchError(f"{sent}, which was not asked for: it ignores the filter. Try again later.")
    if source.format == "arcgis-geojson" and not row.get("geometry"):
        raise FetchError(f"{sent} without a boundary. Try again later, or see {source.landing_page}")


def rows_wanted(source: Source) -> str:
    """The filter for all rows that are ever wanted of a service."""
    return f"{source.key_field} LIKE 'E%'" if source.by_area else "1=1"


def _filters(source: Source, codes: Sequence[str] | None, settings: FetchSettings) -> list[str]:
    if codes is None:
        return [rows_wanted(source)]
    size = settings.codes_per_request
    chunks = [codes[start : start + size] for start in range(0, len(codes), size)]
    return [f"{source.key_field} IN ({','.join(map(_quoted, chunk))})" for chunk in chunks]


def _quoted(code: str) -> str:
    return "'" + code.replace("'", "''") + "'"


def count_rows(service: Service, where: str) -> int:
    """The rows that a service counts."""
    source = service.source
    reply = _query(service, {"where": where, "returnCountOnly": "true", "f": "json"})
    count = reply.get("count")
    if isinstance(count, bool) or not isinstance(count, int) or count < 0:
        raise FetchError(f"{source.id}: the service was asked for the number of rows and answered {_brief(reply)}")
    return count


def _pages(service: Service, where: str, expected: int) -> Iterator[Feature]:
    """The rows of a filter, page by page: some services send fewer at once than they are asked for."""
    source, came = service.source, 0
    while came < expected:
        fields = dict.fromkeys([str(source.key_field), *source.fields])
        query = {
            "where": where,
            "outFields": ",".join(fields),
            "orderByFields": str(source.key_field),
            "resultOffset": str(came),
            "resultRecordCount": str(service.settings.page_rows),
            "returnGeometry": "true" if source.format == "arcgis-geojson" else "false",
        }
        query |= {"f": "geojson", "outSR": "4326"} if source.format == "arcgis-geojson" else {"f": "json"}
        page = _query(service, query)
        features = page.get("features")
        if not isinstance(features, list):
            raise FetchError(f"{source.id}: expected rows, but the service answered {_brief(page)}")
        if not features:
            raise FetchError(
                f"{source.id}: the service counted {expected:,} rows and sent only {came:,}: a page is missing. "
                "Try again later."
            )
        came += len(features)
        yield from features
    if came != expected:
        raise FetchError(
            f"{source.id}: {came:,} rows arrived where {expected:,} were counted: the pages overlap. Try again."
        )


def _attributes(source: Source, row: Feature) -> dict[str, Any]:
    kind = "properties" if source.format == "arcgis-geojson" else "attributes"
    attributes = row.get(kind) if isinstance(row, dict) else None
    if not isinstance(attributes, dict):
        raise FetchError(f"{source.id}: the service sent a row without {kind}: {_brief(row)}")
    absent = [field for field in dict.fromkeys([str(source.key_field), *source.fields]) if field not in attributes]
    if absent:
        raise FetchError(
            f"{source.id}: the service has no column {', '.join(absent)}. It has {', '.join(attributes)}. "
            "Was it replaced by another year? Correct fields and address in declared/sources.toml."
        )
    return attributes


def _query(service: Service, query: dict[str, str]) -> dict[str, Any]:
    return ask(service, "/query", query)


def ask(service: Service, path: str, query: dict[str, str]) -> dict[str, Any]:
    """One request, about the service itself where ``path`` is empty.

    The service reports its errors with HTTP 200 and an ``error`` object.

    Raises:
        FetchError: it reports one, or does not answer with JSON.
        httpx.HTTPError, CutOffError, GaveUpError: the last try failed.
    """
    result: dict[str, Any] = retries(service.settings)(worth_another_try(service.patience), _ask, service, path, query)
    return result


def _ask(service: Service, path: str, query: dict[str, str]) -> dict[str, Any]:
    http, source = service.http, service.source
    service.patience.check()
    headers = {"Accept-Encoding": "gzip"}
    if path:
        request = http.build_request("POST", f"{source.address}{path}", data=query, headers=headers)
    else:
        request = http.build_request("GET", source.address, params=query, headers=headers)
    with answer(http, source, request) as response:
        response.raise_for_status()
        content = read_reply(response, source, service.settings)
    return _understood(content, source)


def read_reply(response: httpx.Response, source: Source, settings: FetchSettings) -> bytes:
    """All of a reply that fits into the memory.

    Raises:
        FetchError: it is too large.
        CutOffError: it is cut short.
    """
    content = bytearray()
    try:
        for chunk in unpacked(response.iter_raw(), response.headers.get("Content-Encoding", ""), source.id):
            content += chunk
            if len(content) > settings.most_in_reply:
                raise FetchError(
                    f"{source.id}: refused: one reply of the service is larger than {settings.most_in_reply:,} bytes. "
                    f"See {source.landing_page}"
                )
    except EOFError as error:
        raise CutOffError(str(error)) from error
    return bytes(content)


def _understood(content: bytes, source: Source) -> dict[str, Any]:
    try:
        reply = json.loads(content)
    except RecursionError as error:
        raise FetchError(f"{source.id}: {source.address} answered with {ENDLESS}, which is not data.") from error
    except ValueError as error:
        start = content[:60].decode("utf-8", "replace").strip()
        raise FetchError(
            f"{source.id}: expected JSON from {source.address}, but the server sent something else: '{start}'"
        ) from error
    if not isinstance(reply, dict):
        raise FetchError(f"{source.id}: the service answered {_brief(reply)}")
    if "error" in reply:
        fault = reply["error"] if isinstance(reply["error"], dict) else {}
        code, message = fault.get("code"), fault.get("message", reply["error"])
        if code in (429, 500, 502, 503, 504):
            raise CutOffError(f"{source.id}: the service reports error {code}: {message}")
        told = fault.get("details")
        details = "; ".join(map(str, told if isinstance(told, list) else []))
        raise FetchError(
            f"{source.id}: the service reports error {code}: {message} {details}\n"
            f"  Address: {source.address}\n  Has it moved? See {source.landing_page}"
        )
    return reply
