// The parts of a scene: panels of cells, which cell is chosen, what is marked, and the words that all sentences share.
//
// A front end is { title, problem, scene, controls, outcome, code, editable }, pure functions of the state, which is
// the traits: problem(state) says what is wrong, or ""; scene(state, selection) what is shown; controls(state) the
// fields; outcome(state), where there is one, what a challenge may ask for; code(state), where there is one, a line of
// code for each framework; editable(state, cell), where there is one, a number that a person may change.

import { num, range, replacedAt } from "./arithmetic.js";

export const fronts = {};

// What looks mean, where an explorer says nothing else.
const MEANING = {
  read: "read",
  written: "written",
  padding: "padding (zeros)",
  zero: "inserted zero",
  cropped: "cropped",
  beyond: "beyond all stamps: 0",
  unread: "never read",
  unwritten: "never written",
  overlap: "sum of several stamps",
  bad: "does not fit",
  hole: "hole: never seen",
};

// [look, meaning] of those looks that have one.
export function meaningsOf(scene, looks) {
  const known = Object.keys(MEANING).filter((look) => looks.has(look));
  return known.map((look) => [look, scene.meaning?.[look] ?? MEANING[look]]);
}

const SHOWN = 30;
export const listed = (parts, joint) =>
  parts.slice(0, SHOWN).join(joint) + (parts.length > SHOWN ? ` … (${parts.length} in all)` : "");

export const added = (parts) => listed(parts, " + ");

export const panel = (name, title, text, look, frame = null) => ({ name, title, text, look, frame });
export const onePanel = (sign, one) => ({ sign, panels: [[one]] });
export const panelsIn = (lines) => lines.flatMap((line) => line.blocks.flatMap((block) => block.panels.flat()));
export const textsOf = (values) => values.map((row) => row.map((v) => (v === "" ? "" : num(v))));
export const allPlain = (values) => values.map((row) => row.map(() => "plain"));

// Looks that make a picture of numbers: grey10, white, for the largest, grey0, black, for 0 or the smallest below 0.
export function greys(values) {
  const low = Math.min(0, ...values.flat()),
    high = Math.max(...values.flat());
  return values.map((row) => row.map((v) => `grey${Math.floor((10 * (v - low)) / (high - low || 1) + 0.5)}`));
}

// How many letters the longest number has.
export const longestOf = (values) => values.flat(Infinity).reduce((most, v) => Math.max(most, num(v).length), 0);

// The panel with cells wide enough for its numbers, `longest` letters where it may show more later.
export function roomy(one, longest = Math.max(...one.text.flat().map((text) => text.length))) {
  if (longest < 4) return one;
  const room = (Math.min(longest, 11) + 2) / 4;
  return { ...one, places: one.text[0].map((_, column) => [room * column, room]) };
}

export const onPanel = (lines, [name, row, column]) => {
  const look = panelsIn(lines).find((one) => one.name === name)?.look[row]?.[column];
  return look !== undefined && look !== "none";
};

// marked: "panel|row|column" to look; what lies outside its panel is left out.
export function applyMarks(lines, marked) {
  const looks = new Map(panelsIn(lines).map((one) => [one.name, one.look]));
  for (const [key, look] of marked) {
    const [name, row, column] = key.split("|");
    const old = looks.get(name)?.[row]?.[column];
    if (old !== undefined && old !== "none") looks.get(name)[row][column] = look;
  }
}

// What the front ends "matrix" and "checkerboard" share: grids of (H, W) cells, where one row stands for 1-D.

export const isRow = (state) => state.weight.length === 1 && (state.input ? state.input.length === 1 : true);
export const both = (state, v, one) => (isRow(state) ? [one, v] : [v, v]);
export const cellName = (letter, row, y, x) => `${letter}[${row ? x : `${y}, ${x}`}]`;
export const asGrid = (values, width) =>
  range(values.length / width).map((y) => values.slice(y * width, (y + 1) * width));
export const shapeOf = (values, row) => (row ? `${values[0].length}` : `${values.length}×${values[0].length}`);

export const arrayEditable =
  (keys) =>
  (state, [name, y, x]) => {
    const key = keys[name];
    if (!key || (name === "first" && state.transposed)) return null;
    return {
      label: `value of ${cellName(key === "input" ? "x" : "w", isRow(state), y, x)}`,
      value: state[key][y][x],
      change: (v) => ({ [key]: replacedAt(state[key], [y, x], v) }),
    };
  };
