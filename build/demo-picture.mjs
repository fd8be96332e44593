// demo-picture.mjs [SLUICE]: runs `sluice demo` and draws docs/images/demo.svg of what it prints: what was loaded, and two of its questions.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const sluice = resolve(process.argv[2] ?? join(root, "sluice"));
const folder = mkdtempSync(join(tmpdir(), "sluice-picture-"));
const demo = { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] };
const printed = execFileSync(sluice, ["demo", "--rps", "0", "--progress", "none"], demo);
rmSync(folder, { recursive: true });

const all = printed.trimEnd().split("\n");
const questions = all.flatMap((line, at) => (line.endsWith("?") ? [at] : []));
if (questions.length < 3) throw new Error(`sluice demo asked ${questions.length} questions: does it still print what is drawn here?`);
const lines = [
  ["prompt", "$ sluice demo"],
  ["bold", all[0]],
  ["dim", all.find((line) => line.includes(" requests, "))],
  ["", ""],
];
for (const [from, to] of [questions.slice(0, 2), questions.slice(1, 3)]) {
  let kind = "sql";
  all.slice(from, to).forEach((line, at) => {
    if (/^-+( +-+)*$/.test(line)) kind = "";
    lines.push([at === 0 ? "bold" : /^-/.test(line) ? "dim" : kind, line]);
  });
}
while (lines.at(-1)[1] === "") lines.pop();

const [letter, height, margin, top] = [8.1, 19, 20, 44];
const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const width = Math.ceil(Math.max(...lines.map(([, line]) => line.length)) * letter + 2 * margin);
// Each line has the width of its letters, whatever the reader's fixed-width font is.
const text = lines.map(([kind, line], at) => line === "" ? "" :
  `<text class="${kind}" x="${margin}" y="${top + (at + 1) * height}" textLength="${(line.length * letter).toFixed(1)}">`
    + `${escape(line)}</text>\n`).join("");
const frame = `0 0 ${width} ${top + (lines.length + 1) * height}`;
writeFileSync(join(root, "docs", "images", "demo.svg"), `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${frame}" role="img">
<title>sluice demo in a terminal</title>
<style>
text { font: 13.5px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #d8e0e2; white-space: pre; }
.prompt { fill: #8fd694; }
.bold { font-weight: bold; fill: #ffffff; }
.sql { fill: #8ecdf0; }
.dim { fill: #93a3a8; }
</style>
<rect width="100%" height="100%" rx="10" fill="#12262a" stroke="#2e4a50"/>
<circle cx="22" cy="20" r="6" fill="#e0685f"/><circle cx="42" cy="20" r="6" fill="#e3b34c"/><circle cx="62" cy="20" r="6" fill="#5fb878"/>
${text}</svg>
`);
console.log(`docs/images/demo.svg: ${lines.length} lines`);
