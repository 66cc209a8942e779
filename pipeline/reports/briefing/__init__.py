"""Briefings: what they say, from tables by rules, and the same as PDF, as HTML and as slides."""

from pipeline.reports.briefing.compose import compose
from pipeline.reports.briefing.content import Briefing, KeyEntry, Picture
from pipeline.reports.briefing.finding import say_finding
from pipeline.reports.briefing.inputs import LEVEL_WORDS, BriefingInputs, Unit
from pipeline.reports.briefing.page import make_page
from pipeline.reports.briefing.pdf import make_pdf
from pipeline.reports.briefing.slides import make_slides

__all__ = [
    "LEVEL_WORDS",
    "Briefing",
    "BriefingInputs",
    "KeyEntry",
    "Picture",
    "Unit",
    "compose",
    "make_page",
    "make_pdf",
    "make_slides",
    "say_finding",
]
