// Front ends "sizes" and "receptive": stacks of layers on one axis.

const STACK = { layers: 10, kernel: 64, size: 9999 };
const KINDS = { conv: "convolution", transpose: "transposed convolution", pool: "pooling" };

// Size after one layer, and the cells at the end that it never reads; or { problem }.
export function sizeAfter(layer, i) {
  const { kind, kernel_size: k, stride: s, padding: p, output_padding: op, dilation: d } = layer;
  for (const [name, value, low] of [["kernel_size", k, 1], ["stride", s, 1], ["padding", p, 0], ["output_padding", op, 0], ["dilation", d, 1]]) {
    if (!isCount(value, low, STACK.kernel)) return { problem: `${name} must be a whole number from ${low} to ${STACK.kernel}, got ${value}.` };
  }
  if (kind === "transpose") {
    const size = transposeSize(i, k, s, [p, p], op, d);
    if (op >= Math.max(s, d)) return { problem: `output_padding must be smaller than stride or dilation, got ${op} with stride ${s}, dilation ${d}.` };
    if (size < 1 || size > STACK.size) return { problem: `the output would have ${size} cells; it must be from 1 to ${STACK.size}.` };
    return { size, lost: null, problem: "" };
  }
  if (op) return { problem: "output_padding belongs to a transposed convolution." };
  if (kind === "pool" && p > k >> 1) return { problem: `padding of a pool must be at most half of its kernel_size, got ${p} with kernel_size ${k}.` };
  const size = convSize(i, k, s, [p, p], d);
  if (size < 1) return { problem: `the kernel spans ${span(k, d)} cells, but the padded input has only ${i + 2 * p}.` };
  return { size, lost: unreadCells(i, k, s, [p, p], d), problem: "" };
}

function sizesOf(state) {
  const { input_size, layers } = state;
  if (!isCount(input_size, 1, STACK.size)) return { problem: `input size must be a whole number from 1 to ${STACK.size}, got ${input_size}.` };
  if (!isCount(layers.length, 1, STACK.layers)) return { problem: `there must be 1 to ${STACK.layers} layers.` };
  const stages = [{ size: input_size, lost: null }];
  for (const [n, layer] of layers.entries()) {
    const stage = sizeAfter(layer, stages[n].size);
    if (stage.problem) return { problem: `layer ${n + 1}: ${stage.problem}` };
    if (layer.skip !== null && !isCount(layer.skip, 0, n)) return { problem: `layer ${n + 1}: a skip must come from an earlier layer, got ${layer.skip}.` };
    stages.push(stage);
  }
  return { stages, problem: "" };
}

const stageName = (n) => (n === 0 ? "the input" : `layer ${n}`);

