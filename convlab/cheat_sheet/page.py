"""The page itself: HTML without scripts, black on white, one sheet of A4. Every number on it is computed here."""

from itertools import takewhile

import numpy as np

from convlab.cheat_sheet.formulas import REST, SHORT, SIZES, WINDOWS, typeset
from convlab.frameworks import conv_transpose, window
from convlab.frameworks.arguments import input_layout, rearrange, weight_layout
from convlab.frameworks.strided import conv_weight_layout
from convlab.reference import bed_of_nails, conv1d, conv_transpose2d, interpolate
from convlab.views import Conv, is_checkerboard_free, polyphase_sums, receptive_fields, zero_insertion_steps

__all__ = ["page"]

STRIDE = 2
INPUT, KERNEL = np.array([[1, 2], [3, 4]]), np.arange(1, 10).reshape(3, 3)
FRAMEWORKS = {"torch": "PyTorch", "tensorflow": "TensorFlow", "keras": "Keras", "jax": "JAX", "onnx": "ONNX Runtime"}

CSS = """
@page { size: A4 portrait; margin: 9mm; }
* { box-sizing: border-box; }
body { width: 192mm; margin: 0 auto; padding: 0; color: #000; background: #fff;
  font: 7pt/1.23 "Helvetica Neue", Helvetica, Arial, "Liberation Sans", "DejaVu Sans", sans-serif; }
@media screen { body { padding: 6mm 0; } }
@media screen and (min-width: 945px) { body { zoom: 1.3; } }
h1 { font-size: 14pt; line-height: 1.1; margin: 0; }
header p { margin: 0.6mm 0 1.6mm; }
h2 { font-size: 9pt; line-height: 1.2; margin: 1.9mm 0 0.7mm; padding-bottom: 0.3mm; border-bottom: 0.5mm solid #000; }
p, ol, ul { margin: 0.6mm 0; }
ol, ul { padding-left: 4mm; }
li { margin: 0.25mm 0; }
code, .n { font-family: "DejaVu Sans Mono", Menlo, Consolas, "Liberation Mono", monospace; font-size: 0.9em; }
/* JupyterLab shows the page without its doctype: tables would not inherit there. */
table { border-collapse: collapse; width: 100%; font: inherit; color: inherit; }
th, td { text-align: left; vertical-align: top; padding: 0.25mm 1.2mm 0.25mm 0; border-bottom: 0.15mm solid #777; }
th { font-weight: bold; }
td:last-child, th:last-child { padding-right: 0; }
.windows th, .windows td { white-space: nowrap; }
thead th, thead td { border-bottom: 0.55mm solid #000; }
tbody th { font-weight: normal; }
tr.group > * { border-top: 0.55mm solid #000; }
.columns { display: flex; gap: 5mm; }
.columns > * { flex: 1 1 0; min-width: 0; }
.columns > .wide { flex-grow: 1.22; }
.wide th, .wide td { white-space: nowrap; }
.box { border: 0.5mm solid #000; padding: 0.8mm 2mm 1.2mm; }
.box h2 { border: 0; margin: 0; padding: 0; }
.pictures { display: flex; justify-content: space-between; gap: 3mm; margin: 1.2mm 0 1.6mm; }
figure { margin: 0; }
figcaption { font-size: 7pt; margin-bottom: 0.5mm; }
.n, .formula { white-space: nowrap; }
footer { margin-top: 2mm; }
.grid { width: auto; }
.grid td { border: 0.15mm solid #999; width: 6.1mm; height: 4mm; padding: 0; text-align: center; vertical-align: middle;
  color: #666; font-size: 6.6pt; }
.grid td.in { color: #000; font-weight: bold; }
.grid td.top { border-top: 0.6mm solid #000; } .grid td.bottom { border-bottom: 0.6mm solid #000; }
.grid td.left { border-left: 0.6mm solid #000; } .grid td.right { border-right: 0.6mm solid #000; }
"""


