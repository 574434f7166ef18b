// What the convolution explorer shows: panels, marks, the sentence. Both views of a transposed convolution and the direct one
// come from the same list of products.

const index = (parts) => `[${parts.join(", ")}]`;

function names(layer) {
  const place = (many, channel, y, x) => index([...(many ? [channel] : []), ...(layer.nd === 2 ? [y] : []), x]);
  const [py, px] = [layer.p[0][0], layer.p[1][0]];
  const [iy, ix, oy, ox] = layer.transposed ? [0, 0, py, px] : [py, px, 0, 0];
  const inside = ([, y, x], [dy, dx], [h, w]) => y >= dy && x >= dx && y < dy + h && x < dx + w;
  const sides = {
    in: (cell) => `x${place(layer.cin > 1, cell[0], cell[1] - iy, cell[2] - ix)}`,
    out: (cell) => `y${place(layer.cout > 1, cell[0], cell[1] - oy, cell[2] - ox)}`,
    tap: ([a, b, y, x]) => `w${index([...(layer.a * layer.b > 1 ? [a, b] : []), ...(layer.nd === 2 ? [y] : []), x])}`,
  };
  return { ...sides, inInside: (cell) => inside(cell, [iy, ix], layer.i), outInside: (cell) => inside(cell, [oy, ox], layer.size) };
}

// What the pointer, the pin or the step means: { side: "in" | "out" | "tap" | "zero", cell }, counted with padding.
function target(layer, selection) {
  const [panel, row, column] = selection;
  const [kind, ...channels] = panel.split(" ");
  const c = channels.map(Number);
  const [py, px] = [layer.p[0][0], layer.p[1][0]];
  if (kind === "input") return { side: "in", cell: [...c, row, column] };
  if (kind === "kernel") return { side: "tap", cell: [...c, row, column] };
  if (kind === "flipped") return { side: "tap", cell: [...c, layer.k[0] - 1 - row, layer.k[1] - 1 - column] };
  if (kind === "full") return { side: "out", cell: [...c, row, column] };
  if (kind === "output") return { side: "out", cell: layer.transposed ? [...c, row + py, column + px] : [...c, row, column] };
  const { rows, columns } = stretched(layer);
  const [y, x] = [rows[row].source, columns[column].source];
  return y === null || x === null ? { side: "zero", cell: [...c, row, column] } : { side: "in", cell: [...c, y, x] };
}

function linksOf(layer, { side, cell }) {
  if (side === "zero") return [];
  const sides = { tap: "tap", in: layer.transposed ? "small" : "large", out: layer.transposed ? "large" : "small" };
  return links(layer, sides[side], cell);
}

const ends = (layer, link) => (layer.transposed ? { from: link.small, to: link.large } : { from: link.large, to: link.small });

function sentence(layer, found, chosen) {
  const name = names(layer), { side, cell } = chosen;
  if (side === "zero") return "An inserted or padded zero: it adds nothing, whatever tap meets it.";
  const value = (link) => inputAt(layer, ...ends(layer, link).from);
  if (side === "out") {
    const inside = name.outInside(cell);
    const whole = inside ? name.out(cell) : "This cell is cropped; it";
    if (!found.length) return `${whole} = 0: no input reaches it.`;
    const total = num(found.reduce((sum, link) => sum + value(link) * link.weight, 0));
    const symbols = found.map((link) => `${name.inInside(ends(layer, link).from) ? name.in(ends(layer, link).from) : "0"}·${name.tap(link.tap)}`);
    const terms = listed(found.map((link) => `${factor(value(link))}·${factor(link.weight)}`), " + ");
    return `${whole} = ${found.length <= 4 ? `${symbols.join(" + ")} = ` : ""}${terms} = ${total}`;
  }
  if (side === "in") {
    const inside = name.inInside(cell);
    const whole = inside ? `${name.in(cell)} = ${num(inputAt(layer, ...cell))}` : "This padding zero";
    const kept = found.filter((link) => name.outInside(ends(layer, link).to));
    if (!kept.length) return `${whole} touches no output: ${found.length ? "all its products are cropped" : "no tap ever reads it"}.`;
    const parts = kept.map((link) => `${name.out(ends(layer, link).to)} (·${num(link.weight)})`);
    return `${whole} touches ${plural(kept.length, "output")}: ${listed(parts, ", ")}`;
  }
  const weight = num(layer.w[cell[0]][cell[1]][cell[2]][cell[3]]);
  const pairs = found.filter((link) => name.inInside(ends(layer, link).from) && name.outInside(ends(layer, link).to));
  const parts = pairs.map((link) => `${name.in(ends(layer, link).from)}→${name.out(ends(layer, link).to)}`);
  return `${name.tap(cell)} = ${weight} joins ${plural(pairs.length, "pair")}: ${listed(parts, ", ")}`;
}

