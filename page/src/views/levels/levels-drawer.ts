/** The places of all levels in the drawer below the map. */
import { capital } from "../../model/format";
import type { Level } from "../../model/levels";
import { LEVELS, levelInWords } from "../../model/levels";
import { batch, follow } from "../../model/store";
import type { Page } from "../../scoring/page";
import { button, el } from "../../ui/dom";
import type { DrawerView } from "../../ui/drawer";
import type { LevelsHooks } from "./levels";
import { LevelsView } from "./levels";
import { OVERLAP, overlappingTable } from "./overlapping-table";
import { severalOf } from "./level-choice";

export interface LevelsDrawerHooks extends LevelsHooks {
  /** Colours the map by the places of a level. */
  choose: (level: Level) => void;
  close: () => void;
}

export class LevelsDrawer implements DrawerView {
  readonly element = el("section", { class: "atlas-table atlas-levels-drawer", "aria-labelledby": "atlas-levels-title", hidden: "" });
  readonly #heading = el("h2", { id: "atlas-levels-title", tabindex: "-1" }, "Wards, districts and boards");
  readonly #view: LevelsView;
  readonly #choice = el("select", { id: "atlas-level" });
  readonly #page: Page;
  readonly #hooks: LevelsDrawerHooks;

  constructor(page: Page, hooks: LevelsDrawerHooks) {
    this.#page = page;
    this.#hooks = hooks;
    this.#view = new LevelsView(page.levels, {
      select: hooks.select,
      down: (unit) => {
        hooks.down(unit);
        this.#heading.focus();
      },
    });
    this.#choice.addEventListener("change", () => {
      this.#choose();
    });
    this.element.append(
      el(
        "div",
        { class: "atlas-table-head" },
        this.#heading,
        el("label", { for: "atlas-level" }, "Added up by"),
        this.#choice,
        el("div", { class: "atlas-table-buttons" }, button("Close places", "atlas-quiet", hooks.close)),
      ),
      el("div", { class: "atlas-table-scroll" }, this.#view.element),
    );
    const { store, showing } = page;
    follow(
      () => [showing.rows.value, showing.rescored.value, store.level.value, store.grouping.value, store.revision.value, page.levels.published.value],
      () => {
        if (this.open) this.#fill();
      },
    );
  }

  get open(): boolean {
    return !this.element.hidden;
  }

  show(focus: boolean): void {
    if (!this.open) {
      this.element.hidden = false;
      if (!this.#choice.options.length) this.#offer();
      this.#fill();
    }
    if (focus) this.#heading.focus();
  }

  hide(): void {
    this.element.hidden = true;
  }

  /** Goes through all areas, which is not for the start of a page. */
  #offer(): void {
    const { levels, data } = this.#page;
    for (const level of levels.levels) if (level !== "lsoa") this.#choice.append(el("option", { value: level }, capital(levelInWords(level))));
    for (const { id, title, of_areas } of data.larger?.levels ?? []) if (!of_areas) this.#choice.append(el("option", { value: id }, title));
  }

  #choose(): void {
    const { store, levels } = this.#page;
    const level = LEVELS.find((id) => id === this.#choice.value);
    // A map of one colour says nothing.
    if (level && severalOf(levels).includes(level)) this.#hooks.choose(level);
    else {
      batch(() => {
        store.level.value = null;
        store.grouping.value = this.#choice.value;
      });
    }
  }

  #fill(): void {
    const { levels, store, showing, data } = this.#page;
    const grouping = store.grouping.peek();
    const alone = LEVELS.find((id) => id === grouping);
    if (grouping !== null && !alone) {
      const title = data.larger?.levels.find(({ id }) => id === grouping)?.title ?? grouping;
      const changed = showing.changedInWords() ? "As published: with changed weights they are not known. " : "";
      this.#choice.value = grouping;
      this.#view.put(overlappingTable(title, levels.overlapping(grouping)), `${changed}${OVERLAP}`);
      return;
    }
    const last = levels.trail(store.filter.peek()).at(-1);
    const level = store.level.peek() ?? alone ?? (last ? levels.below(last.level) : null) ?? levels.first;
    if (level !== "lsoa") this.#choice.value = level;
    this.#view.show(level, Array.from(showing.rows.peek()));
  }
}
