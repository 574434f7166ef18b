"""Write the cheat sheet: ``python -m tools.cheat_sheet [FILE]``."""

import argparse
import pathlib

from tools.cheat_sheet.page import page

__all__ = ["main"]


def main(arguments=None):
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.cheat_sheet", description="Write the cheat sheet (HTML).")
    parser.add_argument("file", nargs="?", type=pathlib.Path, default=pathlib.Path("notebooks/cheat_sheet.html"))
    file = parser.parse_args(arguments).file
    if not file.parent.is_dir():
        parser.error(f"there is no folder {file.parent}")
    file.write_text(page(), encoding="utf-8")
    print(f"{file}: {file.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
