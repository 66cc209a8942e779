/** The canvases of one picture, where they lie on the map, and all of them as one picture to be saved. */
import type { Canvases } from "./canvases";
import { canvas, empty, originAt } from "./canvases";
import type { Outlines } from "./outlines";
import type { Painted, Picture, Style } from "./painting";
import { Sides } from "./sides";
import type { View } from "./view";

export class Stage {
  readonly sides = new Sides();
  readonly #canvases: Canvases;
  readonly #outlines: Outlines;
  #view: View | null = null;
  #land = canvas("atlas-land");
  #areas = canvas("atlas-areas");
  #other = canvas("atlas-other");
  #lines = canvas("atlas-lines");
  #names = canvas("atlas-names");

  constructor(canvases: Canvases, outlines: Outlines) {
    this.#canvases = canvases;
    this.#outlines = outlines;
    this.sides.left.append(this.#areas);
    this.sides.right.append(this.#other);
  }

  /** From below to above. */
  get elements(): HTMLElement[] {
    return [this.#land, this.sides.left, this.sides.right, this.#lines, this.#outlines.canvas, this.#names];
  }

  /** Another picture; its colours are still to come. */
  show({ view, land, lines, names }: Picture): void {
    this.#view = view;
    this.#land = this.#canvases.replace(this.#land, land);
    this.#lines = this.#canvases.replace(this.#lines, lines);
    this.showNames(names);
  }

  showNames(names: HTMLCanvasElement): void {
    this.#names = this.#canvases.replace(this.#names, names);
  }

  showColours({ areas, other }: Painted): void {
    this.#areas = this.#canvases.replace(this.#areas, areas);
    if (!other) return;
    this.#other = this.#canvases.replace(this.#other, other);
    this.sides.begin();
  }

  /** Nothing is on the right any more. */
  endComparison(): void {
    this.sides.end();
    empty(this.#other);
  }

  /** Nothing is shown any more. */
  end(): void {
    for (const element of this.elements) element.remove();
    this.#canvases.clear();
    this.#view = null;
  }

  /** Puts the picture where it belongs in a map that is still. */
  put(map: L.Map): void {
    this.#place(map, map.getPixelOrigin(), map.getZoom());
  }

  /** Stretches the picture to a view that is still changing. */
  follow(map: L.Map, center: L.LatLng, zoom: number): void {
    this.#place(map, originAt(map, center, zoom), zoom);
  }

  #place(map: L.Map, origin: L.Point, zoom: number): void {
    const view = this.#view;
    if (!view) return;
    const scale = map.getZoomScale(zoom, view.zoom);
    const put = (element: HTMLCanvasElement, topLeft: L.Point): void => {
      L.DomUtil.setTransform(element, topLeft.multiplyBy(scale).subtract(origin), scale);
    };
    for (const element of [this.#land, this.#areas, this.#other, this.#lines, this.#names]) put(element, view.topLeft);
    put(this.#outlines.canvas, view.topLeft.add(this.#outlines.at));
    this.sides.clip(map);
  }

  /** What the map shows, on a solid ground, as finely as it was drawn. */
  shot(map: L.Map | null, { ink, labels }: Style): HTMLCanvasElement {
    const view = this.#view;
    const result = document.createElement("canvas");
    const context = result.getContext("2d");
    if (!map || !view || !context) return result;
    const { x, y } = map.getSize();
    result.width = Math.round(x * view.ratio);
    result.height = Math.round(y * view.ratio);
    context.scale(view.ratio, view.ratio);
    const scale = map.getZoomScale(map.getZoom(), view.zoom);
    const corner = view.topLeft.multiplyBy(scale).subtract(map.getPixelBounds().min ?? L.point(0, 0));
    const put = (source: HTMLCanvasElement, at = L.point(0, 0)): void => {
      if (!source.width || !source.height) return;
      const { x: left, y: top } = corner.add(at.multiplyBy(scale));
      context.drawImage(source, left, top, (source.width / view.ratio) * scale, (source.height / view.ratio) * scale);
    };
    const ground = (from: number): void => {
      context.fillStyle = ink.ground;
      context.fillRect(from, 0, x - from, y);
      put(this.#land);
    };
    ground(0);
    put(this.#areas);
    const divider = this.sides.share * x;
    const { divided } = this.sides;
    if (divided) {
      context.save();
      context.beginPath();
      context.rect(divider, 0, x - divider, y);
      context.clip();
      ground(divider);
      put(this.#other);
      context.restore();
    }
    put(this.#lines);
    put(this.#outlines.canvas, this.#outlines.at);
    put(this.#names);
    if (divided) {
      context.fillStyle = labels.halo;
      context.fillRect(divider - 2, 0, 4, y);
      context.fillStyle = labels.colour;
      context.fillRect(divider - 1, 0, 2, y);
    }
    return result;
  }
}
