// What the convolution explorer shows: panels, marks, the sentence. Both views of a transposed convolution and the
// direct one come from the same list of products.

import {
  compute,
  counted,
  cropped,
  equivalent,
  factor,
  grid,
  inputAt,
  LIMITS,
  landed,
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
  same,
  span,
  stamped,
  stretched,
  tapped,
  touched,
} from "./arithmetic.js";
import { choice, dimensions, group, namedBy, whole } from "./controls.js";
import { placeOf } from "./layout.js";
import {
  added,
  allPlain,
  applyMarks,
  fronts,
  greys,
  listed,
  longestOf,
  onePanel,
  onPanel,
  panel,
  panelsIn,
  roomy,
  textsOf,
} from "./scene.js";

const ROWS = 6; // so many stamps on one axis are drawn one below the other

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
  return {
    ...sides,
    inInside: (cell) => inside(cell, [iy, ix], layer.i),
    outInside: (cell) => inside(cell, [oy, ox], layer.size),
  };
}

// What the pointer, the pin or the step means: { side: "in" | "out" | "tap" | "zero", cell }, counted with padding.
function target(layer, selection) {
  const [panel, row, column] = selection;
  if (panel === "stamps") return { side: "in", cell: [0, 0, row] };
  if (panel === "products") return { side: "tap", cell: [0, 0, row, column] };
  const [kind, ...channels] = panel.split(" ");
  const c = channels.map(Number);
  const [py, px] = [layer.p[0][0], layer.p[1][0]];
  if (kind === "input") return { side: "in", cell: [...c, row, column] };
  if (kind === "kernel") return { side: "tap", cell: [...c, row, column] };
  if (kind === "flipped") return { side: "tap", cell: [...c, layer.k[0] - 1 - row, layer.k[1] - 1 - column] };
  if (kind === "full") return { side: "out", cell: [...c, row, column] };
  if (kind === "output")
    return { side: "out", cell: layer.transposed ? [...c, row + py, column + px] : [...c, row, column] };
  const { rows, columns } = stretched(layer);
  const [y, x] = [rows[row].source, columns[column].source];
  return y === null || x === null ? { side: "zero", cell: [...c, row, column] } : { side: "in", cell: [...c, y, x] };
}

function linksOf(layer, { side, cell }) {
  if (side === "zero") return [];
  const sides = { tap: "tap", in: layer.transposed ? "small" : "large", out: layer.transposed ? "large" : "small" };
  return links(layer, sides[side], cell);
}

const ends = (layer, link) =>
  layer.transposed ? { from: link.small, to: link.large } : { from: link.large, to: link.small };

function sentence(layer, found, chosen) {
  const name = names(layer),
    { side, cell } = chosen;
  if (side === "zero") return "An inserted or padded zero: it adds nothing, whatever tap meets it.";
  const value = (link) => inputAt(layer, ...ends(layer, link).from);
  if (side === "out") {
    const inside = name.outInside(cell);
    const whole = inside ? name.out(cell) : "This cell is cropped; it";
    if (!found.length) return `${whole} = 0: no input reaches it.`;
    const total = num(found.reduce((sum, link) => sum + value(link) * link.weight, 0));
    const symbols = found.map(
      (link) =>
        `${name.inInside(ends(layer, link).from) ? name.in(ends(layer, link).from) : "0"}·${name.tap(link.tap)}`,
    );
    const terms = added(found.map((link) => `${factor(value(link))}·${factor(link.weight)}`));
    return `${whole} = ${found.length <= 4 ? `${symbols.join(" + ")} = ` : ""}${terms} = ${total}`;
  }
  if (side === "in") {
    const inside = name.inInside(cell);
    const whole = inside ? `${name.in(cell)} = ${num(inputAt(layer, ...cell))}` : "This padding zero";
    const kept = found.filter((link) => name.outInside(ends(layer, link).to));
    if (!kept.length)
      return `${whole} touches no output: ${found.length ? "all its products are cropped" : "no tap ever reads it"}.`;
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
  const markStamp = ({ small: [, , x], large: [, , at] }) =>
    marked.set(`stamps|${x}|${at}`, side === "out" ? "read" : "written");
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
    if (transposed) markStamp(link);
  }
  if (transposed && side === "out" && names(layer).outInside(cell)) markWindow(layer, cell, mark);
  return marked;
}

