/** What the pointer or the keyboard is at on the map, and what they choose. */
import { unitAt, unitInWords } from "../model/larger-layer";
import { follow } from "../model/store";
import type { Page } from "../scoring/page";
import type { Hover } from "../views/layers/hover";
import type { Actions } from "./actions";
import type { Viewport } from "./viewport";

export class Pointing {
  readonly #map: L.Map;
  readonly #page: Page;
  readonly #hover: Hover;
  readonly #viewport: Viewport;
  readonly #actions: Actions;
  #byKeyboard = false;

  constructor(map: L.Map, page: Page, hover: Hover, viewport: Viewport, actions: Actions) {
    this.#map = map;
    this.#page = page;
    this.#hover = hover;
    this.#viewport = viewport;
    this.#actions = actions;
  }

  listen(): void {
    const map = this.#map;
    const { rowAt } = this.#actions;
    map.on("mousemove", (event) => {
      this.#point(rowAt(event.latlng.lng, event.latlng.lat), event.containerPoint);
    });
    map.on("mouseout", () => {
      this.#point(null, null);
    });
    map.on("click", (event) => {
      const row = rowAt(event.latlng.lng, event.latlng.lat);
      if (row !== null) this.#actions.enter(row, false);
    });
    map.on("movestart", () => {
      this.#hover.hide();
    });
    map.on("moveend", () => {
      if (this.#byKeyboard && document.activeElement === map.getContainer()) this.#pointAtMiddle();
    });
    this.#listenToKeys();
    follow(
      () => this.#page.store.hovered.value,
      (row) => {
        map.getContainer().classList.toggle("atlas-pointing", row !== null);
      },
    );
    follow(
      () => this.#page.showing.rescored.value,
      () => {
        this.#hover.hide();
      },
    );
  }

  /** Shows where an area is that the keyboard or the pointer has reached in a list; null for none. */
  preview(row: number | null): void {
    const bounds = row === null ? null : this.#viewport.boundsOf(row);
    this.#point(row, bounds ? this.#map.latLngToContainerPoint(bounds.getCenter()) : null);
    if (bounds && !this.#map.getBounds().contains(bounds.getCenter())) this.#hover.hide();
  }

  /** The pointer is at a symbol; null: at none. */
  atSymbol(title: string | null, detail: string, at: L.Point | null): void {
    this.#point(null, null);
    if (title === null || !at) return;
    const { x, y } = this.#map.getSize();
    this.#hover.showSymbol(title, detail, at.x, at.y, x, y);
  }

  #listenToKeys(): void {
    const container = this.#map.getContainer();
    const { deselect, say } = this.#actions;
    // Leaflet focuses the map on a click, which browsers then may take for the work of the keyboard.
    const by = (keyboard: boolean) => (): void => {
      this.#byKeyboard = keyboard;
      container.closest(".atlas")?.classList.toggle("atlas-by-keyboard", keyboard);
    };
    addEventListener("keydown", by(true), true);
    addEventListener("pointerdown", by(false), true);
    container.addEventListener("keydown", (event) => {
      if (event.target !== container) return;
      if (event.key === "Escape") deselect();
      if (event.key !== "Enter") return;
      event.preventDefault();
      const row = this.#rowInMiddle();
      if (row === null) say("No area in the middle of the map");
      else this.#actions.enter(row, true);
    });
    container.addEventListener("focus", () => {
      if (this.#byKeyboard) this.#pointAtMiddle();
    });
    container.addEventListener("blur", () => {
      this.#point(null, null);
    });
  }

  #rowInMiddle(): number | null {
    const { lat, lng } = this.#map.getCenter();
    return this.#actions.rowAt(lng, lat);
  }

  #point(row: number | null, at: L.Point | null): void {
    const { store, showing } = this.#page;
    store.hovered.value = row;
    if (row === null || !at) {
      this.#hover.hide();
      return;
    }
    const { x, y } = this.#map.getSize();
    this.#hover.show(row, showing.layer.peek(), at.x, at.y, x, y);
  }

  #pointAtMiddle(): void {
    const row = this.#rowInMiddle();
    const { areas } = this.#page;
    this.#point(row, this.#map.getSize().divideBy(2));
    if (row === null) return;
    const larger = this.#page.showing.larger.peek();
    const unit = larger && unitAt(larger, row);
    this.#actions.say(unit ? [unit.name, ...unitInWords(unit)].join(", ") : `${areas.place(row)}, ${areas.name(row)}: ${areas.standing(row)}`);
  }
}
