// Front end "pitfall": one full output, every framework's window on it.

const MODES = {
  torch: ["padding", "output_size"],
  tensorflow: ["SAME", "VALID", "pair"],
  keras: ["same", "valid"],
  jax: ["SAME", "VALID", "pair"],
  onnx: ["pads", "SAME_UPPER", "SAME_LOWER", "VALID", "output_shape"],
};
// Which numbers a mode takes; `null` stands for "not given".
const TAKES = {
  torch: { padding: ["begin", "output_padding"], output_size: ["begin", "output_size"] },
  tensorflow: { SAME: ["output_size"], VALID: ["output_size"], pair: ["begin", "end", "output_size"] },
  keras: { same: ["output_padding"], valid: ["output_padding"] },
  jax: { SAME: ["transpose_kernel"], VALID: ["transpose_kernel"], pair: ["begin", "end", "transpose_kernel", "use_consistent_padding"] },
  onnx: { pads: ["begin", "end", "output_padding"], SAME_UPPER: ["output_padding"], SAME_LOWER: ["output_padding"], VALID: ["output_padding"], output_shape: ["output_size"] },
};

// { begin, end, flip, size } of one axis, or { problem }: what convlab.frameworks.window says.
export function frameworkWindow(state, i, k) {
  const { framework, mode, stride: s, dilation: d, begin, end, output_padding: op, output_size: o } = state;
  const K = span(k, d), full = fullSize(i, k, s, d);
  for (const name of TAKES[framework][mode]) {
    const least = framework === "jax" ? -Infinity : 0;
    if (typeof state[name] === "number" && !(state[name] >= least)) return { problem: `${framework}: ${name} must be at least 0, got ${state[name]}.` };
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
    if (o === null || o < 1 || o < least || o > least + s - 1) return refuse(`output_size must be from ${Math.max(least, 1)} to ${least + s - 1}, got ${o}.`);
    return placed(begin, o);
  }
  if (framework === "tensorflow") return tensorflowWindow(mode, { i, s, d, K, full, begin, end, o }, placed, refuse);
  if (framework === "keras") {
    const least = full - K + (mode === "valid" ? K : K % 2);
    const size = op === null ? (mode === "same" ? s * i : full + Math.max(s - K, 0)) : least + op;
    if (size < 1) return refuse(`output_padding ${op} leaves an output of ${size} cells.`);
    const backend = tensorflowWindow(mode.toUpperCase(), { i, s, d, K, full, begin: 0, end: 0, o: size }, placed, refuse);
    if (backend.problem) return refuse(`the TensorFlow backend refuses output_padding ${op}.`);
    return placed(mode === "same" ? Math.max(full - size, 0) >> 1 : 0, size);
  }
  if (framework === "jax") {
    const flip = !state.transpose_kernel;
    if (mode === "SAME") return placed(Math.max(full - s * i, 0) >> 1, s * i, flip);
    if (mode === "VALID") return placed(0, full + Math.max(s - K, 0), flip);
    const [a, b] = state.use_consistent_padding ? [begin, end] : [K - 1 - begin, K - 1 - end];
    return full - a - b < 1 ? refuse(`padding (${begin}, ${end}) leaves an output of ${full - a - b} cells.`) : placed(a, full - a - b, flip);
  }
  if (mode === "output_shape") {
    if (o === null || o < 1 || o >= full + s) return refuse(`output_shape must be from 1 to ${full + s - 1}, got ${o}.`);
    return placed(Math.ceil(Math.max(full - o, 0) / 2), o);
  }
  if (op >= s) return refuse(`output_padding must be smaller than stride ${s}, got ${op}.`);
  if (mode.startsWith("SAME")) {
    const size = Math.min(s * i, full + op), total = Math.max(full + op - size, 0);
    return placed(mode === "SAME_UPPER" ? total >> 1 : total - (total >> 1), size);
  }
  const [a, b] = mode === "pads" ? [begin, end] : [0, 0];
  return full + op - a - b < 1 ? refuse(`pads (${a}, ${b}) leave an output of ${full + op - a - b} cells.`) : placed(a, full + op - a - b);
}

