import { PageError } from "./data";

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** Of bytes that begin with the length of a JSON object (four bytes, the lowest first): the object, and what follows it. */
export function readFramed(bytes: Uint8Array): { header: unknown; body: Uint8Array } {
  const start = 4 + (bytes[0] | (bytes[1] << 8) | (bytes[2] << 16) | (bytes[3] << 24));
  return { header: JSON.parse(new TextDecoder().decode(bytes.subarray(4, start))) as unknown, body: bytes.subarray(start) };
}

/** The bytes of base64 of gzip. */
export async function unpack(text: string): Promise<Uint8Array> {
  if (typeof DecompressionStream === "undefined") {
    throw new PageError(
      "This browser is too old to open the map. Please use Edge or Chrome 103, Firefox 113 or Safari 16.4, or any later version.",
    );
  }
  try {
    const stream = new Blob([fromBase64(text)]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    throw new PageError("The data in this page are damaged. Please ask for the file again.");
  }
}
