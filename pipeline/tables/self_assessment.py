"""What a team answers, theme by theme."""

from pipeline.tables.table import Family, Table

_answer = Family("self_assessment", "self_assessment")

SELF_ASSESSMENT = Table(
    "self_assessment",
    "Self-assessment",
    "One row for each theme of declared/themes.toml that the team has answered, in the order of that file.",
    (
        _answer("theme", "code", "Theme", "The id of declared/themes.toml"),
        _answer("file_row", "order", "Row of the file", "Row of the file, 1 = headers", minimum=2),
        _answer("now", "order", "Now", "The level where the team says that it is, 1 = the first", minimum=1),
        _answer("target", "order", "Target", "The level where it wants to be, not below now", minimum=1),
        _answer("how", "text", "Plan", "How it means to get there", nullable=True),
        _answer("owner", "text", "Owner", "The role or team that sees to it", nullable=True),
        _answer(
            "by_when",
            "text",
            "By when",
            "The date by which it is to be there, year-month-day",
            nullable=True,
            pattern=r"\d{4}-\d{2}-\d{2}",
        ),
    ),
    key="theme",
    geography="none",
)
