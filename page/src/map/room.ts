/** Where on the map something can be seen whole beside the boxes that lie over it. */
import type { Box } from "./labels";

/**
 * The part of a map of `width` by `height` pixels, `edge` from its sides and from every box, that shows something of a
 * `shape` largest; of equal ones the largest part. The whole map within its edges where boxes leave less than `least`
 * of the scale that it would have without them.
 */
export function roomFor(
  shape: { width: number; height: number },
  { width, height }: { width: number; height: number },
  boxes: readonly Box[],
  edge: number,
  least = 0.4,
): Box {
  const whole = { left: edge, right: width - edge, top: edge, bottom: height - edge };
  const scale = ({ left, right, top, bottom }: Box): number => Math.min((right - left) / shape.width, (bottom - top) / shape.height);
  let best = whole;
  let [most, size] = [scale(whole) * least, 0];
  const within = (from: number, to: number, places: readonly number[]): number[] => [...new Set([from, ...places.filter((at) => at > from && at < to)])];
  const rights = within(edge, width, [whole.right, ...boxes.map(({ left }) => left - edge)]).slice(1);
  const bottoms = within(edge, height, [whole.bottom, ...boxes.map(({ top }) => top - edge)]).slice(1);
  for (const left of within(
    edge,
    whole.right,
    boxes.map((box) => box.right + edge),
  )) {
    for (const right of rights) {
      for (const top of within(
        edge,
        whole.bottom,
        boxes.map((box) => box.bottom + edge),
      )) {
        for (const bottom of bottoms) {
          const part = { left, right, top, bottom };
          const [here, room] = [scale(part), (right - left) * (bottom - top)];
          if (right <= left || bottom <= top || here < most || (here === most && room <= size)) continue;
          if (boxes.some((box) => box.left < right && box.right > left && box.top < bottom && box.bottom > top)) continue;
          [best, most, size] = [part, here, room];
        }
      }
    }
  }
  return best;
}
