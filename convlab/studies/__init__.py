"""Case studies on real input: small models, trained on a CPU, several seeds, with stored results.

* :mod:`~convlab.studies.learned_upsampling`: which upsampling layers leave a checkerboard (lesson 13);
* :mod:`~convlab.studies.unet_skips`: skips of the right size at the wrong place (lesson 14);
* :mod:`~convlab.studies.decoder_border`: what padding does to the border of a decoder (lesson 14);
* :mod:`~convlab.studies.receptive_field_task`: dilated against plain stacks (lesson 11);
* :mod:`~convlab.studies.checkerboard_measures`: a checkerboard as a number;
* :mod:`~convlab.studies.stored`, :mod:`~convlab.studies.training`, :mod:`~convlab.studies.photographs`,
  :mod:`~convlab.studies.figures`: what they share.

A lesson shows the stored results and can train anew; ``make studies`` trains all seeds of all studies and stores the
results. The studies import torch and scikit-learn, so import them by name; this package imports neither.
"""
