"""Execute notebooks in place, top to bottom, and store only what a reader needs (``make notebooks``).

A notebook is written only when every cell ran. What changes from run to run or from machine to machine is taken out:
widget state, times, the Python version, cell metadata of editors. So a second run of the same notebook changes nothing.
"""

import argparse
import os
import pathlib
import sys
import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

__all__ = ["clean", "execute", "execute_file", "notebooks_in"]

KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def execute(notebook, folder, timeout=120):
    """Run all cells in a new kernel that works in ``folder``; raise ``CellExecutionError`` at the first that fails.

    ``CONVLAB_STATIC`` is set for the kernel: explorers and predictions give their still form, which needs no kernel.
    """
    # Widget state is stored first and removed later: with store_widget_state=False nbclient fails on Output widgets.
    client = NotebookClient(
        notebook,
        timeout=timeout,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute(env={**os.environ, "CONVLAB_STATIC": "1"})
    return clean(notebook)


def clean(notebook):
    """Remove what is not the lesson from the notebook's metadata; outputs and counts stay."""
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNELSPEC, "language_info": {"name": "python"}})
    for cell in notebook.cells:
        tags = cell.metadata.get("tags")
        cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
    return notebook


def execute_file(path, timeout=120):
    """Execute the notebook at ``path`` and write it back; leave the file alone when a cell fails."""
    path = pathlib.Path(path)
    notebook = nbformat.read(path, as_version=4)
    execute(notebook, path.parent, timeout)
    nbformat.validate(notebook)
    nbformat.write(notebook, path)


def notebooks_in(paths):
    """Return the notebooks that ``paths`` name: files as they are, folders by what they hold, in order."""
    found = []
    for path in map(pathlib.Path, paths):
        found += sorted(path.glob("*.ipynb")) if path.is_dir() else [path]
    return found


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="+", help="notebooks, or folders that hold them")
    paths = notebooks_in(parser.parse_args(arguments).paths)
    if not paths:
        sys.exit("there is no notebook to execute")
    for path in paths:
        started = time.perf_counter()
        try:
            execute_file(path)
        except CellExecutionError as failure:
            sys.exit(f"{path} is left as it was, a cell failed:\n{failure}")
        print(f"{path}: {time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    main()
