"""A fictional Integrated Care System in the publishers' formats, so that everything after fetch is the real code.

Its places are in the open North Sea and its codes do not exist. Nothing is written here: files come as bytes.
"""

from pipeline.demo.files import demo_files

__all__ = ["demo_files"]
