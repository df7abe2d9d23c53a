"""A grade for people: in the terminal, as one self-contained HTML page, as JSON. Each is a function of a Grade."""

from .page import html
from .terminal import checking, show

__all__ = ["checking", "html", "show"]