function sizesScene(state, selection) {
  const { stages, problem } = sizesOf(state);
  if (problem) return { problem };
  const { layers } = state, count = layers.length;
  const skips = [null, ...layers.map((layer) => layer.skip)];
  const fits = (n) => skips[n] === null || stages[skips[n]].size === stages[n].size;
  const row = (name, title, text, look) => [panel(name, title, [range(count + 1).map(text)], [range(count + 1).map(look)])];
  const panels = [
    row("sizes", "cells: input, layer 1, layer 2, …", (n) => `${stages[n].size}`, (n) => (fits(n) ? "plain" : "bad")),
    row("lost", "cells at the end that the layer never reads", (n) => (stages[n].lost === null ? "" : `${stages[n].lost}`), (n) => (stages[n].lost === null ? "none" : stages[n].lost ? "unread" : "plain")),
    row("skip", "cells of the skip connection", (n) => (skips[n] === null ? "" : `${stages[skips[n]].size}`), (n) => (skips[n] === null ? "none" : fits(n) ? "plain" : "bad")),
  ];
  const lines = [{ caption: "", blocks: [{ sign: "", panels: skips.some((v) => v !== null) ? panels : panels.slice(0, 2) }] }];
  const step = Math.min(state.step, count - 1) + 1;
  const wanted = selection && onPanel(lines, selection) ? selection : ["sizes", 0, step];
  const n = wanted[2];
  const marked = new Map([[`sizes|0|${n}`, fits(n) ? "written" : "bad"]]);
  if (n > 0) marked.set(`sizes|0|${n - 1}`, "read");
  applyMarks(lines, marked);
  const facts = ["Every layer names its own parameters: those of a transposed convolution are its own, not those of the convolution that it undoes."];
  range(count + 1).forEach((m) => {
    if (skips[m] === null) return;
    const [have, want] = [stages[m].size, stages[skips[m]].size], from = stageName(skips[m]);
    if (have === want) facts.push(`The skip from ${from} fits ${stageName(m)}: ${have} cells.`);
    else {
      const layer = layers[m - 1], op = layer.output_padding + want - have;
      const cure = layer.kind === "transpose" && op >= 0 && op < Math.max(layer.stride, layer.dilation) ? `output_padding ${op} in layer ${m} would make it fit` : `crop or pad ${plural(Math.abs(want - have), "cell")}`;
      facts.push(`The skip from ${from} does not fit ${stageName(m)}: ${want} cells, not ${have}; ${cure}.`);
    }
  });
  return { lines, facts, formula: sizesSentence(state, stages, n), steps: count, selection: wanted, problem: "", meaning: { unread: "cells are lost" } };
}

function sizesSentence({ layers }, stages, n) {
  if (n === 0) return `The input has ${plural(stages[0].size, "cell")}.`;
  const { kind, kernel_size: k, stride: s, padding: p, output_padding: op, dilation: d } = layers[n - 1];
  const [i, { size, lost }] = [stages[n - 1].size, stages[n]];
  if (kind === "transpose") return `Layer ${n}, ${KINDS[kind]}: ${s}·(${i} − 1) + ${span(k, d)} − ${p} − ${p} + ${op} = ${size}`;
  const back = lost ? `; the last ${lost} ${lost === 1 ? "is" : "are"} never read: a transposed convolution with these parameters needs output_padding ${lost} to return to ${i}` : "";
  return `Layer ${n}, ${KINDS[kind]}: floor((${i} + ${p} + ${p} − ${span(k, d)}) / ${s}) + 1 = ${size}${back}`;
}

function stackControls(state, { fresh, fields, least }) {
  const { layers } = state;
  const put = (n, change) => ({ layers: layers.map((layer, m) => (m === n ? { ...layer, ...change } : layer)) });
  // A skip counts layers: those after a removed one move up, and one from the removed layer goes.
  const without = (n) => layers.filter((_, m) => m !== n).map((layer) => ("skip" in layer && layer.skip !== null && layer.skip > n ? { ...layer, skip: layer.skip === n + 1 ? null : layer.skip - 1 } : layer));
  return [
    ...layers.map((layer, n) => ({ label: `layer ${n + 1}`, fields: [
      ...fields(layer, n, (change) => put(n, change)),
      ...(layers.length > least ? [{ id: `remove ${n}`, label: "remove", type: "button", value: false, change: () => ({ layers: without(n), step: 0 }) }] : []),
    ] })),
    ...(layers.length < STACK.layers ? [{ label: "stack", fields: [{ id: "add", label: "add a layer", type: "button", value: false, change: () => ({ layers: [...layers, fresh] }) }] }] : []),
  ];
}

