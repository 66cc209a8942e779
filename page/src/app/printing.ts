/** Readies the page for paper. */

/** On a narrower map, which has its legend folded, the printed one stands below it, in pixels. */
const SMALL_MAP = 560;
/** As wide as the map may be printed, CSS pixels. */
const PRINTED_WIDTH = 680;

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
    classList.toggle("atlas-print-legend-below", offsetWidth < SMALL_MAP);
    addEventListener(
      "afterprint",
      () => {
        for (const legend of folded) legend.removeAttribute("open");
      },
      { once: true },
    );
  });
}
