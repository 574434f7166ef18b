// Front end "shapes": shapes of input, weight, bias and output, and which channels read which.

import { convSize, countProblem, factor, isCount, phrase, plural, range, replaced, same, span } from "./arithmetic.js";
import { choice, example, group, maybe, press, readWhole, setting, typed, whole } from "./controls.js";
import { frameworkWindow } from "./framework_window.js";
import { fronts, onePanel, onPanel, panel, panelsIn } from "./scene.js";
import SETTINGS from "./settings.json" with { type: "json" };

const SHAPES = { ...SETTINGS.shapes, groups: 10, inARow: 5, each: 8 };
const LAYERS = {
  conv2d: { torch: "torch.nn.Conv2d", keras: "keras.layers.Conv2D" },
  conv_transpose2d: { torch: "torch.nn.ConvTranspose2d", keras: "keras.layers.Conv2DTranspose" },
};
const WORDS = ["same", "channels_first"]; // what Keras writes as words
const ORDERS = { channels_first: "NCHW", channels_last: "NHWC" };
// Order of the weight's axes: O and I are the channels that the layer writes and reads.
const WEIGHTS = { conv2d: { torch: "OIHW", keras: "HWIO" }, conv_transpose2d: { torch: "IOHW", keras: "HWOI" } };
const FRAMEWORKS = { torch: "PyTorch", keras: "Keras" };
const AXIS = { N: "batch", I: "channels", O: "channels", H: "height", W: "width" };
const product = (numbers) => numbers.reduce((total, n) => total * n, 1);
const tupled = (numbers) => `(${numbers.join(", ")}${numbers.length === 1 ? "," : ""})`;
const isTransposed = (state) => state.operator === "conv_transpose2d";
const otherOf = (framework) => (framework === "torch" ? "keras" : "torch");

// What is wrong with the layer itself; an input that does not fit it is no problem, it is shown.
function layerProblem(state) {
  const { framework, data_format, in_channels, out_channels, groups, input_shape } = state;
  const { stride, dilation, padding, output_padding } = state;
  const keras = framework === "keras",
    transposed = isTransposed(state);
  if (!(state.operator in LAYERS) || !(framework in FRAMEWORKS) || !(data_format in ORDERS))
    return "there is no such layer.";
  if (!keras && data_format !== "channels_first")
    return "data_format must be channels_first for PyTorch: its layers always read axis 1 as channels.";
  if (!keras && (typeof padding === "string" || output_padding === null))
    return "padding and output_padding must be numbers for PyTorch.";
  const each = (low, ...names) => names.flatMap((name) => state[name].map((v) => [name, v, low, SHAPES.kernel]));
  const wrong = countProblem(
    ...["in_channels", "out_channels", "groups"].map((name) => [name, state[name], 1, SHAPES.channels]),
    ...each(1, "kernel_size", "stride", "dilation"),
    ...(keras ? [] : each(0, "padding")),
    ...(output_padding === null ? [] : each(0, "output_padding")),
  );
  if (wrong) return wrong;
  if (out_channels % groups || (!keras && in_channels % groups))
    return `groups must divide in_channels and out_channels, got ${groups} for ${in_channels} and ${out_channels}.`;
  if (keras && transposed && groups > 1) return `keras.layers.Conv2DTranspose has no groups, got ${groups}.`;
  if (keras && !["valid", "same"].includes(padding)) return "padding must be “valid” or “same” for Keras.";
  if (!transposed && output_padding !== null && output_padding.some(Boolean))
    return "output_padding belongs to a transposed convolution.";
  if (transposed && output_padding !== null) {
    for (const n of [0, 1]) {
      const [op, s, d] = [output_padding[n], stride[n], dilation[n]];
      if (keras && op >= s) return `output_padding must be smaller than stride in Keras, got ${op} with stride ${s}.`;
      if (op >= Math.max(s, d))
        return `output_padding must be smaller than stride or dilation, got ${op} with stride ${s}, dilation ${d}.`;
    }
  }
  if (keras && Math.max(...stride) > 1 && Math.max(...dilation) > 1)
    return "Keras layers take no stride above 1 with a dilation above 1.";
  if (input_shape.length !== 4 || !input_shape.every((n) => isCount(n, 1, SHAPES.size)))
    return phrase(
      `input_shape must be 4 whole numbers from 1 to ${SHAPES.size}, the batch first, got`,
      `${input_shape.join(", ")}.`,
    );
  return "";
}

