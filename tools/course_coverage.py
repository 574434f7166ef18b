"""The coverage table of the course: which lesson teaches what, and where (``make coverage``).

``notebooks/coverage.json`` is the table; this file knows what must be in it, looks for each entry in the executed
lessons, and writes the page ``notebooks/COVERAGE.md``. The sources of the course are five documents: S0 and S1 (the
same blog post), S2 (a lecture notebook), S3 (slides on a decoder), S4 (a post in Vietnamese).
"""

import json
import pathlib
import re
import sys

import nbformat

FOLDER = pathlib.Path(__file__).parents[1] / "notebooks"
TABLE = FOLDER / "coverage.json"
PAGE = FOLDER / "COVERAGE.md"

VERDICTS = ("RIGHT", "WRONG", "MISLEADING", "INCOMPLETE", "TOPIC")
# S0-40 is a slip of the pen and an unwritten section.
CLAIMS = [
    f"{document}-{number:02d}"
    for document, count in (("S0", 39), ("S1", 3), ("S2", 35), ("S3", 32), ("S4", 32))
    for number in range(1, count + 1)
]
TOPICS = [
    "X-1D",
    "X-2D",
    *(f"X-CONV2D-{n}" for n in (1, 2, 3, 4)),
    *(f"X-CT2D-{n}" for n in (5, 6, 7)),
    *(f"X-CASE-{n}" for n in range(1, 6)),
    *(f"X-DEC-{n}" for n in range(1, 7)),
    *(f"X-UP-{n}" for n in range(1, 5)),
    *(f"X-DV-{n}" for n in range(1, 16)),
    "X-PITFALL",
    "X-FIXED-PADDING",
    "X-DEEPLAB",
    "X-UNET",
    "X-CHERENKOV",
    "X-MATRIX",
    "X-GRADIENT",
    "X-ADJOINT",
    "X-POLYPHASE",
]
# Claims of the sources that are wrong or mislead: each must be stated, run and put right.
WRONG = (
    "S0-01 S0-02 S0-05 S0-09 S0-10 S0-11 S0-21 S0-23 S0-28 S0-29 S0-30 S0-34 S0-36 S0-38 "
    "S2-04 S2-15 S2-19 S2-20 S2-21 S2-22 S2-24 S2-32 S2-33 "
    "S3-02 S3-13 S3-17 S3-21 S3-22 S3-28 S3-29 "
    "S4-04 S4-08 S4-09 S4-11 S4-15 S4-16 S4-22"
).split()
# Wrong in words only: nothing to compute.
IN_WORDS = {"S0-21", "S0-28", "S2-24", "S2-32"}


def read(table=TABLE):
    return json.loads(table.read_text(encoding="utf-8"))


def lesson_cells(folder=FOLDER):
    """``{lesson: {cell id: cell}}`` of the stored notebooks."""
    found = {}
    for path in sorted(folder.glob("*.ipynb")):
        notebook = nbformat.v4.reads_json(path.read_text(encoding="utf-8"))
        found[path.stem] = {cell.id: cell for cell in notebook.cells}
    return found


def shown_by(cell):
    """All text that a code cell's outputs hold, with tags removed from HTML."""
    texts = []
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        texts += [output.get("text", ""), data.get("text/plain", "")]
        texts.append(re.sub(r"<[^>]*>", " ", re.sub(r'data:[^"]*', "", data.get("text/html", ""))))
    return "\n".join(texts)


def complaints(entries, lessons, wanted=None):
    """Everything that is wrong with the table, as sentences."""
    wanted = CLAIMS + TOPICS if wanted is None else wanted
    found = [f"{name} is in no lesson" for name in wanted if name not in {entry["id"] for entry in entries}]
    for entry in entries:
        found += [f"{entry['id']} ({entry['lesson']}): {text}" for text in _entry_complaints(entry, lessons, wanted)]
    return found


def _entry_complaints(entry, lessons, wanted):
    if entry["id"] not in wanted:
        yield "there is no such item"
    if entry["verdict"] not in VERDICTS:
        yield f"verdict {entry['verdict']!r} is none of {VERDICTS}"
    if not entry["claim"].strip():
        yield "the claim is not stated"
    if (entry["id"] in WRONG) != (entry["verdict"] in ("WRONG", "MISLEADING")):
        yield f"the verdict {entry['verdict']} is not the known one"
    cells = lessons.get(entry["lesson"])
    if cells is None:
        yield "there is no such lesson"
        return
    if not entry["text"]:
        yield "no text cell teaches it"
    for name in entry["text"]:
        if name not in cells or cells[name].cell_type != "markdown":
            yield f"{name} is no text cell"
    if entry["id"] in WRONG and entry["id"] not in IN_WORDS and not entry["shown"]:
        yield "a wrong claim must be run, and no output is named"
    for name, texts in entry["shown"].items():
        if name not in cells or cells[name].cell_type != "code":
            yield f"{name} is no code cell"
            continue
        output = shown_by(cells[name])
        if not texts:
            yield f"{name}: nothing is looked for"
        for text in texts:
            if not text.strip() or text not in output:
                yield f"{name} does not show {text!r}"


def page(entries):
    """The table for people, as Markdown."""
    lines = [
        "# What the course covers",
        "",
        "Made by `make coverage` from [coverage.json](coverage.json); `make test` looks up every row in the",
        "executed lessons.",
        "The course grew out of five documents: S0 and S1 (one blog post in two copies), S2 (a lecture notebook), S3",
        "(slides on a decoder) and S4 (a post in Vietnamese). S-rows are their claims, with our verdict; X-rows are",
        "worked examples and topics.",
        "",
        "| item | what it says or is | verdict | lesson | shown there |",
        "|---|---|---|---|---|",
    ]
    order = {name: number for number, name in enumerate(CLAIMS + TOPICS)}
    for entry in sorted(entries, key=lambda entry: (order[entry["id"]], entry["lesson"])):
        shown = "; ".join(f"`{' '.join(text.split())}`" for texts in entry["shown"].values() for text in texts)
        claim = entry["claim"].replace("|", "\\|")
        verdict = "" if entry["verdict"] == "TOPIC" else entry["verdict"].lower()
        lesson = f"[{entry['lesson'][:2]}]({entry['lesson']}.ipynb)"
        lines.append(f"| {entry['id']} | {claim} | {verdict} | {lesson} | {shown.replace('|', chr(92) + '|')} |")
    return "\n".join(lines) + "\n"


def main():
    entries = read()
    problems = complaints(entries, lesson_cells())
    PAGE.write_text(page(entries), encoding="utf-8")
    print(f"{PAGE.relative_to(FOLDER.parent)}: {len(entries)} rows")
    sys.exit("\n".join(problems) if problems else 0)


if __name__ == "__main__":
    main()