function tensorflowWindow(mode, { i, s, d, K, full, begin, end, o }, placed, refuse) {
  if (o === null || o < 1) return refuse(`output_shape must be given.`);
  if (mode === "pair" && d > 1) return refuse(`a pair as padding with dilation ${d} does not run on the CPU.`);
  const least = mode === "SAME" ? s * (i - 1) + 1 : mode === "VALID" ? full : full - begin - end;
  const most = mode === "SAME" ? s * i : least + s - 1;
  if (o < least || o > most) return refuse(`output_shape must be from ${Math.max(least, 1)} to ${most}, got ${o}: a convolution must lead back from it.`);
  if (mode !== "SAME") return placed(mode === "VALID" ? 0 : begin, o);
  return placed(Math.max(s * (Math.ceil(o / s) - 1) + K - o, 0) >> 1, o);
}

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

function pitfallLayer(state) {
  const sizes = [state.input.length, state.input[0].length], kernel = [state.weight.length, state.weight[0].length];
  const views = [0, 1].map((n) => frameworkWindow(state, sizes[n], kernel[n]));
  const problem = views.find((view) => view.problem)?.problem;
  const weight = views[0].flip ? rotated(state.weight) : state.weight;
  const pair = (v) => [v, v];
  const layer = layerOf({
    transposed: true, input: [state.input], weight: [[weight]], stride: pair(state.stride), padding: [[0, 0], [0, 0]],
    output_padding: [0, 0], dilation: pair(state.dilation), groups: 1,
  });
  if (layer.problem || problem) return { problem: layer.problem || problem };
  if (views.some((view) => view.size - Math.min(view.begin, 0) > LIMITS.side)) return { problem: `at most ${LIMITS.side} cells can be drawn side by side.` };
  return { layer, views, problem: "" };
}

function pitfallScene(state, selection) {
  const { layer, views, problem } = pitfallLayer(state);
  if (problem) return { problem };
  const full = compute(layer, { full: true })[0];
  const first = views.map((view) => Math.min(view.begin, 0));
  const last = views.map((view, n) => Math.max(layer.full[n], view.begin + view.size));
  const inFull = (y, x) => y >= 0 && x >= 0 && y < layer.full[0] && x < layer.full[1];
  const inWindow = (y, x) => [y, x].every((v, n) => v >= views[n].begin && v < views[n].begin + views[n].size);
  const hits = [0, 1].map((n) => touched(layer, n));
  const at = (y, x) => full[y]?.[x] ?? 0;
  const size = views.map((view) => view.size);
  const steps = size[0] * size[1], n = Math.min(state.step, steps - 1);
  const answer = grid(size[0], size[1], (y, x) => at(y + views[0].begin, x + views[1].begin));
  const block = (sign, name, title, values, looks, edges) => onePanel(sign, roomy(panel(name, title, textsOf(values), looks, edges)));
  const wide = [last[0] - first[0], last[1] - first[1]];
  const look = (y, x) => (!inFull(y, x) ? (inWindow(y, x) ? "beyond" : "none") : !inWindow(y, x) ? "cropped" : hits[0].has(y) && hits[1].has(x) ? "plain" : "unwritten");
  const frame = views.flatMap((view, m) => view.begin - first[m]);
  const flipped = views[0].flip;
  const lines = [
    { caption: "All stamps, and the window that this call cuts out", blocks: [
      block("", "input", `input x ${layer.i.join("×")}`, state.input, allPlain(state.input)),
      block("×", "kernel", flipped ? "kernel w, flipped" : `kernel w ${layer.k.join("×")}`, layer.w[0][0], allPlain(layer.w[0][0])),
      block("→", "full", `all stamps ${layer.full.join("×")}; the frame is y`, grid(wide[0], wide[1], (y, x) => at(y + first[0], x + first[1])), grid(wide[0], wide[1], (y, x) => look(y + first[0], x + first[1])), [...frame, frame[0] + size[0], frame[1] + size[1]]),
      block("=", "answer", `y ${size.join("×")}`, answer, allPlain(answer)),
    ] },
  ];
  const wanted = selection && onPanel(lines, selection) ? selection : ["answer", Math.floor(n / size[1]), n % size[1]];
  const [name, row, column] = wanted;
  const cell = name === "answer" ? [row + views[0].begin, column + views[1].begin] : name === "full" ? [row + first[0], column + first[1]] : [row, column];
  const side = { input: "small", kernel: "tap", full: "large", answer: "large" }[name];
  const found = side === "tap" ? links(layer, "tap", [0, 0, ...cell]) : links(layer, side, [0, ...cell]);
  const marked = new Map([[`${name}|${row}|${column}`, name === "input" || name === "kernel" ? "read" : "written"]]);
  const markTarget = ([y, x]) => {
    marked.set(`full|${y - first[0]}|${x - first[1]}`, "written");
    if (inWindow(y, x)) marked.set(`answer|${y - views[0].begin}|${x - views[1].begin}`, "written");
  };
  if (side === "large") markTarget(cell);
  for (const { small, large, tap } of found) {
    marked.set(`input|${small[1]}|${small[2]}`, "read");
    marked.set(`kernel|${tap[2]}|${tap[3]}`, "read");
    markTarget(large.slice(1));
  }
  applyMarks(lines, marked);
  const window_ = views.map((view, m) => `${["down", "across"][m]} ${view.begin} at the begin, ${view.end} at the end`).join("; ");
  return {
    lines, steps, selection: wanted, problem: "",
    formula: pitfallSentence(layer, views, side, cell, found, inWindow, inFull),
    facts: [
      `${state.framework}, ${pitfallOptions(state)}, stride ${state.stride}, dilation ${state.dilation}: cropped are ${window_}; the kernel is ${flipped ? "flipped" : "not flipped"}. The output is ${size.join("×")}.`,
      "padding, output_padding and output_shape are those of the transposed convolution. A negative crop goes past the stamps and gives zeros.",
    ],
  };
}

