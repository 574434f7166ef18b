"""Train the networks of the case studies with all seeds and store the results: ``make studies``.

``python -m tools.train_studies unet_skips`` trains one of them.
"""

import argparse
import importlib
import json
import pathlib

from convlab.studies.stored import FOLDER, Results, path_of, with_origin

__all__ = ["STUDIES", "main", "save"]

STUDIES = ("learned_upsampling", "unet_skips", "decoder_border", "receptive_field_task")
REQUIRED = ("seeds", "seconds")


def save(name: str, results: Results, folder: str | pathlib.Path = FOLDER) -> pathlib.Path:
    """Write the results of a study to ``<name>.json`` with the versions and the date; return the file.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = save("a_study", {"seeds": [0, 1], "seconds": 1.5, "error": 0.25}, folder)
    ...     json.loads(path.read_text())["error"]
    0.25
    """
    path = path_of(name, folder)
    if not isinstance(results, dict):
        raise TypeError(f"results must be a dict, got {type(results).__name__}")
    missing = [key for key in REQUIRED if key not in results]
    if missing:
        raise ValueError(f"results must hold {' and '.join(REQUIRED)}, {' and '.join(missing)} is missing")
    text = _by_lines(with_origin(results))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _by_lines(entries):
    """JSON with a line for each entry at the top: diffs stay readable, arrays do not take a line for each number."""
    lines = [f"  {json.dumps(key)}: {json.dumps(value, allow_nan=False)}" for key, value in entries.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main(arguments=None):
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.train_studies", description=__doc__.splitlines()[0])
    parser.add_argument("studies", nargs="*", choices=[*STUDIES, []], help="all without a name")
    for name in parser.parse_args(arguments).studies or STUDIES:
        print(save(name, importlib.import_module(f"convlab.studies.{name}").run()))


if __name__ == "__main__":
    main()