function marks(layer, found, { side, cell }) {
  const marked = new Map();
  const mark = (panel, [y, x], look) => marked.set(`${panel}|${y}|${x}`, look);
  const { transposed, p, k, d } = layer;
  const [py, px] = [p[0][0], p[1][0]];
  const markInput = ([c, y, x]) => {
    mark(`input ${c}`, [y, x], "read");
    if (transposed && side !== "out") {
      const begin = [0, 1].map((n) => equivalent(k[n], layer.s[n], p[n], layer.op[n], d[n]).begin);
      mark(`stretched ${c}`, [begin[0] + layer.s[0] * y, begin[1] + layer.s[1] * x], "read");
    }
  };
  const markOutput = ([c, y, x]) => {
    mark(transposed ? `full ${c}` : `output ${c}`, [y, x], "written");
    if (transposed) mark(`output ${c}`, [y - py, x - px], "written");
  };
  const markTap = ([a, b, y, x]) => {
    mark(`kernel ${a} ${b}`, [y, x], "read");
    if (transposed && side !== "out") mark(`flipped ${a} ${b}`, [k[0] - 1 - y, k[1] - 1 - x], "read");
  };
  if (side === "in") markInput(cell);
  if (side === "out") markOutput(cell);
  if (side === "tap") markTap(cell);
  if (side === "zero") mark(`stretched ${cell[0]}`, [cell[1], cell[2]], "read");
  for (const link of found) {
    const { from, to } = ends(layer, link);
    markInput(from);
    markOutput(to);
    markTap(link.tap);
  }
  if (transposed && side === "out" && names(layer).outInside(cell)) markWindow(layer, cell, mark);
  return marked;
}

// The window of the equivalent convolution lies on zeros too, and meets every tap.
function markWindow(layer, [c, y, x], mark) {
  const { k, d, p, a, b, groups } = layer;
  const group = Math.floor(c / b), perGroup = a / groups;
  for (const ty of range(k[0])) {
    for (const tx of range(k[1])) {
      for (const sc of range(perGroup).map((n) => group * perGroup + n)) {
        mark(`stretched ${sc}`, [y - p[0][0] + d[0] * ty, x - p[1][0] + d[1] * tx], "read");
        mark(`flipped ${sc} ${c - group * b}`, [ty, tx], "read");
      }
    }
  }
}

const shape = (h, w, nd) => (nd === 1 ? `${w}` : `${h}×${w}`);
const channel = (many, c) => (many ? `, channel ${c}` : "");

// widest: the letters of the longest number of each kind, now or at a later step.
function panelsOf(layer, outputs, full, widest) {
  const { transposed, x, w, i, k, p, op, size, nd, cin, cout, a, b } = layer;
  const hits = [0, 1].map((n) => touched(layer, n));
  const hit = (y, x2) => hits[0].has(y) && hits[1].has(x2);
  const [py, px] = [p[0][0], p[1][0]];
  const dims = transposed ? i : layer.full;
  const input = range(cin).map((c) => [roomy(panel(
    `input ${c}`, `input x ${shape(i[0], i[1], nd)}${channel(cin > 1, c)}`,
    grid(dims[0], dims[1], (r, q) => num(inputAt(layer, c, r, q))),
    grid(dims[0], dims[1], (r, q) => {
      if (transposed) return "plain";
      const pad = r < py || q < px || r >= py + i[0] || q >= px + i[1];
      return pad ? "padding" : hit(r, q) ? "plain" : "unread";
    }),
  ), widest.x)]);
  const kernels = (kind, turn) => range(a).map((m) => range(b).map((n) => roomy(panel(
    `${kind} ${m} ${n}`, `${kind} w${a * b > 1 ? `[${m}, ${n}]` : ` ${shape(k[0], k[1], nd)}`}`,
    textsOf(turn(w[m][n])), grid(k[0], k[1], () => "plain"),
  ), widest.w)));
  const output = range(cout).map((c) => [roomy(panel(
    `output ${c}`, `output y ${shape(size[0], size[1], nd)}${channel(cout > 1, c)}`, outputs[c].map((row) => row.map((v) => (v === null ? "" : num(v)))),
    grid(size[0], size[1], (r, q) => (transposed && !hit(r + py, q + px) ? "unwritten" : "plain")),
  ), widest.y)]);
  if (!transposed) return [{ caption: "", blocks: [{ sign: "", panels: input }, { sign: "∗", panels: kernels("kernel", (m) => m) }, { sign: "=", panels: output }] }];
  const drawn = [0, 1].map((n) => layer.full[n] + Math.max(op[n] - p[n][1], 0));
  const stamping = range(cout).map((c) => [roomy(panel(
    `full ${c}`, `all stamps ${shape(layer.full[0], layer.full[1], nd)}${channel(cout > 1, c)}; the frame is y`,
    grid(drawn[0], drawn[1], (r, q) => num(full[c][r]?.[q] ?? 0)),
    grid(drawn[0], drawn[1], (r, q) => {
      if (r >= layer.full[0] || q >= layer.full[1]) return r < py || q < px || r >= py + size[0] || q >= px + size[1] ? "none" : "beyond";
      if (r < py || q < px || r >= py + size[0] || q >= px + size[1]) return "cropped";
      return hit(r, q) ? "plain" : "unwritten";
    }),
    [py, px, py + size[0], px + size[1]],
  ), widest.full)]);
  const cells = stretched(layer);
  const spread = range(cin).map((c) => [roomy(panel(
    `stretched ${c}`, `stretched, padded x ${shape(cells.rows.length, cells.columns.length, nd)}${channel(cin > 1, c)}`,
    cells.rows.map((r) => cells.columns.map((q) => (r.source === null || q.source === null ? "0" : num(x[c][r.source][q.source])))),
    cells.rows.map((r) => cells.columns.map((q) => (r.source !== null && q.source !== null ? "plain" : r.between && q.between ? "zero" : "padding"))),
  ), widest.x)]);
  return [
    { caption: "Stamping: each input cell times the kernel, added where it lands", blocks: [{ sign: "", panels: input }, { sign: "×", panels: kernels("kernel", (m) => m) }, { sign: "→", panels: stamping }] },
    { caption: "Zero insertion: an ordinary convolution of stride 1 with the flipped kernel", blocks: [{ sign: "", panels: spread }, { sign: "∗", panels: kernels("flipped", rotated) }, { sign: "=", panels: output }] },
  ];
}

