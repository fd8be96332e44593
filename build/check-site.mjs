// check-site.mjs SITE: checks the built site of docs/, and the pages of the repository's first folder. VitePress looks for dead pages;
// this looks for anchors that are not there, links to files of the repository that are not there, pages that nothing leads to, and
// whatever would be fetched from elsewhere.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative, resolve } from "node:path";

const [site] = process.argv.slice(2).map((path) => resolve(path));
const root = resolve(import.meta.dirname, "..");
const base = process.env.DOCS_BASE ?? "/";
const problems = [];
const pages = new Map();
let links = 0;

for (const file of readdirSync(site, { recursive: true })) {
  if (/\.(html|css|svg)$/.test(file)) pages.set(file.replaceAll("\\", "/"), readFileSync(join(site, file), "utf8"));
}

const decode = (text) => text.replaceAll("&amp;", "&").replaceAll("&#39;", "'").replaceAll("&quot;", '"');
const idsOf = new Map([...pages].map(([file, text]) => [file, new Set([...text.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => decode(id)))]));
const htmls = [...pages].filter(([file]) => file.endsWith(".html") && file !== "404.html");
const repository = /href="(https:\/\/github\.com\/[^/"]+\/[^/"]+)"/.exec(pages.get("index.html") ?? "")?.[1];
const reached = new Set(["index.html"]);

const checkRepository = (from, href) => {
  const [, path] = /^\/(?:blob|tree)\/main\/([^#]*)/.exec(href.slice(repository.length)) ?? [];
  if (path !== undefined && !existsSync(join(root, path))) problems.push(`${from}: ${path} is not in the repository`);
};

const checkPage = (from, href) => {
  const [path, anchor] = href.split("#");
  const place = path.startsWith("/") ? path.slice(base.length) : join(dirname(from), path);
  const target = path === "" ? from : normalize(place).replace(/(^|\/)\.?$/, "$1index.html");
  if (target !== from) reached.add(target);
  if (!pages.has(target) && !existsSync(join(site, target))) problems.push(`${from}: there is no page ${href}`);
  else if (anchor && !idsOf.get(target)?.has(decodeURIComponent(anchor))) problems.push(`${from}: there is no anchor ${href}`);
};

for (const [file, text] of htmls) {
  for (const [, tag, attributes] of text.matchAll(/<(a|link|script|img|source|iframe|video|audio|object)\b([^>]*)>/g)) {
    const href = decode(/\s(?:href|src|data)="([^"]*)"/.exec(attributes)?.[1] ?? "");
    if (!href) continue;
    links++;
    if (tag !== "a" && /^([a-z]+:)?\/\//.test(href)) problems.push(`${file}: <${tag}> would fetch ${href}`);
    else if (href.startsWith(`${repository}/`)) checkRepository(file, href);
    else if (!/^([a-z]+:|\/\/)/.test(href)) checkPage(file, href);
    else if (/^http:\/\/(?!127\.0\.0\.1|localhost)/.test(href)) problems.push(`${file}: ${href} is not https`);
  }
}

for (const [file, text] of pages) {
  for (const [, address] of text.matchAll(/(?:@import\s+|url\()\s*['"]?((?:https?:)?\/\/[^'")\s]+)/g)) {
    problems.push(`${file}: its style would fetch ${address}`);
  }
}

for (const [file] of htmls) {
  if (!reached.has(file)) problems.push(`${file}: no page leads there`);
}

for (const file of readdirSync(root).filter((name) => name.endsWith(".md"))) {
  for (const [, href] of readFileSync(join(root, file), "utf8").matchAll(/(?:\]\(|src="|srcset="|href=")([^)"\s]+)/g)) {
    if (/^([a-z]+:|#)/.test(href)) continue;
    links++;
    const [path, anchor] = href.split("#");
    const page = relative("docs", path).replace(/\.md$/, ".html");
    if (!existsSync(join(root, path))) problems.push(`${file}: there is no ${path}`);
    else if (anchor && path.startsWith("docs/") && !idsOf.get(page)?.has(anchor)) problems.push(`${file}: there is no anchor ${href}`);
  }
}

if (htmls.length < 20 || links < 500) {
  problems.push(`only ${htmls.length} pages and ${links} links were found: is the site still read as it is written?`);
}
for (const problem of new Set(problems)) console.error(problem);
console.log(`${htmls.length} pages, ${links} links, ${new Set(problems).size} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;