def page():
    """The cheat sheet as one HTML document.

    Examples
    --------
    >>> page().startswith("<!DOCTYPE html>"), "<script" in page()
    (True, False)
    """
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Convolution arithmetic on one page</title>
<meta name="viewport" content="width=device-width">
<style>{CSS}</style>
</head>
<body>
<header>
<h1>Convolution arithmetic on one page</h1>
<p>Each axis by itself. <i>i</i> input, <i>o</i> output, <i>k</i> kernel size; <i>s</i> stride, <i>p</i> padding,
<i>d</i> dilation, <i>op</i> output_padding. floor rounds down, ceil up.</p>
</header>
<main>
<div class="columns">
<div class="wide">
<section>{_sizes()}</section>
<section>{_upsampling()}</section>
</div>
<div>
<section class="box">{_conventions()}</section>
<section>{_weights()}</section>
</div>
</div>
<section class="windows">{_windows()}</section>
<div class="columns">
<section>{_four_steps()}</section>
<section>{_checkerboards()}</section>
<section>{_receptive_field()}</section>
</div>
</main>
<footer><p>Every number on this page was computed by convlab.</p></footer>
</body>
</html>
"""


def _table(heads, rows):
    """A table with the first cell of each row as its head, which spans the rows below that have None there."""
    head = "".join(f'<th scope="col">{text}</th>' if text else "<td></td>" for text in heads)
    body = ""
    for number, (name, *cells) in enumerate(rows):
        below = sum(1 for _ in takewhile(lambda row: row[0] is None, rows[number + 1 :]))
        scope = f'scope="rowgroup" rowspan="{below + 1}"' if below else 'scope="row"'
        first = "" if name is None else f"<th {scope}>{name}</th>"
        line = ' class="group"' if first and below else ""
        body += f"<tr{line}>{first}{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>\n"
    return f"<table><thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table>"


def _signed(value):
    return str(value).replace("-", "−")


def _letters(letters):
    """``i 6, k 3``."""
    return ", ".join(f"<i>{name}</i> {value}" for name, value in letters.items())


# --- sizes and conventions ----------------------------------------------------------------------------------------


def _sizes():
    rows = []
    for size in SIZES:
        formula = f"<i>{size.letter}</i> = {typeset(size.expression)}"
        rows.append((size.name, formula, _letters(size.example), f"<b>{size.computed(**size.example)}</b>"))
    return f"""<h2>Sizes</h2>
{_table(["", "formula", "example", "gives"], rows)}"""


def _conventions():
    x, w = np.array([[[1, 2, 3, 4]]]), np.array([[[1, 10, 100]]])
    slid, flipped = conv1d(x, w)[0, 0].tolist(), np.convolve(x[0, 0], w[0, 0], mode="valid").tolist()
    return f"""<h2>Conventions</h2>
