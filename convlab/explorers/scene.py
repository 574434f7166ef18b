"""The parts of a scene: panels, the words that the sentences share, and which cell is chosen."""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np

__all__ = [
    "chosen_cell",
    "factor",
    "greys",
    "line",
    "listed",
    "longest_of",
    "looks_of",
    "number",
    "panel",
    "panels_of",
    "plural",
    "roomy",
]

SHOWN = 30


def number(value):
    """A number as the page writes it: whole numbers in full, others with six digits, halves away from zero."""
    value = float(value)
    if value != int(value):
        exact = Decimal(value)
        value = float(exact.quantize(Decimal(1).scaleb(exact.adjusted() - 5), ROUND_HALF_UP))
    if value == int(value):
        return str(int(value))
    if abs(value) < 1e-6:
        return repr(value).replace("e-0", "e-")
    return f"{value:.11f}".rstrip("0") if abs(value) < 1e-4 else repr(value)


def factor(value):
    return f"({number(value)})" if value < 0 else number(value)


def plural(count, word):
    return f"{count} {word}{'' if count == 1 else 's'}"


def listed(parts, joint):
    return joint.join(parts[:SHOWN]) + (f" … ({len(parts)} in all)" if len(parts) > SHOWN else "")


def greys(values):
    """Looks that make a picture of numbers: ``"grey10"``, white, for the largest, ``"grey0"``, black, for 0.

    Black is for the smallest number where one is below 0.
    """
    low, high = min(values.min(), 0), values.max()
    levels = np.floor(10 * (values - low) / ((high - low) or 1) + 0.5)
    return np.array([[f"grey{int(level)}" for level in row] for row in levels], object)


def panel(name, title, values, look, frame=None):
    """One grid of a scene; ``values`` are numbers or texts, ``look`` an array of names."""
    texts = [[value if isinstance(value, str) else number(value) for value in row] for row in values]
    return {"name": name, "title": title, "text": texts, "look": look.tolist(), "frame": frame}


def longest_of(values):
    """How many letters the longest number has."""
    return max(len(number(value)) for value in np.ravel(values))


def roomy(one, longest=None):
    """The panel with cells wide enough for its numbers, ``longest`` letters where it may show more later."""
    longest = longest or max(len(text) for row in one["text"] for text in row)
    if longest < 4:
        return one
    width = (min(longest, 11) + 2) / 4
    return one | {"places": [[width * column, width] for column in range(len(one["text"][0]))]}


def line(caption, blocks):
    """One line of a scene; ``blocks`` are pairs of a sign and rows of panels."""
    return {"caption": caption, "blocks": [{"sign": sign, "panels": panels} for sign, panels in blocks]}


def panels_of(lines):
    """All panels of a scene's lines, in order."""
    return [one for row in lines for block in row["blocks"] for panels in block["panels"] for one in panels]


def looks_of(lines):
    """The looks of each panel, by its name; what is changed there is changed in the scene."""
    return {one["name"]: one["look"] for one in panels_of(lines)}


def chosen_cell(explorer, lines, usual):
    """The pinned cell, if the scene has it; else ``usual``, the cell of the step."""
    if not explorer.selection:
        return usual
    name, row, column = explorer.selection
    look = looks_of(lines).get(name, [])
    there = row < len(look) and column < len(look[0]) and look[row][column] != "none"
    return explorer.selection if there else usual