function sizesControls(state) {
  const number = (n, layer, put) => (name, low) => whole(`${name} ${n}`, name, layer[name], low, STACK.kernel, (v) => put({ [name]: v }));
  const fields = (layer, n, put) => {
    const one = number(n, layer, put);
    return [
      choice(`kind ${n}`, "", layer.kind, [["conv", "convolution"], ["transpose", "transposed"], ["pool", "pool"]], (v) => put({ kind: v, output_padding: 0 })),
      one("kernel_size", 1), one("stride", 1), one("padding", 0), ...(layer.kind === "transpose" ? [one("output_padding", 0)] : []), one("dilation", 1),
      choice(`skip ${n}`, "skip", layer.skip === null ? "" : `${layer.skip}`, [["", "none"], ...range(n + 1).map((m) => [`${m}`, stageName(m)])], (v) => put({ skip: v === "" ? null : Number(v) })),
    ];
  };
  const fresh = { kind: "conv", kernel_size: 3, stride: 1, padding: 1, output_padding: 0, dilation: 1, skip: null };
  const start = { label: "input", fields: [whole("input_size", "cells", state.input_size, 1, STACK.size, (v) => ({ input_size: v }))] };
  return [start, ...stackControls(state, { fresh, fields, least: 1 })];
}

fronts.sizes = { title: "Size explorer", problem: (state) => sizesOf(state).problem, scene: sizesScene, controls: sizesControls };

// --- receptive field --------------------------------------------------------------------------------------------

const FIELD = 48, PLANE = 17;

// What one output cell sees, level by level: levels[0] is the input. paths[c] counts the paths of cell c to the output.
function fieldOf(state) {
  const { layers } = state;
  if (!isCount(layers.length, 1, STACK.layers)) return { problem: `there must be 1 to ${STACK.layers} layers.` };
  for (const [n, layer] of layers.entries()) {
    for (const name of ["kernel_size", "stride", "dilation"]) {
      if (!isCount(layer[name], 1, STACK.kernel)) return { problem: `layer ${n + 1}: ${name} must be a whole number from 1 to ${STACK.kernel}, got ${layer[name]}.` };
    }
  }
  let paths = [1], jump = 1, size = 1;
  const placed = [{ jump, size }];
  for (const layer of layers) {
    size += layer.dilation * (layer.kernel_size - 1) * jump;
    jump *= layer.stride;
    placed.push({ jump, size });
  }
  if (size > FIELD) return { problem: `the receptive field would be ${size} cells; at most ${FIELD} can be drawn.` };
  const levels = [{ paths, ...placed[layers.length] }];
  for (const [n, { kernel_size: k, stride: s, dilation: d }] of [...layers.entries()].reverse()) {
    const below = range(s * (paths.length - 1) + span(k, d)).map(() => 0);
    paths.forEach((count, c) => range(k).forEach((t) => { below[s * c + d * t] += count; }));
    paths = below;
    levels.unshift({ paths, ...placed[n] });
  }
  return { levels, size, problem: "" };
}

function receptiveScene(state, selection) {
  const { levels, size, problem } = fieldOf(state);
  if (problem) return { problem };
  const { layers } = state, top = layers.length;
  const columnOf = (level, c) => levels[level].jump * c + Math.floor((levels[level].size - 1) / 2);
  const cellAt = levels.map((_, level) => new Map(levels[level].paths.map((_, c) => [columnOf(level, c), c])));
  const has = (level, c) => levels[level].paths[c] > 0;
  const rows = range(top + 1).map((m) => top - m).map((level) => [panel(
    `level ${level}`, level === 0 ? `input: ${size} cells, with the number of paths to the output` : level === top ? `one output cell, after layer ${level}` : `after layer ${level}`,
    [range(size).map((q) => (cellAt[level].has(q) ? num(levels[level].paths[cellAt[level].get(q)]) : ""))],
    [range(size).map((q) => (!cellAt[level].has(q) ? "none" : has(level, cellAt[level].get(q)) ? "plain" : "hole"))],
  )]);
  const seen = levels[0].paths;
  const lines = [{ caption: "", blocks: [{ sign: "", panels: rows }] }];
  if (size <= PLANE) {
    const plane = grid(size, size, (y, x) => seen[y] * seen[x]);
    lines.push({ caption: "The same stack in two dimensions: paths of each input cell", blocks: [onePanel("", panel("plane", `input ${size}×${size}`, textsOf(plane), plane.map((r) => r.map((v) => (v ? "plain" : "hole")))))] });
  }
  const wanted = selection && onPanel(lines, selection) ? selection : ["level 0", 0, Math.min(state.step, size - 1)];
  const marked = new Map();
  let formula;
  if (wanted[0] === "plane") {
    const [, y, x] = wanted, n = seen[y] * seen[x];
    marked.set(`plane|${y}|${x}`, n ? "read" : "hole");
    formula = n ? `Input cell [${y}, ${x}]: ${seen[y]}·${seen[x]} = ${plural(n, "path")} to the output` : `Input cell [${y}, ${x}] is a hole: no path leads to the output.`;
  } else {
    const level = Number(wanted[0].split(" ")[1]), c = cellAt[level].get(wanted[2]);
    formula = pathMarks(state, levels, level, c, columnOf, has, marked);
  }
  applyMarks(lines, marked);
  const reached = seen.filter(Boolean).length, holes = range(size).filter((q) => !seen[q]);
  return {
    lines, formula, steps: size, selection: wanted, problem: "", meaning: { written: "on its way to the output" },
    facts: [
      `Receptive field 1 + ${layers.map((layer, n) => `${layer.kernel_size - 1}·${layer.dilation}·${levels[n].jump}`).join(" + ")} = ${size} cells: for each layer (kernel_size − 1)·dilation·(product of the strides before it).`,
      `${reached} of ${size} cells are seen, in two dimensions ${Math.floor((100 * reached * reached) / (size * size) + 0.5)} %. ${holes.length ? `Holes: ${listed(holes.map(String), ", ")}.` : "There are no holes."} The parameters are those of direct convolutions or pools.`,
    ],
  };
}

