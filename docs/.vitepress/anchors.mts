/** The anchor that GitHub gives a heading, so that one link leads there and here. */
export const anchorOf = (heading: string) =>
  heading.trim().toLowerCase().replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, "").replaceAll(" ", "-");
