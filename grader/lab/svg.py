"""A matplotlib figure as inline SVG: follows the page's colours, says what it shows, and shares no id with another."""

from __future__ import annotations

import io
import re
from contextlib import AbstractContextManager
from typing import Any
from xml.etree import ElementTree as ET

from markupsafe import Markup
from matplotlib import rc_context
from matplotlib.figure import Figure

INK, QUIET, LINE, LIVE, COLD = "#010101", "#020202", "#030303", "#040404", "#050505"
"""Stand-ins for the page's colours, which differ between light and dark."""
_COLOURS = {INK: "--ink", QUIET: "--quiet", LINE: "--line", LIVE: "--live", COLD: "--cold-ink"}
_SVG, _LINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
ET.register_namespace("", _SVG)
ET.register_namespace("xlink", _LINK)
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "grade",
    "font.size": 11,
    "axes.edgecolor": LINE,
    "axes.labelcolor": QUIET,
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.facecolor": "none",
    "text.color": INK,
    "text.parse_math": False,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
}


def styled() -> AbstractContextManager[None]:
    """Return the context in which figures are drawn and written."""
    return rc_context(_STYLE)


def inline(figure: Figure, key: str, title: str, description: str) -> Markup:
    """Return the figure as an ``<svg>`` element; ``key`` is unique on its page."""
    written = io.StringIO()
    with styled():
        figure.savefig(written, format="svg", bbox_inches="tight", pad_inches=0.05, metadata={"Date": None})
    root = ET.fromstring(written.getvalue())  # noqa: S314  what matplotlib has just written
    for child in [child for child in root if child.tag.endswith("metadata")]:
        root.remove(child)
    _prefix_ids(root, key)
    for name, text in (("desc", description), ("title", title)):
        element = ET.Element(f"{{{_SVG}}}{name}", id=f"{key}-{name}")
        element.text = text
        root.insert(0, element)
    width = root.attrib.pop("width").removesuffix("pt")
    root.attrib.pop("height")
    root.attrib |= {"class": "plot", "role": "img", "aria-labelledby": f"{key}-title {key}-desc"}
    root.attrib["style"] = f"width:{float(width):.0f}pt"
    return Markup(_coloured(ET.tostring(root, encoding="unicode")))  # noqa: S704  texts are escaped by ElementTree


def _prefix_ids(root: ET.Element, key: str) -> None:
    """Keep the ids that something points to, told apart from those of other figures, and no others."""
    text = ET.tostring(root, encoding="unicode")
    used = set(re.findall(r'(?:url\(#|href="#)([^)"]+)', text))
    for element in root.iter():
        if element.attrib.get("id") in used:
            element.attrib["id"] = f"{key}-{element.attrib['id']}"
        else:
            element.attrib.pop("id", None)
        for name, value in element.attrib.items():
            element.attrib[name] = re.sub(r"(^#|url\(#)(?=[\w])", rf"\g<1>{key}-", value) if "#" in value else value


def _coloured(text: str) -> str:
    """Let the page's own colours in."""
    for stand_in, variable in _COLOURS.items():
        text = text.replace(stand_in, f"var({variable})")
    return text
