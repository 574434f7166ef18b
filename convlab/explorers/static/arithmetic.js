// The arithmetic for drawing, pure functions. The tests compare it with convlab.arithmetic and PyTorch.
//
// A layer joins a SMALL side (output of a convolution, input of a transposed one) and a LARGE side. Tap t joins small
// cell j with large cell stride * j + dilation * t, the large side counted with its padding, nothing cropped.

import SETTINGS from "./settings.json" with { type: "json" };

export const LIMITS = SETTINGS.layer;

export const span = (k, d) => d * (k - 1) + 1;
export const convSize = (i, k, s, [begin, end], d) => Math.floor((i + begin + end - span(k, d)) / s) + 1;
export const fullSize = (i, k, s, d) => s * (i - 1) + span(k, d);
export const transposeSize = (i, k, s, [begin, end], op, d) => fullSize(i, k, s, d) - begin - end + op;
export const unreadCells = (i, k, s, p, d) => i + p[0] + p[1] - (s * (convSize(i, k, s, p, d) - 1) + span(k, d));
export const equivalent = (k, s, [begin, end], op, d) => ({
  zeros: s - 1,
  begin: span(k, d) - 1 - begin,
  end: span(k, d) - 1 - end + op,
});

export const num = (v) => (Number.isInteger(v) ? String(v + 0) : String(Number(v.toPrecision(6))));
export const factor = (v) => (v < 0 ? `(${num(v)})` : num(v));
// A list as Python writes it.
export const list = (values) => `[${values.map((v) => (Array.isArray(v) ? list(v) : v)).join(", ")}]`;
// A long sentence, of parts.
export const phrase = (...parts) => parts.join(" ");
export const range = (n) => Array.from({ length: Math.max(n, 0) }, (_, i) => i);
export const grid = (h, w, cell) => range(h).map((y) => range(w).map((x) => cell(y, x)));
export const plural = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;

export const replaced = (values, n, value) => values.map((old, m) => (m === n ? value : old));
// The same in nested lists.
export const replacedAt = (values, [n, ...deeper], value) =>
  replaced(values, n, deeper.length ? replacedAt(values[n], deeper, value) : value);
export const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

const AXES = ["down", "across"];
export const isCount = (v, low, high) => Number.isInteger(v) && v >= low && v <= high;
// What is wrong with the first wrong one of several numbers, each [name, value, low, high]; "" if nothing is.
export function countProblem(...numbers) {
  const wrong = numbers.find(([, value, low, high]) => !isCount(value, low, high));
  if (!wrong) return "";
  const [name, value, low, high] = wrong;
  return `${name} must be a whole number from ${low} to ${high}, got ${value}.`;
}

// What is wrong with one axis of a layer, in words; "" if nothing is.
function axisProblem(transposed, i, k, s, p, op, d, where = "") {
  const wrong = countProblem(
    [`input size${where}`, i, 1, LIMITS.size],
    [`kernel size${where}`, k, 1, LIMITS.kernel],
    [`stride${where}`, s, 1, LIMITS.stride],
    [`padding${where}`, p[0], 0, LIMITS.padding],
    [`padding${where}`, p[1], 0, LIMITS.padding],
    [`output_padding${where}`, op, 0, Math.max(LIMITS.stride, LIMITS.dilation) - 1],
    [`dilation${where}`, d, 1, LIMITS.dilation],
  );
  if (wrong) return wrong;
  if (transposed) {
    if (op >= Math.max(s, d))
      return phrase(
        `output_padding${where} must be smaller than stride or dilation, got output_padding ${op}`,
        `with stride ${s}, dilation ${d}.`,
      );
    const size = transposeSize(i, k, s, p, op, d);
    if (size < 1)
      return phrase(
        `padding ${p[0]} and ${p[1]}${where} crop the whole output: ${fullSize(i, k, s, d)} cells and`,
        `output_padding ${op} leave ${size}.`,
      );
  } else {
    if (op) return `output_padding${where} belongs to a transposed convolution; a convolution has none.`;
    if (span(k, d) > i + p[0] + p[1])
      return `the kernel spans ${span(k, d)} cells${where}, but the padded input has only ${i + p[0] + p[1]}.`;
  }
  const side = Math.max(
    i + (transposed ? 0 : p[0] + p[1]),
    transposed ? fullSize(i, k, s, d) + Math.max(op - p[1], 0) : 0,
  );
  if (side > LIMITS.side)
    return phrase(
      `this would draw ${side} cells${where}; at most ${LIMITS.side} are drawn, for with more the`,
      "page would answer a key too late.",
    );
  return "";
}

