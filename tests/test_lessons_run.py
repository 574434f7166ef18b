"""Lessons of the second edition, run as a learner runs them: back and forth, without PyTorch, with wrong answers.

``ANSWERS`` are a right answer and at least three wrong ones to each exercise, as source that replaces its ``...``.
"""

import ast
import itertools
import os
import re

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from convlab.explorers import ConvExplorer, PaddingExplorer
from convlab.feedback import checks
from convlab.reference import conv1d, conv_transpose1d, conv_transpose2d
from test_course_coverage import coverage
from test_notebooks import FOLDER, SECOND_EDITION

STEMS = sorted(path.stem for path in FOLDER.glob("*.ipynb") if path.stem[:2] in SECOND_EDITION)
SHOWN = coverage.shown_by

STAMP = """
    i, k = X.shape, K.shape
    Y = np.zeros([stride * (n - 1) + m for n, m in zip(i, k)])
    for r in range({rows}):
        for c in range({columns}):
            Y[stride * r : stride * r + k[0], stride * c : stride * c + k[1]] {adds} X[r, c] * K{turned}
    return Y"""
STAMP_1D = """
    y = np.zeros(stride * (len(x) - 1) + len(w))
    for j in range({count}):
        y[stride * j : stride * j + len(w)] {adds} x[j] * w{turned}
    return y"""


def stamp(rows="i[0]", columns="i[1]", adds="+=", turned=""):
    return STAMP.format(rows=rows, columns=columns, adds=adds, turned=turned).strip()


def stamp1d(count="len(x)", adds="+=", turned=""):
    return STAMP_1D.format(count=count, adds=adds, turned=turned).strip()


SLIDE = """
    i, k = X.shape, K.shape
    Y = np.zeros([(i[axis] - k[axis]) // {step} + 1 for axis in (0, 1)])
    for m in range({rows}):
        for n in range({columns}):
            top, left = {step} * m, {step} * n
            Y[m, n] = ({window} * {kernel}).sum()
    return Y"""


def slide(rows="len(Y)", columns="len(Y[0])", step="stride", kernel="K",
          window="X[top : top + k[0], left : left + k[1]]"):  # fmt: skip
    return SLIDE.format(rows=rows, columns=columns, step=step, kernel=kernel, window=window).strip()


def cropped(kept):
    """What is kept of a full output that has the zeros past its end, when it has any."""
    lines = ["full = np.zeros(stride * (len(x) - 1) + len(w), dtype=int)", "for j in range(len(x)):"]
    lines += ["    full[stride * j : stride * j + len(w)] += x[j] * w"]
    if "np.append" not in kept:
        lines += ["full = np.append(full, [0] * max(output_padding - padding, 0))"]
        kept = kept.replace("len(full)", "(stride * (len(x) - 1) + len(w))")
    return "\n    ".join([*lines, f"return {kept}"])


def recipe2d(turned="[::-1, ::-1]", size="stride * (n - 1) + 1", pad="k - 1 - padding", step="1"):
    lines = [f"apart = np.zeros([{size} for n in x.shape], dtype=int)", "apart[::stride, ::stride] = x"]
    lines += [f"padded = np.pad(apart, [({pad},) * 2 for k in w.shape])[None, None]"]
    return "\n    ".join([*lines, f"return conv2d(padded, w{turned}[None, None], stride={step})[0, 0]"])


def recipe1d(reach, turned="[::-1]"):
    lines = [f"around = {reach} - padding", "row = np.pad(stretched(x, stride), max(around, 0))"]
    lines += ["row = row[max(-around, 0) : len(row) - max(-around, 0)]"]
    return "\n    ".join([*lines, f"return conv1d(row[None, None], w{turned}[None, None], dilation=dilation)[0, 0]"])


