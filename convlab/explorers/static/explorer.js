// One explorer on the page: it shows what its front end says, and passes on what a person does. It knows nothing of
// convolution.

const MEANING = {
  read: "read", written: "written", padding: "padding (zeros)", zero: "inserted zero", cropped: "cropped", beyond: "beyond all stamps: 0",
  unread: "never read", unwritten: "never written", overlap: "several stamps", bad: "does not fit", hole: "hole: never seen",
};
const OURS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", " ", "Enter"];
const SPEEDS = [["0.5", "0.5 a second"], ["1", "1 a second"], ["2", "2 a second"], ["5", "5 a second"]];

class Explorer {
  constructor(model, el) {
    this.model = model;
    this.front = fronts[model.get("kind")];
    // Of its own on the page, where every explorer brings this module along.
    this.id = `convlab-${(globalThis.convlabExplorers = (globalThis.convlabExplorers ?? 0) + 1)}`;
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
    for (const look of HATCHED) this.root.style.setProperty(`--cl-fill-${look}`, `url(#${this.id}-${look})`);
    this.controls = new Controls(this.controlBox, this.id, (changes, input) => this.propose(changes, input), (sentence, input) => this.complain(sentence, input));
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.stage.addEventListener("pointermove", (event) => this.over(event));
    this.stage.addEventListener("pointerleave", () => this.point(null));
    this.stage.addEventListener("click", (event) => this.click(event));
    this.stage.addEventListener("focusout", () => this.point(null));
    this.width = new ResizeObserver(([{ contentRect }]) => this.root && this.figure.fit(contentRect.width) && this.draw());
    this.width.observe(this.stage);
  }

  // --- changes: refused in place with a sentence, or written to the model ---

  propose(changes, input = null) {
    const next = { ...this.state(), ...changes };
    const problem = this.front.problem(next);
    if (problem) return this.complain(problem, input);
    this.complain("");
    const { steps, selection } = this.sceneOf(next);
    if (next.step >= steps) changes = { ...changes, step: Math.max(steps - 1, 0) };
    if (next.selection.length && !next.selection.every((v, n) => v === selection[n])) changes = { ...changes, selection: [] };
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
    this.controls.forget();
    const named = /^\w+:/.test(sentence); // the name of a framework stays as it is
    const text = named ? sentence : sentence && sentence[0].toUpperCase() + sentence.slice(1);
    say(this.alert, text && `${text} Nothing was changed.`);
    if (sentence && input) {
      input.setAttribute("aria-invalid", "true");
      input.classList.add("cl-bad");
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

  // What a state shows. The last one is kept: a change is looked at before it is made, and then drawn.
  sceneOf(state) {
    const selection = state.selection.length ? state.selection : this.hover;
    const key = [JSON.stringify(selection), ...Object.values(state)];
    if (!this.kept || key.some((value, n) => value !== this.kept.key[n])) this.kept = { key, scene: this.front.scene(state, selection) };
    return this.kept.scene;
  }

  draw() {
    const state = this.state();
    const problem = this.front.problem(state);
    if (problem) return this.complain(problem);
    const pinned = state.selection.length ? state.selection : null;
    const scene = this.sceneOf(state);
    this.scene = scene;
    this.steps = scene.steps;
    this.controls.draw(this.front.controls(state));
    this.transport.hidden = scene.steps < 2;
    const where = `step ${Math.min(state.step, scene.steps - 1) + 1} of ${scene.steps}`;
    put(this.slider, "max", Math.max(scene.steps - 1, 0));
    fillIn(this.slider, Math.min(state.step, scene.steps - 1));
    put(this.slider, "aria-valuetext", where);
    say(this.counter, where);
    say(this.formula, scene.formula);
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
    const looks = new Set(this.figure.cells.map((cell) => cell.look));
    const shown = Object.keys(MEANING).filter((look) => looks.has(look));
    const swatch = (look) => {
      const item = element("span", { class: "cl-item" });
      item.innerHTML = `<svg aria-hidden="true" width="18" height="18"><rect class="cl-cell cl-${look}" x="2" y="2" width="14" height="14"/></svg>`;
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

  // The line of code of one framework, and a choice of frameworks where there are several.
  drawCode(code) {
    const names = Object.keys(code);
    this.code = code;
    this.text(this.codeBox, names.join(), () => (names.length ? this.codeLine(names) : []));
    if (!names.length) return;
    const [picked, line, , done] = this.codeBox.children;
    const shown = code[picked.value ?? names[0]];
    if (line.textContent !== shown) done.textContent = "";
    say(line, shown);
  }

  codeLine(names) {
    const several = { "aria-label": "framework of the code line", class: "cl-framework", onchange: () => this.drawCode(this.code) };
    const select = names.length > 1
      ? element("select", several, ...names.map((name) => element("option", { value: name }, name)))
      : element("span", { class: "cl-framework" }, names[0]);
    const line = element("code", { tabindex: "0" });
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
    return [select, line, copy, done];
  }

  end() {
    clearInterval(this.timer);
    this.width.disconnect();
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
