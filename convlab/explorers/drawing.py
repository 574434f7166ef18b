"""A scene as SVG: cells, signs and captions, the same text on every machine.

The looks are those of :mod:`convlab.plots`; the places are those of ``arrange`` in ``static/layout.js``.

A panel may say more, all of it counted in cells from its corner: ``places``, ``[left, width]`` of each of its columns;
``strokes``, lines ``[kind, [x, y], [x, y], ...]`` behind its cells; ``labels``, words ``[x, y, text]`` around them.
"""

from html import escape
from math import ceil

__all__ = ["LOOKS", "MEANING", "arrange", "letter_size", "svg"]

CELL, GAP, TITLE, CAPTION, SIGN = 30, 26, 20, 26, 30
FACT = 16  # height of a line of text below the grids
LOOKS = {  # fill, outline, width of the outline
    "plain": ("white", "#8c8c8c", 1),
    "read": ("#56B4E9", "black", 2.5),
    "written": ("#E69F00", "black", 2.5),
    "overlap": ("#F7D589", "black", 1.5),
    "padding": ("#f2f2f2", "#8c8c8c", 1),
    "zero": ("white", "#8c8c8c", 1),
    "cropped": ("#ebebeb", "#8c8c8c", 1),
    "beyond": ("white", "#4d4d4d", 1.5),
    "unread": ("#ebebeb", "#8c8c8c", 1),
    "unwritten": ("#ebebeb", "#8c8c8c", 1),
    "hole": ("white", "#D55E00", 2),
    "bad": ("white", "#D55E00", 2.5),
}
LOOKS |= {f"grey{tenth}": (f"rgb({', '.join([str(255 * tenth // 10)] * 3)})", "#8c8c8c", 1) for tenth in range(11)}
DARK = ("grey0", "grey1", "grey2", "grey3", "grey4")
MEANING = {
    "read": "read",
    "written": "written",
    "padding": "padding (zeros)",
    "zero": "inserted zero",
    "cropped": "cropped",
    "beyond": "beyond all stamps: 0",
    "unread": "never read",
    "unwritten": "never written",
    "overlap": "several stamps",
    "bad": "does not fit",
    "hole": "hole: never seen",
}
HATCHES = {
    "padding": (6, '<circle cx="3" cy="3" r="1" fill="#8c8c8c"/>'),
    "zero": (10, '<circle cx="5" cy="5" r="2" fill="none" stroke="#8c8c8c" stroke-width="0.7"/>'),
    "cropped": (8, '<path d="M0 0L8 8M8 0L0 8" stroke="#8c8c8c" stroke-width="0.7"/>'),
    "unread": (6, '<path d="M0 3H6" stroke="#8c8c8c" stroke-width="0.7"/>'),
    "unwritten": (6, '<path d="M3 0V6" stroke="#8c8c8c" stroke-width="0.7"/>'),
    "overlap": (7, '<path d="M0 7L7 0" stroke="black" stroke-width="0.5"/>'),
}
STROKES = {  # colour, width, dashes
    "axis": ("black", 1.5, ""),
    "outside": ("black", 1, "2 3"),
    "link": ("#8c8c8c", 1, ""),
    "chosen": ("black", 3, ""),
    "clamp": ("#D55E00", 3, ""),
    "group": ("black", 2.5, ""),
}
STRONG = ("read", "written", "overlap", "bad", "hole")


def arrange(lines):
    """Where every panel goes, in pixels: ``{"width", "height", "panels", "texts"}``."""
    placed, texts = [], []
    top, width = 4, 0
    for line in lines:
        if line["caption"]:
            texts.append({"x": 4, "y": top + 16, "text": line["caption"], "kind": "caption"})
            top += CAPTION
        heights = [sum(_row_height(row) for row in block["panels"]) for block in line["blocks"]]
        left = 4
        for block, height in zip(line["blocks"], heights):
            if block["sign"]:
                middle = top + TITLE + (max(heights) - TITLE - GAP / 2) / 2
                texts.append({"x": left + SIGN / 2, "y": middle, "text": block["sign"], "kind": "sign"})
                left += SIGN
            left = _block(block, left, top + (max(heights) - height) / 2, placed, texts)
        width = max(width, left)
        top += max(heights) + 4
    wordy = [8.2 * len(text["text"]) for text in texts if text["kind"] == "caption"]
    return {"width": ceil(max(width, *wordy, 10)), "height": ceil(top), "panels": placed, "texts": texts}


def _row_height(row):
    return TITLE + GAP / 2 + CELL * max(len(panel["text"]) for panel in row)


def _block(block, left, top, placed, texts):
    right = left
    for row in block["panels"]:
        x = left
        for panel in row:
            placed.append({**panel, "x": x, "y": top + TITLE})
            texts.append({"x": x, "y": top + TITLE - 6, "text": panel["title"], "kind": "title"})
            x += max(CELL * _wide(panel), 7 * len(panel["title"])) + GAP / 2
        right = max(right, x)
        top += _row_height(row)
    return right


def _place(panel, column):
    """``(left, width)`` of a column, in cells."""
    return panel["places"][column] if "places" in panel else (column, 1)


def _wide(panel):
    """Width of a panel in cells."""
    return max(map(sum, panel["places"])) if "places" in panel else len(panel["text"][0])


def letter_size(text, width=1):
    """Size of the letters with which a number fits its cell, ``width`` cells wide."""
    return next((size for length, size in ((4, 13), (5, 10.5), (7, 8)) if len(text) < length * width), 6.5)


