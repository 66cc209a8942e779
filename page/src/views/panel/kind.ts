/** What the panel says of the kind of exclusion. */
import type { AtlasData, KindsInfo } from "../../model/contract";
import { decimal } from "../../model/format";
import { KIND, Kinds } from "../../model/kinds";
import type { Table } from "../../model/table";
import { el, words } from "../../ui/dom";
import { methodLink } from "../../ui/method-link";

export class WhatKind {
  readonly #table: Table;
  readonly #kinds: Kinds;
  readonly #info: KindsInfo;
  readonly #nation: string;

  constructor({ kinds, nation }: Pick<AtlasData, "kinds" | "nation">, table: Table) {
    this.#table = table;
    this.#kinds = new Kinds(kinds);
    this.#info = kinds;
    this.#nation = nation.title;
  }

  parts(row: number): HTMLElement[] {
    if (!this.#table.holds(KIND)) return [];
    const value = this.#table.text(KIND, row);
    const heading = el("h3", {}, "What kind of exclusion");
    if (value === null) return [heading, el("p", { class: "atlas-what-kind" }, "Which kind it is cannot be said: data are lacking here.")];
    const kinds = this.#kinds.standingOut(value);
    const [first, second] = this.#info.kinds;
    const said = kinds.length
      ? [
          el("strong", {}, words(kinds.length > 1 ? `Both kinds: ${lowered(first.title)}, and ${lowered(second.title)}` : kinds[0].title)),
          ". ",
          ...kinds.flatMap(({ sentence }, i) => [i ? " " : "", words(sentence)]),
        ]
      : [el("strong", {}, "Neither kind stands out"), ` against the rest of `, words(this.#nation), "."];
    return [heading, el("p", { class: "atlas-what-kind" }, ...said), el("p", { class: "atlas-note" }, ...this.#scores(row))];
  }

  /** Where both scores stand in the nation, and from where on a kind is said to stand out. */
  #scores(row: number): (Node | string)[] {
    const parts = this.#info.kinds.flatMap(({ title, column }, i) => {
      const score = this.#table.number(column, row);
      return [i ? "; " : "", words(title), Number.isNaN(score) ? ": no data" : ` ${this.#shown(score)}`];
    });
    return [...parts, " (of 100 in ", words(this.#nation), `; above ${decimal(this.#info.stands_out_above, 0)} stands out). `, methodLink("kinds")];
  }

  /** A whole number, unless it would then seem to be on the other side of the bound. */
  #shown(score: number): string {
    const bound = this.#info.stands_out_above;
    const whole = Math.round(score);
    return decimal(score, whole > bound === score > bound ? 0 : 1);
  }
}

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
