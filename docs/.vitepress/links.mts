import { dirname, join, normalize } from "node:path/posix";
import type { MarkdownRenderer } from "vitepress";

/** Links that lead out of docs/, and to files that are no pages, lead to the repository. */
export const repositoryLinks = (markdown: MarkdownRenderer, repository: string) => {
  markdown.core.ruler.push("repository-links", ({ tokens, env }) => {
    for (const token of tokens.flatMap((one) => one.children ?? [])) {
      const href = token.type === "link_open" ? token.attrGet("href") : null;
      if (!href || /^([a-z]+:|#|\/)/.test(href)) continue;
      const path = normalize(join("docs", dirname(env.relativePath), href));
      if (!path.startsWith("docs/") || !/\.md(#|$)/.test(path)) token.attrSet("href", `${repository}/blob/main/${path}`);
    }
  });
};
