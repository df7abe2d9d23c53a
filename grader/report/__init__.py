"""A grade for people: in the terminal, as one self-contained HTML page, as JSON. Each is a function of the result."""

from .handbook import draw_page, show_confusion, show_finding, show_libraries, show_list, show_page, show_wall
from .page import html, write
from .summary import summary
from .terminal import brief, checking, headline, show

__all__ = [
    "brief",
    "checking",
    "draw_page",
    "headline",
    "html",
    "show",
    "show_confusion",
    "show_finding",
    "show_libraries",
    "show_list",
    "show_page",
    "show_wall",
    "summary",
    "write",
]
