"""What the shape explorer shows: four shapes, which channels read which, and what does not fit."""

from math import prod
from typing import NamedTuple

import numpy as np

from convlab.arithmetic import effective_kernel_size
from convlab.explorers.scene import chosen_cell, factor, line, looks_of, panel, panels_of, plural
from convlab.frameworks import conv_padding, window
from convlab.frameworks.arguments import weight_layout
from convlab.frameworks.strided import conv_weight_layout

__all__ = ["LAYERS", "LAYOUTS", "SAID", "Axis", "Shapes", "shapes_of", "shapes_scene"]

LAYERS = {
    "conv2d": {"torch": "torch.nn.Conv2d", "keras": "keras.layers.Conv2D"},
    "conv_transpose2d": {"torch": "torch.nn.ConvTranspose2d", "keras": "keras.layers.Conv2DTranspose"},
}
LAYOUTS = {"channels_first": "NCHW", "channels_last": "NHWC"}
SAID = {"torch": "PyTorch", "keras": "Keras"}
AXES = {"N": "batch", "I": "channels", "O": "channels", "H": "height", "W": "width"}
GROUPS, IN_A_ROW, CHANNELS = 10, 5, 8  # how much is drawn: groups, groups in a row, channels of a group


class Axis(NamedTuple):
    """One axis of space: what is padded (or cropped) on both sides, and the size after the layer."""

    begin: int
    end: int
    size: int


class Shapes(NamedTuple):
    """What a layer makes of an input of a shape.

    ``channels`` are those that the layer has, ``weight`` and ``output`` are shapes, or None where there are none.
    ``axes`` has an :class:`Axis`, or None, for height and width. ``wrong`` are the axes of the input that do not fit,
    ``problem`` says why.
    """

    channels: int
    weight: tuple[int, ...] | None
    output: tuple[int, ...] | None
    axes: tuple[Axis | None, ...]
    wrong: tuple[int, ...]
    problem: str


def _weight_letters(operator, framework):
    """Order of the weight's axes: ``"IOHW"`` is PyTorch's of a transposed convolution."""
    return weight_layout(framework) if operator == "conv_transpose2d" else conv_weight_layout(framework)


def _axis(explorer, n, size):
    """Height (0) or width (1) after the layer: an :class:`Axis`; raises where nothing comes out."""
    numbers = size, explorer.kernel_size[n], explorer.stride[n], explorer.dilation[n]
    keras = explorer.framework == "keras"
    options = {"padding": explorer.padding if keras else explorer.padding[n]}
    if explorer.operator == "conv2d":
        return Axis(*conv_padding(explorer.framework, *numbers, **options))
    options["output_padding"] = explorer.output_padding and explorer.output_padding[n]
    found = window(explorer.framework, *numbers, **options)
    return Axis(found.crop_begin, found.crop_end, found.output_size)


def shapes_of(explorer):
    """What the layer makes of its input, :class:`Shapes`."""
    order, shape = LAYOUTS[explorer.data_format], explorer.input_shape
    at = order.index("C")
    read, meant, keras = shape[at], explorer.in_channels, explorer.framework == "keras"
    channels, groups, out = read if keras else meant, explorer.groups, explorer.out_channels
    sizes = {"I": channels, "O": out, "H": explorer.kernel_size[0], "W": explorer.kernel_size[1]}
    sizes["O" if explorer.operator == "conv_transpose2d" else "I"] //= groups
    weight = tuple(sizes[letter] for letter in _weight_letters(explorer.operator, explorer.framework))
    wrong, problems, axes = [], [], []
    if read != meant:
        wrong.append(at)
        problems.append(_channel_problem(explorer, at, weight))
    if channels % groups:
        return Shapes(channels, None, None, (None, None), tuple(wrong), " ".join(problems))
    for n, letter in enumerate("HW"):
        try:
            axes.append(_axis(explorer, n, shape[order.index(letter)]))
        except ValueError:
            axes.append(None)
            wrong.append(order.index(letter))
            problems.append(_size_problem(explorer, n, shape[order.index(letter)]))
    runs = all(axes) and (keras or read == meant)
    after = dict(zip("NCHW", (shape[0], out, *(axis and axis.size for axis in axes))))
    output = tuple(after[letter] for letter in order) if runs else None
    if output and wrong:
        problems.append(f"The output is {output}.")
    return Shapes(channels, weight, output, tuple(axes), tuple(wrong), " ".join(problems))


