"""Where the lessons lie: in the repository beside the package, in an installed convlab inside it."""

from pathlib import Path

__all__ = ["lessons_folder"]

PACKAGE = Path(__file__).parent


def lessons_folder() -> Path:
    """The folder with the lessons' notebooks and the cheat sheet; ``FileNotFoundError`` where they are missing.

    Examples
    --------
    >>> sorted(path.name for path in lessons_folder().glob("0[01]_*.ipynb"))
    ['00_start_here.ipynb', '01_sliding_dot_products.ipynb']
    """
    for folder in (PACKAGE / "notebooks", PACKAGE.parent / "notebooks"):
        if any(folder.glob("*.ipynb")):
            return folder
    raise FileNotFoundError(f"no lessons in {PACKAGE / 'notebooks'}: install convlab anew")
