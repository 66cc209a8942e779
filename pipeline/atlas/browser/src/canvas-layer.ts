/** The areas on a canvas of their own above the map, and outlines on a second one so that hovering repaints nothing. */
import type { Geometry } from "./geometry";
import { WORLD } from "./geometry";
import type { Frame, Ink } from "./paint";
import { arcKinds, averageArea, paintAreas, paintOutline } from "./paint";
import type { Label, LabelStyle } from "./labels";
import { paintLabels } from "./labels";
import type { Level } from "./thin";
import { Levels, metresPerPixel } from "./thin";

/** Share of the map's size drawn beyond each edge, so that a short drag shows no bare strip and repaints nothing. */
const PADDING = 0.2;
const FINEST_PIXEL_RATIO = 2;

export type Mark = "found" | "selected" | "hovered";

export interface Style {
  ink: Ink;
  labels: LabelStyle[];
  outlines: Record<Mark, readonly (readonly [string, number])[]>;
}

interface Drawn {
  zoom: number;
  /** Of the canvas, in world pixels of `zoom`. */
  topLeft: L.Point;
  size: L.Point;
  mapSize: L.Point;
  frame: Frame;
  level: Level;
}

export class CanvasLayer extends L.Layer {
  readonly #geometry: Geometry;
  readonly #levels: Levels;
  readonly #kinds: Uint8Array;
  readonly #average: number;
  readonly #labels: readonly (readonly Label[])[];
  readonly #areas = canvas("atlas-areas");
  readonly #outlines = canvas("atlas-outlines");
  readonly #marks: Record<Mark, ReadonlySet<number>> = { found: new Set(), selected: new Set(), hovered: new Set() };
  #map: L.Map | null = null;
  #drawn: Drawn | null = null;
  #style: Style;
  #classes: Uint8Array;
  #colours: readonly string[];

  constructor(
    geometry: Geometry,
    districts: Int32Array,
    labels: readonly (readonly Label[])[],
    style: Style,
    classes: Uint8Array,
    colours: readonly string[],
  ) {
    super();
    this.#geometry = geometry;
    this.#levels = new Levels(geometry);
    this.#kinds = arcKinds(geometry, districts);
    this.#average = averageArea(geometry);
    this.#labels = labels;
    this.#style = style;
    this.#classes = classes;
    this.#colours = colours;
  }

  override onAdd(map: L.Map): this {
    this.#map = map;
    map.getPane("overlayPane")?.append(this.#areas, this.#outlines);
    this.#cover();
    return this;
  }

  override onRemove(): this {
    this.#areas.remove();
    this.#outlines.remove();
    this.#map = null;
    this.#drawn = null;
    return this;
  }

  override getEvents(): Record<string, L.LeafletEventHandlerFn> {
    const cover = (): void => {
      this.#cover();
    };
    return {
      moveend: cover,
      zoomend: cover,
      viewreset: cover,
      resize: cover,
      zoom: () => {
        if (this.#map) this.#follow(this.#map.getCenter(), this.#map.getZoom());
      },
      zoomanim: (event: L.LeafletEvent) => {
        const { center, zoom } = event as L.ZoomAnimEvent;
        this.#follow(center, zoom);
      },
    };
  }

  colour(classes: Uint8Array, colours: readonly string[]): void {
    this.#classes = classes;
    this.#colours = colours;
    this.#paint();
  }

  restyle(style: Style): void {
    this.#style = style;
    this.#paint();
    this.#outline();
  }

  mark(mark: Mark, areas: Iterable<number>): void {
    this.#marks[mark] = new Set(areas);
    this.#outline();
  }

  /** Draws what the map shows unless the canvas already holds it. */
  #cover(): void {
    const map = this.#map;
    if (!map) return;
    const zoom = map.getZoom();
    const mapSize = map.getSize();
    const bounds = map.getPixelBounds();
    const corner = bounds.min ?? L.point(0, 0);
    const drawn = this.#drawn;
    const held =
      drawn?.zoom === zoom &&
      drawn.mapSize.equals(mapSize) &&
      L.bounds(drawn.topLeft, drawn.topLeft.add(drawn.size)).contains(bounds);
    if (held) {
      this.#place(drawn.topLeft.subtract(map.getPixelOrigin()), 1);
      return;
    }
    const padding = mapSize.multiplyBy(PADDING).round();
    const topLeft = corner.subtract(padding);
    const size = mapSize.add(padding.multiplyBy(2));
    const ratio = Math.min(devicePixelRatio, FINEST_PIXEL_RATIO);
    const metres = metresPerPixel(zoom);
    const [west, south] = this.#geometry.origin;
    this.#drawn = {
      zoom,
      topLeft,
      size,
      mapSize,
      frame: {
        scale: this.#geometry.step / metres,
        left: (west + WORLD / 2) / metres - topLeft.x,
        top: (WORLD / 2 - south) / metres - topLeft.y,
        width: size.x,
        height: size.y,
      },
      level: this.#levels.at(zoom, ratio),
    };
    for (const element of [this.#areas, this.#outlines]) {
      element.width = Math.round(size.x * ratio);
      element.height = Math.round(size.y * ratio);
      element.style.width = `${size.x}px`;
      element.style.height = `${size.y}px`;
    }
    this.#place(topLeft.subtract(map.getPixelOrigin()), 1);
    this.#paint();
    this.#outline();
  }

  /** Stretches what is drawn to a view that is still changing. */
  #follow(center: L.LatLng, zoom: number): void {
    const map = this.#map;
    const drawn = this.#drawn;
    if (!map || !drawn) return;
    const scale = map.getZoomScale(zoom, drawn.zoom);
    const pane = map.getPane("mapPane");
    const moved = pane ? L.DomUtil.getPosition(pane) : L.point(0, 0);
    const origin = map.project(center, zoom).subtract(map.getSize().divideBy(2)).add(moved).round();
    this.#place(drawn.topLeft.multiplyBy(scale).subtract(origin), scale);
  }

  #place(offset: L.Point, scale: number): void {
    for (const element of [this.#areas, this.#outlines]) L.DomUtil.setTransform(element, offset, scale);
  }

  #context(element: HTMLCanvasElement): CanvasRenderingContext2D | null {
    const context = element.getContext("2d");
    if (!context || !this.#drawn) return null;
    const ratio = element.width / this.#drawn.size.x;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, this.#drawn.size.x, this.#drawn.size.y);
    return context;
  }

  #paint(): void {
    const context = this.#context(this.#areas);
    const drawn = this.#drawn;
    if (!context || !drawn) return;
    paintAreas(
      context,
      this.#geometry,
      drawn.level,
      drawn.frame,
      this.#classes,
      this.#colours,
      this.#kinds,
      this.#average,
      this.#style.ink,
    );
    const taken: Parameters<typeof paintLabels>[4] = [];
    this.#style.labels.forEach((style, number) => {
      if (number < this.#labels.length) paintLabels(context, drawn.frame, this.#labels[number], style, taken);
    });
  }

  #outline(): void {
    const context = this.#context(this.#outlines);
    const drawn = this.#drawn;
    if (!context || !drawn) return;
    for (const mark of ["found", "hovered", "selected"] as const) {
      const areas = this.#marks[mark];
      if (areas.size) paintOutline(context, this.#geometry, drawn.level, drawn.frame, areas, this.#style.outlines[mark]);
    }
  }
}

function canvas(name: string): HTMLCanvasElement {
  const element = document.createElement("canvas");
  element.className = `${name} leaflet-zoom-animated`;
  element.setAttribute("aria-hidden", "true");
  return element;
}
