"""Results of trained studies, kept as JSON beside the code; reading them loads no torch.

Training does not give the same bits on another machine or with another version. So a study is run once, by
``make studies``, its numbers are stored here with what made them, and a lesson shows the stored numbers, says so, and
offers to train anew.
"""

import contextlib
import datetime
import functools
import importlib.metadata
import json
import os
import pathlib
import platform
import re
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from convlab.validation import boolean

__all__ = ["FOLDER", "Results", "load", "path_of", "plain", "provenance", "stored_or_trained", "timed", "with_origin"]

FOLDER = pathlib.Path(__file__).parent / "results"
#: Where a learner's own results are kept: in the folder of the notebook.
OWN = pathlib.Path(".convlab") / "studies"
PACKAGES = ("torch", "numpy")

#: What a study found: plain values, lists, dicts and arrays by name; among them ``seeds`` and ``seconds``.
Results = dict[str, Any]


def timed(run: Callable[..., Results]) -> Callable[..., Results]:
    """Decorate a study: what it returns is made to hold ``seconds``, the computing time of the whole on one core.

    Examples
    --------
    >>> timed(lambda: {"seeds": [0]})()
    {'seeds': [0], 'seconds': 0.0}
    """

    @functools.wraps(run)
    def measured(*arguments, **options):
        started = time.process_time()
        results = run(*arguments, **options)
        return {**results, "seconds": round(time.process_time() - started, 1)}

    return measured


def load(name: str, folder: str | pathlib.Path = FOLDER) -> Results:
    """The stored results of a study: a dict of plain values and lists.

    Examples
    --------
    >>> load("receptive_field_task")["stacks"]["dilated"]["rates"]
    [1, 2, 4]
    """
    path = path_of(name, folder)
    if not path.exists():
        raise FileNotFoundError(f"no stored results {path.name}; `make studies` trains all studies and stores them")
    return json.loads(path.read_text(encoding="utf-8"))


def stored_or_trained(name: str, run: Callable[[], Results], train: bool | str = False) -> Results:
    """The results of a study for a lesson: stored ones, or those of ``run()`` if the learner asks for them.

    With ``train=True`` they are trained once and kept in ``OWN``, so that a notebook does not train anew whenever all
    its cells run; ``"again"`` does. ``train`` is ignored where ``CONVLAB_STATIC`` is set: a committed notebook must
    stay the same.

    Examples
    --------
    >>> stored_or_trained("unet_skips", lambda: {})["seeds"]
    [0, 1, 2, 3, 4, 5]
    """
    again = train == "again"
    if not (again or boolean("train", train)) or os.environ.get("CONVLAB_STATIC"):
        return load(name)
    own = path_of(name, OWN)
    if own.exists() and not again:
        results = load(name, OWN)
        print(f'You trained these on {results["date"]}. train="again" trains them anew.')
        return results
    results = with_origin(run())
    with contextlib.suppress(OSError):  # where nothing can be written, nothing is kept
        own.parent.mkdir(parents=True, exist_ok=True)
        own.write_text(json.dumps(results), encoding="utf-8")
    return results


def provenance(results: Results) -> str:
    """One sentence that says where stored numbers come from, for a lesson to print.

    Examples
    --------
    >>> provenance({"versions": {"torch": "2.13.0"}, "date": "2026-11-21", "seeds": [0, 1, 2], "seconds": 63.2})
    'Results of 3 seeds, trained on 2026-11-21 with torch 2.13.0 in 63 s on one core.'
    """
    seeds, date, torch = len(results["seeds"]), results["date"], results["versions"]["torch"]
    return f"Results of {seeds} seeds, trained on {date} with torch {torch} in {results['seconds']:.0f} s on one core."


def path_of(name: str, folder: str | pathlib.Path = FOLDER) -> pathlib.Path:
    """The file with the results of a study; ``name`` is lower-case words joined by underscores.

    Examples
    --------
    >>> path_of("unet_skips").name
    'unet_skips.json'
    """
    if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", name):
        raise ValueError(f"name must be lower-case words joined by underscores, got {name!r}")
    return pathlib.Path(folder) / f"{name}.json"


def with_origin(results: Results) -> Results:
    """Plain results with the versions and the date that made them.

    Examples
    --------
    >>> list(with_origin({"seeds": range(2)}))
    ['versions', 'date', 'seeds']
    """
    packages = {name: importlib.metadata.version(name).partition("+")[0] for name in PACKAGES}
    versions = {"python": platform.python_version(), **packages}
    return {"versions": versions, "date": datetime.date.today().isoformat(), **plain(results)}


def plain(value: Any) -> Any:
    """The same without NumPy's types, for JSON.

    Examples
    --------
    >>> plain({3: np.array([0.25, 0.5]), "seeds": range(2)})
    {'3': [0.25, 0.5], 'seeds': [0, 1]}
    """
    if isinstance(value, dict):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple, range)):
        return [plain(entry) for entry in value]
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    return value
