"""Data that come with an installed Python package."""

import hashlib
from importlib.resources import files

from pipeline import raw
from pipeline.catalogue import Source
from pipeline.errors import FetchError
from pipeline.fetch.destination import Destination, cannot_write, sweep
from pipeline.fetch.files import keep, put_in_place


def unpack_source(source: Source, destination: Destination) -> raw.Receipt:
    """Copy ``source`` out of the package that its address names (``package/path/in/it``) into ``data/raw``.

    Raises:
        FetchError: the package is not installed, or lacks the file.
    """
    package, _, inside = source.address.partition("/")
    try:
        content = files(package).joinpath(inside).read_bytes()
    except (ModuleNotFoundError, FileNotFoundError) as error:
        raise FetchError(
            f"{source.id}: the Python package '{package}' with {inside} is not installed ({error}). Install it: "
            f"python -m pip install {package}"
        ) from error
    receipt = raw.Receipt(
        source=source.id,
        file=source.file,
        address=source.address,
        mode="package",
        fetched_at=raw.utc_now(),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        declared_size=source.size,
        declared_sha256=source.sha256,
        accepted_difference=False,
    )
    path = destination.path(source, source.file)
    with destination.alone(source):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            sweep(path.parent)
            kept = keep(path, receipt)
            if kept is not None:
                return kept
            part = path.with_name(path.name + ".part")
            part.write_bytes(content)
            put_in_place(part, path, receipt)
        except OSError as error:
            raise cannot_write(source, path, error) from error
    return receipt
