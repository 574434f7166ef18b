"""What the explorers draw, in a real JupyterLab: after any change it is what the scene says, and it can be read."""

import random

import nbformat
import pytest

from browser import LessonPage, browser_fixture  # noqa: F401  (fixture)
from convlab.explorers import core
from explorer_lessons import LESSONS
from test_explorers_browser import KERNEL, context, lab, opened  # noqa: F401  (fixtures)

pytestmark = pytest.mark.browser

# Every cell as it stands on the page, beside what the scene says of it, where both differ.
DIFFERENCES = """root => {
    const { figure, scene } = document.querySelector(root).explorer;
    const panels = scene.lines.flatMap(line => line.blocks.flatMap(block => block.panels.flat()));
    const found = [];
    for (const one of panels) {
        const paths = [...document.querySelectorAll(`${root} [data-panel="${one.name}"] .cl-cell`)];
        const cells = figure.cells.filter(cell => cell.panel === one.name);
        if (cells.length !== one.text.length * one.text[0].length) found.push([one.name, cells.length]);
        for (const cell of cells) {
            const [left, room] = one.places?.[cell.x] ?? [cell.x, 1];
            const middle = new DOMPoint((left + room / 2) * 30, (cell.y + 0.5) * 30);
            const look = paths.findLast(path => path.isPointInFill(middle))?.getAttribute('class') ?? 'cl-cell cl-none';
            const drawn = [cell.number.textContent, look];
            const hidden = one.look[cell.y][cell.x] === 'none';
            const said = [hidden ? '' : one.text[cell.y][cell.x], `cl-cell cl-${one.look[cell.y][cell.x]}`];
            if (String(drawn) !== String(said)) found.push([one.name, cell.y, cell.x, drawn, said]);
            if (Number(cell.number.getAttribute('x')) !== middle.x) found.push([one.name, cell.y, cell.x, 'place']);
        }
    }
    const named = document.querySelectorAll(`${root} [data-cell]`).length;
    if (named !== figure.cells.length) found.push([named, figure.cells.length]);
    return found;
}"""

# Every field of the explorer is moved once, in the order of `picks`; what is refused stays as it is.
MOVES = """async ([root, picks]) => {
    const explorer = document.querySelector(root).explorer;
    for (const pick of picks) {
        const fields = explorer.front.controls(explorer.state()).flatMap(group => group.fields);
        const field = fields[Math.floor(pick * fields.length)];
        const up = (pick * 1000) % 1 < 0.6 ? 1 : -1;
        const options = field.options ?? [];
        const values = { whole: field.value + up, choice: options[Math.floor(pick * 7919) % options.length]?.[0] };
        try { explorer.propose(field.change(values[field.type] ?? field.value)); } catch { /* refused */ }
        await new Promise(requestAnimationFrame);
    }
}"""


def check_drawn(shown, count=25, seed=0):
    rng = random.Random(seed)
    for _ in range(count):
        shown.page.evaluate(MOVES, [shown.root, [rng.random() for _ in range(2)]])
        assert shown.page.evaluate(DIFFERENCES, shown.root) == []


@pytest.mark.parametrize("kind", LESSONS)
def test_what_is_drawn_is_what_the_scene_says(context, lab, kind):  # noqa: F811
    lesson, shown = opened(context, lab, f"drawn_{kind}", LESSONS[kind])
    check_drawn(shown)
    assert lesson.problems == []


FAULTS = [
    ('put(paths.get(look), "d", d);', ""),
    ("if (text !== cell.text) write(cell.number, text);", ""),
    ("row.slice(y < h ? w : 0).forEach(retire);", ""),
    ("move(cell, placeOf(one, cell.x));", ""),
]


@pytest.mark.parametrize(("right", "wrong"), FAULTS, ids=["looks", "numbers", "waiting cells", "places"])
def test_planted_fault_in_a_figure(context, lab, right, wrong):  # noqa: F811
    assert right in core.module_text()
    cls = f"type('ConvExplorer', (ConvExplorer,), {{'_esm': ConvExplorer._esm.replace({right!r}, {wrong!r})}})"
    _, shown = opened(context, lab, "planted_figure", f"{cls}(np.arange(1, 7), 10**np.arange(4), transposed=True)")
    with pytest.raises(AssertionError):
        check_drawn(shown)


# --- narrow pages, long numbers, several explorers -------------------------------------------------------------

