"""What the explorers draw, in a real browser: after any change it is what the scene says, and it can be read."""

import random

import pytest

from explorer_examples import LESSONS
from test_explorers_browser import opened, planted

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
        const whole = Math.max(field.min, Math.min(field.max, field.value + up));
        const values = { whole, choice: options[Math.floor(pick * 7919) % options.length]?.[0] };
        try { explorer.propose(field.change(values[field.type] ?? field.value)); } catch { /* refused */ }
        await new Promise(requestAnimationFrame);
    }
    if (explorer.figure.waiting) await new Promise((act) => setTimeout(act, 200));
}"""


def check_drawn(shown, count=25, seed=0):
    rng = random.Random(seed)
    for _ in range(count):
        shown.page.evaluate(MOVES, [shown.root, [rng.random() for _ in range(2)]])
        assert shown.page.evaluate(DIFFERENCES, shown.root) == []


@pytest.mark.parametrize("kind", LESSONS)
def test_what_is_drawn_is_what_the_scene_says(window, kind):
    own, shown = opened(window, LESSONS[kind])
    check_drawn(shown)
    assert own.problems == []


FAULTS = [
    ('put(paths.get(look), "d", d);', ""),
    ("if (text !== cell.text) write(cell.number, text);", ""),
    ("row.slice(y < h ? w : 0).forEach(retire);", ""),
    ("move(cell, placeOf(one, cell.x));", ""),
]


@pytest.mark.parametrize(("right", "wrong"), FAULTS, ids=["looks", "numbers", "waiting cells", "places"])
def test_planted_fault_in_a_figure(window, right, wrong):
    source = "ConvExplorer(np.arange(1, 7), 10**np.arange(4), transposed=True)"
    _, shown = opened(window, planted(source, right, wrong))
    with pytest.raises(AssertionError):
        check_drawn(shown)


LARGE = "ConvExplorer(input_size=(32, 32), padding=1, transposed=True)"


def check_large(shown):
    """What is in the window is drawn at once, all of a large figure a moment later."""
    shown.page.evaluate(
        "root => document.querySelector(root).explorer.propose({ stride: [1, 1], dilation: [2, 2] })", shown.root
    )
    shown.page.wait_for_timeout(1000)
    assert shown.page.evaluate(DIFFERENCES, shown.root) == []


def test_a_large_figure_is_whole_a_moment_later(window):
    check_large(opened(window, LARGE)[1])


def test_planted_fault_in_a_large_figure(window):
    with pytest.raises(AssertionError):
        check_large(opened(window, planted(LARGE, "setTimeout(patch, LATER)", "0"))[1])


# --- narrow pages, long numbers, the line of code --------------------------------------------------------------

# How wide the figure and the explorer would have to be and are, and how small the figure has become.
FIT = """root => {
    const stage = root.querySelector('.cl-stage');
    const wide = [stage.scrollWidth, stage.clientWidth, root.scrollWidth, root.clientWidth];
    return [root.explorer.front.title, wide, root.explorer.figure.scaled.getCTM().a];
}"""


def check_fit(page, width, may_scroll=False):
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_timeout(200)
    title, (needed, stage, root_needed, root_width), scale = page.locator(".convlab").evaluate(FIT)
    assert may_scroll or needed <= stage, title
    assert root_needed <= root_width, title
    assert scale > 0.64, title  # letters of 13 pixels stay larger than 8


@pytest.mark.parametrize("kind", LESSONS)
def test_no_figure_scrolls_sideways_or_becomes_tiny(window, kind):
    own, _ = opened(window, LESSONS[kind])
    for width in (500, 1280, 700):
        check_fit(own.page, width)
    check_fit(own.page, 390, may_scroll=True)  # a figure within its own place
    assert own.problems == []


def test_planted_fault_in_the_width(window):
    wide = "arrange(scene.lines, { width: 1e5, height: 1e5 })"
    source = "ConvExplorer(input_size=(9, 9), transposed=True)"
    check_fit(opened(window, source)[0].page, 500)
    own, _ = opened(window, planted(source, "arrange(scene.lines, this.limit)", wide))
    check_fit(own.page, 1280)
    with pytest.raises(AssertionError):
        check_fit(own.page, 500)


def test_long_numbers_fit_their_cells(window):
    source = "ConvExplorer(np.array([1, 9, 2, 3]), 10**np.arange(6), stride=2, transposed=True)"
    _, shown = opened(window, source)
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


def test_the_line_of_code_can_be_copied(window):
    window.grant_permissions(["clipboard-read", "clipboard-write"])
    own, shown = opened(window, LESSONS["pitfall"])
    assert shown.code() == "y = keras.ops.conv_transpose(x, w, strides=2, padding='same')"
    assert shown.at("select.cl-framework").count() == 0
    shown.at("button.cl-button", has_text="B: ").click()
    line = "y = F.conv_transpose2d(x, w, stride=2, padding=1, output_padding=1)"
    shown.page.wait_for_function("line => document.querySelector('.cl-code code').textContent === line", arg=line)
    shown.at(".cl-copy").click()
    shown.page.wait_for_function("() => document.querySelector('.cl-done').textContent === 'copied'")
    assert own.page.evaluate("() => navigator.clipboard.readText()") == line
