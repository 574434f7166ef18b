// Front ends "matrix" and "checkerboard". Both take (H, W) arrays; one row stands for 1-D.

const isRow = (state) => state.weight.length === 1 && (state.input ? state.input.length === 1 : true);
const both = (state, v, one) => (isRow(state) ? [one, v] : [v, v]);
const cellName = (letter, row, y, x) => `${letter}[${row ? x : `${y}, ${x}`}]`;
const asGrid = (values, width) => range(values.length / width).map((y) => values.slice(y * width, (y + 1) * width));
const shapeOf = (values, row) => (row ? `${values[0].length}` : `${values.length}×${values[0].length}`);
const onePanel = (sign, one) => ({ sign, panels: [[one]] });
const allPlain = (values) => values.map((row) => row.map(() => "plain"));
const textsOf = (values) => values.map((row) => row.map((v) => (v === "" ? "" : num(v))));

// --- matrix -----------------------------------------------------------------------------------------------------

const MATRIX_SIDE = 40;

function matrixParts(state) {
  const layer = layerOf({
    transposed: false, input: [state.input], weight: [[state.weight]], stride: both(state, state.stride, 1),
    padding: both(state, [state.padding, state.padding], [0, 0]), output_padding: [0, 0], dilation: both(state, state.dilation, 1), groups: 1,
  });
  if (layer.problem) return layer;
  const [outs, ins] = [layer.size, layer.i].map(([h, w]) => h * w);
  if (Math.max(outs, ins) > MATRIX_SIDE) return { problem: `the matrix would have ${outs} rows and ${ins} columns; at most ${MATRIX_SIDE} can be drawn.` };
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
  const x = state.input.flat(), y = times(taps, x);
  return {
    layer, taps: turned, weightAt, problem: "", vector: state.transposed ? y : x, result: state.transposed ? times(turned, y) : y,
    from: state.transposed ? layer.size : layer.i, to: state.transposed ? layer.i : layer.size, letters: state.transposed ? ["y", "z"] : ["x", "y"],
  };
}