const axisList = (layer) => (layer.nd === 1 ? [1] : [0, 1]);

function facts(layer) {
  const { transposed, i, k, s, p, op, d, size, nd } = layer;
  const letter = (n) => (nd === 1 ? "" : ["down: ", "across: "][n]);
  if (!transposed) {
    const sizes = axisList(layer).map((n) => `${letter(n)}floor((${i[n]} + ${p[n][0]} + ${p[n][1]} − ${span(k[n], d[n])}) / ${s[n]}) + 1 = ${size[n]}`);
    return [`These are the parameters of a direct convolution, as torch.nn.Conv${nd}d names them. Output size ${sizes.join("; ")}.`];
  }
  const sizes = axisList(layer).map((n) => `${letter(n)}${s[n]}·(${i[n]} − 1) + ${span(k[n], d[n])} − ${p[n][0]} − ${p[n][1]} + ${op[n]} = ${size[n]}`);
  const direct = axisList(layer).map((n) => {
    const e = equivalent(k[n], s[n], p[n], op[n], d[n]);
    return `${letter(n)}${plural(e.zeros, "zero")} between, padding (${e.begin}, ${e.end})`;
  });
  return [
    `These are the parameters of a transposed convolution, as torch.nn.ConvTranspose${nd}d names them: padding crops the output. Output size ${sizes.join("; ")}.`,
    `The direct convolution with the same values: ${direct.join("; ")}, kernel flipped, stride 1.`,
  ];
}

let last = { key: [], value: null };
const KEYS = ["transposed", "input", "weight", "stride", "padding", "output_padding", "dilation", "groups"];

// The layer of a state and its output; kept while the state's arrays and parameters are the same objects.
function prepared(state) {
  if (last.value && KEYS.every((name, n) => last.key[n] === state[name])) return last.value;
  const layer = layerOf(state);
  const value = { layer };
  if (!layer.problem) {
    const full = layer.transposed ? stamped(layer) : null, output = full ? cropped(layer, full) : compute(layer);
    const widest = { x: longestOf(layer.x), w: longestOf(layer.w), y: longestOf(output), full: full ? longestOf(full) : 0 };
    Object.assign(value, { output, full, widest });
  }
  last = { key: KEYS.map((name) => state[name]), value };
  return value;
}

function walked(state, layer) {
  const byInput = state.walk === "input";
  const [channels, size] = byInput ? [layer.cin, layer.i] : [layer.cout, layer.size];
  const cells = size[0] * size[1];
  const n = Math.min(state.step, channels * cells - 1);
  const [c, rest] = [Math.floor(n / cells), n % cells];
  const shift = byInput && !layer.transposed ? [layer.p[0][0], layer.p[1][0]] : [0, 0];
  return { count: channels * cells, n, selection: [`${byInput ? "input" : "output"} ${c}`, Math.floor(rest / size[1]) + shift[0], (rest % size[1]) + shift[1]] };
}

function convolutionScene(state, selection) {
  const { layer, output, full, widest } = prepared(state);
  if (layer.problem) return { problem: layer.problem };
  const walk = walked(state, layer);
  const following = !selection;
  const landed = following && state.reveal === "step" && state.walk === "output";
  const planes = landed ? output.map((plane, c) => plane.map((row, y) => row.map((v, x) => ((c * plane.length + y) * row.length + x > walk.n ? null : v)))) : output;
  const running = following && state.walk === "input" && layer.transposed;
  const stamps = running ? stamped(layer, walk.n + 1) : full;
  const lines = panelsOf(layer, planes, stamps, widest);
  const wanted = following || !onPanel(lines, selection) ? walk.selection : selection;
  const chosen = target(layer, wanted);
  const found = linksOf(layer, chosen);
  applyMarks(lines, marks(layer, found, chosen));
  return { lines, formula: sentence(layer, found, chosen), facts: facts(layer), steps: walk.count, selection: wanted, problem: "" };
}