// One axis of space: { begin, end, size }, or null where nothing comes out.
function spaceAfter(state, n, i) {
  const { framework, padding } = state,
    keras = framework === "keras";
  const [k, s, d] = [state.kernel_size[n], state.stride[n], state.dilation[n]];
  const op = state.output_padding?.[n] ?? null;
  if (isTransposed(state)) {
    const call = keras ? { framework, mode: padding } : { framework, mode: "padding", begin: padding[n] };
    const found = frameworkWindow({ ...call, stride: s, dilation: d, output_padding: op }, i, k);
    return found.problem ? null : { begin: found.begin, end: found.end, size: found.size };
  }
  const total = padding === "same" ? Math.max(s * (Math.ceil(i / s) - 1) + span(k, d) - i, 0) : 0;
  const [begin, end] = keras ? [total >> 1, total - (total >> 1)] : [padding[n], padding[n]];
  return span(k, d) > i + begin + end ? null : { begin, end, size: convSize(i, k, s, [begin, end], d) };
}

// What the layer makes of its input: shapes (null where there are none), the axes that do not fit, and a sentence.
function shapesOf(state) {
  const { framework, operator, in_channels: meant, out_channels: out, groups, input_shape: shape } = state;
  const keras = framework === "keras",
    order = ORDERS[state.data_format],
    at = order.indexOf("C");
  const channels = keras ? shape[at] : meant;
  const sizes = { I: channels, O: out, H: state.kernel_size[0], W: state.kernel_size[1] };
  sizes[isTransposed(state) ? "O" : "I"] /= groups;
  const weight = [...WEIGHTS[operator][framework]].map((letter) => sizes[letter]);
  const fits = shape[at] === meant,
    wrong = fits ? [] : [at];
  const problems = fits ? [] : [channelProblem(state, at, weight)];
  if (channels % groups)
    return { channels, weight: null, output: null, axes: [null, null], wrong, problem: problems.join(" ") };
  const axes = [0, 1].map((n) => spaceAfter(state, n, shape[order.indexOf("HW"[n])]));
  axes.forEach((axis, n) => {
    if (axis) return;
    wrong.push(order.indexOf("HW"[n]));
    problems.push(spaceProblem(state, n, shape[order.indexOf("HW"[n])]));
  });
  const after = { N: shape[0], C: out, H: axes[0]?.size, W: axes[1]?.size };
  const output = axes.every(Boolean) && (keras || fits) ? [...order].map((letter) => after[letter]) : null;
  if (output && wrong.length) problems.push(`The output is ${tupled(output)}.`);
  return { channels, weight, output, axes, wrong, problem: problems.join(" ") };
}

function channelProblem({ framework, data_format, in_channels: meant, input_shape: shape, groups }, at, weight) {
  const keras = framework === "keras",
    read = shape[at],
    other = at === 3 ? 1 : 3;
  let said = phrase(
    `${keras ? `Keras (${data_format})` : "PyTorch"} reads axis ${at} as channels: ${read} there,`,
    `not ${meant}.`,
  );
  if (shape[other] === meant)
    said += ` Axis ${other} has ${meant}: the data look ${at === 1 ? "channels_last" : "channels_first"}.`;
  if (!keras) return `${said} PyTorch refuses.`;
  if (read % groups) return `${said} Keras refuses: ${groups} groups do not divide ${read} channels.`;
  return `${said} Keras says nothing and makes a layer for ${read}, with a weight of ${tupled(weight)}.`;
}

function spaceProblem(state, n, i) {
  const name = ["height", "width"][n],
    keras = state.framework === "keras";
  if (isTransposed(state))
    return keras
      ? `In ${name}, output_padding ${state.output_padding[n]} is refused by Keras on TensorFlow.`
      : `In ${name}, padding crops the whole output.`;
  return phrase(
    `In ${name}, the kernel spans ${span(state.kernel_size[n], state.dilation[n])} cells, but the`,
    `padded input has only ${i + (keras ? 0 : 2 * state.padding[n])}.`,
  );
}

// --- the scene ---------------------------------------------------------------------------------------------------

// A shape as a row of cells, with the name of each axis below; question marks where there is none.
function shapePanel(name, title, axes, shape) {
  const places = axes.map((_, n) => [2 * n, 2]),
    labels = axes.map((axis, n) => [2 * n + 1, 1.35, axis]);
  return {
    ...panel(name, title, [axes.map((_, n) => (shape ? `${shape[n]}` : "?"))], [axes.map(() => "plain")]),
    places,
    labels,
  };
}

