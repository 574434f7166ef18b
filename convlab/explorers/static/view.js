// The core: grids in SVG, stepping, linking, controls. It knows nothing of convolution; a front end tells it all.

const CELL = 30, GAP = 26, TITLE = 20, CAPTION = 26, SIGN = 30;
const HATCHED = ["padding", "cropped", "unread", "unwritten", "overlap", "zero"];
const MEANING = {
  read: "read", written: "written", padding: "padding (zeros)", zero: "inserted zero", cropped: "cropped", beyond: "beyond all stamps: 0",
  unread: "never read", unwritten: "never written", overlap: "several stamps", bad: "does not fit", hole: "hole: never seen",
};
let instances = 0;

const escaped = (text) => String(text).replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

// Where every panel goes, in pixels: { width, height, panels, texts }.
export function arrange(lines) {
  const placed = [], texts = [];
  let top = 4, width = 0;
  for (const line of lines) {
    if (line.caption) texts.push({ x: 4, y: top + 16, text: line.caption, kind: "caption" });
    if (line.caption) top += CAPTION;
    let left = 4, tallest = 0;
    const heights = line.blocks.map((block) => block.panels.reduce((sum, row) => sum + TITLE + GAP / 2 + CELL * Math.max(...row.map((p) => p.text.length)), 0));
    const line_height = Math.max(...heights);
    line.blocks.forEach((block, n) => {
      if (block.sign) {
        texts.push({ x: left + SIGN / 2, y: top + TITLE + (line_height - TITLE - GAP / 2) / 2, text: block.sign, kind: "sign" });
        left += SIGN;
      }
      let y = top + (line_height - heights[n]) / 2, right = left;
      for (const row of block.panels) {
        let x = left;
        for (const one of row) {
          const wide = Math.max(CELL * one.text[0].length, 7 * one.title.length);
          placed.push({ ...one, x, y: y + TITLE });
          texts.push({ x, y: y + TITLE - 6, text: one.title, kind: "title" });
          x += wide + GAP / 2;
        }
        right = Math.max(right, x);
        y += TITLE + GAP / 2 + CELL * Math.max(...row.map((p) => p.text.length));
      }
      left = right;
    });
    tallest = line_height;
    width = Math.max(width, left);
    top += tallest + 4;
  }
  const wordy = texts.filter((t) => t.kind === "caption").map((t) => 8.2 * t.text.length);
  return { width: Math.ceil(Math.max(width, ...wordy, 10)), height: Math.ceil(top), panels: placed, texts };
}

const letterSize = (text) => (text.length < 4 ? 13 : text.length < 5 ? 10.5 : text.length < 7 ? 8 : 6.5);

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

const SVG = "http://www.w3.org/2000/svg";
const svgElement = (tag, attributes, parent) => {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  parent.append(made);
  return made;
};

// One figure. Cells stay as long as their panel has them: a step or a parameter touches only what looks different.
class Figure {
  constructor(stage, id) {
    this.id = id;
    this.signature = "";
    this.grids = new Map();
    this.cells = [];
    stage.innerHTML = `<svg class="cl-grid" tabindex="0" role="application" aria-roledescription="grids">${patterns(id)}<g></g><g></g><rect class="cl-cursor" width="${CELL}" height="${CELL}" visibility="hidden"/></svg>`;
    this.svg = stage.firstChild;
    [, this.words, this.plane, this.cursor] = this.svg.children;
  }

  draw(scene, label) {
    const signature = JSON.stringify(scene.lines.map((line) => [line.caption, line.blocks.map((b) => [b.sign, b.panels.map((row) => row.map((p) => [p.name, p.title, p.text.length, p.text[0].length, p.frame]))])]));
    if (signature !== this.signature) this.build(scene, signature);
    for (const line of scene.lines) for (const block of line.blocks) for (const row of block.panels) for (const one of row) this.patch(one);
    this.svg.setAttribute("aria-label", label);
  }

  build(scene, signature) {
    const { width, height, panels, texts } = arrange(scene.lines);
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.svg.style.width = `${width}px`;
    this.svg.style.minWidth = `${Math.round(width * 0.55)}px`;
    this.words.innerHTML = texts.map(({ x, y, text, kind }) => `<text class="cl-${kind}" x="${x}" y="${y}">${escaped(text)}</text>`).join("");
    const names = panels.map((one) => one.name);
    for (const [name, grid_] of this.grids) {
      if (names.includes(name)) continue;
      grid_.group.remove();
      this.grids.delete(name);
    }
    this.cells = panels.flatMap((one) => this.shape(one));
    this.panels = panels;
    this.signature = signature;
  }