ANSWERS = {
    "01": {
        "check-digits": (
            "[210, 432, 54]",
            "[12, 234, 450]",  # the kernel is turned
            "[210, 321, 432, 543, 54]",  # stride 1
            "[321, 543]",  # no padding
            "[210, 432]",  # the last zero is not read
            "[210, 543]",  # two cells are skipped
        ),
        "check-shake": (
            "[[5, 0, 0], [4, 0, 0], [3, 2, 1]]",
            "[[1, 2, 3], [0, 0, 4], [0, 0, 5]]",  # as it is seen
            "[[3, 2, 1], [4, 0, 0], [5, 0, 0]]",  # turned in each row
            "[[0, 0, 5], [0, 0, 4], [1, 2, 3]]",  # upside down
            "[[1, 0, 0], [2, 0, 0], [3, 4, 5]]",  # rows and columns exchanged
        ),
        "check-patches": ("3136", "56", "3025", "50176", "1024", "3249"),
        "check-write": (slide(), slide(step="1"), slide(kernel="K[::-1, ::-1]"), slide("len(Y) - 1"),
                        slide(window="X[m : m + k[0], n : n + k[1]]"), slide(columns="len(Y)"), slide(kernel="K.T")),
        "check-bug": (
            "return np.convolve(x, w[::-1], mode='valid')",
            "return np.convolve(x, w, mode='valid')",
            "return -np.convolve(x, w, mode='valid')",
            "return np.convolve(x, w[::-1], mode='same')",
            "return np.convolve(x[::-1], w, mode='valid')",
            "return np.convolve(x, w[::-1])",
        ),
    },
    "04": {
        "check-digits": (
            "[1, 10, 102, 1020, 203, 2030, 300, 3000]",
            "[1, 10, 2, 20, 3, 30, 300, 3000]",  # a later stamp covers
            "[1, 12, 123, 1230, 2300, 3000]",  # stride 1
            "[1, 10, 100, 1000, 2, 20, 200, 2000, 3, 30, 300, 3000]",  # side by side
            "[1, 10, 102, 1020, 203, 2030, 300]",
        ),
        "check-counts": (
            "[1, 1, 2, 1, 2, 1, 2, 1, 2, 1, 1]",
            "[1, 2, 3, 3, 3, 2, 1]",  # stride 1
            "[1] * 11",
            "[1, 1, 2, 1, 2, 1, 2, 1, 2, 1]",
            "[1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]",
        ),
        "check-detector": ("[24, 62]", "[62, 24]", "[22, 63]", "[4, 7]", "[46, 82]", "[24, 44]"),
        "check-write": (stamp(), stamp(adds="="), stamp("i[1]", "i[0]"), stamp("2"), stamp(turned="[::-1, ::-1]"),
                        stamp(turned=".T")),
        "check-bug": (stamp1d(), stamp1d("min(len(x), len(w))"), stamp1d(adds="="), stamp1d("len(w)"),
                      stamp1d("len(x) - 1")),
    },
    "05": {
        "check-probe": (
            "[10, 102, 20, 203, 30, 300]",
            "[10, 102, 20, 203, 30, 0]",  # adds a zero
            "[1, 10, 102, 20, 203, 30]",  # the beginning moves
            "[1, 10, 102, 20, 203, 30, 300, 0]",
            "[10, 102, 20, 203, 30]",
        ),
        "check-shrink": ("3", "15", "9", "6", "12"),
        "check-wanted": ("1", "0", "2", "3"),
        "check-segmentation": ("16", "32", "0", "31", "15"),
        "check-bug": (
            cropped("full[padding : len(full) + output_padding - padding]"),
            cropped("full[padding : -(padding - output_padding)]"),
            cropped("np.append(full[padding : len(full) - padding], [0] * output_padding)"),
            cropped("full[: len(full) + output_padding - 2 * padding]"),
            cropped("full[padding - output_padding : len(full) - padding]"),
            cropped("full[padding : len(full) - padding]"),
        ),
    },
    "06": {
        "check-row": (
            "[0, 7, 0, 0, 8, 0, 0, 9, 0]",
            "[7, 0, 0, 8, 0, 0, 9]",
            "[0, 0, 7, 0, 0, 8, 0, 0, 9, 0, 0]",  # the padding forgotten
            "[0, 7, 0, 0, 8, 0, 0, 9, 0, 0, 0]",  # zeros after the last as well
            "[0, 7, 0, 8, 0, 9, 0]",
        ),
        "check-zeros": ("[3, 8, -2]", "[3, 2, -2]", "[3, 8, 0]", "[4, 9, -1]", "[1, 0, 3]", "[3, 11, -2]"),
        "check-unseen": ("72", "54", "9", "78", "27"),
        "check-write": (
            recipe2d(),
            recipe2d(turned=""),
            recipe2d(turned="[::-1]"),
            recipe2d(pad="padding"),
            recipe2d(size="stride * n"),
            recipe2d(step="stride"),
            recipe2d(pad="k - padding"),
        ),
        "check-bug": (
            recipe1d("dilation * (len(w) - 1)"),
            recipe1d("len(w) + dilation - 2"),
            recipe1d("len(w) - 1"),
            recipe1d("dilation * len(w)"),
            recipe1d("dilation * (len(w) - 1)", turned=""),
        ),
    },
    "16": {
        "quiz-1": ("3", "4", "5", "7"),
        "quiz-2": ("[40, 405, 50, 500]", "[40, 405, 50, 0]", "[4, 40, 405, 50]",
                   "[40, 405, 50]"),
        "quiz-3": ("[2, 5, 4]", "[2, 5, 2]", "[1, 2, 5, 4, 6]", "[2, 7, 4]", "[1, 3, 4]"),
        "quiz-4": ("4", "2", "3", "5"),
        "quiz-5": ("[10, 12.5, 17.5, 20]", "[10, 12, 17, 20]", "[10, 13, 18, 20]", "[10, 13.333, 16.667, 20]"),
    },
}  # fmt: skip


