/** The places that the map is coloured by, as a list beside it: the highest first, to go down into one. */
import { figureOf, orderInWords, rangesInWords } from "../../model/larger-layer";
import type { LargerLayer } from "../../model/larger-layer";
import { measured } from "../../model/larger";
import { count } from "../../model/format";
import type { Unit } from "../../model/levels";
import { highestFirst } from "../../model/levels";
import { el, words } from "../../ui/dom";
import { RowList } from "../../ui/row-list";

export interface LevelListHooks {
  down: (unit: Unit) => void;
  /** Shows where a place is; null: none. */
  preview: (unit: Unit | null) => void;
}

export class LevelList {
  readonly element = el("section", { class: "atlas-list", "aria-labelledby": "atlas-list-places" });
  readonly #heading = el("h2", { id: "atlas-list-places", tabindex: "-1" });
  readonly #sentence = el("p", { class: "atlas-list-sentence" });
  readonly #rows: RowList;
  #units: readonly Unit[] = [];

  constructor(hooks: LevelListHooks) {
    this.#rows = new RowList("Places", {
      choose: (place) => {
        hooks.down(this.#units[place]);
      },
      preview: (place) => {
        hooks.preview(place === null ? null : this.#units[place]);
      },
    });
    this.element.append(el("div", { class: "atlas-list-head" }, this.#heading, this.#sentence), this.#rows.element);
  }

  /** Lets go of the places, of which a nation has thousands. */
  clear(): void {
    this.#units = [];
    this.#rows.show(0, () => ({ mark: "", title: "", detail: "", figure: "", of: "" }));
  }

  show({ classes, larger: { level, measure, units, classesOfUnits } }: LargerLayer): void {
    this.#units = highestFirst(units, measure);
    const colours = new Map(units.map((unit, place) => [unit, classes.at(classesOfUnits[place])?.colour ?? null]));
    const other = measure === "mean" ? "worst" : "mean";
    this.#heading.replaceChildren(words(orderInWords(level, measure, units.length)));
    this.#sentence.replaceChildren(words(rangesInWords(units, measure)));
    this.#rows.show(this.#units.length, (place) => {
      const unit = this.#units[place];
      const beside = measured(other, unit[other].value);
      return {
        mark: count(place + 1),
        colour: colours.get(unit) ?? null,
        title: unit.name,
        detail: detailOf(unit, other === "mean" ? `mean risk ${beside}` : `${beside} of its people in the worst tenth`),
        ...figureOf(unit, measure),
      };
    });
  }
}

/** What is said of a place, or of the part of it that is on the map. */
function detailOf({ rows, everywhere }: Unit, text: string): string {
  return rows.length === everywhere ? text : `${count(rows.length)} of ${count(everywhere)} here · ${text.replace(" of its people", "")}`;
}