  // The group of a panel, with as many cells as it has now.
  shape(one) {
    const here = this.grids.get(one.name) ?? { group: svgElement("g", {}, this.plane), rows: [], frame: null };
    this.grids.set(one.name, here);
    here.group.setAttribute("transform", `translate(${one.x} ${one.y})`);
    const [h, w] = [one.text.length, one.text[0].length];
    const drop = (cell) => { cell.rect.remove(); cell.number.remove(); };
    here.rows.splice(h).flat().forEach(drop);
    here.rows.forEach((row) => row.splice(w).forEach(drop));
    for (const y of range(h)) {
      here.rows[y] ??= [];
      for (let x = here.rows[y].length; x < w; x += 1) {
        const rect = svgElement("rect", { "data-cell": `${one.name}|${y}|${x}`, x: x * CELL, y: y * CELL, width: CELL, height: CELL }, here.group);
        const number = svgElement("text", { x: (x + 0.5) * CELL, y: (y + 0.5) * CELL, dy: "0.35em" }, here.group);
        rect.cell = { panel: one.name, y, x, look: null, text: null, rect, number };
        here.rows[y].push(rect.cell);
      }
    }
    here.frame?.remove();
    here.frame = null;
    if (one.frame) {
      const [t, l, b, r] = one.frame;
      here.frame = svgElement("rect", { class: "cl-frame", x: l * CELL, y: t * CELL, width: (r - l) * CELL, height: (b - t) * CELL }, here.group);
    }
    return here.rows.flat().map((cell) => Object.assign(cell, { left: one.x, top: one.y }));
  }

  patch(one) {
    const { rows, group, frame } = this.grids.get(one.name);
    one.text.forEach((texts, y) => texts.forEach((text, x) => {
      const cell = rows[y][x], look = one.look[y][x];
      if (look !== cell.look) {
        if (HATCHED.includes(look)) cell.rect.style.fill = `url(#${this.id}-${look})`;
        else if (HATCHED.includes(cell.look)) cell.rect.style.fill = "";
        cell.look = look;
        cell.rect.setAttribute("class", `cl-cell cl-${look}`);
        cell.number.setAttribute("class", `cl-number cl-on-${look}`);
        if (look === "read" || look === "written") {
          // Above its neighbours, so that the outline is whole.
          group.insertBefore(cell.rect, frame);
          group.insertBefore(cell.number, frame);
        }
      }
      const shown = look === "none" ? "" : text;
      if (shown !== cell.text) {
        const size = letterSize(shown);
        if (cell.text === null || size !== letterSize(cell.text)) cell.number.style.fontSize = `${size}px`;
        cell.text = shown;
        cell.number.textContent = shown;
      }
    }));
  }

  place(selection, pinned) {
    const cell = selection && this.grids.get(selection[0])?.rows[selection[1]]?.[selection[2]];
    this.cursor.setAttribute("visibility", cell ? "visible" : "hidden");
    this.cursor.setAttribute("class", pinned ? "cl-cursor cl-pinned" : "cl-cursor");
    if (!cell) return;
    this.cursor.setAttribute("x", cell.left + cell.x * CELL);
    this.cursor.setAttribute("y", cell.top + cell.y * CELL);
  }
}

// --- controls ---------------------------------------------------------------------------------------------------

const element = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
};

// "3" is 3; anything else is no whole number, and the sentence says so.
export function readWhole(text, { min, max, name }) {
  if (!/^\s*[-+]?\d+\s*$/.test(text)) throw new Error(`${name} must be a whole number from ${min} to ${max}, got “${text}”.`);
  const value = Number(text);
  if (value < min || value > max) throw new Error(`${name} must be a whole number from ${min} to ${max}, got ${text.trim()}.`);
  return value;
}

export function readNumber(text, name) {
  const value = Number(text.trim() === "" ? NaN : text.trim().replace("−", "-"));
  if (!Number.isFinite(value) || Math.abs(value) > 1e6) throw new Error(`${name} must be a number from -1000000 to 1000000, got “${text}”.`);
  return value;
}