function pitfallSentence(layer, views, side, [y, x], found, inWindow, inFull) {
  const kept = found.filter(({ large }) => inWindow(large[1], large[2])).length;
  if (side === "small") return `x[${y}, ${x}] = ${num(layer.x[0][y][x])} lands on ${plural(found.length, "cell")}, ${kept} of them in the window.`;
  if (side === "tap") return `The tap at [${y}, ${x}] = ${num(layer.w[0][0][y][x])} is used ${found.length} times, ${kept} of them in the window.`;
  const name = inWindow(y, x) ? `y[${y - views[0].begin}, ${x - views[1].begin}] = full[${y}, ${x}]` : `full[${y}, ${x}], cropped,`;
  if (!inFull(y, x)) return `${name} lies beyond all stamps: 0`;
  if (!found.length) return `${name} = 0: no stamp reaches it.`;
  const terms = found.map((link) => `${factor(layer.x[0][link.small[1]][link.small[2]])}·${factor(link.weight)}`);
  return `${name} = ${listed(terms, " + ")} = ${num(found.reduce((sum, link) => sum + layer.x[0][link.small[1]][link.small[2]] * link.weight, 0))}`;
}

const TABLE = { input: [[1, 2], [3, 4]], weight: [[1, 2, 3], [4, 5, 6], [7, 8, 9]], stride: 2, dilation: 1, begin: 0, end: 0, output_padding: 0, output_size: null, transpose_kernel: false, use_consistent_padding: false, step: 0, selection: [] };
const ANSWERS = [
  ["A: torch padding=1", { framework: "torch", mode: "padding", begin: 1 }],
  ["B: torch output_padding=1", { framework: "torch", mode: "padding", begin: 1, output_padding: 1 }],
  ["C: Keras same", { framework: "keras", mode: "same", output_padding: null }],
  ["D: JAX SAME", { framework: "jax", mode: "SAME" }],
  ["E: torch padding=0", { framework: "torch", mode: "padding" }],
];

