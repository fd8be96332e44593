// The site of docs/: npm run docs. The pages are plain Markdown that reads the same on GitHub: what only one of the two
// understands is put right here.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vitepress";
import { anchorOf } from "./anchors.mts";
import { drawDiagrams } from "./diagrams.mts";
import { repositoryLinks } from "./links.mts";

// In GitHub Actions the repository's own name; nowhere else is the owner named.
export const repository = `https://github.com/${process.env.GITHUB_REPOSITORY ?? "OWNER/sluice"}`;

const base = process.env.DOCS_BASE ?? "/";
const page = (text: string, link: string) => ({ text, link });

export default defineConfig({
  lang: "en",
  title: "Sluice",
  base,
  outDir: process.env.DOCS_OUT ?? "./.vitepress/dist",
  cacheDir: process.env.DOCS_CACHE ?? "./.vitepress/cache",
  lastUpdated: false,
  head: [["meta", { name: "theme-color", content: "#1d6f72" }], ["link", { rel: "icon", href: `${base}icon.svg`, type: "image/svg+xml" }]],
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    socialLinks: [{ icon: "github", link: repository, ariaLabel: "The repository on GitHub" }],
    docFooter: { prev: "Previous page", next: "Next page" },
    nav: [page("Quickstart", "/quickstart"), page("Tables", "/tables"), page("Cookbook", "/cookbook")],
    sidebar: [
      {
        text: "Start",
        items: [
          page("Index by task", "/"), page("Quickstart", "/quickstart"), page("Install", "/install"), page("Concepts", "/concepts"),
          page("Words", "/glossary"),
        ],
      },
      {
        text: "Bring data out",
        items: [
          page("Ingest", "/ingest"), page("Incremental runs", "/incremental"), page("Tables", "/tables"), page("Pipelines", "/pipelines"),
          page("Exports", "/exports"), page("History", "/history"), page("Webhooks", "/webhooks"),
        ],
      },
      {
        text: "Destinations",
        items: [
          page("Destinations", "/destinations/"), page("Warehouses", "/warehouses"),
          page("PostgreSQL", "/destinations/postgresql"), page("MySQL and MariaDB", "/destinations/mysql"), page("SQLite", "/destinations/sqlite"),
          page("ClickHouse", "/destinations/clickhouse"), page("Files and object stores", "/destinations/files"),
        ],
      },
      {
        text: "Ask",
        items: [page("Cookbook", "/cookbook"), page("Models", "/models"), page("dbt", "/dbt"), page("SQL over the live API", "/sql"), page("ADO.NET", "/ado-net")],
      },
      { text: "Write back", items: [page("Writing to Customer.io", "/writing")] },
      {
        text: "Operate",
        items: [
          page("Schedule it", "/schedule"), page("Server: sluice serve", "/serve"), page("Security and privacy", "/security"),
          page("Sizing", "/sizing"), page("Troubleshooting", "/troubleshooting"), page("What can go wrong", "/what-can-go-wrong"),
          page("Commands, variables, exit codes", "/reference"),
        ],
      },
      {
        text: "Choose and move",
        items: [page("Compare", "/compare"), page("Move here", "/move-here"), page("Feature by feature", "/parity")],
      },
      {
        text: "Change Sluice",
        items: [
          page("Follow a row", "/follow-a-row"), page("Add a table", "/add-a-table"), page("Add an option", "/add-an-option"),
          page("Add a destination", "/add-a-destination"), page("Facts of the API", "/api-facts"),
        ],
      },
    ],
  },
  markdown: {
    anchor: { slugify: anchorOf },
    // The usual light one has colours that too few people can tell from white.
    theme: { light: "github-light-high-contrast", dark: "github-dark" },
    config: (markdown) => {
      // Vue would compute {{customer.email}}; Customer.io's templates are full of it.
      const text = markdown.renderer.rules.text!;
      markdown.renderer.rules.text = (...given) => text(...given).replaceAll("{{", "&#123;&#123;");
      repositoryLinks(markdown, repository);
      drawDiagrams(markdown);
    },
  },
  transformPageData: (data, { siteConfig }) => {
    // Search engines show it below the title: each page's first paragraph says what it is about.
    const paragraph = readFileSync(join(siteConfig.srcDir, data.filePath), "utf8").split(/\n\n+/)[1] ?? "";
    data.description = paragraph.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/[`*\\]/g, "").replace(/\s+/g, " ").trim();
  },
});
