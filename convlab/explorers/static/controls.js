// The fields above a figure. A group of fields is { label, fields, row }: with row, its label stands before the fields.

const whole = (id, label, value, min, max, change) => ({ id, label, type: "whole", value, min, max, change });
const choice = (id, label, value, options, change) => ({ id, label, type: "choice", value, options, change });
const replaced = (values, n, value) => values.map((old, m) => (m === n ? value : old));
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

const element = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
};

// Only what has changed: a value that is set again costs as much as a new one.
const put = (input, name, value) => input.getAttribute(name) === String(value) || input.setAttribute(name, value);
const say = (box, text) => box.textContent === text || (box.textContent = text);
const fillIn = (input, value) => input.value === String(value) || (input.value = value);

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
    const signature = JSON.stringify(groups.map((g) => [g.label, g.row, g.fields.map((f) => [f.id, f.label, f.type, f.options])]));
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
    this.box.replaceChildren(...groups.map((group) => element("div", { class: group.row ? "cl-group cl-row" : "cl-group", role: "group", "aria-label": group.label },
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
      made.input = element("button", { type: "button", class: "cl-button", "data-field": field.id, "aria-label": field.name ?? null, onclick: () => this.send(made, null) }, field.label);
      made.show = (now) => put(made.input, "aria-pressed", Boolean(now.value));
      return made.input;
    }
    if (field.type === "text") {
      made.input = element("input", { type: "text", class: "cl-text", "data-field": field.id, "aria-label": full, size: field.size ?? 24, onchange: () => this.send(made, made.input.value) });
      made.show = (now) => { if (made.input !== document.activeElement || !made.input.classList.contains("cl-bad")) fillIn(made.input, now.value); };
    } else {
      made.input = element("select", { "data-field": field.id, "aria-label": full, onchange: () => this.send(made, made.input.value) },
        ...field.options.map(([value, label]) => element("option", { value }, label)));
      made.show = (now) => fillIn(made.input, now.value);
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
      if (!input.classList.contains("cl-bad")) fillIn(input, now.value);
      put(input, "aria-valuenow", now.value);
      put(input, "aria-valuemin", now.min);
      put(input, "aria-valuemax", now.max);
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
