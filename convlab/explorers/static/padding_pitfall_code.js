// The call of the padding pitfall explorer, as one says it and as one writes it.

function pitfallOptions(state) {
  const { framework, mode } = state;
  const pair = `(${state.begin}, ${state.end})`;
  const words = { torch: {}, tensorflow: { SAME: '"SAME"', VALID: '"VALID"', pair }, keras: { same: '"same"', valid: '"valid"' }, jax: { SAME: '"SAME"', VALID: '"VALID"', pair }, onnx: {} };
  const parts = [];
  if (framework === "torch") parts.push(`padding=${state.begin}`);
  else if (framework === "onnx") parts.push(...(mode === "pads" ? [`pads=${pair}`] : mode === "output_shape" ? [] : [`auto_pad="${mode}"`]));
  else parts.push(`padding=${words[framework][mode]}`);
  for (const name of TAKES[framework][mode]) {
    if (name === "begin" || name === "end") continue;
    const shown = name === "output_size" && framework !== "torch" ? "output_shape" : name;
    if (state[name] !== null && state[name] !== 0 && state[name] !== false) parts.push(`${shown}=${state[name] === true ? "True" : state[name]}`);
  }
  return parts.join(", ");
}

const quoted = (word) => `'${word}'`;
const named = (pairs) => pairs.filter(([, value]) => value !== null).map(([name, value]) => `, ${name}=${value}`).join("");
const given = (value) => (value || null); // what is 0, False or not given is left out

// As convlab.frameworks.spelling writes it; x and w are in the layout of the framework.
function pitfallCode(state) {
  const write = { torch: torchLines, tensorflow: tensorflowLines, keras: kerasLines, jax: jaxLines, onnx: onnxLines };
  return { [state.framework]: write[state.framework](state) };
}

function torchLines({ mode, stride, dilation, begin, output_padding, output_size, weight }) {
  const options = (more) => named([["stride", stride], ["padding", given(begin)], ...more, ["dilation", dilation > 1 ? dilation : null]]);
  if (mode === "padding") return `y = F.conv_transpose2d(x, w${options([["output_padding", given(output_padding)]])})`;
  // Only the module takes an output size.
  const kernel = [weight.length, weight[0].length].join(", ");
  return `layer = torch.nn.ConvTranspose2d(1, 1, (${kernel})${options([])}, bias=False)\nlayer.weight.data = w\ny = layer(x, output_size=(${output_size}, ${output_size}))`;
}

function tensorflowLines({ mode, stride, dilation, begin, end, output_size }) {
  const padding = mode === "pair" ? `[(0, 0), (${begin}, ${end}), (${begin}, ${end}), (0, 0)]` : quoted(mode);
  const shape = `[x.shape[0], ${output_size}, ${output_size}, w.shape[2]]`;
  return `y = tf.nn.conv2d_transpose(x, w${named([["output_shape", shape], ["padding", padding], ["strides", list([stride, stride])], ["dilations", dilation > 1 ? list([dilation, dilation]) : null]])})`;
}

function kerasLines({ mode, stride, dilation, output_padding }) {
  return `y = keras.ops.conv_transpose(x, w${named([["strides", stride], ["padding", quoted(mode)], ["output_padding", output_padding], ["dilation_rate", dilation > 1 ? dilation : null]])})`;
}

function jaxLines({ mode, stride, dilation, begin, end, transpose_kernel, use_consistent_padding }) {
  const padding = mode === "pair" ? `[(${begin}, ${end}), (${begin}, ${end})]` : quoted(mode);
  const both_ = dilation > 1 ? `(${dilation}, ${dilation})` : null;
  const switches = [["transpose_kernel", transpose_kernel], ["use_consistent_padding", use_consistent_padding && mode === "pair"]];
  return `y = jax.lax.conv_transpose(x, w, (${stride}, ${stride})${named([["padding", padding], ["rhs_dilation", both_], ...switches.map(([name, on]) => [name, on ? "True" : null])])})`;
}

function onnxLines({ mode, stride, dilation, begin, end, output_padding, output_size }) {
  const sizes = [["strides", list([stride, stride])], ["dilations", list([dilation, dilation])]];
  const way = {
    pads: ["pads", list([begin, begin, end, end])],
    output_shape: ["output_shape", list([output_size, output_size])],
  }[mode] ?? ["auto_pad", quoted(mode)];
  const grow = mode !== "output_shape" && output_padding ? list([output_padding, output_padding]) : null;
  return `node = onnx.helper.make_node('ConvTranspose', ['x', 'w'], ['y']${named([...sizes, way, ["output_padding", grow]])})`;
}
