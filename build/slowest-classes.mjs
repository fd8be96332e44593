// Prints the ten classes of tests that took the longest, from the reports (CTRF) that the test programs wrote.
import { readFileSync } from "node:fs";

const classes = new Map();
for (const file of process.argv.slice(2)) {
  for (const test of JSON.parse(readFileSync(file, "utf8")).results.tests) {
    const found = classes.get(test.extra.type) ?? { seconds: 0, tests: 0 };
    classes.set(test.extra.type, { seconds: found.seconds + test.duration / 1000, tests: found.tests + 1 });
  }
}

const slowest = [...classes].sort((one, other) => other[1].seconds - one[1].seconds).slice(0, 10);
for (const [name, { seconds, tests }] of slowest) {
  console.log(`${seconds.toFixed(1).padStart(7)} s  ${name} (${tests})`);
}
