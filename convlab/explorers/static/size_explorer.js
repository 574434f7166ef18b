// Front end "sizes": a chain of layers with the size after each; a way down and up again is drawn as a U.

import {
  convSize,
  countProblem,
  isCount,
  phrase,
  plural,
  range,
  span,
  transposeSize,
  unreadCells,
} from "./arithmetic.js";
import { maybe } from "./controls.js";
import { applyMarks, fronts, onPanel, panel } from "./scene.js";
import { chainOf, KINDS, STACK, stackControls, stackProblem, stageWords } from "./stack.js";

// Size after one layer, and the cells at the end that it never reads; or { problem }.
function sizeAfter(layer, i) {
  const { kind, kernel_size: k, stride: s, padding: p, output_padding: op, dilation: d } = layer;
  if (kind === "transpose") {
    const size = transposeSize(i, k, s, [p, p], op, d);
    if (op >= Math.max(s, d))
      return {
        problem: `output_padding must be smaller than stride or dilation, got ${op} with stride ${s}, dilation ${d}.`,
      };
    if (size < 1 || size > STACK.size)
      return { problem: `the output would have ${size} cells; it must be from 1 to ${STACK.size}.` };
    return { size, lost: null, problem: "" };
  }
  if (kind === "pool" && p > k >> 1)
    return { problem: `padding of a pool must be at most half of its kernel_size, got ${p} with kernel_size ${k}.` };
  const size = convSize(i, k, s, [p, p], d);
  if (size < 1) return { problem: `the kernel spans ${span(k, d)} cells, but the padded input has only ${i + 2 * p}.` };
  return { size, lost: unreadCells(i, k, s, [p, p], d), problem: "" };
}

function sizesOf(state) {
  const { input_size, layers } = state;
  const wrong = countProblem(["input size", input_size, 1, STACK.size]) || stackProblem(layers);
  if (wrong) return { problem: wrong };
  const stages = [{ size: input_size, lost: null }];
  for (const [n, layer] of layers.entries()) {
    const stage = sizeAfter(layer, stages[n].size);
    if (stage.problem) return { problem: `layer ${n + 1}: ${stage.problem}` };
    if (layer.skip !== null && !isCount(layer.skip, 0, n))
      return { problem: `layer ${n + 1}: a skip must come from an earlier layer, got ${layer.skip}.` };
    stages.push(stage);
  }
  return { stages, problem: "" };
}

const stageName = (n) => (n === 0 ? "the input" : `layer ${n}`);

const DEEPEST = 7, // a stack that goes deeper stays on one level
  APART = 2; // rows from one level to the next

// How deep each stage stands: a stride leads down, that of a transposed convolution up.
function depthsOf(layers) {
  const depths = [0];
  for (const { kind, stride } of layers) depths.push(depths.at(-1) + (stride < 2 ? 0 : kind === "transpose" ? -1 : 1));
  const [top, bottom] = [Math.min(...depths), Math.max(...depths)];
  return depths.map((depth) => (bottom - top > DEEPEST ? 0 : APART * (depth - top)));
}

// One line of the chain: each stage a cell in the row of its depth, arrows between them, words beside.
function chainPanel(state, stages, skips, fits, { first, count }, { pitch, wide, indent }) {
  const { layers } = state,
    depth = depthsOf(layers),
    rows = Math.max(...depth) + 1,
    own = range(count).map((n) => first + n);
  const left = (n) => indent + pitch * (n - first),
    middle = (n) => left(n) + wide / 2,
    right = (n) => left(n) + wide;
  const arrow = (from, to) => {
    const [x, y] = [left(to), depth[to] + 0.5];
    if (depth[from] === depth[to])
      return [
        [right(from), y],
        [x, y],
        [
          [x - 0.2, y - 0.15],
          [x - 0.2, y + 0.15],
        ],
      ];
    const down = depth[to] > depth[from],
      end = down ? depth[to] : depth[to] + 1,
      back = down ? -0.2 : 0.2;
    return [
      [right(from), depth[from] + 0.5],
      [middle(to), depth[from] + 0.5],
      [middle(to), end],
      [
        [middle(to) - 0.15, end + back],
        [middle(to) + 0.15, end + back],
      ],
    ];
  };
  const strokes = [],
    labels = [];
  let arcs = 0;
  for (const n of own) {
    if (n > first) {
      const points = arrow(n - 1, n),
        [a, b] = points.pop();
      strokes.push(["link", ...points], ["link", a, points.at(-1), b]);
    }
    const lifted = n > first && depth[n] < depth[n - 1];
    const words = (n ? stageWords(layers[n - 1]) : ["input"]).map((text) => [text]);
    if (stages[n].lost) words.push([`${stages[n].lost} unread`, "alarm"]);
    if (!fits(n)) words.push([`needs ${stages[skips[n]].size}`, "alarm"]);
    const offset = lifted ? -0.15 - 0.42 * words.length : 0.92;
    words.forEach((word, m) => labels.push([middle(n), depth[n] + offset + 0.42 * (m + 0.85), ...word]));
    const source = skips[n];
    if (source === null) continue;
    const kind = fits(n) ? "skip" : "wrong";
    if (source < first) continue;
    const between = range(n - source - 1).map((m) => depth[source + 1 + m]);
    if (depth[source] === depth[n] && !between.includes(depth[n]))
      strokes.push([kind, [right(source), depth[n] + 0.22], [left(n), depth[n] + 0.22]]);
    else {
      arcs += 1;
      const up = -0.5 - 0.35 * arcs;
      strokes.push([
        kind,
        [middle(source), depth[source]],
        [middle(source), up],
        [middle(n) - 0.2, up],
        [middle(n) - 0.2, depth[n]],
      ]);
    }
  }
  const at = (row) => own.map((n) => depth[n] === row);
  const one = panel(
    first ? `sizes ${first}` : "sizes",
    "",
    range(rows).map((row) => at(row).map((here, m) => (here ? `${stages[first + m].size}` : ""))),
    range(rows).map((row) => at(row).map((here, m) => (here ? (fits(first + m) ? "plain" : "bad") : "none"))),
  );
  const lifted = own.some((n) => n > first && !depth[n] && depth[n - 1]);
  const above = Math.max(lifted ? 1.5 : 0.2, arcs && 0.7 + 0.35 * arcs);
  return { ...one, places: own.map((n) => [left(n), wide]), strokes, labels, above, below: 1.5 };
}

