"""A grade for people: in the terminal, as one self-contained HTML page, as JSON. Each is a function of a Grade."""

from .handbook import show_confusion, show_finding, show_list, show_page, show_wall
from .page import html
from .terminal import checking, show

__all__ = ["checking", "html", "show", "show_confusion", "show_finding", "show_list", "show_page", "show_wall"]
