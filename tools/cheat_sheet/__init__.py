"""The course on one page: formulas, conventions, windows. ``python -m tools.cheat_sheet`` writes it."""

from tools.cheat_sheet.page import page

__all__ = ["page"]