function sizesScene(state, selection) {
  const { stages, problem } = sizesOf(state);
  if (problem) return { problem };
  const { layers } = state,
    count = layers.length;
  const skips = [null, ...layers.map((layer) => layer.skip)];
  const fits = (n) => skips[n] === null || stages[skips[n]].size === stages[n].size;
  const chain = chainOf(count + 1);
  const panels = chain.lines.map((line) => [chainPanel(state, stages, skips, fits, line, chain)]);
  const lines = [{ caption: "", blocks: [{ sign: "", panels }] }];
  const step = Math.min(state.step, count - 1) + 1;
  const cellOf = (n) => {
    const line = chain.lines.findLast(({ first }) => first <= n);
    const one = panels[chain.lines.indexOf(line)][0];
    const column = n - line.first;
    return [one.name, one.look.findIndex((row) => row[column] !== "none"), column];
  };
  const wanted = selection && onPanel(lines, selection) ? selection : cellOf(step);
  const n = Number(wanted[0].split(" ")[1] ?? 0) + wanted[2];
  const marked = new Map([[cellOf(n).join("|"), fits(n) ? "written" : "bad"]]);
  if (n > 0 && fits(n - 1)) marked.set(cellOf(n - 1).join("|"), "read");
  applyMarks(lines, marked);
  const facts = [
    phrase(
      "Every layer names its own parameters: those of a transposed convolution are its own, not",
      "those of the convolution that it undoes.",
    ),
  ];
  range(count + 1).forEach((m) => {
    if (skips[m] === null) return;
    const [have, want] = [stages[m].size, stages[skips[m]].size],
      from = stageName(skips[m]);
    if (have === want) facts.push(`The skip from ${from} fits ${stageName(m)}: ${plural(have, "cell")}.`);
    else {
      const layer = layers[m - 1],
        op = layer.output_padding + want - have;
      const cure =
        layer.kind === "transpose" && op >= 0 && op < Math.max(layer.stride, layer.dilation)
          ? `output_padding ${op} in layer ${m} would make it fit`
          : `crop or pad ${plural(Math.abs(want - have), "cell")}`;
      facts.push(`The skip from ${from} does not fit ${stageName(m)}: ${want} cells, not ${have}; ${cure}.`);
    }
  });
  return {
    lines,
    facts,
    formula: sizesSentence(state, stages, n),
    steps: count,
    selection: wanted,
    problem: "",
    meaning: { read: "goes in", written: "comes out" },
  };
}

function sizesSentence({ layers }, stages, n) {
  if (n === 0) return `The input has ${plural(stages[0].size, "cell")}.`;
  const { kind, kernel_size: k, stride: s, padding: p, output_padding: op, dilation: d } = layers[n - 1];
  const [i, { size, lost }] = [stages[n - 1].size, stages[n]];
  if (kind === "transpose")
    return `Layer ${n}, ${KINDS[kind]}: ${s}·(${i} − 1) + ${span(k, d)} − ${p} − ${p} + ${op} = ${size}`;
  const back = lost
    ? phrase(
        `; the last ${lost} ${lost === 1 ? "is" : "are"} never read: a transposed convolution with`,
        `these parameters needs output_padding ${lost} to return to ${i}`,
      )
    : "";
  return `Layer ${n}, ${KINDS[kind]}: floor((${i} + ${p} + ${p} − ${span(k, d)}) / ${s}) + 1 = ${size}${back}`;
}

function sizesControls(state) {
  const chosen = Math.min(state.step, state.layers.length - 1) + 1;
  return stackControls(state, chosen, {
    kept: (layers) => layers,
    choose: (n) => ({ step: n - 1, selection: [] }),
    more: (layer, n, put) => [
      maybe("skip", "skip from", layer.skip, "none", range(n + 1), (skip) => put({ skip }), stageName),
    ],
  });
}

fronts.sizes = {
  title: "Size explorer",
  problem: (state) => sizesOf(state).problem,
  scene: sizesScene,
  controls: sizesControls,
  outcome: (state) => {
    const sizes = sizesOf(state).stages.map(({ size }) => size);
    return { sizes, output_size: sizes.at(-1) };
  },
};
