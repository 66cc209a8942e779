/** What a picture of the map shows. */
import type { Geometry } from "../model/geometry";
import { WORLD } from "../model/geometry";
import type { Frame } from "./paint";
import { metresPerPixel } from "./thin";

/** Share of the map's size drawn beyond each edge, so that a short drag shows no bare strip and repaints nothing. */
export const PADDING = 0.15;
const FINEST_PIXEL_RATIO = 2;

/** A rectangle in world pixels of a zoom level. */
export interface View {
  zoom: number;
  topLeft: L.Point;
  size: L.Point;
  mapSize: L.Point;
  /** Device pixels in one CSS pixel. */
  ratio: number;
}

/** Device pixels that the screen shows to one CSS pixel, no more than can be told apart. */
export function screenRatio(): number {
  return Math.min(devicePixelRatio, FINEST_PIXEL_RATIO);
}

/** What the map will show once it is at a centre and a zoom. */
export function viewAt(map: L.Map | null, center: L.LatLng, zoom: number, ratio: number): View {
  const mapSize = map?.getSize() ?? L.point(0, 0);
  const corner = map ? map.project(center, zoom).subtract(mapSize.divideBy(2)).round() : L.point(0, 0);
  return viewAround(corner, zoom, mapSize, ratio);
}

/** `spare`: the share of the map's size that is drawn beyond each edge. */
export function viewAround(corner: L.Point, zoom: number, mapSize: L.Point, ratio: number, spare = PADDING): View {
  const padding = mapSize.multiplyBy(spare).round();
  return { zoom, topLeft: corner.subtract(padding), size: mapSize.add(padding.multiplyBy(2)), mapSize, ratio };
}

/** Where the map's corner lies in a view that was drawn around it. */
export function cornerIn({ size, mapSize }: View): L.Point {
  return size.subtract(mapSize).divideBy(2);
}

/** Bounds with a share of their size around them. */
export function wider(bounds: L.Bounds, share: number): L.Bounds {
  const { min = L.point(0, 0), max = L.point(0, 0) } = bounds;
  const spare = max.subtract(min).multiplyBy(share);
  return L.bounds(min.subtract(spare), max.add(spare));
}

/** Whether a view holds as much as another, as finely. */
export function shows(view: View | null | undefined, wanted: Pick<View, "zoom" | "mapSize" | "ratio">, bounds: L.Bounds): boolean {
  return (
    view?.zoom === wanted.zoom &&
    view.mapSize.equals(wanted.mapSize) &&
    view.ratio === wanted.ratio &&
    L.bounds(view.topLeft, view.topLeft.add(view.size)).contains(bounds)
  );
}

/** How the grid of a geometry lies in a view. */
export function frameOf({ origin, step }: Geometry, { zoom, topLeft, size }: View): Frame {
  const metres = metresPerPixel(zoom);
  return {
    scale: step / metres,
    left: (origin[0] + WORLD / 2) / metres - topLeft.x,
    top: (WORLD / 2 - origin[1]) / metres - topLeft.y,
    width: size.x,
    height: size.y,
  };
}
