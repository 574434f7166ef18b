"""The calls whose answers are stored: a few small ones that teach what the frameworks do differently.

Each is really made by ``python -m convlab.frameworks.stored_answers``. Lesson 07 asks them.
"""

from dataclasses import dataclass

import numpy as np

from convlab.validation import array

__all__ = ["FIVE_ANSWERS", "STORED", "Question", "question"]

PADDINGS = ("padding", "pads", "auto_pad")
SQUARE = [[1, 2], [3, 4]]
NINE = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
SIXTEEN = [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]]


@dataclass(frozen=True)
class Question:
    """One call of one framework.

    Attributes
    ----------
    operation : {"conv_transpose", "conv"}
    framework : str
    x, weight : nested list of int
        ``(L,)`` or ``(H, W)`` each; or with batch and channels, in the framework's own layout.
    stride, dilation : int
    options : tuple of (str, object)
        The framework's own; the padding first, then in the order of their names.
    """

    operation: str
    framework: str
    x: list
    weight: list
    stride: int
    dilation: int
    options: tuple

    @property
    def call(self):
        """The options as one writes them, for example ``padding='same', output_padding=0``."""
        return ", ".join(f"{name}={value!r}" for name, value in self.options)

    @property
    def plain(self):
        """The question as a list of numbers and words; equal for equal questions."""
        return [self.operation, self.framework, self.x, self.weight, self.stride, self.dilation, self.call]


def question(operation, framework, x, weight, stride=1, dilation=1, **options):
    """State a question, with arrays or nested lists.

    Raises
    ------
    TypeError
        If an array does not hold numbers.
    ValueError
        If an option is a list: one value stands for all axes, a pair is a tuple.

    Examples
    --------
    >>> question("conv", "keras", [1, 2], [1, 10], padding="same").call
    "padding='same'"
    """
    for name, value in options.items():
        if isinstance(value, list):
            raise ValueError(f"{name} must be one value for all axes, and a pair a tuple, got {value}")
    lists = [array(name, np.asarray(values)).tolist() for name, values in (("x", x), ("weight", weight))]
    ordered = sorted(options.items(), key=lambda option: (option[0] not in PADDINGS, option[0]))
    return Question(operation, framework, *lists, stride, dilation, tuple(ordered))


def _counted(*shape):
    return np.arange(np.prod(shape)).reshape(shape) % 9 + 1


#: Every way to say one of the five answers to the question of lesson 07: the framework and its options.
FIVE_ANSWERS = (
    ("torch", {}),
    ("torch", {"padding": 1}),
    ("torch", {"padding": 1, "output_padding": 1}),
    ("torch", {"output_padding": 1}),
    ("tensorflow", {"padding": "SAME", "output_size": 3}),
    ("tensorflow", {"padding": "SAME", "output_size": 4}),
    ("tensorflow", {"padding": (1, 1), "output_size": 3}),
    ("tensorflow", {"padding": (1, 1), "output_size": 4}),
    ("tensorflow", {"padding": "VALID", "output_size": 5}),
    ("tensorflow", {"padding": "VALID", "output_size": 6}),
    ("keras", {"padding": "same"}),
    ("keras", {"padding": "same", "output_padding": 0}),
    ("keras", {"padding": "same", "output_padding": 1}),
    ("keras", {"padding": "valid"}),
    ("keras", {"padding": "valid", "output_padding": 1}),
    ("jax", {"padding": "SAME"}),
    ("jax", {"padding": "SAME", "transpose_kernel": True}),
    ("jax", {"padding": "VALID", "transpose_kernel": True}),
    ("jax", {"padding": (1, 1), "transpose_kernel": True}),
    ("jax", {"padding": (1, 1), "transpose_kernel": True, "use_consistent_padding": True}),
    ("jax", {"padding": (1, 0), "transpose_kernel": True, "use_consistent_padding": True}),
    ("onnx", {"pads": (1, 1)}),
    ("onnx", {"pads": (1, 0)}),
    ("onnx", {"pads": (0, 1)}),
    ("onnx", {"output_shape": 3}),
    ("onnx", {"output_shape": 4}),
    ("onnx", {"output_shape": 6}),
    ("onnx", {"auto_pad": "SAME_UPPER"}),
    ("onnx", {"auto_pad": "SAME_LOWER"}),
    ("onnx", {"auto_pad": "VALID"}),
)

