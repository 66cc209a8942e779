/** What a reader can do on the page that is more than a choice: it is said, shown on the map, or given the focus. */
import type { Filter } from "../model/filter";
import { isEmpty } from "../model/filter";
import type { Place } from "../model/find";
import { plural } from "../model/format";
import { HitTest, toGrid } from "../model/geometry";
import { unitAt } from "../model/larger-layer";
import { batch } from "../model/store";
import type { Page } from "../scoring/page";
import { Going } from "./levels";
import type { Viewport } from "./viewport";

/** No closer than this to a town, which has no outline. */
const TOWN_FIT = 12;

/** Parts that are there only after those that act. */
export interface Reached {
  viewport: Viewport;
  /** Gives the panel of the selected area the focus. */
  focusPanel: () => void;
}

export class Actions {
  readonly say: (text: string) => void;
  /** Down into larger areas, and up again. */
  readonly going: Going;
  readonly #page: Page;
  readonly #reached: () => Reached;
  /** Made when a point is first asked about. */
  #hit: HitTest | null = null;

  constructor(page: Page, say: (text: string) => void, reached: () => Reached) {
    this.#page = page;
    this.say = say;
    this.#reached = reached;
    this.going = new Going(page, say, reached);
  }

  /** The area that a point lies in. */
  readonly rowAt = (lon: number, lat: number): number | null => {
    this.#hit ??= new HitTest(this.#page.geometry);
    const row = this.#hit.at(...toGrid(this.#page.geometry, lon, lat));
    return row < 0 ? null : row;
  };

  readonly setLayer = (id: string): void => {
    const { store, showing } = this.#page;
    if (!showing.called(id)) throw new RangeError(`There is no layer "${id}".`);
    if (id === store.layer.peek() && store.level.peek() === null) return;
    batch(() => {
      store.level.value = null;
      store.showLayer(id);
    });
    const { title, sentence } = showing.layer.peek();
    this.say(`Layer: ${title}. ${sentence}`);
  };

  setFilter(filter: Filter): void {
    const { store, showing } = this.#page;
    store.filter.value = filter;
    this.say(isEmpty(filter) ? "No conditions: all areas" : showing.totalsInWords());
  }

  /** Goes down into the place that an area lies in, where the map shows places; otherwise selects the area. */
  enter(row: number, focus: boolean): void {
    const larger = this.#page.showing.larger.peek();
    const unit = larger && unitAt(larger, row);
    if (unit) this.going.down(unit);
    else if (!larger) this.choose(row, focus);
  }

  /** Selects an area, and gives its panel the focus. */
  readonly open = (row: number): void => {
    this.choose(row, true);
  };

  choose(row: number, focus: boolean, reveal = true): void {
    const { store, areas } = this.#page;
    const { viewport, focusPanel } = this.#reached();
    batch(() => {
      store.selected.value = row;
      store.outlined.value = null;
    });
    if (focus) focusPanel();
    viewport.resize();
    if (reveal) viewport.bringIntoView(row);
    this.say(`Selected ${[areas.place(row), areas.name(row), areas.standing(row)].filter(Boolean).join(", ")}`);
  }

  readonly deselect = (): void => {
    const { selected } = this.#page.store;
    if (selected.peek() === null) return;
    selected.value = null;
    this.#reached().viewport.resize();
    this.say("Back to the list");
  };

  readonly zoomToSelected = (): void => {
    const row = this.#page.store.selected.peek();
    if (row !== null) this.#reached().viewport.fit([row]);
  };

  readonly zoomToChosen = (): void => {
    this.#reached().viewport.fit(this.#page.showing.rows.peek());
  };

  /** Outlines areas, says what they are, and shows them. */
  outline(rows: readonly number[], what: string): void {
    const text = `${what}, outlined on the map`;
    this.#page.store.outlined.value = { rows, text };
    this.#reached().viewport.fit(rows);
    this.say(text);
  }

  /** Shows a place that was found. */
  readonly goTo = (place: Place): void => {
    const { areas } = this.#page;
    const { viewport } = this.#reached();
    const many = plural(place.rows.length, "area", "areas");
    if (place.kind === "town") {
      viewport.fit(place.rows, TOWN_FIT);
      this.say(`${place.name}, ${place.detail}: shown on the map`);
    } else if (place.kind === "sector" || place.rows.length !== 1) {
      this.outline(place.rows, `${place.name}, ${place.detail}${place.detail.endsWith(many) ? "" : `: ${many}`}`);
    } else {
      const [row] = place.rows;
      this.choose(row, true);
      viewport.fit(place.rows);
      if (place.kind === "postcode") this.say(`${place.name} is in ${areas.place(row)}, ${areas.name(row)}`);
    }
  };
}
