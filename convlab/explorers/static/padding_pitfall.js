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
  code: pitfallCode,
  editable: (state, [name, row, column]) => {
    if (name !== "input" && name !== "kernel") return null;
    const key = name === "input" ? "input" : "weight";
    const turned = name === "kernel" && pitfallLayer(state).views[0].flip;
    const [y, x] = turned ? [state.weight.length - 1 - row, state.weight[0].length - 1 - column] : [row, column];
    return { label: `value of ${name === "input" ? "x" : "w"}[${y}, ${x}]`, value: state[key][y][x], change: (v) => ({ [key]: state[key].map((r, q) => (q === y ? replaced(r, x, v) : r)) }) };
  },
};
