// The window that a framework's padding cuts out of all stamps of a transposed convolution.

import { fullSize, span } from "./arithmetic.js";
import SETTINGS from "./settings.json" with { type: "json" };
// Which options each mode of a framework takes.

export const TAKES = SETTINGS.takes;

// Empty for a mode that the framework does not have: framework and mode may arrive one after the other.
export const takesOf = ({ framework, mode }) => TAKES[framework][mode] ?? [];

// { begin, end, flip, size } of one axis, or { problem }: what convlab.frameworks.window says.
export function frameworkWindow(state, i, k) {
  const { framework, mode, stride: s, dilation: d, begin, end, output_padding: op, output_size: o } = state;
  const K = span(k, d),
    full = fullSize(i, k, s, d);
  if (!TAKES[framework][mode]) return { problem: `${framework} has no mode ${mode}.` };
  for (const name of takesOf(state)) {
    const least = framework === "jax" ? -Infinity : 0;
    if (typeof state[name] === "number" && !(state[name] >= least))
      return { problem: `${framework}: ${name} must be at least 0, got ${state[name]}.` };
  }
  const placed = (first, size, flip = false) => ({ begin: first, end: full - first - size, flip, size, problem: "" });
  const refuse = (sentence) => ({ problem: `${framework}: ${sentence}` });
  if (framework === "torch") {
    if (mode === "padding") {
      if (op >= Math.max(s, d)) return refuse(`output_padding must be smaller than stride or dilation, got ${op}.`);
      const size = full - 2 * begin + op;
      return size < 1 ? refuse(`padding ${begin} leaves an output of ${size} cells.`) : placed(begin, size);
    }
    const least = full - 2 * begin;
    if (o === null || o < 1 || o < least || o > least + s - 1)
      return refuse(`output_size must be from ${Math.max(least, 1)} to ${least + s - 1}, got ${o}.`);
    return placed(begin, o);
  }
  if (framework === "tensorflow") return tensorflowWindow(mode, { i, s, d, K, full, begin, end, o }, placed, refuse);
  if (framework === "keras") {
    const least = full - K + (mode === "valid" ? K : K % 2);
    const size = op === null ? (mode === "same" ? s * i : full + Math.max(s - K, 0)) : least + op;
    if (size < 1) return refuse(`output_padding ${op} leaves an output of ${size} cells.`);
    const backend = tensorflowWindow(
      mode.toUpperCase(),
      { i, s, d, K, full, begin: 0, end: 0, o: size },
      placed,
      refuse,
    );
    if (backend.problem) return refuse(`the TensorFlow backend refuses output_padding ${op}.`);
    return placed(mode === "same" ? Math.max(full - size, 0) >> 1 : 0, size);
  }
  if (framework === "jax") {
    const flip = !state.transpose_kernel;
    if (mode === "SAME") return placed(Math.max(full - s * i, 0) >> 1, s * i, flip);
    if (mode === "VALID") return placed(0, full + Math.max(s - K, 0), flip);
    const [a, b] = state.use_consistent_padding ? [begin, end] : [K - 1 - begin, K - 1 - end];
    return full - a - b < 1
      ? refuse(`padding (${begin}, ${end}) leaves an output of ${full - a - b} cells.`)
      : placed(a, full - a - b, flip);
  }
  if (mode === "output_shape") {
    if (o === null || o < 1 || o >= full + s)
      return refuse(`output_shape must be from 1 to ${full + s - 1}, got ${o}.`);
    return placed(Math.ceil(Math.max(full - o, 0) / 2), o);
  }
  if (op >= s) return refuse(`output_padding must be smaller than stride ${s}, got ${op}.`);
  if (mode.startsWith("SAME")) {
    const size = Math.min(s * i, full + op),
      total = Math.max(full + op - size, 0);
    return placed(mode === "SAME_UPPER" ? total >> 1 : total - (total >> 1), size);
  }
  const [a, b] = mode === "pads" ? [begin, end] : [0, 0];
  return full + op - a - b < 1
    ? refuse(`pads (${a}, ${b}) leave an output of ${full + op - a - b} cells.`)
    : placed(a, full + op - a - b);
}

function tensorflowWindow(mode, { i, s, d, K, full, begin, end, o }, placed, refuse) {
  if (o === null || o < 1) return refuse(`output_shape must be given.`);
  if (mode === "pair" && d > 1) return refuse(`a pair as padding with dilation ${d} does not run on the CPU.`);
  const least = mode === "SAME" ? s * (i - 1) + 1 : mode === "VALID" ? full : full - begin - end;
  const most = mode === "SAME" ? s * i : least + s - 1;
  if (o < least || o > most)
    return refuse(
      `output_shape must be from ${Math.max(least, 1)} to ${most}, got ${o}: a convolution must lead back from it.`,
    );
  if (mode !== "SAME") return placed(mode === "VALID" ? 0 : begin, o);
  return placed(Math.max(s * (Math.ceil(o / s) - 1) + K - o, 0) >> 1, o);
}
