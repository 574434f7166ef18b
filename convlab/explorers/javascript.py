"""The explorers' JavaScript: one ES module for the page; and the same module asked from Python.

What an explorer shows has its home in ``static/``. The page needs no more. Python asks where it stores what is shown:
still pictures, alternative texts, :meth:`Explorer.to_html`. That takes an engine, the package ``mini-racer``.
"""

import atexit
import functools
import json
import re
from pathlib import Path
from typing import Any

from convlab.views import NETWORKS

__all__ = ["MissingEngine", "ask", "have_engine", "module_text", "settings", "stylesheet"]

STATIC = Path(__file__).with_name("static")
IMPORT = re.compile(r'^import (.*?) from "\./([\w.]+)".*?;\n', re.MULTILINE | re.DOTALL)


class MissingEngine(ImportError):
    """There is no JavaScript engine here."""


def settings() -> dict:
    """What Python and the page both know: limits of what can be drawn, controls, networks, options of modes."""
    known = json.loads(_read("settings.json"))
    for name, network in known["networks"].items():
        network["layers"] = [[type(layer).__name__, layer._asdict()] for layer in NETWORKS[name]]
    return known


def stylesheet() -> str:
    """The stylesheet of all explorers."""
    return _read("figure.css") + _read("explorer.css")


@functools.cache
def module_text() -> str:
    """The ES module of all explorers: every file of ``static/``, each after those that it imports."""
    placed: dict[str, str] = {}
    names = sorted(path.name for path in STATIC.glob("*.js"))
    for name in sorted(names, key="explorer.js".__eq__):  # the page itself comes last
        _place(name, placed)
    return "\n".join(placed.values())


def have_engine() -> bool:
    """Whether :func:`ask` has an engine."""
    try:
        _new_engine()
    except MissingEngine:
        return False
    return True


def ask(function: str, *arguments: Any, module: str | None = None) -> Any:
    """What a function of the module gives, as plain data.

    >>> ask("transposeSize", 2, 3, 2, [1, 1], 0, 1)
    3
    """
    called = f"{function}({', '.join(json.dumps(argument) for argument in arguments)})"
    return json.loads(_loaded(module or module_text()).eval(f"JSON.stringify({called} ?? null)"))


def _read(name):
    return (STATIC / name).read_text("utf-8")


def _place(name, placed):
    """Put the text of a file, without imports and exports, behind the texts of those that it imports."""
    if name in placed:
        return
    text = _read(name)
    if name.endswith(".json"):
        placed[name] = f"const SETTINGS = {json.dumps(settings())};\n"
        return
    if name.endswith(".css"):
        placed[name] = f"const LOOKS = {json.dumps(text)};\n"
        return
    for _, imported in IMPORT.findall(text):
        _place(imported, placed)
    placed[name] = re.sub(r"^export (?!default)", "", IMPORT.sub("", text), flags=re.MULTILINE)


def _new_engine():
    try:
        from py_mini_racer import MiniRacer
    except ImportError:
        raise MissingEngine(
            "Still pictures of explorers are drawn by their JavaScript, and there is no engine for it. "
            "Install the package mini-racer: pip install 'convlab[author]'"
        ) from None
    return MiniRacer


@functools.lru_cache(maxsize=2)
def _loaded(module):
    engine = _new_engine()()
    atexit.register(engine.close)  # left to the interpreter's end, its thread is gone first, and closing waits for ever
    engine.eval(f"{module.replace('export default', '')}; 0")
    return engine
