// Front end "convolution": convolution and transposed convolution, both views of the transposed one in step.

// New arrays after a change of size: the default pattern if it was the default, else what there is, then the pattern.
function reshaped(state, { size, kernel, channels, groups, nd }) {
  const layer = layerOf(state);
  const old = { nd: state.stride.length, x: layer.x, w: layer.w };
  const fill = (before, fresh, usual) => (usual ? fresh : fresh.map((row, y) => row.map((v, x) => before?.[y]?.[x] ?? v)));
  const usualX = old.nd !== nd || old.x.every((plane, c) => same(plane, counted(plane.length, plane[0].length, c)));
  const usualW = old.nd !== nd || old.w.every((m, a) => m.every((plane, b) => same(plane, tapped(plane.length, plane[0].length, a, b, nd))));
  const [cin, cout] = channels;
  const [a, b] = state.transposed ? [cin, cout / groups] : [cout, cin / groups];
  if (!Number.isInteger(a) || !Number.isInteger(b)) throw new Error(`groups ${groups} must divide the channels, ${cin} in and ${cout} out.`);
  const x = range(cin).map((c) => fill(old.x[c], counted(size[0], size[1], c), usualX));
  const w = range(a).map((m) => range(b).map((n) => fill(old.w[m]?.[n], tapped(kernel[0], kernel[1], m, n, nd), usualW)));
  const flat = nd === 1;
  return { input: flat ? x.map((plane) => plane[0]) : x, weight: flat ? w.map((m) => m.map((plane) => plane[0])) : w, groups };
}

function convolutionControls(state) {
  const { layer } = prepared(state), nd = state.stride.length;
  const now = { size: layer.i, kernel: layer.k, channels: [layer.cin, layer.cout], groups: state.groups, nd };
  const axes = nd === 1 ? [0] : [0, 1];
  const words = nd === 1 ? [""] : state.square ? [""] : ["down", "across"];
  const perAxis = (id, label, values, min, max, change) => ({
    label,
    fields: (state.square && nd === 2 ? [0] : axes).map((n) =>
      whole(`${id} ${n}`, words[n], values[n], min, max, (v) => change(state.square ? axes.map(() => v) : replaced(values, n, v)))),
  });
  const drawn = (values) => (nd === 1 ? [values[1]] : values);
  const back = (values) => (nd === 1 ? [1, values[0]] : values);
  const padFields = (state.square ? [0] : axes).flatMap((n) => [0, 1].map((m) =>
    whole(`padding ${n} ${m}`, (nd === 1 || state.square ? ["begin", "end"] : [["top", "bottom"], ["left", "right"]][n])[m], state.padding[n][m], 0, LIMITS.padding,
      (v) => ({ padding: state.padding.map((pair, q) => (q === n || state.square ? replaced(state.square ? state.padding[0] : pair, m, v) : pair)) }))));
  const kind = choice("operator", "operator", state.transposed ? "transposed" : "direct", [["direct", "convolution"], ["transposed", "transposed convolution"]], (v) => {
    const turned = v === "transposed";
    if (turned === state.transposed) return {};
    // (C_out, C_in/groups) of one is (C_in, C_out/groups) of the other: the same numbers where the channels are alike.
    const weight = layer.cin === layer.cout ? state.weight : reshapedWeight(state, layer, now);
    return { transposed: turned, output_padding: state.output_padding.map(() => 0), weight };
  });
  const dims = choice("dimensions", "dimensions", `${nd}`, [["1", "1-D"], ["2", "2-D"]], (v) => {
    const next = Number(v);
    if (next === nd) return {};
    const other = (values) => (next === 1 ? [values[1]] : [values[0], values[0]]);
    const sizes = next === 1 ? { size: [1, layer.i[1]], kernel: [1, layer.k[1]] } : { size: [Math.min(layer.i[1], 6), layer.i[1]], kernel: [layer.k[1], layer.k[1]] };
    const arrays = reshaped(state, { ...now, ...sizes, nd: next });
    return { ...arrays, stride: other(state.stride), padding: other(state.padding), dilation: other(state.dilation), output_padding: other(state.output_padding) };
  });
  const groups = [
    { label: "layer", fields: [kind, dims, ...(nd === 2 ? [choice("square", "axes", state.square ? "same" : "apart", [["same", "alike"], ["apart", "each its own"]], (v) => squared(state, v === "same", now))] : [])] },
    perAxis("input", "input size", drawn(layer.i), 1, LIMITS.size, (v) => reshaped(state, { ...now, size: back(v) })),
    perAxis("kernel", "kernel_size", drawn(layer.k), 1, LIMITS.kernel, (v) => reshaped(state, { ...now, kernel: back(v) })),
    perAxis("stride", "stride", state.stride, 1, LIMITS.stride, (v) => ({ stride: v })),
    { label: state.transposed ? "padding (crops)" : "padding", fields: padFields },
    ...(state.transposed ? [perAxis("output_padding", "output_padding", state.output_padding, 0, 3, (v) => ({ output_padding: v }))] : []),
    perAxis("dilation", "dilation", state.dilation, 1, LIMITS.dilation, (v) => ({ dilation: v })),
    { label: "channels", fields: [
      whole("cin", "in", layer.cin, 1, LIMITS.channels, (v) => reshaped(state, { ...now, channels: [v, layer.cout] })),
      whole("cout", "out", layer.cout, 1, LIMITS.channels, (v) => reshaped(state, { ...now, channels: [layer.cin, v] })),
      whole("groups", "groups", state.groups, 1, LIMITS.channels, (v) => reshaped(state, { ...now, groups: v })),
    ] },
    { label: "steps", fields: [
      choice("walk", "go through", state.walk, [["output", "output cells"], ["input", "input cells"]], (v) => ({ walk: v, step: 0 })),
      ...(state.walk === "output" ? [choice("reveal", "show", state.reveal, [["all", "all results"], ["step", "results so far"]], (v) => ({ reveal: v }))] : []),
    ] },
  ];
  return groups;
}

