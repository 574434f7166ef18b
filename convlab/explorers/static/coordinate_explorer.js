// Front end "coordinates": which point of the input each output cell of a resize looks at.

import { factor, isCount, num, phrase, plural, range, replaced } from "./arithmetic.js";
import { choice, example, group, namedBy, readNumber, setting, typed } from "./controls.js";
import { fronts, onPanel, panel } from "./scene.js";
import SETTINGS from "./settings.json" with { type: "json" };

const RULER = { ...SETTINGS.ruler, gap: 33 / 30 };
// One rule each: what positions are counted by, and how a point between two cells is rounded (null: both are mixed).
const CONVENTIONS = {
  "half-pixel": {
    counted: "half",
    round: null,
    why: phrase(
      "Cells are squares: output cell m has its centre at (m + 1/2)·i/o − 1/2, and both pictures",
      "cover each other. PyTorch with align_corners=False, and TensorFlow 2, Keras and JAX, count",
      "so.",
    ),
  },
  align_corners: {
    counted: "corners",
    round: null,
    why: phrase(
      "Cells are points: output cell m stands at m·(i − 1)/(o − 1), so the first and the last of",
      "both meet. PyTorch with align_corners=True counts so.",
    ),
  },
  asymmetric: {
    counted: "begin",
    round: null,
    why: phrase(
      "Output cell m stands at m·i/o: the first cells meet, the rest of the picture is shifted.",
      "TensorFlow 1 counted so; PyTorch has no linear mode that does.",
    ),
  },
  nearest: {
    counted: "begin",
    round: "floor",
    why: "PyTorch's “nearest” looks at m·i/o and rounds down: not always to the nearest centre.",
  },
  "nearest-exact": {
    counted: "half",
    round: "nearest",
    why: phrase(
      "PyTorch's “nearest-exact” looks at (m + 1/2)·i/o − 1/2 and takes the nearest centre, of two",
      "the right one. TensorFlow 2, Keras and JAX do the same.",
    ),
  },
};

// Everything about a state but the drawing, or { problem }. Positions are fractions [numerator, denominator]: exact.
function sampled(state) {
  const { values, size, scale_factor: scale, convention } = state,
    i = values.length;
  if (!(convention in CONVENTIONS))
    return { problem: `convention must be one of ${Object.keys(CONVENTIONS).join(", ")}.` };
  if (!isCount(i, RULER.least, RULER.values))
    return { problem: `values must be ${RULER.least} to ${RULER.values} numbers, got ${i}.` };
  if ((size === null) === (scale === null)) return { problem: "give either size or scale_factor." };
  if (scale !== null && !(Number.isFinite(scale) && i * scale >= 1))
    return { problem: `scale_factor must leave at least 1 cell of ${i}, got ${scale}.` };
  if (scale !== null && Math.abs(100 * scale - Math.round(100 * scale)) > 1e-9)
    return { problem: `scale_factor can have at most two decimals here, got ${scale}; or give the size.` };
  const o = scale === null ? size : Math.floor(i * scale);
  if (!isCount(o, 1, RULER.size)) return { problem: `the output must have 1 to ${RULER.size} cells, got ${o}.` };
  const { counted, round } = CONVENTIONS[convention];
  // PyTorch copies where a linear mode would keep the size, whatever the factor; aligned corners count with the sizes.
  const bySize = scale === null || counted === "corners" || (convention === "half-pixel" && o === i);
  const [down, up] =
    counted === "corners" ? (o > 1 ? [i - 1, o - 1] : [1, 1]) : bySize ? [i, o] : [100, Math.round(100 * scale)];
  const position = (m) => (counted === "half" ? [(2 * m + 1) * down - up, 2 * up] : [m * down, up]);
  const samples = range(o).map((m) => sampleAt(position(m), round, values, i - 1));
  return { i, o, samples, bySize, wide: down / up, thin: up / down, problem: "" };
}

// Where output [n, d] looks, and what it takes: cells with weights, the shares of d.
function sampleAt([n, d], round, values, last) {
  const at = n / d;
  const clamped = n < 0 ? 0 : n > last * d ? last : at;
  const copied = (cell) => ({ cells: [cell], weights: [1], shares: [[1, 1]], value: values[cell] });
  const said = { at, clamped, exact: [n, d] };
  if (round) {
    const rounded = round === "floor" ? Math.floor(n / d) : Math.floor((2 * n + d) / (2 * d));
    return { ...said, ...copied(Math.min(Math.max(rounded, 0), last)) };
  }
  const low = Math.floor(clamped);
  const part = clamped === at ? n - low * d : 0;
  if (part === 0) return { ...said, ...copied(low) };
  const shares = [
    [d - part, d],
    [part, d],
  ];
  const weights = [(d - part) / d, part / d];
  const value = weights[0] * values[low] + weights[1] * values[low + 1];
  return { ...said, cells: [low, low + 1], weights, shares, value };
}

