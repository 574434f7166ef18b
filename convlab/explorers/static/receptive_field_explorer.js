// Front end "receptive": what one output cell of a stack of layers sees.

import { grid, isCount, num, phrase, plural, range, span } from "./arithmetic.js";
import { example, group } from "./controls.js";
import { CELL, GAP } from "./layout.js";
import { applyMarks, fronts, listed, onePanel, onPanel, panel, textsOf } from "./scene.js";
import { chainOf, FRESH, STACK, stackControls, stackProblem, stageWords } from "./stack.js";

const PLANE = 17,
  NAMES = 4.2, // room for the names of the levels, left of them
  FALL = 0.7, // room between two levels
  LINKS = 80,
  HIGH = 3; // of a field drawn to scale

const isUp = ({ kind }) => kind === "transpose";
const reachOf = (layer) => span(layer.kernel_size, layer.dilation) - 1;
const phasesOf = (layers) => layers.filter(isUp).reduce((all, { stride }) => all * stride, 1);
const keptLayers = (layers) =>
  layers.map(({ kind, kernel_size, stride, dilation }) => ({ ...FRESH, kind, kernel_size, stride, dilation }));

// First and last input cell that one output cell sees; each layer by itself is monotone, so the ends are enough.
function seenBy(layers, cell) {
  let [first, last] = [cell, cell];
  for (const layer of [...layers].reverse()) {
    const { stride } = layer;
    if (isUp(layer)) [first, last] = [Math.ceil((first - reachOf(layer)) / stride), Math.floor(last / stride)];
    else [first, last] = [stride * first, stride * last + reachOf(layer)];
  }
  return [first, last];
}

// The output cell that sees most, of those that do not see alike: { cell, size }.
function widestOf(layers) {
  let best = { cell: 0, size: 0 };
  for (const cell of range(phasesOf(layers))) {
    const [first, last] = seenBy(layers, cell);
    if (last - first >= best.size) best = last - first + 1 > best.size ? { cell, size: last - first + 1 } : best;
  }
  return best;
}

function fieldOf(state) {
  const { layers } = state;
  const wrong = stackProblem(layers);
  if (wrong) return { problem: wrong };
  if (layers.some((layer) => isUp(layer) && (layer.dilation > 1 || layer.kernel_size < layer.stride)))
    return { problem: "a transposed convolution must have dilation 1 and at least a kernel_size of its stride here." };
  if (!isCount(state.layer, 1, Infinity))
    return { problem: `layer must be a whole number from 1, got ${state.layer}.` };
  if (phasesOf(layers) > STACK.phases)
    return {
      problem: phrase(
        `the strides of the transposed convolutions make ${phasesOf(layers)};`,
        `at most ${STACK.phases} can be drawn.`,
      ),
    };
  const { cell, size } = widestOf(layers);
  if (size > STACK.size)
    return { problem: `the receptive field would be ${size} cells; at most ${STACK.size} can be drawn.` };
  return { cell, size, problem: "" };
}

const cellsRead = (layer, cell) =>
  isUp(layer)
    ? range(layer.kernel_size)
        .map((t) => (cell - t) / layer.stride)
        .filter(Number.isInteger)
        .sort((a, b) => a - b)
    : range(layer.kernel_size).map((t) => layer.stride * cell + layer.dilation * t);

// What one output cell sees, level by level: levels[0] is the input, with its first cell, the paths of each cell to
// the output, and where its cells lie above the input: at start + jump·cell.
function levelsOf(layers, cell) {
  const lies = [{ start: 0, jump: 1 }];
  for (const layer of layers) {
    const { start, jump } = lies.at(-1);
    lies.push(
      isUp(layer)
        ? { start: start - (reachOf(layer) / 2 / layer.stride) * jump, jump: jump / layer.stride }
        : { start: start + (reachOf(layer) / 2) * jump, jump: jump * layer.stride },
    );
  }
  let paths = new Map([[cell, 1]]);
  const levels = [];
  for (const n of range(layers.length + 1).reverse()) {
    const cells = [...paths.keys()],
      first = Math.min(...cells);
    levels[n] = {
      first,
      paths: range(Math.max(...cells) - first + 1).map((c) => paths.get(first + c) ?? 0),
      ...lies[n],
    };
    if (!n) break;
    const below = new Map();
    for (const [reader, count] of paths)
      for (const read of cellsRead(layers[n - 1], reader)) below.set(read, (below.get(read) ?? 0) + count);
    paths = below;
  }
  return levels;
}

