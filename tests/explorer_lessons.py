"""One explorer of each kind, as a lesson makes it: expressions, after ``from convlab.explorers import *``."""

LESSONS = {
    "convolution": "ConvExplorer(input_size=(6, 6), stride=2, padding=1)",
    "transposed": "ConvExplorer(input_size=(3, 3), stride=2, padding=1, output_padding=1, transposed=True)",
    "pitfall": "PaddingExplorer('keras')",
    "sizes": "SizeExplorer()",
    "matrix": "MatrixExplorer(np.array([1, 2, 3]), np.array([1, 1]), transposed=True)",
    "checkerboard": "CheckerboardExplorer()",
    "receptive": "ReceptiveFieldExplorer()",
}
