"""Damage of shapes and points: boundaries, centroids, an area's polygon, places in a GeoJSON, towns."""

import io
import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import affinity

from tests.torture.cases import ANY, STOPS, STOPS_OR_SAYS, STOPS_OR_UNDERSTANDS, UNDERSTANDS, Bench, Case, Command
from tests.torture.project import LOCAL, RAW

BOUNDARIES = f"{RAW}/lsoa21_boundaries/LSOA21_BGC_EN.parquet"
CENTROIDS = f"{RAW}/lsoa21_centroids/LSOA_PopCentroids_EW_2021_V4.geojson"
TOWNS = f"{RAW}/geonames_towns/cities500.json"
WOLDS, HALLS = f"{LOCAL}/wolds.geojson", f"{LOCAL}/halls.geojson"
SHAPES, POINTS = "shapes: boundaries and polygons", "points: centroids, places, towns"
CODE = "LSOA21CD"
DRAWN_OTHERWISE = (
    "in eastings, rightly labelled",
    "in web mercator, rightly labelled",
    "rings the other way round",
    "rings with a third dimension",
)
Frame: TypeAlias = gpd.GeoDataFrame
Change = Callable[[Frame], Frame | bytes]


def cases() -> Iterator[Case]:
    """Every case of shapes and points."""
    for name, change, right in BOUNDARY_KINDS:
        names = ("LSOA21_BGC_EN", "boundaries")
        yield Case(SHAPES, f"boundaries: {name}", _boundaries(change), right, names, pages=name not in DRAWN_OTHERWISE)
    yield from _centroid_cases()
    yield from _polygon_cases()
    yield from _hall_cases()
    yield from _town_cases()


# --- boundaries


def _boundaries(change: Change) -> Callable[[Bench], None]:
    def act(bench: Bench) -> None:
        changed = change(gpd.read_parquet(io.BytesIO(bench.read(BOUNDARIES))))
        bench.publish(BOUNDARIES, changed if isinstance(changed, bytes) else _parquet(changed))

    return act


def _parquet(frame: Frame) -> bytes:
    content = io.BytesIO()
    frame.to_parquet(content, index=False)
    return content.getvalue()


def _at(frame: Frame, row: int, change: Callable[[Any], Any]) -> Frame:
    shapes = frame.geometry.tolist()
    shapes[row] = change(shapes[row])
    return frame.set_geometry(gpd.GeoSeries(shapes, crs=frame.crs, index=frame.index))


def _all(frame: Frame, change: Callable[[Any], Any]) -> Frame:
    return frame.set_geometry(gpd.GeoSeries([change(shape) for shape in frame.geometry], crs=frame.crs))


def _flip(shape: Any) -> Any:
    return shapely.transform(shape, lambda xy: xy[:, ::-1])


def _unlabelled(frame: Frame) -> Frame:
    return frame.set_crs(None, allow_override=True)


def _swap_codes(frame: Frame) -> Frame:
    codes = frame[CODE].tolist()
    codes[0], codes[40] = codes[40], codes[0]
    return frame.assign(**{CODE: codes})


def _rotate_codes(frame: Frame) -> Frame:
    codes = frame[CODE].tolist()
    return frame.assign(**{CODE: codes[7:] + codes[:7]})


def _bow(shape: Any) -> Any:
    west, south, east, north = shape.bounds
    return shapely.Polygon([(west, south), (east, north), (east, south), (west, north), (west, south)])


def _geojson(frame: Frame) -> bytes:
    return str(frame.to_json()).encode()


def _cut(part: float) -> Change:
    return lambda frame: _parquet(frame)[: int(len(_parquet(frame)) * part)]


