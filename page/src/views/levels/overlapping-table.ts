/** Practices, networks and groups, which overlap: how much of each the page covers, and its figures. */
import { count, decimal, estimate } from "../../model/format";
import type { Measure, Overlapping } from "../../model/larger";
import { withRange } from "../../model/larger";
import { el, words } from "../../ui/dom";
import { ListTable } from "../../ui/list-table";

export function overlappingTable(title: string, units: readonly Overlapping[]): HTMLElement[] {
  const compare = (measure: Measure) => (a: Overlapping, b: Overlapping) => (a[measure].value || 0) - (b[measure].value || 0);
  const table = new ListTable<Overlapping>(`${count(units.length)} of ${title}, the highest mean risk first.`, "None", [
    { title: "Name", cell: ({ name, code }) => el("div", {}, words(name), el("span", { class: "atlas-act-detail" }, words(code))) },
    { title: "People here", cell: ({ residents }) => estimate(residents), number: true, compare: (a, b) => a.residents - b.residents },
    { title: "Share of its people covered", cell: ({ covered }) => decimal(covered, 0, true), number: true, compare: (a, b) => a.covered - b.covered },
    { title: "Mean risk", cell: ({ mean }) => withRange("mean", mean), number: true, compare: compare("mean") },
    { title: "People in the worst tenth", cell: ({ worst }) => withRange("worst", worst), number: true, compare: compare("worst") },
  ]);
  table.setRows([...units].sort((a, b) => compare("mean")(b, a)));
  return [table.table, table.pager];
}

/** How to read them. */
export const OVERLAP =
  "These overlap: a neighbourhood may belong to several, and to each in part. Figures are of the people who live on this map, whatever their share of all is; nothing is said of the others. Ranges are of nine of ten reasonable ways to calculate it.";
