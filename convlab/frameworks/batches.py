"""Many calls to JAX at once: it compiles a program for every new shape, and one for many calls costs less.

Every function is still called with its own arguments; only the compiled program is shared.
"""

import numpy as np

from convlab.frameworks import calls, strided
from convlab.frameworks.grids import digits
from convlab.frameworks.strided import conv_arguments
from convlab.frameworks.transposed import transposed_arguments

__all__ = ["BATCH", "attempted", "compiled", "executed"]

BATCH = 64


def attempted(call, case):
    """What a call returns as an array, or the exception that it raises."""
    try:
        return np.asarray(call(*case.arguments, **case.options))
    except Exception as error:  # every framework has its own kinds; conformance judges them
        return error


def executed(code, target, **values):
    """Run lines of Python that set ``y``, with arrays of float32."""
    values = {n: v.astype(np.float32) if isinstance(v, np.ndarray) else v for n, v in values.items()}
    if target == "torch":
        torch = calls.loaded("torch")
        values = {n: torch.tensor(v) if isinstance(v, np.ndarray) else v for n, v in values.items()}
    exec(code, values)
    return np.asarray(values["y"])


def compiled(batch, called):
    """The results of a batch, in order, as :func:`attempted`; the calls that JAX can trace in one program."""
    jax = calls.loaded("jax")
    traced, errors = {}, {}
    for number, case in enumerate(batch):
        if case.sizes and case.operation in _TRACED and not _pads_first(case):
            traced[number] = _TRACED[case.operation](*case.arguments, **case.options)

    def program(arrays):
        outputs = {}
        for number, (_, function) in traced.items():
            try:
                outputs[number] = function(*arrays[number])
            except Exception as error:  # a refusal of one call must not stop the others
                errors[number] = error
        return outputs

    outputs = jax.jit(program)({number: arrays for number, (arrays, _) in traced.items()}) if traced else {}
    return [_result(number, case, outputs, errors, called) for number, case in enumerate(batch)]


def _pads_first(case):
    """Whether the code of a translation uses NumPy on the input, which cannot be traced."""
    return case.operation == "translate_conv" and case.arguments[4].padding is not None


def _result(number, case, outputs, errors, called):
    if number in errors:
        return errors[number]
    if number not in outputs:
        return attempted(called[case.operation], case)
    if not case.operation.startswith("translate"):
        return calls.like(case.arguments[1], outputs[number])
    by_code, by_arguments = map(np.asarray, outputs[number])
    if not np.array_equal(by_code, by_arguments):
        return AssertionError(f"the code gives {by_code.ravel()}, the arguments {by_arguments.ravel()}")
    return by_code


def _call(prepare, table):
    """``(arrays, function of them)`` for a call of ``run`` or ``run_conv``."""

    def traced(framework, x, weight, stride=1, dilation=1, groups=1, **options):
        call, _ = prepare(framework, x, weight, stride, dilation, groups, options)
        arrays = calls.single("x", call.x, call.weight), calls.single("weight", call.weight, call.x)
        return arrays, lambda x, weight: table[framework](call._replace(x=x, weight=weight), options)

    return traced


def _translation(prepare, table, transposed):
    """``(arrays, function of them)`` for a translation: by its code and by its arguments."""

    def traced(target, source, sizes, options, answer, ndim):
        x, weight = digits(target, *sizes[:2], answer.arguments.get("transpose_kernel", False), transposed, ndim)
        arrays, function = _call(prepare, table)(target, x, weight, sizes[2], sizes[3], **answer.arguments)
        cells = (slice(None), *[answer.slice or slice(None)] * ndim)

        def both(x, weight):
            values = {"x": x, "w": weight}
            exec(answer.code, values)
            return values["y"], function(x, weight)[cells]

        return arrays, both

    return traced


_TRACED = {
    "conv_transpose": _call(transposed_arguments, calls.CALLS),
    "conv": _call(conv_arguments, strided.CALLS),
    "translate": _translation(transposed_arguments, calls.CALLS, True),
    "translate_conv": _translation(conv_arguments, strided.CALLS, False),
}
