"""ONS ArcGIS feature services: paged over a stable order, counted, kept as one GeoJSON or CSV file."""

import csv
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
from tqdm import tqdm

from pipeline.catalogue import Source
from pipeline.errors import FetchError
from pipeline.fetch.client import CutOffError, FetchSettings, retries, worth_another_try

Feature = dict[str, Any]


def download_service(
    http: httpx.Client, source: Source, codes: Sequence[str] | None, part: Path, settings: FetchSettings, *, quiet: bool
) -> int:
    """Fetch the rows of a service into ``part``, and return their number.

    Only the rows whose key is one of ``codes``; if that is ``None``, all of them (of England, for boundaries).

    Raises:
        FetchError: the service reports an error, or rows are missing, arrive twice, or were not asked for.
    """
    if codes is not None:
        codes = list(dict.fromkeys(codes))
    with part.open("w", encoding="utf-8", newline="") as file:
        rows = _rows(http, source, codes, settings, quiet=quiet)
        if source.format == "arcgis-geojson":
            count = _write_geojson(file, rows)
        else:
            writer = csv.writer(file)
            writer.writerow(source.fields)
            count = 0
            for row in rows:
                writer.writerow(["" if row[field] is None else row[field] for field in source.fields])
                count += 1
    return count


def _write_geojson(file: Any, features: Iterator[Feature]) -> int:
    file.write('{"type":"FeatureCollection",')
    file.write('"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},"features":[\n')
    count = 0
    for feature in features:
        file.write((",\n" if count else "") + json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
        count += 1
    file.write("\n]}\n")
    return count


def _rows(
    http: httpx.Client, source: Source, codes: Sequence[str] | None, settings: FetchSettings, *, quiet: bool
) -> Iterator[Feature]:
    """Every row once; a GeoJSON feature, or the attributes of a table's row."""
    filters = _filters(source, codes, settings)
    expected = [_count(http, source, where, settings) for where in filters]
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
            for row in _pages(http, source, where, count, settings):
                key = _attributes(source, row)[str(source.key_field)]
                _refuse_row(source, row, key, seen, asked)
                seen.add(key)
                bar.update()
                yield row if source.format == "arcgis-geojson" else row["attributes"]
    if len(seen) != sum(expected):
        raise FetchError(f"{source.id}: {len(seen):,} of {sum(expected):,} rows arrived: a page is missing. Try again.")


def _refuse_row(source: Source, row: Feature, key: Any, seen: set[Any], asked: set[str] | None) -> None:
    sent = f"{source.id}: the service sent {source.key_field} = {key}"
    if key is None:
        raise FetchError(f"{sent}: a row without its key cannot be used. See {source.landing_page}")
    if key in seen:
        raise FetchError(f"{sent} twice: its pages overlap. Try again later.")
    if asked is not None and key not in asked:
        raise FetchError(f"{sent}, which was not asked for: it ignores the filter. Try again later.")
    if source.format == "arcgis-geojson" and not row.get("geometry"):
        raise FetchError(f"{sent} without a boundary. Try again later, or see {source.landing_page}")


def _filters(source: Source, codes: Sequence[str] | None, settings: FetchSettings) -> list[str]:
    if codes is None:
        return [f"{source.key_field} LIKE 'E%'" if source.by_area else "1=1"]
    size = settings.codes_per_request
    chunks = [codes[start : start + size] for start in range(0, len(codes), size)]
    return [f"{source.key_field} IN ({','.join(map(_quoted, chunk))})" for chunk in chunks]


def _quoted(code: str) -> str:
    return "'" + code.replace("'", "''") + "'"


def _count(http: httpx.Client, source: Source, where: str, settings: FetchSettings) -> int:
    reply = _query(http, source, {"where": where, "returnCountOnly": "true", "f": "json"}, settings)
    if not isinstance(reply.get("count"), int):
        raise FetchError(f"{source.id}: the service was asked for the number of rows and answered {str(reply)[:200]}")
    return int(reply["count"])


def _pages(http: httpx.Client, source: Source, where: str, expected: int, settings: FetchSettings) -> Iterator[Feature]:
    came = 0
    while came < expected:
        fields = dict.fromkeys([str(source.key_field), *source.fields])
        query = {
            "where": where,
            "outFields": ",".join(fields),
            "orderByFields": str(source.key_field),
            "resultOffset": str(came),
            "resultRecordCount": str(settings.page_rows),
            "returnGeometry": "true" if source.format == "arcgis-geojson" else "false",
        }
        query |= {"f": "geojson", "outSR": "4326"} if source.format == "arcgis-geojson" else {"f": "json"}
        page = _query(http, source, query, settings)
        features = page.get("features")
        if not isinstance(features, list):
            raise FetchError(f"{source.id}: expected rows, but the service answered {str(page)[:200]}")
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
    attributes = row.get(kind)
    if not isinstance(attributes, dict):
        raise FetchError(f"{source.id}: the service sent a row without {kind}: {str(row)[:200]}")
    absent = [field for field in dict.fromkeys([str(source.key_field), *source.fields]) if field not in attributes]
    if absent:
        raise FetchError(
            f"{source.id}: the service has no column {', '.join(absent)}. It has {', '.join(attributes)}. "
            "Was it replaced by another year? Correct fields and address in declared/sources.toml."
        )
    return attributes


def _query(http: httpx.Client, source: Source, query: dict[str, str], settings: FetchSettings) -> dict[str, Any]:
    """One request; the service reports its errors with HTTP 200 and an ``error`` object."""
    result: dict[str, Any] = retries(settings)(worth_another_try(settings), _query_once, http, source, query)
    return result


def _query_once(http: httpx.Client, source: Source, query: dict[str, str]) -> dict[str, Any]:
    response = http.post(f"{source.address}/query", data=query)
    response.raise_for_status()
    try:
        reply = response.json()
    except ValueError as error:
        start = response.text[:60].strip()
        raise FetchError(
            f"{source.id}: expected JSON from {source.address}, but the server sent something else: '{start}'"
        ) from error
    if not isinstance(reply, dict):
        raise FetchError(f"{source.id}: the service answered {str(reply)[:200]}")
    if "error" in reply:
        fault = reply["error"] if isinstance(reply["error"], dict) else {}
        code, message = fault.get("code"), fault.get("message", reply["error"])
        if code in (429, 500, 502, 503, 504):
            raise CutOffError(f"{source.id}: the service reports error {code}: {message}")
        details = "; ".join(map(str, fault.get("details") or []))
        raise FetchError(
            f"{source.id}: the service reports error {code}: {message} {details}\n"
            f"  Address: {source.address}\n  Has it moved? See {source.landing_page}"
        )
    return reply
