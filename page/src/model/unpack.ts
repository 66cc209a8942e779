import { PageError } from "./data";

/** The digits of the packed text, from 0 to 84: those of RFC 1924, but for the four that mean something in markup. */
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%,()*+-;[=]?@^_.{|}~";
const BASE = 85;
const NONE = 255;

/** What each character stands for. */
const VALUES = new Uint8Array(256).fill(NONE);
for (let digit = 0; digit < BASE; digit++) VALUES[DIGITS.charCodeAt(digit)] = digit;

/** The bytes of a text of five characters for every four of them. */
function fromText(text: string): Uint8Array<ArrayBuffer> {
  const lacking = (5 - (text.length % 5)) % 5;
  if (lacking === 4) throw new RangeError("A single character stands for no byte.");
  // What is lacking of the last group counts as the highest digit.
  const characters = new TextEncoder().encode(text + DIGITS[BASE - 1].repeat(lacking));
  const bytes = new Uint8Array((4 * characters.length) / 5);
  let seen = 0;
  for (let at = 0, out = 0; at < characters.length; at += 5, out += 4) {
    const a = VALUES[characters[at]];
    const b = VALUES[characters[at + 1]];
    const c = VALUES[characters[at + 2]];
    const d = VALUES[characters[at + 3]];
    const e = VALUES[characters[at + 4]];
    seen |= a | b | c | d | e;
    const value = ((a * BASE + b) * BASE + c) * BASE * BASE + (d * BASE + e);
    bytes[out] = value >>> 24;
    bytes[out + 1] = value >>> 16;
    bytes[out + 2] = value >>> 8;
    bytes[out + 3] = value;
  }
  // No digit is as high as 128.
  if (seen > 127) throw new RangeError("There is a character that is no digit.");
  return bytes.subarray(0, bytes.length - lacking);
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
    const bytes = fromText(text);
    const { readable, writable } = new DecompressionStream("gzip");
    const writer = writable.getWriter();
    // Where they are damaged, reading fails, too, and says so.
    Promise.all([writer.write(bytes), writer.close()]).catch(() => undefined);
    return new Uint8Array(await new Response(readable).arrayBuffer());
  } catch {
    throw new PageError("The data in this page are damaged. Please ask for the file again.");
  }
}
