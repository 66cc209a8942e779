/** Going down into larger areas, and up again: what is chosen is in the store, and said. */
import type { Measure } from "../model/larger";
import { orderInWords } from "../model/larger-layer";
import type { Level, Unit } from "../model/levels";
import { plural } from "../model/format";
import { batch } from "../model/store";
import type { Page } from "../scoring/page";
import type { Reached } from "./actions";

export class Going {
  readonly #page: Page;
  readonly #say: (text: string) => void;
  readonly #reached: () => Pick<Reached, "viewport">;

  constructor(page: Page, say: (text: string) => void, reached: () => Pick<Reached, "viewport">) {
    this.#page = page;
    this.#say = say;
    this.#reached = reached;
  }

  /** Colours the map by the places of a level; null: by neighbourhoods. */
  readonly show = (level: Level | null, measure: Measure = this.#page.store.measure.peek()): void => {
    const { store, levels } = this.#page;
    batch(() => {
      store.level.value = level;
      store.measure.value = measure;
      store.grouping.value = null;
      store.selected.value = null;
      store.outlined.value = null;
      // A place is not looked at by places of its own size.
      if (level) store.filter.value = levels.without(store.filter.peek(), level);
    });
    this.#sayWhatIsShown();
  };

  /** Shows the neighbourhoods of a place, and nothing else. */
  readonly down = (unit: Unit): void => {
    const { store, levels } = this.#page;
    batch(() => {
      store.filter.value = levels.within(store.filter.peek(), unit);
      store.level.value = null;
      store.grouping.value = null;
      store.selected.value = null;
      store.outlined.value = null;
      store.suggested.value = [];
      store.hovered.value = null;
    });
    this.#reached().viewport.fitBeside(unit.rows);
    this.#say(`${unit.name}: ${plural(unit.rows.length, "neighbourhood", "neighbourhoods")}, coloured by ${this.#page.showing.layer.peek().title}`);
  };

  /** Back to one of the places that a place lies in, or to all, coloured by the places among which the next was chosen. */
  readonly up = (from: Unit): void => {
    const { store, levels, showing } = this.#page;
    batch(() => {
      store.filter.value = levels.without(store.filter.peek(), from.level);
      store.level.value = from.level;
      store.grouping.value = null;
      store.selected.value = null;
      store.outlined.value = null;
    });
    const { viewport } = this.#reached();
    if (levels.trail(store.filter.peek()).length) viewport.fitBeside(showing.rows.peek());
    else viewport.fitAll();
    this.#sayWhatIsShown();
  };

  #sayWhatIsShown(): void {
    const larger = this.#page.showing.larger.peek();
    if (!larger) {
      this.#say(`Neighbourhoods, coloured by ${this.#page.showing.layer.peek().title}`);
      return;
    }
    const { level, measure, units } = larger.larger;
    this.#say(`${orderInWords(level, measure, units.length)}. ${larger.sentence}`);
  }
}
