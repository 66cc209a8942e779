/** The views below the map, of which one at most is open, and the buttons of the header that open them. */
import type { Shown } from "../model/address";
import { button } from "./dom";

/** A view in the place below the map. */
export interface DrawerView {
  readonly element: HTMLElement;
  readonly open: boolean;
  show: (focus: boolean) => void;
  hide: () => void;
}

interface Entry {
  view: DrawerView;
  button: HTMLButtonElement;
}

export class Drawer {
  readonly #entries = new Map<Shown, Entry>();
  readonly #changed: (open: Shown | null, byReader: boolean) => void;

  /** `changed` hears what is open now, and whether its reader asked for it. */
  constructor(changed: (open: Shown | null, byReader: boolean) => void) {
    this.#changed = changed;
  }

  /** Views stand below the map, and their buttons in the header, in the order in which they are added. */
  add(name: Shown, label: string, view: DrawerView): void {
    const press = button(label, "atlas-bar-button", () => {
      this.show(view.open ? null : name, true);
    });
    press.setAttribute("aria-pressed", "false");
    this.#entries.set(name, { view, button: press });
  }

  get buttons(): HTMLElement[] {
    return [...this.#entries.values()].map((entry) => entry.button);
  }

  get elements(): HTMLElement[] {
    return [...this.#entries.values()].map(({ view }) => view.element);
  }

  get open(): Shown | null {
    return [...this.#entries].find(([, { view }]) => view.open)?.[0] ?? null;
  }

  /** Opens a view in place of the one that is open; null, or one that this page does not have, opens none. */
  show(name: Shown | null, focus = false): void {
    for (const [other, entry] of this.#entries) {
      if (other === name) entry.view.show(focus);
      else entry.view.hide();
      entry.button.setAttribute("aria-pressed", String(other === name));
    }
    this.#changed(this.open, focus);
  }

  /** Closes what is open, and gives the focus to the button that opens it again. */
  close(): void {
    const entry = this.open && this.#entries.get(this.open);
    this.show(null);
    if (entry) entry.button.focus();
  }
}
