// The grids of a scene as SVG: in each panel one path for all cells of one look, and one text for each row. A step or a
// change of a parameter touches only what looks different.

import { phrase, range } from "./arithmetic.js";
import { put } from "./controls.js";
import {
  arrange,
  CELL,
  escaped,
  frameOf,
  numberClass,
  patterns,
  placeOf,
  scaleOf,
  smallness,
  strokesOf,
  wordSvg,
} from "./layout.js";
import { panelsIn } from "./scene.js";

const ABOVE = ["beyond", "overlap", "hole", "bad", "read", "written"]; // drawn after the others: outlines stay whole
const SPARE = 8; // so many rows and columns of texts that are not needed wait, out of sight, for the next change
// A browser lays out all texts of an SVG anew when its size or its scale changes: the scale goes in steps, and the SVG
// is cut from a larger sheet, which seldom becomes another.
const STEP = 1 / 32;
const SHEET = 512;
// Of a figure of more cells only the rows in the window are written at once, the others so many milliseconds later.
const LARGE = 1500;
const LATER = 100;
const SMALLEST = 21 * STEP; // before a figure becomes smaller, it scrolls

const svgElement = (tag, attributes = {}) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
};

// For each look of a panel the outlines of its cells: neighbours in a row as one box with lines between them.
function outlines(one) {
  const drawn = new Map();
  one.look.forEach((looks, y) => {
    let x = 0;
    while (x < looks.length) {
      const look = looks[x],
        [left, room] = placeOf(one, x);
      let end = left + room,
        lines = "";
      for (x += 1; looks[x] === look && placeOf(one, x)[0] === end; x += 1) {
        lines += `M${end * CELL} ${y * CELL}v${CELL}`;
        end += placeOf(one, x)[1];
      }
      const box = `M${left * CELL} ${y * CELL}H${end * CELL}v${CELL}H${left * CELL}z${lines}`;
      if (look !== "none") drawn.set(look, (drawn.get(look) ?? "") + box);
    }
  });
  return drawn;
}

export class Figure {
  constructor(stage, id) {
    this.signature = "";
    this.limit = { width: 800, height: 400 };
    this.grids = new Map();
    this.cells = [];
    const cursor = `<rect class="cl-cursor" width="${CELL}" height="${CELL}" visibility="hidden"/>`;
    const role = 'tabindex="0" role="application" aria-roledescription="grids"';
    const drawing = `<defs>${patterns(id)}</defs><g><g></g><g></g><g></g>${cursor}</g>`;
    stage.innerHTML = `<div class="cl-sheet"><svg class="cl-grid" ${role}>${drawing}</svg></div>`;
    this.sheet = stage.firstChild;
    this.svg = this.sheet.firstChild;
    this.scaled = this.svg.lastChild;
    [this.words, this.strokes, this.plane, this.cursor] = this.scaled.children;
  }

  draw(scene, label) {
    const shape = ({ name, title, text, frame, places, above, below }) => [
      name,
      title,
      text.length,
      text[0].length,
      frame,
      places,
      above,
      below,
    ];
    const signature = JSON.stringify([
      this.limit,
      scene.lines.map((line) => [
        line.caption,
        line.blocks.map((b) => [b.sign, b.panels.map((row) => row.map(shape))]),
      ]),
    ]);
    const seen = this.seen();
    if (signature !== this.signature) this.build(scene, signature);
    const panels = panelsIn(scene.lines);
    const patch = (rows) => panels.forEach((one, n) => this.patch(one, this.panels[n].y, rows));
    clearTimeout(this.waiting);
    this.waiting = seen && setTimeout(patch, LATER);
    patch(seen ?? undefined);
    this.stroke(panels);
    if (label !== this.label) this.svg.setAttribute("aria-label", (this.label = label));
  }

  // From where to where a large figure is in the window, in its own pixels.
  seen() {
    if (this.cells.length < LARGE) return null;
    const { a: scale, f: top } = this.scaled.getScreenCTM();
    return [-top / scale - CELL, (globalThis.innerHeight - top) / scale];
  }

