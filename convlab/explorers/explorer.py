"""What all explorers share: traits that the page and Python both read and set, and the three ways to show one.

A live view in a running notebook; a still picture (where there is no kernel, and wherever the environment variable
``CONVLAB_STATIC`` is set); a page of its own (:meth:`Explorer.to_html`).

A *scene* is what an explorer shows: lines of blocks of panels, each a grid of texts and looks, and a sentence. It is
computed in JavaScript, from the traits alone: on the page, and for what is stored through
:mod:`convlab.explorers.javascript`. A live view needs no engine: the page draws, and Python checks with
:mod:`convlab.arithmetic` what it is given. What cannot be is refused with :class:`Refused`, and nothing is changed.
"""

import base64
import functools
import json
import os
from html import escape
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets
import numpy as np
from traitlets import Dict, Int, List, TraitError, TraitType, Unicode, validate

from convlab.explorers.javascript import ask, have_engine, module_text, settings, stylesheet
from convlab.typing import Array
from convlab.validation import integer

__all__ = ["LIMITS", "Cells", "Explorer", "Refused", "Setting", "as_rows", "as_tuple", "check_at_most"]

# A side of 48 is what a page can draw anew at every key: a transposed convolution of 32x32 with stride 2 has 15000
# cells in its five grids, and takes 0.3 s (tools/bench_explorers.py has the goals).
LIMITS = settings()
LARGEST = 10**6
# Of each explorer the names of its controls, which of them stand beside the figure, and what a challenge may ask for.
KINDS = LIMITS["controls"]
WORN = ("controls", "caption", "challenge")


class Refused(TraitError, ValueError):
    """A value that an explorer does not take; everything is left as it was."""


class Cells(TraitType):
    """An array of numbers, for the page a nested list."""

    info_text = "an array of numbers"

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.tag(sync=True, to_json=lambda value, _: value.tolist(), from_json=lambda value, _: np.array(value))

    def validate(self, obj: Any, value: Any) -> Array:
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


class Library(ipywidgets.Widget):
    """The module and the stylesheet, once in a notebook: every explorer names it, and none carries them along."""

    module = Unicode().tag(sync=True)
    style = Unicode().tag(sync=True)


@functools.cache
def _library(module):
    return Library(module=module, style=stylesheet())


# Gets the library from the notebook, from a running kernel or from what was saved, and lets it draw.
LOADER = """
export default { async render({ model, el, ...rest }) {
  const library = await model.widget_manager.get_model(model.get("library").slice("IPY_MODEL_".length));
  const [module, style] = ["module", "style"].map((name) => library.get(name));
  globalThis.convlabModules ??= new Map();
  if (!convlabModules.has(module)) {
    convlabModules.set(module, import(URL.createObjectURL(new Blob([module], { type: "text/javascript" }))));
    const sheet = document.createElement("style");
    sheet.textContent = style;
    document.head.append(sheet);
  }
  return (await convlabModules.get(module)).default.render({ model, el, ...rest });
} };
"""


