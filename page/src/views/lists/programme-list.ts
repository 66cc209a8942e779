/** Programmes as rows, each of which opens to its neighbourhoods and is outlined on the map. */
import type { Programme } from "../../model/contract";
import { about, count, plural } from "../../model/format";
import { metresInWords, pounds } from "../../model/programmes";
import { button, el, words } from "../../ui/dom";

export interface ProgrammeRowHooks {
  /** Outlines the areas of a programme on the map and comes closer; null takes the outline away. */
  outline: (programme: Programme | null) => void;
  select: (row: number) => void;
  title: (row: number) => string;
}

export class ProgrammeList {
  readonly element = el("div", { class: "atlas-programme-rows" });
  readonly #hooks: ProgrammeRowHooks;

  constructor(hooks: ProgrammeRowHooks) {
    this.#hooks = hooks;
  }

  /** `chosen`: those that a plan pays for, by their order; null where there is no plan. */
  show(programmes: readonly Programme[], chosen: ReadonlySet<number> | null): void {
    const list = el("ol", { class: "atlas-row-list", "aria-label": "Programmes" });
    for (const programme of programmes) list.append(this.#item(programme, chosen));
    this.element.replaceChildren(
      ...(programmes.length
        ? [el("h3", { class: "atlas-programme-rows-title" }, `${plural(programmes.length, "programme", "programmes")}, largest unmet need first`), list]
        : []),
    );
  }

  #item(programme: Programme, chosen: ReadonlySet<number> | null): HTMLElement {
    const { order, name, people, cost, kind, areas, host, host_metres, what_helps } = programme;
    const within = el("div", { class: "atlas-programme-within", id: `atlas-programme-${order}`, hidden: "" });
    const row = button("", "atlas-list-row", () => {
      const open = within.hidden;
      within.hidden = !open;
      row.setAttribute("aria-expanded", String(open));
      if (open && !within.childElementCount) within.append(el("p", {}, el("strong", {}, words(name))), ...this.#within(areas, host, host_metres, what_helps));
      this.#hooks.outline(open ? programme : null);
    });
    row.setAttribute("aria-expanded", "false");
    row.setAttribute("aria-controls", within.id);
    const paid = chosen?.has(order) ?? false;
    row.append(
      el("span", { class: "atlas-row-mark" }, count(order)),
      el(
        "span",
        { class: "atlas-row-words" },
        words(name, "atlas-row-title"),
        el("span", { class: "atlas-hidden" }, ". "),
        el(
          "span",
          { class: "atlas-row-detail" },
          paid ? el("strong", {}, "In the plan") : null,
          paid ? " · " : null,
          words(kind ?? ""),
          kind ? " · " : null,
          plural(areas.length, "neighbourhood", "neighbourhoods"),
        ),
      ),
      el("span", { class: "atlas-hidden" }, ". "),
      el("span", { class: "atlas-row-figure" }, el("strong", {}, about(people).replace("about ", "")), " ", el("span", {}, `people · ${pounds(cost)}`)),
    );
    return el("li", {}, row, within);
  }

  #within(areas: readonly number[], host: string | null, metres: number | null, helps: string | null): HTMLElement[] {
    const members = areas.map((row) => {
      const open = button("", "atlas-programme-member", () => {
        this.#hooks.select(row);
      });
      open.append(words(this.#hooks.title(row)));
      return el("li", {}, open);
    });
    return [
      el("ul", {}, ...members),
      ...(helps === null ? [] : [el("p", {}, el("strong", {}, "What usually helps: "), words(helps))]),
      ...(host === null ? [] : [el("p", {}, el("strong", {}, "Nearest host: "), words(host), metres === null ? null : `, ${metresInWords(metres)}`)]),
    ];
  }
}