  // The stage has another size: whether the figure must be drawn again.
  fit(width) {
    const { innerHeight } = globalThis;
    const limit = { width: Math.floor(width) - 2, height: Math.max(0.5 * innerHeight, 300) };
    if (!(width > 0) || (limit.width === this.limit.width && limit.height === this.limit.height)) return false;
    this.limit = limit;
    return true;
  }

  build(scene, signature) {
    const layout = arrange(scene.lines, this.limit),
      { width, height, panels, texts } = layout;
    const scale = Math.max(Math.floor(scaleOf(layout, this.limit) / STEP) * STEP, SMALLEST);
    put(this.scaled, "transform", `scale(${scale})`);
    this.svg.style.setProperty("--cl-scale", Math.max(scale, 1));
    for (const [side, long] of Object.entries({ width: width * scale, height: height * scale })) {
      this.sheet.style[side] = `${long}px`;
      const sheet = Number(this.svg.getAttribute(side));
      if (long > sheet || 2 * long < sheet) put(this.svg, side, SHEET * Math.ceil(long / SHEET));
    }
    this.words.innerHTML = texts.map(wordSvg).join("");
    const names = panels.map((one) => one.name);
    for (const [name, here] of this.grids) {
      if (names.includes(name)) continue;
      here.group.remove();
      this.grids.delete(name);
    }
    this.cells = panels.flatMap((one) => this.shape(one));
    this.panels = panels;
    this.signature = signature;
  }

  // The group of a panel and the cells that it has now.
  shape(one) {
    const here = this.grids.get(one.name) ?? this.group(one.name);
    const [h, w] = [one.text.length, one.text[0].length];
    put(here.group, "transform", `translate(${one.x} ${one.y})`);
    here.rows.splice(h + SPARE);
    here.lines.splice(h + SPARE).forEach((line) => line.remove());
    here.rows.forEach((row, y) => {
      row.splice(w + SPARE).forEach((cell) => cell.number.remove());
      row.slice(y < h ? w : 0).forEach(retire);
    });
    this.fill(here, one, h, w);
    this.enclose(here, one);
    const cells = here.rows.slice(0, h).flatMap((row) => row.slice(0, w));
    for (const cell of cells) {
      Object.assign(cell, { left: one.x, top: one.y });
      if (!cell.number.dataset.cell) cell.number.dataset.cell = nameOf(cell);
      move(cell, placeOf(one, cell.x));
    }
    return cells;
  }

  group(name) {
    const here = {
      group: svgElement("g"),
      boxes: svgElement("g", { "data-panel": name }),
      numbers: svgElement("g", { class: "cl-numbers" }),
      lines: [],
      rows: [],
      paths: new Map(),
    };
    here.frame = svgElement("rect", { class: "cl-frame" });
    here.group.append(here.boxes, here.numbers, here.frame);
    this.plane.append(here.group);
    this.grids.set(name, here);
    return here;
  }

  // Numbers that are not there yet: one text for each row, which is laid out faster than one for each cell.
  fill(here, one, h, w) {
    for (const y of range(h)) {
      const row = (here.rows[y] ??= []);
      if (row.length >= w) continue;
      const line = (here.lines[y] ??= here.numbers.appendChild(svgElement("text", { y: (y + 0.5) * CELL })));
      const made = range(w)
        .slice(row.length)
        .map((x) => {
          const [at, room] = placeOf(one, x),
            look = one.look[y][x],
            text = look === "none" ? "" : one.text[y][x];
          return { panel: one.name, y, x, look, text, small: smallness(text, room), at, room };
        });
      const written = svgElement("text");
      written.innerHTML = made
        .map((cell) =>
          phrase(
            `<tspan class="${numberClass(cell.look, cell.small)}" data-cell="${nameOf(cell)}"`,
            `x="${(cell.at + cell.room / 2) * CELL}">${escaped(cell.text)}</tspan>`,
          ),
        )
        .join("");
      made.forEach((cell, n) => {
        cell.number = written.children[n];
      });
      line.append(...written.children);
      row.push(...made);
    }
  }

