// What the padding pitfall explorer shows: one full output, and the window of the chosen call on it.

import {
  counted,
  factor,
  grid,
  LIMITS,
  layerOf,
  links,
  list,
  num,
  phrase,
  plural,
  range,
  replaced,
  replacedAt,
  rotated,
  stamped,
  tapped,
  touched,
} from "./arithmetic.js";
import { choice, example, group, maybe, namedBy, setting, whole } from "./controls.js";
import { frameworkWindow, TAKES, takesOf } from "./framework_window.js";
import { added, allPlain, applyMarks, fronts, onePanel, onPanel, panel, roomy, textsOf } from "./scene.js";

// An output size is one number, or one for each axis.
const outputSizes = ({ output_size: o }) => (Array.isArray(o) ? o : [o, o]);
const onAxis = (state, n) => ({ ...state, output_size: outputSizes(state)[n] });

function pitfallLayer(state) {
  const sizes = [state.input.length, state.input[0].length],
    kernel = [state.weight.length, state.weight[0].length];
  const views = [0, 1].map((n) => frameworkWindow(onAxis(state, n), sizes[n], kernel[n]));
  const problem = views.find((view) => view.problem)?.problem;
  const weight = views[0].flip ? rotated(state.weight) : state.weight;
  const [stride, dilation] = [state.stride, state.dilation].map((v) => [v, v]);
  const layer = layerOf({ transposed: true, input: [state.input], weight: [[weight]], stride, dilation });
  if (layer.problem || problem) return { problem: layer.problem || problem };
  if (views.some((view) => view.size - Math.min(view.begin, 0) > LIMITS.side))
    return { problem: `at most ${LIMITS.side} cells can be drawn side by side.` };
  return { layer, views, problem: "" };
}

function pitfallScene(state, selection) {
  const { layer, views, problem } = pitfallLayer(state);
  if (problem) return { problem };
  const full = stamped(layer)[0];
  const first = views.map((view) => Math.min(view.begin, 0));
  const last = views.map((view, n) => Math.max(layer.full[n], view.begin + view.size));
  const inFull = (y, x) => y >= 0 && x >= 0 && y < layer.full[0] && x < layer.full[1];
  const inWindow = (y, x) => [y, x].every((v, n) => v >= views[n].begin && v < views[n].begin + views[n].size);
  const hits = [0, 1].map((n) => touched(layer, n));
  const at = (y, x) => full[y]?.[x] ?? 0;
  const size = views.map((view) => view.size);
  const steps = size[0] * size[1],
    n = Math.min(state.step, steps - 1);
  const answer = grid(size[0], size[1], (y, x) => at(y + views[0].begin, x + views[1].begin));
  const block = (sign, name, title, values, looks, edges) =>
    onePanel(sign, roomy(panel(name, title, textsOf(values), looks, edges)));
  const wide = [last[0] - first[0], last[1] - first[1]];
  const look = (y, x) =>
    !inFull(y, x)
      ? inWindow(y, x)
        ? "beyond"
        : "none"
      : !inWindow(y, x)
        ? "cropped"
        : hits[0].has(y) && hits[1].has(x)
          ? "plain"
          : "unwritten";
  const frame = views.flatMap((view, m) => view.begin - first[m]);
  const flipped = views[0].flip;
  const lines = [
    {
      caption: "All stamps, and the window that this call cuts out",
      blocks: [
        block("", "input", `input x ${layer.i.join("×")}`, state.input, allPlain(state.input)),
        block(
          "×",
          "kernel",
          flipped ? "kernel w, flipped" : `kernel w ${layer.k.join("×")}`,
          layer.w[0][0],
          allPlain(layer.w[0][0]),
        ),
        block(
          "→",
          "full",
          `all stamps ${layer.full.join("×")}; the frame is y`,
          grid(wide[0], wide[1], (y, x) => at(y + first[0], x + first[1])),
          grid(wide[0], wide[1], (y, x) => look(y + first[0], x + first[1])),
          [...frame, frame[0] + size[0], frame[1] + size[1]],
        ),
        block("=", "answer", `y ${size.join("×")}`, answer, allPlain(answer)),
      ],
    },
  ];
  const wanted = selection && onPanel(lines, selection) ? selection : ["answer", Math.floor(n / size[1]), n % size[1]];
  const [name, row, column] = wanted;
  const cell =
    name === "answer"
      ? [row + views[0].begin, column + views[1].begin]
      : name === "full"
        ? [row + first[0], column + first[1]]
        : [row, column];
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
  const window_ = views
    .map((view, m) => `${["down", "across"][m]} ${view.begin} at the begin, ${view.end} at the end`)
    .join("; ");
  return {
    lines,
    steps,
    selection: wanted,
    problem: "",
    formula: pitfallSentence(layer, views, side, cell, found, inWindow, inFull),
    facts: [
      phrase(
        `${state.framework}, ${pitfallOptions(state)}, stride ${state.stride}, dilation`,
        `${state.dilation}: cropped are ${window_}; the kernel is`,
        `${flipped ? "flipped" : "not flipped"}. The output is ${size.join("×")}.`,
      ),
      phrase(
        "padding, output_padding and output_shape are those of the transposed convolution. A negative",
        "crop goes past the stamps and gives zeros.",
      ),
    ],
  };
}