const PLAIN = {
  transposed: false,
  padding: [
    [0, 0],
    [0, 0],
  ],
  output_padding: [0, 0],
  dilation: [1, 1],
  groups: 1,
};

// The layer that a state describes, always with two axes (1-D has one row), or { problem }. In two dimensions what is
// not given is as in PLAIN.
export function layerOf(state) {
  const { transposed, input, weight, stride, padding, output_padding, dilation, groups } = { ...PLAIN, ...state };
  const nd = stride.length;
  const two = (list, one) => (nd === 1 ? [one, list[0]] : list);
  const x = nd === 1 ? input.map((row) => [row]) : input;
  const w = nd === 1 ? weight.map((a) => a.map((row) => [row])) : weight;
  const i = [x[0].length, x[0][0].length],
    k = [w[0][0].length, w[0][0][0].length];
  const s = two(stride, 1),
    p = two(padding, [0, 0]),
    op = two(output_padding, 0),
    d = two(dilation, 1);
  for (const n of nd === 1 ? [1] : [0, 1]) {
    const where = nd === 1 ? "" : ` ${AXES[n]}`;
    const problem = axisProblem(transposed, i[n], k[n], s[n], p[n], op[n], d[n], where);
    if (problem) return { problem };
  }
  const channels = x.length,
    [a, b] = [w.length, w[0].length];
  const wrong = countProblem(["groups", groups, 1, LIMITS.channels]);
  if (wrong) return { problem: wrong };
  const [cin, cout] = transposed ? [a, b * groups] : [b * groups, a];
  if (Math.max(channels, cin, cout) > LIMITS.channels)
    return { problem: `at most ${LIMITS.channels} channels can be drawn, got ${Math.max(channels, cin, cout)}.` };
  if (cin !== channels || a % groups)
    return {
      problem: phrase(
        `groups ${groups} must divide the channels, ${channels} in and ${cout} out, and the kernel`,
        "must fit them.",
      ),
    };
  const size = [0, 1].map((n) =>
    transposed ? transposeSize(i[n], k[n], s[n], p[n], op[n], d[n]) : convSize(i[n], k[n], s[n], p[n], d[n]),
  );
  const full = [0, 1].map((n) => (transposed ? fullSize(i[n], k[n], s[n], d[n]) : i[n] + p[n][0] + p[n][1]));
  const small = transposed ? i : size;
  const products = small[0] * small[1] * k[0] * k[1] * a * b;
  if (products > LIMITS.products)
    return { problem: `this needs ${products} products; at most ${LIMITS.products} can be drawn.` };
  return { nd, transposed, x, w, i, k, s, p, op, d, groups, size, full, small, a, b, cin, cout, problem: "" };
}

// Every product of one cell. side "small" or "large": cell is [channel, row, column]; side "tap": [a, b, row, column].
// Large cells are counted with padding, nothing cropped.
export function links(layer, side, cell) {
  const { w, k, s, d, small, a, b, groups, full } = layer;
  const perGroup = a / groups;
  const found = [];
  const push = (sc, lb, sy, sx, ty, tx) =>
    found.push({
      small: [sc, sy, sx],
      large: [Math.floor(sc / perGroup) * b + lb, s[0] * sy + d[0] * ty, s[1] * sx + d[1] * tx],
      tap: [sc, lb, ty, tx],
      weight: w[sc][lb][ty][tx],
    });
  if (side === "small") {
    const [c, y, x] = cell;
    for (const lb of range(b)) for (const ty of range(k[0])) for (const tx of range(k[1])) push(c, lb, y, x, ty, tx);
  } else if (side === "tap") {
    const [c, lb, ty, tx] = cell;
    for (const y of range(small[0])) for (const x of range(small[1])) push(c, lb, y, x, ty, tx);
  } else {
    const [c, y, x] = cell,
      group = Math.floor(c / b);
    if (y < 0 || x < 0 || y >= full[0] || x >= full[1]) return found;
    for (const sc of range(perGroup)) {
      for (const ty of range(k[0])) {
        for (const tx of range(k[1])) {
          const [jy, jx] = [(y - d[0] * ty) / s[0], (x - d[1] * tx) / s[1]];
          if (isCount(jy, 0, small[0] - 1) && isCount(jx, 0, small[1] - 1))
            push(group * perGroup + sc, c - group * b, jy, jx, ty, tx);
        }
      }
    }
  }
  return found;
}

