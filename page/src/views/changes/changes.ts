/** What changed since an earlier run: the finding, who crossed and moved and why, and where these are on the map. */
import { comparedInWords, crossedOf, rankInWords, reasonOf, whatOf } from "../../model/changes";
import type { ChangedArea } from "../../model/contract";
import { count, plural } from "../../model/format";
import { follow } from "../../model/store";
import type { Page } from "../../scoring/page";
import { button, el, words } from "../../ui/dom";
import type { DrawerView } from "../../ui/drawer";
import type { ListColumn } from "../../ui/list-table";
import { ListTable } from "../../ui/list-table";

export interface ChangesHooks {
  /** Outlines areas. */
  show: (rows: readonly number[], text: string) => void;
  select: (row: number) => void;
  close: () => void;
}

export class ChangesView implements DrawerView {
  readonly element = el("section", { class: "atlas-table atlas-changes", "aria-labelledby": "atlas-changes-title", hidden: "" });
  readonly #heading = el("h2", { id: "atlas-changes-title", tabindex: "-1" }, "What changed");
  readonly #body = el("div", { class: "atlas-table-scroll" });
  readonly #page: Page;
  readonly #hooks: ChangesHooks;
  #areas: readonly ChangedArea[] = [];

  constructor(page: Page, hooks: ChangesHooks) {
    this.#page = page;
    this.#hooks = hooks;
    this.element.append(
      el("div", { class: "atlas-table-head" }, this.#heading, el("div", { class: "atlas-table-buttons" }, button("Close changes", "atlas-quiet", hooks.close))),
      this.#body,
    );
    follow(
      () => [page.store.included.value, page.showing.rescored.value],
      () => {
        if (this.open) this.#fill();
      },
    );
  }

  /** The areas that crossed or moved, which come after the first picture. */
  set(areas: readonly ChangedArea[]): void {
    this.#areas = areas;
    if (this.open) this.#fill();
  }

  get open(): boolean {
    return !this.element.hidden;
  }

  show(focus: boolean): void {
    this.element.hidden = false;
    this.#fill();
    if (focus) this.#heading.focus();
  }

  hide(): void {
    this.element.hidden = true;
  }

  #fill(): void {
    const { data, store, showing } = this.#page;
    const { changes } = data;
    if (!changes) return;
    const included = store.included.peek();
    const here = this.#areas.filter(({ row }) => !included || included[row]);
    const table = new ListTable<ChangedArea>(
      `${plural(here.length, "neighbourhood", "neighbourhoods")} that crossed or moved.`,
      "No neighbourhood",
      this.#columns(),
    );
    table.setRows(here);
    const [first = "", ...further] = changes.sentences;
    const notes = [
      ...(changes.releases ? ["These are two releases of the Indices of Deprivation: not the scores of this map."] : []),
      ...(showing.changed ? ["What changed is of the published index, whatever weights are set here."] : []),
      ...(included ? [`Of the chosen areas: ${count(here.length)} of ${count(this.#areas.length)}.`] : []),
    ];
    this.#body.replaceChildren(
      el("p", { class: "atlas-note" }, words(comparedInWords(changes))),
      el("p", { class: "atlas-changes-first" }, words(first)),
      ...further.map((sentence) => el("p", {}, words(sentence))),
      ...notes.map((note) => el("p", { class: "atlas-note" }, note)),
      el("p", { class: "atlas-changes-show" }, ...this.#shows(here, changes.of)),
      table.table,
      table.pager,
      ...(changes.others ? [el("p", { class: "atlas-note" }, `${plural(changes.others, "more", "more")} moved: they are in changes.csv.`)] : []),
      el(
        "details",
        { class: "atlas-list-caveats" },
        el("summary", {}, "What to keep in mind"),
        el("ul", {}, ...changes.notes.map((note) => el("li", {}, words(note)))),
      ),
    );
  }

  /** Buttons that outline them. */
  #shows(areas: readonly ChangedArea[], of: string): HTMLElement[] {
    const choices: [string, ChangedArea[]][] = [
      [`entered ${of}`, crossedOf(areas, "Entered", false)],
      [`left ${of}`, crossedOf(areas, "Left", false)],
      ["moved beyond their uncertainty", areas.filter(({ moved }) => moved)],
    ];
    return choices
      .filter(([, rows]) => rows.length)
      .map(([what, rows]) =>
        button(`Outline the ${count(rows.length)} that ${what}`, "atlas-quiet", () => {
          this.#hooks.show(
            rows.map(({ row }) => row),
            `${plural(rows.length, "neighbourhood", "neighbourhoods")} that ${what}`,
          );
        }),
      );
  }

  #columns(): ListColumn<ChangedArea>[] {
    const { areas, data } = this.#page;
    const place = (rank: number | null): number => rank ?? Infinity;
    return [
      {
        title: "Neighbourhood",
        cell: ({ row }) => {
          const open = button("", "atlas-sentence-link", () => {
            this.#hooks.select(row);
          });
          open.append(words(areas.place(row)));
          return el("div", {}, open, el("span", { class: "atlas-act-detail" }, words(areas.official(row))));
        },
      },
      { title: "Change", cell: whatOf },
      {
        title: "Beyond its uncertainty",
        cell: ({ moved }) => (moved ? "yes" : "no: no evidence of a change"),
        compare: (a, b) => Number(a.moved) - Number(b.moved),
      },
      { title: "What moved it most", cell: (area) => words(reasonOf(area)) },
      {
        title: `Rank before, of ${count(data.changes?.ranked_among ?? 0)}`,
        cell: ({ rank_old: rank }) => rankInWords(rank),
        number: true,
        compare: (a, b) => place(a.rank_old) - place(b.rank_old),
      },
      { title: "Rank after", cell: ({ rank_new: rank }) => rankInWords(rank), number: true, compare: (a, b) => place(a.rank_new) - place(b.rank_new) },
    ];
  }
}
