// Where every panel of a scene goes, in pixels: the lines of a scene below or beside each other, the blocks of a line
// below each other where the page is too narrow, many channels in two columns; whichever may be drawn largest.
//
// A panel may say more, all of it counted in cells from its corner: places, [left, width] of each of its columns;
// strokes, lines [kind, [x, y], [x, y], ...] behind its cells; labels, words [x, y, text] around them; above and
// below, how much room those need.

export const CELL = 30,
  GAP = 26,
  TITLE = 20,
  CAPTION = 24,
  SIGN = 30,
  LETTER = 7.2;
const ENLARGED = 1.6, // at most so much larger than drawn
  LOW = 0.75, // a figure may become higher than its limit rather than smaller than this
  SPREAD = 2; // channels in a column before they stand in two

export const placeOf = (one, column) => one.places?.[column] ?? [column, 1];
const wideOf = (one) => (one.places ? Math.max(...one.places.map(([left, wide]) => left + wide)) : one.text[0].length);
const panelWidth = (one) => Math.max(CELL * wideOf(one), LETTER * one.title.length) + GAP / 2;
const riseOf = (row) =>
  (row.some((one) => one.title) ? TITLE : 0) + CELL * Math.max(...row.map((one) => one.above ?? 0));
const rowHeight = (row) =>
  riseOf(row) + GAP / 2 + CELL * Math.max(...row.map((one) => one.text.length + (one.below ?? 0)));
const widthOf = (row) => row.reduce((sum, one) => sum + panelWidth(one), 0);
const blockWidth = (block) => Math.max(...block.panels.map(widthOf));
const blockHeight = (block) => block.panels.reduce((sum, row) => sum + rowHeight(row), 0);

// How large a drawing may be shown within a limit.
export const scaleOf = ({ width, height }, limit) =>
  Math.min(limit.width / width, Math.max(limit.height / height, LOW), ENLARGED);

// { width, height, panels, texts } of the lines of a scene, where `limit` is how wide and high it may become.
export function arrange(lines, limit) {
  const narrow = limit.width / 0.8;
  const ways = [stacked(lines, Infinity), stacked(lines, narrow)];
  if (lines.length > 1) ways.push(beside(lines));
  if (lines.some((line) => line.blocks.some(isColumn))) {
    const spread = lines.map((line) => ({ ...line, blocks: line.blocks.map(inTwo) }));
    ways.push(stacked(spread, Infinity), stacked(spread, narrow));
    if (lines.length > 1) ways.push(beside(spread));
  }
  // A figure that would have to scroll sideways comes last.
  const scales = ways.map(({ width, height }) => {
    const across = limit.width / width;
    return Math.min(across, limit.height / height, ENLARGED) - (across < LOW ? 1 : 0);
  });
  return ways[scales.indexOf(Math.max(...scales))];
}

const isColumn = ({ panels }) => panels.length > SPREAD && panels.every((row) => row.length === 1 && row[0].title);

// A column of panels in two.
function inTwo(block) {
  if (!isColumn(block)) return block;
  const all = block.panels.flat(),
    half = Math.ceil(all.length / 2);
  return { ...block, panels: all.slice(0, half).map((_, n) => all.slice(2 * n, 2 * n + 2)) };
}

function stacked(lines, limit) {
  const drawn = { width: 10, height: 4, panels: [], texts: [] };
  for (const line of lines) placeLine(line, 4, drawn.height, limit, drawn);
  return { ...drawn, width: Math.ceil(drawn.width), height: Math.ceil(drawn.height) };
}

function beside(lines) {
  const drawn = { width: 10, height: 4, panels: [], texts: [] };
  let height = 4;
  for (const line of lines) {
    drawn.height = 4;
    placeLine(line, drawn.width === 10 ? 4 : drawn.width + GAP, 4, Infinity, drawn);
    height = Math.max(height, drawn.height);
  }
  return { ...drawn, width: Math.ceil(drawn.width), height: Math.ceil(height) };
}

// Puts a line into `drawn`, its corner at (left, top), and makes `drawn` as large as it is then.
function placeLine(line, left, top, limit, drawn) {
  const blocks = brokenRow(line.blocks, limit);
  const wide = Math.max(...blocks.map((row) => row.reduce((sum, block) => sum + wideBlock(block), 0)));
  const words = line.caption ? brokenText(line.caption, Math.max(wide, Math.min(limit, 420))) : [];
  words.forEach((text, n) => drawn.texts.push({ x: left, y: top + 16 + 16 * n, text, kind: "caption" }));
  let [y, right] = [top + (words.length && CAPTION + 16 * (words.length - 1)), left];
  for (const row of blocks) {
    const height = Math.max(...row.map(blockHeight));
    let x = left;
    for (const block of row) {
      if (block.sign) {
        const middle = y + TITLE + (height - TITLE - GAP / 2) / 2;
        drawn.texts.push({ x: x + SIGN / 2 - GAP / 4, y: middle, text: block.sign, kind: "sign" });
        x += SIGN;
      }
      placeBlock(block, x, y + (height - blockHeight(block)) / 2, drawn);
      x += blockWidth(block);
    }
    right = Math.max(right, x);
    y += height + 4;
  }
  drawn.width = Math.max(drawn.width, right, ...words.map((text) => left + LETTER * text.length));
  drawn.height = y;
}