class Controls {
  constructor(box, id, propose, complain) {
    Object.assign(this, { box, id, propose, complain, signature: "", fields: new Map() });
  }

  draw(groups) {
    const signature = JSON.stringify(groups.map((g) => [g.label, g.fields.map((f) => [f.id, f.label, f.type, f.options])]));
    if (signature !== this.signature) this.build(groups, signature);
    for (const group of groups) {
      for (const field of group.fields) {
        const made = this.fields.get(field.id);
        made.field = field;
        made.show(field);
      }
    }
  }

  build(groups, signature) {
    const focused = [...this.fields].find(([, made]) => made.input === document.activeElement)?.[0];
    this.fields.clear();
    this.box.replaceChildren(...groups.map((group) => element("div", { class: "cl-group", role: "group", "aria-label": group.label },
      element("span", { class: "cl-group-label" }, group.label),
      element("div", { class: "cl-fields" }, ...group.fields.map((field) => this.make(field, group))))));
    this.signature = signature;
    this.fields.get(focused)?.input.focus();
  }

  make(field, group) {
    const full = [group.label, field.label].filter(Boolean).join(" ");
    const made = { field, full };
    this.fields.set(field.id, made);
    if (field.type === "whole") return this.whole(made);
    if (field.type === "button") {
      made.input = element("button", { type: "button", class: "cl-button", "data-field": field.id, onclick: () => this.send(made, null) }, field.label);
      made.show = (now) => made.input.setAttribute("aria-pressed", String(Boolean(now.value)));
      return made.input;
    }
    if (field.type === "text") {
      made.input = element("input", { type: "text", class: "cl-text", "data-field": field.id, "aria-label": full, size: field.size ?? 24, onchange: () => this.send(made, made.input.value) });
      made.show = (now) => { if (made.input !== document.activeElement || !made.input.classList.contains("cl-bad")) made.input.value = now.value; };
    } else {
      made.input = element("select", { "data-field": field.id, "aria-label": full, onchange: () => this.send(made, made.input.value) },
        ...field.options.map(([value, label]) => element("option", { value }, label)));
      made.show = (now) => (made.input.value = now.value);
    }
    return element("label", { class: "cl-field" }, ...(field.label ? [element("span", {}, field.label)] : []), made.input);
  }

  // A small field with two buttons; arrow keys count up and down. A native number field could not say what was typed.
  whole(made) {
    const move = (by) => {
      const { value, min, max } = made.field;
      const next = value + by;
      if (next < min || next > max) this.complain(`${made.full} goes from ${min} to ${max}.`, made.input);
      else this.send(made, next);
    };
    const keys = { ArrowUp: 1, ArrowDown: -1, PageUp: 5, PageDown: -5 };
    made.input = element("input", {
      type: "text", inputmode: "numeric", role: "spinbutton", size: 2, autocomplete: "off", "data-field": made.field.id, "aria-label": made.full,
      onkeydown: (event) => {
        if (!(event.key in keys)) return;
        event.preventDefault();
        const { value, min, max } = made.field;
        const by = keys[event.key];
        move(Math.abs(by) === 1 ? by : Math.max(min, Math.min(max, value + by)) - value);
      },
      onchange: () => {
        try {
          this.send(made, readWhole(made.input.value, { ...made.field, name: made.full }));
        } catch (error) {
          this.complain(error.message, made.input);
        }
      },
    });
    made.show = (now) => {
      const { input } = made;
      if (!input.classList.contains("cl-bad")) input.value = now.value;
      input.setAttribute("aria-valuenow", now.value);
      input.setAttribute("aria-valuemin", now.min);
      input.setAttribute("aria-valuemax", now.max);
    };
    const button = (sign, by) => element("button", { type: "button", tabindex: -1, "aria-hidden": "true", class: "cl-spin", onclick: () => move(by) }, sign);
    return element("label", { class: "cl-field" }, ...(made.field.label ? [element("span", {}, made.field.label)] : []),
      element("span", { class: "cl-number-box" }, button("−", -1), made.input, button("+", 1)));
  }

  send(made, value) {
    made.input.classList.remove("cl-bad");
    try {
      this.propose(made.field.change(value), made.input);
    } catch (error) {
      this.complain(error.message, made.input);
    }
  }

  // What is shown again is the state, which a refusal has not changed.
  forget() {
    for (const made of this.fields.values()) {
      made.input.classList.remove("cl-bad");
      made.input.removeAttribute("aria-invalid");
      made.show(made.field);
    }
  }
}

