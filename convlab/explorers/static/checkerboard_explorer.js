// Front end "checkerboard": what kernel and stride of a transposed convolution make of an even picture.

import {
  compute,
  countProblem,
  factor,
  grid,
  LIMITS,
  layerOf,
  links,
  num,
  phrase,
  plural,
  tapped,
} from "./arithmetic.js";
import { dimensions, example, group, setting, whole } from "./controls.js";
import {
  added,
  allPlain,
  applyMarks,
  arrayEditable,
  both,
  cellName,
  fronts,
  greys,
  isRow,
  listed,
  onePanel,
  onPanel,
  panel,
  roomy,
  shapeOf,
  textsOf,
} from "./scene.js";
import SETTINGS from "./settings.json" with { type: "json" };

const LARGEST = SETTINGS.checkerboard_input;

function checkerboardParts(state) {
  const { weight, stride, input_size: n } = state;
  const wrong = countProblem(["input size", n, 1, LARGEST]);
  if (wrong) return { problem: wrong };
  const row = isRow(state),
    ones = (h, w) => grid(h, w, () => 1);
  const base = { transposed: true, input: [ones(row ? 1 : n, n)], stride: both(state, stride, 1) };
  const layer = layerOf({ ...base, weight: [[weight]] });
  if (layer.problem) return layer;
  const counts = compute(layerOf({ ...base, weight: [[weight.map((r) => r.map(() => 1))]] }))[0];
  const s = layer.s;
  const phases = grid(s[0], s[1], () => 0);
  weight.forEach((r, y) =>
    r.forEach((v, x) => {
      phases[y % s[0]][x % s[1]] += v;
    }),
  );
  const same_ = layer.k.map((k) => [(k - 1) >> 1, k - 1 - ((k - 1) >> 1)]);
  const resized = layerOf({
    input: [ones(layer.i[0] * s[0], layer.i[1] * s[1])],
    weight: [[weight]],
    stride: [1, 1],
    padding: same_,
  });
  if (resized.problem) return resized;
  return { layer, counts, phases, response: compute(layer)[0], resized: compute(resized)[0], row, problem: "" };
}

// Above what lands where, in numbers; below the pictures, in numbers and greys.
function checkerboardLines(grids, stride, row) {
  const block = (name, title, looks) =>
    onePanel("", roomy(panel(name, `${title} ${shapeOf(grids[name], row)}`, textsOf(grids[name]), looks)));
  const above = (name, limit) => grids[name].map((r) => r.map((v) => (v > limit ? "overlap" : "plain")));
  const pictures = {
    response: "transposed convolution",
    resized: `nearest ×${stride}, then convolution`,
    shuffled: "PixelShuffle of the phase sums",
  };
  const black = Object.keys(pictures).every((name) => grids[name].flat().every((v) => v >= 0))
    ? "0"
    : "0 or the smallest below 0";
  return [
    {
      caption: "Where the taps of the transposed convolution land",
      blocks: [
        block("kernel", "kernel w", allPlain(grids.kernel)),
        block("counts", "taps on each output cell", above("counts", 1)),
        block("phases", "phase sums", above("phases", Math.min(...grids.phases.flat()))),
      ],
    },
    {
      caption: `What becomes of a picture of ones: in each grid white is the largest number, black is ${black}`,
      blocks: Object.entries(pictures).map(([name, title]) => block(name, title, greys(grids[name]))),
    },
  ];
}

