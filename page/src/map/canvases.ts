/** Canvases that lie on the map, used again as they are replaced: new ones of a screen's size cost as much as painting them. */

export class Canvases {
  readonly #spare = new Map<string, HTMLCanvasElement>();

  /** An empty canvas of so many CSS pixels. */
  take(name: string, size: L.Point, ratio: number): HTMLCanvasElement {
    const spare = this.#spare.get(name);
    this.#spare.delete(name);
    if (spare?.width !== Math.round(size.x * ratio) || spare.height !== Math.round(size.y * ratio)) {
      return canvas(name, size, ratio);
    }
    stretch(spare, size);
    const context = spare.getContext("2d");
    context?.resetTransform();
    context?.clearRect(0, 0, spare.width, spare.height);
    return spare;
  }

  /** Puts a canvas in the place of another. */
  replace(before: HTMLCanvasElement, after: HTMLCanvasElement): HTMLCanvasElement {
    before.replaceWith(after);
    this.put(before);
    return after;
  }

  /** Keeps a canvas that is no longer shown. */
  put(element: HTMLCanvasElement): void {
    const name = element.classList[0];
    const other = this.#spare.get(name);
    if (other) empty(other);
    this.#spare.set(name, element);
  }

  clear(): void {
    for (const element of this.#spare.values()) empty(element);
    this.#spare.clear();
  }
}

export function canvas(name: string, size = L.point(0, 0), ratio = 1): HTMLCanvasElement {
  const element = document.createElement("canvas");
  element.className = `${name} leaflet-zoom-animated`;
  element.setAttribute("aria-hidden", "true");
  Object.assign(element.style, { position: "absolute", left: "0", top: "0", pointerEvents: "none" });
  resize(element, size, ratio);
  return element;
}

/** Clears it, too. */
export function resize(element: HTMLCanvasElement, size: L.Point, ratio: number): void {
  element.width = Math.round(size.x * ratio);
  element.height = Math.round(size.y * ratio);
  stretch(element, size);
}

function stretch(element: HTMLCanvasElement, { x, y }: L.Point): void {
  element.style.width = `${x}px`;
  element.style.height = `${y}px`;
}

/** The origin that a map's panes will have when a change of its view has come to its end. */
export function originAt(map: L.Map, center: L.LatLng, zoom: number): L.Point {
  const moved = map.containerPointToLayerPoint([0, 0]).multiplyBy(-1);
  return map.project(center, zoom).subtract(map.getSize().divideBy(2)).add(moved).round();
}

/** Gives the memory of its picture back at once. */
export function empty(element: HTMLCanvasElement): void {
  element.width = element.height = 0;
}
