/** A score from 0 to 100 as a bar, with ticks for the middles it is to be read against. */
import { el } from "./dom";

export interface Middles {
  /** Of this map's areas; NaN where there is none. */
  here: number;
  /** Of the nation's; NaN where there is none, or where the map is of the nation. */
  nation: number;
}

/** The bar is a picture only: what it shows must also stand beside it in words. */
export function scoreBar(score: number, middles: Middles | null = null): HTMLElement {
  const fill = el("div", { class: "atlas-bar-fill" });
  fill.style.width = `${Number.isNaN(score) ? 0 : within(score)}%`;
  const bar = el("div", { class: "atlas-bar", "aria-hidden": "true" }, fill);
  if (middles) {
    for (const [name, middle] of [
      ["atlas-tick-here", middles.here],
      ["atlas-tick-nation", middles.nation],
    ] as const) {
      if (Number.isNaN(middle)) continue;
      const tick = el("div", { class: `atlas-tick ${name}` });
      tick.style.insetInlineStart = `${within(middle)}%`;
      bar.append(tick);
    }
  }
  return bar;
}

function within(score: number): number {
  return Math.min(100, Math.max(0, score));
}