<ul>
<li><b>padding</b> is per side. In a transposed convolution it <b>crops</b>.</li>
<li><b>dilation</b> 1 means no gaps; a tap reads one cell.</li>
<li>A layer's convolution is a <b>cross-correlation</b>: the kernel is not flipped.
<span class="n">{x[0, 0].tolist()}</span> with <span class="n">{w[0, 0].tolist()}</span> gives
<span class="n">{slid}</span>; <code>np.convolve</code> flips: <span class="n">{flipped}</span>.</li>
<li><b>Transposed</b>: <code>full[s*j + d*t] += x[j] * w[t]</code>, overlaps add up; then a window is cut out. The
size can come back, the values do not.</li>
<li><b>Whose parameters?</b> <i>s</i>, <i>p</i>, <i>d</i> of a transposed layer are those of the convolution that leads
back.</li>
<li><b>Flip</b>: JAX alone turns the kernel of a transposed layer.</li>
<li><b>output_padding</b> is the <i>a</i> of that convolution: it says which of its <i>s</i> input sizes is meant.
0 ≤ <i>op</i> &lt; <i>s</i> (PyTorch: &lt; <i>s</i> or <i>d</i>).</li>
<li><b>same</b>: of an odd number of zeros the end gets one more.</li>
<li>The bias is added once to every output cell.</li>
<li><code>F.pad</code> lists the last axis first.</li>
</ul>"""


def _shape(layout, conv):
    """The axes of a kernel in words; g counts the groups."""
    words = {"I": "in/g" if conv else "in", "O": "out" if conv else "out/g", "H": "kH", "W": "kW"}
    return f"({', '.join(words[letter] for letter in layout)})"


def _weights():
    rows = []
    for names, framework in (("PyTorch, ONNX", "torch"), ("TensorFlow, Keras", "tensorflow"), ("JAX", "jax")):
        conv = _shape(conv_weight_layout(framework), conv=True)
        transposed = _shape(weight_layout(framework), conv=False)
        rows.append((names, input_layout(framework), conv, transposed))
    turned = _shape(weight_layout("jax", transpose_kernel=True), conv=False)
    return f"""<h2>Layouts of input and weight</h2>
{_table(["", "input", "convolution", "transposed"], rows)}
<p>g: groups (transposed: not in Keras and JAX). JAX with <code>transpose_kernel=True</code>: {turned}.</p>"""


# --- windows ------------------------------------------------------------------------------------------------------


def _full(flip=False):
    kernel = KERNEL[::-1, ::-1] if flip else KERNEL
    return conv_transpose2d(INPUT[None, None], kernel[None, None], stride=STRIDE)[0, 0]


def _answer(framework, **options):
    """What a framework gives for the standard question, ``(H, W)``."""
    x, w = INPUT[None, None], KERNEL[None, None]
    x = rearrange(x, "NCHW", input_layout(framework))
    w = rearrange(w, "IOHW", weight_layout(framework, transpose_kernel=options.get("transpose_kernel", False)))
    y = conv_transpose(framework, x, w, stride=STRIDE, **options)
    return rearrange(y, input_layout(framework), "NCHW")[0, 0]


#: A call for each of the five answers.
FIVE = {
    "A": ("torch", {"padding": 1}),
    "B": ("torch", {"padding": 1, "output_padding": 1}),
    "C": ("keras", {"padding": "same"}),
    "D": ("jax", {"padding": "SAME"}),
    "E": ("torch", {}),
}


def _example(row, letters):
    """One example of a row: its numbers, and the answer that it gives."""
    options = row.filled(letters) | {name: letters[name] for name in letters if name == "transpose_kernel"}
    values = _answer(row.framework, **options)
    name = next(name for name, (other, call) in FIVE.items() if np.array_equal(values, _answer(other, **call)))
    numbers = _letters({letter: value for letter, value in letters.items() if letter != "transpose_kernel"})
    turned = "not flipped" if "transpose_kernel" in letters else ""
    condition = ", ".join(text for text in (numbers, turned) if text)
    return f"{condition}: <b>{name}</b>" if condition else f"<b>{name}</b>"


def _flips(row):
    flip = window(row.framework, len(INPUT), len(KERNEL), STRIDE, **row.filled(row.examples[0])).flip
    return "yes*" if flip else "no"


def _windows():
    rows = []
    for before, row in zip((None, *WINDOWS), WINDOWS):
        name = None if before and before.framework == row.framework else FRAMEWORKS[row.framework]
        end = "the rest" if row.end == REST else typeset(row.end)
        examples = "; ".join(_example(row, letters) for letters in row.examples)
        rows.append(
            (name, f"<code>{row.call}</code>", typeset(row.begin), end, typeset(row.size), _flips(row), examples)
        )
    pictures = "".join(_picture(name) for name in FIVE)
    short = ", ".join(f"<i>{letter}</i> = {typeset(text)}" for letter, text in SHORT.items())
    heads = ["", "call", "crop begin", "crop end", "output size <i>o</i>", "flip", "gives, of the five"]
    return f"""<h2>Windows: what a framework cuts out of the full output</h2>