BOUNDARY_KINDS: tuple[tuple[str, Change, frozenset[str]], ...] = (
    ("degrees labelled as National Grid", lambda f: f.set_crs(27700, allow_override=True), STOPS),
    ("eastings labelled as degrees", lambda f: f.to_crs(27700).set_crs(4326, allow_override=True), STOPS),
    ("eastings without a label", lambda f: _unlabelled(f.to_crs(27700)), STOPS),
    ("degrees without a label", _unlabelled, STOPS_OR_UNDERSTANDS),
    ("in eastings, rightly labelled", lambda f: f.to_crs(27700), ANY),
    ("in web mercator, rightly labelled", lambda f: f.to_crs(3857), ANY),
    ("web mercator labelled as National Grid", lambda f: f.to_crs(3857).set_crs(27700, allow_override=True), STOPS),
    ("axes swapped", lambda f: _all(f, _flip), STOPS),
    ("axes of one swapped", lambda f: _at(f, 3, _flip), STOPS_OR_SAYS),
    ("one moved by 200 km", lambda f: _at(f, 3, lambda s: affinity.translate(s, 3.0)), STOPS_OR_SAYS),
    ("one moved by 20 km", lambda f: _at(f, 3, lambda s: affinity.translate(s, 0.3)), STOPS_OR_SAYS),
    ("the codes of two swapped", _swap_codes, STOPS_OR_SAYS),
    ("all codes moved by seven rows", _rotate_codes, STOPS_OR_SAYS),
    ("one outline for two", lambda f: _at(f, 3, lambda _s: f.geometry.iloc[4]), STOPS_OR_SAYS),
    ("one outline within another", lambda f: _at(f, 3, lambda _s: f.geometry.iloc[4].buffer(-0.001)), STOPS_OR_SAYS),
    ("one outline for all", lambda f: _all(f, lambda _s: f.geometry.iloc[4]), STOPS),
    ("one is a bow tie", lambda f: _at(f, 3, _bow), STOPS_OR_SAYS),
    ("one is empty", lambda f: _at(f, 3, lambda _s: shapely.Polygon()), STOPS_OR_SAYS),
    ("one is missing", lambda f: _at(f, 3, lambda _s: None), STOPS_OR_SAYS),
    ("one is a point", lambda f: _at(f, 3, lambda s: s.centroid), STOPS_OR_SAYS),
    ("one is a line", lambda f: _at(f, 3, lambda s: s.boundary), STOPS_OR_SAYS),
    ("one is a speck", lambda f: _at(f, 3, lambda s: s.centroid.buffer(1e-6)), STOPS_OR_SAYS),
    ("one is as large as a country", lambda f: _at(f, 3, lambda s: s.centroid.buffer(3)), STOPS_OR_SAYS),
    ("one has an infinite point", lambda f: _at(f, 3, lambda s: shapely.transform(s, _infinite)), STOPS_OR_SAYS),
    ("rings the other way round", lambda f: _all(f, shapely.reverse), UNDERSTANDS),
    ("rings with a third dimension", lambda f: _all(f, lambda s: shapely.force_3d(s, 7.0)), UNDERSTANDS),
    ("in reverse order", lambda f: f.iloc[::-1].reset_index(drop=True), UNDERSTANDS),
    ("columns in another order", lambda f: f[["geometry", "LSOA21NM", CODE]], UNDERSTANDS),
    ("one missing", lambda f: f.drop(index=11).reset_index(drop=True), STOPS_OR_SAYS),
    ("half of them", lambda f: f.iloc[:30].reset_index(drop=True), STOPS_OR_SAYS),
    ("one twice", lambda f: f.iloc[[*range(60), 7]].reset_index(drop=True), ANY),
    ("one code twice, with another outline", lambda f: _code(f, 8, str(f[CODE].iloc[7])), STOPS),
    ("one code in lower case", lambda f: _code(f, 8, str(f[CODE].iloc[8]).lower()), ANY),
    ("one code with a space", lambda f: _code(f, 8, f"{f[CODE].iloc[8]} "), ANY),
    ("one code empty", lambda f: _code(f, 8, None), STOPS_OR_SAYS),
    ("one code with a letter O", lambda f: _code(f, 8, str(f[CODE].iloc[8]).replace("0", "O", 1)), STOPS_OR_SAYS),
    ("codes are numbers", lambda f: f.assign(**{CODE: np.arange(60)}), STOPS),
    ("codes of 2011 in their place", lambda f: f.rename(columns={CODE: "LSOA11CD"}), STOPS),
    ("codes as categories", lambda f: f.assign(**{CODE: pd.Categorical(f[CODE])}), UNDERSTANDS),
    ("codes in the index", lambda f: _indexed(f), STOPS_OR_UNDERSTANDS),
    ("without names", lambda f: f.drop(columns="LSOA21NM"), ANY),
    ("a neighbour of Wales more", lambda f: _wales(f), UNDERSTANDS),
    ("another format under the same name", _geojson, STOPS_OR_UNDERSTANDS),
    ("a table without shapes", lambda f: _table(pd.DataFrame(f.drop(columns="geometry"))), STOPS),
    ("no rows", lambda f: f.iloc[:0], STOPS),
    ("empty", lambda _f: b"", STOPS),
    ("arbitrary bytes", lambda _f: np.random.default_rng(1).bytes(4_000), STOPS),
    ("a web page", lambda _f: b"<html><body>Please sign in</body></html>", STOPS),
    *((f"cut after {tenth} tenths", _cut(tenth / 10), STOPS) for tenth in range(1, 10)),
)


