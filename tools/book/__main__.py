"""Build the book: ``python -m tools.book [FOLDER]``."""

import argparse
import pathlib
import sys
import time

from tools.book.build import build

__all__ = ["main"]


def main(arguments=None):
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.book", description="Build the book, a static site.")
    parser.add_argument("folder", nargs="?", type=pathlib.Path, default=pathlib.Path("build/book"))
    folder, begin = parser.parse_args(arguments).folder, time.monotonic()
    status = build(folder)
    if not status:
        files = [path for path in folder.rglob("*") if path.is_file()]
        weight = sum(path.stat().st_size for path in files) / 1e6
        print(f"{folder / 'index.html'}: {len(files)} files, {weight:.1f} MB, {time.monotonic() - begin:.0f} s")
    return status


if __name__ == "__main__":
    sys.exit(main())
