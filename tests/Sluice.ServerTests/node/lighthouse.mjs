// lighthouse.mjs SITE CHROMIUM PAGE...: serves a folder on this machine, looks at pages with Lighthouse, and prints a line of JSON for each page:
// the score of each category, and the audits that failed in it. Performance is left out: it is the machine's, not the site's.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const [site, chromePath, ...pages] = process.argv.slice(2);
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };

const server = createServer(async (request, answer) => {
  const path = normalize(decodeURIComponent(new URL(request.url, "http://localhost").pathname)).replace(/\/$/, "/index.html");
  try {
    const body = await readFile(join(site, path));
    answer.writeHead(200, { "content-type": types[extname(path)] ?? "application/octet-stream" }).end(body);
  } catch {
    answer.writeHead(404, { "content-type": "text/html" }).end(await readFile(join(site, "404.html")));
  }
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));

const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];
const chrome = await launch({ chromePath, chromeFlags: flags });
try {
  for (const page of pages) {
    const { lhr } = await lighthouse(`http://127.0.0.1:${server.address().port}/${page}`, {
      port: chrome.port,
      logLevel: "error",
      onlyCategories: ["accessibility", "best-practices", "seo"],
      maxWaitForLoad: 120_000,
    });
    const scores = Object.fromEntries(Object.values(lhr.categories).map((category) => [category.id, Math.round((category.score ?? 0) * 100)]));
    const failed = Object.values(lhr.categories)
      .flatMap((category) => category.auditRefs.filter((one) => one.weight > 0).map((one) => lhr.audits[one.id]))
      .filter((audit) => audit.score !== null && audit.score < 1)
      .map((audit) => `${audit.id}: ${audit.title}: ${JSON.stringify(audit.details?.items ?? []).slice(0, 800)}`);
    console.log(JSON.stringify({ page, scores, failed, error: lhr.runtimeError?.message }));
  }
} finally {
  chrome.kill();
  server.close();
}
