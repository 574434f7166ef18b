// What the front ends "sizes" and "receptive" share: a stack of layers on one axis, as fields, as text, as a chain.

import { countProblem, isCount, range, replaced } from "./arithmetic.js";
import { choice, group, press, setting, typed, whole } from "./controls.js";
import SETTINGS from "./settings.json" with { type: "json" };

export const STACK = SETTINGS.stack;
export const KINDS = { conv: "convolution", transpose: "transposed convolution", pool: "pooling" };
const SPOKEN = { conv: "conv", transpose: "up", pool: "pool" };
const LETTERS = { stride: "s", padding: "p", output_padding: "op", dilation: "d" };
export const FRESH = { kind: "conv", kernel_size: 3, stride: 1, padding: 0, output_padding: 0, dilation: 1 };
const LOWEST = { kernel_size: 1, stride: 1, padding: 0, output_padding: 0, dilation: 1 };

// What is wrong with the numbers of the layers; "" if nothing is.
export function stackProblem(layers) {
  if (!isCount(layers.length, 1, STACK.layers)) return `there must be 1 to ${STACK.layers} layers.`;
  for (const [n, layer] of layers.entries()) {
    const numbers = Object.entries(LOWEST).map(([name, low]) => [
      `layer ${n + 1}: ${name}`,
      layer[name],
      low,
      STACK.kernel,
    ]);
    const problem = countProblem(...numbers);
    if (problem) return problem;
    if (!(layer.kind in KINDS)) return `layer ${n + 1}: there is no such layer.`;
    if (layer.output_padding && layer.kind !== "transpose")
      return `layer ${n + 1}: output_padding belongs to a transposed convolution.`;
  }
  return "";
}

// --- as text: "conv 3 p1 x2, pool 2 s2" ---

const fallback = (kind, name, k) => (name === "stride" && kind === "pool" ? k : FRESH[name]);

// The numbers of a layer, without those that go without saying.
export const numbersOf = (layer) =>
  [
    `${layer.kernel_size}`,
    ...Object.entries(LETTERS)
      .filter(([name]) => layer[name] !== fallback(layer.kind, name, layer.kernel_size))
      .map(([name, letter]) => `${letter}${layer[name]}`),
  ].join(" ");

function written(layers) {
  const runs = [];
  for (const text of layers.map((layer) => `${SPOKEN[layer.kind]} ${numbersOf(layer)}`)) {
    if (runs.at(-1)?.text === text) runs.at(-1).times += 1;
    else runs.push({ text, times: 1 });
  }
  return runs.map(({ text, times }) => (times > 1 ? `${text} x${times}` : text)).join(", ");
}

function readLayer(text) {
  const parts = text.trim().match(/^(conv|pool|up)?\s*(\d+)((?:\s+(?:op|[spdx×])?\d+)*)$/);
  if (!parts) throw new Error(`layers must be like “conv 3 s2 p1 x4, pool 2, up 4 s2”, got “${text.trim()}”.`);
  const [, word = "conv", size, rest] = parts;
  const kind = Object.keys(SPOKEN).find((name) => SPOKEN[name] === word),
    k = Number(size);
  const layer = { ...FRESH, kind, kernel_size: k, stride: fallback(kind, "stride", k), skip: null };
  let times = 1;
  const unnamed = ["stride", "padding"];
  for (const [, letter, number] of rest.matchAll(/(op|[spdx×])?(\d+)/g)) {
    const named = letter ? Object.keys(LETTERS).find((name) => LETTERS[name] === letter) : unnamed.shift();
    if (named) layer[named] = Number(number);
    else times = Math.min(Number(number), STACK.layers + 1);
  }
  return range(times).map(() => ({ ...layer }));
}

const readLayers = (text) => text.split(",").flatMap(readLayer);

const CLASSES = { Conv: "conv", ConvTranspose: "transpose", Pool: "pool" };
const networkLayers = ({ layers, skips = {} }) =>
  layers.map(([name, { ceil_mode, ...numbers }], n) => {
    const stride = numbers.stride ?? numbers.kernel_size;
    return { ...FRESH, kind: CLASSES[name], ...numbers, stride, skip: skips[n + 1] ?? null };
  });

// --- as fields: those of one layer, the chosen one ---

// kept: the numbers that the explorer knows of; choose(n) the change that chooses layer n, from 1.
export function stackControls(state, chosen, { kept, choose, more = () => [] }) {
  const { layers } = state,
    layer = layers[chosen - 1],
    n = chosen - 1;
  const put = (change) => ({ layers: replaced(layers, n, { ...layer, ...change }) });
  // A skip counts layers: those after a removed one move up, and one from the removed layer goes.
  const without = () =>
    layers
      .filter((_, m) => m !== n)
      .map((one) =>
        one.skip > chosen ? { ...one, skip: one.skip - 1 } : one.skip === chosen ? { ...one, skip: null } : one,
      );
  const last = layers.length;
  const text = written(layers);
  const network = Object.keys(SETTINGS.networks).find(
    (name) => written(kept(networkLayers(SETTINGS.networks[name]))) === text,
  );
  const names = ["", ...Object.keys(SETTINGS.networks)].map((name) => [name, name || "none of these"]);
  return [
    group(
      "",
      choice("network", "network", network ?? "", names, (v) =>
        v
          ? {
              layers: kept(networkLayers(SETTINGS.networks[v])),
              ...("input_size" in state ? { input_size: SETTINGS.networks[v].input_size } : {}),
              ...choose(1),
            }
          : {},
      ),
      typed("layers", "layers", 44, text, (v) => ({ layers: kept(readLayers(v)), ...choose(1) })),
    ),
    ...("input_size" in state ? [group("", setting(state, "input_size", 1, STACK.size, "input size"))] : []),
    group("", whole("layer", "layer", chosen, 1, last, choose)),
    group(
      `layer ${chosen}`,
      choice("kind", "", layer.kind, { conv: "convolution", transpose: "transposed", pool: "pool" }, (v) =>
        put({ kind: v, output_padding: 0 }),
      ),
      Object.entries(LOWEST)
        .filter(([name]) => !(name === "output_padding" && layer.kind !== "transpose"))
        .map(([name, low]) => whole(name, name, layer[name], low, STACK.kernel, (v) => put({ [name]: v }))),
      more(layer, n, put),
    ),
    group(
      "",
      last < STACK.layers &&
        press("add", "add a layer", () => ({ layers: [...layers, ...kept([{ ...FRESH, padding: 1, skip: null }])] })),
      last > 1 &&
        press("remove", `remove layer ${chosen}`, () => ({ layers: without(), ...choose(Math.min(chosen, last - 1)) })),
    ),
  ];
}

// --- as a chain ---

const LONG = 28, // more stages than these stand in several lines
  LINE = 20;

// Columns of a chain of stages: lines of { first, count }, and how far apart and how wide their cells are.
export function chainOf(count) {
  const each = count > LONG ? Math.ceil(count / Math.ceil(count / LINE)) : count;
  const lines = range(Math.ceil(count / each)).map((n) => ({
    first: n * each,
    count: Math.min(each, count - n * each),
  }));
  const pitch = each <= 8 ? 3.4 : each <= 14 ? 2.3 : 1.75;
  return { lines, pitch, wide: each <= 8 ? 2 : 1.35, indent: 0.3 };
}

// What stands beside a stage: the kind of its layer and its numbers.
export const stageWords = (layer) => [SPOKEN[layer.kind], `${numbersOf(layer)}`];
