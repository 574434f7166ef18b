"""Time the convolution explorer in real JupyterLab with headless Chromium: from a key press to the changed frame.

    .venv/bin/python tools/bench_explorers.py

In the same run, as the yardstick: the same picture redrawn by matplotlib behind an ipywidgets slider. A time runs
from the key event to the first frame after the page (or the picture) has changed. A burst is 20 keys, 30 ms apart;
counted is how many of the 20 states some frame showed. Exit status 1 if a target is missed.
"""

import pathlib
import statistics
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "tests"))

import nbformat

from browser import CHROMIUM_FLAGS, LessonPage, require_chromium, running_lab

STEPS, CHANGES, BURST = 30, 20, 20
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}

EXPLORER = """import numpy as np
from convlab.explorers import ConvExplorer
ConvExplorer(input_size=({size}, {size}), kernel_size=(3, 3), padding=1, transposed={transposed})"""

YARDSTICK = """import io
import ipywidgets
import numpy as np
from convlab import plots, traces
x, w = np.arange(81).reshape(9, 9) % 9 + 1, np.arange(1, 10).reshape(3, 3)
padded, steps = np.pad(x, 1), traces.windows(x, w, padding=1)
y = np.array([step.value for step in steps]).reshape(9, 9)
image, slider = ipywidgets.Image(), ipywidgets.IntSlider(max=80)
def redraw(change=None):
    step = steps[slider.value]
    read, written = np.zeros((11, 11), bool), np.zeros((9, 9), bool)
    read[step.cells] = written[step.target] = True
    ax = plots.new_axes(27, 13)
    plots.draw_grid(padded, ax, styles={"read": read})
    plots.draw_grid(w, ax, at=(12.5, 4))
    plots.draw_grid(y, ax, at=(17, 1), styles={"written": written})
    buffer = io.BytesIO()
    ax.figure.savefig(buffer, format="png", dpi=72)
    image.value = buffer.getvalue()
slider.observe(redraw, "value")
redraw()
ipywidgets.VBox([slider, image])"""

# Notes the time of each key that changed what `selector` shows, in window.times, and every text that a frame showed.
METER = """([selector, isPicture, label]) => {
    const target = document.querySelector(selector);
    let pressed = null;
    window.times = [];
    window.shown = new Set();
    document.addEventListener('keydown', event => { pressed = event.timeStamp; }, true);
    const changed = () => {
        if (pressed === null) return;
        const start = pressed;
        pressed = null;
        requestAnimationFrame(() => {
            const after = new MessageChannel();
            after.port1.onmessage = () => window.times.push(performance.now() - start);
            after.port2.postMessage(0);
        });
    };
    if (isPicture) target.addEventListener('load', changed);
    const all = {subtree: true, childList: true, attributes: true, characterData: true};
    if (!isPicture) new MutationObserver(changed).observe(target, all);
    const look = () => {
        window.shown.add(label ? document.querySelector(label).textContent : target.src);
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""


class Run:
    """One notebook of one cell, open and run."""

    def __init__(self, browser, lab, name, source):
        self.context = browser.new_context(viewport={"width": 1280, "height": 900})
        lesson = LessonPage(self.context.new_page(), lab)
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)], metadata=KERNEL)
        lesson.open(lab.put(notebook, f"{name}.ipynb"))
        lesson.run_all()
        self.page, self.lab = lesson.page, lab

    def meter(self, selector, is_picture=False, label=None):
        self.page.wait_for_selector(selector)
        self.page.wait_for_timeout(1500)
        self.page.evaluate(METER, [selector, is_picture, label])

    def press(self, keys):
        """Milliseconds of each key, one after the other."""
        self.page.evaluate("() => { window.times.length = 0; }")
        for n, key in enumerate(keys, start=1):
            self.page.keyboard.press(key)
            self.page.wait_for_function("n => window.times.length >= n", arg=n, timeout=20000)
            self.page.wait_for_timeout(60)
        return self.page.evaluate("() => window.times")

    def burst(self):
        """How many of 20 states some frame showed, with 20 keys 30 ms apart."""
        self.page.keyboard.press("Home")
        self.page.wait_for_timeout(1500)
        self.page.evaluate("() => window.shown.clear()")
        self.page.wait_for_timeout(50)
        for _ in range(BURST):
            self.page.keyboard.press("ArrowRight", delay=0)
            self.page.wait_for_timeout(30)
        self.page.wait_for_timeout(2500)
        return self.page.evaluate("() => window.shown.size") - 1  # the state before the first key

    def close(self):
        self.context.close()
        self.lab.stop_kernels()


def explorer(browser, lab, size, transposed=False):
    """Times of steps and of changes of a parameter, and the burst."""
    run = Run(browser, lab, f"explorer_{size}_{transposed}", EXPLORER.format(size=size, transposed=transposed))
    run.meter(".convlab .cl-stage", label=".cl-counter")
    run.page.locator(".cl-slider").focus()
    steps, burst = run.press(["ArrowRight"] * STEPS), run.burst()
    run.page.locator('[data-field="dilation 0"]').focus()
    changes = run.press(["ArrowUp", "ArrowDown"] * (CHANGES // 2))
    run.close()
    return steps, changes, burst


def yardstick(browser, lab):
    run = Run(browser, lab, "yardstick", YARDSTICK)
    run.meter(".jp-OutputArea img", is_picture=True)
    run.page.locator(".jp-OutputArea .noUi-handle, .jp-OutputArea .ui-slider-handle").first.focus()
    steps, burst = run.press(["ArrowRight"] * STEPS), run.burst()
    run.close()
    return steps, burst


def said(times):
    ordered = sorted(times)
    return f"median {statistics.median(times):6.1f} ms, 95 % below {ordered[int(0.95 * (len(ordered) - 1))]:6.1f} ms"


def main():
    from playwright.sync_api import sync_playwright

    missed = []
    with (
        tempfile.TemporaryDirectory() as private,
        tempfile.TemporaryDirectory() as served,
        running_lab(pathlib.Path(private), pathlib.Path(served)) as lab,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=require_chromium(), args=CHROMIUM_FLAGS)
        for size, transposed in ((9, False), (9, True), (32, False), (32, True)):
            name = f"{'transposed ' if transposed else ''}convolution {size}x{size}"
            steps, changes, burst = explorer(browser, lab, size, transposed)
            for what, times, limit in (("step", steps, 20), ("parameter", changes, 40)):
                print(f"{name:28} {what:10} {said(times)}, target {limit} ms", flush=True)
                if statistics.median(times) > limit:
                    missed.append(f"{name}, {what}")
            print(f"{name:28} burst      {burst} of {BURST} states shown", flush=True)
            if size == 9 and burst < BURST:
                missed.append(f"{name}, burst")
        steps, burst = yardstick(browser, lab)
        print(f"{'ipywidgets + matplotlib 9x9':28} step       {said(steps)}")
        print(f"{'ipywidgets + matplotlib 9x9':28} burst      {burst} of {BURST} states shown")
        browser.close()
    print("missed: " + "; ".join(missed) if missed else "all targets met")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
