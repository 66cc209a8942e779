/** The page's data as they are read from the file. */
import type { AtlasData, LayerInfo } from "./contract";

const FORMAT: AtlasData["format"] = 4;

/** An error whose message is meant for the reader of the page. */
export class PageError extends Error {}

export function parseData(text: string | null | undefined): AtlasData {
  if (!text) throw new PageError("This page holds no data. It may have been cut short when it was saved or sent.");
  let read: { format?: unknown } | null;
  try {
    read = JSON.parse(text) as typeof read;
  } catch {
    throw new PageError("The data in this page cannot be read. It may have been cut short when it was saved or sent.");
  }
  if (read?.format !== FORMAT) {
    throw new PageError(`The data in this page are of format ${String(read?.format)}; this page reads format ${FORMAT}.`);
  }
  const absent = lacking({ ...read });
  if (absent.length) throw new PageError(`The data in this page are not complete: ${absent.join(", ")} missing. Please ask for the file again.`);
  const data = read as AtlasData;
  if (data.layers.length === 0) throw new PageError("This page holds no layer to show.");
  return data;
}

const LISTS = ["notes", "sources", "columns", "layers", "towns", "helps", "stories"] as const satisfies (keyof AtlasData)[];
const OBJECTS = ["index", "nation", "table", "people", "geometry"] as const satisfies (keyof AtlasData)[];
const TEXTS = ["title", "built", "reference", "first_layer"] as const satisfies (keyof AtlasData)[];

/** The parts of the data that are not there, or are something else. */
function lacking(read: Record<string, unknown>): string[] {
  const isObject = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);
  return [
    ...LISTS.filter((name) => !Array.isArray(read[name])),
    ...OBJECTS.filter((name) => !isObject(read[name])),
    ...TEXTS.filter((name) => typeof read[name] !== "string"),
  ];
}

export function firstLayer(data: AtlasData): LayerInfo {
  return data.layers.find((layer) => layer.id === data.first_layer) ?? data.layers[0];
}
