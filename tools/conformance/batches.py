"""Many calls to JAX at once: it compiles a program for every new shape, and one for many calls costs less.

Every function is still called with its own arguments; only the compiled program is shared.
"""

import numpy as np

from convlab.frameworks.arrays import like, single
from convlab.frameworks.convolutions import checked_call
from convlab.frameworks.registry import find
from tools.conformance.grids import drawn

__all__ = ["BATCH", "attempted", "compiled", "executed", "slices"]

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
    tensor = find(target).tensor
    values = {n: tensor(v) if isinstance(v, np.ndarray) else v for n, v in values.items()}
    exec(code, values)
    return np.asarray(values["y"])


def slices(answer, ndim):
    """The slice of each axis that a translation cuts out of its result."""
    cells = answer.slice or slice(None)
    return cells if isinstance(cells, list) else [cells] * ndim


def compiled(batch, called):
    """The results of a batch, in order, as :func:`attempted`; the calls that JAX can trace in one program."""
    jax = find("jax").load()
    traced, errors = {}, {}
    for number, case in enumerate(batch):
        if case.operation in _TRACED and _is_traced(case):
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


def _is_traced(case):
    """Whether JAX can trace the call: code of a translation that uses NumPy on the input cannot be."""
    if case.operation.startswith("translate"):
        return case.arguments[4].padding is None
    return bool(case.sizes)


def _result(number, case, outputs, errors, called):
    if number in errors:
        return errors[number]
    if number not in outputs:
        return attempted(called[case.operation], case)
    if not case.operation.startswith("translate"):
        return like(case.arguments[1], outputs[number])
    by_code, by_arguments = map(np.asarray, outputs[number])
    if not np.array_equal(by_code, by_arguments):
        return AssertionError(f"the code gives {by_code.ravel()}, the arguments {by_arguments.ravel()}")
    return by_code


def _call(operation):
    """``(arrays, function of them)`` for a call of ``run`` or ``run_conv``."""

    def traced(framework, x, weight, stride=1, dilation=1, groups=1, **options):
        found, call = checked_call(operation, framework, x, weight, stride, dilation, groups, options)
        arrays = single("x", call.x, call.weight), single("weight", call.weight, call.x)
        real, api = getattr(found, operation), found.api()
        return arrays, lambda x, weight: real(api, call._replace(x=x, weight=weight))

    return traced


def _translation(operation):
    """``(arrays, function of them)`` for a translation: by its code and by its arguments."""
    transposed = operation == "conv_transpose"

    def traced(target, source, layer, options, answer):
        x, weight = drawn(target, layer, answer.arguments.get("transpose_kernel", False), transposed)
        arrays, function = _call(operation)(target, x, weight, *layer[2:], **answer.arguments)

        def both(x, weight):
            values = {"x": x, "w": weight}
            exec(answer.code, values)
            return values["y"], function(x, weight)[(slice(None), *slices(answer, len(layer.stride)))]

        return arrays, both

    return traced


_TRACED = {
    "conv_transpose": _call("conv_transpose"),
    "conv": _call("conv"),
    "translate": _translation("conv_transpose"),
    "translate_conv": _translation("conv"),
}
