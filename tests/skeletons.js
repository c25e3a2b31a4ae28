// The skeleton of every formula in the JSON list argv[2], as the KaTeX at argv[3] lays it out: [glyph, path] for a leaf;
// [the command KaTeX does not know, or its message, null] where it refuses a formula.
const katex = require(process.argv[3]);
const ROWLESS = new Set(["align", "alignat", "gather", "aligned", "split"]);
const SUBSTACK = 0.5;                                        // the stretch of rows that only \substack has

function glyphs(text, path, out) {
  for (const glyph of text.match(/\\[A-Za-z@]+|\\.|\S/gu) ?? []) out.push([glyph, path]);
}

function bare(delimiter) { return delimiter && delimiter !== "." ? delimiter : ""; }

const LEAVES = new Set(["mathord", "textord", "atom"]);
const THROUGH = new Set(["color", "styling", "sizing", "mclass", "font", "text", "operatorname", "lap", "smash", "hbox",
                         "pmb", "enclose", "tag", "ordgroup"]);
const NOTHING = new Set(["spacing", "kern", "rule", "cr", "phantom", "hphantom", "vphantom"]);

function visit(node, path, out) {
  if (node == null) return;
  if (Array.isArray(node)) return node.forEach(part => visit(part, path, out));
  if (LEAVES.has(node.type)) return glyphs(node.text, path, out);
  if (NOTHING.has(node.type)) return;
  if (THROUGH.has(node.type)) return visit(node.body, path, out);
  (VISIT[node.type] ?? unknown)(node, path, out);
}

function unknown(node) { throw new Error(`no line for KaTeX's ${node.type}`); }

const VISIT = {
  op: (n, path, out) => n.name ? glyphs(n.symbol ? n.name : n.name.replace("\\", ""), path, out) : visit(n.body, path, out),
  supsub: (n, path, out) => {
    const noted = n.base && "suppressBaseShift" in n.base;   // \\overset, \\underset: the note is written first
    if (!noted) visit(n.base, path, out);
    visit(n.sub, [...path, "_"], out);
    visit(n.sup, [...path, "^"], out);
    if (noted) visit(n.base, path, out);
  },
  genfrac: (n, path, out) => { visit(n.numer, [...path, "above"], out); visit(n.denom, [...path, "below"], out); },
  sqrt: (n, path, out) => { visit(n.index, [...path, "degree"], out); visit(n.body, [...path, "root"], out); },
  accent: (n, path, out) => visit(n.base, [...path, n.label], out),
  accentUnder: (n, path, out) => visit(n.base, [...path, n.label], out),
  overline: (n, path, out) => visit(n.body, [...path, "\\overline"], out),
  underline: (n, path, out) => visit(n.body, [...path, "\\underline"], out),
  horizBrace: (n, path, out) => visit(n.base, [...path, n.label], out),
  xArrow: (n, path, out) => {
    glyphs(n.label, path, out); visit(n.below, [...path, "^"], out); visit(n.body, [...path, "^"], out);
  },
  mathchoice: (n, path, out) => visit(n.display, path, out),
  htmlmathml: (n, path, out) => visit(n.mathml, path, out),
  delimsizing: (n, path, out) => glyphs(bare(n.delim), path, out),
  middle: (n, path, out) => glyphs(bare(n.delim), path, out),
  leftright: (n, path, out) => {
    glyphs(bare(n.left), path, out); visit(n.body, path, out); glyphs(bare(n.right), path, out);
  },
  array: (n, path, out) => {
    const inside = ROWLESS.has(n.colSeparationType) || n.arraystretch === SUBSTACK ? path : [...path, "rows"];
    n.body.forEach((row, i) => {
      if (i && row.some(full)) out.push(["\\\\", inside]);
      row.forEach((cell, j) => { if (j) out.push(["&", inside]); visit(cell, inside, out); });
    });
  },
};

function full(node) { const out = []; visit(node, [], out); return out.length > 0; }

function skeleton(latex) {
  let tree;
  try {
    tree = katex.__parse(latex, { displayMode: true, strict: "ignore" });
  } catch (error) {
    return [error.message.match(/\\[A-Za-z]+/)?.[0] ?? error.message, null];
  }
  const out = [];
  visit(tree, [], out);
  return out;
}

console.log(JSON.stringify(JSON.parse(require("fs").readFileSync(process.argv[2], "utf8")).map(skeleton)));
