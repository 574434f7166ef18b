// The line of code of a convolution or a transposed convolution, in each framework.

const tuple = (list) => (list.every((v) => v === list[0]) ? `${list[0]}` : `(${list.join(", ")})`);
const list = (values) => `[${values.join(", ")}]`;
const args = (pairs) => pairs.filter(([, value, silent]) => `${value}` !== `${silent}`).map(([name, value]) => `, ${name}=${value}`).join("");

function convolutionCode(state) {
  const { layer } = prepared(state);
  if (layer.problem) return {};
  const { nd, transposed, groups } = layer;
  const on = (values) => (nd === 1 ? [values[1]] : values);
  const [s, d, p, op, k] = [on(layer.s), on(layer.d), on(layer.p), on(layer.op), on(layer.k)];
  const even = p.every(([begin, end]) => begin === end);
  const seq = (values) => (nd === 1 ? `(${values[0]},)` : `(${values.join(", ")})`);
  const around = (pads) => `(${[...pads].reverse().flat().join(", ")})`;
  const common = { s: tuple(s), d: tuple(d) };
  const torchArgs = (padding) => args([["stride", common.s, 1], ...padding, ["dilation", common.d, 1], ["groups", groups, 1]]);
  const refused = op.some((v, n) => v >= s[n]);
  const pairs = list(p.map(([begin, end]) => `(${begin}, ${end})`));
  const flat = list([...p.map((v) => v[0]), ...p.map((v) => v[1])]);
  const onnx = `strides=${list(s)}, pads=${flat}, dilations=${list(d)}, group=${groups}`;
  const numbers = nd === 1 ? '"NCH", "OIH", "NCH"' : '"NCHW", "OIHW", "NCHW"';
  if (!transposed) {
    const source = even ? "x" : `F.pad(x, ${around(p)})`;
    const padded = p.flat().some((v) => v) ? `keras.ops.pad(x, ${list(["[0, 0]", ...p.map((v) => list(v)), "[0, 0]"])})` : "x";
    return {
      PyTorch: `y = F.conv${nd}d(${source}, w${torchArgs([["padding", even ? tuple(p.map((v) => v[0])) : 0, 0]])})`,
      Keras: s.some((v) => v > 1) && d.some((v) => v > 1)
        ? "# Keras layers take no strides > 1 together with dilation_rate > 1."
        : `y = keras.ops.conv(${padded}, w, strides=${common.s}, padding="valid", data_format="channels_last", dilation_rate=${common.d})  # w: (*kernel, C_in/groups, C_out)`,
      JAX: `y = jax.lax.conv_general_dilated(x, w, ${seq(s)}, ${pairs}, rhs_dilation=${seq(d)}, dimension_numbers=(${numbers}), feature_group_count=${groups})`,
      ONNX: `onnx.helper.make_node("Conv", ["x", "w"], ["y"], ${onnx})`,
    };
  }
  const crop = p.map(([begin, end], n) => [-begin, op[n] - end]);
  const uneven = `y = F.pad(F.conv_transpose${nd}d(x, w${torchArgs([])}), ${around(crop)})`;
  const even_ = `y = F.conv_transpose${nd}d(x, w${torchArgs([["padding", tuple(p.map((v) => v[0])), 0], ["output_padding", tuple(op), 0]])})`;
  const where = `[:, ${layer.p.slice(2 - nd).map(([begin], n) => `${begin}:${begin + layer.size.slice(2 - nd)[n]}`).join(", ")}]`;
  const past = op.some((v, n) => v > p[n][1]);
  const grow = op.map((v, n) => Math.max(v - p[n][1], 0));
  return {
    PyTorch: even ? even_ : uneven,
    Keras: groups > 1 || refused || (s.some((v) => v > 1) && d.some((v) => v > 1))
      ? `# Keras: ${groups > 1 ? "conv_transpose has no groups" : refused ? "output_padding must be smaller than strides" : "no strides > 1 together with dilation_rate > 1"}.`
      : `y = keras.ops.conv_transpose(x, w, strides=${common.s}, padding="valid", output_padding=${past ? tuple(grow) : 0}, data_format="channels_last", dilation_rate=${common.d})${where}  # w: (*kernel, C_out, C_in)`,
    JAX: groups > 1
      ? "# jax.lax.conv_transpose has no groups: one call for each group."
      : `y = jax.lax.conv_transpose(x, w, ${seq(s)}, ${list(p.map(([begin, end], n) => `(${begin}, ${end - op[n]})`))}, rhs_dilation=${seq(d)}, dimension_numbers=(${numbers}), transpose_kernel=True, use_consistent_padding=True)`,
    ONNX: refused
      ? "# ONNX Runtime asks for output_padding < stride."
      : `onnx.helper.make_node("ConvTranspose", ["x", "w"], ["y"], ${onnx}, output_padding=${list(op)})`,
  };
}