function pitfallSentence(layer, views, side, [y, x], found, inWindow, inFull) {
  const kept = found.filter(({ large }) => inWindow(large[1], large[2])).length;
  if (side === "small")
    return phrase(
      `x[${y}, ${x}] = ${num(layer.x[0][y][x])} lands on ${plural(found.length, "cell")}, ${kept}`,
      "of them in the window.",
    );
  if (side === "tap")
    return phrase(
      `The tap at [${y}, ${x}] = ${num(layer.w[0][0][y][x])} is used ${found.length} times, ${kept}`,
      "of them in the window.",
    );
  const name = inWindow(y, x)
    ? `y[${y - views[0].begin}, ${x - views[1].begin}] = full[${y}, ${x}]`
    : `full[${y}, ${x}], cropped,`;
  if (!inFull(y, x)) return `${name} lies beyond all stamps: 0`;
  if (!found.length) return `${name} = 0: no stamp reaches it.`;
  const terms = found.map((link) => `${factor(layer.x[0][link.small[1]][link.small[2]])}·${factor(link.weight)}`);
  return phrase(
    `${name} = ${added(terms)} =`,
    `${num(found.reduce((sum, link) => sum + layer.x[0][link.small[1]][link.small[2]] * link.weight, 0))}`,
  );
}

// The call of the padding pitfall explorer, as one says it and as one writes it.

function pitfallOptions(state) {
  const { framework, mode } = state;
  const pair = `(${state.begin}, ${state.end})`;
  const words = {
    torch: {},
    tensorflow: { SAME: '"SAME"', VALID: '"VALID"', pair },
    keras: { same: '"same"', valid: '"valid"' },
    jax: { SAME: '"SAME"', VALID: '"VALID"', pair },
    onnx: {},
  };
  const parts = [];
  if (framework === "torch") parts.push(`padding=${state.begin}`);
  else if (framework === "onnx")
    parts.push(...(mode === "pads" ? [`pads=${pair}`] : mode === "output_shape" ? [] : [`auto_pad="${mode}"`]));
  else parts.push(`padding=${words[framework][mode]}`);
  for (const name of takesOf(state)) {
    if (name === "begin" || name === "end") continue;
    const shown = name === "output_size" && framework !== "torch" ? "output_shape" : name;
    if (state[name] !== null && state[name] !== 0 && state[name] !== false)
      parts.push(`${shown}=${state[name] === true ? "True" : state[name]}`);
  }
  return parts.join(", ");
}

const quoted = (word) => `'${word}'`;
const named = (pairs) =>
  pairs
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `, ${name}=${value}`)
    .join("");
const given = (value) => value || null; // what is 0, False or not given is left out

// As convlab.frameworks.translate writes it; x and w are in the layout of the framework.
function pitfallCode(state) {
  const write = { torch: torchLines, tensorflow: tensorflowLines, keras: kerasLines, jax: jaxLines, onnx: onnxLines };
  return { [state.framework]: write[state.framework](state) };
}