function checkerboardScene(state, selection) {
  const { layer, counts, phases, response, resized, row, problem } = checkerboardParts(state);
  if (problem) return { problem };
  const { weight } = state,
    s = layer.s;
  const total = weight.flat().reduce((sum, v) => sum + v, 0);
  const shuffled = grid(layer.i[0] * s[0], layer.i[1] * s[1], (y, x) => phases[y % s[0]][x % s[1]]);
  const lines = checkerboardLines({ kernel: weight, counts, phases, response, resized, shuffled }, state.stride, row);
  const [h, w] = layer.size,
    n = Math.min(state.step, h * w - 1);
  const wanted = selection && onPanel(lines, selection) ? selection : ["response", Math.floor(n / w), n % w];
  const [name, y, x] = wanted;
  const marked = new Map([[`${name}|${y}|${x}`, "written"]]);
  const mark = (where, a, b, look) => marked.set(`${where}|${a}|${b}`, look);
  const phase = [y % s[0], x % s[1]],
    phaseName = row ? `${phase[1]}` : `(${phase[0]}, ${phase[1]})`;
  const sumOf = (taps) => {
    if (!taps.length) return "no tap = 0";
    const sides = [added(taps.map(([a, b]) => cellName("w", row, a, b)))];
    if (taps.length > 1) sides.push(added(taps.map(([a, b]) => factor(weight[a][b]))));
    return [...sides, num(taps.reduce((sum, [a, b]) => sum + weight[a][b], 0))].join(" = ");
  };
  const inPhase = grid(weight.length, weight[0].length, (a, b) => [a, b])
    .flat()
    .filter(([a, b]) => a % s[0] === phase[0] && b % s[1] === phase[1]);
  let formula;
  if (name === "counts" || name === "response") {
    const taps = links(layer, "large", [0, y, x]).map((link) => link.tap.slice(2));
    taps.forEach(([a, b]) => mark("kernel", a, b, "read"));
    mark("counts", y, x, "written");
    mark("response", y, x, "written");
    mark("phases", ...phase, "read");
    formula = `${cellName("y", row, y, x)}, phase ${phaseName}, gets ${plural(taps.length, "tap")}: ${sumOf(taps)}`;
  } else if (name === "resized") {
    formula = phrase(
      `${cellName("y", row, y, x)} = ${num(resized[y][x])}: away from the border every cell gets`,
      `all taps, ${num(total)}.`,
    );
  } else {
    inPhase.forEach(([a, b]) => mark("kernel", a, b, "read"));
    mark("phases", ...phase, name === "phases" ? "written" : "read");
    response.forEach((r, a) =>
      r.forEach((_, b) => {
        if (a % s[0] === phase[0] && b % s[1] === phase[1]) {
          mark("response", a, b, "written");
          mark("counts", a, b, "written");
        }
      }),
    );
    if (name === "kernel") mark("kernel", y, x, "read");
    formula = phrase(
      `${name === "kernel" ? `${cellName("w", row, y, x)} belongs to phase ${phaseName}. ` : ""}Phase`,
      `${phaseName}: ${sumOf(inPhase)}`,
    );
  }
  applyMarks(lines, marked);
  const sums = phases.flat();
  const free = sums.every((v) => v === sums[0]);
  const divides = layer.k.every((k, m) => k % s[m] === 0);
  return {
    lines,
    formula,
    steps: h * w,
    selection: wanted,
    problem: "",
    meaning: { overlap: "more than elsewhere" },
    facts: [
      phrase(
        `The phase sums are ${listed(sums.map(num), ", ")}:`,
        free
          ? "all equal, so the inside of the output is even."
          : "not all equal, so the output of an even input has a checkerboard.",
        `The stride ${divides ? "divides" : "does not divide"} the kernel size; that alone decides`,
        "only the number of taps.",
      ),
      phrase(
        "stride and kernel are those of the transposed convolution. PixelShuffle makes the same pattern",
        "of this even input if its kernels have these sums; a resize followed by a convolution makes none.",
      ),
    ],
  };
}

function checkerboardControls(state) {
  const row = isRow(state),
    k = state.weight[0].length;
  const make = (v, flat) => ({ weight: tapped(flat ? 1 : v, v, 0, 0, flat ? 1 : 2) });
  const weights = row
    ? { "1, 3": [[1, 3]], "1, 2, 1": [[1, 2, 1]], "1, 1, 1": [[1, 1, 1]], "1, 3, 3, 1": [[1, 3, 3, 1]] }
    : {
        "ones 3×3": grid(3, 3, () => 1),
        "ones 4×4": grid(4, 4, () => 1),
        "1 2 1": grid(3, 3, (y, x) => [1, 2, 1][y] * [1, 2, 1][x]),
      };
  return [
    group(
      "layer",
      dimensions(row ? 1 : 2, (nd) => make(3, nd === 1)),
      whole("kernel_size", "kernel_size", k, 1, LIMITS.kernel, (v) => make(v, row)),
      setting(state, "stride", 1, LIMITS.stride),
      whole("input_size", "input size", state.input_size, 1, LARGEST, (v) => ({ input_size: v })),
    ),
    group(
      "kernels to try",
      Object.entries(weights).map(([label, weight], n) => example(`try ${n}`, label, state, { weight }, {})),
    ),
  ];
}

fronts.checkerboard = {
  title: "Checkerboard explorer",
  problem: (state) => checkerboardParts(state).problem,
  scene: checkerboardScene,
  controls: checkerboardControls,
  outcome: (state) => ({ phase_sums: checkerboardParts(state).phases.flat() }),
  editable: arrayEditable({ kernel: "weight" }),
};