def read(stem):
    return nbformat.read(FOLDER / f"{stem}.ipynb", 4)


def pytorch(cell):
    return "pytorch" in cell.metadata.get("tags", [])


def client_of(notebook):
    """A client that joins what one stream prints: in how many pieces it comes changes from run to run."""
    resources = {"metadata": {"path": str(FOLDER)}}
    return NotebookClient(notebook, timeout=120, kernel_name="python3", coalesce_streams=True, resources=resources)


def differences_backwards(notebook):
    """Cells that show something else when they are run once more, from the last to the first."""
    stored = [SHOWN(cell) for cell in notebook.cells]
    found = []
    client = client_of(notebook)
    with client.setup_kernel(env={**os.environ, "CONVLAB_STATIC": "1"}):
        numbers = [number for number, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
        for number in numbers:
            client.execute_cell(notebook.cells[number], number)
        for number in reversed(numbers):
            try:
                client.execute_cell(notebook.cells[number], number)
            except Exception as error:  # whatever the cell raises is a complaint
                found.append(f"{notebook.cells[number].id}: {type(error).__name__}")
                continue
            if SHOWN(notebook.cells[number]) != stored[number]:
                found.append(notebook.cells[number].id)
    return found


def differences_without_pytorch(notebook):
    """Cells that show something else where the cells of PyTorch are not run and torch cannot be imported."""
    stored = {cell.id: SHOWN(cell) for cell in notebook.cells}
    notebook.cells = [cell for cell in notebook.cells if not pytorch(cell)]
    notebook.cells.insert(0, nbformat.v4.new_code_cell("import sys\nsys.modules['torch'] = None"))
    found = []
    client = client_of(notebook)
    with client.setup_kernel(env={**os.environ, "CONVLAB_STATIC": "1"}):
        for number, cell in enumerate(notebook.cells):
            if cell.cell_type == "code":
                client.execute_cell(cell, number)
                if number and SHOWN(cell) != stored[cell.id]:
                    found.append(cell.id)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("stem", STEMS)
def test_each_cell_run_again_backwards_shows_the_same(stem):
    assert differences_backwards(read(stem)) == []


@pytest.mark.slow
@pytest.mark.parametrize("stem", STEMS)
def test_the_lesson_can_be_followed_without_pytorch(stem):
    assert differences_without_pytorch(read(stem)) == []


def small(*sources):
    cells = []
    for number, (source, shown) in enumerate(sources):
        cell = nbformat.v4.new_code_cell(source)
        cell.outputs = [nbformat.v4.new_output("stream", text=shown)] if shown else []
        cell.id = f"cell-{number}"
        cells.append(cell)
    return nbformat.v4.new_notebook(cells=cells)


@pytest.mark.slow
def test_a_name_that_is_used_again_is_found():
    assert differences_backwards(small(("x = 1", ""), ("print(x)", "1\n"), ("x = 2", ""))) == ["cell-1"]


@pytest.mark.slow
def test_a_cell_that_fails_again_is_found():
    assert differences_backwards(small(("x = [1]", ""), ("y = x.pop()", ""))) == ["cell-1: CellExecutionError"]


@pytest.mark.slow
def test_a_cell_whose_output_hangs_on_pytorch_is_found():
    source = "import sys\nprint(sys.modules.get('torch', 'absent'))"
    assert differences_without_pytorch(small((source, "absent\n"))) == ["cell-0"]


# --- exercises, answered -----------------------------------------------------------------------------------------


def outcomes(stem):
    """``{cell id: what each answer of ANSWERS gets}``: a lesson's cells are run in order, in this process."""
    namespace, found = {}, {}
    answers = ANSWERS[stem[:2]]
    for cell in read(stem).cells:
        if cell.cell_type != "code" or pytorch(cell):
            continue
        if cell.id in answers:
            checks.forget()
            found[cell.id] = [answered(cell.source, answer, namespace) for answer in answers[cell.id]]
        else:
            exec(cell.source, namespace)
    return found


def answered(source, answer, namespace):
    """What a check's cell shows when its first ``...`` is replaced; its last expression is the feedback."""
    whole = (
        re.sub(r"return \.\.\.", lambda _: answer, source, count=1)
        if "return ..." in source
        else source.replace("...", answer, 1)
    )
    tree = ast.parse(whole)
    last = tree.body.pop()
    exec(compile(tree, "<answer>", "exec"), namespace)
    return eval(compile(ast.Expression(last.value), "<check>", "eval"), namespace)


def exercise_complaints(found):
    complaints = []
    for name, (right, *wrong) in found.items():
        if not right.passed:
            complaints.append(f"{name}: the right answer is not accepted: {right}")
        if len(wrong) < 3:
            complaints.append(f"{name}: {len(wrong)} wrong answers are tried, at least 3 are wanted")
        complaints += [
            f"{name}: wrong answer {n} is accepted" for n, feedback in enumerate(wrong, 1) if feedback.passed
        ]
        if any(len(str(feedback)) < 20 for feedback in wrong):
            complaints.append(f"{name}: a wrong answer gets no hint")
        if (
            len(wrong) >= 3
            and len(str(wrong[2]).splitlines()) < 2
            and not re.search("large|small|Right for", str(wrong[2]))
        ):
            complaints.append(f"{name}: the third wrong answer gets no more than the first: {wrong[2]}")
    return complaints


@pytest.mark.parametrize("stem", STEMS)
def test_every_exercise_knows_right_from_wrong(stem):
    names = [
        cell.id
        for cell in read(stem).cells
        if cell.cell_type == "code" and re.search(r"^check\.", cell.source, re.MULTILINE)
    ]
    found = outcomes(stem)
    assert sorted(found) == sorted(names)
    assert exercise_complaints(found) == []


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (["[1]", "[2]", "[3]", "[4]"], "not accepted"),
        (["[2, 3]", "[3, 2]", "[1, 1]"], "2 wrong answers"),
        (["[2, 3]", "[3, 2]", "[2, 3]", "[1, 1]"], "wrong answer 2 is accepted"),
    ],
)
def test_a_weak_exercise_is_found(answers, words):
    checks.forget()
    source, namespace = "answer = ...\ncheck.equal(answer, 'conv1d', [2, 3], [1])", {"check": checks}
    found = {"exercise": [answered(source, answer, namespace) for answer in answers]}
    assert any(words in complaint for complaint in exercise_complaints(found))


