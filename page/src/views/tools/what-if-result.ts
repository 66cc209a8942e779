/** What other weights change, in words, and the areas that they move most. */
import type { Areas } from "../../model/areas";
import { ordinal, plural } from "../../model/format";
import type { Ranked, Scored } from "../../model/scored";
import type { Table } from "../../model/table";
import type { Changes } from "../../scoring/changes";
import { changesOf, orderInWords, tenthInWords } from "../../scoring/changes";
import type { Scorer } from "../../scoring/score";
import { el, words } from "../../ui/dom";

const RISERS = 5;

export class WhatIfResult {
  readonly element = el("div", { class: "atlas-what-if-summary", hidden: "" });
  readonly #scorer: Scorer;
  readonly #areas: Pick<Areas, "name" | "place">;
  readonly #select: (row: number) => void;
  /** A rank is better to compare with than a score, which may be rounded on the page. */
  readonly #published: Float64Array;
  /** The published order of the areas that had a rank when it was last asked for. */
  #before: Ranked | null = null;

  constructor(table: Table, scorer: Scorer, areas: Pick<Areas, "name" | "place">, select: (row: number) => void) {
    this.#scorer = scorer;
    this.#areas = areas;
    this.#select = select;
    const published = table.published();
    this.#published = Float64Array.from({ length: table.rows }, (_, row) => -published.number("risk_rank", row));
  }

  /** Shows what changes and gives it in words; `filtered`: ranks are among the filtered areas. Nothing for no scores. */
  show(scored: Scored | null, filtered: boolean): string {
    this.element.hidden = !scored;
    if (!scored) {
      this.element.replaceChildren();
      return "";
    }
    const changes = changesOf(this.#beforeOf(scored), scored, RISERS);
    const among = filtered ? `Among the ${plural(scored.count, "filtered area", "filtered areas")}: ` : "";
    const tenth = among ? among + lowered(tenthInWords(changes)) : tenthInWords(changes);
    const order = orderInWords(changes, among ? "these areas" : "all areas");
    const none = unscored(scored);
    this.element.replaceChildren(
      el("h2", {}, "What this changes"),
      el("p", { class: "atlas-what-if-tenth" }, tenth),
      el("p", {}, order),
      none ? el("p", {}, none) : "",
      ...this.#risers(changes),
    );
    return [tenth, order, none].filter(Boolean).join(" ");
  }

  /** The published order of the areas that have a rank now. */
  #beforeOf({ rank }: Scored): Ranked {
    const known = this.#before?.rank.every((value, row) => Number.isNaN(value) === (Number.isNaN(rank[row]) || Number.isNaN(this.#published[row])));
    if (!this.#before || !known) {
      this.#before = this.#scorer.rank(this.#published.map((value, row) => (Number.isNaN(rank[row]) ? NaN : value)));
    }
    return this.#before;
  }

  #risers({ risers }: Changes): HTMLElement[] {
    if (!risers.length) return [];
    const list = el("ol");
    for (const { row, from, to } of risers) {
      const place = this.#areas.place(row);
      const open = el("button", { type: "button" }, words(place || this.#areas.name(row)), place ? ", " : null, place ? words(this.#areas.name(row)) : null);
      open.addEventListener("click", () => {
        this.#select(row);
      });
      list.append(
        el(
          "li",
          {},
          open,
          el("span", { class: "atlas-what-if-move" }, `up ${plural(Math.ceil(from - to), "place", "places")}: ${placed(from)} to ${placed(to)}`),
        ),
      );
    }
    return [el("h3", {}, "Biggest moves towards most at risk"), list];
  }
}

function unscored({ score }: Scored): string {
  const none = score.reduce((sum, value) => sum + (Number.isNaN(value) ? 1 : 0), 0);
  return none ? `${plural(none, "area has", "areas have")} no score, because no part that counts has a value there.` : "";
}

function placed(rank: number): string {
  return Number.isInteger(rank) ? ordinal(rank) : `joint ${ordinal(Math.floor(rank))}`;
}

function lowered(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
