"""What all explorers share: traits that the page and Python both read and set, and the three ways to show one.

A live view in a running notebook; a still picture (where there is no kernel, and wherever the environment variable
``CONVLAB_STATIC`` is set); a page of its own (:meth:`Explorer.to_html`).

A *scene* is what an explorer shows: lines of blocks of panels, each a grid of texts and looks, and a sentence. The
page computes it in JavaScript, from the traits alone; the still picture is computed here, with :mod:`convlab.views` and
:mod:`convlab.reference`. The tests hold the two against each other.
"""

import base64
import json
import os
from html import escape
from importlib.resources import files
from pathlib import Path

import anywidget
import numpy as np
from traitlets import Int, List, TraitError, TraitType, Unicode, validate

from convlab.explorers.drawing import svg
from convlab.validation import integer

__all__ = ["LIMITS", "Cells", "Explorer", "Refused", "Setting", "module_text", "stylesheet"]

# As in static/arithmetic.js. A side of 48 is what a page can draw anew at every key: a transposed convolution of
# 32x32 with stride 2 has 15000 cells in its five grids, and takes 0.3 s (benchmarks/bench_explorers.py has the goals).
LIMITS = {
    "size": 32,
    "kernel": 7,
    "stride": 4,
    "padding": 8,
    "dilation": 4,
    "channels": 4,
    "side": 48,
    "products": 60000,
}
PARTS = """
    arithmetic scene plane stack
    convolution convolution_scene convolution_code
    framework_window padding_pitfall padding_pitfall_scene padding_pitfall_code
    matrix checkerboard sizes receptive_field coordinates shapes
    layout figure controls explorer
""".split()
LARGEST = 10**6


def module_text():
    """The ES module of all explorers: the files of ``static/``, one after the other."""
    return "\n".join(files("convlab.explorers").joinpath("static", f"{part}.js").read_text("utf-8") for part in PARTS)


def stylesheet():
    """The stylesheet of all explorers."""
    return files("convlab.explorers").joinpath("static", "explorer.css").read_text("utf-8")


class Refused(TraitError, ValueError):
    """A value that an explorer does not take; everything is left as it was."""


class Cells(TraitType):
    """An array of numbers, for the page a nested list."""

    info_text = "an array of numbers"

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.tag(sync=True, to_json=lambda value, _: value.tolist(), from_json=lambda value, _: np.array(value))

    def validate(self, obj, value):
        try:
            value = np.array(value)
        except ValueError:
            raise Refused(f"{self.name} must be an array whose rows are equally long") from None
        if value.dtype.kind not in "iuf":
            raise Refused(f"{self.name} must hold numbers, got {value.dtype}")
        if not value.size or not np.isfinite(value).all() or np.abs(value).max() > LARGEST:
            raise Refused(f"{self.name} must hold finite numbers from {-LARGEST} to {LARGEST}, at least one")
        return value.astype(np.int64) if value.dtype.kind in "iu" else value.astype(np.float64)


