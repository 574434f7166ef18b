// Reading what a person types into a prediction: what convlab/feedback/typed.py does where there is a kernel, in the same
// words. tests/test_book.py reads one table of spellings with both.

const MEANINGS = { yes: true, true: true, y: true, t: true, no: false, false: false, n: false, f: false };
const NUMBER = String.raw`(?<![\w.])[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?(?:/\d+)?`;
const NAMES = /\b(?:np\.|numpy\.|torch\.)?(?:array|tensor|size|and)\b|^\s*\w+\s*=/g;
const SIGNS = { "\u2212": "-", "\u2013": "-", "{": "[", "}": "]", "(": "[", ")": "]", "\uff0c": ",", "\u00d7": "x" };

const numbersIn = (text) => text.match(new RegExp(NUMBER, "g")) ?? [];
const flat = (value) => (Array.isArray(value) ? value.flatMap(flat) : [value]);
const isInWords = (truth) => [truth].flat().some((entry) => typeof entry !== "number" && !Array.isArray(entry));

export class Unread extends Error {}

// What Python writes for a text in an error.
export function quoted(text) {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inner = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\t", "\\t");
  return quote + (quote === "'" ? inner.replaceAll("'", "\\'") : inner) + quote;
}

// `asked` has the truth, how its form is told (`example`), and whether the number of its entries may be told (`counted`).
export function read(text, { truth, example, counted }) {
  if (!text.trim()) throw new Unread(`Please type ${example}.`);
  if (isInWords(truth)) return readWords(text, truth, example, counted);
  const value = readNumbers(text, example);
  const all = flat(value);
  if (!Array.isArray(truth)) return told(all, 1, example)[0];
  if (!truth.some(Array.isArray)) return counted ? told(all, truth.length, example) : all;
  return readRows(value, all, truth, example);
}

function told(all, count, example) {
  if (all.length === count) return all;
  const asked =
    count > 1
      ? `${count} numbers are asked for, like ${example.split(", like ").slice(1).join(", like ")}`
      : "One number is asked for";
  throw new Unread(`${asked}; this is ${all.length}.`);
}

function readRows(value, all, truth, example) {
  const shape = shapeOf(truth);
  let have = shapeOf(value);
  const other = have === null || have.length !== (shape ?? []).length || have.includes(1);
  if (all.length === flat(truth).length && other) return filled(truth, all[Symbol.iterator]());
  if (shape === null) return value;
  if (have === null) throw new Unread("The rows must be equally long.");
  while (have.length > shape.length && have[0] === 1) [value, have] = [value[0], have.slice(1)];
  if (have.length !== shape.length) throw new Unread(`Please type ${example}, or all the numbers one after the other.`);
  return value;
}

// null where rows have different lengths.
function shapeOf(value) {
  if (!Array.isArray(value)) return [];
  const shapes = value.map(shapeOf);
  if (shapes.some((shape) => shape === null || `${shape}` !== `${shapes[0]}`)) return null;
  return [value.length, ...(shapes[0] ?? [])];
}

function filled(form, numbers) {
  return Array.isArray(form) ? form.map((entry) => filled(entry, numbers)) : numbers.next().value;
}

function readNumbers(text, form) {
  let words = text
    .toLowerCase()
    .replace(NAMES, " ")
    .replace(/[\u2212\u2013{}()\uff0c\u00d7]/g, (sign) => SIGNS[sign])
    .replace(/(?<=\d)\s*x\s*(?=\d)/g, " ");
  const rest = words.replace(new RegExp(NUMBER, "g"), " ");
  if (/[^\s,;[\]|]/.test(rest) || !/\d/.test(words))
    throw new Unread(`Please type ${form}; this is ${quoted(text.slice(0, 40))}.`);
  const [opened, closed] = ["[", "]"].map((sign) => words.split(sign).length - 1);
  if (opened < 2 || opened !== closed) words = words.replace(/[[\]]/g, " ");
  if (words.includes("[")) return nested(words.match(new RegExp(String.raw`[[\]]|${NUMBER}`, "g")));
  const rows = words
    .split(/[;|\n]/)
    .map((row) => numbersIn(row).map(toNumber))
    .filter((row) => row.length);
  return rows.length > 1 ? rows : rows[0];
}

function nested(tokens) {
  const stack = [[]];
  for (const token of tokens) {
    if (token === "[") stack.push([]);
    else if (token !== "]") stack.at(-1).push(toNumber(token));
    else if (stack.length > 1) {
      const inner = stack.pop();
      stack.at(-1).push(inner);
    }
  }
  return stack[0].length === 1 ? stack[0][0] : stack[0];
}

function toNumber(word) {
  const [above, below] = word.split("/");
  return below === "0" ? Number.NaN : Number(above) / Number(below ?? 1);
}

function readWords(text, truth, example, counted) {
  let typed = text.match(/[^\s,;[\](){}"'|]+/g);
  if (!typed) throw new Unread(`Please type ${example}.`);
  if (!Array.isArray(truth)) {
    const letters = typed.every((word) => word.length === 1) && typeof truth === "string";
    return readWord(typed.join(letters ? "" : " "), truth);
  }
  const short = truth.every((entry) => typeof entry === "boolean" || String(entry).length === 1);
  if (typed.length === 1 && truth.length > 1 && short && !(typed[0].toLowerCase() in MEANINGS)) typed = [...typed[0]];
  if (counted && typed.length !== truth.length) throw new Unread(`Please type ${example}; this is ${typed.length}.`);
  return typed.map((word, place) => readWord(word, truth[Math.min(place, truth.length - 1)]));
}

function readWord(word, truth) {
  const small = word.toLowerCase();
  if (typeof truth === "boolean") {
    if (!(small in MEANINGS)) throw new Unread(`Please type yes or no; this is ${quoted(word)}.`);
    return MEANINGS[small];
  }
  if (truth === null && small === "none") return null;
  return typeof truth !== "string" && new RegExp(`^${NUMBER}$`).test(word) ? toNumber(word) : word;
}
