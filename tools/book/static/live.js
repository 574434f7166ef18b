// What is stored in a page comes to life: pictures of explorers become explorers, folded answers become forms that
// remember what was said. There is no kernel. Where something fails, what was stored goes on standing there.

import explorers from "./explorers.js";
import form from "./prediction.js";
import { quoted, read, Unread } from "./typed.js";

// What a widget's model is, on plain data.
function modelOf(values, send = () => {}) {
  const heard = {};
  return {
    get: (name) => values[name],
    set(name, value) {
      values[name] = value;
      for (const act of heard[`change:${name}`] ?? []) act();
    },
    on: (event, act) => (heard[event] ??= []).push(act),
    off(event, act) {
      heard[event] = (heard[event] ?? []).filter((other) => other !== act);
    },
    save_changes() {},
    send,
  };
}

// `draw` fills a place beside what is stored, and takes its place if that goes well.
function replace(stored, draw) {
  const place = document.createElement("div");
  stored.after(place);
  try {
    draw(place);
    stored.remove();
  } catch (error) {
    place.remove();
    console.error(error);
  }
}

// --- explorers: when they come near the screen ---

const near = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      replace(target, (el) => explorers.render({ model: modelOf(JSON.parse(target.dataset.convlab)), el }));
    }
  },
  { rootMargin: "600px" },
);

// --- predictions ---

const memory = {
  key: ({ lesson, question, told }) => `convlab ${lesson}: ${question} ${told}`,
  // A browser may refuse to keep anything.
  read(asked) {
    try {
      return JSON.parse(localStorage.getItem(this.key(asked)));
    } catch {
      return null;
    }
  },
  write(asked, said) {
    try {
      if (said) localStorage.setItem(this.key(asked), JSON.stringify(said));
      else localStorage.removeItem(this.key(asked));
    } catch {}
  },
};

const CLOSE = 1e-6;

function agree(given, truth) {
  if (Array.isArray(truth))
    return Array.isArray(given) && given.length === truth.length && truth.every((entry, n) => agree(given[n], entry));
  if (typeof truth === "string") return String(given).toLowerCase() === truth.toLowerCase();
  if (typeof truth !== "number" || Number.isInteger(truth)) return given === truth;
  return Math.abs(given - truth) <= CLOSE + CLOSE * Math.abs(truth);
}

function isRight(given, { truth, unordered }) {
  if (!unordered) return agree(given, truth);
  const sorted = (values) => [...new Set(values)].sort((a, b) => (a < b ? -1 : 1));
  return agree(sorted(given), sorted(truth));
}

// As Python writes it.
function inPython(value) {
  if (Array.isArray(value)) return `[${value.map(inPython).join(", ")}]`;
  if (typeof value === "string") return quoted(value);
  return { true: "True", false: "False", null: "None" }[value] ?? String(value);
}

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

function verdict(given, asked) {
  const right = isRight(given, asked);
  const said = right ? `Right: ${asked.told}` : `You said ${inPython(given)}.`;
  const mark = right ? "✔" : "✘";
  return `<div class="verdict"><b aria-hidden="true">${mark}</b> ${escaped(said)}</div>` + (right ? "" : gives(asked));
}

const gives = ({ told }) => `<p>It gives ${escaped(told)}.</p>`;

function prediction(stored) {
  const asked = JSON.parse(stored.dataset.prediction);
  const { question, example, rows, number } = asked;
  const model = modelOf({ question, example, rows, answer: "", note: "", outcome: "", state: "open" }, commit);
  const behind = document.querySelectorAll(`.behind-${number}, .tag_behind-${number} > .cell_output`);
  let again;

  function commit({ commit: text }) {
    let given;
    try {
      given = read(text, asked);
    } catch (error) {
      if (!(error instanceof Unread)) throw error;
      model.set("note", error.message);
      return;
    }
    for (const [name, value] of Object.entries({ answer: text, note: "", outcome: verdict(given, asked) }))
      model.set(name, value);
    model.set("state", "committed");
  }

  function follow() {
    const state = model.get("state");
    if (state === "skipped" && !model.get("outcome")) {
      model.set("note", "");
      model.set("outcome", `<p>Skipped.</p>${gives(asked)}`);
    }
    for (const element of behind) {
      element.classList.toggle("waits", state === "open");
      // The theme did this when the page was loaded, for what was to be seen.
      for (const box of element.querySelectorAll("pre")) if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    }
    again.hidden = state === "open";
  }

  function ask() {
    for (const name of ["answer", "note", "outcome"]) model.set(name, "");
    model.set("state", "open");
    memory.write(asked, null);
  }

  replace(stored, (el) => {
    form.render({ model, el });
    again = Object.assign(document.createElement("button"), { type: "button", textContent: "Ask me again" });
    again.addEventListener("click", () => {
      ask();
      const field = el.querySelector("textarea");
      field.value = "";
      field.focus();
    });
    el.append(again);
    const before = memory.read(asked);
    if (before?.state === "skipped") model.set("state", "skipped");
    if (before?.state === "committed") commit({ commit: before.answer });
    follow();
    model.on("change:state", () => {
      follow();
      if (model.get("state") !== "open")
        memory.write(asked, { state: model.get("state"), answer: model.get("answer") });
    });
  });
}

for (const stored of document.querySelectorAll("[data-prediction]")) prediction(stored);
for (const picture of document.querySelectorAll("img[data-convlab]")) near.observe(picture);