function reshapedWeight(state, layer, now) {
  const groups = state.groups;
  const [a, b] = state.transposed ? [now.channels[1], now.channels[0] / groups] : [now.channels[0], now.channels[1] / groups];
  const w = range(a).map((m) => range(b).map((n) => layer.w[m % layer.a][n % layer.b]));
  return now.nd === 1 ? w.map((m) => m.map((plane) => plane[0])) : w;
}

// Both axes alike: those of the first axis are taken.
function squared(state, on, now) {
  if (!on) return { square: false };
  const first = (values) => [values[0], values[0]];
  const arrays = reshaped(state, { ...now, size: first(now.size), kernel: first(now.kernel) });
  return { square: true, ...arrays, stride: first(state.stride), padding: first(state.padding), dilation: first(state.dilation), output_padding: first(state.output_padding) };
}

// Cells whose number a person may change.
function convolutionEditable(state, [name, row, column]) {
  const { layer } = prepared(state);
  const [kind, ...channels] = name.split(" ");
  const c = channels.map(Number);
  const nd = layer.nd;
  if (kind === "input") {
    const [y, x] = layer.transposed ? [row, column] : [row - layer.p[0][0], column - layer.p[1][0]];
    if (layer.x[c[0]][y]?.[x] === undefined) return null;
    const planes = (v) => layer.x.map((plane, m) => (m === c[0] ? plane.map((r, q) => (q === y ? replaced(r, x, v) : r)) : plane));
    return { label: `value of x${index([...(layer.cin > 1 ? c : []), ...(nd === 2 ? [y] : []), x])}`, value: layer.x[c[0]][y][x], change: (v) => ({ input: nd === 1 ? planes(v).map((plane) => plane[0]) : planes(v) }) };
  }
  if (kind !== "kernel") return null;
  const [a, b] = c;
  const kernels = (v) => layer.w.map((m, q) => m.map((plane, n) => (q === a && n === b ? plane.map((r, y) => (y === row ? replaced(r, column, v) : r)) : plane)));
  return { label: `value of ${names(layer).tap([a, b, row, column])}`, value: layer.w[a][b][row][column], change: (v) => ({ weight: nd === 1 ? kernels(v).map((m) => m.map((plane) => plane[0])) : kernels(v) }) };
}

fronts.convolution = {
  title: "Convolution explorer",
  problem: (state) => layerOf(state).problem,
  scene: convolutionScene,
  controls: convolutionControls,
  code: convolutionCode,
  editable: convolutionEditable,
};