function matrixScene(state, selection) {
  const parts = matrixParts(state);
  if (parts.problem) return { problem: parts.problem };
  const { layer, taps, weightAt, vector, result, from, to, letters } = parts;
  const row = isRow(state), M = state.transposed ? "Wᵀ" : "W";
  const first = asGrid(vector, from[1]), last = asGrid(result, to[1]);
  const column = (values) => values.map((v) => [num(v)]);
  const matrix = taps.map((line) => line.map((tap) => (tap ? num(weightAt(tap)) : "")));
  const lines = [
    { caption: state.transposed ? "The transposed convolution, applied to y" : "The convolution", blocks: [
      onePanel("", panel("first", `${letters[0]} ${shapeOf(first, row)}`, textsOf(first), allPlain(first))),
      onePanel(state.transposed ? "×" : "∗", panel("kernel", `kernel w ${shapeOf(state.weight, row)}`, textsOf(state.weight), allPlain(state.weight))),
      onePanel(state.transposed ? "→" : "=", panel("last", `${letters[1]} ${shapeOf(last, row)}`, textsOf(last), allPlain(last))),
    ] },
    { caption: `The same as a matrix: ${letters[1]} = ${M} ${letters[0]}`, blocks: [
      onePanel("", panel("matrix", `${M} ${taps.length}×${taps[0].length}`, matrix, allPlain(matrix))),
      onePanel("·", panel("vector", letters[0], column(vector), vector.map(() => ["plain"]))),
      onePanel("=", panel("result", letters[1], column(result), result.map(() => ["plain"]))),
    ] },
  ];
  const n = Math.min(state.step, taps.length - 1);
  const wanted = selection && onPanel(lines, selection) ? selection : ["result", n, 0];
  const [name, a, b] = wanted;
  const marked = new Map();
  const mark = (where, y, x, look) => marked.set(`${where}|${y}|${x}`, look);
  const markFrom = (c) => { mark("vector", c, 0, "read"); mark("first", Math.floor(c / from[1]), c % from[1], "read"); };
  const markTo = (r) => { mark("result", r, 0, "written"); mark("last", Math.floor(r / to[1]), r % to[1], "written"); };
  const entry = (r, c, look = "read") => { mark("matrix", r, c, look); if (taps[r][c]) mark("kernel", ...taps[r][c], "read"); };
  const fromName = (c) => cellName(letters[0], row, Math.floor(c / from[1]), c % from[1]);
  const toName = (r) => cellName(letters[1], row, Math.floor(r / to[1]), r % to[1]);
  const tapName = (tap) => cellName("w", row, ...tap);
  let formula;
  if (name === "matrix") {
    entry(a, b, "written"); markFrom(b); markTo(a);
    formula = taps[a][b] ? `${M}[${a}, ${b}] = ${tapName(taps[a][b])} = ${num(weightAt(taps[a][b]))} joins ${fromName(b)} and ${toName(a)}.` : `${M}[${a}, ${b}] = 0: no tap joins ${fromName(b)} and ${toName(a)}.`;
  } else if (name === "result" || name === "last") {
    const r = name === "result" ? a : a * to[1] + b;
    const used = range(vector.length).filter((c) => taps[r][c]);
    used.forEach((c) => { entry(r, c); markFrom(c); });
    markTo(r);
    const terms = used.map((c) => `${factor(weightAt(taps[r][c]))}·${factor(vector[c])}`);
    formula = `Row ${r}: ${toName(r)} = ${terms.length ? `${listed(terms, " + ")} = ` : ""}${num(result[r])}`;
  } else if (name === "vector" || name === "first") {
    const c = name === "vector" ? a : a * from[1] + b;
    const used = range(result.length).filter((r) => taps[r][c]);
    used.forEach((r) => { entry(r, c); markTo(r); });
    markFrom(c);
    formula = `Column ${c}: ${fromName(c)} = ${num(vector[c])} touches ${plural(used.length, "output")}${used.length ? `: ${listed(used.map((r) => `${toName(r)} (·${num(weightAt(taps[r][c]))})`), ", ")}` : ""}`;
  } else {
    let count = 0;
    mark("kernel", a, b, "read");
    taps.forEach((line, r) => line.forEach((tap, c) => {
      if (!tap || tap[0] !== a || tap[1] !== b) return;
      count += 1;
      entry(r, c); markFrom(c); markTo(r);
    }));
    formula = `${tapName([a, b])} = ${num(state.weight[a][b])} stands in ${plural(count, "place")} of ${M}.`;
  }
  applyMarks(lines, marked);
  const filled = taps.flat().filter(Boolean).length;
  const settings = `stride, padding and dilation are those of the direct convolution, torch.nn.Conv${row ? 1 : 2}d.`;
  const facts = [`${M} has a row for each cell of ${letters[1]} and a column for each cell of ${letters[0]}; ${filled} of its ${taps.length * taps[0].length} places hold a tap. ${settings}`];
  if (state.transposed) facts.push(`z has the size of x, not its values (${listed(state.input.flat().map(num), ", ")}): the transpose is not the inverse.`);
  return { lines, formula, facts, steps: taps.length, selection: wanted, problem: "" };
}

const arrayEditable = (keys) => (state, [name, y, x]) => {
  const key = keys[name];
  if (!key || (name === "first" && state.transposed)) return null;
  return { label: `value of ${cellName(key === "input" ? "x" : "w", isRow(state), y, x)}`, value: state[key][y][x], change: (v) => ({ [key]: state[key].map((r, q) => (q === y ? replaced(r, x, v) : r)) }) };
};

function matrixControls(state) {
  const row = isRow(state);
  const make = (n, k, flat) => ({ input: counted(flat ? 1 : n, n, 0), weight: tapped(flat ? 1 : k, k, 0, 0, flat ? 1 : 2) });
  const [n, k] = [state.input[0].length, state.weight[0].length];
  return [
    { label: "operator", fields: [
      { id: "transpose", label: "transpose", type: "button", value: state.transposed, change: () => ({ transposed: !state.transposed, step: 0 }) },
      choice("dimensions", "dimensions", row ? "1" : "2", [["1", "1-D"], ["2", "2-D"]], (v) => ((v === "1") === row ? {} : v === "1" ? make(6, 3, true) : make(4, 2, false))),
    ] },
    { label: "layer", fields: [
      whole("input", "input size", n, 1, row ? 16 : 6, (v) => ({ input: make(v, k, row).input })),
      whole("weight", "kernel_size", k, 1, LIMITS.kernel, (v) => ({ weight: make(n, v, row).weight })),
      whole("stride", "stride", state.stride, 1, LIMITS.stride, (v) => ({ stride: v })),
      whole("padding", "padding", state.padding, 0, LIMITS.padding, (v) => ({ padding: v })),
      whole("dilation", "dilation", state.dilation, 1, LIMITS.dilation, (v) => ({ dilation: v })),
    ] },
  ];
}

