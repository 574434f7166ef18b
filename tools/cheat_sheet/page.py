"""The numbers of the cheat sheet, every one computed by convlab, and the template ``sheet.html`` that shows them."""

import itertools
import pathlib

import jinja2
import numpy as np

from convlab.frameworks import conv_transpose, conv_weight_layout, input_layout, rearrange, weight_layout, window
from convlab.reference import bed_of_nails, conv1d, conv_transpose2d, interpolate
from convlab.views import Conv, is_checkerboard_free, polyphase_sums, receptive_fields, zero_insertion_steps
from tools.cheat_sheet.formulas import REST, SHORT, SIZES, WINDOWS, typeset

__all__ = ["page"]

TEMPLATE = pathlib.Path(__file__).with_name("sheet.html")
STRIDE = 2
INPUT, KERNEL = np.array([[1, 2], [3, 4]]), np.arange(1, 10).reshape(3, 3)
FRAMEWORKS = {"torch": "PyTorch", "tensorflow": "TensorFlow", "keras": "Keras", "jax": "JAX", "onnx": "ONNX Runtime"}
#: A call for each of the five answers to the standard question: INPUT, KERNEL and STRIDE.
FIVE = {
    "A": ("torch", {"padding": 1}),
    "B": ("torch", {"padding": 1, "output_padding": 1}),
    "C": ("keras", {"padding": "same"}),
    "D": ("jax", {"padding": "SAME"}),
    "E": ("torch", {}),
}


def page():
    """The cheat sheet as one HTML document.

    Examples
    --------
    >>> page().startswith("<!DOCTYPE html>"), "<script" in page()
    (True, False)
    """
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True)
    environment.filters["typeset"] = typeset
    return environment.from_string(TEMPLATE.read_text(encoding="utf-8")).render(
        sizes=SIZES,
        upsampling=_upsampling(),
        correlation=_correlation(),
        layouts=_layouts(),
        question={"x": INPUT.tolist(), "stride": STRIDE},
        answers={name: _answer_with_frame(framework, options) for name, (framework, options) in FIVE.items()},
        windows=_windows(),
        rest=REST,
        short=SHORT,
        recipe=_recipe(),
        checkerboards=_checkerboards(),
        fields=_fields(),
    )


def _upsampling():
    x = np.array([[[10.0, 20.0]]])
    kinds = {
        "nearest": {},
        "linear": {"mode": "linear"},
        "... align_corners": {"mode": "linear", "align_corners": True},
    }
    outputs = {kind: _listed(interpolate(x, scale_factor=2, **options)) for kind, options in kinds.items()}
    return {"input": _listed(x), "outputs": {**outputs, "bed of nails": _listed(bed_of_nails(x, (1, 2)))}}


def _listed(values):
    return ", ".join(f"{value:.4g}" for value in values.ravel())


def _correlation():
    x, w = np.array([[[1, 2, 3, 4]]]), np.array([[[1, 10, 100]]])
    slid, flipped = conv1d(x, w)[0, 0], np.convolve(x[0, 0], w[0, 0], mode="valid")
    return {"x": x[0, 0].tolist(), "w": w[0, 0].tolist(), "slid": slid.tolist(), "flipped": flipped.tolist()}


def _shape(layout, conv):
    """The axes of a kernel in words; g counts the groups."""
    words = {"I": "in/g" if conv else "in", "O": "out" if conv else "out/g", "H": "kH", "W": "kW"}
    return f"({', '.join(words[letter] for letter in layout)})"


def _layouts():
    rows = []
    for names, framework in (("PyTorch, ONNX", "torch"), ("TensorFlow, Keras", "tensorflow"), ("JAX", "jax")):
        conv = _shape(conv_weight_layout(framework), conv=True)
        transposed = _shape(weight_layout(framework), conv=False)
        rows.append((names, input_layout(framework), conv, transposed))
    return {"rows": rows, "turned": _shape(weight_layout("jax", transpose_kernel=True), conv=False)}


# --- windows ------------------------------------------------------------------------------------------------------


def _answer(framework, **options):
    """What a framework gives for the standard question, ``(H, W)``."""
    x, w = INPUT[None, None], KERNEL[None, None]
    x = rearrange(x, "NCHW", input_layout(framework))
    w = rearrange(w, "IOHW", weight_layout(framework, transpose_kernel=options.get("transpose_kernel", False)))
    y = conv_transpose(framework, x, w, stride=STRIDE, **options)
    return rearrange(y, input_layout(framework), "NCHW")[0, 0]


def _answer_with_frame(framework, options):
    """One of the five answers: the full output, and from where to where the window goes."""
    begin, end, flip, size = window(framework, len(INPUT), len(KERNEL), STRIDE, **options)
    kernel = KERNEL[::-1, ::-1] if flip else KERNEL
    full = conv_transpose2d(INPUT[None, None], kernel[None, None], stride=STRIDE)[0, 0].tolist()
    return {"crop": (begin, end), "flip": flip, "size": size, "full": full, "first": begin, "last": begin + size - 1}


def _windows():
    """The rows of each framework, with whether it flips and its examples."""
    groups = itertools.groupby(WINDOWS, key=lambda row: row.framework)
    return [
        (
            FRAMEWORKS[framework],
            [(row, _flips(row), [_example(row, letters) for letters in row.examples]) for row in rows],
        )
        for framework, rows in groups
    ]


def _flips(row):
    return window(row.framework, len(INPUT), len(KERNEL), STRIDE, **row.filled(row.examples[0])).flip


def _example(row, letters):
    """One example of a row: its numbers, whether the kernel is left unturned, and which answer it gives."""
    turned = {"transpose_kernel": True} if "transpose_kernel" in letters else {}
    values = _answer(row.framework, **row.filled(letters), **turned)
    name = next(name for name, (other, call) in FIVE.items() if np.array_equal(values, _answer(other, **call)))
    return {letter: value for letter, value in letters.items() if letter not in turned}, bool(turned), name


# --- recipe, checkerboard, receptive field ------------------------------------------------------------------------


def _recipe():
    x, w, options = [2, 3], [1, 10, 100], {"stride": 2, "padding": 1}
    steps = zero_insertion_steps(np.array([[x]]), np.array([[w]]), **options)
    return {"x": x, "w": w, **options, "steps": [step[0, 0].tolist() for step in steps]}


def _checkerboards():
    rows, words = [], ("no", "yes")
    for kernel, stride in (([1, 3], 2), ([1, 2, 1], 2), ([1, 1, 1], 2), ([1, 1, 1, 1], 2)):
        weight = np.array([[kernel]])
        sums = ", ".join(map(str, polyphase_sums(weight, stride)[0, 0].tolist()))
        divides, pattern = len(kernel) % stride == 0, not is_checkerboard_free(weight, stride)
        rows.append((f'<span class="n">{kernel}</span>', sums, words[divides], words[pattern]))
    return rows


def _fields():
    stack = [(3, 1, 1), (3, 2, 1), (3, 1, 2)]
    fields = receptive_fields([Conv(k, s, 0, d) for k, s, d in stack])
    return [(str(layer), field.size, field.jump) for layer, field in zip(stack, fields)]