<p>One question, five answers: <span class="n">{INPUT.tolist()}</span>, kernel 1 to 9, stride {STRIDE}. Framed is what
is returned. At the begin crop what the convolution that leads back pads there; at the end what it pads there, less the
<i>a</i> cells that it never reads. A negative crop adds zeros.</p>
<div class="pictures">{pictures}</div>
{_table(heads, rows)}
<p>{short}; the rest: <i>L</i> − <i>o</i> − crop begin. *JAX: no with <code>transpose_kernel=True</code>. TensorFlow
wants an <i>o</i> from which a convolution leads back to <i>i</i>. "Same" crops <i>K</i> − <i>s</i> cells, the larger
half at the end. Where <i>K</i> − <i>s</i> is even, it is PyTorch's padding (<i>K</i> − <i>s</i>)/2; where odd, PyTorch
cannot say it: crop nothing and slice <code>[c : c + s*i]</code>.</p>"""


def _picture(name):
    """One of the five answers: the full output with the window framed."""
    framework, options = FIVE[name]
    begin, end, flip, size = window(framework, len(INPUT), len(KERNEL), STRIDE, **options)
    full = _full(flip)
    last = begin + size - 1
    rows = ""
    for r, values in enumerate(full.tolist()):
        cells = ""
        for c, value in enumerate(values):
            inside = begin <= r <= last and begin <= c <= last
            sides = {"in": True, "top": r == begin, "bottom": r == last, "left": c == begin, "right": c == last}
            look = f' class="{" ".join(side for side, on in sides.items() if on)}"' if inside else ""
            cells += f"<td{look}>{value}</td>"
        rows += f"<tr>{cells}</tr>"
    caption = f"<b>{name}</b> crop ({_signed(begin)}, {_signed(end)}), {size} × {size}{', flipped' if flip else ''}"
    return f'<figure><figcaption>{caption}</figcaption><table class="grid"><tbody>{rows}</tbody></table></figure>\n'


# --- recipe, checkerboard, receptive field ------------------------------------------------------------------------


def _four_steps():
    x, w, options = [2, 3], [1, 10, 100], {"stride": 2, "padding": 1}
    steps = zero_insertion_steps(np.array([[x]]), np.array([[w]]), **options)
    words = (
        "Put <i>s</i> − 1 zeros between neighbours, none after the last",
        "Pad with <i>p</i>′ = <i>K</i> − 1 − <i>p</i> zeros per side, <i>op</i> more at the end; negative: crop",
        "<b>Turn the kernel by 180°</b>; exchange its in and out channels",
        "Convolve with stride 1 and dilation <i>d</i>",
    )
    items = [f'<li>{text}: <span class="n">{step[0, 0].tolist()}</span></li>' for text, step in zip(words, steps)]
    return f"""<h2>Transposed in four steps</h2>
<p><span class="n">{x}</span>, <span class="n">{w}</span>, stride {options["stride"]}, padding {options["padding"]}:</p>
<ol>{"".join(items)}</ol>"""


def _checkerboards():
    rows = []
    for kernel, stride in (([1, 3], 2), ([1, 2, 1], 2), ([1, 1, 1], 2), ([1, 1, 1, 1], 2)):
        weight = np.array([[kernel]])
        sums = ", ".join(map(str, polyphase_sums(weight, stride)[0, 0].tolist()))
        words = ("no", "yes")
        rows.append(
            (
                f'<span class="n">{kernel}</span>',
                sums,
                words[len(kernel) % stride == 0],
                words[not is_checkerboard_free(weight, stride)],
            )
        )
    table = _table(["<i>s</i> = 2, kernel", "sums", "<i>s</i> divides <i>k</i>", "pattern"], rows)
    return f"""<h2>Checkerboards</h2>
<p>A constant input gives a constant interior exactly if all <i>s</i> sums <code>w[r::s].sum()</code> are equal (in 2-D
all <i>s</i>²). That <i>s</i> divides <i>k</i> is neither needed nor enough.</p>
{table}
<p>At the border fewer stamps overlap, always.</p>"""


def _receptive_field():
    stack = [(3, 1, 1), (3, 2, 1), (3, 1, 2)]
    fields = receptive_fields([Conv(k, s, 0, d) for k, s, d in stack])
    rows = [(str(layer), field.size, field.jump) for layer, field in zip(stack, fields)]
    return f"""<h2>Receptive field</h2>
<p>Begin with <i>r</i> = 1, <i>j</i> = 1. Each layer: <i>r</i> grows by
<span class="formula">(<i>k</i> − 1)·<i>d</i>·<i>j</i></span>, then <i>j</i> is multiplied by <i>s</i>. Layers that
share a dilation above 1
leave holes.</p>
{_table(["layer (<i>k</i>, <i>s</i>, <i>d</i>)", "<i>r</i>", "<i>j</i>"], rows)}"""


def _upsampling():
    x = np.array([[[10.0, 20.0]]])
    kinds = {
        "nearest": {},
        "linear": {"mode": "linear"},
        "... align_corners": {"mode": "linear", "align_corners": True},
    }
    rows = [(kind, _listed(interpolate(x, scale_factor=2, **options))) for kind, options in kinds.items()]
    return f"""<h2>Upsampling by 2, as PyTorch does it</h2>
{_table(["", f"{_listed(x)} gives"], [*rows, ("bed of nails", _listed(bed_of_nails(x, (1, 2))))])}"""


def _listed(values):
    return ", ".join(f"{value:.4g}" for value in values.ravel())