function weightNames(state, framework) {
  const words = { I: "in", O: "out", H: "kh", W: "kw" };
  if (!(isTransposed(state) && framework === "keras")) words[isTransposed(state) ? "O" : "I"] += "/groups";
  return [...WEIGHTS[state.operator][framework]].map((letter) => words[letter]);
}

// For each group that is drawn a list of ranges [first, last] of input channels, and one of output channels.
function groupsOf(state, { weight, channels }) {
  const units = (each, g) =>
    each <= SHAPES.each ? range(each).map((n) => [g * each + n, g * each + n]) : [[g * each, (g + 1) * each - 1]];
  return range(weight ? Math.min(state.groups, SHAPES.groups) : 0).map((g) =>
    [channels, state.out_channels].map((count) => units(count / state.groups, g)),
  );
}

const wire = (kind, a, b) => [kind, [1.85, a + 0.5], [3.15, b + 0.5]];
const spanned = ([first, last]) => (first === last ? `${first}` : `${first}–${last}`);
const channelNames = ([first, last]) => (first === last ? `channel ${first}` : `channels ${first} to ${last}`);

function groupPanel(state, g, units) {
  const count = Math.max(...units.map((side) => side.length));
  const texts = range(count).map((n) => units.map((side) => (side[n] ? spanned(side[n]) : "")));
  const box = ["group", [0, -0.05], [5, -0.05], [5, count + 0.12], [0, count + 0.12], [0, -0.05]];
  const wires = units[0].flatMap((_, a) => units[1].map((__, b) => wire("link", a, b)));
  const looks = texts.map((row) => row.map((text) => (text ? "plain" : "none")));
  return {
    ...panel(`group ${g}`, state.groups > 1 ? `group ${g}` : "one group", texts, looks),
    places: [
      [0.25, 1.6],
      [3.15, 1.6],
    ],
    strokes: [box, ...wires],
  };
}

function shapesLines(state, shapes, groups) {
  const { framework, operator } = state,
    order = [...ORDERS[state.data_format]],
    other = otherOf(framework);
  const lines = [
    {
      caption: `${LAYERS[operator][framework]} reads axis ${order.indexOf("C")} of its input as channels`,
      blocks: [
        onePanel("", shapePanel("input", "input", order, state.input_shape)),
        onePanel(
          isTransposed(state) ? "×" : "∗",
          shapePanel("weight", "weight", weightNames(state, framework), shapes.weight),
        ),
        ...(state.bias ? [onePanel("+", shapePanel("bias", "bias", ["out"], [state.out_channels]))] : []),
        onePanel("→", shapePanel("output", shapes.output ? "output" : "no output", order, shapes.output)),
      ],
    },
  ];
  if (shapes.weight && !(other === "keras" && isTransposed(state) && state.groups > 1)) {
    const here = Object.fromEntries([...WEIGHTS[operator][framework]].map((letter, n) => [letter, shapes.weight[n]]));
    const one = shapePanel(
      "other",
      `weight of ${LAYERS[operator][other]}`,
      weightNames(state, other),
      [...WEIGHTS[operator][other]].map((letter) => here[letter]),
    );
    lines.push({ caption: `The same weight in ${FRAMEWORKS[other]}`, blocks: [onePanel("", one)] });
  }
  if (groups.length) {
    const panels = groups.map((units, g) => groupPanel(state, g, units));
    const rows = range(Math.ceil(panels.length / SHAPES.inARow)).map((n) =>
      panels.slice(n * SHAPES.inARow, (n + 1) * SHAPES.inARow),
    );
    lines.push({
      caption: "Input channels, and the output channels that read them",
      blocks: [{ sign: "", panels: rows }],
    });
  }
  return lines;
}

function shapesScene(state, selection) {
  const problem = layerProblem(state);
  if (problem) return { problem };
  const shapes = shapesOf(state),
    groups = groupsOf(state, shapes);
  const lines = shapesLines(state, shapes, groups);
  const panels = panelsIn(lines);
  const outs = groups.flatMap(([, units], g) => units.map((_, n) => [`group ${g}`, n, 1]));
  const usual = outs.length ? outs[Math.min(state.step, outs.length - 1)] : ["input", 0, shapes.wrong[0]];
  const chosen = selection && onPanel(lines, selection) ? selection : usual;
  const marked = chosen[0].startsWith("group") ? markGroup : markAxis;
  let formula = marked(state, shapes, panels, chosen, groups);
  if (same(chosen, usual) && shapes.problem) formula = shapes.problem;
  shapes.wrong.forEach((axis) => {
    panels[0].look[0][axis] = "bad";
  });
  return {
    lines,
    formula,
    facts: shapesFacts(state, shapes, groups.length, formula),
    steps: Math.max(outs.length, 1),
    selection: chosen,
    problem: "",
    meaning: { read: "of the input", written: "of the output", bad: "not as the layer reads it" },
  };
}