# --- absolute sentences, tried on many layers --------------------------------------------------------------------


LAYERS = [(i, k, s) for i in range(1, 6) for k in range(1, 6) for s in range(1, 7)]


@pytest.mark.parametrize(("i", "k", "s"), LAYERS)
def test_lesson_01_says_what_is_true_of_every_layer(i, k, s):
    """Where windows lie, and that what does not fit does not count; impulses; ones hide the order of the taps."""
    x, w = np.arange(1, i + 1), np.arange(1, k + 1)
    for p in (0, 1, 2):
        padded = np.pad(x, p)
        windows = [padded[start : start + k] for start in range(0, len(padded), s)]
        whole = [int((window * w).sum()) for window in windows if len(window) == k]
        if whole:
            assert conv1d(x[None, None], w[None, None], stride=s, padding=p)[0, 0].tolist() == whole
            assert len(whole) == i // s or (k, p) != (s, 0) or i % s  # tiles
    for place in range(k - 1, k - 1 + i):  # every tap reaches the 1
        impulse = np.zeros(2 * k - 2 + i, dtype=int)
        impulse[place] = 1
        seen = conv1d(impulse[None, None], w[None, None])[0, 0]
        assert seen[place - k + 1 : place + 1].tolist() == w[::-1].tolist()
        assert seen.sum() == w.sum()
    if k <= i:
        ones = np.ones(k, dtype=int)
        for v in (w, ones):
            ours, turned = conv1d(x[None, None], v[None, None])[0, 0], np.convolve(x, v, mode="valid")
            assert (ours.tolist() == turned.tolist()) == (v.tolist() == v[::-1].tolist())


