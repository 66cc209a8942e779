/** Two areas side by side: the one that was pinned and the one that is selected. */
import type { Areas } from "../../model/areas";
import type { AtlasData, ColumnInfo } from "../../model/contract";
import { count, decimal, MISSING, plural, rankOf, tenth, unitOf } from "../../model/format";
import { identityOf, WARD } from "../../model/identity";
import type { Table } from "../../model/table";
import type { Values } from "../../model/values";
import type { Page } from "../../scoring/page";
import { button, el, words } from "../../ui/dom";
import { scoreBar } from "../../ui/score-bar";

const DEPRIVATION = "imd_decile";
const ALSO = [DEPRIVATION, "ruc21_name"];
const NOT_COMPARABLE = "cannot be compared";

interface Measure {
  title: string;
  /** What a cell says, and the score that its bar shows. */
  cell: (row: number) => string;
  score?: (row: number) => number;
  difference: (pinned: number, selected: number) => string;
}

/** What the second of two numbers has more or less than the first, both as they are shown, so that the reader's sum agrees. */
export function moreOrLess(pinned: number, selected: number, decimals: number, unit: string, one = unit): string {
  const [from, to] = [pinned, selected].map((value) => Number(value.toFixed(decimals)));
  const difference = to - from;
  if (Number.isNaN(difference)) return NOT_COMPARABLE;
  const size = decimal(Math.abs(difference), decimals);
  if (Number(size) === 0) return pinned === selected ? "the same" : "about the same";
  const name = size === "1" ? one : unit;
  return `${size}${name ? ` ${name}` : ""} ${difference > 0 ? "more" : "less"}`;
}

/** For ranks and tenths, where 1 is the worst: how much nearer that end the second is. */
export function nearerTheWorst(pinned: number, selected: number, one: string, many: string, worse = "at risk"): string {
  const difference = pinned - selected;
  if (Number.isNaN(difference)) return NOT_COMPARABLE;
  if (difference === 0) return "the same";
  const size = Math.abs(difference);
  const places = Number.isInteger(size) ? plural(size, one, many) : `${decimal(size, 1)} ${many}`;
  return `${places} ${difference > 0 ? "more" : "less"} ${worse}`;
}

export interface PinnedHooks {
  swap: () => void;
  unpin: () => void;
}

/** The section of the panel that compares. */
export class Pinned {
  readonly element = el("section", { class: "atlas-pinned", "aria-labelledby": "atlas-pinned-title", hidden: "" });
  readonly #data: AtlasData;
  readonly #table: Table;
  readonly #areas: Areas;
  readonly #values: Values;
  readonly #note = el("p", { class: "atlas-note" });
  readonly #tables = el("div", { class: "atlas-pair-scroll" });
  readonly #swap: HTMLButtonElement;

