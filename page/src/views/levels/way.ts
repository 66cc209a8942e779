/** Where the map is: all of it, or the places that the reader has gone down into, each of which leads back up. */
import type { Unit } from "../../model/levels";
import { levelInWords } from "../../model/levels";
import { follow } from "../../model/store";
import type { Page } from "../../scoring/page";
import { button, el, words } from "../../ui/dom";

export interface WayHooks {
  /** Back to the places among which this one was chosen. */
  up: (from: Unit) => void;
  /** Back to neighbourhoods. */
  leave: () => void;
}

export class Way {
  readonly element = el("nav", { class: "atlas-way", "aria-label": "Where the map is", hidden: "" });
  readonly #page: Page;
  readonly #hooks: WayHooks;

  constructor(page: Page, hooks: WayHooks) {
    this.#page = page;
    this.#hooks = hooks;
    const { store, levels } = page;
    follow(
      () => ({ level: store.level.value, trail: levels.trail(store.filter.value) }),
      ({ level, trail }) => {
        this.element.hidden = level === null && !trail.length;
        if (!this.element.hidden) this.#show(trail);
      },
    );
  }

  #show(trail: readonly Unit[]): void {
    const { store, data } = this.#page;
    const had = this.element.contains(document.activeElement);
    const level = store.level.peek();
    const all = `All of ${data.title}`;
    const steps = [all, ...trail.map(({ name }) => name)];
    const items = steps.map((name, at) => {
      const next = trail.at(at);
      if (!next) return el("li", { "aria-current": "location", tabindex: "-1" }, words(name));
      const back = button("", "atlas-sentence-link", () => {
        this.#hooks.up(next);
      });
      back.append(words(name), el("span", { class: "atlas-hidden" }, `: back to the ${levelInWords(next.level)}`));
      return el("li", {}, back);
    });
    const leave = level ? button("Show neighbourhoods", "atlas-sentence-link", this.#hooks.leave) : null;
    this.element.replaceChildren(
      el("ol", {}, ...items),
      ...(level && leave ? [el("span", { class: "atlas-way-level" }, `by ${levelInWords(level, 1)} · `, leave)] : []),
    );
    // What had the focus is another element now.
    if (had) this.element.querySelector<HTMLElement>("[aria-current]")?.focus({ preventScroll: true });
  }
}
