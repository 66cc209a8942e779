/** A handle between two parts, one above the other, by which a reader gives one of them more room. */
import { el } from "./dom";

const STEP = 0.05;
const LEAST = 0.15;
const MOST = 0.85;

export class Handle {
  readonly element = el("div", {
    class: "atlas-handle",
    role: "separator",
    tabindex: "0",
    "aria-orientation": "horizontal",
    "aria-valuemin": String(100 * LEAST),
    "aria-valuemax": String(100 * MOST),
  });
  readonly #moved: (share: number) => void;
  #share: number;

  /** `share` is that of the upper part; `frame` is where both are on the screen. */
  constructor(label: string, share: number, frame: () => { top: number; height: number }, moved: (share: number) => void) {
    this.#share = share;
    this.#moved = moved;
    this.element.setAttribute("aria-label", label);
    this.element.append(el("span", { class: "atlas-handle-grip", "aria-hidden": "true" }));
    this.element.addEventListener("keydown", (event) => {
      const to = { ArrowUp: this.#share - STEP, ArrowDown: this.#share + STEP, Home: LEAST, End: MOST }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      this.set(to);
    });
    this.element.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.element.setPointerCapture(event.pointerId);
    });
    this.element.addEventListener("pointermove", (event) => {
      if (!this.element.hasPointerCapture(event.pointerId)) return;
      const { top, height } = frame();
      if (height > 0) this.set((event.clientY - top) / height);
    });
    this.#say();
  }

  set(share: number): void {
    this.#share = Math.min(MOST, Math.max(LEAST, share));
    this.#say();
    this.#moved(this.#share);
  }

  #say(): void {
    this.element.setAttribute("aria-valuenow", String(Math.round(100 * this.#share)));
    this.element.setAttribute("aria-valuetext", `Map ${Math.round(100 * this.#share)}% of the height`);
  }
}