_NO_TRAP = (  # a kernel of 4 with stride 2: K - s is even
    ("tensorflow", {"padding": "SAME", "output_size": 4}),
    ("keras", {"padding": "same"}),
    ("jax", {"padding": "SAME", "transpose_kernel": True}),
    ("onnx", {"auto_pad": "SAME_UPPER"}),
    ("onnx", {"auto_pad": "SAME_LOWER"}),
)

#: Of a convolution: the framework and what it calls SAME.
_SAME = (
    ("tensorflow", {"padding": "SAME"}),
    ("keras", {"padding": "same"}),
    ("jax", {"padding": "SAME"}),
    ("onnx", {"auto_pad": "SAME_UPPER"}),
    ("onnx", {"auto_pad": "SAME_LOWER"}),
)

#: Everything that is stored. PyTorch comes with convlab, so it is asked and never looked up.
STORED = (
    *(question("conv_transpose", f, SQUARE, NINE, 2, **options) for f, options in FIVE_ANSWERS if f != "torch"),
    *(question("conv_transpose", f, SQUARE, SIXTEEN, 2, **options) for f, options in _NO_TRAP),
    *(question("conv", f, [1, 2, 3, 4, 5, 6], [1, 10, 100], 2, **options) for f, options in _SAME),
    # SAME and the size: TensorFlow takes what a convolution leads back from; Keras has one size, or a smaller one
    *(
        question("conv_transpose", "tensorflow", [1, 2, 3], [1, 10, 100], 2, padding="SAME", output_size=size)
        for size in (4, 5, 6, 7)
    ),
    question("conv_transpose", "keras", [1, 2, 3], [1, 10, 100], 2, padding="same"),
    question("conv_transpose", "keras", [1, 2, 3], [1, 10, 100], 2, padding="same", output_padding=0),
    question("conv", "keras", [1, 2, 3, 4, 5], [1, 10, 100], 2, padding="same"),
    question("conv_transpose", "keras", [1, 2, 3, 4, 5], [1, 10, 100], 2, padding="same"),
    # VALID and padding 0 are not alike
    question("conv_transpose", "keras", [1, 2, 3], [1, 10], 3, padding="valid"),
    *(
        question("conv_transpose", "jax", [1, 2, 3], [1, 10, 100, 1000], 4, **options)
        for options in (
            {"padding": "VALID", "transpose_kernel": True},
            {"padding": (0, 0), "transpose_kernel": True},
            {"padding": (0, 0), "transpose_kernel": True, "use_consistent_padding": True},
        )
    ),
    # Channels last: shape (1, 1, 2, 2) is read as one row of two cells with two channels
    *(
        question("conv_transpose", "keras", _counted(1, 1, 2, 2), _counted(k, k, 1, 2), s, padding=padding)
        for k, s, padding in ((3, 2, "same"), (2, 2, "valid"), (3, 2, "valid"), (3, 1, "valid"))
    ),
    *(
        question("conv_transpose", "keras", _counted(*shape), _counted(3, 3, 6, 3), 2, padding="valid")
        for shape in ((1, 3, 3, 3), (1, 4, 5, 3))
    ),
    # What one framework takes and another does not, or does otherwise
    question("conv_transpose", "onnx", [1, 2, 3], [1, 10, 100], 1, 3, output_padding=2),
    question("conv_transpose", "onnx", [1, 2, 3], [7], 2, auto_pad="SAME_UPPER"),
    question("conv_transpose", "tensorflow", [1, 2, 3], [7], 2, padding="SAME", output_size=6),
)
