// Front end "sizes": a chain of layers with the size after each.

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
