"""What a student hands in, made fit for grading: nothing that steers nbgrader is taken from the submission.

The gradebook knows every cell of the assignment: its name, its points, whether it is a test and what a test says.
:class:`TrustedCells` writes that on the submission's cells and removes every other metadata. Cells that were
split, copied, retyped, renamed or deleted are put right where that is possible, with a line in the log.
"""

import ast
import time

import nbformat
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import compute_checksum

from .notebook import NEW
from .sanitize import as_text, markdown
from .wire import clean

__all__ = ["TrustedCells"]

SCHEMA = 3  # of nbgrader's metadata
RENDERING = 15  # seconds for all markdown of one notebook
PIECES = 50  # of split cells in one notebook; more is not looked into
WHOLE = 50_000  # letters of a cell that is put together from pieces


class TrustedCells(NbGraderPreprocessor):
    """The first step of ``nbgrader autograde``: all nbgrader metadata from the gradebook, none from the submission.

    Takes the place of nbgrader's ``ClearOutput``, ``DeduplicateIds``, ``OverwriteKernelspec``, ``OverwriteCells``
    and ``CheckCellMetadata`` in ``Autograde.sanitize_preprocessors``. It wants the plain cells of
    :func:`~.notebook.read_submission`.
    """

    def preprocess(self, nb: nbformat.NotebookNode, resources: dict) -> tuple[nbformat.NotebookNode, dict]:
        own, self.rendering, self.pieces = resources["nbgrader"], 0.0, 0
        known = resources.get("known_cells") or self.known(own["db_url"], own["assignment"], own["notebook"])
        cells = self._merged(nb.cells, known)
        cells = self._completed(cells, known)
        cells = [self._trusted(cell, known) for cell in cells]
        for number, cell in enumerate(cells):
            cell.id = f"cell-{number}"
        metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        nb = nbformat.v4.new_notebook(cells=cells, metadata=metadata)
        nb.nbformat_minor = 5
        return nb, resources

    @staticmethod
    def known(db_url: str, assignment: str, notebook: str) -> dict[str, dict]:
        """What the gradebook says of each cell: ``{name: facts}``, in the order of the assignment."""
        with Gradebook(db_url) as gradebook:
            source = gradebook.find_notebook(notebook, assignment)
            points = {cell.name: cell.max_score for cell in source.grade_cells}
            tasks = {cell.name: cell.max_score for cell in source.task_cells}
            solutions = {cell.name for cell in source.solution_cells}
            return {
                cell.name: {
                    "cell_type": cell.cell_type,
                    "source": cell.source or "",
                    "locked": bool(cell.locked),
                    "checksum": cell.checksum,
                    "grade": cell.name in points,
                    "solution": cell.name in solutions,
                    "task": cell.name in tasks,
                    "points": points.get(cell.name, tasks.get(cell.name)),
                }
                for cell in source.source_cells
            }

    def _merged(self, cells, known):
        """One cell for each name: pieces of a split cell are joined, copies elsewhere lose the name."""
        merged, last = [], {}
        for cell in cells:
            name = _name(cell)
            if name is not None and name not in known:
                self.log.warning("Cell %r is none of this assignment", clean(name, 100))
                del cell.metadata["nbgrader"]
                name = None
            if name in last:
                self.log.warning("Cell '%s' is there more than once", name)
                if not self._one_more(cell, last[name], merged, known[name]):
                    continue
            merged.append(cell)
            if name is not None and _name(cell):
                last[name] = cell
        return merged

    def _one_more(self, cell, earlier, merged, facts):
        """Whether a second cell of a name stays a cell of its own."""
        if facts["locked"]:
            # Its text comes from the gradebook, so one is enough. What else is in it may be needed further down.
            del cell.metadata["nbgrader"]
            return cell.cell_type == "code" and cell.source.strip() not in facts["source"]
        joined, in_pieces = self._joined(earlier.source, cell.source)
        if merged[-1] is earlier or facts["cell_type"] == "markdown" or in_pieces:
            earlier.source = joined
            return False
        del earlier.metadata["nbgrader"]  # both run, in their order; the later one has the name
        return True

    def _joined(self, first, second):
        """Two texts as one, and whether the first makes no sense without the second: a cell was split there."""
        self.pieces += 1
        joined = f"{first}\n{second}"
        if self.pieces > PIECES or len(joined) > WHOLE:
            return joined, False
        if not _parses(joined) and _parses(first + second):  # split within a line
            joined = first + second
        return joined, not _parses(first) and _parses(joined)

    def _completed(self, cells, known):
        """The cells, with those of the assignment that are missing put back after their neighbours."""
        there = {_name(cell) for cell in cells}
        place = 0
        for name, facts in known.items():
            if name in there:
                place = next(number for number, cell in enumerate(cells) if _name(cell) == name) + 1
            elif facts["grade"] or facts["task"] or (facts["locked"] and facts["cell_type"] == "code"):
                self.log.warning("Cell '%s' was missing and is put back", name)
                new = NEW[facts["cell_type"]](facts["source"])
                new.metadata["nbgrader"] = {"grade_id": name}
                cells.insert(place, new)
                place += 1
        return cells

    def _trusted(self, cell, known):
        """The cell with the gradebook's metadata; one that is nobody's has none."""
        name = _name(cell)
        if name is None:
            cell.metadata = nbformat.NotebookNode()
            return self._harmless(cell)
        facts = known[name]
        if cell.cell_type != facts["cell_type"]:
            self.log.warning("Cell '%s' was turned into %s; it is %s again", name, cell.cell_type, facts["cell_type"])
            cell = NEW[facts["cell_type"]](cell.source)
        if facts["locked"]:
            cell.source = facts["source"]
            cell.pop("attachments", None)
        elif cell.source != facts["source"]:  # else it is not answered: nbgrader sees that by the checksum
            cell = self._harmless(cell)
        cell.metadata = nbformat.from_dict({"nbgrader": _metadata(name, facts)})
        if facts["locked"] and compute_checksum(cell) != facts["checksum"]:
            raise RuntimeError(f"the gradebook's own text of cell {name} does not fit its checksum")
        return cell

    def _harmless(self, cell):
        """A student's cell with no text in it that a page would take for HTML; code is shown as code anyway."""
        if cell.cell_type == "raw":
            return NEW["markdown"](as_text(clean(cell.source)))
        if cell.cell_type == "markdown" and self.rendering > RENDERING:
            cell.source = as_text(clean(cell.source))
        elif cell.cell_type == "markdown":
            began = time.monotonic()
            cell.source = markdown(cell.source, cell.get("attachments"))
            self.rendering += time.monotonic() - began
        return cell


def _name(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def _parses(source):
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _metadata(name, facts):
    kept = ("grade", "solution", "locked", "task", "cell_type", "checksum")
    metadata = {"grade_id": name, "schema_version": SCHEMA} | {key: facts[key] for key in kept}
    return metadata | ({"points": facts["points"]} if facts["points"] is not None else {})
