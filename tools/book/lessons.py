"""A notebook as a page of the book: predictions carry what judges them, what tells their truth is marked as theirs."""

import ast
import copy
import html
import json
import re

from nbformat import NotebookNode

from convlab import arithmetic
from convlab.feedback.typed import example, is_counted
from convlab.misconceptions.comparison import plain

__all__ = ["asked", "page_of", "relinked", "truth_of", "waiting"]

# What `convlab.feedback.prediction` stores where there is no kernel.
STORED = re.compile(
    r"<p>(.*?)</p><details><summary>Predict first, then open</summary><code>(.*?)</code></details>", re.DOTALL
)
PICTURE = re.compile(r"!\[[^\]]*\]\((?!\w+:)[^)]*\)\n*")
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!\w+:|#)([^)#]*)(#[^)]*)?\)")
# Where in a Markdown cell the explanation ends.
NEXT_TOPIC = re.compile(r"^(?:#{1,6} |\*\*Predict)", re.MULTILINE)


def page_of(notebook: NotebookNode, name: str, places: dict[str, str]) -> NotebookNode:
    """The page of a notebook, as a notebook; ``places`` says where in the book the files are that it links to.

    In the page a prediction is ``<div data-prediction="...">``; what waits for number n has the class ``behind-n``,
    outputs as the tag of their cell.
    """
    page = copy.deepcopy(notebook)
    predictions = 0
    for cell in page.cells:
        if cell.cell_type == "markdown":
            cell.source = relinked(cell.source, places)
        for output in cell.get("outputs", ()):
            if (found := _stored(output)) is not None:
                predictions += 1
                values = json.dumps(asked(cell.source, found) | {"lesson": name, "number": predictions})
                stored = output.data["text/html"]
                cell.metadata["tags"] = [*cell.metadata.get("tags", ()), "hide-input"]  # the question stands in words
                output.data["text/html"] = f'<div data-prediction="{html.escape(values)}">{stored}</div>'
    for cell, number in waiting(page.cells):
        if cell.cell_type == "code":
            cell.metadata["tags"] = [*cell.metadata.get("tags", ()), f"behind-{number}"]
        else:
            told, rest = _told_and_rest(cell.source)
            cell.source = f"::::::{{container}} behind-{number}\n{told}\n::::::\n\n{rest}"
    return page


def relinked(text: str, places: dict[str, str]) -> str:
    """Markdown whose links to files lead to pages of the book; a link to what is not in it is words, a picture none.

    >>> relinked("[sheet](cheat_sheet.html), [law](../LICENSE), [web](https://a.b)", {"cheat_sheet.html": "sheet.md"})
    '[sheet](sheet.md), law, [web](https://a.b)'
    """

    def link(found):
        words, target, anchor = found.groups()
        return f"[{words}]({places[target]}{anchor or ''})" if target in places else words

    return LINK.sub(link, PICTURE.sub("", text))


def waiting(cells: list[NotebookNode]) -> list[tuple[NotebookNode, int]]:
    """The cells that tell the truth of a prediction, each with the prediction's number, from 1.

    They are those that `prediction.css` names: code cells down to the next Markdown cell, and that one if it begins
    with bold words. Here outputs stand from the beginning, so code that this explanation leads to waits as well.
    """
    found, number, below = [], 0, ""
    for cell in cells:
        bold = cell.cell_type == "markdown" and cell.source.startswith("**")
        if any(_stored(output) is not None for output in cell.get("outputs", ())):
            number, below = number + 1, "question"
        elif cell.cell_type == "code" and below:
            found.append((cell, number))
            below = "truth" if below == "question" else below
        elif below == "truth" and bold:
            found.append((cell, number))
            below = "" if _told_and_rest(cell.source)[1] else "explanation"
        elif not (below == "question" and bold):  # "Run." may stand between question and truth
            below = ""
    return found


def _stored(output):
    return STORED.search(output.get("data", {}).get("text/html", ""))


def _told_and_rest(source):
    end = NEXT_TOPIC.search(source)
    return (source[: end.start()], source[end.start() :]) if end else (source, "")


def truth_of(text: str):
    """The truth, as it is told in a folded answer.

    >>> truth_of("(8, 2)"), truth_of("columns"), truth_of("True")
    ([8, 2], 'columns', True)
    """
    try:
        value = plain(ast.literal_eval(text))
    except (ValueError, SyntaxError):
        return text
    return list(value) if isinstance(value, set) else value


def asked(source: str, stored: re.Match) -> dict:
    """What the page needs to ask and to judge; ``source`` is the cell with the call of ``predict``."""
    question, told = map(html.unescape, stored.groups())
    truth = truth_of(told)
    counted = _asks_for_a_size(source) or is_counted(question, truth)
    return {
        "question": question,
        "truth": truth,
        "told": told,
        "counted": counted,
        "unordered": told.startswith("{"),
        "example": example(truth, counted),
        "rows": 1 + (isinstance(truth, list) and any(isinstance(entry, list) for entry in truth)),
    }


def _asks_for_a_size(source):
    """Whether the second argument of ``predict`` names a size formula: then the page may tell how many numbers."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "predict" and len(node.args) > 1:
            return getattr(node.args[1], "value", None) in arithmetic.__all__
    return False
