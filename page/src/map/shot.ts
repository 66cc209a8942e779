/** One picture of what the map shows, put together from its canvases. */
import type { Style } from "./painting";
import type { View } from "./view";

/** The canvases of a map; null for that of a second layer where there is none. */
export interface Layers {
  areas: HTMLCanvasElement;
  other: HTMLCanvasElement | null;
  lines: HTMLCanvasElement;
  outlines: HTMLCanvasElement;
  /** Where the outlines stand, in CSS pixels of the picture. */
  outlinesAt: L.Point;
  /** Where the layers meet: 0 at the left edge of the map, 1 at the right. */
  share: number;
}

/** At the resolution of the screen, on a solid ground. */
export function shotOf(map: L.Map, view: View, layers: Layers, { ink, labels }: Style): HTMLCanvasElement {
  const result = document.createElement("canvas");
  const context = result.getContext("2d");
  if (!context) return result;
  const { x, y } = map.getSize();
  result.width = Math.round(x * view.ratio);
  result.height = Math.round(y * view.ratio);
  context.scale(view.ratio, view.ratio);
  context.fillStyle = ink.ground;
  context.fillRect(0, 0, x, y);
  const scale = map.getZoomScale(map.getZoom(), view.zoom);
  const corner = view.topLeft.multiplyBy(scale).subtract(map.getPixelBounds().min ?? L.point(0, 0));
  const put = (source: HTMLCanvasElement, at = L.point(0, 0)): void => {
    if (!source.width || !source.height) return;
    const { x: left, y: top } = corner.add(at.multiplyBy(scale));
    context.drawImage(source, left, top, (source.width / view.ratio) * scale, (source.height / view.ratio) * scale);
  };
  put(layers.areas);
  const divider = layers.share * x;
  if (layers.other) {
    context.save();
    context.beginPath();
    context.rect(divider, 0, x - divider, y);
    context.clip();
    context.fillRect(divider, 0, x - divider, y);
    put(layers.other);
    context.restore();
  }
  put(layers.lines);
  put(layers.outlines, layers.outlinesAt);
  if (layers.other) {
    context.fillStyle = labels.halo;
    context.fillRect(divider - 2, 0, 4, y);
    context.fillStyle = labels.colour;
    context.fillRect(divider - 1, 0, 2, y);
  }
  return result;
}
