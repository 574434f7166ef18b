"""Compare every rule of :mod:`convlab.frameworks` with the installed frameworks, and write a table.

Run ``python -m tools.conformance [--report FILE] [--jobs N]``. It really makes every
call of :mod:`tools.conformance.grids`, one process for each suite, and ends with a code other than 0
if a framework disagrees with its rule in a way that :mod:`tools.conformance.deviations` does
not know, or no longer deviates as it says there.
"""