function coordinatesScene(state, selection) {
  const found = sampled(state);
  if (found.problem) return { problem: found.problem };
  const { i, o, samples, wide, thin } = found;
  const unit = Math.max(Math.min(9, Math.max(2, 24 / i)), thin),
    begin = Math.min(-0.5, samples[0].at - wide / 2);
  const place = (position) => (position - begin) * unit;
  const plain = (n) => [range(n).map(() => "plain")];
  const input = {
    ...panel("input", `input x, ${plural(i, "cell")}`, [state.values.map(num)], plain(i)),
    places: range(i).map((j) => [place(j - 0.5), unit]),
  };
  const ruler = {
    ...panel("ruler", "", [range(o).map(() => ""), range(o).map(() => "")], [...plain(o), range(o).map(() => "none")]),
    places: samples.map(({ at }) => [place(at) - 0.125, 0.25]),
    ...axisOf(samples, place, i),
  };
  const output = {
    ...panel("output", `output y, ${plural(o, "cell")}`, [samples.map(({ value }) => num(value))], plain(o)),
    places: samples.map(({ at }) => [place(at - wide / 2), wide * unit]),
    labels: samples.map(({ at }, m) => [place(at), 1.35, `${m}`]),
  };
  const lines = [
    {
      caption: `${state.convention}: output m looks at ${ruleOf(state, found, "m")}`,
      blocks: [{ sign: "", panels: [[input], [ruler], [output]] }],
    },
  ];
  const chosen = selection && onPanel(lines, selection) ? selection : ["output", 0, Math.min(state.step, o - 1)];
  const parts = { input, ruler, output, place };
  const formula =
    chosen[0] === "input" ? markTaken(state, samples, parts, chosen[2]) : markTaking(state, found, parts, chosen[2]);
  return {
    lines,
    formula,
    steps: o,
    selection: chosen,
    problem: "",
    meaning: { read: "taken", written: "the output cell" },
    facts: [
      `${sizeFact(state, found)} y = ${samples.map(({ value }) => num(value)).join(", ")}.`,
      CONVENTIONS[state.convention].why,
    ],
  };
}

// A line with a tick at the centre of every input cell; dotted beyond the last centres.
function axisOf(samples, place, i) {
  const [first, last] = [place(0), place(i - 1)];
  const ends = [place(Math.min(samples[0].at, 0)), place(Math.max(samples[samples.length - 1].at, i - 1))];
  const beyond = [
    [ends[0], first],
    [last, ends[1]],
  ]
    .filter(([a, b]) => a !== b)
    .map(([a, b]) => ["outside", [a, 1], [b, 1]]);
  const ticks = range(i).map((j) => ["axis", [place(j), 0.75], [place(j), 1.25]]);
  return {
    strokes: [["axis", [first, 1], [last, 1]], ...beyond, ...ticks],
    labels: range(i).map((j) => [place(j), 1.55, `${j}`]),
  };
}

const linkTo = (place, sample, cell) => [
  "chosen",
  [place(sample.clamped), 0.5],
  [place(sample.clamped), 0],
  [place(cell), 0.6 - RULER.gap],
];

function markTaking(state, found, { input, ruler, output, place }, m) {
  const sample = found.samples[m];
  output.look[0][m] = ruler.look[0][m] = "written";
  sample.cells.forEach((j) => {
    input.look[0][j] = "read";
  });
  ruler.strokes.push(...sample.cells.map((j) => linkTo(place, sample, j)));
  if (sample.at !== sample.clamped) {
    const tip = place(sample.clamped),
      back = sample.at > sample.clamped ? 0.2 : -0.2;
    ruler.strokes.push(
      ["clamp", [place(sample.at), 0.5], [tip, 0.5]],
      ["clamp", [tip + back, 0.3], [tip, 0.5], [tip + back, 0.7]],
    );
  }
  input.labels = sample.cells.map((j, n) => [place(j), 1.35, `·${num(sample.weights[n])}`]);
  return takingSentence(state, found, m);
}

function markTaken(state, samples, { input, ruler, output, place }, j) {
  input.look[0][j] = "read";
  output.labels = [];
  const parts = [];
  samples.forEach((sample, m) => {
    const n = sample.cells.indexOf(j);
    if (n < 0) return;
    const weight = num(sample.weights[n]);
    output.look[0][m] = ruler.look[0][m] = "written";
    ruler.strokes.push(linkTo(place, sample, j));
    output.labels.push([place(sample.at), 1.35, `·${weight}`]);
    parts.push(`y[${m}] (·${weight})`);
  });
  const name = `x[${j}] = ${num(state.values[j])}`;
  return parts.length
    ? `${name} enters ${plural(parts.length, "output")}: ${parts.join(", ")}`
    : `${name} enters no output: it is lost.`;
}

function ruleOf(state, { i, o, bySize }, m) {
  const times = bySize ? `·${i}/${o}` : `/${num(state.scale_factor)}`;
  const { counted } = CONVENTIONS[state.convention];
  if (counted === "corners") return o > 1 ? `${m}·(${i} − 1)/(${o} − 1)` : "0, the first cell";
  return counted === "begin" ? `${m}${times}` : `(${m} + 1/2)${times} − 1/2`;
}

