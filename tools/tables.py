"""How fair the checks of the assignments are, as tables: right answers, wrong answers, mutants of the solutions.

    python -m tools.tables                               all assignments, some minutes
    python -m tools.tables upsampling --each             one of them, every wrong answer in its own row
    python -m tools.tables --every 10                    only every tenth mutant

Ends with exit code 1 if an answer does not get what it should, or a mutant lives that is not known to do the same.
What is tried stands in tests/assignment_submissions; :mod:`tools.submissions` describes its form.
"""

import argparse
import re
import sys

from tqdm import tqdm

from tools import submissions
from tools.mutants import survivors

__all__ = ["main", "mutant_table", "right_table", "wrong_table"]

NAMED = re.compile(r"\(M\d\d")


def table(heads, rows):
    """A Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(str(entry).replace('|', '/') for entry in line)} |" for line in lines)


def right_table(assignments):
    """Right answers by function, and sentences about those that lose points."""
    rows, faults = [], []
    for assignment in assignments:
        methods = {function: [] for function in submissions.functions(assignment)}
        for method in tqdm(submissions.right_methods(assignment), desc=f"{assignment}, right", leave=False):
            own, messages = submissions.right_messages(assignment, method)
            faults += [f"{assignment}: {method} loses {cell}" for cell in messages]
            for function in own:
                methods[function].append(method)
        rows += [[assignment, f"`{name}`", len(found), ", ".join(found)] for name, found in methods.items()]
    return table(["assignment", "function", "right answers", "methods"], rows), faults


def wrong_table(assignments, each=False):
    """Wrong answers by function, or each in a row of its own, and sentences about those that lose other points."""
    rows, faults = [], []
    for assignment in assignments:
        points = submissions.points_of(assignment)
        for function in submissions.functions(assignment):
            losses, named, mistakes = [], 0, submissions.expected(assignment, function)
            for mistake, (cells, words) in tqdm(mistakes.items(), desc=f"{assignment}, {function}", leave=False):
                messages = submissions.wrong_messages(assignment, function, mistake)
                said = "\n".join(messages.values())
                if set(messages) != set(cells.split()) or words not in said:
                    faults.append(
                        f"{assignment}, {function}: {mistake} loses {' '.join(messages)}, not {cells}: {words}"
                    )
                losses.append(sum(points[cell] for cell in messages))
                named += bool(NAMED.search(said))
                if each:
                    told = words if NAMED.search(words) else first_named(said) or words
                    rows.append([f"`{function}`", mistake.replace("_", " "), losses[-1], ", ".join(messages), told])
            if mistakes and not each:
                rows.append([assignment, f"`{function}`", len(mistakes), f"{min(losses)} to {max(losses)}", named])
    if each:
        return table(["function", "mistake", "points lost", "checks lost", "the message says"], rows), faults
    return table(["assignment", "function", "wrong answers", "points lost", "named from the catalogue"], rows), faults


def first_named(said):
    """The first line of messages that names a misconception."""
    lines = (line for line in said.splitlines() if NAMED.search(line))
    return next(lines, "").removeprefix("Likely:").strip()


def mutant_table(assignments, every=1):
    """Mutants of the solutions, and sentences about those that live and are not known to do the same."""
    rows, faults = [], []
    for assignment in assignments:
        tried, alive = survivors(
            submissions.notebook(assignment), every=every, progress=lambda things: tqdm(things, leave=False)
        )
        holes = [mutant for mutant in alive if mutant not in submissions.equivalent(assignment)]
        faults += [f"{assignment}, {cell}: this mutant lives: {change}: {line}" for cell, line, change in holes]
        rows.append([assignment, tried, tried - len(alive), len(alive) - len(holes), len(holes)])
    return table(["assignment", "mutants", "killed", "do the same", "live"], rows), faults


def main(arguments=None):
    """Print the tables; return the sentences about what is not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    known = submissions.assignments()
    parser.add_argument("assignments", nargs="*", choices=[[], *known], help="all, if none is named")
    parser.add_argument("--each", action="store_true", help="every wrong answer in a row of its own")
    parser.add_argument("--every", type=int, default=1, help="try only every n-th mutant")
    chosen = parser.parse_args(arguments)
    names, faults = chosen.assignments or known, []
    for title, (text, found) in [
        ("Right answers: full marks", right_table(names)),
        ("Wrong answers: the points they should lose, and only those", wrong_table(names, chosen.each)),
        ("Small changes of the solutions", mutant_table(names, chosen.every)),
    ]:
        print(f"## {title}\n\n{text}\n")
        faults += found
    print(*faults or ["All as it should be."], sep="\n")
    return faults


if __name__ == "__main__":
    sys.exit(bool(main()))