  enclose(here, one) {
    put(here.frame, "visibility", one.frame ? "visible" : "hidden");
    if (!one.frame) return;
    for (const [name, value] of Object.entries(frameOf(one))) put(here.frame, name, value);
  }

  patch(one, top, [from, to] = [-Infinity, Infinity]) {
    const { rows, boxes, paths } = this.grids.get(one.name);
    rows.forEach((row, y) => {
      const at = top + CELL * y;
      if (at >= from && at <= to)
        row.forEach((cell, x) => show(cell, one.look[y]?.[x], one.look[y]?.[x] === "none" ? "" : one.text[y]?.[x]));
    });
    const drawn = outlines(one);
    for (const [look, path] of paths) {
      if (drawn.has(look)) continue;
      path.remove();
      paths.delete(look);
    }
    for (const [look, d] of drawn) {
      if (!paths.has(look)) {
        const path = svgElement("path", { class: `cl-cell cl-${look}` });
        path.rank = ABOVE.indexOf(look);
        boxes.insertBefore(path, [...boxes.children].find(({ rank }) => rank > path.rank) ?? null);
        paths.set(look, path);
      }
      put(paths.get(look), "d", d);
    }
  }

  // What is drawn behind the cells is little, and is drawn anew where it differs.
  stroke(panels) {
    const drawn = panels.map((one, n) => strokesOf({ ...one, x: this.panels[n].x, y: this.panels[n].y })).join("");
    if (drawn !== this.drawn) this.strokes.innerHTML = this.drawn = drawn;
  }

  // The cell at a place of the window, the last one drawn where several are.
  cellAt(x, y) {
    const at = new DOMPoint(x, y).matrixTransform(this.scaled.getScreenCTM().inverse());
    const inside = (cell) =>
      cell.look !== "none" &&
      at.x >= cell.left + cell.at * CELL &&
      at.x < cell.left + (cell.at + cell.room) * CELL &&
      at.y >= cell.top + cell.y * CELL &&
      at.y < cell.top + (cell.y + 1) * CELL;
    return this.cells.findLast(inside) ?? null;
  }

  place(selection, pinned) {
    const [name, y, x] = selection ?? [];
    const cell = this.cells.find((one) => one.panel === name && one.y === y && one.x === x);
    put(this.cursor, "visibility", cell ? "visible" : "hidden");
    put(this.cursor, "class", pinned ? "cl-cursor cl-pinned" : "cl-cursor");
    if (!cell) return;
    put(this.cursor, "x", cell.left + cell.at * CELL);
    put(this.cursor, "width", cell.room * CELL);
    put(this.cursor, "y", cell.top + cell.y * CELL);
  }
}

// --- one number: what is so already is left alone ----------------------------------------------------------------

const nameOf = ({ panel, y, x }) => `${panel}|${y}|${x}`;

// A text that waits has no name, and shows nothing.
const retire = (cell) => delete cell.number.dataset.cell;

function show(cell, look = cell.look, text = "") {
  const small = text === cell.text ? cell.small : smallness(text, cell.room);
  const looks = numberClass(look, small);
  if (looks !== numberClass(cell.look, cell.small)) cell.number.setAttribute("class", looks);
  if (text !== cell.text) write(cell.number, text);
  Object.assign(cell, { look, text, small });
}

// Into the text that is there: a new one would have to be laid out from nothing.
export function write(number, text) {
  if (number.firstChild) number.firstChild.data = text;
  else number.textContent = text;
}

export function move(cell, [at, room]) {
  if (at === cell.at && room === cell.room) return;
  cell.number.setAttribute("x", (at + room / 2) * CELL);
  if (room !== cell.room) cell.text = null; // its letters may have another size now
  Object.assign(cell, { at, room });
}