// The window of the equivalent convolution lies on zeros too, and meets every tap.
function markWindow(layer, [c, y, x], mark) {
  const { k, d, p, a, b, groups } = layer;
  const group = Math.floor(c / b),
    perGroup = a / groups;
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

const BLACK = "white is the largest number, black is 0 or the smallest below 0";
const FEW = 10; // so many cells side by side keep their numbers in a picture

// A panel of numbers as a picture: cells of one look in greys, without numbers where there are many.
function pictured(one, values) {
  const tones = greys(values),
    bare = one.text[0].length > FEW;
  const looks = one.look.map((row, y) => row.map((look, x) => (look === "plain" ? (tones[y]?.[x] ?? look) : look)));
  return { ...one, look: looks, text: bare ? one.text.map((row) => row.map(() => "")) : one.text };
}

// What is multiplied, tap by tap: a stamp, or what adds up in the chosen output.
function productsOf(layer, found) {
  const text = grid(layer.k[0], layer.k[1], () => "");
  for (const link of found)
    text[link.tap[2]][link.tap[3]] = num(link.weight * inputAt(layer, ...ends(layer, link).from));
  return text;
}

function productsPanel(layer, widest) {
  const text = productsOf(layer, []);
  return roomy(panel("products", "products x·w", text, allPlain(text)), Math.min(widest.x + widest.w, 11));
}

// One axis, one channel: every stamp in a row of its own, above the row of their sums.
function stampsPanel(layer, places, stamps) {
  const [n, m, s, d] = [layer.i[1], layer.full[1], layer.s[1], layer.d[1]];
  const text = grid(n, m, () => ""),
    look = grid(n, m, () => "none");
  range(Math.min(n, stamps)).forEach((x) =>
    range(layer.k[1]).forEach((t) => {
      text[x][s * x + d * t] = num(layer.x[0][0][x] * layer.w[0][0][0][t]);
      look[x][s * x + d * t] = "plain";
    }),
  );
  return { ...panel("stamps", "stamps x[i]·w, one below the other", text, look), places };
}

const single = (layer) => layer.a * layer.b === 1;

// shown: the output, all stamps and how many meet in a cell, how many stamps there are so far, whether as
// a picture; widest: the letters of the longest number of each kind, now or at a later step.
function panelsOf(layer, { outputs, full, counts, stamps, picture, view }, widest) {
  const { transposed, x, w, i, k, p, op, size, nd, cin, cout, a, b } = layer;
  const hits = [0, 1].map((n) => touched(layer, n));
  const hit = (y, x2) => hits[0].has(y) && hits[1].has(x2);
  const [py, px] = [p[0][0], p[1][0]];
  const dims = transposed ? i : layer.full;
  const toned = (one, values) => (picture ? pictured(one, values) : one);
  const products = single(layer) ? [onePanel(transposed ? "=" : "→", productsPanel(layer, widest))] : [];
  const input = range(cin).map((c) => [
    roomy(
      panel(
        `input ${c}`,
        `input x ${shape(i[0], i[1], nd)}${channel(cin > 1, c)}`,
        grid(dims[0], dims[1], (r, q) => num(inputAt(layer, c, r, q))),
        grid(dims[0], dims[1], (r, q) => {
          if (transposed) return "plain";
          const pad = r < py || q < px || r >= py + i[0] || q >= px + i[1];
          return pad ? "padding" : hit(r, q) ? "plain" : "unread";
        }),
      ),
      widest.x,
    ),
  ]);
  input.forEach(([one], c) => {
    input[c] = [
      toned(
        one,
        grid(dims[0], dims[1], (r, q) => inputAt(layer, c, r, q)),
      ),
    ];
  });
  const kernels = (kind, turn) =>
    range(a).map((m) =>
      range(b).map((n) =>
        roomy(
          panel(
            `${kind} ${m} ${n}`,
            `${kind} w${a * b > 1 ? `[${m}, ${n}]` : ` ${shape(k[0], k[1], nd)}`}`,
            textsOf(turn(w[m][n])),
            grid(k[0], k[1], () => "plain"),
          ),
          widest.w,
        ),
      ),
    );
  const output = range(cout).map((c) => [
    roomy(
      panel(
        `output ${c}`,
        `output y ${shape(size[0], size[1], nd)}${channel(cout > 1, c)}`,
        outputs[c].map((row) => row.map((v) => (v === null ? "" : num(v)))),
        grid(size[0], size[1], (r, q) => (transposed && !hit(r + py, q + px) ? "unwritten" : "plain")),
      ),
      widest.y,
    ),
  ]);
  output.forEach(([one], c) => {
    output[c] = [toned(one, outputs[c])];
  });
  if (!transposed)
    return [
      {
        caption: picture ? `In each grid ${BLACK}` : "",
        blocks: [
          { sign: "", panels: input },
          { sign: "∗", panels: kernels("kernel", (m) => m) },
          ...products,
          { sign: "=", panels: output },
        ],
      },
    ];
  const drawn = [0, 1].map((n) => layer.full[n] + Math.max(op[n] - p[n][1], 0));
  const stamping = range(cout).map((c) => [
    roomy(
      panel(
        `full ${c}`,
        `all stamps ${shape(layer.full[0], layer.full[1], nd)}${channel(cout > 1, c)}; the frame is y`,
        grid(drawn[0], drawn[1], (r, q) => num(full[c][r]?.[q] ?? 0)),
        grid(drawn[0], drawn[1], (r, q) => {
          if (r >= layer.full[0] || q >= layer.full[1])
            return r < py || q < px || r >= py + size[0] || q >= px + size[1] ? "none" : "beyond";
          if (r < py || q < px || r >= py + size[0] || q >= px + size[1]) return "cropped";
          return hit(r, q) ? (counts[c][r][q] > 1 ? "overlap" : "plain") : "unwritten";
        }),
        [py, px, py + size[0], px + size[1]],
      ),
      widest.full,
    ),
  ]);
  stamping.forEach(([one], c) => {
    stamping[c] = [toned(one, full[c])];
  });
  const rows = nd === 1 && single(layer) && i[1] <= ROWS;
  if (rows) {
    const places = range(layer.full[1]).map((c) => placeOf(stamping[0][0], c));
    stamping.unshift([stampsPanel(layer, places, stamps)]);
  }
  const cells = stretched(layer);
  const spread = range(cin).map((c) => [
    roomy(
      panel(
        `stretched ${c}`,
        `stretched, padded x ${shape(cells.rows.length, cells.columns.length, nd)}${channel(cin > 1, c)}`,
        cells.rows.map((r) =>
          cells.columns.map((q) => (r.source === null || q.source === null ? "0" : num(x[c][r.source][q.source]))),
        ),
        cells.rows.map((r) =>
          cells.columns.map((q) =>
            r.source !== null && q.source !== null ? "plain" : r.between && q.between ? "zero" : "padding",
          ),
        ),
      ),
      widest.x,
    ),
  ]);
  const lines = [
    {
      caption: `Stamping: each input cell times the kernel, added where it lands${picture ? `; ${BLACK}` : ""}`,
      blocks: [
        { sign: "", panels: input },
        { sign: "×", panels: kernels("kernel", (m) => m) },
        ...(rows ? [] : products),
        { sign: "→", panels: stamping },
      ],
    },
    {
      caption: "Zero insertion: an ordinary convolution of stride 1 with the flipped kernel",
      blocks: [
        { sign: "", panels: spread },
        { sign: "∗", panels: kernels("flipped", rotated) },
        { sign: "=", panels: output },
      ],
    },
  ];
  return { both: lines, stamping: lines.slice(0, 1), "zero insertion": lines.slice(1) }[view];
}

const axisList = (layer) => (layer.nd === 1 ? [1] : [0, 1]);

function facts(layer) {
  const { transposed, i, k, s, p, op, d, size, nd } = layer;
  const letter = (n) => (nd === 1 ? "" : ["down: ", "across: "][n]);
  const is = (n) => ` = ${size[n]}`;
  if (!transposed) {
    const sizes = axisList(layer).map(
      (n) => `${letter(n)}floor((${i[n]} + ${p[n].join(" + ")} − ${span(k[n], d[n])}) / ${s[n]}) + 1${is(n)}`,
    );
    return [
      phrase(
        `These are the parameters of a direct convolution, as torch.nn.Conv${nd}d names them. Output`,
        `size ${sizes.join("; ")}.`,
      ),
    ];
  }
  const sizes = axisList(layer).map(
    (n) => `${letter(n)}${s[n]}·(${i[n]} − 1) + ${span(k[n], d[n])} − ${p[n].join(" − ")} + ${op[n]}${is(n)}`,
  );
  const direct = axisList(layer).map((n) => {
    const e = equivalent(k[n], s[n], p[n], op[n], d[n]);
    return `${letter(n)}${plural(e.zeros, "zero")} between, padding (${e.begin}, ${e.end})`;
  });
  return [
    phrase(
      `These are the parameters of a transposed convolution, as torch.nn.ConvTranspose${nd}d names`,
      `them: padding crops the output. Output size ${sizes.join("; ")}.`,
    ),
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
    const full = layer.transposed ? stamped(layer) : null,
      counts = full && landed(layer),
      output = full ? cropped(layer, full) : compute(layer);
    const widest = {
      x: longestOf(layer.x),
      w: longestOf(layer.w),
      y: longestOf(output),
      full: full ? longestOf(full) : 0,
    };
    Object.assign(value, { output, full, counts, widest });
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
  const crop = [layer.p[0][0], layer.p[1][0]],
    cell = [Math.floor(rest / size[1]), rest % size[1]];
  return { count: channels * cells, n, selection: standsAt(state, layer, byInput, c, cell, crop) };
}

// The panel that shows a cell of the input or of the output, and where in it.
function standsAt({ view }, layer, byInput, c, [y, x], crop) {
  const moved = ([dy, dx], [sy, sx] = [1, 1]) => [sy * y + dy, sx * x + dx];
  if (!layer.transposed) return byInput ? [`input ${c}`, ...moved(crop)] : [`output ${c}`, y, x];
  if (byInput && view === "zero insertion") {
    const begin = [0, 1].map((n) => equivalent(layer.k[n], layer.s[n], layer.p[n], layer.op[n], layer.d[n]).begin);
    const at = moved(begin, layer.s);
    return at.every((v) => v >= 0) &&
      at[0] < layer.size[0] + span(layer.k[0], layer.d[0]) - 1 &&
      at[1] < layer.size[1] + span(layer.k[1], layer.d[1]) - 1
      ? [`stretched ${c}`, ...at]
      : [`output ${c}`, 0, 0];
  }
  if (!byInput && view === "stamping") return [`full ${c}`, ...moved(crop)];
  return [`${byInput ? "input" : "output"} ${c}`, y, x];
}

function convolutionScene(state, selection) {
  const { layer, output, full, counts, widest } = prepared(state);
  if (layer.problem) return { problem: layer.problem };
  const walk = walked(state, layer);
  const following = !selection;
  const later = following && state.reveal === "step" && state.walk === "output";
  const planes = later
    ? output.map((plane, c) =>
        plane.map((row, y) => row.map((v, x) => ((c * plane.length + y) * row.length + x > walk.n ? null : v))),
      )
    : output;
  const running = following && state.walk === "input" && layer.transposed;
  const stamps = running ? walk.n + 1 : Infinity;
  const shown = {
    outputs: planes,
    full: running ? stamped(layer, stamps) : full,
    counts: running ? landed(layer, stamps) : counts,
    stamps,
    picture: state.shades,
    view: state.view,
  };
  const lines = panelsOf(layer, shown, widest);
  const wanted = following || !onPanel(lines, selection) ? walk.selection : selection;
  const chosen = target(layer, wanted);
  const found = linksOf(layer, chosen);
  const products = panelsIn(lines).find(({ name }) => name === "products");
  if (products) products.text = productsOf(layer, found);
  applyMarks(lines, marks(layer, found, chosen));
  return {
    lines,
    formula: sentence(layer, found, chosen),
    facts: facts(layer),
    steps: walk.count,
    selection: wanted,
    problem: "",
  };
}

// The line of code of a convolution or a transposed convolution, in each framework.

const tuple = (values) => (values.every((v) => v === values[0]) ? `${values[0]}` : `(${values.join(", ")})`);
const args = (pairs) =>
  pairs
    .filter(([, value, silent]) => `${value}` !== `${silent}`)
    .map(([name, value]) => `, ${name}=${value}`)
    .join("");

function convolutionCode(state) {
  const { layer } = prepared(state);
  if (layer.problem) return {};
  const { nd, transposed, groups } = layer;
  const on = (values) => (nd === 1 ? [values[1]] : values);
  const [s, d, p, op] = [layer.s, layer.d, layer.p, layer.op].map(on);
  const even = p.every(([begin, end]) => begin === end);
  const seq = (values) => (nd === 1 ? `(${values[0]},)` : `(${values.join(", ")})`);
  const around = (pads) => `(${[...pads].reverse().flat().join(", ")})`;
  const common = { s: tuple(s), d: tuple(d) };
  const torchArgs = (padding) =>
    args([["stride", common.s, 1], ...padding, ["dilation", common.d, 1], ["groups", groups, 1]]);
  const refused = op.some((v, n) => v >= s[n]);
  const pairs = list(p.map(([begin, end]) => `(${begin}, ${end})`));
  const flat = list([...p.map((v) => v[0]), ...p.map((v) => v[1])]);
  const onnx = `strides=${list(s)}, pads=${flat}, dilations=${list(d)}, group=${groups}`;
  const numbers = nd === 1 ? '"NCH", "OIH", "NCH"' : '"NCHW", "OIHW", "NCHW"';
  if (!transposed) {
    const source = even ? "x" : `F.pad(x, ${around(p)})`;
    const padded = p.flat().some((v) => v)
      ? `keras.ops.pad(x, ${list(["[0, 0]", ...p.map((v) => list(v)), "[0, 0]"])})`
      : "x";
    return {
      PyTorch: `y = F.conv${nd}d(${source}, w${torchArgs([["padding", even ? tuple(p.map((v) => v[0])) : 0, 0]])})`,
      Keras:
        s.some((v) => v > 1) && d.some((v) => v > 1)
          ? "# Keras layers take no strides > 1 together with dilation_rate > 1."
          : phrase(
              `y = keras.ops.conv(${padded}, w, strides=${common.s}, padding="valid",`,
              `data_format="channels_last", dilation_rate=${common.d})  # w: (*kernel, C_in/groups, C_out)`,
            ),
      JAX: phrase(
        `y = jax.lax.conv_general_dilated(x, w, ${seq(s)}, ${pairs}, rhs_dilation=${seq(d)},`,
        `dimension_numbers=(${numbers}), feature_group_count=${groups})`,
      ),
      ONNX: `onnx.helper.make_node("Conv", ["x", "w"], ["y"], ${onnx})`,
    };
  }
  const crop = p.map(([begin, end], n) => [-begin, op[n] - end]);
  const uneven = `y = F.pad(F.conv_transpose${nd}d(x, w${torchArgs([])}), ${around(crop)})`;
  const even_ = `y = F.conv_transpose${nd}d(x, w${torchArgs([
    ["padding", tuple(p.map((v) => v[0])), 0],
    ["output_padding", tuple(op), 0],
  ])})`;
  const where = `[:, ${layer.p
    .slice(2 - nd)
    .map(([begin], n) => `${begin}:${begin + layer.size.slice(2 - nd)[n]}`)
    .join(", ")}]`;
  const smaller = "output_padding must be smaller than strides";
  const together = "no strides > 1 together with dilation_rate > 1";
  const past = op.some((v, n) => v > p[n][1]);
  const grow = op.map((v, n) => Math.max(v - p[n][1], 0));
  return {
    PyTorch: even ? even_ : uneven,
    Keras:
      groups > 1 || refused || (s.some((v) => v > 1) && d.some((v) => v > 1))
        ? `# Keras: ${groups > 1 ? "conv_transpose has no groups" : refused ? smaller : together}.`
        : phrase(
            `y = keras.ops.conv_transpose(x, w, strides=${common.s}, padding="valid",`,
            `output_padding=${past ? tuple(grow) : 0}, data_format="channels_last",`,
            `dilation_rate=${common.d})${where}  # w: (*kernel, C_out, C_in)`,
          ),
    JAX:
      groups > 1
        ? "# jax.lax.conv_transpose has no groups: one call for each group."
        : phrase(
            `y = jax.lax.conv_transpose(x, w, ${seq(s)},`,
            `${list(p.map(([begin, end], n) => `(${begin}, ${end - op[n]})`))}, rhs_dilation=${seq(d)},`,
            `dimension_numbers=(${numbers}), transpose_kernel=True, use_consistent_padding=True)`,
          ),
    ONNX: refused
      ? "# ONNX Runtime asks for output_padding < stride."
      : `onnx.helper.make_node("ConvTranspose", ["x", "w"], ["y"], ${onnx}, output_padding=${list(op)})`,
  };
}

// Front end "convolution": convolution and transposed convolution, both views of the transposed one in step.

// New arrays after a change of size: the default pattern if it was the default, else what there is, then the pattern.
function reshaped(state, { size, kernel, channels, groups, nd }) {
  const layer = layerOf(state);
  const old = { nd: state.stride.length, x: layer.x, w: layer.w };
  const fill = (before, fresh, usual) =>
    usual ? fresh : fresh.map((row, y) => row.map((v, x) => before?.[y]?.[x] ?? v));
  const usualX = old.nd !== nd || old.x.every((plane, c) => same(plane, counted(plane.length, plane[0].length, c)));
  const usualW =
    old.nd !== nd ||
    old.w.every((m, a) => m.every((plane, b) => same(plane, tapped(plane.length, plane[0].length, a, b, nd))));
  const [cin, cout] = channels;
  const [a, b] = state.transposed ? [cin, cout / groups] : [cout, cin / groups];
  if (!Number.isInteger(a) || !Number.isInteger(b))
    throw new Error(`groups ${groups} must divide the channels, ${cin} in and ${cout} out.`);
  const x = range(cin).map((c) => fill(old.x[c], counted(size[0], size[1], c), usualX));
  const w = range(a).map((m) =>
    range(b).map((n) => fill(old.w[m]?.[n], tapped(kernel[0], kernel[1], m, n, nd), usualW)),
  );
  const flat = nd === 1;
  return {
    input: flat ? x.map((plane) => plane[0]) : x,
    weight: flat ? w.map((m) => m.map((plane) => plane[0])) : w,
    groups,
  };
}

function convolutionControls(state) {
  const { layer } = prepared(state),
    nd = state.stride.length;
  const now = { size: layer.i, kernel: layer.k, channels: [layer.cin, layer.cout], groups: state.groups, nd };
  const axes = nd === 1 ? [0] : [0, 1];
  const words = nd === 1 ? [""] : state.square ? [""] : ["down", "across"];
  const perAxis = (id, label, values, min, max, change) => ({
    label,
    fields: (state.square && nd === 2 ? [0] : axes).map((n) =>
      whole(`${id} ${n}`, words[n], values[n], min, max, (v) =>
        change(state.square ? axes.map(() => v) : replaced(values, n, v)),
      ),
    ),
  });
  const drawn = (values) => (nd === 1 ? [values[1]] : values);
  const back = (values) => (nd === 1 ? [1, values[0]] : values);
  const padFields = (state.square ? [0] : axes).flatMap((n) =>
    [0, 1].map((m) =>
      whole(
        `padding ${n} ${m}`,
        (nd === 1 || state.square
          ? ["begin", "end"]
          : [
              ["top", "bottom"],
              ["left", "right"],
            ][n])[m],
        state.padding[n][m],
        0,
        LIMITS.padding,
        (v) => ({
          padding: state.padding.map((pair, q) =>
            q === n || state.square ? replaced(state.square ? state.padding[0] : pair, m, v) : pair,
          ),
        }),
      ),
    ),
  );
  const kind = choice(
    "operator",
    "operator",
    state.transposed ? "transposed" : "direct",
    { direct: "convolution", transposed: "transposed convolution" },
    (v) => {
      const turned = v === "transposed";
      if (turned === state.transposed) return {};
      // (C_out, C_in/groups) of one is (C_in, C_out/groups) of the other: the same where the channels are alike.
      const weight = layer.cin === layer.cout ? state.weight : reshapedWeight(state, layer, now);
      return { transposed: turned, output_padding: state.output_padding.map(() => 0), weight };
    },
  );
  const dims = dimensions(nd, (next) => {
    const other = (values) => (next === 1 ? [values[1]] : [values[0], values[0]]);
    const sizes =
      next === 1
        ? { size: [1, layer.i[1]], kernel: [1, layer.k[1]] }
        : { size: [Math.min(layer.i[1], 6), layer.i[1]], kernel: [layer.k[1], layer.k[1]] };
    const arrays = reshaped(state, { ...now, ...sizes, nd: next });
    return { ...arrays, ...settingsBy(state, other) };
  });
  const groups = [
    group(
      "layer",
      kind,
      dims,
      nd === 2 &&
        choice("square", "axes", state.square ? "same" : "apart", { same: "alike", apart: "each its own" }, (v) =>
          squared(state, v === "same", now),
        ),
    ),
    perAxis("input_size", "input size", drawn(layer.i), 1, LIMITS.size, (v) =>
      reshaped(state, { ...now, size: back(v) }),
    ),
    perAxis("kernel_size", "kernel_size", drawn(layer.k), 1, LIMITS.kernel, (v) =>
      reshaped(state, { ...now, kernel: back(v) }),
    ),
    perAxis("stride", "stride", state.stride, 1, LIMITS.stride, (v) => ({ stride: v })),
    group(state.transposed ? "padding (crops)" : "padding", padFields),
    ...(state.transposed
      ? [perAxis("output_padding", "output_padding", state.output_padding, 0, 3, (v) => ({ output_padding: v }))]
      : []),
    perAxis("dilation", "dilation", state.dilation, 1, LIMITS.dilation, (v) => ({ dilation: v })),
    group(
      "channels",
      whole("in_channels", "in", layer.cin, 1, LIMITS.channels, (v) =>
        reshaped(state, { ...now, channels: [v, layer.cout] }),
      ),
      whole("out_channels", "out", layer.cout, 1, LIMITS.channels, (v) =>
        reshaped(state, { ...now, channels: [layer.cin, v] }),
      ),
      whole("groups", "groups", state.groups, 1, LIMITS.channels, (v) => reshaped(state, { ...now, groups: v })),
    ),
    group(
      "steps",
      choice("walk", "go through", state.walk, { output: "output cells", input: "input cells" }, (v) => ({
        walk: v,
        step: 0,
      })),
      state.transposed &&
        choice("view", "view", state.view, namedBy(["both", "stamping", "zero insertion"]), (view) => ({
          view,
          selection: [],
        })),
      choice("picture", "cells as", state.shades ? "greys" : "numbers", PICTURES, (v) =>
        v === "house" ? { ...housed(state), shades: true, step: 0, selection: [] } : { shades: v === "greys" },
      ),
      state.walk === "output" &&
        choice("reveal", "show", state.reveal, { all: "all results", step: "results so far" }, (v) => ({ reveal: v })),
    ),
  ];
  return groups;
}

const PICTURES = { numbers: "numbers", greys: "greys", house: "a small picture" };

// A house with a door and a window, before a bright sky.
const HOUSE = grid(14, 14, (y, x) => {
  const within = (top, left, bottom, right) => y >= top && y < bottom && x >= left && x < right;
  if (within(8, 4, 10, 6)) return 1;
  if (within(9, 8, 13, 10)) return 2;
  if (within(7, 3, 13, 11)) return 6;
  if (y > 1 && y < 7 && Math.abs(x - 6.5) < y - 1) return 3;
  return y > 11 ? 4 : 9;
});
const EDGES = [
  [1, 0, -1],
  [2, 0, -2],
  [1, 0, -1],
];

const housed = ({ transposed, stride }) => ({
  input: [HOUSE],
  weight: [[transposed ? grid(3, 3, (y, x) => (2 - Math.abs(y - 1)) * (2 - Math.abs(x - 1))) : EDGES]],
  groups: 1,
  ...settingsBy({ stride, padding: [[0, 0]], dilation: [1], output_padding: [0] }, ([one]) =>
    [Array.isArray(one) ? one : Math.min(one, 2)].flatMap((v) => [v, v]),
  ),
});

function reshapedWeight(state, layer, now) {
  const groups = state.groups;
  const [a, b] = state.transposed
    ? [now.channels[1], now.channels[0] / groups]
    : [now.channels[0], now.channels[1] / groups];
  const w = range(a).map((m) => range(b).map((n) => layer.w[m % layer.a][n % layer.b]));
  return now.nd === 1 ? w.map((m) => m.map((plane) => plane[0])) : w;
}

// What a layer has one of for each axis, after `turn`.
function settingsBy({ stride, padding, dilation, output_padding }, turn) {
  const turned = { stride, padding, dilation, output_padding };
  for (const name of Object.keys(turned)) turned[name] = turn(turned[name]);
  return turned;
}

// Both axes alike: those of the first axis are taken.
function squared(state, on, now) {
  if (!on) return { square: false };
  const first = (values) => [values[0], values[0]];
  const arrays = reshaped(state, { ...now, size: first(now.size), kernel: first(now.kernel) });
  return { square: true, ...arrays, ...settingsBy(state, first) };
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
    return {
      label: `value of x${index([...(layer.cin > 1 ? c : []), ...(nd === 2 ? [y] : []), x])}`,
      value: layer.x[c[0]][y][x],
      change: (v) => ({ input: replacedAt(state.input, nd === 1 ? [c[0], x] : [c[0], y, x], v) }),
    };
  }
  if (kind !== "kernel") return null;
  const [a, b] = c;
  return {
    label: `value of ${names(layer).tap([a, b, row, column])}`,
    value: layer.w[a][b][row][column],
    change: (v) => ({ weight: replacedAt(state.weight, nd === 1 ? [a, b, column] : [a, b, row, column], v) }),
  };
}

fronts.convolution = {
  title: "Convolution explorer",
  problem: (state) => layerOf(state).problem,
  scene: convolutionScene,
  controls: convolutionControls,
  outcome: (state) => {
    const { layer, output } = prepared(state);
    const one = layer.nd === 1 ? output.map(([row]) => row) : output;
    return { output_size: layer.nd === 1 ? layer.size[1] : layer.size, output: one.length === 1 ? one[0] : one };
  },
  code: convolutionCode,
  editable: convolutionEditable,
};
