// The form of a prediction. Python reads the answer and judges it; this shows what Python says. While the prediction is
// open, prediction.css keeps what stands below it out of sight.

const GO_ON =
  "This stands here from an earlier session. To go on, choose Run > Run All Above Selected Cell, then run this cell.";

let count = 0;

function add(parent, tag, properties = {}) {
  const element = Object.assign(document.createElement(tag), properties);
  parent.append(element);
  return element;
}

function render({ model, el }) {
  count += 1;
  const id = `convlab-prediction-${count}`;
  el.classList.add("convlab-prediction");
  add(el, "p", { className: "question", id: `${id}-question` });
  const form = add(el, "form");
  add(form, "label", { htmlFor: id, textContent: "Your prediction:" });
  const field = add(form, "textarea", { id, spellcheck: false, autocomplete: "off" });
  field.setAttribute("aria-describedby", `${id}-question ${id}-note`);
  const commit = add(form, "button", { type: "submit", textContent: "Commit" });
  const skip = add(form, "button", { type: "button", textContent: "Skip", title: "Show what it gives, unanswered" });
  add(el, "p", { className: "go-on", textContent: GO_ON });
  const note = add(el, "p", { className: "note", id: `${id}-note` });
  const outcome = add(el, "div", { className: "outcome" });
  for (const said of [note, outcome]) said.setAttribute("aria-live", "polite");

  const show = () => {
    const open = model.get("state") === "open";
    el.toggleAttribute("data-open", open);
    el.querySelector(".question").textContent = model.get("question");
    field.placeholder = model.get("example");
    field.readOnly = !open;
    field.rows = model.get("rows");
    commit.hidden = skip.hidden = !open;
    if (!open) field.value = model.get("answer");
    note.textContent = model.get("note");
    outcome.innerHTML = model.get("outcome");
  };
  const send = (event) => {
    event.preventDefault();
    if (model.get("state") === "open") model.send({ commit: field.value });
  };
  form.addEventListener("submit", send);
  skip.addEventListener("click", () => {
    field.focus(); // the button goes
    model.set("state", "skipped");
    model.save_changes();
  });
  // JupyterLab's own keys (a, b, dd ...) would work on the cell when the field is read-only.
  el.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation(); // Ctrl+S saves
    if (event.target === field && event.key === "Enter" && !event.shiftKey && !event.isComposing) send(event);
  });
  for (const name of ["state", "note", "outcome", "answer"]) model.on(`change:${name}`, show);
  show();
}

export default { render };