@pytest.mark.parametrize(("i", "k", "s"), LAYERS)
def test_lesson_04_says_what_is_true_of_every_layer(i, k, s):
    """The rules of stamping and of size; share, touch or gap; at least two inputs where a stride can matter."""
    x, w = np.arange(1, i + 1), np.arange(1, k + 1)
    y = np.zeros(s * (i - 1) + k, dtype=int)
    for j in range(i):
        for t in range(k):
            y[s * j + t] += x[j] * w[t]
    full = conv_transpose1d(x[None, None], w[None, None], stride=s)[0, 0]
    assert full.tolist() == y.tolist()
    stamps = conv_transpose1d(np.ones((1, 1, i)), np.ones((1, 1, k)), stride=s)[0, 0]
    if i > 1:
        neighbours = {
            frozenset(range(s * j, s * j + k)) & frozenset(range(s * (j + 1), s * (j + 1) + k)) for j in range(1)
        }
        assert {len(shared) for shared in neighbours} == {max(k - s, 0)}
        assert (stamps == 0).sum() == (i - 1) * max(s - k, 0)  # the gaps, s - k cells between neighbours
        assert len(full) > s * (i - 2) + k  # a larger stride, a larger output


@pytest.mark.parametrize(("i", "k", "s"), [layer for layer in LAYERS if layer[0] < 4])
def test_lesson_05_says_what_is_true_of_every_layer(i, k, s):
    """The frame, its size, that no value changes, and where no stamp reaches."""
    x, w, bias = np.arange(1, i + 1)[None, None], np.arange(1, k + 1)[None, None], np.array([7])
    full = conv_transpose1d(x, w, stride=s)[0, 0]
    for p, op in itertools.product(range(len(full)), range(s)):
        size = s * (i - 1) + k - 2 * p + op
        if size < 1:
            continue
        options = {"stride": s, "padding": p, "output_padding": op}
        y = conv_transpose1d(x, w, **options)[0, 0]
        longer = np.append(full, np.zeros(max(op - p, 0), dtype=int))  # a negative crop_end adds cells
        assert y.tolist() == longer[p : len(full) - (p - op)].tolist()
        assert len(y) == size
        assert (conv_transpose1d(x, w, bias, **options)[0, 0] == y + 7).all()
        empty = {cell for cell in range(p, p + size) if cell >= len(full) or (cell % s >= k)}
        assert {p + cell for cell in np.flatnonzero(y == 0)} == empty  # all products are positive
        assert any(cell < len(full) for cell in empty) <= (s > k)
        assert any(cell >= len(full) for cell in empty) == (op > p)


