/** A part over the page that one button opens and closes. */
import { button, el } from "./dom";

export class Flyout {
  readonly button: HTMLButtonElement;
  readonly element: HTMLElement;
  readonly #heading: HTMLElement;
  readonly #changed: (open: boolean) => void;

  constructor(label: string, className: string, id: string, changed: (open: boolean) => void = () => undefined) {
    this.#changed = changed;
    this.button = button(label, "atlas-bar-button", () => {
      this.show(!this.open);
    });
    this.button.setAttribute("aria-expanded", "false");
    this.button.setAttribute("aria-controls", id);
    this.#heading = el("h2", { id: `${id}-title`, tabindex: "-1" }, label);
    this.element = el(
      "section",
      { class: `atlas-flyout ${className}`, id, "aria-labelledby": `${id}-title`, hidden: "" },
      el(
        "div",
        { class: "atlas-flyout-head" },
        this.#heading,
        button(`Close ${label.toLowerCase()}`, "atlas-quiet", () => {
          this.close();
        }),
      ),
    );
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.close();
    });
  }

  add(...parts: (HTMLElement | null)[]): void {
    this.element.append(...parts.filter((part) => part !== null));
  }

  get open(): boolean {
    return !this.element.hidden;
  }

  show(open: boolean, focus = true): void {
    if (open === this.open) return;
    this.element.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    if (open && focus) this.#heading.focus({ preventScroll: true });
    this.#changed(open);
  }

  /** Closes it; the focus goes back to the button that opens it. */
  close(): void {
    this.show(false);
    this.button.focus();
  }
}