// A part of an array as one writes it: [first, last] for each axis, all of it as a colon.
function sliced(name, sizes, parts) {
  const words = parts.map(([first, last], n) =>
    last - first + 1 === sizes[n] ? ":" : first === last ? `${first}` : `${first}:${last + 1}`,
  );
  while (words.length && words[words.length - 1] === ":") words.pop();
  return words.length ? `${name}[${words.join(", ")}]` : name;
}

function markGroup(state, shapes, panels, [name, row, column], groups) {
  const drawn = panels.find((one) => one.name === name),
    group = Number(name.split(" ")[1]);
  const looks = ["read", "written"],
    one = groups[group][column][row],
    others = groups[group][1 - column];
  drawn.look[row][column] = looks[column];
  others.forEach((_, n) => {
    drawn.look[n][1 - column] = looks[1 - column];
    drawn.strokes.push(column ? wire("chosen", n, row) : wire("chosen", row, n));
  });
  const all = [others[0][0], others[others.length - 1][1]],
    count = all[1] - all[0] + 1;
  const letters = [...WEIGHTS[state.operator][state.framework]];
  const parts = Object.fromEntries(letters.map((letter, n) => [letter, [0, shapes.weight[n] - 1]]));
  [parts.O, parts.I] = column ? [one, all] : [all, one];
  // One side is counted within the group: the output of a transposed convolution, else the input.
  const within = isTransposed(state) ? "O" : "I",
    first = group * shapes.weight[letters.indexOf(within)];
  parts[within] = parts[within].map((n) => n - first);
  const part = sliced(
    "weight",
    shapes.weight,
    letters.map((letter) => parts[letter]),
  );
  const place = state.groups > 1 ? ` (group ${group} of ${state.groups})` : "",
    ending = one[0] === one[1] ? "s" : "";
  if (!column) return `Input ${channelNames(one)}${place} enter${ending} output ${channelNames(all)} through ${part}.`;
  const [kh, kw] = state.kernel_size,
    numbers = `${count}·${kh}·${kw} = ${count * kh * kw} numbers${ending ? "" : " each"}`;
  const plus = state.bias ? `, plus ${sliced("bias", [state.out_channels], [one])}` : "";
  return phrase(
    `Output ${channelNames(one)}${place} read${ending} input ${channelNames(all)} through`,
    `${part}, ${numbers}${plus}.`,
  );
}

function lettersOf(state, name) {
  if (name === "input" || name === "output")
    return ORDERS[state.data_format].replace("C", name === "input" ? "I" : "O");
  return name === "bias" ? "O" : WEIGHTS[state.operator][name === "other" ? otherOf(state.framework) : state.framework];
}

function markAxis(state, shapes, panels, [name, , n]) {
  const letter = lettersOf(state, name)[n];
  for (const one of panels) {
    if (one.name.startsWith("group")) continue;
    [...lettersOf(state, one.name)].forEach((other, m) => {
      if (other === letter) one.look[0][m] = one.name === "output" ? "written" : "read";
    });
  }
  if (name === "input") return `Input axis ${n}, ${AXIS[letter]}: ${state.input_shape[n]}`;
  if (name === "bias") return `bias: one number for each output channel, ${state.out_channels}`;
  if (name === "output") return `Output axis ${n}, ${AXIS[letter]}: ${outputNumber(state, shapes, letter)}`;
  return `${name === "weight" ? "Weight" : "That weight’s"} axis ${n}: ${weightNumber(state, shapes, letter)}`;
}

function weightNumber(state, shapes, letter) {
  if (letter === "H" || letter === "W")
    return `kernel_size in ${AXIS[letter]}, ${state.kernel_size["HW".indexOf(letter)]}`;
  if (!shapes.weight) return "there is no such layer";
  const [count, word] = letter === "I" ? [shapes.channels, "input"] : [state.out_channels, "output"];
  if (state.groups > 1 && letter === (isTransposed(state) ? "O" : "I"))
    return `${word} channels of one group, ${count} / ${state.groups} = ${count / state.groups}`;
  return `all ${word} channels, ${count}`;
}