function torchLines(state) {
  const { mode, stride, dilation, begin, output_padding, weight } = state;
  const options = (more) =>
    named([["stride", stride], ["padding", given(begin)], ...more, ["dilation", dilation > 1 ? dilation : null]]);
  if (mode === "padding") return `y = F.conv_transpose2d(x, w${options([["output_padding", given(output_padding)]])})`;
  // Only the module takes an output size.
  const kernel = [weight.length, weight[0].length].join(", ");
  return phrase(
    `layer = torch.nn.ConvTranspose2d(1, 1, (${kernel})${options([])},`,
    `bias=False)\nlayer.weight.data = w\ny = layer(x, output_size=(${outputSizes(state).join(", ")}))`,
  );
}

function tensorflowLines(state) {
  const { mode, stride, dilation, begin, end } = state;
  const padding = mode === "pair" ? `[(0, 0), (${begin}, ${end}), (${begin}, ${end}), (0, 0)]` : quoted(mode);
  const shape = `[x.shape[0], ${outputSizes(state).join(", ")}, w.shape[2]]`;
  return `y = tf.nn.conv2d_transpose(x, w${named([
    ["output_shape", shape],
    ["padding", padding],
    ["strides", list([stride, stride])],
    ["dilations", dilation > 1 ? list([dilation, dilation]) : null],
  ])})`;
}

function kerasLines({ mode, stride, dilation, output_padding }) {
  return `y = keras.ops.conv_transpose(x, w${named([
    ["strides", stride],
    ["padding", quoted(mode)],
    ["output_padding", output_padding],
    ["dilation_rate", dilation > 1 ? dilation : null],
  ])})`;
}

function jaxLines({ mode, stride, dilation, begin, end, transpose_kernel, use_consistent_padding }) {
  const padding = mode === "pair" ? `[(${begin}, ${end}), (${begin}, ${end})]` : quoted(mode);
  const both_ = dilation > 1 ? `(${dilation}, ${dilation})` : null;
  const switches = [
    ["transpose_kernel", transpose_kernel],
    ["use_consistent_padding", use_consistent_padding && mode === "pair"],
  ];
  const options = [
    ["padding", padding],
    ["rhs_dilation", both_],
    ...switches.map(([name, on]) => [name, on ? "True" : null]),
  ];
  return `y = jax.lax.conv_transpose(x, w, (${stride}, ${stride})${named(options)})`;
}

function onnxLines(state) {
  const { mode, stride, dilation, begin, end, output_padding } = state;
  const sizes = [
    ["strides", list([stride, stride])],
    ["dilations", list([dilation, dilation])],
  ];
  const way = {
    pads: ["pads", list([begin, begin, end, end])],
    output_shape: ["output_shape", list(outputSizes(state))],
  }[mode] ?? ["auto_pad", quoted(mode)];
  const grow = mode !== "output_shape" && output_padding ? list([output_padding, output_padding]) : null;
  return phrase(
    "node = onnx.helper.make_node('ConvTranspose', ['x', 'w'],",
    `['y']${named([...sizes, way, ["output_padding", grow]])})`,
  );
}

// Front end "pitfall": one full output, every framework's window on it.

const TABLE = {
  input: counted(2, 2, 0),
  weight: counted(3, 3, 0),
  stride: 2,
  dilation: 1,
  begin: 0,
  end: 0,
  output_padding: 0,
  output_size: null,
  transpose_kernel: false,
  use_consistent_padding: false,
};
const ANSWERS = [
  ["A: torch padding=1", { framework: "torch", mode: "padding", begin: 1 }],
  ["B: torch output_padding=1", { framework: "torch", mode: "padding", begin: 1, output_padding: 1 }],
  ["C: Keras same", { framework: "keras", mode: "same", output_padding: null }],
  ["D: JAX SAME", { framework: "jax", mode: "SAME" }],
  ["E: torch padding=0", { framework: "torch", mode: "padding" }],
];