def _infinite(points: Any) -> Any:
    points = points.copy()
    points[1] = np.inf
    return points


def _code(frame: Frame, row: int, code: str | None) -> Frame:
    codes = frame[CODE].tolist()
    codes[row] = code
    return frame.assign(**{CODE: codes})


def _indexed(frame: Frame) -> bytes:
    content = io.BytesIO()
    frame.set_index(CODE).to_parquet(content, index=True)
    return content.getvalue()


def _table(frame: pd.DataFrame) -> bytes:
    content = io.BytesIO()
    frame.to_parquet(content, index=False)
    return content.getvalue()


def _wales(frame: Frame) -> Frame:
    moved = affinity.translate(frame.geometry.iloc[0], -3.5, -3.0)
    row = gpd.GeoDataFrame({CODE: ["W01900001"], "LSOA21NM": ["Elsewhere 001A"]}, geometry=[moved], crs=frame.crs)
    return pd.concat([frame, row], ignore_index=True)


# --- GeoJSON: centroids, polygons, halls


Features = list[dict[str, Any]]


def _json(file: str, change: Callable[[Features], Features | bytes], *, published: bool) -> Callable[[Bench], None]:
    def act(bench: Bench) -> None:
        collection = json.loads(bench.read(file))
        changed = change(collection["features"])
        text = changed if isinstance(changed, bytes) else json.dumps({**collection, "features": changed}).encode()
        (bench.publish if published else bench.write)(file, text)

    return act


def _move(features: Features, change: Callable[[Any], Any], rows: slice = slice(None)) -> Features:
    for feature in features[rows]:
        shape = change(shapely.from_geojson(json.dumps(feature["geometry"])))
        feature["geometry"] = json.loads(shapely.to_geojson(shape))
    return features


def _eastings(shape: Any) -> Any:
    return gpd.GeoSeries([shape], crs=4326).to_crs(27700).iloc[0]


def _mercator(shape: Any) -> Any:
    return gpd.GeoSeries([shape], crs=4326).to_crs(3857).iloc[0]


def _property(features: Features, row: int, key: str, value: Any) -> Features:
    features[row]["properties"][key] = value
    return features


def _shapeless(features: Features, row: int) -> Features:
    features[row]["geometry"] = None
    return features


ONE = slice(3, 4)


