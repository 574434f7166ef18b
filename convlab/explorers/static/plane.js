// What the front ends "matrix" and "checkerboard" share: grids of (H, W) cells, where one row stands for 1-D.

const isRow = (state) => state.weight.length === 1 && (state.input ? state.input.length === 1 : true);
const both = (state, v, one) => (isRow(state) ? [one, v] : [v, v]);
const cellName = (letter, row, y, x) => `${letter}[${row ? x : `${y}, ${x}`}]`;
const asGrid = (values, width) => range(values.length / width).map((y) => values.slice(y * width, (y + 1) * width));
const shapeOf = (values, row) => (row ? `${values[0].length}` : `${values.length}×${values[0].length}`);

const arrayEditable = (keys) => (state, [name, y, x]) => {
  const key = keys[name];
  if (!key || (name === "first" && state.transposed)) return null;
  return { label: `value of ${cellName(key === "input" ? "x" : "w", isRow(state), y, x)}`, value: state[key][y][x], change: (v) => ({ [key]: state[key].map((r, q) => (q === y ? replaced(r, x, v) : r)) }) };
};
