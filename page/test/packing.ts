/** Bytes as the text that the page carries. */
import { gzipSync } from "node:zlib";

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%,()*+-;[=]?@^_.{|}~";

export function pack(bytes: Uint8Array): string {
  const squeezed = gzipSync(bytes);
  let text = "";
  for (let at = 0; at < squeezed.length; at += 4) {
    const four = [0, 1, 2, 3].map((place) => (at + place < squeezed.length ? squeezed[at + place] : 0));
    let value = four.reduce((sum, byte) => sum * 256 + byte, 0);
    const digits: string[] = [];
    for (let place = 0; place < 5; place++) {
      digits.unshift(DIGITS[value % 85]);
      value = Math.floor(value / 85);
    }
    text += digits.slice(0, Math.min(4, squeezed.length - at) + 1).join("");
  }
  return text;
}
