// Front end "matrix": a convolution and its transpose as matrices.

import { counted, factor, grid, LIMITS, layerOf, links, num, phrase, plural, range, tapped } from "./arithmetic.js";
import { dimensions, group, press, setting, whole } from "./controls.js";
import {
  added,
  allPlain,
  applyMarks,
  arrayEditable,
  asGrid,
  both,
  cellName,
  fronts,
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

const MATRIX_SIDE = SETTINGS.matrix_side;

function matrixParts(state) {
  const layer = layerOf({
    input: [state.input],
    weight: [[state.weight]],
    stride: both(state, state.stride, 1),
    padding: both(state, [state.padding, state.padding], [0, 0]),
    dilation: both(state, state.dilation, 1),
  });
  if (layer.problem) return layer;
  const [outs, ins] = [layer.size, layer.i].map(([h, w]) => h * w);
  if (Math.max(outs, ins) > MATRIX_SIDE)
    return { problem: `the matrix would have ${outs} rows and ${ins} columns; at most ${MATRIX_SIDE} can be drawn.` };
  const taps = grid(outs, ins, () => null);
  const [py, px] = [layer.p[0][0], layer.p[1][0]];
  range(outs).forEach((r) => {
    for (const { large, tap } of links(layer, "small", [0, Math.floor(r / layer.size[1]), r % layer.size[1]])) {
      const [y, x] = [large[1] - py, large[2] - px];
      if (y >= 0 && x >= 0 && y < layer.i[0] && x < layer.i[1]) taps[r][y * layer.i[1] + x] = [tap[2], tap[3]];
    }
  });
  const turned = state.transposed ? range(ins).map((c) => taps.map((row) => row[c])) : taps;
  const weightAt = (tap) => (tap ? state.weight[tap[0]][tap[1]] : 0);
  const times = (matrix, v) => matrix.map((row) => row.reduce((sum, tap, c) => sum + weightAt(tap) * v[c], 0));
  const x = state.input.flat(),
    y = times(taps, x);
  return {
    layer,
    taps: turned,
    weightAt,
    problem: "",
    vector: state.transposed ? y : x,
    result: state.transposed ? times(turned, y) : y,
    from: state.transposed ? layer.size : layer.i,
    to: state.transposed ? layer.i : layer.size,
    letters: state.transposed ? ["y", "z"] : ["x", "y"],
  };
}

function matrixScene(state, selection) {
  const parts = matrixParts(state);
  if (parts.problem) return { problem: parts.problem };
  const { taps, weightAt, vector, result, from, to, letters } = parts;
  const row = isRow(state),
    M = state.transposed ? "Wᵀ" : "W";
  const first = asGrid(vector, from[1]),
    last = asGrid(result, to[1]);
  const column = (values) => values.map((v) => [num(v)]);
  const matrix = taps.map((line) => line.map((tap) => (tap ? num(weightAt(tap)) : "")));
  const block = (sign, name, title, texts) => onePanel(sign, roomy(panel(name, title, texts, allPlain(texts))));
  const sign = state.transposed ? "×" : "∗";
  const lines = [
    {
      caption: state.transposed ? "The transposed convolution, applied to y" : "The convolution",
      blocks: [
        block("", "first", `${letters[0]} ${shapeOf(first, row)}`, textsOf(first)),
        block(sign, "kernel", `kernel w ${shapeOf(state.weight, row)}`, textsOf(state.weight)),
        block(state.transposed ? "→" : "=", "last", `${letters[1]} ${shapeOf(last, row)}`, textsOf(last)),
      ],
    },
    {
      caption: `The same as a matrix: ${letters[1]} = ${M} ${letters[0]}`,
      blocks: [
        block("", "matrix", `${M} ${taps.length}×${taps[0].length}`, matrix),
        block("·", "vector", letters[0], column(vector)),
        block("=", "result", letters[1], column(result)),
      ],
    },
  ];
  const n = Math.min(state.step, taps.length - 1);
  const wanted = selection && onPanel(lines, selection) ? selection : ["result", n, 0];
  const [name, a, b] = wanted;
  const marked = new Map();
  const mark = (where, y, x, look) => marked.set(`${where}|${y}|${x}`, look);
  const markFrom = (c) => {
    mark("vector", c, 0, "read");
    mark("first", Math.floor(c / from[1]), c % from[1], "read");
  };
  const markTo = (r) => {
    mark("result", r, 0, "written");
    mark("last", Math.floor(r / to[1]), r % to[1], "written");
  };
  const entry = (r, c, look = "read") => {
    mark("matrix", r, c, look);
    if (taps[r][c]) mark("kernel", ...taps[r][c], "read");
  };
  const fromName = (c) => cellName(letters[0], row, Math.floor(c / from[1]), c % from[1]);
  const toName = (r) => cellName(letters[1], row, Math.floor(r / to[1]), r % to[1]);
  const tapName = (tap) => cellName("w", row, ...tap);
  let formula;
  if (name === "matrix") {
    entry(a, b, "written");
    markFrom(b);
    markTo(a);
    formula = taps[a][b]
      ? phrase(
          `${M}[${a}, ${b}] = ${tapName(taps[a][b])} = ${num(weightAt(taps[a][b]))} joins`,
          `${fromName(b)} and ${toName(a)}.`,
        )
      : `${M}[${a}, ${b}] = 0: no tap joins ${fromName(b)} and ${toName(a)}.`;
  } else if (name === "result" || name === "last") {
    const r = name === "result" ? a : a * to[1] + b;
    const used = range(vector.length).filter((c) => taps[r][c]);
    used.forEach((c) => {
      entry(r, c);
      markFrom(c);
    });
    markTo(r);
    const terms = used.map((c) => `${factor(weightAt(taps[r][c]))}·${factor(vector[c])}`);
    formula = `Row ${r}: ${toName(r)} = ${terms.length ? `${added(terms)} = ` : ""}${num(result[r])}`;
  } else if (name === "vector" || name === "first") {
    const c = name === "vector" ? a : a * from[1] + b;
    const used = range(result.length).filter((r) => taps[r][c]);
    used.forEach((r) => {
      entry(r, c);
      markTo(r);
    });
    markFrom(c);
    const parts = used.map((r) => `${toName(r)} (·${num(weightAt(taps[r][c]))})`);
    formula = `Column ${c}: ${fromName(c)} = ${num(vector[c])} touches ${plural(used.length, "output")}`;
    if (used.length) formula += `: ${listed(parts, ", ")}`;
  } else {
    let count = 0;
    mark("kernel", a, b, "read");
    taps.forEach((line, r) =>
      line.forEach((tap, c) => {
        if (!tap || tap[0] !== a || tap[1] !== b) return;
        count += 1;
        entry(r, c);
        markFrom(c);
        markTo(r);
      }),
    );
    formula = `${tapName([a, b])} = ${num(state.weight[a][b])} stands in ${plural(count, "place")} of ${M}.`;
  }
  applyMarks(lines, marked);
  const filled = taps.flat().filter(Boolean).length;
  const settings = `stride, padding and dilation are those of the direct convolution, torch.nn.Conv${row ? 1 : 2}d.`;
  const facts = [
    phrase(
      `${M} has a row for each cell of ${letters[1]} and a column for each cell of ${letters[0]};`,
      `${filled} of its ${taps.length * taps[0].length} places hold a tap. ${settings}`,
    ),
  ];
  if (state.transposed)
    facts.push(
      phrase(
        `z has the size of x, not its values (${listed(state.input.flat().map(num), ", ")}): the`,
        "transpose is not the inverse.",
      ),
    );
  return { lines, formula, facts, steps: taps.length, selection: wanted, problem: "" };
}

function matrixControls(state) {
  const row = isRow(state);
  const make = (n, k, flat) => ({
    input: counted(flat ? 1 : n, n, 0),
    weight: tapped(flat ? 1 : k, k, 0, 0, flat ? 1 : 2),
  });
  const [n, k] = [state.input[0].length, state.weight[0].length];
  return [
    group(
      "operator",
      press("transpose", "transpose", () => ({ transposed: !state.transposed, step: 0 }), state.transposed),
      dimensions(row ? 1 : 2, (nd) => (nd === 1 ? make(6, 3, true) : make(4, 2, false))),
    ),
    group(
      "layer",
      whole("input_size", "input size", n, 1, row ? 16 : 6, (v) => ({ input: make(v, k, row).input })),
      whole("kernel_size", "kernel_size", k, 1, LIMITS.kernel, (v) => ({ weight: make(n, v, row).weight })),
      setting(state, "stride", 1, LIMITS.stride),
      setting(state, "padding", 0, LIMITS.padding),
      setting(state, "dilation", 1, LIMITS.dilation),
    ),
  ];
}

fronts.matrix = {
  title: "Matrix explorer",
  problem: (state) => matrixParts(state).problem,
  scene: matrixScene,
  controls: matrixControls,
  outcome: (state) => {
    const { taps } = matrixParts(state);
    return { shape: [taps.length, taps[0].length] };
  },
  editable: arrayEditable({ first: "input", kernel: "weight" }),
};
