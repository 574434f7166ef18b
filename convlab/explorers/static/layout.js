// Where every panel of a scene goes, in pixels: as convlab.explorers.drawing has it for the still picture. That one is
// never broken; on a page that is too narrow, the blocks of a line go below each other.
//
// A panel may say more, all of it counted in cells from its corner: places, [left, width] of each of its columns; strokes,
// lines [kind, [x, y], [x, y], ...] behind its cells; labels, words [x, y, text] around them.

const CELL = 30, GAP = 26, TITLE = 20, CAPTION = 26, SIGN = 30, LETTER = 8.2;

const placeOf = (one, column) => one.places?.[column] ?? [column, 1];
const wideOf = (one) => (one.places ? Math.max(...one.places.map(([left, wide]) => left + wide)) : one.text[0].length);
const panelWidth = (one) => Math.max(CELL * wideOf(one), 7 * one.title.length) + GAP / 2;
const rowHeight = (row) => TITLE + GAP / 2 + CELL * Math.max(...row.map((one) => one.text.length));
const blockWidth = (block) => Math.max(...block.panels.map((row) => row.reduce((sum, one) => sum + panelWidth(one), 0)));
const blockHeight = (block) => block.panels.reduce((sum, row) => sum + rowHeight(row), 0);

// { width, height, panels, texts } of the lines of a scene; `limit` is how wide it may become, where that is possible.
export function arrange(lines, limit = Infinity) {
  const placed = [], texts = [];
  let top = 4, width = 0;
  for (const line of lines) {
    const words = line.caption ? brokenText(line.caption, limit) : [];
    words.forEach((text, n) => texts.push({ x: 4, y: top + 16 + 17 * n, text, kind: "caption" }));
    top += words.length && CAPTION + 17 * (words.length - 1);
    for (const row of brokenRow(line.blocks, limit)) {
      const height = Math.max(...row.map(blockHeight));
      let left = 4;
      for (const block of row) {
        if (block.sign) {
          texts.push({ x: left + SIGN / 2, y: top + TITLE + (height - TITLE - GAP / 2) / 2, text: block.sign, kind: "sign" });
          left += SIGN;
        }
        placeBlock(block, left, top + (height - blockHeight(block)) / 2, placed, texts);
        left += blockWidth(block);
      }
      width = Math.max(width, left);
      top += height + 4;
    }
  }
  const wordy = texts.filter(({ kind }) => kind === "caption").map(({ text }) => LETTER * text.length);
  return { width: Math.ceil(Math.max(width, ...wordy, 10)), height: Math.ceil(top), panels: placed, texts };
}

function placeBlock(block, left, top, placed, texts) {
  let y = top;
  for (const row of block.panels) {
    let x = left;
    for (const one of row) {
      placed.push({ ...one, x, y: y + TITLE });
      texts.push({ x, y: y + TITLE - 6, text: one.title, kind: "title" });
      x += panelWidth(one);
    }
    y += rowHeight(row);
  }
}

// A caption in lines that are narrow enough.
function brokenText(text, limit) {
  const lines = [];
  for (const word of text.split(" ")) {
    if (lines.length && LETTER * (lines.at(-1).length + 1 + word.length) <= limit) lines[lines.length - 1] += ` ${word}`;
    else lines.push(word);
  }
  return lines;
}

// The blocks of a line in rows that are narrow enough.
function brokenRow(blocks, limit) {
  const rows = [];
  let left = 4;
  for (const block of blocks) {
    const wide = (block.sign ? SIGN : 0) + blockWidth(block);
    if (!rows.length || left + wide > limit) {
      rows.push([]);
      left = 4;
    }
    rows.at(-1).push(block);
    left += wide;
  }
  return rows;
}
