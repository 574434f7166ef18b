// Answers questions about the explorers' ES module: `node explorer_scenes.mjs MODULE < questions.json > answers.json`.
// A question is [what, ...]; an answer that throws is { error }.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const module = await import(pathToFileURL(process.argv[2]));
const selected = (state) => (state.selection.length ? state.selection : null);
const acts = {
  problem: (kind, state) => module.fronts[kind].problem(state),
  scene: (kind, state) => module.fronts[kind].scene(state, selected(state)),
  code: (kind, state) => module.fronts[kind].code(state),
  values: (state) => module.compute(module.layerOf(state)),
  arrange: (lines) => module.arrange(lines),
  call: (name, ...values) => module[name](...values),
  // Each control of a state is moved once: what it changes, and whether the new state is a problem.
  controls: (kind, state) =>
    module.fronts[kind].controls(state).flatMap((group) => group.fields).flatMap((field) => {
      const values = field.type === "whole" ? [field.value - 1, field.value + 1] : field.type === "choice" ? field.options.map(([value]) => value) : [field.value];
      return values.map((value) => {
        try {
          const next = { ...state, ...field.change(value) };
          return [field.id, value, module.fronts[kind].problem(next), next];
        } catch (error) {
          return [field.id, value, error.message, null];
        }
      });
    }),
};
const answers = JSON.parse(readFileSync(0, "utf8")).map(([what, ...rest]) => {
  try {
    return acts[what](...rest);
  } catch (error) {
    return { error: String(error.stack) };
  }
});
process.stdout.write(JSON.stringify(answers));