// --- one explorer on the page -----------------------------------------------------------------------------------

const OURS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", " ", "Enter"];
const SPEEDS = [["0.5", "0.5 a second"], ["1", "1 a second"], ["2", "2 a second"], ["5", "5 a second"]];

class Explorer {
  constructor(model, el) {
    this.model = model;
    this.front = fronts[model.get("kind")];
    this.id = `convlab-${(instances += 1)}`;
    this.hover = null;
    this.timer = null;
    this.speed = 1;
    this.queued = false;
    this.build(el);
    this.onchange = () => this.soon();
    for (const name of model.get("names")) model.on(`change:${name}`, this.onchange);
    this.draw();
  }

  state() {
    return Object.fromEntries(this.model.get("names").map((name) => [name, this.model.get(name)]));
  }

  build(el) {
    const button = (name, label, text, act) => element("button", { type: "button", class: `cl-button cl-${name}`, "aria-label": label, title: label, onclick: act }, text);
    this.root = element("section", { class: "convlab", "aria-label": this.front.title });
    this.controlBox = element("div", { class: "cl-controls" });
    this.alert = element("div", { class: "cl-alert", role: "alert" });
    this.slider = element("input", { type: "range", min: 0, max: 0, value: 0, class: "cl-slider", "aria-label": "step", oninput: () => this.go(Number(this.slider.value)) });
    this.counter = element("span", { class: "cl-counter" });
    this.playButton = button("play", "Play", "▶ play", () => this.play(!this.timer));
    const speed = element("select", { "aria-label": "speed", class: "cl-speed", onchange: (event) => this.faster(Number(event.target.value)) }, ...SPEEDS.map(([value, label]) => element("option", { value }, label)));
    speed.value = "1";
    this.transport = element("div", { class: "cl-transport", role: "group", "aria-label": "steps" },
      this.playButton, button("back", "Step back", "◀", () => this.go(this.model.get("step") - 1)), this.slider,
      button("forward", "Step forward", "▶", () => this.go(this.model.get("step") + 1)), this.counter, speed);
    this.stage = element("div", { class: "cl-stage" });
    this.formula = element("div", { class: "cl-formula", "aria-live": "polite" });
    this.editor = element("div", { class: "cl-editor" });
    this.legend = element("div", { class: "cl-legend" });
    this.facts = element("div", { class: "cl-facts" });
    this.codeBox = element("div", { class: "cl-code" });
    this.root.append(this.controlBox, this.alert, this.transport, this.formula, this.editor, this.stage, this.legend, this.facts, this.codeBox);
    el.replaceChildren(this.root);
    this.root.explorer = this; // for the tests
    this.figure = new Figure(this.stage, this.id);
    this.controls = new Controls(this.controlBox, this.id, (changes, input) => this.propose(changes, input), (sentence, input) => this.complain(sentence, input));
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.stage.addEventListener("pointerover", (event) => this.over(event));
    this.stage.addEventListener("pointerleave", () => this.point(null));
    this.stage.addEventListener("click", (event) => this.click(event));
    this.stage.addEventListener("focusout", () => this.point(null));
  }

  // --- changes: refused in place with a sentence, or written to the model ---

  propose(changes, input = null) {
    const next = { ...this.state(), ...changes };
    const problem = this.front.problem(next);
    if (problem) return this.complain(problem, input);
    this.complain("");
    this.controls.forget();
    const fresh = this.front.scene({ ...next, selection: [] }, null);
    if (next.step >= fresh.steps) changes = { ...changes, step: Math.max(fresh.steps - 1, 0) };
    if (next.selection.length && !this.front.scene(next, next.selection).selection?.every((v, n) => v === next.selection[n])) changes = { ...changes, selection: [] };
    for (const [name, value] of Object.entries(changes)) this.model.set(name, value);
    this.model.save_changes();
    this.soon();
  }

  complain(sentence, input = null) {
    this.controls.forget();
    const named = /^\w+:/.test(sentence); // the name of a framework stays as it is
    const text = named ? sentence : sentence && sentence[0].toUpperCase() + sentence.slice(1);
    this.alert.textContent = text && `${text} Nothing was changed.`;
    if (sentence && input) {
      input.setAttribute("aria-invalid", "true");
      input.classList.add("cl-bad");
    }
  }