def _channel_problem(explorer, at, weight):
    """What comes of an input whose channels are not where the layer reads them."""
    shape, meant, groups = explorer.input_shape, explorer.in_channels, explorer.groups
    read = shape[at]
    name = f"{SAID[explorer.framework]} ({explorer.data_format})" if explorer.framework == "keras" else "PyTorch"
    said = f"{name} reads axis {at} as channels: {read} there, not {meant}."
    other = 1 if at == 3 else 3
    if shape[other] == meant:
        said += f" Axis {other} has {meant}: the data look {'channels_last' if at == 1 else 'channels_first'}."
    if explorer.framework == "torch":
        return f"{said} PyTorch refuses."
    if read % groups:
        return f"{said} Keras refuses: {groups} groups do not divide {read} channels."
    return f"{said} Keras says nothing and makes a layer for {read}, with a weight of {weight}."


def _size_problem(explorer, n, size):
    span = effective_kernel_size(explorer.kernel_size[n], explorer.dilation[n])
    name = AXES["HW"[n]]
    if explorer.operator == "conv_transpose2d":
        cause = f"output_padding {explorer.output_padding[n]}" if explorer.framework == "keras" else "padding"
        verb = "is refused by Keras on TensorFlow" if explorer.framework == "keras" else "crops the whole output"
        return f"In {name}, {cause} {verb}."
    padded = size + (0 if explorer.framework == "keras" else 2 * explorer.padding[n])
    return f"In {name}, the kernel spans {span} cells, but the padded input has only {padded}."


# --- the scene ---------------------------------------------------------------------------------------------------


def shapes_scene(explorer):
    """What is shown now, as plain data."""
    shapes = shapes_of(explorer)
    groups = _groups(explorer, shapes)
    lines = _lines(explorer, shapes, groups)
    outs = [[f"group {g}", n, 1] for g, (_, units) in enumerate(groups) for n in range(len(units))]
    usual = outs[min(explorer.step, len(outs) - 1)] if outs else ["input", 0, shapes.wrong[0]]
    chosen = chosen_cell(explorer, lines, usual)
    looks = looks_of(lines)
    if chosen[0].startswith("group"):
        drawn = next(one for one in panels_of(lines) if one["name"] == chosen[0])
        formula = _mark_channels(explorer, shapes, groups, drawn, *chosen[1:])
    else:
        formula = _mark_axis(explorer, shapes, looks, chosen[0], chosen[2])
    if chosen == usual and shapes.problem:
        formula = shapes.problem
    for axis in shapes.wrong:
        looks["input"][0][axis] = "bad"
    return {
        "lines": lines,
        "formula": formula,
        "facts": _facts(explorer, shapes, len(groups), formula),
        "steps": max(len(outs), 1),
        "selection": chosen,
        "problem": "",
        "meaning": {"read": "of the input", "written": "of the output", "bad": "not as the layer reads it"},
    }


def _shape_panel(name, title, names, shape):
    """A shape as a row of cells, with the name of each axis below; question marks where there is none."""
    texts = ["?"] * len(names) if shape is None else [str(n) for n in shape]
    places = [[2 * n, 2] for n in range(len(names))]
    labels = [[2 * n + 1, 1.35, axis] for n, axis in enumerate(names)]
    return panel(name, title, [texts], np.full((1, len(names)), "plain", object)) | {"places": places, "labels": labels}


def _weight_names(explorer, framework):
    transposed = explorer.operator == "conv_transpose2d"
    words = {"I": "in", "O": "out", "H": "kh", "W": "kw"}
    if not (transposed and framework == "keras"):
        words["O" if transposed else "I"] += "/groups"
    return [words[letter] for letter in _weight_letters(explorer.operator, framework)]


def _lines(explorer, shapes, groups):
    framework, order = explorer.framework, list(LAYOUTS[explorer.data_format])
    at, sign = order.index("C"), "×" if explorer.operator == "conv_transpose2d" else "∗"
    blocks = [
        ("", [[_shape_panel("input", "input", order, explorer.input_shape)]]),
        (sign, [[_shape_panel("weight", "weight", _weight_names(explorer, framework), shapes.weight)]]),
        ("→", [[_shape_panel("output", "output" if shapes.output else "no output", order, shapes.output)]]),
    ]
    if explorer.bias:
        blocks.insert(2, ("+", [[_shape_panel("bias", "bias", ["out"], (explorer.out_channels,))]]))
    lines = [line(f"{LAYERS[explorer.operator][framework]} reads axis {at} of its input as channels", blocks)]
    other = _other_weight(explorer, shapes)
    if other:
        framework = "keras" if framework == "torch" else "torch"
        names = _weight_names(explorer, framework)
        one = _shape_panel("other", f"weight of {LAYERS[explorer.operator][framework]}", names, other)
        lines.append(line(f"The same weight in {SAID[framework]}", [("", [[one]])]))
    if groups:
        panels = [_group_panel(explorer, g, units) for g, units in enumerate(groups)]
        rows = [panels[n : n + IN_A_ROW] for n in range(0, len(panels), IN_A_ROW)]
        lines.append(line("Input channels, and the output channels that read them", [("", rows)]))
    return lines


