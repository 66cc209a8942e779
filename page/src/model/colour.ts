/** Colours as one number, as canvases hold them in memory: alpha, blue, green, red from the highest byte down. */
import { NO_DATA } from "./classes";

export interface Colouring {
  /** Per area; 255 = no data. */
  classes: Uint8Array;
  colours: readonly string[];
}

const UNREADABLE = 0xff808080;

/** Of an opaque colour: `#rgb`, `#rrggbb` or `rgb(…)`. Anything else is grey. */
export function parseColour(text: string): number {
  const hex = /^#([\da-f]{3}|[\da-f]{6})$/i.exec(text.trim())?.[1];
  if (hex) {
    const long = hex.length === 3 ? hex.replace(/./g, "$&$&") : hex;
    return opaque(parseInt(long.slice(0, 2), 16), parseInt(long.slice(2, 4), 16), parseInt(long.slice(4), 16));
  }
  const parts = /^rgba?\(\s*([\d.]+)[\s,]+([\d.]+)[\s,]+([\d.]+)/i.exec(text.trim());
  return parts ? opaque(Number(parts[1]), Number(parts[2]), Number(parts[3])) : UNREADABLE;
}

function opaque(red: number, green: number, blue: number): number {
  return (0xff000000 | (Math.min(255, blue) << 16) | (Math.min(255, green) << 8) | Math.min(255, red)) >>> 0;
}

/** How much of its colour a faded area keeps; the rest is the ground's. Light colours stand out on a dark ground. */
const KEPT_ON_LIGHT = 0.26;
const KEPT_ON_DARK = 0.16;

export function faded(colour: number, ground: number): number {
  const dark = ((ground >>> 8) & 0xff) < 0x80;
  return blended(colour, ground, dark ? KEPT_ON_DARK : KEPT_ON_LIGHT);
}

function blended(colour: number, ground: number, kept: number): number {
  const blend = (shift: number): number => Math.round(kept * ((colour >>> shift) & 0xff) + (1 - kept) * ((ground >>> shift) & 0xff));
  return opaque(blend(0), blend(8), blend(16));
}

/** The colour of every area, by area number + 1; nothing at 0. Areas with 0 in `included` are faded. */
export function paletteOf({ classes, colours }: Colouring, included: Uint8Array | null, noData: string, ground: string): Uint32Array {
  const plain = new Uint32Array(256).fill(parseColour(noData));
  colours.forEach((colour, number) => {
    if (number < NO_DATA) plain[number] = parseColour(colour);
  });
  const under = parseColour(ground);
  const pale = plain.map((colour) => faded(colour, under));
  const palette = new Uint32Array(classes.length + 1);
  for (let area = 0; area < classes.length; area++) {
    palette[area + 1] = (included?.[area] === 0 ? pale : plain)[classes[area]];
  }
  return palette;
}

/** How much of its colour a stripe keeps; the rest is light on a dark colour, and dark on a light one. */
const KEPT_IN_STRIPES = 0.62;
const [LIGHT, DARK] = [opaque(255, 255, 255), opaque(22, 32, 42)];
/** Of a colour, as eyes see it: above this it is a light one. */
const MIDDLE = 120;

/** The colour of the stripes on areas of a colour, which they stand out from whatever it is. */
export function stripe(colour: number): number {
  const brightness = 0.299 * (colour & 0xff) + 0.587 * ((colour >>> 8) & 0xff) + 0.114 * ((colour >>> 16) & 0xff);
  return blended(colour, brightness > MIDDLE ? DARK : LIGHT, KEPT_IN_STRIPES);
}

/** The palette of the stripes that tell some areas, those with 1, apart. */
export function stripedPalette(palette: Uint32Array, areas: Uint8Array): Uint32Array {
  return palette.map((colour, number) => (number > 0 && areas[number - 1] ? stripe(colour) : colour));
}
