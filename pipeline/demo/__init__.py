"""A fictional Integrated Care System in the publishers' formats, so that everything after fetch is the real code.

Its places lie in the open North Sea and its codes exist nowhere. Nothing is written here: files come as bytes.
"""

from pipeline.demo.files import demo_files

__all__ = ["demo_files"]
