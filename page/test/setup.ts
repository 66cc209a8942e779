import * as leaflet from "leaflet";

Object.assign(globalThis, { L: leaflet });
// Nothing is laid out here, and a map needs a size.
Object.defineProperties(HTMLElement.prototype, { clientWidth: { value: 800 }, clientHeight: { value: 600 } });

class NoResize {
  observe(): void {
    return;
  }
}
if (typeof ResizeObserver === "undefined") Object.assign(globalThis, { ResizeObserver: NoResize });
