"""What a student hands in, made fit for grading: nothing that steers nbgrader is taken from the submission.

The gradebook knows every cell of the assignment: its name, its points, whether it is a test and what a test says.
:class:`TrustedCells` writes that on the submission's cells and removes every other metadata. Cells that were
split, copied, retyped, renamed or deleted are put right where that is possible, with a line in the log.
"""

import nbformat
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import compute_checksum

__all__ = ["TrustedCells"]

SCHEMA = 3  # of nbgrader's metadata
MISSING = "This cell was missing in what was handed in; it was put back."


class TrustedCells(NbGraderPreprocessor):
    """The first step of ``nbgrader autograde``: all nbgrader metadata from the gradebook, none from the submission.

    Takes the place of nbgrader's ``ClearOutput``, ``DeduplicateIds``, ``OverwriteKernelspec``, ``OverwriteCells``
    and ``CheckCellMetadata`` in ``Autograde.sanitize_preprocessors``.
    """

    def preprocess(self, nb, resources):
        own = resources["nbgrader"]
        with Gradebook(own["db_url"]) as gradebook:
            source = gradebook.find_notebook(own["notebook"], own["assignment"])
            known = {cell.name: self._facts(cell, source) for cell in source.source_cells}
            nb.metadata = nbformat.from_dict({"kernelspec": {"name": "python3", "display_name": "Python 3"}})
        cells = [self._cleaned(cell) for cell in nb.cells]
        cells = self._merged(cells, known)
        found = {cell.metadata.nbgrader.grade_id for cell in cells if "nbgrader" in cell.metadata}
        for name, facts in known.items():
            if name not in found and (facts["grade"] or facts["task"]):
                self.log.warning("Cell '%s' was missing and is put back", name)
                cells.append(self._restored(name, facts))
        nb.cells = [self._trusted(cell, known) for cell in cells]
        nb.nbformat, nb.nbformat_minor = 4, 5
        _new_ids(nb.cells)
        nbformat.validate(nb)
        return nb, resources

    @staticmethod
    def _facts(cell, source):
        points = {grade.name: grade.max_score for grade in source.grade_cells}
        tasks = {task.name: task.max_score for task in source.task_cells}
        return {
            "cell_type": cell.cell_type,
            "source": cell.source,
            "locked": bool(cell.locked),
            "checksum": cell.checksum,
            "grade": cell.name in points,
            "solution": cell.name in {solution.name for solution in source.solution_cells},
            "task": cell.name in tasks,
            "points": points.get(cell.name, tasks.get(cell.name)),
        }

    @staticmethod
    def _cleaned(cell):
        """Source and type, and the name that the cell says it has; no outputs, no tags, no attachments."""
        name = cell.get("metadata", {}).get("nbgrader", {})
        name = name.get("grade_id") if isinstance(name, dict) else None
        kind = cell.cell_type if cell.cell_type in ("code", "markdown", "raw") else "raw"
        new = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}
        clean = new.get(kind, nbformat.v4.new_raw_cell)(str(cell.source))
        if isinstance(name, str):
            clean.metadata["nbgrader"] = {"grade_id": name}
        return clean

    def _merged(self, cells, known):
        """One cell for each name: pieces of a split cell are joined, copies elsewhere lose the name."""
        merged, last = [], {}
        for cell in cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name is not None and name not in known:
                self.log.warning("Cell '%s' is none of this assignment", name)
                del cell.metadata["nbgrader"]
                name = None
            if name in last:
                self.log.warning("Cell '%s' is there more than once", name)
                earlier = last[name]
                if known[name]["locked"]:  # its text comes from the gradebook; one is enough
                    continue
                if merged[-1] is earlier or known[name]["cell_type"] == "markdown":
                    earlier.source += "\n" + cell.source
                    continue
                del earlier.metadata["nbgrader"]  # both run, in their order; the later one has the name
                merged.append(cell)
            else:
                merged.append(cell)
            if name is not None:
                last[name] = merged[-1]
        return merged

    def _trusted(self, cell, known):
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name is None:
            return cell
        facts = known[name]
        if cell.cell_type != facts["cell_type"]:
            self.log.warning("Cell '%s' was turned into %s; it is %s again", name, cell.cell_type, facts["cell_type"])
            new = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}
            cell = new[facts["cell_type"]](cell.source)
        if facts["locked"]:
            if cell.source != facts["source"]:
                self.log.debug("Cell '%s' has the text of the assignment again", name)
            cell.source = facts["source"]
        cell.metadata = nbformat.from_dict({"nbgrader": _metadata(name, facts)})
        if facts["locked"] and compute_checksum(cell) != facts["checksum"]:
            raise RuntimeError(f"the gradebook's own text of cell {name} does not fit its checksum")
        return cell

    def _restored(self, name, facts):
        new = nbformat.v4.new_code_cell if facts["cell_type"] == "code" else nbformat.v4.new_markdown_cell
        text = facts["source"] if facts["locked"] else MISSING
        return new(text, metadata={"nbgrader": {"grade_id": name}})


def _metadata(name, facts):
    metadata = {
        "grade_id": name,
        "grade": facts["grade"],
        "solution": facts["solution"],
        "locked": facts["locked"],
        "task": facts["task"],
        "cell_type": facts["cell_type"],
        "checksum": facts["checksum"],
        "schema_version": SCHEMA,
    }
    return metadata | ({"points": facts["points"]} if facts["points"] is not None else {})


def _new_ids(cells):
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
