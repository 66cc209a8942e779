"""What a page shows without its scripts."""

import base64
import re
import zlib

import numpy as np
import shapely

from pipeline.atlas.still import encode_png, paint


def test_a_picture_has_each_area_where_it_is() -> None:
    west, east = shapely.box(0, 50, 1, 51), shapely.box(1, 50, 2, 51).difference(shapely.box(1.4, 50.4, 1.6, 50.6))
    picture = paint(np.array([west, east, shapely.Point(), None])[:2], np.array([1, 2], dtype=np.uint8))
    height, width = picture.shape
    assert picture[height // 2, width // 4] == 1
    assert picture[height // 10, 3 * width // 4] == 2
    assert picture[height // 2, 3 * width // 4] == 0
    assert abs((picture == 1).sum() / picture.size - 0.5) < 0.02


def test_areas_without_geometry_are_a_picture_of_nothing() -> None:
    assert paint(np.array([shapely.Polygon()]), np.array([1], dtype=np.uint8)).tolist() == [[0]]


def test_a_picture_comes_back_from_its_bytes() -> None:
    picture = np.array([[0, 1, 2], [2, 1, 0]], dtype=np.uint8)
    text, size = encode_png(picture, ["#ffffff", "#102030", "#405060"])
    content = base64.b64decode(text)
    assert size == (2, 3)
    assert content.startswith(b"\x89PNG")
    start = content.index(b"IDAT")
    length = int.from_bytes(content[start - 4 : start], "big")
    lines = zlib.decompress(content[start + 4 : start + 4 + length])
    assert np.frombuffer(lines, dtype=np.uint8).reshape(2, 4)[:, 1:].tolist() == picture.tolist()
    assert re.search(rb"PLTE\xff\xff\xff\x10\x20\x30\x40\x50\x60", content)
