/** Proposed sites as a sentence, a table, and the curve of what more of them would add. */
import type { SitesInfo } from "../../model/contract";
import { count, estimate } from "../../model/format";
import { ESTIMATED, planInWords, wayInWords } from "../../model/sites";
import type { SiteSpot } from "../../model/spots";
import { drawCurve } from "../../ui/curve";
import { button, el, words } from "../../ui/dom";
import { ListTable } from "../../ui/list-table";

type Point = SitesInfo["curve"][number];

const CURVE = "People newly within reach, by number of sites";
/** Candidates that are no buildings. */
const NEIGHBOURHOODS = "neighbourhoods";

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

function curve(points: readonly Point[]): HTMLElement {
  const last = points[points.length - 1];
  const said = points.filter((_, place) => place === 0 || place === points.length - 1).map(({ sites, covered }) => `${estimate(covered)} with ${sites}`);
  return drawCurve({
    title: CURVE,
    said: `${said.join(", ")}. The numbers are in the table that follows.`,
    width: 320,
    height: 130,
    right: 16,
    points: points.map(({ sites, covered }) => ({ much: sites, people: covered })),
    ends: ["0", `${last.sites} sites`],
  });
}

function numbers(points: readonly Point[]): HTMLElement {
  const table = new ListTable<Point>(`${CURVE}.`, "No number", [
    { title: "Sites", cell: ({ sites }) => count(sites), number: true },
    { title: "People newly within reach", cell: ({ covered }) => estimate(covered), number: true },
  ]);
  table.setRows(points);
  return el("details", { class: "atlas-more" }, el("summary", {}, "The numbers of the curve"), table.table);
}
