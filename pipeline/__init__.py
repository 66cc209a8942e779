"""Digital-exclusion risk for small areas: from official files to a map in one file.

The way through is one line: ``fetch`` puts official files into ``data/raw``, ``tidy`` reads each into
one frame, ``join`` puts the frames onto the boundaries, ``index`` scores, ``atlas`` draws the page.
``store`` writes every output; ``__main__`` is the only place that composes the stages.
"""
