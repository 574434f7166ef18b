"""Case studies on real input: small models, trained on a CPU, several seeds, with stored results.

* :mod:`~convlab.studies.learned_upsampling`: which upsampling layers leave a checkerboard (lesson 13);
* :mod:`~convlab.studies.unet_skips`: skips of the right size at the wrong place (lesson 14);
* :mod:`~convlab.studies.decoder_border`: what padding does to the border of a decoder (lesson 14);
* :mod:`~convlab.studies.receptive_field_task`: dilated against plain stacks (lesson 11);
* :mod:`~convlab.studies.coarse_map`: the thread of the course, a coarse map that must become a picture (no training);
* :mod:`~convlab.studies.checkerboard_measures`: a checkerboard as a number;
* :mod:`~convlab.studies.stored`, :mod:`~convlab.studies.training`, :mod:`~convlab.studies.photographs`,
  :mod:`~convlab.plots.series`: what they share.

A lesson shows the stored results and can train anew; ``make studies`` trains all seeds of all studies and stores the
results. The four studies import torch, so import them by name; this package does not. In each of them

* ``train(what, seed, steps)`` trains one network from one seed (of the weights, the data and the batches), and returns
  it with what was measured;
* ``run(..., seeds, steps, bar)`` trains all with every seed, with one progress bar unless ``bar`` is False, and returns
  what is stored: a row for each seed;
* ``results(train=False)`` gives a lesson the stored results; with True the learner's own, which are trained once and
  kept in the folder of the notebook; with "again" new ones.

Wrong types raise ``TypeError``, wrong values ``ValueError``; errors are in gray levels of 255.
"""
