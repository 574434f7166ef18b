"""From one framework to another: the arguments, or the slice, that give identical values.

Every function asks what the first framework does (a window, zeros, coordinates, an order of
channels) and then looks for options with which the second does the same. What it finds was
checked with the rules of the second framework before it is returned.
"""

from dataclasses import dataclass

from convlab.arithmetic import conv_transpose_output_size, effective_kernel_size
from convlab.frameworks import spelling
from convlab.frameworks.arguments import input_layout, known
from convlab.frameworks.resizing import COORDINATES, ROUNDINGS, sampling
from convlab.frameworks.shuffling import channel_order, dealt
from convlab.frameworks.strided import conv_padding
from convlab.frameworks.windows import VERSIONS, window
from convlab.validation import integer

__all__ = ["Translation", "translate", "translate_conv", "translate_depth_to_space", "translate_resize"]


@dataclass(frozen=True)
class Translation:
    """How a framework gives the values of another one; ``reason`` says why where it cannot.

    Attributes
    ----------
    framework : str
        The framework translated to.
    arguments : dict or None
        The options of the call, as :func:`convlab.frameworks.run` and its sisters take them.
    slice : slice or None
        Of the result, on each axis: given where padding options cannot say it.
    padding : (int, int) or None
        Zeros to put around each axis of the input first (a negative number: cells to cut off).
    order : list of int or None
        The order in which to take the channels of the input first.
    flip : bool
        Whether the kernel must be turned round first.
    code : str or None
        Python lines that compute ``y`` from ``x`` (and ``w``, or ``size``) in the framework's layout.
    reason : str or None
        Why there are no identical values.
    """

    framework: str
    arguments: dict | None = None
    slice: "slice | None" = None
    padding: tuple | None = None
    order: list | None = None
    flip: bool = False
    code: str | None = None
    reason: str | None = None


def translate(from_framework, to_framework, input_size, kernel_size, stride=1, dilation=1, *, ndim=2, **options):
    """The call of one framework that gives the values of another one's transposed convolution.

    Parameters
    ----------
    from_framework, to_framework : str
        ``"torch"``, ``"tensorflow"``, ``"keras"``, ``"jax"`` or ``"onnx"``.
    input_size, kernel_size, stride, dilation : int
        Of every axis.
    ndim : int
        1 or 2: the number of axes in the code; all of them have the same sizes and options.
    **options
        Those of the first framework, as in :func:`convlab.frameworks.window`.

    Returns
    -------
    Translation
        ``code`` takes ``x`` and ``w`` in the layout of ``to_framework`` as :func:`convlab.frameworks.conv_transpose`
        does: channels first for torch (tensors) and onnx, last for the others (arrays will do);
        jax has ``w`` as ``(*kernel, C_out, C_in)`` where the code says ``transpose_kernel=True``.
        One group of channels.

    Raises
    ------
    TypeError, ValueError
        As :func:`convlab.frameworks.window`, if the first framework would refuse.

    Examples
    --------
    A kernel of 4 is no trouble, and a kernel of 3 needs a slice:

    >>> translate("keras", "torch", 8, 4, stride=2, padding="same").arguments
    {'padding': 1}
    >>> print(translate("keras", "torch", 8, 3, stride=2, padding="same").code)
    import torch.nn.functional as F
    y = F.conv_transpose2d(x, w, stride=2)
    y = y[:, :, 0:16, 0:16]
    >>> translate("torch", "jax", 8, 3, stride=2, padding=1, output_padding=1).arguments
    {'padding': (1, 0), 'transpose_kernel': True, 'use_consistent_padding': True}
    >>> translate("torch", "onnx", 8, 3, dilation=3, output_padding=2).reason
    'the result ends with 2 zeros beyond the full scatter, and onnx adds at most 0; append them yourself'
    """
    sizes = (input_size, kernel_size, stride, dilation)
    wanted = window(from_framework, *sizes, **options)
    known("framework", to_framework, VERSIONS)
    known("ndim", str(ndim), ("1", "2"))
    full_size = conv_transpose_output_size(*sizes[:3], dilation=dilation)
    for exact in (True, False):
        for arguments in _CANDIDATES[to_framework](sizes, full_size, wanted, exact):
            found = _or_none(window, to_framework, *sizes, **arguments)
            offset = None if found is None else wanted.crop_begin - found.crop_begin
            if offset is None or offset < 0 or offset + wanted.output_size > found.output_size:
                continue
            if exact and (offset, wanted.output_size) != (0, found.output_size):
                continue
            cells = None if exact else slice(offset, offset + wanted.output_size)
            flip = found.flip != wanted.flip and kernel_size > 1
            code = spelling.transposed(to_framework, ndim, stride, dilation, arguments, cells, flip)
            return Translation(to_framework, arguments, cells, flip=flip, code=code)
    return Translation(to_framework, reason=_missing(to_framework, sizes, wanted))