def _other_weight(explorer, shapes):
    """Shape of the same weight in the other framework, or None where it has no such layer."""
    framework = "keras" if explorer.framework == "torch" else "torch"
    if shapes.weight is None or (framework == "keras" and _grouped(explorer)):
        return None
    here = dict(zip(_weight_letters(explorer.operator, explorer.framework), shapes.weight))
    return tuple(here[letter] for letter in _weight_letters(explorer.operator, framework))


def _grouped(explorer):
    return explorer.operator == "conv_transpose2d" and explorer.groups > 1


def _groups(explorer, shapes):
    """The groups that are drawn: for each a list of ranges of input channels and one of output channels."""
    count = explorer.groups if shapes.weight else 0
    sides = shapes.channels, explorer.out_channels
    return [tuple(_units(channels // count, g) for channels in sides) for g in range(min(count, GROUPS))]


def _units(each, group):
    """The channels of a group, one by one where they are few, else together."""
    whole = range(group * each, (group + 1) * each)
    return [range(n, n + 1) for n in whole] if each <= CHANNELS else [whole]


def _group_panel(explorer, group, units):
    """Two columns of channels in a box, lines between those that are joined."""
    count = max(map(len, units))
    texts = [[_span(side[n]) if n < len(side) else "" for side in units] for n in range(count)]
    look = np.array([["plain" if text else "none" for text in row] for row in texts], object)
    strokes = [["group", [0, -0.05], [5, -0.05], [5, count + 0.12], [0, count + 0.12], [0, -0.05]]]
    strokes += [_wire("link", a, b) for a in range(len(units[0])) for b in range(len(units[1]))]
    title = f"group {group}" if explorer.groups > 1 else "one group"
    return panel(f"group {group}", title, texts, look) | {"places": [[0.25, 1.6], [3.15, 1.6]], "strokes": strokes}


def _wire(kind, a, b):
    return [kind, [1.85, a + 0.5], [3.15, b + 0.5]]


def _span(channels):
    first, last = channels[0], channels[-1]
    return str(first) if first == last else f"{first}–{last}"


def _named(channels):
    first, last = channels[0], channels[-1]
    return f"channel {first}" if first == last else f"channels {first} to {last}"


def _slice(name, sizes, parts):
    """A part of an array as one writes it: a range for each axis, all of it as a colon."""
    words = [
        ":" if len(part) == size else str(part[0]) if len(part) == 1 else f"{part[0]}:{part[-1] + 1}"
        for part, size in zip(parts, sizes)
    ]
    while words and words[-1] == ":":
        words.pop()
    return f"{name}[{', '.join(words)}]" if words else name


def _mark_channels(explorer, shapes, groups, drawn, row, column):
    """Mark the channels that are joined with one, and say by which part of the weight."""
    group = int(drawn["name"].split(" ")[1])
    units, others = groups[group][column], groups[group][1 - column]
    looks = ("read", "written")
    drawn["look"][row][column] = looks[column]
    for n in range(len(others)):
        drawn["look"][n][1 - column] = looks[1 - column]
        drawn["strokes"].append(_wire("chosen", n, row) if column else _wire("chosen", row, n))
    whole = range(others[0][0], others[-1][-1] + 1)
    return _channel_sentence(explorer, shapes.weight, group, (units[row], whole), column)


def _channel_sentence(explorer, weight, group, sides, column):
    one, others = sides
    letters = _weight_letters(explorer.operator, explorer.framework)
    sizes = dict(zip(letters, weight))
    parts = {letter: range(size) for letter, size in sizes.items()}
    parts["O"], parts["I"] = (one, others) if column else (others, one)
    # One side is counted within the group: the output of a transposed convolution, else the input.
    within = "O" if explorer.operator == "conv_transpose2d" else "I"
    first = group * sizes[within]
    parts[within] = range(parts[within][0] - first, parts[within][-1] + 1 - first)
    part = _slice("weight", weight, [parts[letter] for letter in letters])
    place = f" (group {group} of {explorer.groups})" if explorer.groups > 1 else ""
    ending = "" if len(one) > 1 else "s"
    if column == 0:
        return f"Input {_named(one)}{place} enter{ending} output {_named(others)} through {part}."
    kernel = explorer.kernel_size
    numbers = f"{len(others)}·{kernel[0]}·{kernel[1]} = {len(others) * prod(kernel)} numbers{'' if ending else ' each'}"
    plus = f", plus {_slice('bias', (explorer.out_channels,), (one,))}" if explorer.bias else ""
    return f"Output {_named(one)}{place} read{ending} input {_named(others)} through {part}, {numbers}{plus}."


def _letters(explorer, name):
    """What the axes of a panel are: N, H, W, I and O."""
    framework = explorer.framework
    if name in ("input", "output"):
        return LAYOUTS[explorer.data_format].replace("C", "I" if name == "input" else "O")
    if name == "other":
        framework = "keras" if framework == "torch" else "torch"
    return "O" if name == "bias" else _weight_letters(explorer.operator, framework)


def _mark_axis(explorer, shapes, looks, name, n):
    """Mark the same axis everywhere, and say what its number is."""
    letter = _letters(explorer, name)[n]
    for panel_name, rows in looks.items():
        if not panel_name.startswith("group"):
            for m, other in enumerate(_letters(explorer, panel_name)):
                if other == letter:
                    rows[0][m] = "written" if panel_name == "output" else "read"
    if name == "input":
        return f"Input axis {n}, {AXES[letter]}: {explorer.input_shape[n]}"
    if name == "bias":
        return f"bias: one number for each output channel, {explorer.out_channels}"
    if name == "output":
        return f"Output axis {n}, {AXES[letter]}: {_output_number(explorer, shapes, letter)}"
    return f"{'Weight' if name == 'weight' else 'That weight’s'} axis {n}: {_weight_number(explorer, shapes, letter)}"


def _weight_number(explorer, shapes, letter):
    if letter in "HW":
        return f"kernel_size in {AXES[letter]}, {explorer.kernel_size['HW'.index(letter)]}"
    if shapes.weight is None:
        return "there is no such layer"
    count = {"I": shapes.channels, "O": explorer.out_channels}[letter]
    word = {"I": "input", "O": "output"}[letter]
    if explorer.groups > 1 and letter == ("O" if explorer.operator == "conv_transpose2d" else "I"):
        return f"{word} channels of one group, {count} / {explorer.groups} = {count // explorer.groups}"
    return f"all {word} channels, {count}"


def _output_number(explorer, shapes, letter):
    if letter == "N":
        return f"the same as of the input, {explorer.input_shape[0]}"
    if letter == "O":
        return f"out_channels = {explorer.out_channels}"
    n = "HW".index(letter)
    if shapes.axes[n] is None:
        return "nothing is left"
    begin, end, size = shapes.axes[n]
    i = explorer.input_shape[LAYOUTS[explorer.data_format].index(letter)]
    s, span = explorer.stride[n], effective_kernel_size(explorer.kernel_size[n], explorer.dilation[n])
    if explorer.operator == "conv2d":
        return f"floor(({i} + {begin} + {end} − {span}) / {s}) + 1 = {size}"
    return f"{s}·({i} − 1) + {span} − {factor(begin)} − {factor(end)} = {size}"


def _facts(explorer, shapes, drawn, formula):
    facts = [shapes.problem] if shapes.problem not in ("", formula) else []
    shape, meant = explorer.input_shape, explorer.in_channels
    if shape[1] == shape[3] == meant:
        facts.append(f"Axes 1 and 3 both have {meant}: no layer would notice if the layout were the wrong one.")
    facts.append(_parameter_fact(explorer, shapes))
    if all(shapes.axes):
        height, width = (_output_number(explorer, shapes, letter) for letter in "HW")
        facts.append(f"Height {height}; width {width}. The parameters are those of this layer itself.")
    if 0 < drawn < explorer.groups:
        facts.append(f"{drawn} of {explorer.groups} groups are drawn.")
    if explorer.framework == "torch" and explorer.operator == "conv_transpose2d" and explorer.groups > 1:
        facts.append("Keras has no transposed convolution with groups.")
    return facts


def _parameter_fact(explorer, shapes):
    if shapes.weight is None:
        return "There is no such layer."
    count, bias = prod(shapes.weight), explorer.out_channels if explorer.bias else 0
    terms = f"weight {'·'.join(map(str, shapes.weight))} = {count}"
    return f"{terms}, {f'bias {bias}' if bias else 'no bias'}: together {plural(count + bias, 'parameter')}."