# How wide the figure and the explorer would have to be and are, and how small the figure has become.
FIT = """root => {
    const [stage, svg] = [root.querySelector('.cl-stage'), root.querySelector('.cl-grid')];
    const wide = [stage.scrollWidth, stage.clientWidth, root.scrollWidth, root.clientWidth];
    return [root.explorer.front.title, wide, svg.getBoundingClientRect().width / svg.viewBox.baseVal.width];
}"""


def all_lessons(context, lab, changed=""):  # noqa: F811
    new = nbformat.v4
    setup = (
        f"import numpy as np\nfrom convlab.explorers import *\nfrom convlab.explorers.core import Explorer\n{changed}"
    )
    cells = [new.new_code_cell(setup), *map(new.new_code_cell, LESSONS.values())]
    lesson = LessonPage(context.new_page(), lab)
    lesson.open(lab.put(new.new_notebook(cells=cells, metadata=KERNEL), "all.ipynb"))
    lesson.run_all()
    lesson.page.wait_for_function(
        "n => document.querySelectorAll('.convlab .cl-grid').length === n", arg=len(LESSONS), timeout=10000
    )
    return lesson


def check_fit(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    for root in page.locator(".convlab").all():
        root.scroll_into_view_if_needed()  # JupyterLab lays out only what is near
        page.wait_for_timeout(300)
        title, (needed, stage, root_needed, root_width), scale = root.evaluate(FIT)
        assert needed <= stage, title
        assert root_needed <= root_width, title
        assert scale > 0.64, title  # letters of 13 pixels stay larger than 8


def test_no_figure_scrolls_sideways_or_becomes_tiny(context, lab):  # noqa: F811
    lesson = all_lessons(context, lab)
    for width in (800, 1280, 800):
        check_fit(lesson.page, width)
    assert lesson.problems == []


def test_planted_fault_in_the_width(context, lab):  # noqa: F811
    change = "Explorer._esm = Explorer._esm.replace('arrange(scene.lines, this.limit)', 'arrange(scene.lines)')"
    lesson = all_lessons(context, lab, change)
    check_fit(lesson.page, 1280)
    with pytest.raises(AssertionError):
        check_fit(lesson.page, 800)


def test_every_explorer_has_hatches_of_its_own(context, lab):  # noqa: F811
    page = all_lessons(context, lab).page
    ids = page.evaluate("() => [...document.querySelectorAll('.convlab pattern')].map(e => e.id)")
    assert len(ids) == len(set(ids)) == 6 * len(LESSONS)
    foreign = """() => [...document.querySelectorAll('.convlab')].flatMap(root =>
        [...root.querySelectorAll('.cl-cell')].map(cell => getComputedStyle(cell).fill.match(/#([^"]+)"/)?.[1])
            .filter(id => id && !root.contains(document.getElementById(id))))"""
    assert page.evaluate(foreign) == []


def test_long_numbers_fit_their_cells(context, lab):  # noqa: F811
    source = "ConvExplorer(np.array([1, 9, 2, 3]), 10**np.arange(6), stride=2, transposed=True)"
    _, shown = opened(context, lab, "long", source)
    for walk in ("output", "input"):
        shown.at('[data-field="walk"]').select_option(walk)
        shown.at(".cl-slider").focus()
        for _ in range(3):
            shown.press("ArrowRight")
            wide = shown.page.evaluate(
                """root => document.querySelector(root).explorer.figure.cells
                    .filter(c => c.number.getComputedTextLength() > 30 * c.room - 4).map(c => [c.panel, c.text])""",
                shown.root,
            )
            assert wide == []
    smallest = """root => Math.min(...document.querySelector(root).explorer.figure.cells
        .map(c => parseFloat(getComputedStyle(c.number).fontSize)))"""
    assert shown.page.evaluate(smallest, shown.root) == 13


def test_the_line_of_code_can_be_copied(context, lab):  # noqa: F811
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    lesson, shown = opened(context, lab, "copy", LESSONS["pitfall"])
    assert shown.code() == "y = keras.ops.conv_transpose(x, w, strides=2, padding='same')"
    assert shown.at("select.cl-framework").count() == 0
    shown.at("button.cl-button", has_text="B: ").click()
    line = "y = F.conv_transpose2d(x, w, stride=2, padding=1, output_padding=1)"
    shown.page.wait_for_function("line => document.querySelector('.cl-code code').textContent === line", arg=line)
    shown.at(".cl-copy").click()
    shown.page.wait_for_function("() => document.querySelector('.cl-done').textContent === 'copied'")
    assert lesson.page.evaluate("() => navigator.clipboard.readText()") == line
