"""Errors written for an analyst: what was expected, what was found, where, and what to do next."""

from collections.abc import Iterable


class PipelineError(Exception):
    """A problem that the person running the pipeline can act on; shown without a traceback."""


class DeclarationError(PipelineError):
    """A file under ``declared/`` says something that cannot be used."""


class MissingSourceError(PipelineError):
    """A raw file that an area needs is not there."""


class FetchError(PipelineError):
    """A source could not be fetched whole."""


class ChangedSourceError(FetchError):
    """The bytes that came are not the bytes that were declared."""


class RawFileError(PipelineError):
    """A raw file does not have the layout or the values its publisher documents."""


class SchemaError(PipelineError):
    """A table does not keep to its schema."""


class JoinError(PipelineError):
    """Tables that should describe the same areas do not."""


class ScoringError(PipelineError):
    """An index cannot be computed from the data at hand."""


class EvidenceError(PipelineError):
    """An outcome cannot be held against a score, or weights cannot be fitted to it."""


def first(items: Iterable[object], limit: int = 20) -> str:
    """The first ``limit`` items as one line, with the count of what is left out."""
    listed = [str(item) for item in items]
    shown = ", ".join(listed[:limit])
    return shown if len(listed) <= limit else f"{shown} … and {len(listed) - limit:,} more"