fronts.matrix = { title: "Matrix explorer", problem: (state) => matrixParts(state).problem, scene: matrixScene, controls: matrixControls, editable: arrayEditable({ first: "input", kernel: "weight" }) };

// --- checkerboard -----------------------------------------------------------------------------------------------

function checkerboardParts(state) {
  const { weight, stride, input_size: n } = state;
  if (!isCount(n, 1, 8)) return { problem: `input size must be a whole number from 1 to 8, got ${n}.` };
  const row = isRow(state), ones = (h, w) => grid(h, w, () => 1);
  const base = { transposed: true, input: [ones(row ? 1 : n, n)], stride: both(state, stride, 1), padding: [[0, 0], [0, 0]], output_padding: [0, 0], dilation: [1, 1], groups: 1 };
  const layer = layerOf({ ...base, weight: [[weight]] });
  if (layer.problem) return layer;
  const counts = compute(layerOf({ ...base, weight: [[weight.map((r) => r.map(() => 1))]] }))[0];
  const s = layer.s;
  const phases = grid(s[0], s[1], () => 0);
  weight.forEach((r, y) => r.forEach((v, x) => { phases[y % s[0]][x % s[1]] += v; }));
  const same_ = layer.k.map((k) => [(k - 1) >> 1, k - 1 - ((k - 1) >> 1)]);
  const resized = layerOf({ transposed: false, input: [ones(layer.i[0] * s[0], layer.i[1] * s[1])], weight: [[weight]], stride: [1, 1], padding: same_, output_padding: [0, 0], dilation: [1, 1], groups: 1 });
  if (resized.problem) return resized;
  return { layer, counts, phases, response: compute(layer)[0], resized: compute(resized)[0], row, problem: "" };
}

