"""The catalogue: every misconception with its idea, examples and public evidence."""

from convlab.misconceptions import entries_networks, entries_sizes, entries_transposed
from convlab.misconceptions.transposed_bench import INVERSE
from convlab.misconceptions.wrong_convolution import WRONG as WRONG_CONVOLUTION
from convlab.misconceptions.wrong_convolution import WRONG_SAME
from convlab.misconceptions.wrong_other import WRONG_FUNCTIONS as WRONG_OTHER
from convlab.misconceptions.wrong_sizes import ANY_OUTPUT_PADDING, WRONG_FUNCTIONS, WRONG_SLIPS
from convlab.misconceptions.wrong_transposed import WRONG as WRONG_TRANSPOSED

__all__ = ["CATALOGUE", "misconception", "variants"]

CATALOGUE = {
    entry.id: entry
    for entry in sorted(
        entries_transposed.ENTRIES + entries_sizes.ENTRIES + entries_networks.ENTRIES, key=lambda entry: entry.id
    )
}


def misconception(id):
    """The catalogue's entry for the id of a misconception or of one of its variants.

    Raises
    ------
    ValueError
        If there is none.

    Examples
    --------
    >>> misconception("M14b").truth
    'Where stamps overlap, their values add up.'
    """
    if not isinstance(id, str) or id[:3] not in CATALOGUE:
        raise ValueError(f"id must be one from M01 to {max(CATALOGUE)}, got {id!r}")
    return CATALOGUE[id[:3]]


def variants(id=None):
    """Every executable variant, or those of one misconception; one id may serve several operators.

    Examples
    --------
    >>> sorted({variant.id for variant in variants("M06")})
    ['M06a', 'M06b', 'M06c', 'M06d', 'M06e']
    """
    functions = [v for family in (*WRONG_FUNCTIONS.values(), *WRONG_OTHER.values()) for v in family]
    algorithms = WRONG_TRANSPOSED + WRONG_CONVOLUTION + WRONG_SAME + WRONG_SLIPS + INVERSE
    every = [*algorithms, ANY_OUTPUT_PADDING, *functions]
    return tuple(v for v in every if id is None or v.misconception == id)
