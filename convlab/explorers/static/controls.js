// The fields around a figure. A group of fields is { label, fields }. The first word of a field's id is its name: what
// settings.json lists, and an explorer's `controls` asks for.

import { same } from "./arithmetic.js";

export const whole = (id, label, value, min, max, change) => ({ id, label, type: "whole", value, min, max, change });
export const press = (id, label, change, value = false) => ({ id, label, type: "button", value, change });
export const typed = (id, label, size, value, change) => ({ id, label, type: "text", size, value, change });
// options: an object, or pairs of a value and what is shown for it, where the order of an object would be another.
export const choice = (id, label, value, options, change) => {
  return {
    id,
    label,
    type: "choice",
    value,
    options: Array.isArray(options) ? options : Object.entries(options),
    change,
  };
};
// A number of the state by its own name; `then` completes a change.
export const setting = (state, name, min, max, label = name, then = (change) => change) =>
  whole(name, label, state[name] ?? 0, min, max, (v) => then({ [name]: v }));
// One of some numbers, or none of them: null, for which `none` is shown.
export const maybe = (id, label, value, none, numbers, change, said = String) => {
  const options = [["", none], ...numbers.map((v) => [`${v}`, said(v)])];
  return choice(id, label, `${value ?? ""}`, options, (v) => change(v === "" ? null : Number(v)));
};
export const dimensions = (nd, change) =>
  choice("dimensions", "dimensions", `${nd}`, { 1: "1-D", 2: "2-D" }, (v) => (v === `${nd}` ? {} : change(Number(v))));
// A button that brings an explorer into a state, pressed as long as it is so.
export const example = (id, label, state, values, also = { step: 0 }) => {
  const is = Object.entries(values).every(([name, v]) => same(state[name], v));
  return press(id, label, () => ({ ...values, ...also }), is);
};
export const namedBy = (names) => names.map((name) => [name, name]);
// Fields, lists of fields, and what is false, which is left out.
export const group = (label, ...fields) => ({ label, fields: fields.flat().filter(Boolean) });

export const element = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
};

const labelled = ({ label }, made) =>
  element("label", { class: "cl-field" }, ...(label ? [element("span", {}, label)] : []), made);

// Only what has changed: a value that is set again costs as much as a new one.
export const put = (input, name, value) =>
  input.getAttribute(name) === String(value) || input.setAttribute(name, value);
export const say = (box, text) => box.textContent === text || (box.textContent = text);
export const fillIn = (input, value) => input.value === String(value) || (input.value = value);

// "3" is 3; anything else is no whole number, and the sentence says so.
export function readWhole(text, { min, max, name }) {
  if (!/^\s*[-+]?\d+\s*$/.test(text))
    throw new Error(`${name} must be a whole number from ${min} to ${max}, got “${text}”.`);
  const value = Number(text);
  if (value < min || value > max)
    throw new Error(`${name} must be a whole number from ${min} to ${max}, got ${text.trim()}.`);
  return value;
}

export function readNumber(text, name) {
  const value = Number(text.trim() === "" ? NaN : text.trim().replace("−", "-"));
  if (!Number.isFinite(value) || Math.abs(value) > 1e6)
    throw new Error(`${name} must be a number from -1000000 to 1000000, got “${text}”.`);
  return value;
}

export const fieldName = ({ id }) => id.split(" ")[0];

// The groups of fields that are asked for, and the others.
export function parted(groups, shown) {
  const those = (wanted) =>
    groups
      .map((one) => ({ ...one, fields: one.fields.filter((field) => shown.includes(fieldName(field)) === wanted) }))
      .filter(({ fields }) => fields.length);
  return [those(true), those(false)];
}

export class Controls {
  constructor(box, propose, complain) {
    Object.assign(this, { box, propose, complain, signature: "", fields: new Map() });
  }

  draw(groups) {
    const signature = JSON.stringify(
      groups.map((g) => [g.label, g.fields.map((f) => [f.id, f.label, f.type, f.options])]),
    );
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
    this.box.replaceChildren(
      ...groups.map((group) =>
        element(
          "div",
          { class: "cl-group", role: "group", "aria-label": group.label || null },
          ...(group.label ? [element("span", { class: "cl-group-label" }, group.label)] : []),
          element("div", { class: "cl-fields" }, ...group.fields.map((field) => this.make(field, group))),
        ),
      ),
    );
    this.signature = signature;
    this.fields.get(focused)?.input.focus();
  }

  make(field, group) {
    const full = [group.label, field.label].filter(Boolean).join(" ");
    const made = { field, full };
    this.fields.set(field.id, made);
    if (field.type === "whole") return this.whole(made);
    if (field.type === "button") {
      made.input = element(
        "button",
        {
          type: "button",
          class: "cl-button",
          "data-field": field.id,
          "aria-label": field.name ?? null,
          onclick: () => this.send(made, null),
        },
        field.label,
      );
      made.show = (now) => put(made.input, "aria-pressed", Boolean(now.value));
      return made.input;
    }
    if (field.type === "text") {
      made.input = element("input", {
        type: "text",
        class: "cl-text",
        "data-field": field.id,
        "aria-label": full,
        size: field.size ?? 24,
        onchange: () => this.send(made, made.input.value),
      });
      made.show = (now) => {
        if (made.input !== document.activeElement || !made.input.classList.contains("cl-field-bad"))
          fillIn(made.input, now.value);
      };
    } else {
      made.input = element(
        "select",
        { "data-field": field.id, "aria-label": full, onchange: () => this.send(made, made.input.value) },
        ...field.options.map(([value, label]) => element("option", { value }, label)),
      );
      made.show = (now) => fillIn(made.input, now.value);
    }
    return labelled(field, made.input);
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
      type: "text",
      inputmode: "numeric",
      role: "spinbutton",
      size: 2,
      autocomplete: "off",
      "data-field": made.field.id,
      "aria-label": made.full,
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
      if (!input.classList.contains("cl-field-bad")) fillIn(input, now.value);
      put(input, "aria-valuenow", now.value);
      put(input, "aria-valuemin", now.min);
      put(input, "aria-valuemax", now.max);
    };
    const button = (sign, by) =>
      element(
        "button",
        { type: "button", tabindex: -1, "aria-hidden": "true", class: "cl-spin", onclick: () => move(by) },
        sign,
      );
    return labelled(
      made.field,
      element("span", { class: "cl-number-box" }, button("−", -1), made.input, button("+", 1)),
    );
  }

  send(made, value) {
    made.input.classList.remove("cl-field-bad");
    try {
      this.propose(made.field.change(value), made.input);
    } catch (error) {
      this.complain(error.message, made.input);
    }
  }

  // What is shown again is the state, which a refusal has not changed.
  forget() {
    for (const made of this.fields.values()) {
      made.input.classList.remove("cl-field-bad");
      made.input.removeAttribute("aria-invalid");
      made.show(made.field);
    }
  }
}
