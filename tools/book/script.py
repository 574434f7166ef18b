"""The one script of the lessons' pages, put together of the explorers', the predictions' and the book's own."""

import pathlib

from convlab.explorers.javascript import module_text, stylesheet
from convlab.feedback.prediction import Prediction

__all__ = ["script", "styles"]

STATIC = pathlib.Path(__file__).with_name("static")


def script() -> str:
    """The modules in one file. A plain script, no ES module: browsers load no modules from ``file:``.

    >>> script().count("export ")
    0
    """
    explorers, form = (_as_value(text) for text in (module_text(), Prediction._esm))
    own = "\n".join(_own(name) for name in ("typed.js", "live.js"))
    return f'(() => {{\n"use strict";\nconst explorers = {explorers};\nconst form = {form};\n{own}\n}})();\n'


def styles() -> str:
    """The stylesheets of explorers and predictions, and the book's own."""
    return "\n".join([stylesheet(), Prediction._css, (STATIC / "book.css").read_text("utf-8")])


def _as_value(module):
    return f"(() => {{\n{module.replace('export default', 'return')}\n}})()"


def _own(name):
    lines = (STATIC / name).read_text("utf-8").splitlines()
    return "\n".join(line.removeprefix("export ") for line in lines if not line.startswith("import "))