function receptiveScene(state, selection) {
  const { cell, size, problem } = fieldOf(state);
  if (problem) return { problem };
  const { layers } = state;
  if (size > STACK.cells || layers.length > STACK.levels) return toScale(state, size, selection);
  const levels = levelsOf(layers, cell);
  const finest = Math.min(...levels.map(({ jump }) => jump));
  if (size / finest > 2 * STACK.cells) return toScale(state, size, selection);
  return cellByCell(state, levels, finest, size, selection);
}

// --- cell by cell ---

function cellByCell(state, levels, finest, size, selection) {
  const { layers } = state,
    top = layers.length;
  const lie = ({ start, jump, first }, c) => (start + jump * (first + c)) / finest;
  const begin = Math.min(...levels.map((level) => lie(level, 0)));
  const left = (level, c) => NAMES + lie(levels[level], c) - begin;
  const seen = levels[0].paths;
  const rows = range(top + 1)
    .map((m) => top - m)
    .map((level) => {
      const { paths } = levels[level];
      const name = level === 0 ? "input" : level === top ? `output, layer ${level}` : `after layer ${level}`;
      return {
        ...panel(`level ${level}`, "", [paths.map(num)], [paths.map((count) => (count ? "plain" : "hole"))]),
        places: paths.map((_, c) => [left(level, c), 1]),
        strokes: [],
        labels: [[0.1, 0.5, name, "left"]],
        below: level ? FALL : 0,
      };
    });
  const at = (level) => rows[top - level];
  const lines = [
    {
      caption: "In each cell: how many paths lead from it to the output",
      blocks: [{ sign: "", panels: rows.map((one) => [one]) }],
    },
  ];
  if (size <= PLANE) {
    const plane = grid(size, size, (y, x) => seen[y] * seen[x]);
    const looks = plane.map((r) => r.map((v) => (v ? "plain" : "hole")));
    const one = panel("plane", `input ${size}×${size}`, textsOf(plane), looks);
    lines.push({ caption: "The same stack in two dimensions", blocks: [onePanel("", one)] });
  }
  // The first step is the output, with all that it sees; then the input, cell by cell.
  const usual = state.step ? ["level 0", 0, Math.min(state.step, size) - 1] : [`level ${top}`, 0, 0];
  const wanted = selection && onPanel(lines, selection) ? selection : usual;
  const marked = new Map();
  let formula;
  if (wanted[0] === "plane") {
    const [, y, x] = wanted,
      n = seen[y] * seen[x];
    marked.set(`plane|${y}|${x}`, n ? "read" : "hole");
    formula = n
      ? `Input cell [${y}, ${x}]: ${seen[y]}·${seen[x]} = ${plural(n, "path")} to the output`
      : `Input cell [${y}, ${x}] is a hole: no path leads to the output.`;
  } else formula = markPaths(state, levels, Number(wanted[0].split(" ")[1]), wanted[2], { at, left, marked });
  applyMarks(lines, marked);
  const [reached, holes] = [seen.filter(Boolean).length, range(size).filter((q) => !seen[q])];
  return {
    lines,
    formula,
    steps: size + 1,
    selection: wanted,
    problem: "",
    meaning: { written: "on its way to the output" },
    facts: [
      sumFact(state, size),
      phrase(
        `${reached} of ${size} cells are seen, in two dimensions`,
        `${Math.floor((100 * reached * reached) / (size * size) + 0.5)} %.`,
        `${holes.length ? `Holes: ${listed(holes.map(String), ", ")}.` : "There are no holes."} The`,
        "parameters are those of the layers themselves.",
      ),
    ],
  };
}

