"""The data package that describes every file of an area."""

from collections.abc import Mapping
from typing import Any

from pipeline.tables import Table, describe


def data_package(name: str, title: str, metadata: Mapping[str, Any], resources: Mapping[str, Table]) -> dict[str, Any]:
    """A Frictionless data package that describes every column of ``resources`` (file name to table)."""
    described = []
    for file, table in resources.items():
        schema = describe(table)
        if file.endswith(".csv"):
            schema["fields"] = [field for field in schema["fields"] if field["name"] != "geometry"]
        described.append(
            {
                "name": file.replace(".", "-").replace("_", "-"),
                "path": file,
                "title": table.title,
                "description": table.description,
                "format": file.rsplit(".", 1)[-1],
                "mediatype": "text/csv" if file.endswith(".csv") else "application/vnd.apache.parquet",
                **({"encoding": "utf-8", "dialect": {"lineTerminator": "\r\n"}} if file.endswith(".csv") else {}),
                "schema": schema,
            }
        )
    return {
        "$schema": "https://datapackage.org/profiles/1.0/datapackage.json",
        "name": name,
        "title": title,
        "created": metadata["built"],
        "licenses": [
            {
                "name": "OGL-UK-3.0",
                "title": "Open Government Licence v3.0",
                "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
            }
        ],
        "sources": [{"title": s["title"], "path": s["landing_page"]} for s in metadata["sources"]],
        "resources": described,
    }
