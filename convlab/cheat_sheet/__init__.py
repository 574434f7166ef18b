"""The course on one page: formulas, conventions, windows. ``python -m convlab.cheat_sheet`` writes it."""

from convlab.cheat_sheet.page import page

__all__ = ["page"]