function pitfallControls(state) {
  const takes = takesOf(state);
  const yes = (name) =>
    choice(name, name, `${state[name]}`, { false: "False", true: "True" }, (v) => ({ [name]: v === "true" }));
  const grown = () =>
    maybe("output_padding", "output_padding", state.output_padding, "not given", range(5), (v) => ({
      output_padding: v,
    }));
  const smallest = state.framework === "jax" ? -9 : 0,
    torch = state.framework === "torch";
  const make = {
    begin: () => setting(state, "begin", smallest, 9, torch ? "padding" : "begin"),
    end: () => setting(state, "end", smallest, 9),
    output_padding: () => (state.framework === "keras" ? grown() : setting(state, "output_padding", 0, 4)),
    output_size: () =>
      [0, 1].map((n) => {
        const label = `${torch ? "output_size" : "output_shape"} ${["down", "across"][n]}`;
        const sizes = outputSizes(state);
        return whole(`output_size ${n}`, label, sizes[n] ?? 0, 1, 40, (v) => ({ output_size: replaced(sizes, n, v) }));
      }),
    transpose_kernel: () => yes("transpose_kernel"),
    use_consistent_padding: () => yes("use_consistent_padding"),
  };
  const sized = (name, id, label, most, fill) =>
    whole(id, label, state[name].length, 1, most, (v) => fitted(state, { [name]: fill(v) }));
  const fit = (change) => fitted(state, change);
  return [
    group(
      "one question, five answers",
      ANSWERS.map(([label, call], n) =>
        example(`answer ${n}`, label, state, { ...TABLE, ...call }, { step: 0, selection: [] }),
      ),
    ),
    group(
      "framework",
      choice("framework", "", state.framework, namedBy(Object.keys(TAKES)), (v) =>
        fitted(state, {
          framework: v,
          mode: Object.keys(TAKES[v])[0],
          begin: 0,
          end: 0,
          output_padding: v === "keras" ? null : 0,
        }),
      ),
      choice("mode", "option", state.mode, namedBy(Object.keys(TAKES[state.framework])), (v) =>
        fitted(state, { mode: v }),
      ),
      ...takes.flatMap((name) => make[name]()),
    ),
    group(
      "layer",
      sized("input", "input_size", "input size", 8, (v) => counted(v, v, 0)),
      sized("weight", "kernel_size", "kernel_size", LIMITS.kernel, (v) => tapped(v, v, 0, 0, 2)),
      setting(state, "stride", 1, LIMITS.stride, "stride", fit),
      setting(state, "dilation", 1, LIMITS.dilation, "dilation", fit),
    ),
  ];
}

// Where an output size must be given and the old one cannot be, the smallest that can be.
function fitted(state, change) {
  const next = { ...state, ...change };
  if (!takesOf(next).includes("output_size") || !pitfallLayer(next).problem) return change;
  // Each axis by itself: the axes may be of different sizes.
  const [x, w] = [next.input, next.weight];
  const smallest = [0, 1].map((n) => {
    const [i, k] = [n ? x[0].length : x.length, n ? w[0].length : w.length];
    return range(41).find((o) => o && !frameworkWindow({ ...next, output_size: o }, i, k).problem);
  });
  if (smallest.includes(undefined)) return change;
  return { ...change, output_size: smallest[0] === smallest[1] ? smallest[0] : smallest };
}

fronts.pitfall = {
  title: "Padding pitfall explorer",
  problem: (state) => pitfallLayer(state).problem,
  scene: pitfallScene,
  controls: pitfallControls,
  outcome: (state) => {
    const { layer, views } = pitfallLayer(state),
      full = stamped(layer)[0],
      size = views.map((view) => view.size);
    const output = grid(size[0], size[1], (y, x) => full[y + views[0].begin]?.[x + views[1].begin] ?? 0);
    return { output_size: size, output };
  },
  code: pitfallCode,
  editable: (state, [name, row, column]) => {
    if (name !== "input" && name !== "kernel") return null;
    const key = name === "input" ? "input" : "weight";
    const turned = name === "kernel" && pitfallLayer(state).views[0].flip;
    const [y, x] = turned ? [state.weight.length - 1 - row, state.weight[0].length - 1 - column] : [row, column];
    return {
      label: `value of ${name === "input" ? "x" : "w"}[${y}, ${x}]`,
      value: state[key][y][x],
      change: (v) => ({ [key]: replacedAt(state[key], [y, x], v) }),
    };
  },
};
