// Front end "receptive": what one output cell of a stack of layers sees.

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
