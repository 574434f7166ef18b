// What the padding pitfall explorer shows: one full output, and the window of the chosen call on it.

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
  const full = stamped(layer)[0];
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