// Down to the input: read; up to the output: written; cones and lines between the levels.
function markPaths({ layers }, levels, level, column, { at, left, marked }) {
  const name = levels[level].first + column,
    count = levels[level].paths[column];
  if (!count)
    return phrase(
      `Cell ${name} ${level ? `after layer ${level}` : "of the input"} is a hole: no path leads from`,
      "it to the output.",
    );
  const mark = (where, cell, look) => marked.set(`level ${where}|0|${cell - levels[where].first}`, look);
  const ground = 1 + FALL + GAP / 2 / CELL;
  const edges = (where, cells) => {
    const [a, b] = [Math.min(...cells), Math.max(...cells)].map((cell) => left(where, cell - levels[where].first));
    return [a, b + 1];
  };
  // Between the cells of a level and those of the one below.
  const cone = (kind, where, high, low) => {
    const [[a, b], [c, d]] = [edges(where, high), edges(where - 1, low)];
    at(where).strokes.push([kind, [a, 1], [b, 1], [d, ground], [c, ground]]);
    const links = [...high].flatMap((cell) => cellsRead(layers[where - 1], cell).map((read) => [cell, read]));
    const middle = (n, cell) => left(n, cell - levels[n].first) + 0.5;
    const drawn = links.filter(([, read]) => [...low].includes(read));
    if (drawn.length > LINKS) return;
    for (const [cell, read] of drawn)
      at(where).strokes.push(["link", [middle(where, cell), 1], [middle(where - 1, read), ground]]);
  };
  let below = new Set([name]);
  for (let where = level; where > 0; where -= 1) {
    const read = new Set([...below].flatMap((cell) => cellsRead(layers[where - 1], cell)));
    read.forEach((cell) => mark(where - 1, cell, "read"));
    cone("cone", where, below, read);
    below = read;
  }
  let above = new Set([name]);
  for (let where = level; where < layers.length; where += 1) {
    const { first, paths } = levels[where + 1];
    const readers = range(paths.length)
      .map((c) => first + c)
      .filter((cell) => paths[cell - first] && cellsRead(layers[where], cell).some((read) => above.has(read)));
    const next = new Set(readers);
    next.forEach((cell) => mark(where + 1, cell, "written"));
    cone("upward", where + 1, next, above);
    above = next;
  }
  mark(level, name, "read");
  const paths = `${plural(count, "path")} to the output`;
  return level
    ? `Cell ${name} after layer ${level}: ${paths}; it sees ${plural(below.size, "input cell")}.`
    : `Input cell ${name}: ${paths}`;
}

// --- to scale ---

// A bar for the field after each layer, as long as the field is, and its number.
function toScale(state, size, selection) {
  const { layers } = state,
    count = layers.length;
  const fields = [1, ...range(count).map((n) => widestOf(layers.slice(0, n + 1)).size)];
  const chain = chainOf(count + 1),
    high = chain.lines.length > 1 ? HIGH / 2 : HIGH,
    widest = Math.max(...fields);
  const panels = chain.lines.map((line) => {
    const own = range(line.count).map((n) => line.first + n);
    const left = (n) => chain.indent + chain.pitch * (n - line.first),
      half = (n) => Math.max((high * fields[n]) / widest / 2, 0.01),
      middle = -high / 2 - 0.3;
    const bar = (n) => [
      "field",
      [left(n), middle - half(n)],
      [left(n) + chain.wide, middle - half(n)],
      [left(n) + chain.wide, middle + half(n)],
      [left(n), middle + half(n)],
      [left(n), middle - half(n)],
    ];
    const sides = own
      .slice(1)
      .flatMap((n) =>
        [-1, 1].map((side) => [
          "link",
          [left(n - 1) + chain.wide, middle + side * half(n - 1)],
          [left(n), middle + side * half(n)],
        ]),
      );
    const labels = own.flatMap((n) =>
      (n ? stageWords(layers[n - 1]) : ["input"]).map((text, m) => [left(n) + chain.wide / 2, 1.3 + 0.42 * m, text]),
    );
    const name = line.first ? `fields ${line.first}` : "fields";
    return [
      {
        ...panel(name, "", [own.map((n) => `${fields[n]}`)], [own.map(() => "plain")]),
        places: own.map((n) => [left(n), chain.wide]),
        strokes: [...sides, ...own.map(bar)],
        labels,
        above: high + 0.5,
        below: 1,
      },
    ];
  });
  const lines = [
    { caption: "How many input cells one cell sees after each layer, drawn to scale", blocks: [{ sign: "", panels }] },
  ];
  const cellOf = (n) => {
    const line = chain.lines.findLast(({ first }) => first <= n);
    return [line.first ? `fields ${line.first}` : "fields", 0, n - line.first];
  };
  const wanted = selection && onPanel(lines, selection) ? selection : cellOf(Math.min(state.step, count - 1) + 1);
  const n = Number(wanted[0].split(" ")[1] ?? 0) + wanted[2];
  const marked = new Map([[cellOf(n).join("|"), "written"]]);
  if (n) marked.set(cellOf(n - 1).join("|"), "read");
  applyMarks(lines, marked);
  return {
    lines,
    formula: fieldSentence(layers, fields, n),
    steps: count,
    selection: wanted,
    problem: "",
    meaning: { read: "before the layer", written: "after it" },
    facts: [sumFact(state, size)],
  };
}