// Value of the input under a link; padding is 0.
export function inputAt(layer, channel, y, x) {
  const [row, column] = layer.transposed ? [y, x] : [y - layer.p[0][0], x - layer.p[1][0]];
  return layer.x[channel][row]?.[column] ?? 0;
}

// Calls act(small cell, large cell, weight) for every product, cells as (channel, row, column); of the first `stamps`
// small cells only.
function eachProduct({ w, k, s, d, small, a, b, groups }, act, stamps = Infinity) {
  const cells = small[0] * small[1],
    perGroup = a / groups;
  for (let n = 0; n < Math.min(a * cells, stamps); n += 1) {
    const c = Math.floor(n / cells),
      y = Math.floor((n % cells) / small[1]),
      x = n % small[1];
    for (let lb = 0; lb < b; lb += 1) {
      const large = Math.floor(c / perGroup) * b + lb,
        kernel = w[c][lb];
      for (let ty = 0; ty < k[0]; ty += 1) {
        for (let tx = 0; tx < k[1]; tx += 1)
          act(c, y, x, large, s[0] * y + d[0] * ty, s[1] * x + d[1] * tx, kernel[ty][tx]);
      }
    }
  }
}

const zeros = (channels, [h, w]) => range(channels).map(() => grid(h, w, () => 0));

// All stamps of a transposed layer, uncropped, or its first ones: [channel][row][column].
export function stamped(layer, stamps = Infinity) {
  const full = zeros(layer.cout, layer.full);
  eachProduct(
    layer,
    (c, y, x, large, row, column, weight) => {
      full[large][row][column] += weight * layer.x[c][y][x];
    },
    stamps,
  );
  return full;
}

// How many products each cell of the large side gets of the first small cells: more than one, and it is a sum.
export function landed(layer, stamps = Infinity) {
  const counts = zeros(layer.cout, layer.full);
  eachProduct(
    layer,
    (_c, _y, _x, large, row, column) => {
      counts[large][row][column] += 1;
    },
    stamps,
  );
  return counts;
}

// The output that the padding of a transposed layer leaves of all its stamps; beyond them 0.
export const cropped = ({ size, p }, full) =>
  full.map((plane) => grid(size[0], size[1], (y, x) => plane[y + p[0][0]]?.[x + p[1][0]] ?? 0));

// The output of a layer: [channel][row][column].
export function compute(layer) {
  if (layer.transposed) return cropped(layer, stamped(layer));
  const output = zeros(layer.cout, layer.size);
  eachProduct(layer, (c, y, x, large, row, column, weight) => {
    output[c][y][x] += weight * inputAt(layer, large, row, column);
  });
  return output;
}

// For each cell of the large side on one axis: does any tap meet it?
export function touched(layer, n) {
  const hit = new Set();
  for (const j of range(layer.small[n])) for (const t of range(layer.k[n])) hit.add(layer.s[n] * j + layer.d[n] * t);
  return hit;
}

export const rotated = (kernel) => kernel.map((row) => [...row].reverse()).reverse();

// Zero insertion: the stretched and padded input, and what each of its cells is: an input index, or null for a zero.
export function stretched(layer) {
  const { i, k, s, p, op, d, size } = layer;
  const axes = [0, 1].map((n) => {
    const { begin } = equivalent(k[n], s[n], p[n], op[n], d[n]);
    return range(size[n] + span(k[n], d[n]) - 1).map((q) => {
      const j = (q - begin) / s[n];
      return { source: isCount(j, 0, i[n] - 1) ? j : null, between: q >= begin && q <= begin + s[n] * (i[n] - 1) };
    });
  });
  return { rows: axes[0], columns: axes[1] };
}

// --- defaults ---------------------------------------------------------------------------------------------------

// Counting digits for inputs; for kernels powers of ten in 1-D and counting in 2-D, so that a result can be decoded.
export const counted = (h, w, c) => grid(h, w, (y, x) => ((c * 3 + y * w + x) % 9) + 1);
export const tapped = (h, w, a, b, nd) =>
  grid(h, w, (y, x) =>
    nd === 1 ? (a * 2 + b + 1) * 10 ** Math.min(x, 5) : (((a * 2 + b) * h * w + y * w + x) % 9) + 1,
  );