const wideBlock = (block) => (block.sign ? SIGN : 0) + blockWidth(block);

function placeBlock(block, left, top, { panels, texts }) {
  let y = top;
  for (const row of block.panels) {
    const rise = riseOf(row);
    let x = left;
    for (const one of row) {
      panels.push({ ...one, x, y: y + rise });
      if (one.title) texts.push({ x, y: y + rise - 6 - CELL * (one.above ?? 0), text: one.title, kind: "title" });
      x += panelWidth(one);
    }
    y += rowHeight(row);
  }
}

// A caption in lines that are narrow enough.
function brokenText(text, limit) {
  const lines = [];
  for (const word of text.split(" ")) {
    if (lines.length && LETTER * (lines.at(-1).length + 1 + word.length) <= limit)
      lines[lines.length - 1] += ` ${word}`;
    else lines.push(word);
  }
  return lines;
}

// The blocks of a line in rows that are narrow enough.
function brokenRow(blocks, limit) {
  const rows = [];
  let left = 4;
  for (const block of blocks) {
    const wide = wideBlock(block);
    if (!rows.length || left + wide > limit) {
      rows.push([]);
      left = 4;
    }
    rows.at(-1).push(block);
    left += wide;
  }
  return rows;
}

// The box around the framed cells of a panel, from the panel's corner.
export function frameOf(one) {
  const [top, first, bottom, end] = one.frame;
  const left = placeOf(one, first)[0] * CELL,
    [last, room] = placeOf(one, end - 1);
  return { x: left, y: top * CELL, width: (last + room) * CELL - left, height: (bottom - top) * CELL };
}

// How small the letters of a number must be to fit a cell `room` cells wide: 0 is full size.
export const smallness = (text, room) => [4, 5, 7].filter((length) => text.length >= length * room).length;
// The classes of a number.
export const numberClass = (look, small) =>
  `${{ plain: "", none: "cl-none" }[look] ?? `cl-on-${look}`}${small ? ` cl-small${small}` : ""}`;

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" };
export const escaped = (text) => String(text).replace(/[&<>"']/g, (c) => ENTITIES[c]);

// What says without colour what a cell is: marks along its lower edge, where no digit stands.
const MARKS = {
  padding: [6, '<circle class="cl-mark" cx="3" cy="26.5" r="1"/>'],
  zero: [8, '<circle class="cl-mark-line" cx="4" cy="26" r="1.7"/>'],
  cropped: [6, '<path class="cl-mark-line" d="M1 24.5l4 4M5 24.5l-4 4"/>'],
  unread: [6, '<path class="cl-mark-line" d="M0 26.5H6"/>'],
  unwritten: [4, '<path class="cl-mark-line" d="M2 24V29"/>'],
  overlap: [5, '<path class="cl-mark-line" d="M0 29L5 24"/>'],
};
export const MARKED = Object.keys(MARKS);
export const patterns = (id) =>
  MARKED.map((look) => {
    const [size, marks] = MARKS[look],
      box = `width="${size}" height="${CELL}"`;
    const ground = `<rect class="cl-tile-${look}" ${box}/>`;
    return `<pattern id="${id}-${look}" ${box} patternUnits="userSpaceOnUse">${ground}${marks}</pattern>`;
  }).join("");

// Six digits are enough for a place.
export const short = (v) => String(Number(v.toPrecision(6)));

// Lines and words behind the cells of a panel.
export function strokesOf({ x: left, y: top, strokes = [], labels = [] }) {
  const at = ([x, y]) => `${short(left + CELL * x)},${short(top + CELL * y)}`;
  const lines = strokes.map(
    ([kind, ...points]) => `<polyline class="cl-stroke cl-stroke-${kind}" points="${points.map(at).join(" ")}"/>`,
  );
  const words = labels.map(([x, y, text, kind]) =>
    wordSvg({ x: left + CELL * x, y: top + CELL * y, text, kind: kind ? `label cl-${kind}` : "label" }),
  );
  return [...lines, ...words].join("");
}

export const wordSvg = ({ x, y, text, kind }) =>
  `<text class="cl-${kind}" x="${short(x)}" y="${short(y)}">${escaped(text)}</text>`;
