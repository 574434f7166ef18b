// One explorer on the page: it shows what its front end says, and passes on what a person does. It knows nothing of
// convolution.

import { list, num, plural, same } from "./arithmetic.js";
import { Controls, element, fillIn, parted, put, readNumber, say } from "./controls.js";
import { Figure } from "./figure.js";
import { MARKED } from "./layout.js";
import { fronts, meaningsOf, onePanel, panel, panelsIn, roomy } from "./scene.js";
import SETTINGS from "./settings.json" with { type: "json" };

const SPEEDS = { 0.5: "0.5 a second", 1: "1 a second", 2: "2 a second", 5: "5 a second" };
// Drawn, for not every machine has letters for them.
const ICONS = {
  play: "M1 0l8 5-8 5z",
  pause: "M1 0h3v10H1zM6 0h3v10H6z",
  back: "M9 0L3 5l6 5zM1 0h2v10H1z",
  forward: "M1 0l6 5-6 5zM7 0h2v10H7z",
};
const icon = (name) => `<svg class="cl-icon" viewBox="0 0 10 10" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;

// What every explorer may be given beside its state.
const WORN = ["controls", "caption", "challenge"];

// The name of a cell, y[3, 4], stays on one line.
const unbroken = (text) => text.replace(/\[[^\]]*\]/g, (name) => name.replaceAll(" ", "\u00a0"));

class Explorer {
  constructor(model, el) {
    this.model = model;
    this.front = fronts[model.get("kind")];
    // Of its own on the page, where every explorer brings this module along.
    this.number = globalThis.convlabExplorers = (globalThis.convlabExplorers ?? 0) + 1;
    this.id = `convlab-${this.number}`;
    this.hover = null;
    this.timer = null;
    this.speed = 1;
    this.queued = false;
    this.tries = 0;
    this.build(el);
    this.onchange = () => this.soon();
    for (const name of [...model.get("names"), ...WORN]) model.on(`change:${name}`, this.onchange);
    this.draw();
  }

  state() {
    return Object.fromEntries(this.model.get("names").map((name) => [name, this.model.get(name)]));
  }

  build(el) {
    const button = (name, label, act) => {
      const made = element("button", { type: "button", class: `cl-button cl-${name}`, onclick: act });
      made.icon = (shown, said) => {
        made.innerHTML = icon(shown);
        put(made, "aria-label", said);
        put(made, "title", said);
      };
      made.icon(name, label);
      return made;
    };
    const box = (name, attributes = {}, ...children) =>
      element("div", { class: `cl-${name}`, ...attributes }, ...children);
    const folded = (title, ...children) =>
      element("details", { class: "cl-more" }, element("summary", {}, title), ...children);
    this.slider = element("input", {
      type: "range",
      min: 0,
      max: 0,
      value: 0,
      class: "cl-slider",
      "aria-label": "step",
      oninput: () => this.go(Number(this.slider.value)),
    });
    this.counter = element("span", { class: "cl-counter" });
    this.playButton = button("play", "Play", () => this.play(!this.timer));
    this.transport = box(
      "transport",
      { role: "group", "aria-label": "steps" },
      this.playButton,
      button("back", "Step back", () => this.go(this.model.get("step") - 1)),
      this.slider,
      button("forward", "Step forward", () => this.go(this.model.get("step") + 1)),
      this.counter,
    );
    const speed = element(
      "select",
      { class: "cl-speed", onchange: (event) => this.faster(Number(event.target.value)) },
      ...Object.entries(SPEEDS).map(([value, label]) => element("option", { value }, label)),
    );
    speed.value = "1";
    this.caption = element("p", { class: "cl-say" });
    this.goal = box("goal", { role: "status" });
    const [near, far] = [box("controls"), box("controls")];
    this.alert = box("alert", { role: "alert" });
    this.stage = box("stage");
    this.formula = box("formula", { "aria-live": "polite" });
    this.editor = box("editor");
    this.legend = box("legend");
    this.facts = box("facts");
    this.codeBox = box("code");
    const pace = element("label", { class: "cl-field" }, element("span", {}, "speed of play"), speed);
    this.codeFold = folded("In code", this.codeBox);
    this.root = element(
      "section",
      { class: "convlab", "aria-label": `${this.front.title} ${this.number}` },
      this.caption,
      this.goal,
      box("bar", {}, this.transport, near),
      this.alert,
      this.stage,
      this.formula,
      this.editor,
      this.legend,
      this.facts,
      box("folds", {}, folded("More settings", far, box("controls", {}, pace)), this.codeFold),
    );
    el.replaceChildren(this.root);
    this.root.explorer = this; // for the tests
    this.figure = new Figure(this.stage, this.id);
    for (const look of MARKED) this.root.style.setProperty(`--cl-fill-${look}`, `url(#${this.id}-${look})`);
    this.controls = [near, far].map(
      (place) =>
        new Controls(
          place,
          (changes, input) => this.propose(changes, input),
          (sentence, input) => this.complain(sentence, input),
        ),
    );
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.stage.addEventListener("pointermove", (event) => this.over(event));
    this.stage.addEventListener("pointerleave", () => this.point(null));
    this.stage.addEventListener("click", (event) => this.click(event));
    this.stage.addEventListener("focusout", () => this.point(null));
    this.figure.fit(this.stage.clientWidth);
    this.width = new ResizeObserver(
      ([{ contentRect }]) => this.root && this.figure.fit(contentRect.width) && this.draw(),
    );
    this.width.observe(this.stage);
  }

  // --- changes: refused in place with a sentence, or written to the model ---

  propose(changes, input = null) {
    const next = { ...this.state(), ...changes };
    const problem = this.front.problem(next);
    if (problem) return this.complain(problem, input);
    this.complain("");
    this.tries += 1;
    const { steps, selection } = this.sceneOf(next);
    if (next.step >= steps) changes = { ...changes, step: Math.max(steps - 1, 0) };
    if (next.selection.length && !next.selection.every((v, n) => v === selection[n]))
      changes = { ...changes, selection: [] };
    this.write(changes);
  }

  // The page first, then Python: what a person sees does not wait for the kernel's line.
  write(changes) {
    for (const [name, value] of Object.entries(changes)) this.model.set(name, value);
    this.soon();
    this.saving ??= setTimeout(() => {
      this.saving = null;
      this.model.save_changes();
    });
  }

  complain(sentence, input = null) {
    for (const controls of this.controls) controls.forget();
    const named = /^\w+:/.test(sentence); // the name of a framework stays as it is
    const text = named ? sentence : sentence && sentence[0].toUpperCase() + sentence.slice(1);
    say(this.alert, text && `${text} Nothing was changed.`);
    if (sentence && input) {
      input.setAttribute("aria-invalid", "true");
      input.classList.add("cl-field-bad");
    }
  }

  set(name, value) {
    this.write({ [name]: value });
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
    this.playButton.icon(on ? "pause" : "play", on ? "Pause" : "Play");
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

  over(event) {
    const cell = this.figure.cellAt(event.clientX, event.clientY);
    this.point(cell && [cell.panel, cell.y, cell.x]);
  }

  point(selection) {
    if (JSON.stringify(selection) === JSON.stringify(this.hover)) return;
    this.hover = selection;
    this.soon();
  }

  click(event) {
    const cell = this.figure.cellAt(event.clientX, event.clientY);
    if (!cell) return;
    this.pin([cell.panel, cell.y, cell.x]);
    this.figure.svg.focus({ preventScroll: true });
  }

  pin(selection) {
    this.play(false);
    const old = this.model.get("selection");
    this.hover = selection;
    this.set("selection", JSON.stringify(old) === JSON.stringify(selection) ? [] : selection);
  }

  // JupyterLab takes letters, arrows and Enter for the notebook, adds and deletes cells: what is typed here stays here.
  // Tab moves on, Shift+Enter runs the cell as everywhere.
  key(event) {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const passed = ["Tab", "Escape"].includes(event.key) || (event.key === "Enter" && event.shiftKey);
    if (plain && !passed) event.stopPropagation();
    if (event.target === this.figure.svg && plain) this.gridKey(event);
  }

  gridKey(event) {
    const acts = {
      " ": () => this.play(!this.timer),
      Enter: () => this.cursor() && this.pin(this.cursor()),
      Escape: () => {
        this.hover = null;
        if (this.model.get("selection").length) this.set("selection", []);
        else this.soon();
      },
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

  // What a state shows. The last one is kept: a change is looked at before it is made, and then drawn.
  sceneOf(state) {
    const selection = state.selection.length ? state.selection : this.hover;
    const key = [JSON.stringify(selection), ...Object.values(state)];
    if (!this.kept || key.some((value, n) => value !== this.kept.key[n]))
      this.kept = { key, scene: this.aimed(this.front.scene(state, selection), state) };
    return this.kept.scene;
  }

  // The output that a challenge asks for stands beside the first line, its cells marked where they are not reached.
  aimed(scene, state) {
    const { output } = this.model.get("challenge") ?? {};
    if (!output || !scene.lines) return scene;
    const rows = Array.isArray(output[0]) ? output : [output],
      now = [this.front.outcome(state).output].map((found) => (Array.isArray(found[0]) ? found : [found]))[0];
    const looks = rows.map((row, y) => row.map((v, x) => (now[y]?.[x] === v ? "plain" : "bad")));
    const target = onePanel(
      "",
      roomy(
        panel(
          "target",
          "wanted",
          rows.map((row) => row.map(num)),
          looks,
        ),
      ),
    );
    const [first, ...others] = scene.lines;
    return { ...scene, lines: [{ ...first, blocks: [...first.blocks, target] }, ...others] };
  }

  // What a challenge asks for and what there is, in words.
  drawGoal(state) {
    const challenge = Object.entries(this.model.get("challenge") ?? {});
    this.goal.hidden = !challenge.length;
    if (!challenge.length) return;
    const outcome = this.front.outcome(state);
    const said = (name, value) => `${name.replaceAll("_", " ")} ${Array.isArray(value) ? list(value) : value}`;
    const open = challenge.filter(([name, wanted]) => !same(outcome[name], wanted));
    this.goal.classList.toggle("cl-goal-reached", !open.length);
    const wanted = challenge.map(([name, value]) => said(name, value)).join(", ");
    const shown = open.map(([name]) => said(name, outcome[name])).join(", ");
    say(
      this.goal,
      open.length
        ? `Challenge: ${wanted}. So far: ${shown}.`
        : `Reached: ${wanted}, after ${plural(this.tries, "change")}.`,
    );
  }

  draw() {
    const state = this.state();
    const problem = this.front.problem(state);
    if (problem) return this.complain(problem);
    const pinned = state.selection.length ? state.selection : null;
    const scene = this.sceneOf(state);
    this.scene = scene;
    this.steps = scene.steps;
    const shown = this.model.get("controls") ?? SETTINGS.controls[this.model.get("kind")].shown;
    parted(this.front.controls(state), shown).forEach((groups, n) => this.controls[n].draw(groups));
    say(this.caption, this.model.get("caption") ?? "");
    this.caption.hidden = !this.caption.textContent;
    this.drawGoal(state);
    this.transport.hidden = scene.steps < 2;
    const where = `step ${Math.min(state.step, scene.steps - 1) + 1} of ${scene.steps}`;
    put(this.slider, "max", Math.max(scene.steps - 1, 0));
    fillIn(this.slider, Math.min(state.step, scene.steps - 1));
    put(this.slider, "aria-valuetext", where);
    say(this.counter, where);
    say(this.formula, unbroken(scene.formula));
    this.figure.draw(scene, `${this.front.title}. ${scene.formula} Arrow keys move, Enter pins, space plays.`);
    this.figure.place(pinned ?? this.hover, Boolean(pinned));
    this.drawLegend(scene);
    this.drawEditor(state, pinned);
    this.text(this.facts, scene.facts.join("\n"), () => scene.facts.map((fact) => element("p", {}, fact)));
    this.drawCode(this.front.code?.(state) ?? {});
  }

  // Replace children only when what they say has changed: focus and selection in them survive.
  text(box, key, make) {
    if (box.key === key) return;
    box.key = key;
    box.replaceChildren(...make());
  }

  drawLegend(scene) {
    const looks = new Set(panelsIn(scene.lines).flatMap((one) => one.look.flat()));
    const meanings = meaningsOf(scene, looks);
    const swatch = ([look, meaning]) => {
      const item = element("span", { class: "cl-item" });
      const cell = `<rect class="cl-cell cl-${look}" width="30" height="29"/>`;
      item.innerHTML = `<svg aria-hidden="true" width="16" height="16" viewBox="-1 -1 32 32">${cell}</svg>`;
      item.append(meaning);
      return item;
    };
    this.text(this.legend, JSON.stringify(meanings), () => meanings.map(swatch));
  }

  drawEditor(state, pinned) {
    const cell = pinned && this.front.editable?.(state, pinned);
    this.text(this.editor, cell ? JSON.stringify([cell.label, cell.value]) : "", () => {
      if (!cell) return [];
      const input = element("input", { type: "text", size: 6, "aria-label": cell.label, class: "cl-value" });
      input.value = num(cell.value);
      input.addEventListener("change", () => {
        try {
          this.propose(
            this.front.editable(this.state(), this.model.get("selection")).change(readNumber(input.value, cell.label)),
            input,
          );
        } catch (error) {
          this.complain(error.message, input);
        }
      });
      return [
        element("label", {}, `${cell.label} = `, input),
        " Enter changes it; a click on the cell or Escape lets it go.",
      ];
    });
  }

  // The line of code of one framework, and a choice of frameworks where there are several.
  drawCode(code) {
    const names = Object.keys(code);
    this.codeFold.hidden = !names.length;
    this.code = code;
    this.text(this.codeBox, names.join(), () => (names.length ? this.codeLine(names) : []));
    if (!names.length) return;
    const [picked, line, , done] = this.codeBox.children;
    const shown = code[picked.value ?? names[0]];
    if (line.textContent !== shown) done.textContent = "";
    say(line, shown);
  }

  codeLine(names) {
    const several = {
      "aria-label": "framework of the code line",
      class: "cl-framework",
      onchange: () => this.drawCode(this.code),
    };
    const select =
      names.length > 1
        ? element("select", several, ...names.map((name) => element("option", { value: name }, name)))
        : element("span", { class: "cl-framework" }, names[0]);
    const line = element("code", { tabindex: "0" });
    const done = element("span", { class: "cl-done", role: "status" });
    const copy = element(
      "button",
      {
        type: "button",
        class: "cl-button cl-copy",
        onclick: async () => {
          try {
            await navigator.clipboard.writeText(line.textContent);
            done.textContent = "copied";
          } catch {
            getSelection().selectAllChildren(line);
            done.textContent = "selected: press Ctrl+C";
          }
        },
      },
      "copy",
    );
    return [select, line, copy, done];
  }

  end() {
    clearInterval(this.timer);
    this.width.disconnect();
    this.ended = true;
    for (const name of [...this.model.get("names"), ...WORN]) this.model.off(`change:${name}`, this.onchange);
    this.root = null;
  }
}

function render({ model, el }) {
  const explorer = new Explorer(model, el);
  return () => explorer.end();
}

export default { render };