  set(name, value) {
    this.model.set(name, value);
    this.model.save_changes();
    this.soon();
  }

  go(step, playing = false) {
    if (!playing) this.play(false);
    const bounded = Math.max(0, Math.min(step, this.steps - 1));
    if (this.model.get("selection").length) this.model.set("selection", []);
    this.hover = null;
    this.set("step", bounded);
  }

  play(on) {
    clearInterval(this.timer);
    this.timer = on ? setInterval(() => this.tick(), 1000 / this.speed) : null;
    this.playButton.textContent = on ? "⏸ pause" : "▶ play";
    this.playButton.setAttribute("aria-label", on ? "Pause" : "Play");
    this.playButton.title = on ? "Pause" : "Play";
    // A screen reader would talk all the time.
    this.formula.setAttribute("aria-live", on ? "off" : "polite");
    if (on && this.model.get("step") >= this.steps - 1) this.go(0, true);
  }

  tick() {
    const step = this.model.get("step");
    if (step >= this.steps - 1) this.play(false);
    else this.go(step + 1, true);
  }

  faster(speed) {
    this.speed = speed;
    if (this.timer) this.play(true);
  }

  // --- pointing: hover or keyboard cursor, pin ---

  cellOf(event) {
    return event.target.cell ?? null;
  }

  over(event) {
    const cell = this.cellOf(event);
    this.point(cell && cell.look !== "none" ? [cell.panel, cell.y, cell.x] : null);
  }

  point(selection) {
    if (JSON.stringify(selection) === JSON.stringify(this.hover)) return;
    this.hover = selection;
    this.soon();
  }

  click(event) {
    const cell = this.cellOf(event);
    if (!cell || cell.look === "none") return;
    this.pin([cell.panel, cell.y, cell.x]);
    this.figure.svg.focus({ preventScroll: true });
  }

  pin(selection) {
    this.play(false);
    const old = this.model.get("selection");
    this.hover = selection;
    this.set("selection", JSON.stringify(old) === JSON.stringify(selection) ? [] : selection);
  }

  // JupyterLab takes arrow keys, Enter and letters for the notebook; what is meant for the explorer stays here.
  key(event) {
    const field = event.target.matches("input[type=text], select, textarea");
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const wanted = OURS.includes(event.key) && !(event.key === "Enter" && event.shiftKey);
    if (plain && (wanted || (field && event.key !== "Tab" && event.key !== "Escape"))) event.stopPropagation();
    if (event.target === this.figure.svg && plain) this.gridKey(event);
  }

  gridKey(event) {
    const acts = {
      " ": () => this.play(!this.timer),
      Enter: () => this.cursor() && this.pin(this.cursor()),
      Escape: () => { this.hover = null; if (this.model.get("selection").length) this.set("selection", []); else this.soon(); },
      Home: () => this.go(0),
      End: () => this.go(this.steps - 1),
      PageUp: () => this.jump(-1),
      PageDown: () => this.jump(1),
      ArrowLeft: () => this.walk(0, -1),
      ArrowRight: () => this.walk(0, 1),
      ArrowUp: () => this.walk(-1, 0),
      ArrowDown: () => this.walk(1, 0),
    };
    if (!(event.key in acts) || event.shiftKey) return;
    event.preventDefault();
    acts[event.key]();
  }

  cursor() {
    return this.hover ?? (this.model.get("selection").length ? this.model.get("selection") : this.scene?.selection);
  }

  walk(dy, dx) {
    const [name, y, x] = this.cursor() ?? [];
    const here = this.figure.panels.find((p) => p.name === name);
    if (!here) return;
    this.play(false);
    if (this.model.get("selection").length) this.set("selection", []);
    if (here.text[y + dy]?.[x + dx] !== undefined) this.point([name, y + dy, x + dx]);
    else if (dx) this.jump(dx, y);
  }

  jump(by, row = 0) {
    const panels = this.figure.panels;
    const now = panels.findIndex((p) => p.name === this.cursor()?.[0]);
    const next = panels[now + by];
    if (!next) return;
    if (this.model.get("selection").length) this.set("selection", []);
    this.point([next.name, Math.min(row, next.text.length - 1), by < 0 ? next.text[0].length - 1 : 0]);
  }

  // --- drawing ---

  soon() {
    if (this.queued) return;
    this.queued = true;
    queueMicrotask(() => {
      this.queued = false;
      if (this.root) this.draw();
    });
  }

