"""The check of a decoder that a student designs: it is built with PyTorch, layer by layer, and run.

Many designs are right, so nothing is compared with a stored one. What must hold: at most four layers with kernels of
at most six taps; inside, every cell gets equally many stamps (even overlap); no cell is left without a stamp; and the
last layer has the size that was asked for.
"""

from collections.abc import Callable

from convlab.grading.cases import show_call
from convlab.grading.check_calls import Cases, answer_of, some
from convlab.grading.messages import HIDDEN, Said, failed, idea_of
from convlab.grading.oracles import ORACLES, Mistake, answer
from convlab.grading.oracles.dilation_project_oracles import LARGEST_KERNEL, MOST_LAYERS
from convlab.grading.oracles.oracle import one_thread
from convlab.misconceptions import NotApplicable, Problem, simulation_of
from convlab.validation import integer

__all__ = ["check_design"]

FORM = "a list of layers, each (kernel_size, stride, padding, output_padding)"


class _Fault(Exception):
    """What is wrong with a design: in words, in words without its numbers, and what is likely behind it."""

    def __init__(self, text, outline, likely=()):
        super().__init__(text)
        self.said, self.likely = Said(text, outline), likely


def check_design(function: Callable, oracle: str, cases: Cases) -> None:
    """Check that every decoder that ``function`` designs does its work.

    ``oracle`` is ``"design_decoder"``, cases are ``{"i": size of the input, "target": size of the output}``, in cells
    along one axis. Errors are those of :mod:`convlab.grading.check_calls`.

    Examples
    --------
    >>> case = {"i": 7, "target": 14}
    >>> check_design(lambda i, target: [(4, 2, 1, 0)], "design_decoder", [case])
    >>> check_design(lambda i, target: [(3, 2, 1, 1)], "design_decoder", [case])
    Traceback (most recent call last):
        ...
    convlab.grading.messages.CheckFailed: design_decoder gives a decoder that is not right.
    Call:     design_decoder(7, 14)
    Problem:  layer 1 overlaps unevenly: inside, neighbouring cells get 2, 1, 2, 1 stamps
    Got:      [(3, 2, 1, 1)]
    Likely:   the kernel size is no multiple of the stride
    Look at:  lesson 13_checkerboards_and_learned_upsampling
    """
    for case in some(cases):
        if answer(oracle, case) is None:
            raise ValueError(f"the test is wrong: there is no such design: {show_call(oracle, case)}")
        got = answer_of(function, oracle, case)
        try:
            with one_thread():
                _build(_layers(got), **case)
        except _Fault as fault:
            raise _failed(oracle, case, fault, got) from None


def _failed(oracle, case, fault, got):
    lines = [
        f"{oracle} gives a decoder that is not right.",
        f"Call:     {show_call(oracle, case, ORACLES[oracle].positional)}",
        f"Problem:  {fault.said}",
        f"Got:      {got!r:.200}",
    ]
    outline = [f"{oracle} gives a decoder that is not right {HIDDEN}.", f"Problem:  {fault.said.outline}"]
    return failed(lines, outline, list(map(idea_of, fault.likely)))


def _layers(got):
    """The design as tuples of four plain ints, of the allowed kind."""
    if not isinstance(got, (list, tuple)):
        raise _Fault(f"the answer must be {FORM}, this is {got!r:.60}", f"the answer must be {FORM}, and is not")
    if len(got) > MOST_LAYERS:
        raise _Fault(f"{MOST_LAYERS} layers are allowed, these are {len(got)}", "the decoder has too many layers")
    return [_layer(f"layer {number}", layer) for number, layer in enumerate(got, 1)]


def _layer(name, layer):
    if not (isinstance(layer, (list, tuple)) and len(layer) == 4):
        raise _Fault(f"the answer must be {FORM}, {name} is {layer!r:.60}", f"the answer must be {FORM}, and is not")
    try:
        k, s, p, op = (integer(name, number) for number in layer)
    except TypeError:
        raise _Fault(f"{name} must be four whole numbers, got {layer!r:.60}", "a layer is not whole numbers") from None
    for holds, rule, ideas in [
        (1 <= k <= LARGEST_KERNEL, f"kernel_size must be from 1 to {LARGEST_KERNEL}", ()),
        (s >= 1, "stride must be at least 1", ()),
        (0 <= p < k, "padding must be from 0 to kernel_size - 1", ()),
        (op >= 0, "output_padding must be at least 0", ()),
        (op < s, "output_padding must be smaller than stride", [Mistake("M19")]),
    ]:
        if not holds:
            raise _Fault(f"{name}, {(k, s, p, op)}: {rule}", f"in a layer, {rule}", ideas)
    return k, s, p, op


def _build(layers, i, target):
    """Run the decoder on ones, with kernels of ones: then each cell holds the number of its stamps."""
    sizes = [i]
    for number, (k, s, p, op) in enumerate(layers, 1):
        inside = _stamps(k + 8, k, s)[s * k : s * k + max(s, 4)].tolist()
        if len(set(inside)) > 1:
            said = f"overlaps unevenly: inside, neighbouring cells get {', '.join(map(str, inside))} stamps"
            idea = Mistake("M29", words="the kernel size is no multiple of the stride")
            raise _Fault(f"layer {number} {said}", "a layer overlaps unevenly", [idea])
        stamps = _stamps(sizes[-1], k, s, p, op)
        if len(stamps) == 0:
            raise _Fault(f"layer {number} crops everything away: {_path(sizes)} -> nothing", "a layer leaves nothing")
        empty = (stamps == 0).nonzero().flatten().tolist()
        if empty:
            said = f"layer {number} leaves cell {empty[0]} of {len(stamps)} without a stamp"
            raise _Fault(f"{said}: output_padding is larger than padding", "a layer leaves cells without a stamp")
        sizes.append(len(stamps))
    if sizes[-1] != target:
        said = f"the sizes are {_path(sizes)}, and not {target} at the end"
        raise _Fault(said, "the sizes do not lead to the target", _slips(layers, i, target))


def _path(sizes):
    return " -> ".join(map(str, sizes))


def _stamps(size, kernel_size, stride, padding=0, output_padding=0):
    """How many stamps each cell of a layer's output gets, as a tensor of ints; empty if nothing is left."""
    import torch

    try:
        ones = torch.ones(1, 1, size, dtype=torch.float64), torch.ones(1, 1, kernel_size, dtype=torch.float64)
        output = torch.nn.functional.conv_transpose1d(
            *ones, stride=stride, padding=padding, output_padding=output_padding
        )
    except RuntimeError:  # padding crops everything away
        return torch.zeros(0, dtype=torch.int64)
    return output[0, 0].to(torch.int64)


def _slips(layers, i, target):
    """Slips in the size formula with which these layers would lead to the target."""
    if not layers:
        return []
    variants = simulation_of(_size_problem(i, layers[0])).variants
    return [Mistake(v.id) for v in variants if _with_slip(layers, i, v.id) == target][:3]


def _size_problem(size, layer):
    k, s, p, op = layer
    return Problem("conv_transpose_output_size", size, k, s, p, op)


def _with_slip(layers, size, id):
    for layer in layers:
        simulation = simulation_of(_size_problem(size, layer))
        (variant,) = [v for v in simulation.variants if v.id == id]
        try:
            size = simulation.answer(variant)
        except NotApplicable:
            size = simulation.answer()
        if not isinstance(size, int) or size < 1:
            return None
    return size