def _or_none(rule, *sizes, **options):
    """What a rule says, or None where the framework would refuse."""
    try:
        return rule(*sizes, **options)
    except ValueError:
        return None


def _missing(framework, sizes, wanted):
    if wanted.crop_begin < 0:
        return f"the result begins with {-wanted.crop_begin} zeros before the full scatter; put them there yourself"
    most = max(sizes[2], sizes[3]) - 1 if framework == "torch" else sizes[2] - 1
    return (
        f"the result ends with {-wanted.crop_end} zeros beyond the full scatter, and {framework} adds at most {most}; "
        "append them yourself"
    )


def _torch(sizes, full_size, wanted, exact):
    begin = wanted.crop_begin if exact else 0
    yield _given(padding=begin, output_padding=max(begin - wanted.crop_end, 0))


def _tensorflow(sizes, full_size, wanted, exact):
    if exact:
        for padding in ("SAME", "VALID", (wanted.crop_begin, max(wanted.crop_end, 0))):
            yield {"padding": padding, "output_size": wanted.output_size}
    else:
        yield {"padding": "VALID", "output_size": max(full_size, full_size - wanted.crop_end)}


def _keras(sizes, full_size, wanted, exact):
    i, k, s, d = sizes
    beyond = {"padding": "valid", "output_padding": max(-wanted.crop_end, 0)}
    if exact:
        yield from ({"padding": "same"}, {"padding": "valid"}, beyond)
        smallest = s * (i - 1) + effective_kernel_size(k, d) % 2
        yield {"padding": "same", "output_padding": wanted.output_size - smallest}
    else:
        yield beyond


def _jax(sizes, full_size, wanted, exact):
    kernel = {"transpose_kernel": not wanted.flip}
    reach = effective_kernel_size(sizes[1], sizes[3]) - 1
    crops = wanted[:2]
    if exact:
        yield from ({"padding": "SAME"} | kernel, {"padding": "VALID"} | kernel)
    else:
        crops = (min(crops[0], 0), min(crops[1], 0))
    if max(crops) <= reach:  # beyond, JAX pads with a negative number: see "jax negative padding" in deviations
        yield {"padding": crops} | kernel | {"use_consistent_padding": True}


def _onnx(sizes, full_size, wanted, exact):
    begin, end = (wanted.crop_begin, max(wanted.crop_end, 0)) if exact else (0, 0)
    yield {"pads": (begin, end)} | _given(output_padding=max(-wanted.crop_end, 0))


_CANDIDATES = {"torch": _torch, "tensorflow": _tensorflow, "keras": _keras, "jax": _jax, "onnx": _onnx}


def _given(**numbers):
    """Leave out the options that are 0, their default."""
    return {name: number for name, number in numbers.items() if number}


def translate_conv(from_framework, to_framework, input_size, kernel_size, stride=1, dilation=1, *, ndim=2, **options):
    """The call of one framework that gives the values of another one's strided convolution.

    Parameters
    ----------
    from_framework : str
        ``"torch"``, ``"tensorflow"``, ``"keras"``, ``"jax"``, ``"onnx"`` or ``"slim"`` (its ``fixed_padding``).
    to_framework : str
        One of the first five.
    input_size, kernel_size, stride, dilation, ndim
        As :func:`translate`.
    **options
        Those of the first framework, as in :func:`convlab.frameworks.conv_padding`.

    Returns
    -------
    Translation
        With ``padding`` where zeros must be put around ``x`` first.

    Raises
    ------
    TypeError, ValueError
        As :func:`convlab.frameworks.conv_padding`, if the first framework would refuse.

    Examples
    --------
    >>> print(translate_conv("tensorflow", "torch", 224, 3, stride=2, padding="SAME").code)
    import torch.nn.functional as F
    x = F.pad(x, (0, 1, 0, 1))
    y = F.conv2d(x, w, stride=2)
    >>> translate_conv("slim", "torch", 224, 3, stride=2).arguments
    {'padding': 1}
    """
    sizes = (input_size, kernel_size, stride, dilation)
    begin, _, output_size = conv_padding(from_framework, *sizes, **options)
    known("framework", to_framework, VERSIONS)
    known("ndim", str(ndim), ("1", "2"))
    # The zeros that are read: cells at the end that no kernel reaches do not matter.
    end = max(stride * (output_size - 1) + effective_kernel_size(kernel_size, dilation) - input_size - begin, 0)
    for arguments in _CONV_CANDIDATES[to_framework](begin, end):
        found = _or_none(conv_padding, to_framework, *sizes, **arguments)
        if found is not None and (found.begin, found.output_size) == (begin, output_size):
            code = spelling.convolution(to_framework, ndim, stride, dilation, arguments, None)
            return Translation(to_framework, arguments, code=code)
    plain = {"padding": "VALID"} if to_framework in ("tensorflow", "jax") else {}
    try:
        conv_padding(to_framework, input_size + begin + end, kernel_size, stride, dilation, **plain)
    except ValueError as error:
        return Translation(to_framework, reason=str(error))
    code = spelling.convolution(to_framework, ndim, stride, dilation, plain, (begin, end))
    return Translation(to_framework, plain, padding=(begin, end), code=code)


