// A scene as a still picture: SVG that looks as the page does, light or dark as its surroundings are, the same text on
// every machine, with its sentences and the meaning of the looks below.

import { phrase } from "./arithmetic.js";
import LOOKS from "./figure.css" with { type: "css" };
import {
  arrange,
  CELL,
  escaped,
  frameOf,
  MARKED,
  numberClass,
  patterns,
  placeOf,
  scaleOf,
  short,
  smallness,
  strokesOf,
  wordSvg,
} from "./layout.js";
import { fronts, meaningsOf } from "./scene.js";

const FACT = 17; // height of a line of text below the grids
const WORD = 6.6; // width of a letter there, in DejaVu Sans, a wide font
const SIZE = { width: 860, height: 420 };
const STRONG = ["read", "written", "overlap", "bad"];

// All cells of a panel; those with a strong outline last, so that it is whole.
function cells(one) {
  const drawn = { weak: [], strong: [] },
    numbers = [];
  one.look.forEach((looks, row) => {
    looks.forEach((look, column) => {
      if (look === "none") return;
      const [left, width] = placeOf(one, column),
        text = one.text[row][column];
      const place = `x="${short(CELL * left)}" y="${CELL * row}" width="${short(CELL * width)}" height="${CELL}"`;
      drawn[STRONG.includes(look) ? "strong" : "weak"].push(`<rect class="cl-cell cl-${look}" ${place}/>`);
      if (!text) return;
      const middle = `x="${short(CELL * (left + width / 2))}" y="${CELL * (row + 0.5)}"`;
      numbers.push(`<text class="${numberClass(look, smallness(text, width))}" ${middle}>${escaped(text)}</text>`);
    });
  });
  const outline = one.frame ? `<rect class="cl-frame" ${attributes(frameOf(one))}/>` : "";
  const inside = [...drawn.weak, ...drawn.strong, '<g class="cl-numbers">', ...numbers, "</g>", outline].join("");
  return `<g transform="translate(${short(one.x)} ${short(one.y)})">${inside}</g>`;
}

const attributes = (values) =>
  Object.entries(values)
    .map(([name, value]) => `${name}="${short(value)}"`)
    .join(" ");

function legend(meanings, top) {
  let x = 4;
  return meanings.map(([look, meaning]) => {
    const left = x;
    x += 34 + WORD * meaning.length;
    return phrase(
      `<g transform="translate(${short(left)} ${top + 3}) scale(.5)"><rect class="cl-cell cl-${look}" width="${CELL}"`,
      `height="29"/></g><text x="${short(left + 20)}" y="${top + 15}">${escaped(meaning)}</text>`,
    );
  });
}

// Sentences in lines that are narrow enough, all but the first of each indented.
function wrapped(sentences, width) {
  const longest = Math.floor((width - 8) / WORD);
  return sentences.flatMap((sentence) => {
    const lines = [];
    for (const part of sentence.split(" ")) {
      if (!lines.length) lines.push(part);
      else if (lines.at(-1).length + 1 + part.length <= longest) lines[lines.length - 1] += ` ${part}`;
      else lines.push(`  ${part}`);
    }
    return lines;
  });
}

// What a still picture of a state says, in words.
const altOf = (title, scene) => [`${title}.`, scene.formula, ...scene.facts].join(" ");

// { scene, title, alt, svg } of a state, which has its `kind`.
export function still(state) {
  const { title, scene: sceneOf } = fronts[state.kind];
  const scene = sceneOf(state, state.selection.length ? state.selection : null),
    alt = altOf(title, scene);
  return { scene, title, alt, svg: svgOf(scene, title, alt, state.caption) };
}

function svgOf(scene, title, alt, caption) {
  const layout = arrange(scene.lines, SIZE),
    { panels } = layout,
    scale = Math.min(scaleOf(layout, SIZE), 1.25);
  const meanings = meaningsOf(scene, new Set(panels.flatMap((one) => one.look.flat())));
  const width = Math.max(Math.ceil(layout.width * scale), 480),
    first = caption ? wrapped([caption], width) : [];
  const above = FACT * first.length + (first.length ? 8 : 0),
    grids = above + Math.ceil(layout.height * scale);
  const words = wrapped([scene.formula, ...scene.facts], width);
  const top = grids + (meanings.length ? 24 : 0),
    height = top + FACT * words.length + 10;
  const size = `width="${width}" height="${height}"`;
  const fills = MARKED.map((look) => `--cl-fill-${look}:url(#cl-${look})`).join(";");
  const write = (lines, y) => lines.map((line, n) => `<text x="4" y="${y + FACT * (n + 1)}">${escaped(line)}</text>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" ${size} class="cl-still" role="img">`,
    `<title>${escaped(title)}</title><desc>${escaped(alt)}</desc>`,
    `<style>${LOOKS}.cl-still{--cl-scale:${short(Math.max(scale, 1))};${fills}}</style><defs>${patterns("cl")}</defs>`,
    `<rect class="cl-ground" ${size}/>`,
    ...write(first, 0),
    `<g transform="translate(0 ${above}) scale(${short(scale)})">`,
    ...panels.map(strokesOf),
    ...panels.map(cells),
    ...layout.texts.map(wordSvg),
    "</g>",
    ...legend(meanings, grids),
    ...write(words, top),
    "</svg>",
  ].join("");
}