def _centroid_cases() -> Iterator[Case]:
    kinds: tuple[tuple[str, Callable[[Features], Features | bytes], frozenset[str]], ...] = (
        ("axes swapped", lambda f: _move(f, _flip), STOPS_OR_SAYS),
        ("axes of one swapped", lambda f: _move(f, _flip, ONE), STOPS_OR_SAYS),
        ("one 50 km off", lambda f: _move(f, lambda s: affinity.translate(s, 0.8), ONE), STOPS_OR_SAYS),
        ("one in the next district", lambda f: _move(f, lambda s: affinity.translate(s, 0.2), ONE), STOPS_OR_SAYS),
        ("all 20 km off", lambda f: _move(f, lambda s: affinity.translate(s, 0.3)), STOPS_OR_SAYS),
        ("in eastings", lambda f: _move(f, _eastings), STOPS),
        ("one in eastings", lambda f: _move(f, _eastings, ONE), STOPS_OR_SAYS),
        ("in web mercator", lambda f: _move(f, _mercator), STOPS),
        ("one code is the number 5", lambda f: _property(f, 3, CODE, 5), STOPS_OR_SAYS),
        ("one code is missing", lambda f: _property(f, 3, CODE, None), STOPS_OR_SAYS),
        ("one code is another's", lambda f: _property(f, 3, CODE, f[9]["properties"][CODE]), STOPS_OR_SAYS),
        (
            "codes in lower case",
            lambda f: [_property([one], 0, CODE, one["properties"][CODE].lower())[0] for one in f],
            ANY,
        ),
        ("one without a point", lambda f: _shapeless(f, 3), STOPS_OR_SAYS),
        ("one a polygon", lambda f: _move(f, lambda s: s.buffer(0.01), ONE), STOPS_OR_SAYS),
        ("one missing", lambda f: f[:3] + f[4:], STOPS_OR_SAYS),
        ("the second half missing", lambda f: f[:30], STOPS_OR_SAYS),
        ("in reverse order", lambda f: f[::-1], UNDERSTANDS),
        ("codes moved by a row", _rotated, STOPS_OR_SAYS),
        ("no features", lambda _f: [], STOPS_OR_SAYS),
        ("cut", lambda f: json.dumps({"type": "FeatureCollection", "features": f}).encode()[:3_000], STOPS),
        ("5,000 nested brackets", lambda _f: b'{"type":' + b"[" * 5_000, STOPS),
        ("an error in JSON", lambda _f: b'{"error": "rate limit"}', STOPS),
        ("a web page", lambda _f: b"<html><body>Please sign in</body></html>", STOPS),
        ("empty", lambda _f: b"", STOPS),
        ("arbitrary bytes", lambda _f: np.random.default_rng(2).bytes(3_000), STOPS),
        ("with a byte-order mark", lambda f: "\ufeff".encode() + _collection(f), ANY),
        ("in UTF-16", lambda f: _collection(f).decode().encode("utf-16"), STOPS_OR_UNDERSTANDS),
    )
    for name, change, right in kinds:
        act = _json(CENTROIDS, change, published=True)
        yield Case(POINTS, f"centroids: {name}", act, right, names=("LSOA_PopCentroids", "centroid"))


def _collection(features: Features) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def _rotated(features: Features) -> Features:
    codes = [feature["properties"][CODE] for feature in features]
    for feature, code in zip(features, codes[7:] + codes[:7], strict=True):
        feature["properties"][CODE] = code
    return features


WOLDS_MAPS: tuple[Command, ...] = (("maps", "wolds"),)


def _polygon_cases() -> Iterator[Case]:
    kinds: tuple[tuple[str, Callable[[Features], Features | bytes], frozenset[str]], ...] = (
        ("axes swapped", lambda f: _move(f, _flip), STOPS),
        ("in eastings, without a CRS", lambda f: _bare(_move(f, _eastings)), STOPS),
        ("in web mercator, without a CRS", lambda f: _bare(_move(f, _mercator)), STOPS),
        ("in another country", lambda f: _move(f, lambda s: affinity.translate(s, 10)), STOPS),
        ("a point", lambda f: _move(f, lambda s: s.centroid), STOPS),
        ("a line", lambda f: _move(f, lambda s: s.boundary), STOPS_OR_SAYS),
        ("a bow tie", lambda f: _move(f, _bow), STOPS_OR_SAYS | UNDERSTANDS),
        ("empty geometry", lambda f: _move(f, lambda s: shapely.Polygon()), STOPS),
        ("no geometry", lambda f: _shapeless(f, 0), STOPS),
        ("ring the other way round", lambda f: _move(f, shapely.reverse), UNDERSTANDS),
        ("as two halves", _halves, UNDERSTANDS),
        ("a speck", lambda f: _move(f, lambda s: s.centroid.buffer(1e-7)), STOPS),
        ("no features", lambda f: [], STOPS),
        ("cut", lambda f: _collection(f)[:200], STOPS),
        ("a table of codes under its name", lambda f: b"LSOA21CD\nE01900003\nE01900004\n", STOPS),
        ("an error in JSON", lambda f: b'{"error": "rate limit"}', STOPS),
        ("a web page", lambda f: b"<html><body>Please sign in</body></html>", STOPS),
        ("empty", lambda f: b"", STOPS),
        ("arbitrary bytes", lambda f: np.random.default_rng(3).bytes(3_000), STOPS),
    )
    for name, change, right in kinds:
        act = _json(WOLDS, change, published=False)
        names = ("wolds.geojson", "polygon_file")
        yield Case(SHAPES, f"polygon of an area: {name}", act, right, names=names, commands=WOLDS_MAPS)
    for suffix, content, right in _polygon_files():
        act = _other_polygon(f"wolds.{suffix}", content)
        names = (f"wolds.{suffix}", "polygon_file")
        yield Case(SHAPES, f"polygon of an area: a file .{suffix}", act, right, names=names, commands=WOLDS_MAPS)


