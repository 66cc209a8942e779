"""The page as it is written."""

from tests.fixtures.pages import carried
from tests.fixtures.projects import Demo


def test_the_page_carries_the_policy_and_the_sources(demo: Demo) -> None:
    html = demo[0].page("demo").read_text(encoding="utf-8")
    assert "connect-src &#x27;none&#x27;" in html or "connect-src 'none'" in html
    data = carried(demo[0].page("demo"))
    assert {"title", "licence", "attribution", "release", "publisher"} <= set(data["sources"][0])
    assert data["reference"] == "england"