  constructor({ data, table, areas, values }: Page, hooks: PinnedHooks) {
    this.#data = data;
    this.#table = table;
    this.#areas = areas;
    this.#values = values;
    this.#swap = button("Swap the two", "atlas-quiet", hooks.swap);
    this.element.append(
      el("h3", { id: "atlas-pinned-title" }, "Compared with the pinned area"),
      this.#note,
      this.#tables,
      el("div", { class: "atlas-panel-row" }, this.#swap, button("Unpin", "atlas-quiet", hooks.unpin)),
    );
  }

  /** `pinned` is null where no area is. */
  show(pinned: number | null, selected: number): void {
    this.element.hidden = pinned === null;
    const same = pinned === selected;
    this.#swap.hidden = same;
    this.#note.textContent = same
      ? "This area is pinned. Choose another to see the two side by side."
      : "The difference is the selected area’s: what it has more or less of than the pinned one.";
    this.#tables.replaceChildren(...(pinned === null || same ? [] : [this.#pair(pinned, selected)]));
  }

  #pair(pinned: number, selected: number): HTMLElement {
    const table = el(
      "table",
      { class: "atlas-pair" },
      el("caption", { class: "atlas-hidden" }, "The pinned and the selected area side by side"),
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          this.#head("Pinned", "atlas-pair-pinned", pinned, selected),
          this.#head("Selected", "atlas-pair-selected", selected, pinned),
          el("th", { scope: "col" }, "Difference"),
        ),
      ),
    );
    this.#measures().forEach(({ title, cell, score, difference }, i) => {
      const id = `atlas-pair-${i}`;
      const value = (row: number): HTMLElement => el("td", { headers: id }, words(cell(row)), score ? scoreBar(score(row)) : null);
      table.append(
        el(
          "tbody",
          {},
          el("tr", {}, el("th", { id, scope: "rowgroup", colspan: "3" }, words(title))),
          el("tr", {}, value(pinned), value(selected), el("td", { headers: id, class: "atlas-difference" }, difference(pinned, selected))),
        ),
      );
    });
    return table;
  }

  /** Areas of one name are told apart by their official ones. */
  #head(word: string, className: string, row: number, other: number): HTMLElement {
    const identity = this.#table.isText("place_name") ? "place_name" : identityOf(this.#table, WARD);
    const [own, others] = [row, other].map((one) => this.#table.text(identity, one) ?? this.#areas.district(one));
    const place = own === others ? null : (this.#areas.placeName(row) ?? this.#areas.district(row));
    return el(
      "th",
      { scope: "col", class: className },
      el("span", { class: "atlas-pair-role" }, word),
      el("span", { class: "atlas-hidden" }, ": "),
      place === null ? null : words(place),
      place === null ? null : " ",
      words(this.#areas.name(row), "atlas-pair-name"),
    );
  }

  #measures(): Measure[] {
    const { nation, index } = this.#data;
    const number = (column: string) => (row: number) => this.#table.number(column, row);
    const rank = number("risk_rank");
    const ranks: Measure[] = [
      {
        title: "Rank",
        cell: (row) => rankOf(rank(row), this.#areas.ranked),
        difference: (a, b) => nearerTheWorst(rank(a), rank(b), "place", "places"),
      },
      this.#tenths("Tenth of this map", "risk_decile"),
    ];
    if (nation.areas !== this.#table.rows && this.#table.has("england_decile") && !this.#table.changed) {
      ranks.push(this.#tenths(`Tenth of ${nation.title}`, "england_decile"));
    }
    const components = index.components
      .filter(({ column }) => this.#table.has(column))
      .map(({ title, column }): Measure => {
        const score = number(column);
        return {
          title: `${title} (score)`,
          cell: (row) => (Number.isNaN(score(row)) ? MISSING : `${decimal(score(row), 0)} of 100`),
          score,
          difference: (a, b) => moreOrLess(score(a), score(b), 0, "points", "point"),
        };
      });
    const indicators = index.components.flatMap((component) => component.indicators.map(({ column }) => column));
    const infos = [...new Set(["population_total", ...indicators, ...ALSO])]
      .filter((column) => this.#table.has(column))
      .map((column) => this.#values.info(column))
      .filter((info) => info !== undefined);
    return [...ranks, ...components, ...infos.map((info) => this.#numbers(info))];
  }

  #tenths(title: string, column: string): Measure {
    const decile = (row: number): number => this.#table.number(column, row);
    return {
      title,
      cell: (row) => tenth(decile(row)) || MISSING,
      difference: (a, b) => nearerTheWorst(decile(a), decile(b), "tenth", "tenths"),
    };
  }

  #numbers(info: ColumnInfo): Measure {
    const number = (row: number): number => this.#table.number(info.name, row);
    return {
      title: info.title,
      cell: (row) => this.#values.column(info, row),
      difference: (a, b) => {
        if (info.type === "string") {
          const [left, right] = [a, b].map((row) => this.#table.text(info.name, row));
          return left === null || right === null ? NOT_COMPARABLE : left === right ? "the same" : "different";
        }
        if (info.name === DEPRIVATION) return nearerTheWorst(number(a), number(b), "tenth", "tenths", "deprived");
        if (info.percent) return moreOrLess(100 * number(a), 100 * number(b), info.decimals, "percentage points");
        const unit = unitOf(info);
        return moreOrLess(number(a), number(b), info.decimals, /^\p{L}+$/u.test(unit) ? unit : "");
      },
    };
  }
}

/** How many areas there are to choose a second one from, in words for those who listen. */
export function pinnedInWords(name: string, areas: number): string {
  return `${name} is pinned. Choose any other of the ${count(areas)} areas to compare it with.`;
}