def _bare(features: Features) -> bytes:
    return _collection(features)


def _halves(features: Features) -> Features:
    shape = shapely.from_geojson(json.dumps(features[0]["geometry"]))
    west, south, east, north = shape.bounds
    middle = (west + east) / 2
    halves = [shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)]
    return [{**features[0], "geometry": json.loads(shapely.to_geojson(shape.intersection(half)))} for half in halves]


def _polygon_files() -> Iterator[tuple[str, Callable[[Bench], bytes], frozenset[str]]]:
    def written(driver: str, suffix: str) -> Callable[[Bench], bytes]:
        def content(bench: Bench) -> bytes:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / f"wolds.{suffix}"
                gpd.read_file(bench.root / WOLDS).to_file(path, driver=driver)
                return path.read_bytes()

        return content

    def zipped(bench: Bench) -> bytes:
        import zipfile

        packed = io.BytesIO()
        with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(packed, "w") as archive:
            gpd.read_file(bench.root / WOLDS).to_file(Path(folder) / "wolds.shp")
            for part in sorted(Path(folder).iterdir()):
                archive.write(part, part.name)
        return packed.getvalue()

    def two_layers(bench: Bench) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "wolds.gpkg"
            shape = gpd.read_file(bench.root / WOLDS)
            shape.to_file(path, driver="GPKG", layer="wolds")
            moved = shape.set_geometry(shape.geometry.translate(0.2))
            moved.to_file(path, driver="GPKG", layer="other")
            return path.read_bytes()

    yield "gpkg", written("GPKG", "gpkg"), UNDERSTANDS
    yield "zip", zipped, STOPS_OR_UNDERSTANDS
    yield "csv", lambda _bench: b"LSOA21CD\nE01900003\n", STOPS
    yield "xlsx", lambda bench: bench.read(f"{LOCAL}/calls.xlsx"), STOPS
    yield "parquet", lambda bench: bench.read(BOUNDARIES)[:4_000], STOPS
    yield "shp", written("ESRI Shapefile", "shp"), STOPS
    yield "two.gpkg", two_layers, STOPS_OR_SAYS


def _other_polygon(name: str, content: Callable[[Bench], bytes]) -> Callable[[Bench], None]:
    def act(bench: Bench) -> None:
        bench.write(f"{LOCAL}/{name}", content(bench))
        bench.declare("areas.toml", "data/local/wolds.geojson", f"data/local/{name}")

    return act