  draw() {
    const state = this.state();
    const problem = this.front.problem(state);
    if (problem) return this.complain(problem);
    const pinned = state.selection.length ? state.selection : null;
    const scene = this.front.scene(state, pinned ?? this.hover);
    this.scene = scene;
    this.steps = scene.steps;
    this.controls.draw(this.front.controls(state));
    this.transport.hidden = scene.steps < 2;
    this.slider.max = Math.max(scene.steps - 1, 0);
    this.slider.value = state.step;
    this.slider.setAttribute("aria-valuetext", `step ${state.step + 1} of ${scene.steps}`);
    this.counter.textContent = `step ${Math.min(state.step, scene.steps - 1) + 1} of ${scene.steps}`;
    this.formula.textContent = scene.formula;
    this.figure.draw(scene, `${this.front.title}. ${scene.formula} Arrow keys move, Enter pins, space plays.`);
    this.figure.place(pinned ?? this.hover, Boolean(pinned));
    this.drawLegend(scene);
    this.drawEditor(state, pinned);
    this.text(this.facts, scene.facts.join("\n"), () => scene.facts.map((fact) => element("p", {}, fact)));
    const code = this.front.code?.(state) ?? {};
    this.text(this.codeBox, JSON.stringify(code), () => this.codeLines(code));
  }

  // Replace children only when what they say has changed: focus and selection in them survive.
  text(box, key, make) {
    if (box.dataset.key === key) return;
    box.dataset.key = key;
    box.replaceChildren(...make());
  }

  drawLegend(scene) {
    const looks = new Set(this.figure.cells.map((cell) => cell.look));
    const shown = Object.keys(MEANING).filter((look) => looks.has(look));
    const swatch = (look) => {
      const fill = HATCHED.includes(look) ? ` style="fill:url(#${this.id}-${look})"` : "";
      const item = element("span", { class: "cl-item" });
      item.innerHTML = `<svg aria-hidden="true" width="18" height="18"><rect class="cl-cell cl-${look}" x="2" y="2" width="14" height="14"${fill}/></svg>`;
      item.append(scene.meaning?.[look] ?? MEANING[look]);
      return item;
    };
    this.text(this.legend, shown.join() + JSON.stringify(scene.meaning ?? ""), () => shown.map(swatch));
  }

  drawEditor(state, pinned) {
    const cell = pinned && this.front.editable?.(state, pinned);
    this.text(this.editor, cell ? JSON.stringify([cell.label, cell.value]) : "", () => {
      if (!cell) return [];
      const input = element("input", { type: "text", size: 6, "aria-label": cell.label, class: "cl-value" });
      input.value = num(cell.value);
      input.addEventListener("change", () => {
        try {
          this.propose(this.front.editable(this.state(), this.model.get("selection")).change(readNumber(input.value, cell.label)), input);
        } catch (error) {
          this.complain(error.message, input);
        }
      });
      return [element("label", {}, `${cell.label} = `, input), " Enter changes it; a click on the cell or Escape lets it go."];
    });
  }

  codeLines(code) {
    const names = Object.keys(code);
    if (!names.length) return [];
    const shown = names.includes(this.framework) ? this.framework : names[0];
    const select = element("select", { "aria-label": "framework of the code line", class: "cl-framework" }, ...names.map((name) => element("option", { value: name }, name)));
    select.value = shown;
    const line = element("code", { tabindex: "0" }, code[shown]);
    const done = element("span", { class: "cl-done", role: "status" });
    const copy = element("button", { type: "button", class: "cl-button cl-copy", onclick: async () => {
      try {
        await navigator.clipboard.writeText(line.textContent);
        done.textContent = "copied";
      } catch {
        getSelection().selectAllChildren(line);
        done.textContent = "selected: press Ctrl+C";
      }
    } }, "copy");
    select.addEventListener("change", () => {
      this.framework = select.value;
      line.textContent = code[select.value];
      done.textContent = "";
    });
    return [select, line, copy, done];
  }

  end() {
    clearInterval(this.timer);
    this.ended = true;
    for (const name of this.model.get("names")) this.model.off(`change:${name}`, this.onchange);
    this.root = null;
  }
}

function render({ model, el }) {
  const explorer = new Explorer(model, el);
  return () => explorer.end();
}

export default { render };
