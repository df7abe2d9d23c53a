"""Render Jinja templates; their marks are square brackets, because workflows, shells and Python use braces."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined


def render(room: str, template: str, **values: object) -> str:
    """Return a file made from the template of its name in a room of the package, such as ``handout``."""
    environment = Environment(
        loader=PackageLoader(f"grader.{room}"),
        autoescape=False,  # noqa: S701  YAML, JSON, shell, Python and Markdown, out of our own names
        undefined=StrictUndefined,
        variable_start_string="[[",
        variable_end_string="]]",
        block_start_string="[%",
        block_end_string="%]",
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(f"{template}.jinja").render(values)