class Setting(TraitType):
    """One parameter; the explorer's ``checked`` decides which values it takes."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, allow_none=True, **options)
        self.tag(sync=True)


class Explorer(anywidget.AnyWidget):
    """Base of all explorers: a subclass names its ``kind``, its ``names``, ``checked`` and ``scene``.

    Attributes
    ----------
    step : int
        Which step is shown, from 0.
    selection : list
        ``[panel, row, column]`` of the pinned cell, or empty.
    """

    _esm = module_text()
    _css = stylesheet()

    kind = Unicode().tag(sync=True)
    names = List(Unicode()).tag(sync=True)
    step = Int(0).tag(sync=True)
    selection = List().tag(sync=True)

    def set(self, **values):
        """Set several traits at once: the explorer is checked when all of them are in place.

        Raises
        ------
        Refused
            A ``ValueError``: nothing was changed.
        """
        for name in values:
            if name not in self.names:
                raise Refused(f"{name} is no trait of {type(self).__name__}; it has {', '.join(self.names)}")
        with self.hold_trait_notifications():
            for name, value in values.items():
                setattr(self, name, value)

    def state(self):
        """All traits as plain data, as the page gets them."""
        return json.loads(json.dumps({name: _plain(getattr(self, name)) for name in self.names}))

    def checked(self, state):
        """Return ``state`` brought into one form, or raise ``TypeError`` or ``ValueError``."""
        raise NotImplementedError

    def scene(self):
        """What is shown now, as plain data."""
        raise NotImplementedError

    def _check(self, proposal):
        name = proposal["trait"].name
        state = {other: getattr(self, other) for other in self.names} | {name: proposal["value"]}
        try:
            return self.checked(state)[name]
        except (TypeError, ValueError) as error:
            raise Refused(str(error)) from None

    @validate("step")
    def _check_step(self, proposal):
        try:
            return integer("step", proposal["value"], minimum=0)
        except (TypeError, ValueError) as error:
            raise Refused(str(error)) from None

    @validate("selection")
    def _check_selection(self, proposal):
        value = proposal["value"]
        right = not value or (
            len(value) == 3 and isinstance(value[0], str) and all(isinstance(n, int) and n >= 0 for n in value[1:])
        )
        if not right:
            raise Refused(f"selection must be empty or [panel, row, column], got {value}")
        return value

    def picture(self):
        """The still picture of what is shown now: SVG, the same on every machine."""
        scene = self.scene()
        return svg(scene, self.title, self.alt(scene))

    def alt(self, scene=None):
        """What the still picture says, in words."""
        scene = scene or self.scene()
        return " ".join([f"{self.title}.", scene["formula"], *scene["facts"]])

    def to_html(self, path=None):
        """A page that is interactive by itself: no kernel, no network.

        Parameters
        ----------
        path : str or path-like, optional
            Where to write it.

        Returns
        -------
        str
            The page.
        """
        still = _image(self.picture(), self.alt())
        state = json.dumps(self.state() | {"kind": self.kind, "names": self.names}).replace("<", "\\u003c")
        page = PAGE.format(title=escape(self.title), css=stylesheet(), still=still, module=module_text(), state=state)
        if path is not None:
            Path(path).write_text(page, "utf-8")
        return page

    def _repr_mimebundle_(self, **options):
        static = {"text/plain": repr(self), "text/html": _image(self.picture(), self.alt())}
        if os.environ.get("CONVLAB_STATIC"):
            return static
        data, metadata = super()._repr_mimebundle_(**options)
        return {**data, **static}, metadata

    def __repr__(self):
        return f"{self.title}. {self.scene()['formula']}"


def _plain(value):
    return value.tolist() if isinstance(value, np.ndarray) else value


def _image(picture, alt):
    data = base64.b64encode(picture.encode()).decode()
    return f'<img alt="{escape(alt, quote=True)}" src="data:image/svg+xml;base64,{data}" style="max-width:100%">'


# The module ends with `export default { render }`; a page of its own has no one to import it, so it goes into a blob.
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{css}</style>
</head>
<body class="convlab-page">
<main>
<h1>{title}</h1>
<div id="explorer">{still}</div>
</main>
<script type="text/plain" id="module">{module}</script>
<script type="application/json" id="state">{state}</script>
<script type="module">
const text = (id) => document.getElementById(id).textContent;
const module = new Blob([text("module")], {{ type: "text/javascript" }});
const {{ default: explorer }} = await import(URL.createObjectURL(module));
const values = JSON.parse(text("state"));
const heard = {{}};
const model = {{
  get: (name) => values[name],
  set: (name, value) => {{ values[name] = value; (heard[`change:${{name}}`] ?? []).forEach((act) => act()); }},
  on: (event, act) => {{ (heard[event] ??= []).push(act); }},
  off: (event, act) => {{ heard[event] = (heard[event] ?? []).filter((other) => other !== act); }},
  save_changes: () => {{}},
}};
explorer.render({{ model, el: document.getElementById("explorer") }});
</script>
</body>
</html>
"""
