"""Misconceptions about the ordinary convolution: kernel, stride, padding, rounding."""

from convlab.arithmetic import conv_output_size, unread_cells
from convlab.misconceptions.catalogue.kernel_rules import turned
from convlab.misconceptions.catalogue.slip_rules import of_causal, one_side, padded_by
from convlab.misconceptions.examples import asked
from convlab.misconceptions.problem import Problem
from convlab.misconceptions.registry import SizeSteps, Steps, Variant, register

register(
    "M13",
    "The output size of a convolution is not rounded, or rounded up.",
    "It is rounded down: a kernel position that does not fit as a whole does not count.",
    asked(
        "Input 6, kernel 3, stride 2, padding 1: the size?",
        "M13a M13b",
        Problem("conv_output_size", 6, 3, stride=2, padding=1),
    ),
    Variant(
        "M13a",
        "the number of kernel positions is not rounded down",
        conv_size=SizeSteps(count=lambda a: conv_output_size(*a.layer) + unread_cells(*a.layer) / a.stride),
    ),
    Variant(
        "M13b",
        "the number of kernel positions is rounded up instead of down",
        conv=SizeSteps(count=lambda a: conv_output_size(*a.layer) + (unread_cells(*a.layer) > 0)),
    ),
    lesson="02_size_arithmetic",
    sources="d2l-ai/d2l-zh PR #1345; rasbt/machine-learning-book#72; weiliu89/caffe#826",
)

register(
    "M38",
    "A convolution layer flips its kernel.",
    "Deep-learning frameworks compute cross-correlation: the kernel is not flipped.",
    asked("x = [1, 2, 3, 4], w = [1, 10, 100]: conv1d gives?", "M38", Problem("conv1d", [1, 2, 3, 4], [1, 10, 100])),
    Variant("M38", "the kernel is flipped, as in mathematics", conv=Steps(kernel=turned())),
    lesson="01_sliding_dot_products",
    sources="pytorch/pytorch#117534; scipy/scipy#23444; scipy/scipy#14369; kornia/kornia#2263",
)

register(
    "M51",
    "padding is the total, or one side, or copies the border.",
    "A number for padding adds that many cells on each side: zeros, unless padding_mode says otherwise.",
    asked(
        "x = [1, 2, 3], w = [1, 10, 100], padding 1: conv1d gives?",
        "M51a M51b M51c M51d",
        Problem("conv1d", [1, 2, 3], [1, 10, 100], padding=1),
    ),
    Variant("M51a", "padding is left out", conv=SizeSteps(padding=lambda a: (0, 0))),
    Variant("M51b", "padding is added at the begin only", conv=SizeSteps(padding=one_side(0))),
    Variant("M51c", "padding is added at the end only", conv=Steps(padding=one_side(1))),
    Variant(
        "M51d",
        "the border values are repeated instead of adding zeros",
        conv=Steps(padding_mode=padded_by("edge", stated="constant")),
    ),
    lesson="05_padding_crops",
    sources="keras-team/keras#1998; tracel-ai/burn#5601; SamratSahoo/UT-Arlington-Research#2",
)

register(
    "M52",
    "The stride of a convolution is left out, or counts the cells between.",
    "Neighbouring output cells look at places that are stride input cells apart.",
    asked(
        "x = 1..6, w = [1, 10], stride 2: conv1d gives?",
        "M52a M52b",
        Problem("conv1d", [1, 2, 3, 4, 5, 6], [1, 10], stride=2),
    ),
    Variant("M52a", "the stride is left out", conv=SizeSteps(stride=lambda a: 1)),
    Variant(
        "M52b",
        "stride cells are skipped instead of stride - 1",
        option="stride",
        conv=SizeSteps(stride=lambda a: a.stride + 1),
    ),
    lesson="01_sliding_dot_products",
    sources="rasbt/machine-learning-book PR #168; mlpack/mlpack PR #3146",
)

register(
    "M58",
    "The cells of the padding are zeros, whatever padding_mode says.",
    'padding_mode says what they hold: "reflect" mirrors at the border cell, "replicate" repeats it, '
    '"circular" goes on from the other end.',
    asked(
        'x = [1, 2, 3, 4], w = [1, 10, 100], padding 1, padding_mode "reflect": conv1d gives?',
        "M58a M58b M58d",
        Problem("conv1d", [1, 2, 3, 4], [1, 10, 100], padding=1, padding_mode="reflect"),
    ),
    asked(
        'x = [1, 2, 3, 4], w = [1, 10, 100], padding 1, padding_mode "circular": conv1d gives?',
        "M58a M58b M58c",
        Problem("conv1d", [1, 2, 3, 4], [1, 10, 100], padding=1, padding_mode="circular"),
    ),
    Variant(
        "M58a", "zeros are added in place of what padding_mode says", conv=Steps(padding_mode=padded_by("constant"))
    ),
    Variant(
        "M58b",
        'the border cell is repeated, as for padding_mode "replicate"',
        conv=Steps(padding_mode=padded_by("edge")),
    ),
    Variant(
        "M58c", 'the input is mirrored, as for padding_mode "reflect"', conv=Steps(padding_mode=padded_by("reflect"))
    ),
    Variant(
        "M58d",
        'the other end of the input is added, as for padding_mode "circular"',
        conv=Steps(padding_mode=padded_by("wrap")),
    ),
    lesson="05_padding_crops",
    sources="speechbrain/speechbrain#125; pytorch/pytorch#29712; pytorch/pytorch PR #29769",
    slip=True,
)

register(
    "M59",
    "Causal padding, or a causal trim, is shared out to both sides.",
    'padding="causal" adds K - 1 cells at the begin and none at the end; a causal trim is at the end of the output.',
    asked(
        'x = [1, 2, 3, 4], w = [1, 10, 100], padding "causal": conv1d gives?',
        "M59a M59b M59c",
        Problem("conv1d", [1, 2, 3, 4], [1, 10, 100], padding="causal"),
    ),
    asked(
        'x = [1, 2, 3], w = [1, 10, 100, 1000], stride 2, padding "causal", transposed: the output?',
        "M59d",
        Problem("conv_transpose1d", [1, 2, 3], [1, 10, 100, 1000], stride=2, padding="causal"),
    ),
    Variant(
        "M59a",
        'causal padding is shared out to both sides, as for "same"',
        conv=Steps(padding=of_causal(lambda cells: (cells // 2, cells - cells // 2))),
    ),
    Variant("M59b", "causal padding is added at the end", conv=Steps(padding=of_causal(lambda cells: (0, cells)))),
    Variant(
        "M59c",
        "the padding of the begin is added at the end as well",
        conv=SizeSteps(padding=of_causal(lambda cells: (cells, cells))),
    ),
    Variant(
        "M59d", "a causal trim is made at the begin", transposed=Steps(crop=of_causal(lambda cells: (cells, 0), side=1))
    ),
    lesson="05_padding_crops",
    sources="r9y9/wavenet_vocoder#131; lucidrains/audiolm-pytorch#8; pytorch/pytorch#1333",
    slip=True,
)
