"""Results of trained studies, kept as JSON beside the code.

Training does not give the same bits on another machine or with another version. So a study is run once by
``python -m convlab.studies.<study>``, its numbers are stored here with what made them, and a lesson shows the
stored numbers, says so, and offers to train anew.
"""

import datetime
import importlib.metadata
import json
import os
import pathlib
import platform
import re

import numpy as np

from convlab.validation import boolean

__all__ = ["FOLDER", "load", "provenance", "save", "stored_or_trained"]

FOLDER = pathlib.Path(__file__).parent / "results"
PACKAGES = ("torch", "numpy", "scikit-learn")
REQUIRED = ("seeds", "seconds")


def save(name, results, folder=FOLDER):
    """Write the results of a study to ``<name>.json``; the versions and the date are added.

    Parameters
    ----------
    name : str
        Lower-case words joined by underscores.
    results : dict
        Plain values, lists, dicts and arrays; an array becomes a nested list. Must hold ``seeds``, a list of
        integers, and ``seconds``, the computing time of the whole study on one core (``time.process_time``).
    folder : path, optional
        Where to write; the package's own folder by default.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    TypeError
        If ``results`` is not a dict, or holds what JSON cannot keep.
    ValueError
        If the name is not of that form, ``seeds`` or ``seconds`` is missing, or a number is not finite.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = save("a_study", {"seeds": [0, 1], "seconds": 1.5, "error": np.array([0.25, 0.5])}, folder)
    ...     load("a_study", folder)["error"]
    [0.25, 0.5]
    """
    path = _path(name, folder)
    if not isinstance(results, dict):
        raise TypeError(f"results must be a dict, got {type(results).__name__}")
    missing = [key for key in REQUIRED if key not in results]
    if missing:
        raise ValueError(f"results must hold {' and '.join(REQUIRED)}, {' and '.join(missing)} is missing")
    text = _by_lines(_plain({**_made(), **results}))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def load(name, folder=FOLDER):
    """Read what :func:`save` wrote: a dict of plain values and lists.

    Raises
    ------
    ValueError
        If the name is not of the right form.
    FileNotFoundError
        If there are no stored results of this name; it says how to make them.
    """
    path = _path(name, folder)
    if not path.exists():
        raise FileNotFoundError(f"no stored results {path.name}; `make studies` trains all studies and stores them")
    return json.loads(path.read_text(encoding="utf-8"))


def stored_or_trained(name, run, train=False):
    """The results of a study for a lesson: stored ones, or new ones if the learner asks for them.

    Parameters
    ----------
    name : str
        As :func:`load`.
    run : callable
        Trains everything and returns what :func:`save` takes.
    train : bool
        True to train now. Ignored where ``CONVLAB_STATIC`` is set: a committed notebook must stay the same.

    Returns
    -------
    dict

    Raises
    ------
    TypeError
        If ``train`` is not a bool.
    FileNotFoundError
        As :func:`load`.

    Examples
    --------
    >>> results = stored_or_trained("not_stored", lambda: {"seeds": [0], "seconds": 0.0}, train=True)
    >>> sorted(results)
    ['date', 'seconds', 'seeds', 'versions']
    """
    if boolean("train", train) and not os.environ.get("CONVLAB_STATIC"):
        return {**_made(), **_plain(run())}
    return load(name)


def provenance(results):
    """One sentence that says where stored numbers come from, for a lesson to print.

    Raises
    ------
    KeyError
        If ``results`` is not what :func:`save` stores.

    Examples
    --------
    >>> provenance({"versions": {"torch": "2.13.0"}, "date": "2026-11-21", "seeds": [0, 1, 2], "seconds": 63.2})
    'Results of 3 seeds, trained on 2026-11-21 with torch 2.13.0 in 63 s on one core.'
    """
    seeds, date, torch = len(results["seeds"]), results["date"], results["versions"]["torch"]
    return f"Results of {seeds} seeds, trained on {date} with torch {torch} in {results['seconds']:.0f} s on one core."


def _path(name, folder):
    if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", name):
        raise ValueError(f"name must be lower-case words joined by underscores, got {name!r}")
    return pathlib.Path(folder) / f"{name}.json"


def _made():
    """With what and when results are made."""
    packages = {name: importlib.metadata.version(name).partition("+")[0] for name in PACKAGES}
    versions = {"python": platform.python_version(), **packages}
    return {"versions": versions, "date": datetime.date.today().isoformat()}


def _plain(value):
    """The same without NumPy's types, for JSON."""
    if isinstance(value, dict):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple, range)):
        return [_plain(entry) for entry in value]
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    return value


def _by_lines(entries):
    """JSON with a line for each entry at the top: diffs stay readable, arrays do not take a line for each number."""
    lines = [f"  {json.dumps(key)}: {json.dumps(value, allow_nan=False)}" for key, value in entries.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"
