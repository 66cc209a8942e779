/** The places of all levels in the drawer below the map. */
import { capital } from "../../model/format";
import type { Levels } from "../../model/levels";
import { LEVELS, levelInWords } from "../../model/levels";
import { follow } from "../../model/store";
import type { Page } from "../../scoring/page";
import { button, el } from "../../ui/dom";
import type { DrawerView } from "../../ui/drawer";
import type { LevelsHooks } from "./levels";
import { LevelsView } from "./levels";

export class LevelsDrawer implements DrawerView {
  readonly element = el("section", { class: "atlas-table atlas-levels-drawer", "aria-labelledby": "atlas-levels-title", hidden: "" });
  readonly #heading = el("h2", { id: "atlas-levels-title", tabindex: "-1" }, "Wards, districts and boards");
  readonly #view: LevelsView;
  readonly #choice = el("select", { id: "atlas-level" });
  readonly #page: Page;
  readonly #levels: Levels;

  constructor(page: Page, levels: Levels, hooks: LevelsHooks & { close: () => void }) {
    this.#page = page;
    this.#levels = levels;
    this.#view = new LevelsView(levels, {
      ...hooks,
      shown: (level) => {
        if (level !== "lsoa") this.#choice.value = level;
      },
    });
    this.#choice.addEventListener("change", () => {
      this.#fill();
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
    follow(
      () => [page.showing.rows.value, page.showing.rescored.value],
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
    for (const level of this.#levels.levels) {
      if (level !== "lsoa") this.#choice.append(el("option", { value: level }, capital(levelInWords(level))));
    }
    this.#choice.value = this.#levels.first;
  }

  #fill(): void {
    const level = LEVELS.find((id) => id === this.#choice.value) ?? "lad";
    this.#view.show(level, Array.from(this.#page.showing.rows.peek()));
  }
}
