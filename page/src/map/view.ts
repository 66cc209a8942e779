/** What a picture of the map shows. */
import type { Box } from "./labels";

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

/** What the map will show once it is at a centre and a zoom. */
export function viewAt(map: L.Map | null, center: L.LatLng, zoom: number): View {
  const mapSize = map?.getSize() ?? L.point(0, 0);
  const corner = map ? map.project(center, zoom).subtract(mapSize.divideBy(2)).round() : L.point(0, 0);
  return viewAround(corner, zoom, mapSize);
}

export function viewAround(corner: L.Point, zoom: number, mapSize: L.Point): View {
  const padding = mapSize.multiplyBy(PADDING).round();
  return {
    zoom,
    topLeft: corner.subtract(padding),
    size: mapSize.add(padding.multiplyBy(2)),
    mapSize,
    ratio: finestRatio(),
  };
}

/** Whether a view holds these bounds of a map of this size, as finely as the screen shows them. */
export function shows(view: View | null | undefined, bounds: L.Bounds, zoom: number, mapSize: L.Point): boolean {
  return (
    view?.zoom === zoom &&
    view.mapSize.equals(mapSize) &&
    view.ratio === finestRatio() &&
    L.bounds(view.topLeft, view.topLeft.add(view.size)).contains(bounds)
  );
}

/** The part of a view that the map shows, without what is drawn beyond its edges. */
export function inView({ size, mapSize }: View): Box {
  const { x, y } = size.subtract(mapSize).divideBy(2);
  return { left: x, top: y, right: x + mapSize.x, bottom: y + mapSize.y };
}

function finestRatio(): number {
  return Math.min(devicePixelRatio, FINEST_PIXEL_RATIO);
}