const jumpOf = (layers) => layers.reduce((jump, layer) => (isUp(layer) ? jump / layer.stride : jump * layer.stride), 1);

function fieldSentence(layers, fields, n) {
  if (!n) return "A cell of the input sees itself: 1 cell.";
  const [layer, jump] = [layers[n - 1], jumpOf(layers.slice(0, n - 1))];
  const sees = `After layer ${n}, ${stageWords(layer).join(" ")}: `;
  if (layers.slice(0, n).some(isUp)) return `${sees}up to ${plural(fields[n], "input cell")}`;
  const more = `${layer.kernel_size - 1}·${layer.dilation}·${jump}`;
  return `${sees}${fields[n - 1]} + ${more} = ${plural(fields[n], "input cell")}`;
}

function sumFact({ layers }, size) {
  if (layers.some(isUp))
    return phrase(
      `Receptive field ${size} cells, of the output cell that sees most: behind a transposed convolution not all`,
      "see equally many.",
    );
  if (layers.length > STACK.levels)
    return phrase(
      `Receptive field ${size} cells: 1, and for each layer`,
      "(kernel_size − 1)·dilation·(product of the strides before it).",
    );
  let jump = 1;
  const parts = layers.map((layer) => {
    const part = `${layer.kernel_size - 1}·${layer.dilation}·${jump}`;
    jump *= layer.stride;
    return part;
  });
  return phrase(
    `Receptive field 1 + ${listed(parts, " + ")} = ${size} cells: for each layer`,
    "(kernel_size − 1)·dilation·(product of the strides before it).",
  );
}

function receptiveControls(state) {
  const chosen = Math.min(state.layer, state.layers.length);
  const layers = (rates) => keptLayers(rates.map((dilation) => ({ ...FRESH, dilation })));
  const tries = [
    [2, 2, 2],
    [1, 2, 5],
    [1, 2, 9],
    [1, 2, 4],
    [2, 4, 8],
  ];
  const without = ({ id }) => !["padding", "output_padding"].includes(id);
  return [
    ...stackControls(state, chosen, { kept: keptLayers, choose: (layer) => ({ layer }) }).map((one) => ({
      ...one,
      fields: one.fields.filter(without),
    })),
    group(
      "dilations to try, kernel 3",
      tries.map((rates) => example(`rates ${rates.join(" ")}`, rates.join(", "), state, { layers: layers(rates) })),
    ),
  ];
}

fronts.receptive = {
  title: "Receptive field explorer",
  problem: (state) => fieldOf(state).problem,
  scene: receptiveScene,
  controls: receptiveControls,
  outcome: (state) => {
    const { cell, size } = fieldOf(state);
    const holes = size > STACK.cells ? null : levelsOf(state.layers, cell)[0].paths.filter((count) => !count).length;
    return { field: size, holes };
  },
};