@pytest.mark.parametrize(("i", "k", "s"), [layer for layer in LAYERS if layer[0] < 5])
def test_lesson_06_says_what_is_true_of_every_layer(i, k, s):
    """Stretch and pad, with dilation and a negative p'; the flip; the phases; where most products are with zeros."""
    x, w = np.arange(1, i + 1), 10 ** np.arange(k)
    stretched = np.zeros(s * (i - 1) + 1, dtype=int)
    stretched[::s] = x
    for d, p in itertools.product((1, 2, 3), range(6)):
        for op in range(max(s, d)):
            begin, size = d * (k - 1) - p, s * (i - 1) + d * (k - 1) + 1 - 2 * p + op
            if size < 1:
                continue
            padded = np.pad(stretched, (max(begin, 0), max(begin + op, 0)))
            padded = padded[max(-begin, 0) : len(padded) - max(-begin - op, 0)]
            options = {"stride": s, "padding": p, "output_padding": op, "dilation": d}
            right = conv_transpose1d(x[None, None], w[None, None], **options)
            assert conv1d(padded[None, None], w[None, None, ::-1], dilation=d).tolist() == right.tolist()
    full = conv_transpose1d(x[None, None], w[None, None], stride=s)[0, 0]
    for r in range(s):
        phase = conv_transpose1d(x[None, None], w[None, None, r::s])[0, 0] if r < k else np.zeros(1, dtype=int)
        cells = full[r::s]
        assert cells.tolist() == phase.tolist() if r < k else not cells.any()


def test_what_try_it_says_can_be_set():
    slider = ConvExplorer(np.arange(36).reshape(6, 6) % 9 + 1, np.array([[1, 10], [100, 1000]]), stride=2, padding=1)
    slider.step = 1
    slider.padding = 0
    assert slider.output[0, 0, 0] == 8721
    slider.stride = 1
    reads = conv_transpose2d(np.ones((1, 1, *slider.output.shape[1:])), np.ones((1, 1, 2, 2)))[0, 0]
    assert np.argwhere(reads == 1).tolist() == [[0, 0], [0, 5], [5, 0], [5, 5]]  # "by one window only"
    explorer = ConvExplorer(np.ones((2, 2)), np.ones((3, 3)), stride=2, transposed=True, walk="input", step=3)
    for step in (0, 1, 2, 3):
        explorer.step = step
    explorer.stride = 1
    assert explorer.output.shape[-2:] == (4, 4)
    frame = PaddingExplorer("torch", begin=1)
    frame.set(output_padding=1)
    assert frame.output[-1].tolist() == [24, 55, 32, 36]
    frame.set(begin=0)
    assert frame.output[-1].tolist() == [0] * 6
    both = ConvExplorer(np.array([[1, 2], [3, 4]]), np.arange(1, 10).reshape(3, 3), 2, 1, transposed=True, step=4)
    assert both.output[0, 1, 1] == 36
    both.step = 0
    both.padding = 2
    assert both.output.tolist() == [[[36]]]


def test_lesson_04_transposed_does_not_undo_in_general():
    x = np.array([[[1, 2, 3]]])
    for w in ([1], [1, 10], [2, 3]):
        kernel = np.array([[w]])
        again = conv_transpose1d(conv1d(x, kernel), kernel)
        assert again.shape == x.shape
        assert (again == x).all() == (w == [1])  # hence "in general"
