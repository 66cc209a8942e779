import { PageError } from "./data";

/** The digits of the packed text, from 0 to 84: those of RFC 1924, but for the four that mean something in markup. */
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%,()*+-;[=]?@^_.{|}~";
const BASE = 85;
const NONE = 255;

/** The bytes of a text of five characters for every four of them. */
function fromText(text: string): Uint8Array<ArrayBuffer> {
  const digits = new Uint8Array(128).fill(NONE);
  for (let digit = 0; digit < BASE; digit++) digits[DIGITS.charCodeAt(digit)] = digit;
  const rest = text.length % 5;
  if (rest === 1) throw new RangeError("A single character stands for no byte.");
  const complete = text.length - rest;
  const bytes = new Uint8Array((4 * complete) / 5 + Math.max(0, rest - 1));
  // What is lacking of the last group counts as the highest digit.
  const last = text.slice(complete).padEnd(5, DIGITS[BASE - 1]);
  let out = 0;
  const write = (from: string, at: number, count: number): void => {
    let value = 0;
    for (let place = at; place < at + 5; place++) {
      const digit = digits[from.charCodeAt(place) & 127];
      if (digit === NONE) throw new RangeError("There is a character that is no digit.");
      value = value * BASE + digit;
    }
    for (let shift = 24; shift > 24 - 8 * count; shift -= 8) bytes[out++] = value >>> shift;
  };
  for (let at = 0; at < complete; at += 5) write(text, at, 4);
  if (rest) write(last, 0, rest - 1);
  return bytes;
}

/** Of bytes that begin with the length of a JSON object (four bytes, the lowest first): the object, and what follows it. */
export function readFramed(bytes: Uint8Array): { header: unknown; body: Uint8Array } {
  const start = 4 + (bytes[0] | (bytes[1] << 8) | (bytes[2] << 16) | (bytes[3] << 24));
  return { header: JSON.parse(new TextDecoder().decode(bytes.subarray(4, start))) as unknown, body: bytes.subarray(start) };
}

/** The bytes of gzip that is written as text. */
export async function unpack(text: string): Promise<Uint8Array> {
  if (typeof DecompressionStream === "undefined") {
    throw new PageError("This browser is too old to open the map. Please use Edge or Chrome 103, Firefox 113 or Safari 16.4, or any later version.");
  }
  try {
    const stream = new Blob([fromText(text)]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    throw new PageError("The data in this page are damaged. Please ask for the file again.");
  }
}