function outputNumber(state, shapes, letter) {
  if (letter === "N") return `the same as of the input, ${state.input_shape[0]}`;
  if (letter === "O") return `out_channels = ${state.out_channels}`;
  const n = "HW".indexOf(letter),
    axis = shapes.axes[n];
  if (!axis) return "nothing is left";
  const i = state.input_shape[ORDERS[state.data_format].indexOf(letter)],
    s = state.stride[n],
    K = span(state.kernel_size[n], state.dilation[n]);
  if (!isTransposed(state)) return `floor((${i} + ${axis.begin} + ${axis.end} − ${K}) / ${s}) + 1 = ${axis.size}`;
  return `${s}·(${i} − 1) + ${K} − ${factor(axis.begin)} − ${factor(axis.end)} = ${axis.size}`;
}

function shapesFacts(state, shapes, drawn, formula) {
  const { input_shape: shape, in_channels: meant } = state,
    facts = [];
  if (shapes.problem && shapes.problem !== formula) facts.push(shapes.problem);
  if (shape[1] === meant && shape[3] === meant)
    facts.push(`Axes 1 and 3 both have ${meant}: no layer would notice if the layout were the wrong one.`);
  if (!shapes.weight) facts.push("There is no such layer.");
  else {
    const count = product(shapes.weight),
      bias = state.bias ? state.out_channels : 0;
    facts.push(
      phrase(
        `weight ${shapes.weight.join("·")} = ${count}, ${bias ? `bias ${bias}` : "no bias"}: together`,
        `${plural(count + bias, "parameter")}.`,
      ),
    );
  }
  if (shapes.axes.every(Boolean))
    facts.push(
      phrase(
        `Height ${outputNumber(state, shapes, "H")}; width ${outputNumber(state, shapes, "W")}. The`,
        "parameters are those of this layer itself.",
      ),
    );
  if (drawn && drawn < state.groups) facts.push(`${drawn} of ${state.groups} groups are drawn.`);
  if (state.framework === "torch" && isTransposed(state) && state.groups > 1)
    facts.push("Keras has no transposed convolution with groups.");
  return facts;
}

// --- controls ----------------------------------------------------------------------------------------------------

// The shape with its axes in another order: the same data, as one would hand them to the other layer.
const reordered = (shape, from, to) => [...ORDERS[to]].map((letter) => shape[ORDERS[from].indexOf(letter)]);

function readShape(text) {
  const parts = text
    .trim()
    .replace(/^[([]|[)\]]$/g, "")
    .split(/[\s,×]+/)
    .filter(Boolean);
  if (parts.length !== 4) throw new Error(`input_shape must be 4 whole numbers, the batch first, got “${text}”.`);
  return parts.map((part, n) => readWhole(part, { min: 1, max: SHAPES.size, name: `input_shape axis ${n}` }));
}

const SURPRISE = {
  operator: "conv_transpose2d",
  framework: "keras",
  data_format: "channels_last",
  in_channels: 1,
  out_channels: 1,
  groups: 1,
  kernel_size: [3, 3],
  stride: [2, 2],
  padding: "same",
  output_padding: null,
  dilation: [1, 1],
  bias: true,
  input_shape: [1, 1, 2, 2],
};