def _hall_cases() -> Iterator[Case]:
    kinds: tuple[tuple[str, Callable[[Features], Features | bytes], frozenset[str]], ...] = (
        ("drawn as buildings", lambda f: _move(f, lambda s: s.buffer(0.0004, 2)), STOPS_OR_SAYS),
        ("axes swapped", lambda f: _move(f, _flip), STOPS),
        ("axes of one swapped", lambda f: _move(f, _flip, ONE), STOPS_OR_SAYS),
        ("in eastings, without a CRS", lambda f: _bare(_move(f, _eastings)), STOPS | UNDERSTANDS | STOPS_OR_SAYS),
        ("in web mercator, without a CRS", lambda f: _bare(_move(f, _mercator)), STOPS | UNDERSTANDS | STOPS_OR_SAYS),
        ("one without a point", lambda f: _shapeless(f, 1), STOPS_OR_SAYS),
        ("one without a name", lambda f: _property(f, 1, "name", None), STOPS_OR_SAYS),
        ("one far away", lambda f: _move(f, lambda s: affinity.translate(s, 8), ONE), STOPS_OR_SAYS),
        (
            "one line",
            lambda f: _move(f, lambda s: shapely.LineString([s, affinity.translate(s, 0.1)]), ONE),
            STOPS_OR_SAYS,
        ),
        (
            "as points of several parts",
            lambda f: _move(f, lambda s: shapely.MultiPoint([s])),
            STOPS_OR_SAYS | UNDERSTANDS,
        ),
        ("no property of that name", lambda f: [{**one, "properties": {"title": "x"}} for one in f], STOPS),
        ("no features", lambda f: [], STOPS_OR_SAYS),
        ("cut", lambda f: _collection(f)[:200], STOPS),
        ("an error in JSON", lambda f: b'{"error": "rate limit"}', STOPS),
        ("a CSV under its name", lambda f: b"name,x,y\nHall,0.6,55.6\n", STOPS),
        ("empty", lambda f: b"", STOPS),
        ("arbitrary bytes", lambda f: np.random.default_rng(4).bytes(3_000), STOPS),
    )
    for name, change, right in kinds:
        act = _json(HALLS, change, published=False)
        yield Case(POINTS, f"halls: {name}", act, right, names=("halls.geojson", "hall:", "halls:", "hall "))


def _town_cases() -> Iterator[Case]:
    def towns(change: Callable[[dict[str, Any]], Any]) -> Callable[[Bench], None]:
        def act(bench: Bench) -> None:
            changed = change(json.loads(bench.read(TOWNS)))
            bench.publish(TOWNS, changed if isinstance(changed, bytes) else json.dumps(changed).encode())

        return act

    def first(values: dict[str, Any], **changes: Any) -> dict[str, Any]:
        key = next(iter(values))
        return {**values, key: {**values[key], **changes}}

    kinds: tuple[tuple[str, Callable[[dict[str, Any]], Any], frozenset[str]], ...] = (
        (
            "axes swapped",
            lambda t: {k: {**v, "latitude": v["longitude"], "longitude": v["latitude"]} for k, v in t.items()},
            STOPS_OR_SAYS,
        ),
        ("one without a name", lambda t: first(t, name=None), STOPS_OR_SAYS),
        ("one with a text for a number", lambda t: first(t, latitude="north"), STOPS_OR_SAYS),
        ("one not a number", lambda t: json.dumps(first(t, latitude=float("nan"))).encode(), STOPS_OR_SAYS),
        ("one beyond the pole", lambda t: first(t, latitude=155.0), STOPS_OR_SAYS),
        ("residents below nought", lambda t: first(t, population=-5), STOPS_OR_SAYS),
        ("a key gone", lambda t: {k: {n: x for n, x in v.items() if n != "latitude"} for k, v in t.items()}, STOPS),
        ("a list in its place", lambda t: list(t.values()), STOPS_OR_UNDERSTANDS),
        ("no towns", lambda t: {}, STOPS_OR_SAYS),
        ("cut", lambda t: json.dumps(t).encode()[:100], STOPS),
        ("5,000 nested brackets", lambda t: b"[" * 5_000, STOPS),
        ("a number", lambda t: b"7", STOPS),
        ("empty", lambda t: b"", STOPS),
        ("arbitrary bytes", lambda t: np.random.default_rng(5).bytes(300), STOPS),
        ("with a byte-order mark", lambda t: "\ufeff".encode() + json.dumps(t).encode(), ANY),
    )
    for name, change, right in kinds:
        yield Case(POINTS, f"towns: {name}", towns(change), right, names=("cities500.json", "geonames_towns", "town"))
