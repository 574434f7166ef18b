"""Case studies on real input: small models, trained on a CPU, several seeds, with stored results.

* :mod:`~convlab.studies.stored`: where results are kept, ``load`` and ``save``.

A lesson shows the stored results and can train anew; ``python -m convlab.studies.<study>`` trains all seeds and
stores the results. The studies import torch and scikit-learn, so import them by name; this package imports neither.
"""
