"""Other ways to see convolution and transposed convolution, each equal to :mod:`convlab.reference`.

* :mod:`~convlab.views.zero_insertion`: stretch, pad or crop, flip, convolve;
* :mod:`~convlab.views.matrix`: a matrix, and its transpose;
* :mod:`~convlab.views.gradient`: the gradient of a convolution, the adjoint identity;
* :mod:`~convlab.views.polyphase`: stride-1 convolutions interleaved, a pixel shuffle;
* :mod:`~convlab.views.overlap`: overlap counts, polyphase sums, checkerboards;
* :mod:`~convlab.views.receptive_field`: receptive field and paths of a stack of layers;
* :mod:`~convlab.views.gridding`: gridding of dilated stacks.
"""

from convlab.views.gradient import (
    AdjointSides,
    adjoint_identity,
    conv_input_gradient,
    conv_weight_gradient,
)
from convlab.views.gridding import (
    coverage,
    hdc_distances,
    holes,
    path_counts,
)
from convlab.views.matrix import (
    MatrixCell,
    MatrixEntries,
    conv_entries,
    conv_matrix,
    conv_transpose_entries,
    conv_transpose_matrix,
    matrix_cell,
)
from convlab.views.overlap import (
    is_checkerboard_free,
    overlap_counts,
    polyphase_sums,
)
from convlab.views.polyphase import (
    Phase,
    SubPixelConvolution,
    conv_transpose_by_pixel_shuffle,
    conv_transpose_by_polyphase,
    interleave,
    phases,
    sub_pixel_convolution,
)
from convlab.views.receptive_field import (
    Conv,
    ConvTranspose,
    Pool,
    ReceptiveField,
    output_sizes,
    paths_per_input,
    paths_per_output,
    reads,
    receptive_fields,
)
from convlab.views.zero_insertion import (
    ZeroInsertion,
    conv_transpose_by_zero_insertion,
    convolve,
    flip,
    pad_or_crop,
    stretch,
    swap_channels,
    zero_insertion_steps,
)

__all__ = [
    "AdjointSides",
    "Conv",
    "ConvTranspose",
    "MatrixCell",
    "MatrixEntries",
    "Phase",
    "Pool",
    "ReceptiveField",
    "SubPixelConvolution",
    "ZeroInsertion",
    "adjoint_identity",
    "conv_entries",
    "conv_input_gradient",
    "conv_matrix",
    "conv_transpose_by_pixel_shuffle",
    "conv_transpose_by_polyphase",
    "conv_transpose_by_zero_insertion",
    "conv_transpose_entries",
    "conv_transpose_matrix",
    "conv_weight_gradient",
    "convolve",
    "coverage",
    "flip",
    "hdc_distances",
    "holes",
    "interleave",
    "is_checkerboard_free",
    "matrix_cell",
    "output_sizes",
    "overlap_counts",
    "pad_or_crop",
    "path_counts",
    "paths_per_input",
    "paths_per_output",
    "phases",
    "polyphase_sums",
    "reads",
    "receptive_fields",
    "stretch",
    "sub_pixel_convolution",
    "swap_channels",
    "zero_insertion_steps",
]
