"""Numbers as publishers and analysts write them, and their marks for a missing value."""

import re

NUMBER = re.compile(r"[+-]?(?:(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
"""A number, with or without commas between thousands."""
NOT_GIVEN = frozenset({"-", "..", ".", "[c]", "[x]", "[z]", "[u]", "n/a", "na"})
"""In lower case, the marks for a value that is not given: confidential, not available, not applicable."""
