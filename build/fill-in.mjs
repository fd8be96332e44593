// fill-in.mjs VERSION URL SHA256SUMS TEMPLATE OUT: writes a template with version, address and checksums filled in.
// A checksum that is not there is an error: a formula with a hole in it would only be noticed by who installs it.
import { readFileSync, writeFileSync } from "node:fs";

const [version, url, sums, template, out] = process.argv.slice(2);
const checksums = new Map(
  readFileSync(sums, "utf8").trim().split("\n").map((line) => line.split(/\s+\*?/)).map(([sum, name]) => [name, sum]),
);

const text = readFileSync(template, "utf8")
  .replaceAll("@VERSION@", version)
  .replaceAll("@URL@", url)
  .replace(/@SHA256:([^@]+)@/g, (_, name) => {
    if (!checksums.has(name)) throw new Error(`${template} needs ${name}, which was not made.`);
    return checksums.get(name);
  });
writeFileSync(out, text);
console.log(out);
