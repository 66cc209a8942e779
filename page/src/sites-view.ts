/** Proposed sites as a sentence, a table, and the curve of what more of them would add. */
import type { SitesInfo } from "./contract";
import { button, el, svg, words } from "./dom";
import { count, estimate } from "./format";
import { ListTable } from "./list-table";
import { ESTIMATED, planInWords, wayInWords } from "./sites";
import type { SiteSpot } from "./spots";

type Point = SitesInfo["curve"][number];

const CURVE = "People newly within reach, by number of sites";
/** Candidates that are no buildings. */
const NEIGHBOURHOODS = "neighbourhoods";
/** Of the drawing of the curve. */
const WIDTH = 320;
const HEIGHT = 130;
const LEFT = 8;
const RIGHT = 16;
const TOP = 22;
const BOTTOM = 22;
const DOT = 3.5;

export class SitesView {
  readonly element: HTMLElement;

  constructor(info: SitesInfo, spots: readonly SiteSpot[], show: (spot: SiteSpot, opener: HTMLElement) => void) {
    const table = new ListTable<SiteSpot>("Proposed sites, the one that adds most first.", "No site", [
      { title: "Order", cell: ({ site }) => count(site.order), number: true },
      {
        title: "Place",
        cell: (spot) => {
          const open = button("", "", () => {
            show(spot, open);
          });
          open.append(words(spot.name));
          return open;
        },
      },
      { title: `More people at risk within ${wayInWords(info.reach, info.unit)}`, cell: ({ site }) => estimate(site.newly_covered), number: true },
      { title: "As the only new site", cell: ({ site }) => estimate(site.covered_alone), number: true },
      { title: "Together with those before", cell: ({ site }) => estimate(site.covered_together), number: true },
    ]);
    table.setRows([...spots].sort((a, b) => a.site.order - b.site.order));
    const points = info.curve.filter(({ sites }) => sites > 0);
    this.element = el(
      "div",
      { class: "atlas-sites" },
      el("p", {}, words(planInWords(info)), ` ${ESTIMATED}`),
      info.candidates.endsWith(NEIGHBOURHOODS)
        ? el("p", { class: "atlas-note" }, "A site stands for a neighbourhood, near the middle of where its people live: no building was looked for.")
        : null,
      table.table,
      ...(points.length > 1 ? [curve(points), numbers(points)] : []),
    );
  }
}

/** Points joined by a line from none; the last has its number. */
function curve(points: readonly Point[]): HTMLElement {
  const last = points[points.length - 1];
  const most = Math.max(...points.map(({ covered }) => covered)) || 1;
  const x = (sites: number): number => LEFT + (sites / last.sites) * (WIDTH - LEFT - RIGHT);
  const y = (covered: number): number => HEIGHT - BOTTOM - (covered / most) * (HEIGHT - TOP - BOTTOM);
  const label = (text: string, left: number, top: number, anchor: string): SVGElement =>
    svg("text", { x: String(left), y: String(top), "text-anchor": anchor }, text);
  const line = [{ sites: 0, covered: 0 }, ...points].map(({ sites, covered }) => `${x(sites)} ${y(covered)}`).join("L");
  const said = points.filter((_, place) => place === 0 || place === points.length - 1).map(({ sites, covered }) => `${estimate(covered)} with ${sites}`);
  const drawing = svg(
    "svg",
    {
      class: "atlas-curve",
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      role: "img",
      "aria-label": `${CURVE}: ${said.join(", ")}. The numbers are in the table that follows.`,
    },
    svg("path", { class: "atlas-curve-axis", d: `M${LEFT} ${HEIGHT - BOTTOM}H${WIDTH - RIGHT}` }),
    svg("path", { class: "atlas-curve-line", d: `M${line}` }),
    ...points.map(({ sites, covered }) => svg("circle", { class: "atlas-curve-dot", cx: String(x(sites)), cy: String(y(covered)), r: String(DOT) })),
    label("0", LEFT, HEIGHT - 6, "start"),
    label(`${last.sites} sites`, WIDTH - RIGHT, HEIGHT - 6, "end"),
    label(estimate(last.covered), WIDTH - RIGHT, y(last.covered) - 8, "end"),
  );
  return el("figure", { class: "atlas-curve-figure" }, el("figcaption", {}, CURVE), drawing);
}

function numbers(points: readonly Point[]): HTMLElement {
  const table = new ListTable<Point>(`${CURVE}.`, "No number", [
    { title: "Sites", cell: ({ sites }) => count(sites), number: true },
    { title: "People newly within reach", cell: ({ covered }) => estimate(covered), number: true },
  ]);
  table.setRows(points);
  return el("details", { class: "atlas-more" }, el("summary", {}, "The numbers of the curve"), table.table);
}
