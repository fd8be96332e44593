import { renderMermaidSVG } from "beautiful-mermaid";
import type { MarkdownRenderer } from "vitepress";

/** Draws blocks of Mermaid while the site is built: GitHub draws them in the browser, with a program that is larger than the site. */
export const drawDiagrams = (markdown: MarkdownRenderer) => {
  const fence = markdown.renderer.rules.fence!;
  markdown.renderer.rules.fence = (...given) => {
    const [tokens, index] = given;
    if (tokens[index].info.trim() !== "mermaid") return fence(...given);
    // It shows one mark a column. Its style asks the web for fonts; theme/style.css has one that does not.
    const drawn = renderMermaidSVG(tokens[index].content.replaceAll("PK, FK", "PK"))
      .replace(/<style>[\s\S]*?<\/style>/, "").replace(/ style="--bg[^"]*"/, ' role="img" aria-label="Diagram"');
    return `<div class="diagram" v-pre tabindex="0">${drawn}</div>\n`;
  };
};
