"""Other ways to see convolution and transposed convolution, each equal to :mod:`convlab.reference`.

* :mod:`~convlab.views.zero_insertion`: stretch, pad or crop, flip, convolve;
* :mod:`~convlab.views.toeplitz`: a matrix, and its transpose;
* :mod:`~convlab.views.gradient`: the gradient of a convolution, the adjoint identity;
* :mod:`~convlab.views.polyphase`: a convolution and a pixel shuffle;
* :mod:`~convlab.views.overlap`: overlap counts, polyphase sums, checkerboards;
* :mod:`~convlab.views.layer_stacks`: receptive field and paths of a stack of layers;
* :mod:`~convlab.views.networks`: the stacks of well-known networks;
* :mod:`~convlab.views.gridding`: gridding of dilated stacks.
"""

from convlab.views.gradient import AdjointSides, adjoint_identity, conv_input_gradient, conv_weight_gradient
from convlab.views.gridding import coverage, hdc_distances, holes, path_counts
from convlab.views.layer_stacks import (
    Conv,
    ConvTranspose,
    Pool,
    ReceptiveField,
    output_sizes,
    paths_per_input,
    paths_per_output,
    reads,
    receptive_fields,
    stack,
)
from convlab.views.networks import NETWORKS
from convlab.views.overlap import is_checkerboard_free, overlap_counts, polyphase_sums
from convlab.views.polyphase import (
    SubPixelConvolution,
    conv_transpose_by_pixel_shuffle,
    interleave,
    sub_pixel_convolution,
)
from convlab.views.toeplitz import MatrixEntries, conv_entries, conv_matrix
from convlab.views.zero_insertion import (
    ZeroInsertion,
    convolve,
    flip,
    pad_or_crop,
    stretch,
    swap_channels,
    zero_insertion_steps,
)

__all__ = [
    "NETWORKS",
    "AdjointSides",
    "Conv",
    "ConvTranspose",
    "MatrixEntries",
    "Pool",
    "ReceptiveField",
    "SubPixelConvolution",
    "ZeroInsertion",
    "adjoint_identity",
    "conv_entries",
    "conv_input_gradient",
    "conv_matrix",
    "conv_transpose_by_pixel_shuffle",
    "conv_weight_gradient",
    "convolve",
    "coverage",
    "flip",
    "hdc_distances",
    "holes",
    "interleave",
    "is_checkerboard_free",
    "output_sizes",
    "overlap_counts",
    "pad_or_crop",
    "path_counts",
    "paths_per_input",
    "paths_per_output",
    "polyphase_sums",
    "reads",
    "receptive_fields",
    "stack",
    "stretch",
    "sub_pixel_convolution",
    "swap_channels",
    "zero_insertion_steps",
]