class Explorer(anywidget.AnyWidget):
    """Base of all explorers.

    A subclass has traits, ``checked``, and the line ``_check_settings = validate(*SETTINGS)(Explorer._check)``; what it
    shows is ``fronts.KIND`` in JavaScript.

    Every explorer also takes the attributes below as keywords.

    Attributes
    ----------
    controls : list of str, optional
        Which controls stand beside the figure, by the names of what they change; the others are folded. Not given:
        those that most lessons need.
    caption : str
        What to look for, above the figure.
    challenge : dict
        What is to be reached by changing the settings: ``{"output_size": [7, 7]}``, ``{"output": [4, 9, 6]}``; which
        names there are depends on the explorer. The page says what is still missing.
    step : int
        Which step is shown, from 0.
    selection : list
        ``[panel, row, column]`` of the pinned cell, or empty.
    """

    _esm = LOADER
    module = module_text()

    library = Unicode().tag(sync=True)
    kind = Unicode().tag(sync=True)
    controls = List(Unicode(), default_value=None, allow_none=True).tag(sync=True)
    caption = Unicode().tag(sync=True)
    challenge = Dict().tag(sync=True)
    names = List(Unicode()).tag(sync=True)
    step = Int(0).tag(sync=True)
    selection: List = List().tag(sync=True)

    def __init__(self, kind, settings, **values):
        worn = {name: values.pop(name) for name in WORN if name in values}
        super().__init__(kind=kind, names=[*settings, "step", "selection"])
        self.library = f"IPY_MODEL_{_library(self.module).model_id}"
        self.set(**values)
        for name, value in worn.items():
            setattr(self, name, value)

    def set(self, **values: Any) -> None:
        """Set several traits at once: the explorer is checked when all of them are in place."""
        for name in values:
            if name not in self.names:
                raise Refused(f"{name} is no trait of {type(self).__name__}; it has {', '.join(self.names)}")
        with self.hold_sync(), self.hold_trait_notifications():
            for name, value in values.items():
                setattr(self, name, value)

    def state(self) -> dict:
        """All traits as plain data, as the page gets them."""
        return json.loads(json.dumps({name: _plain(getattr(self, name)) for name in self.names}))

    def checked(self, state: dict) -> dict:
        """Return ``state`` brought into one form, or raise ``TypeError`` or ``ValueError``."""
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

    @validate("controls")
    def _check_controls(self, proposal):
        known = KINDS[self.kind]["known"]
        for name in proposal["value"] or ():
            if name not in known:
                raise Refused(f"controls of this explorer are {', '.join(known)}; got {name!r}")
        return proposal["value"]

    @validate("challenge")
    def _check_challenge(self, proposal):
        known = KINDS[self.kind]["outcomes"]
        for name in proposal["value"]:
            if name not in known:
                raise Refused(f"challenge can ask for {', '.join(known)} here; got {name!r}")
        return {name: _plain(as_list(value)) for name, value in proposal["value"].items()}

    # --- what is shown: these ask JavaScript ---

    def scene(self) -> dict:
        """What is shown now, as plain data."""
        return self._still()["scene"]

    def picture(self) -> str:
        """The still picture of what is shown now: SVG, the same on every machine."""
        return self._still()["svg"]

    def alt(self) -> str:
        """What the still picture says, in words."""
        return self._still()["alt"]

    def _still(self):
        return ask("still", self.state() | {"kind": self.kind, "caption": self.caption})

    def to_html(self, path: str | os.PathLike | None = None) -> str:
        """A page that is interactive by itself: no kernel, no network. Written to ``path`` where one is given."""
        still, traits = self._still(), self._carried()
        state = traits.replace("<", "\\u003c")
        title, image = escape(still["title"]), _image(still, traits)
        page = PAGE.format(title=title, css=stylesheet(), still=image, module=self.module, state=state)
        if path is not None:
            Path(path).write_text(page, "utf-8")
        return page

    def _carried(self):
        """What a page needs to make the explorer live, as JSON."""
        return json.dumps(self.state() | {name: getattr(self, name) for name in ("kind", "names", *WORN)})

    def _repr_mimebundle_(self, **options):
        if os.environ.get("CONVLAB_STATIC"):
            return self._static()
        data, metadata = super()._repr_mimebundle_(**options)
        return {**data, **(self._static() if have_engine() else {"text/plain": repr(self)})}, metadata

    def _static(self):
        still = self._still()
        return {"text/plain": _said(still), "text/html": _image(still, self._carried())}

    def __repr__(self):
        return _said(self._still()) if have_engine() else f"{type(self).__name__}()"


def as_list(value: Any) -> Any:
    """A tuple, as Python writes it, as a list; anything else as it is."""
    return [as_list(one) for one in value] if isinstance(value, (tuple, list)) else value


def as_tuple(value: Any) -> Any:
    """A list, as the page sends it, as a tuple; anything else as it is."""
    return tuple(value) if isinstance(value, list) else value


def as_rows(values: Any) -> Array:
    """``(L,)`` as one row, ``(H, W)`` as it is."""
    values = np.asarray(values)
    if values.ndim not in (1, 2):
        raise ValueError(f"arrays must have shape (L,) or (H, W), got {values.shape}")
    return np.atleast_2d(values)


def check_at_most(name: str, value: Any, minimum: int, limit: int) -> None:
    """Refuse what is no integer from ``minimum`` to ``limit``."""
    if integer(name, value, minimum=minimum) > limit:
        raise ValueError(f"{name} can be at most {limit} here, got {value}")


def _plain(value):
    return value.tolist() if isinstance(value, np.ndarray) else value


def _said(still):
    return f"{still['title']}. {still['scene']['formula']}"


def _image(still, traits):
    """The still picture, and what a static page needs to make it live."""
    data = base64.b64encode(still["svg"].encode()).decode()
    alt, traits = escape(still["alt"]), escape(traits)
    picture = f'src="data:image/svg+xml;base64,{data}" style="max-width:100%"'
    return f'<img alt="{alt}" {picture} data-convlab="{traits}">'


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
