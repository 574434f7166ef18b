"""Wrong answers to the framework translator, in the form that tests/assignment_tools.py describes."""

from assignment_submissions.framework_translator import (
    wrong_arguments,
    wrong_jax,
    wrong_keras,
    wrong_onnx,
    wrong_tensorflow,
    wrong_torch,
    wrong_values,
)

WRONG = {
    "torch_window": wrong_torch.WRONG,
    "conv_transpose_like": wrong_values.WRONG,
    "tf_window": wrong_tensorflow.WRONG,
    "keras_window": wrong_keras.WRONG,
    "jax_window": wrong_jax.WRONG,
    "onnx_window": wrong_onnx.WRONG,
    "to_torch_args": wrong_arguments.WRONG,
}