function shapesControls(state) {
  const keras = state.framework === "keras",
    transposed = isTransposed(state);
  const pair = (name, label, low) => ({
    label,
    fields: [0, 1].map((n) =>
      whole(`${name} ${n}`, "HW"[n], state[name][n], low, SHAPES.kernel, (v) => ({
        [name]: replaced(state[name], n, v),
      })),
    ),
  });
  const framework = (v) => {
    const data_format = v === "keras" ? "channels_last" : "channels_first";
    const moved =
      v === state.framework
        ? {}
        : { data_format, input_shape: reordered(state.input_shape, state.data_format, data_format) };
    return {
      framework: v,
      ...moved,
      padding: v === "keras" ? "valid" : [0, 0],
      output_padding: v === "keras" ? null : [0, 0],
      ...(v === "keras" && transposed ? { groups: 1 } : {}),
      ...(v === "keras" && Math.max(...state.stride) > 1 ? { dilation: [1, 1] } : {}),
    };
  };
  const turned = (v) => ({
    operator: v,
    output_padding: keras ? null : [0, 0],
    ...(keras && v === "conv_transpose2d" ? { groups: 1 } : {}),
  });
  const op = state.output_padding,
    grown = (v) => ({ output_padding: v === null ? null : [v, v] });
  return [
    group(
      "layer",
      choice("framework", "", state.framework, { torch: "PyTorch", keras: "Keras" }, framework),
      choice(
        "operator",
        "",
        state.operator,
        Object.keys(LAYERS).map((name) => [name, LAYERS[name][state.framework].split(".").pop()]),
        turned,
      ),
      keras &&
        choice(
          "data_format",
          "data_format",
          state.data_format,
          { channels_last: "channels_last", channels_first: "channels_first" },
          (v) => ({ data_format: v, input_shape: reordered(state.input_shape, state.data_format, v) }),
        ),
    ),
    group(
      "channels",
      setting(state, "in_channels", 1, SHAPES.channels, "in", (change) => followed(state, change)),
      setting(state, "out_channels", 1, SHAPES.channels, "out"),
      !(keras && transposed) && setting(state, "groups", 1, SHAPES.channels),
    ),
    pair("kernel_size", "kernel_size", 1),
    pair("stride", "stride", 1),
    keras
      ? group(
          "padding",
          choice("padding", "", state.padding, { valid: "valid", same: "same" }, (v) => ({ padding: v })),
        )
      : pair("padding", transposed ? "padding (crops)" : "padding", 0),
    ...(!transposed
      ? []
      : keras
        ? [group("output_padding", maybe("output_padding", "", op?.[0], "not given", range(4), grown))]
        : [pair("output_padding", "output_padding", 0)]),
    pair("dilation", "dilation", 1),
    group(
      "bias",
      choice("bias", "", `${state.bias}`, { true: "with", false: "without" }, (v) => ({ bias: v === "true" })),
    ),
    group(
      "data",
      typed("input_shape", "input_shape", 16, state.input_shape.join(", "), (v) => ({ input_shape: readShape(v) })),
      press("swap", "other layout", () => ({ input_shape: otherLayout(state) })),
      example("surprise", "(1, 1, 2, 2) in Keras", state, SURPRISE),
    ),
  ];
}

// The same data in the other layout; and back again.
function otherLayout({ data_format: layout, input_shape: shape, in_channels }) {
  const other = layout === "channels_first" ? "channels_last" : "channels_first";
  return shape[ORDERS[layout].indexOf("C")] === in_channels
    ? reordered(shape, layout, other)
    : reordered(shape, other, layout);
}

// An input that has as many channels as is meant goes on having them.
function followed({ data_format, in_channels, input_shape }, change) {
  const at = ORDERS[data_format].indexOf("C");
  if (input_shape[at] !== in_channels) return change;
  return { ...change, input_shape: replaced(input_shape, at, change.in_channels) };
}

function shapesCode(state) {
  const { operator, framework, padding, groups, bias, input_shape } = state;
  const torch = framework === "torch";
  // PyTorch's name, Keras's name, the value, and the one that need not be said.
  const options = [
    ["stride", "strides", state.stride, [1, 1]],
    ["padding", "padding", padding, torch ? [0, 0] : "valid"],
    isTransposed(state) && ["output_padding", "output_padding", state.output_padding, torch ? [0, 0] : null],
    !torch && ["", "data_format", state.data_format, "channels_last"],
    ["dilation", "dilation_rate", state.dilation, [1, 1]],
    ["groups", "groups", groups, 1],
    ["bias", "use_bias", bias ? "True" : "False", "True"],
  ];
  const written = (value) => (Array.isArray(value) ? tupled(value) : WORDS.includes(value) ? `"${value}"` : value);
  const parts = [
    ...(torch ? [state.in_channels] : []),
    state.out_channels,
    tupled(state.kernel_size),
    ...options
      .filter((option) => option && !same(option[2], option[3]))
      .map(([torchName, kerasName, value]) => `${torch ? torchName : kerasName}=${written(value)}`),
  ];
  const call = `y = ${LAYERS[operator][framework]}(${parts.join(", ")})`,
    data = tupled(input_shape);
  return torch ? { PyTorch: `${call}(torch.zeros${data})` } : { Keras: `${call}(keras.ops.zeros(${data}))` };
}

fronts.shapes = {
  title: "Shape explorer",
  problem: layerProblem,
  scene: shapesScene,
  controls: shapesControls,
  outcome: (state) => {
    const { weight, output } = shapesOf(state);
    const parameters = weight && product(weight) + (state.bias ? state.out_channels : 0);
    return { output_shape: output, weight_shape: weight, parameters };
  },
  code: shapesCode,
};
