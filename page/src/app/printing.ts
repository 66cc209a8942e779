/** Readies the page for paper. */
import { neighboursOf } from "../model/neighbours";
import type { Page } from "../scoring/page";
import { PRINTING_AREA } from "../ui/share";
import type { Viewport } from "./viewport";

/** On a narrower map, which has its legend folded, the printed one stands below it, in pixels. */
const SMALL_MAP = 560;
/** As wide as the map may be printed, CSS pixels. */
const PRINTED_WIDTH = 680;
/** The map of one area on a side of A4, CSS pixels. */
const MAP_OF_AREA = { width: PRINTED_WIDTH, height: 240 };

/** Has the map around the area that is selected on paper; the answer gives it back to the screen. */
export async function readyForArea({ store, geometry }: Page, viewport: Viewport, settled: () => Promise<void>): Promise<() => void> {
  const row = store.selected.peek();
  if (row === null) return () => undefined;
  const back = viewport.onPaper([row, ...neighboursOf(geometry, row).map((neighbour) => neighbour.row)], MAP_OF_AREA);
  await settled();
  return back;
}

/** @param before is called first: what else is to be there on paper. */
export function beforePrinting(mapFrame: HTMLElement, legends: readonly HTMLElement[], before: () => void): void {
  addEventListener("beforeprint", () => {
    const { style, classList } = document.documentElement;
    const { offsetWidth, offsetHeight } = mapFrame;
    style.setProperty("--atlas-print-width", `${offsetWidth}px`);
    style.setProperty("--atlas-print-height", `${offsetHeight}px`);
    style.setProperty("--atlas-print-zoom", String(Math.min(1, PRINTED_WIDTH / Math.max(1, offsetWidth))));
    before();
    // What is folded away on the screen cannot be opened on paper.
    const folded = legends.filter((legend) => legend instanceof HTMLDetailsElement && !legend.open);
    for (const legend of folded) legend.setAttribute("open", "");
    // On a small map the legend would hide what it explains.
    classList.toggle("atlas-print-legend-below", offsetWidth < SMALL_MAP || classList.contains(PRINTING_AREA));
    addEventListener(
      "afterprint",
      () => {
        for (const legend of folded) legend.removeAttribute("open");
      },
      { once: true },
    );
  });
}