function pitfallControls(state) {
  const takes = TAKES[state.framework][state.mode];
  const given = (name, label, max) => choice(name, label, state[name] === null ? "" : `${state[name]}`, [["", "not given"], ...range(max + 1).map((v) => [`${v}`, `${v}`])], (v) => ({ [name]: v === "" ? null : Number(v) }));
  const yes = (name) => choice(name, name, `${state[name]}`, [["false", "False"], ["true", "True"]], (v) => ({ [name]: v === "true" }));
  const smallest = state.framework === "jax" ? -9 : 0;
  const make = {
    begin: () => whole("begin", state.framework === "torch" ? "padding" : "begin", state.begin, smallest, 9, (v) => ({ begin: v })),
    end: () => whole("end", "end", state.end, smallest, 9, (v) => ({ end: v })),
    output_padding: () => (state.framework === "keras" ? given("output_padding", "output_padding", 4) : whole("output_padding", "output_padding", state.output_padding ?? 0, 0, 4, (v) => ({ output_padding: v }))),
    output_size: () => whole("output_size", state.framework === "torch" ? "output_size" : "output_shape", state.output_size ?? 0, 1, 40, (v) => ({ output_size: v })),
    transpose_kernel: () => yes("transpose_kernel"),
    use_consistent_padding: () => yes("use_consistent_padding"),
  };
  const sized = (name, fill) => whole(name, name === "input" ? "input size" : "kernel_size", state[name].length, 1, name === "input" ? 8 : LIMITS.kernel, (v) => fitted(state, { [name]: fill(v) }));
  return [
    { label: "one question, five answers", fields: ANSWERS.map(([label, change], n) => ({ id: `answer ${n}`, label, type: "button", value: Object.entries({ ...TABLE, ...change, step: state.step, selection: state.selection }).every(([name, v]) => same(state[name], v)), change: () => ({ ...TABLE, ...change }) })) },
    { label: "framework", fields: [
      choice("framework", "", state.framework, Object.keys(MODES).map((name) => [name, name]), (v) => fitted(state, { framework: v, mode: MODES[v][0], begin: 0, end: 0, output_padding: v === "keras" ? null : 0 })),
      choice("mode", "option", state.mode, MODES[state.framework].map((name) => [name, name]), (v) => fitted(state, { mode: v })),
      ...takes.map((name) => make[name]()),
    ] },
    { label: "layer", fields: [
      sized("input", (v) => counted(v, v, 0)), sized("weight", (v) => tapped(v, v, 0, 0, 2)),
      whole("stride", "stride", state.stride, 1, LIMITS.stride, (v) => fitted(state, { stride: v })),
      whole("dilation", "dilation", state.dilation, 1, LIMITS.dilation, (v) => fitted(state, { dilation: v })),
    ] },
  ];
}

// Where an output size must be given and the old one cannot be, the smallest that can be.
function fitted(state, change) {
  const next = { ...state, ...change };
  if (!TAKES[next.framework][next.mode].includes("output_size") || !pitfallLayer(next).problem) return change;
  const size = range(41).find((o) => o && !pitfallLayer({ ...next, output_size: o }).problem);
  return size === undefined ? change : { ...change, output_size: size };
}

fronts.pitfall = {
  title: "Padding pitfall explorer",
  problem: (state) => pitfallLayer(state).problem,
  scene: pitfallScene,
  controls: pitfallControls,
  editable: (state, [name, row, column]) => {
    if (name !== "input" && name !== "kernel") return null;
    const key = name === "input" ? "input" : "weight";
    const turned = name === "kernel" && pitfallLayer(state).views[0].flip;
    const [y, x] = turned ? [state.weight.length - 1 - row, state.weight[0].length - 1 - column] : [row, column];
    return { label: `value of ${name === "input" ? "x" : "w"}[${y}, ${x}]`, value: state[key][y][x], change: (v) => ({ [key]: state[key].map((r, q) => (q === y ? replaced(r, x, v) : r)) }) };
  },
};
