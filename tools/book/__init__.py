"""The book: lessons, cheat sheet, sources, coverage and API as a static site, ``make book``.

Nothing is executed: the pages show what the notebooks hold. ``pages`` lays out what Sphinx reads, ``lessons`` makes
pages of notebooks, ``script`` the one script that brings stored explorers and predictions to life, ``conf`` Sphinx's.
"""

from tools.book.build import build

__all__ = ["build"]
