// The grids of a scene as SVG: in each panel one path for all cells of one look, and one text for each row. A step or a
// change of a parameter touches only what looks different.

const HATCHED = ["padding", "cropped", "unread", "unwritten", "overlap", "zero"];
const ABOVE = ["beyond", "overlap", "hole", "bad", "read", "written"]; // drawn after the others: outlines stay whole
const SPARE = 8; // so many rows and columns of texts that are not needed wait, out of sight, for the next change
const SHRUNK = [0.8, 0.65]; // a figure becomes so much smaller before its blocks go below each other; before it scrolls

const escaped = (text) => String(text).replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

function patterns(id) {
  const tile = (name, size, marks) => `<pattern id="${id}-${name}" width="${size}" height="${size}" patternUnits="userSpaceOnUse"><rect class="cl-tile-${name}" width="${size}" height="${size}"/>${marks}</pattern>`;
  return `<defs>${[
    tile("padding", 6, '<circle class="cl-mark" cx="3" cy="3" r="1"/>'),
    tile("zero", 10, '<circle class="cl-mark-line" cx="5" cy="5" r="2"/>'),
    tile("cropped", 8, '<path class="cl-mark-line" d="M0 0L8 8M8 0L0 8"/>'),
    tile("unread", 6, '<path class="cl-mark-line" d="M0 3H6"/>'),
    tile("unwritten", 6, '<path class="cl-mark-line" d="M3 0V6"/>'),
    tile("overlap", 7, '<path class="cl-mark-strong" d="M0 7L7 0"/>'),
  ].join("")}</defs>`;
}

// Lines and words behind the cells of a panel.
function strokesOf({ x: left, y: top, strokes = [], labels = [] }) {
  const at = ([x, y]) => `${left + CELL * x},${top + CELL * y}`;
  const lines = strokes.map(([kind, ...points]) => `<polyline class="cl-stroke cl-stroke-${kind}" points="${points.map(at).join(" ")}"/>`);
  return [...lines, ...labels.map(([x, y, text]) => `<text class="cl-label" x="${left + CELL * x}" y="${top + CELL * y}">${escaped(text)}</text>`)].join("");
}

// How small the letters of a number must be to fit a cell `room` cells wide: 0 is full size; the stylesheet has them all.
const smallness = (text, room) => [4, 5, 7].filter((length) => text.length >= length * room).length;
const onLook = (look) => ({ plain: "", none: "cl-none" })[look] ?? `cl-on-${look}`;
const numberClass = (look, small) => `${onLook(look)}${small ? ` cl-small${small}` : ""}`;
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
      const look = looks[x], [left, room] = placeOf(one, x);
      let end = left + room, lines = "";
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

class Figure {
  constructor(stage, id) {
    this.signature = "";
    this.limit = Infinity;
    this.grids = new Map();
    this.cells = [];
    stage.innerHTML = `<svg class="cl-grid" tabindex="0" role="application" aria-roledescription="grids">${patterns(id)}<g></g><g></g><g></g><rect class="cl-cursor" width="${CELL}" height="${CELL}" visibility="hidden"/></svg>`;
    this.svg = stage.firstChild;
    [, this.words, this.strokes, this.plane, this.cursor] = this.svg.children;
  }

  draw(scene, label) {
    const shape = ({ name, title, text, frame, places }) => [name, title, text.length, text[0].length, frame, places];
    const signature = JSON.stringify([this.limit, scene.lines.map((line) => [line.caption, line.blocks.map((b) => [b.sign, b.panels.map((row) => row.map(shape))])])]);
    if (signature !== this.signature) this.build(scene, signature);
    const panels = panelsIn(scene.lines);
    panels.forEach((one) => this.patch(one));
    this.stroke(panels);
    if (label !== this.label) this.svg.setAttribute("aria-label", (this.label = label));
  }

  // The stage has another width: whether the figure must be drawn again.
  fit(width) {
    const old = this.limit;
    this.limit = width > 0 ? Math.floor(width / SHRUNK[0]) : Infinity;
    return this.limit !== old;
  }

  build(scene, signature) {
    const { width, height, panels, texts } = arrange(scene.lines, this.limit);
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.svg.style.width = `${width}px`;
    this.svg.style.minWidth = `${Math.round(width * SHRUNK[1])}px`;
    this.words.innerHTML = texts.map(({ x, y, text, kind }) => `<text class="cl-${kind}" x="${x}" y="${y}">${escaped(text)}</text>`).join("");
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
    const here = { group: svgElement("g"), boxes: svgElement("g", { "data-panel": name }), numbers: svgElement("g", { class: "cl-numbers" }), lines: [], rows: [], paths: new Map() };
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
      const made = range(w).slice(row.length).map((x) => {
        const [at, room] = placeOf(one, x), look = one.look[y][x], text = look === "none" ? "" : one.text[y][x];
        return { panel: one.name, y, x, look, text, small: smallness(text, room), at, room };
      });
      const written = svgElement("text");
      written.innerHTML = made.map((cell) => `<tspan class="${numberClass(cell.look, cell.small)}" data-cell="${nameOf(cell)}" x="${(cell.at + cell.room / 2) * CELL}">${escaped(cell.text)}</tspan>`).join("");
      made.forEach((cell, n) => { cell.number = written.children[n]; });
      line.append(...written.children);
      row.push(...made);
    }
  }

  enclose(here, one) {
    put(here.frame, "visibility", one.frame ? "visible" : "hidden");
    if (!one.frame) return;
    const [top, first, bottom, end] = one.frame;
    const left = placeOf(one, first)[0] * CELL, [last, room] = placeOf(one, end - 1);
    const places = { x: left, y: top * CELL, width: (last + room) * CELL - left, height: (bottom - top) * CELL };
    for (const [name, value] of Object.entries(places)) put(here.frame, name, value);
  }

  patch(one) {
    const { rows, boxes, paths } = this.grids.get(one.name);
    one.text.forEach((texts, y) => texts.forEach((text, x) => show(rows[y][x], one.look[y][x], one.look[y][x] === "none" ? "" : text)));
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
    const at = new DOMPoint(x, y).matrixTransform(this.svg.getScreenCTM().inverse());
    const inside = (cell) => cell.look !== "none" && at.x >= cell.left + cell.at * CELL && at.x < cell.left + (cell.at + cell.room) * CELL && at.y >= cell.top + cell.y * CELL && at.y < cell.top + (cell.y + 1) * CELL;
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
function retire(cell) {
  if (!cell.number.dataset.cell) return;
  delete cell.number.dataset.cell;
  write(cell.number, (cell.text = ""));
}

function show(cell, look, text) {
  const small = text === cell.text ? cell.small : smallness(text, cell.room);
  const looks = numberClass(look, small);
  if (looks !== numberClass(cell.look, cell.small)) cell.number.setAttribute("class", looks);
  if (text !== cell.text) write(cell.number, text);
  Object.assign(cell, { look, text, small });
}

// Into the text that is there: a new one would have to be laid out from nothing.
function write(number, text) {
  if (number.firstChild) number.firstChild.data = text;
  else number.textContent = text;
}

function move(cell, [at, room]) {
  if (at === cell.at && room === cell.room) return;
  cell.number.setAttribute("x", (at + room / 2) * CELL);
  if (room !== cell.room) cell.text = null; // its letters may have another size now
  Object.assign(cell, { at, room });
}