_CONV_CANDIDATES = {
    "torch": lambda begin, end: [_given(padding=begin), {"padding": "same"}],
    "tensorflow": lambda begin, end: [{"padding": padding} for padding in ("SAME", "VALID", (begin, end))],
    "keras": lambda begin, end: [{"padding": padding} for padding in ("same", "valid")],
    "jax": lambda begin, end: [
        {"padding": p} for p in ("SAME", "VALID", (begin, end)) if isinstance(p, str) or begin >= 0
    ],
    "onnx": lambda begin, end: [{"pads": (begin, end)}],
}


def translate_resize(from_framework, to_framework, **options):
    """The options with which one framework resizes as another one does, for floats.

    Parameters
    ----------
    from_framework, to_framework : str
        ``"torch"``, ``"tensorflow"``, ``"keras"``, ``"jax"`` or ``"onnx"``.
    **options
        Those of the first framework, as in :func:`convlab.frameworks.sampling`.

    Returns
    -------
    Translation
        ``code`` takes ``x`` with two axes and the pair ``size``.

    Raises
    ------
    TypeError, ValueError
        As :func:`convlab.frameworks.sampling`, if the first framework would refuse.

    Examples
    --------
    >>> translate_resize("tensorflow", "torch", method="nearest").arguments
    {'mode': 'nearest-exact'}
    >>> translate_resize("onnx", "torch", mode="nearest").reason
    'no option of torch looks at half_pixel positions and rounds by round_prefer_floor'
    """
    wanted = sampling(from_framework, **options)
    known("framework", to_framework, VERSIONS)
    for arguments in _RESIZE_CANDIDATES[to_framework]:
        if sampling(to_framework, **arguments) == wanted:
            return Translation(to_framework, arguments, code=spelling.resize(to_framework, arguments))
    action = f"rounds by {wanted.rounding}" if wanted.rounding else "mixes linearly"
    return Translation(
        to_framework, reason=f"no option of {to_framework} looks at {wanted.coordinates} positions and {action}"
    )


_BOTH = ("nearest", "bilinear")
_SWITCHES = (
    {},
    {"align_corners": True, "half_pixel_centers": False},
    {"align_corners": False, "half_pixel_centers": False},
)
_RESIZE_CANDIDATES = {
    "torch": [
        *({"mode": mode} for mode in ("nearest", "nearest-exact")),
        *({"mode": "bilinear", "align_corners": corners} for corners in (False, True)),
    ],
    "tensorflow": [{"method": method} | switches for method in _BOTH for switches in _SWITCHES],
    "keras": [{"interpolation": word} for word in _BOTH],
    "jax": [{"method": "nearest"}, {"method": "bilinear", "antialias": False}],
    "onnx": [
        {"mode": mode, "coordinate_transformation_mode": place}
        | ({} if mode == "linear" else {"nearest_mode": rounding})
        for mode in ("nearest", "linear")
        for place in COORDINATES
        for rounding in ROUNDINGS
    ],
}


def translate_depth_to_space(from_framework, to_framework, channels, block_size, **options):
    """The call with which one framework deals channels out as another one does.

    Parameters
    ----------
    from_framework, to_framework : str
        ``"torch"``, ``"tensorflow"``, ``"keras"`` or ``"onnx"``.
    channels, block_size : int
        Of the input: a multiple of ``block_size ** 2``.
    **options
        Those of the first framework, as in :func:`convlab.frameworks.depth_to_space`.

    Returns
    -------
    Translation
        With ``order`` where the channels must be put into another order first.

    Raises
    ------
    TypeError
        If a number is not an integer.
    ValueError
        If a framework or option is unknown, or ``channels`` is no multiple of ``block_size ** 2``.

    Examples
    --------
    >>> translate_depth_to_space("tensorflow", "torch", 8, 2).order
    [0, 2, 4, 6, 1, 3, 5, 7]
    >>> translate_depth_to_space("torch", "onnx", 8, 2).arguments
    {'mode': 'CRD'}
    """
    wanted = channel_order(from_framework, **options)
    r = integer("block_size", block_size, minimum=1 if to_framework in ("torch", "onnx") else 2)
    if integer("channels", channels, minimum=1) % r**2:
        raise ValueError(f"channels must be a multiple of block_size^2={r**2}, got {channels}")
    arguments = {"mode": wanted} if to_framework == "onnx" else {}
    found = channel_order(to_framework, **arguments)
    order = None if found == wanted else dealt(channels, r, wanted, found)
    axis = input_layout(to_framework).index("C")
    return Translation(
        to_framework, arguments, order=order, code=spelling.shuffle(to_framework, r, arguments, order, axis)
    )
