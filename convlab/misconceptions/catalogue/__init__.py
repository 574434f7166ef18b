"""Every misconception: one entry each, in the file of its topic.

A new one is one more entry in one of these files. It then is diagnosed, hinted at, and led to its lesson. Where
several ideas give the same answer, :data:`convlab.misconceptions.registry.ORDER` says which is named first.
"""

from convlab.misconceptions.catalogue import (  # noqa: F401  (each registers its entries)
    loops_and_arrays,
    networks,
    resampling,
    same_padding,
    size_formulas,
    sliding,
    spread_taps,
    stamping,
    weight_layout,
)
from convlab.misconceptions.registry import CATALOGUE

for id in sorted(CATALOGUE):
    CATALOGUE[id] = CATALOGUE.pop(id)