function takingSentence(state, found, m) {
  const { at, clamped, cells, weights, value } = found.samples[m],
    { round } = CONVENTIONS[state.convention];
  const rule = ruleOf(state, found, m);
  let where = rule.startsWith("0, ") ? rule : `${rule} = ${num(at)}`;
  if (round) where += `, ${round === "floor" ? "rounded down to" : "nearest centre"} ${cells[0]}`;
  else if (at !== clamped)
    where += `, ${at < 0 ? "left of the first centre" : "right of the last centre"}, clamped to ${clamped}`;
  const name = `Output ${m} looks at ${where}: y[${m}]`;
  if (cells.length === 1) return `${name} = x[${cells[0]}] = ${num(value)}`;
  const sum = (term) => cells.map((j, n) => `${num(weights[n])}·${term(j)}`).join(" + ");
  return `${name} = ${sum((j) => `x[${j}]`)} = ${sum((j) => factor(state.values[j]))} = ${num(value)}`;
}

function sizeFact({ scale_factor: scale, convention }, { i, o }) {
  if (scale === null) return `i = ${i} input cells, o = ${o} output cells.`;
  const text = `i = ${i} input cells, scale_factor ${num(scale)}: o = floor(${i}·${num(scale)}) = ${o} output cells.`;
  if (convention === "align_corners")
    return `${text} align_corners=True counts with the sizes; the factor itself is not used.`;
  if (convention === "half-pixel" && o === i) return `${text} The size stays, so PyTorch copies, whatever the factor.`;
  return scale * i === o
    ? text
    : `${text} The positions are those of the factor, 1/${num(scale)} for a step, not of ${i}/${o}.`;
}

function readRow(text) {
  const parts = text
    .trim()
    .split(/[\s,;]+/)
    .filter(Boolean);
  if (!parts.length) throw new Error(`values must be ${RULER.least} to ${RULER.values} numbers, got “${text}”.`);
  return parts.map((part) => readNumber(part, "each value"));
}

function coordinatesControls(state) {
  const { o } = sampled(state),
    { values, scale_factor: scale } = state;
  const tries = [
    ["[10, 20] to 4", { values: [10, 20], size: 4 }],
    ["0 to 4, to 3", { values: [0, 1, 2, 3, 4], size: 3 }],
    ["one peak, to 12", { values: [0, 0, 12, 0], size: 12 }],
  ];
  const given =
    scale === null
      ? setting(state, "size", 1, RULER.size)
      : typed("scale_factor", "scale_factor", 5, num(scale), (v) => ({ scale_factor: readNumber(v, "scale_factor") }));
  return [
    group(
      "convention",
      choice("convention", "", state.convention, namedBy(Object.keys(CONVENTIONS)), (v) => ({ convention: v })),
    ),
    group(
      "input",
      typed("values", "values", 22, values.map(num).join(", "), (v) => ({ values: readRow(v) })),
    ),
    group(
      "output",
      choice("given", "by", scale === null ? "size" : "factor", { size: "size", factor: "scale_factor" }, (v) =>
        v === "size"
          ? { size: o, scale_factor: null }
          : { size: null, scale_factor: scale ?? closestFactor(values.length, o) },
      ),
      given,
    ),
    group(
      "to try",
      tries.map(([label, change]) => example(`try ${label}`, label, state, { ...change, scale_factor: null })),
    ),
  ];
}

// A factor of at most two decimals that gives the size.
function closestFactor(i, o) {
  const up = Math.ceil((100 * o) / i) / 100;
  return Math.floor(i * up) === o ? up : (Math.ceil((100 * o) / i) + 1) / 100;
}

function coordinatesCode(state) {
  const { i, o } = sampled(state);
  const how = state.scale_factor === null ? `size=${o}` : `scale_factor=${num(state.scale_factor)}`;
  const modes = {
    "half-pixel": '"linear", align_corners=False',
    align_corners: '"linear", align_corners=True',
    nearest: '"nearest"',
    "nearest-exact": '"nearest-exact"',
  };
  if (!(state.convention in modes)) {
    const bySize = state.scale_factor === null || i * state.scale_factor === o;
    const other = bySize
      ? `TensorFlow 1: y = tf.compat.v1.image.resize_bilinear(x[None, None, :, None], (1, ${o}))[0, 0, :, 0]`
      : "nor has TensorFlow 1, which counts with the sizes";
    return { PyTorch: `# PyTorch has none; ${other}` };
  }
  return { PyTorch: `y = F.interpolate(x[None, None], ${how}, mode=${modes[state.convention]})[0, 0]` };
}

fronts.coordinates = {
  title: "Coordinate explorer",
  problem: (state) => sampled(state).problem,
  scene: coordinatesScene,
  controls: coordinatesControls,
  outcome: (state) => {
    const { o, samples } = sampled(state);
    return { output_size: o, output: samples.map(({ value }) => value) };
  },
  code: coordinatesCode,
  editable: (state, [name, , column]) => {
    if (name !== "input") return null;
    return {
      label: `value of x[${column}]`,
      value: state.values[column],
      change: (v) => ({ values: replaced(state.values, column, v) }),
    };
  },
};
