/** The views below the map, of which one at most is open, and the buttons of the header that open them. */
import type { Shown } from "../model/address";
import type { Store } from "../model/store";
import { follow } from "../model/store";
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

export interface DrawerHooks {
  /** Another view is open now, or none. */
  changed: (open: Shown | null) => void;
  /** What has the focus after a view was closed whose button is out of sight. */
  fallback: () => HTMLElement;
  /** The reader asked for a view. */
  asked: (name: Shown | null) => void;
}

export class Drawer {
  readonly #entries = new Map<Shown, Entry>();
  readonly #store: Store;
  readonly #hooks: DrawerHooks;

  constructor(store: Store, hooks: DrawerHooks) {
    this.#store = store;
    this.#hooks = hooks;
  }

  /** Views stand below the map, and their buttons in the header, in the order in which they are added. */
  add(name: Shown, label: string, view: DrawerView): void {
    const press = button(label, "atlas-bar-button", () => {
      this.show(view.open ? null : name, true);
    });
    press.setAttribute("aria-pressed", "false");
    this.#entries.set(name, { view, button: press });
  }

  /** From now on shows what the store has open; a view that this page does not have opens none. */
  follow(): void {
    let before: Shown | null = null;
    follow(
      () => this.#store.show.value,
      (name) => {
        for (const [other, entry] of this.#entries) {
          if (other === name) entry.view.show(false);
          else entry.view.hide();
          entry.button.setAttribute("aria-pressed", String(other === name));
        }
        if (name !== before) this.#hooks.changed(name);
        before = name;
      },
    );
  }

  get buttons(): HTMLElement[] {
    return [...this.#entries.values()].map((entry) => entry.button);
  }

  get elements(): HTMLElement[] {
    return [...this.#entries.values()].map(({ view }) => view.element);
  }

  /** The reader opens a view in place of the one that is open; null opens none. */
  show(name: Shown | null, focus = false): void {
    this.#store.show.value = name;
    if (name !== null && focus) this.#entries.get(name)?.view.show(true);
    if (focus) this.#hooks.asked(name);
  }

  has(name: Shown): boolean {
    return this.#entries.has(name);
  }

  /** Closes what is open, and gives the focus to the button that opens it again, where that is in sight. */
  close(): void {
    const open = this.#store.show.peek();
    this.show(null);
    if (!open) return;
    const opener = this.#entries.get(open)?.button;
    (opener?.offsetParent ? opener : this.#hooks.fallback()).focus();
  }
}
