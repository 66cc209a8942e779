"""A publisher on the loopback interface, sources that point at it, and settings that do not wait."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pipeline.catalogue import Source
from pipeline.fetch import FetchSettings
from tests.fixtures.publisher import Publisher


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    """A publisher that is closed when the test ends."""
    with Publisher() as opened:
        yield opened


@pytest.fixture
def settings() -> FetchSettings:
    return FetchSettings(timeout=5, attempts=4, wait_first=0.001, wait_most=0.01, page_rows=2_000, codes_per_request=4)


@pytest.fixture
def declare(publisher: Publisher) -> Callable[..., Source]:
    """A declared source at the publisher; a service unless ``format`` says otherwise."""

    def make(path: str, **values: Any) -> Source:
        base = {
            "id": "invented",
            "title": "Invented table",
            "publisher": "Nobody",
            "licence": "none",
            "attribution": "Invented",
            "landing_page": "https://example.org/invented",
            "address": publisher.address + path,
            "release": "first",
            "accessed": "2026-01-01",
            "geography": "lsoa21",
            "format": "file",
            "file": path.rsplit("/", 1)[-1],
            "reads": "invented",
        }
        return Source.model_validate(base | values)

    return make
