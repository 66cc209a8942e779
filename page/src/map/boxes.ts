/** What lies over the map, so that names keep clear of it. */
import type { Box } from "./labels";

/** Around a box, in CSS pixels. */
const CLEAR = 3;
/** Shown only for as long as the pointer is somewhere, or nothing that could hide a name. */
const PASSING = ".atlas-hover, .atlas-cross, .leaflet-container";

export class Boxes {
  readonly #frame: HTMLElement;
  readonly #others: readonly HTMLElement[];

  /** `frame` holds the map and what lies over it; `others` may reach over it. */
  constructor(frame: HTMLElement, others: readonly HTMLElement[]) {
    this.#frame = frame;
    this.#others = others;
  }

  /** Says from now on when a box opens, closes or grows. */
  watch(changed: () => void): void {
    const observer = new ResizeObserver(changed);
    for (const element of this.#elements()) observer.observe(element);
  }

  /** All of them, in CSS pixels of the map. */
  within(): Box[] {
    return this.#measured(this.#elements());
  }

  /** Those that hide more than a corner of the map. */
  large(): Box[] {
    return this.#measured(this.#elements().filter((element) => !element.matches(".leaflet-control")));
  }

  #measured(elements: readonly HTMLElement[]): Box[] {
    const map = this.#frame.getBoundingClientRect();
    return elements
      .map((element) => element.getBoundingClientRect())
      .filter(({ width, height }) => width > 0 && height > 0)
      .map(({ left, right, top, bottom }) => ({
        left: left - map.left - CLEAR,
        right: right - map.left + CLEAR,
        top: top - map.top - CLEAR,
        bottom: bottom - map.top + CLEAR,
      }))
      .filter(({ left, right, top, bottom }) => right > 0 && bottom > 0 && left < map.width && top < map.height);
  }

  #elements(): HTMLElement[] {
    const over = [...this.#frame.children].filter((element): element is HTMLElement => element instanceof HTMLElement && !element.matches(PASSING));
    return [...over, ...this.#frame.querySelectorAll<HTMLElement>(".leaflet-control"), ...this.#others];
  }
}