def svg(scene, title, description):
    """The scene as an SVG document on white ground, with the formula and the meaning of the looks below."""
    layout = arrange(scene["lines"])
    looks = {look for panel in layout["panels"] for row in panel["look"] for look in row} - {"plain", "none"}
    legend = [f"{look}|{scene.get('meaning', {}).get(look, MEANING[look])}" for look in MEANING if look in looks]
    words = _wrapped([scene["formula"], *scene["facts"]], max(layout["width"], 480))
    width = max(layout["width"], 480)
    height = layout["height"] + (26 if legend else 0) + FACT * len(words) + 12
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="Helvetica, Arial, sans-serif" role="img">',
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>",
        f"<defs>{''.join(_pattern(look) for look in HATCHES if look in looks)}</defs>",
        f'<rect width="{width}" height="{height}" fill="white"/>',
        *(stroke for panel in layout["panels"] for stroke in _strokes(panel)),
        *_cells(layout["panels"]),
        *(_text(**text) for text in layout["texts"]),
        *(_frame(panel) for panel in layout["panels"] if panel["frame"]),
        *_legend(legend, layout["height"]),
    ]
    top = layout["height"] + (26 if legend else 0)
    for number, line in enumerate(words):
        parts.append(f'<text x="4" y="{top + FACT * (number + 1)}" font-size="12">{escape(line)}</text>')
    return "".join([*parts, "</svg>"])


def _pattern(look):
    size, marks = HATCHES[look]
    ground = f'<rect width="{size}" height="{size}" fill="{LOOKS[look][0]}"/>'
    return (
        f'<pattern id="{look}" width="{size}" height="{size}" patternUnits="userSpaceOnUse">{ground}{marks}</pattern>'
    )


def _cells(panels):
    """All cells; those with a strong outline last, so that it is whole."""
    cells = []
    for panel in panels:
        for row, (texts, looks) in enumerate(zip(panel["text"], panel["look"])):
            for column, (text, look) in enumerate(zip(texts, looks)):
                if look != "none":
                    left, width = _place(panel, column)
                    place = panel["x"] + CELL * left, panel["y"] + CELL * row
                    cells.append((look in STRONG, _cell(*place, text, look, width=width)))
    return [cell for _, cell in sorted(cells, key=lambda cell: cell[0])]


def _cell(x, y, text, look, side=CELL, width=1):
    fill, outline, thick = LOOKS[look]
    wide = side * width
    fill = f"url(#{look})" if look in HATCHES else fill
    dashes = ' stroke-dasharray="2 2"' if look in ("beyond", "hole") else ""
    rect = (
        f'<rect class="{look}" x="{x:g}" y="{y:g}" width="{wide:g}" height="{side}" fill="{fill}" stroke="{outline}" '
        f'stroke-width="{thick}"{dashes}/>'
    )
    if not text:
        return rect
    bold = ' font-weight="bold"' if look in STRONG else ""
    halo = f' paint-order="stroke" stroke="{LOOKS[look][0]}" stroke-width="3"' if look in HATCHES else ""
    ink = ' fill="white"' if look in DARK else ""
    return rect + (
        f'<text x="{x + wide / 2:g}" y="{y + side / 2:g}" font-size="{letter_size(text, width):g}" '
        f'text-anchor="middle" dominant-baseline="central"{bold}{halo}{ink}>{escape(text)}</text>'
    )


def _strokes(panel):
    """What a panel has behind its cells: lines and words."""
    for kind, *points in panel.get("strokes", ()):
        colour, thick, dashes = STROKES[kind]
        path = " ".join(f"{panel['x'] + CELL * x:g},{panel['y'] + CELL * y:g}" for x, y in points)
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{thick}"{dashed}/>'
    for x, y, text in panel.get("labels", ()):
        yield _text(panel["x"] + CELL * x, panel["y"] + CELL * y, text, "label")


def _text(x, y, text, kind):
    looks = {"title": 'font-size="12"', "caption": 'font-size="13" font-weight="bold"'}
    looks["label"] = 'font-size="11" text-anchor="middle" dominant-baseline="central"'
    looks["sign"] = 'font-size="20" text-anchor="middle" dominant-baseline="central"'
    return f'<text class="{kind}" x="{x:g}" y="{y:g}" {looks[kind]}>{escape(text)}</text>'


def _frame(panel):
    first, last = panel["frame"][1], panel["frame"][3] - 1
    top, bottom = (CELL * panel["frame"][n] for n in (0, 2))
    left, right = CELL * _place(panel, first)[0], CELL * sum(_place(panel, last))
    return (
        f'<rect class="frame" x="{panel["x"] + left:g}" y="{panel["y"] + top:g}" width="{right - left:g}" '
        f'height="{bottom - top}" fill="none" stroke="black" stroke-width="4"/>'
    )


def _legend(legend, top):
    x = 4
    for item in legend:
        look, meaning = item.split("|")
        yield _cell(x + 1, top + 4, "", look, side=14)
        yield f'<text x="{x + 20:g}" y="{top + 15}" font-size="12">{escape(meaning)}</text>'
        x += 34 + 6.4 * len(meaning)


def _wrapped(sentences, width):
    longest = int((width - 8) / 6.4)  # letters of DejaVu Sans, a wide font, and the margins
    lines = []
    for sentence in sentences:
        line = ""
        for word in sentence.split(" "):
            if line and len(line) + 1 + len(word) > longest:
                lines.append(line)
                line = "  " + word
            else:
                line = f"{line} {word}".strip() if not line.startswith("  ") else f"{line} {word}"
        lines.append(line)
    return lines