function checkerboardScene(state, selection) {
  const { layer, counts, phases, response, resized, row, problem } = checkerboardParts(state);
  if (problem) return { problem };
  const { weight } = state, s = layer.s;
  const total = weight.flat().reduce((sum, v) => sum + v, 0);
  const above = (values, least) => values.map((r) => r.map((v) => (v > least ? "overlap" : "plain")));
  const least = Math.min(...phases.flat());
  const shuffled = grid(layer.i[0] * s[0], layer.i[1] * s[1], (y, x) => phases[y % s[0]][x % s[1]]);
  const lines = [
    { caption: "Ones in, through the transposed convolution", blocks: [
      onePanel("", panel("kernel", `kernel w ${shapeOf(weight, row)}`, textsOf(weight), allPlain(weight))),
      onePanel("", panel("counts", `taps on each output cell ${shapeOf(counts, row)}`, textsOf(counts), above(counts, 1))),
      onePanel("", panel("response", `output for ones ${shapeOf(response, row)}`, textsOf(response), above(response, least))),
    ] },
    { caption: "The sums behind it, and two other ways to enlarge ones", blocks: [
      onePanel("", panel("phases", `phase sums ${shapeOf(phases, row)}`, textsOf(phases), above(phases, least))),
      onePanel("", panel("resized", `nearest ×${state.stride}, then convolution`, textsOf(resized), above(resized, total))),
      onePanel("", panel("shuffled", "PixelShuffle of the phase sums", textsOf(shuffled), above(shuffled, least))),
    ] },
  ];
  const [h, w] = layer.size, n = Math.min(state.step, h * w - 1);
  const wanted = selection && onPanel(lines, selection) ? selection : ["response", Math.floor(n / w), n % w];
  const [name, y, x] = wanted;
  const marked = new Map([[`${name}|${y}|${x}`, "written"]]);
  const mark = (where, a, b, look) => marked.set(`${where}|${a}|${b}`, look);
  const phase = [y % s[0], x % s[1]], phaseName = row ? `${phase[1]}` : `(${phase[0]}, ${phase[1]})`;
  const sumOf = (taps) => (taps.length ? `${listed(taps.map(([a, b]) => cellName("w", row, a, b)), " + ")} = ${taps.length > 1 ? `${listed(taps.map(([a, b]) => factor(weight[a][b])), " + ")} = ` : ""}${num(taps.reduce((sum, [a, b]) => sum + weight[a][b], 0))}` : "no tap = 0");
  const inPhase = grid(weight.length, weight[0].length, (a, b) => [a, b]).flat().filter(([a, b]) => a % s[0] === phase[0] && b % s[1] === phase[1]);
  let formula;
  if (name === "counts" || name === "response") {
    const taps = links(layer, "large", [0, y, x]).map((link) => link.tap.slice(2));
    taps.forEach(([a, b]) => mark("kernel", a, b, "read"));
    mark("counts", y, x, "written"); mark("response", y, x, "written"); mark("phases", ...phase, "read");
    formula = `${cellName("y", row, y, x)}, phase ${phaseName}, gets ${plural(taps.length, "tap")}: ${sumOf(taps)}`;
  } else if (name === "resized") {
    formula = `${cellName("y", row, y, x)} = ${num(resized[y][x])}: away from the border every cell gets all taps, ${num(total)}.`;
  } else {
    inPhase.forEach(([a, b]) => mark("kernel", a, b, "read"));
    mark("phases", ...phase, name === "phases" ? "written" : "read");
    response.forEach((r, a) => r.forEach((_, b) => { if (a % s[0] === phase[0] && b % s[1] === phase[1]) { mark("response", a, b, "written"); mark("counts", a, b, "written"); } }));
    if (name === "kernel") mark("kernel", y, x, "read");
    formula = `${name === "kernel" ? `${cellName("w", row, y, x)} belongs to phase ${phaseName}. ` : ""}Phase ${phaseName}: ${sumOf(inPhase)}`;
  }
  applyMarks(lines, marked);
  const sums = phases.flat();
  const free = sums.every((v) => v === sums[0]);
  const divides = layer.k.every((k, m) => k % s[m] === 0);
  return {
    lines, formula, steps: h * w, selection: wanted, problem: "", meaning: { overlap: "more than elsewhere" },
    facts: [
      `The phase sums are ${listed(sums.map(num), ", ")}: ${free ? "all equal, so the inside of the output is even" : "not all equal, so the output of an even input has a checkerboard"}. The stride ${divides ? "divides" : "does not divide"} the kernel size; that alone decides only the number of taps.`,
      "stride and kernel are those of the transposed convolution. PixelShuffle makes the same pattern unless its channels start alike (ICNR); a resize followed by a convolution cannot make one.",
    ],
  };
}

function checkerboardControls(state) {
  const row = isRow(state), k = state.weight[0].length;
  const make = (v, flat) => ({ weight: tapped(flat ? 1 : v, v, 0, 0, flat ? 1 : 2) });
  const weights = row ? { "1, 3": [[1, 3]], "1, 2, 1": [[1, 2, 1]], "1, 1, 1": [[1, 1, 1]], "1, 3, 3, 1": [[1, 3, 3, 1]] } : { "ones 3×3": grid(3, 3, () => 1), "ones 4×4": grid(4, 4, () => 1), "1 2 1": [[1, 2, 1], [2, 4, 2], [1, 2, 1]] };
  return [
    { label: "layer", fields: [
      choice("dimensions", "dimensions", row ? "1" : "2", [["1", "1-D"], ["2", "2-D"]], (v) => ((v === "1") === row ? {} : make(3, v === "1"))),
      whole("weight", "kernel_size", k, 1, LIMITS.kernel, (v) => make(v, row)),
      whole("stride", "stride", state.stride, 1, LIMITS.stride, (v) => ({ stride: v })),
      whole("input", "input size", state.input_size, 1, 8, (v) => ({ input_size: v })),
    ] },
    { label: "kernels to try", fields: Object.entries(weights).map(([label, weight], n) => ({ id: `try ${n}`, label, type: "button", value: same(weight, state.weight), change: () => ({ weight }) })) },
  ];
}

fronts.checkerboard = { title: "Checkerboard explorer", problem: (state) => checkerboardParts(state).problem, scene: checkerboardScene, controls: checkerboardControls, editable: arrayEditable({ kernel: "weight" }) };