// Down to the input: read; up to the output: written.
function pathMarks({ layers }, levels, level, c, columnOf, has, marked) {
  let below = new Set([c]), above = new Set([c]);
  const mark = (at, cell, look) => marked.set(`level ${at}|0|${columnOf(at, cell)}`, look);
  const seesNothing = !has(level, c);
  if (seesNothing) return `Cell ${c} ${level ? `after layer ${level}` : "of the input"} is a hole: no path leads from it to the output.`;
  for (let at = level; at > 0; at -= 1) {
    const { kernel_size: k, stride: s, dilation: d } = layers[at - 1];
    below = new Set([...below].flatMap((cell) => range(k).map((t) => s * cell + d * t)));
    below.forEach((cell) => mark(at - 1, cell, "read"));
  }
  for (let at = level; at < layers.length; at += 1) {
    const { kernel_size: k, stride: s, dilation: d } = layers[at];
    above = new Set(range(levels[at + 1].paths.length).filter((cell) => has(at + 1, cell) && range(k).some((t) => above.has(s * cell + d * t))));
    above.forEach((cell) => mark(at + 1, cell, "written"));
  }
  mark(level, c, "read");
  const paths = `${plural(levels[level].paths[c], "path")} to the output`;
  return level ? `Cell ${c} after layer ${level}: ${paths}; it sees ${plural(below.size, "input cell")}.` : `Input cell ${c}: ${paths}`;
}

function receptiveControls(state) {
  const fields = (layer, n, put) => ["kernel_size", "stride", "dilation"].map((name) => whole(`${name} ${n}`, name, layer[name], 1, 16, (v) => put({ [name]: v })));
  const rates = (values) => ({ layers: values.map((dilation) => ({ kernel_size: 3, stride: 1, dilation })), step: 0 });
  const tries = [[2, 2, 2], [1, 2, 5], [1, 2, 9], [1, 2, 4], [2, 4, 8]];
  return [
    ...stackControls(state, { fresh: { kernel_size: 3, stride: 1, dilation: 1 }, fields, least: 1 }),
    { label: "dilations to try, kernel 3", fields: tries.map((values) => ({ id: `rates ${values.join(" ")}`, label: values.join(", "), type: "button", value: same(state.layers, rates(values).layers), change: () => rates(values) })) },
  ];
}

fronts.receptive = { title: "Receptive field explorer", problem: (state) => fieldOf(state).problem, scene: receptiveScene, controls: receptiveControls };
