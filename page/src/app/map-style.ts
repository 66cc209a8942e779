/** The colours of the map as the style sheet has them now. */
import type { Style } from "../map/canvas-layer";

export function readStyle(): Style {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(`--atlas-${name}`).trim() || "#808080";
  const family = style.getPropertyValue("--atlas-font").trim() || "sans-serif";
  return {
    ink: {
      ground: colour("sea"),
      noData: colour("no-data"),
      between: colour("between"),
      districts: colour("districts"),
      outside: colour("outside"),
    },
    land: { land: colour("land"), coast: colour("coast"), borders: colour("land-borders") },
    labels: { family, colour: colour("label"), quiet: colour("label-quiet"), halo: colour("halo") },
    outlines: {
      pinned: [
        [colour("mark-edge"), 6],
        [colour("mark-found"), 3],
      ],
      found: [
        [colour("mark-edge"), 5],
        [colour("mark-found"), 2.5],
      ],
      hovered: [
        [colour("mark-edge"), 4],
        [colour("mark-hover"), 1.75],
      ],
      selected: [
        [colour("mark-edge"), 6],
        [colour("mark"), 3],
      ],
    },
  };
}

/** Calls `restyle` when the reader's system asks for other colours. */
export function onOtherColours(restyle: () => void): void {
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)", "(prefers-contrast: more)"]) {
    matchMedia(query).addEventListener("change", restyle);
  }
}
