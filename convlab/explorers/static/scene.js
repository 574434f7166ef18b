// The parts of a scene: panels of cells, which cell is chosen, what is marked, and the words that all sentences share.
//
// A front end is { title, problem, scene, controls, code, editable }, pure functions of the state, which is the traits:
// problem(state) says what is wrong, or ""; scene(state, selection) what is shown; controls(state) the fields;
// code(state), where there is one, a line of code for each framework; editable(state, cell), where there is one, a number
// that a person may change.

export const fronts = {};

const SHOWN = 30;
const listed = (parts, joint) => parts.slice(0, SHOWN).join(joint) + (parts.length > SHOWN ? ` … (${parts.length} in all)` : "");

const panel = (name, title, text, look, frame = null) => ({ name, title, text, look, frame });
const onePanel = (sign, one) => ({ sign, panels: [[one]] });
const panelsIn = (lines) => lines.flatMap((line) => line.blocks.flatMap((block) => block.panels.flat()));
const textsOf = (values) => values.map((row) => row.map((v) => (v === "" ? "" : num(v))));
const allPlain = (values) => values.map((row) => row.map(() => "plain"));

// Looks that make a picture of numbers: grey10, white, for the largest, grey0, black, for 0 or the smallest below 0.
function greys(values) {
  const low = Math.min(0, ...values.flat()), high = Math.max(...values.flat());
  return values.map((row) => row.map((v) => `grey${Math.floor((10 * (v - low)) / (high - low || 1) + 0.5)}`));
}

// How many letters the longest number has.
const longestOf = (values) => values.flat(Infinity).reduce((most, v) => Math.max(most, num(v).length), 0);

// The panel with cells wide enough for its numbers, `longest` letters where it may show more later.
function roomy(one, longest = Math.max(...one.text.flat().map((text) => text.length))) {
  if (longest < 4) return one;
  const room = (Math.min(longest, 11) + 2) / 4;
  return { ...one, places: one.text[0].map((_, column) => [room * column, room]) };
}

const onPanel = (lines, [name, row, column]) => {
  const look = panelsIn(lines).find((one) => one.name === name)?.look[row]?.[column];
  return look !== undefined && look !== "none";
};

// marked: "panel|row|column" to look; what lies outside its panel is left out.
function applyMarks(lines, marked) {
  const looks = new Map(panelsIn(lines).map((one) => [one.name, one.look]));
  for (const [key, look] of marked) {
    const [name, row, column] = key.split("|");
    const old = looks.get(name)?.[row]?.[column];
    if (old !== undefined && old !== "none") looks.get(name)[row][column] = look;
  }
}
