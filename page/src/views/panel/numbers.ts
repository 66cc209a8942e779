/** All the numbers of an area, under headings that unfold. */
import type { ColumnInfo } from "../../model/contract";
import type { Page } from "../../scoring/page";
import { el, words } from "../../ui/dom";

const SHOWN_ELSEWHERE = new Set(["lsoa21_code", "lsoa21_name"]);
const MADE_OF = "What makes up the risk";
const SUPPORT = "Support and where to act";

/** The heading under which a column is listed. */
export function sectionOf(column: ColumnInfo): string {
  if (/^(exclusion|capacity|support|nearest)_/.test(column.name)) return SUPPORT;
  if (["kinds", "drivers", "priority_groups"].includes(column.group)) return "Risk";
  if (/^(risk|england|component|contribution|indicators|rank|worst)_|^(main_driver|drivers|points_to)$/.test(column.name)) return "Risk";
  if (/^(population|share|people)_/.test(column.name)) return "People";
  if (/_(code|name)$/.test(column.name)) return "Place";
  return "Indicators";
}

/** Columns under their headings, in a fixed order of headings. */
export function sections(columns: readonly ColumnInfo[]): [string, ColumnInfo[]][] {
  const result: [string, ColumnInfo[]][] = ["Risk", SUPPORT, "People", "Indicators", "Place"].map((title) => [title, []]);
  for (const column of columns) {
    if (column.name.startsWith("class:") || SHOWN_ELSEWHERE.has(column.name)) continue;
    result.find(([title]) => title === sectionOf(column))?.[1].push(column);
  }
  return result.filter(([, members]) => members.length > 0);
}

export class Numbers {
  readonly #page: Page;
  readonly #open = new Set<string>();

  constructor(page: Page) {
    this.#page = page;
  }

  /** `made`: what makes up the risk, which stands first. */
  parts(row: number, made: readonly HTMLElement[] = []): HTMLElement[] {
    const columns = this.#page.data.columns.filter((column) => this.#page.table.has(column.name));
    const parts = sections(columns).map(([title, members]) => this.#folded(title, [this.#list(row, members)]));
    const first = made.length ? [this.#folded(MADE_OF, made, "atlas-numbers atlas-made-of")] : [];
    return first.length || parts.length ? [el("h3", { class: "atlas-all-numbers" }, "All the numbers"), ...first, ...parts] : [];
  }

  #list(row: number, members: readonly ColumnInfo[]): HTMLElement {
    const list = el("dl");
    for (const info of members) {
      const title = el("dt", {}, words(info.title), el("span", { class: "atlas-description" }, ...this.#meaning(info)));
      list.append(el("div", {}, title, el("dd", {}, words(this.#page.values.column(info, row)))));
    }
    return list;
  }

  /** A part that stays as open, or as folded, as it was for the area before. */
  #folded(title: string, inside: readonly HTMLElement[], className = "atlas-numbers"): HTMLElement {
    const details = el("details", { class: className }, el("summary", {}, title), ...inside);
    details.open = this.#open.has(title);
    details.addEventListener("toggle", () => {
      if (details.open) this.#open.add(title);
      else this.#open.delete(title);
    });
    return details;
  }

  /** What a column means and what date its numbers are of. */
  #meaning(info: ColumnInfo): (Node | string)[] {
    const parts = [this.#page.values.meaning(info), info.as_of ?? ""].filter(Boolean);
    return parts.flatMap((part, i) => (i ? [" · ", words(part)] : [words(part)]));
  }
}
