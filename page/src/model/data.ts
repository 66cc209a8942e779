/** The page's data as they are read from the file. */
import type { AtlasData, AtlasFile, AtlasRest, LayerInfo } from "./contract";

const FORMAT: AtlasData["format"] = 8;

/** An error whose message is meant for the reader of the page. */
export class PageError extends Error {}

/** The data as the page holds them, most of them packed. */
export function parseFile(text: string | null | undefined): AtlasFile {
  if (!text) throw new PageError("This page holds no data. It may have been cut short when it was saved or sent.");
  const read = parsed(text) as Partial<AtlasFile> | null;
  if (read?.format !== FORMAT) {
    throw new PageError(`The data in this page are of format ${String(read?.format)}; this page reads format ${FORMAT}.`);
  }
  refuse(lacking({ ...read }, PACKED));
  return read as AtlasFile;
}

/** What the first picture does without. */
export function parseRest(text: string | null | undefined): AtlasRest {
  if (!text) throw new PageError("This page is not complete: it was cut short when it was saved or sent. Please ask for the file again.");
  const read = parsed(text) as Partial<AtlasRest> | null;
  refuse(lacking({ ...read }, REST));
  return read as AtlasRest;
}

/** The data of a page with what was unpacked of its words. */
export function joinData({ format, table, geometry, land }: AtlasFile, words: Uint8Array): AtlasData {
  const read = { ...(parsed(new TextDecoder().decode(words)) as object), format, table, geometry, land };
  refuse(lacking(read, PLAIN));
  const data = read as AtlasData;
  if (data.layers.length === 0) throw new PageError("This page holds no layer to show.");
  return data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new PageError("The data in this page cannot be read. It may have been cut short when it was saved or sent.");
  }
}

function refuse(absent: readonly string[]): void {
  if (absent.length) throw new PageError(`The data in this page are not complete: ${absent.join(", ")} missing. Please ask for the file again.`);
}

interface Kinds {
  lists: readonly string[];
  objects: readonly string[];
  texts: readonly string[];
}

const PACKED = {
  lists: [],
  objects: ["table", "geometry"] satisfies (keyof AtlasFile)[],
  texts: ["words"] satisfies (keyof AtlasFile)[],
} as const;
const REST = {
  lists: [],
  objects: [],
  texts: ["table", "geometry", "postcodes", "places", "nearest", "larger", "changes"] satisfies (keyof AtlasRest)[],
} as const;
const PLAIN = {
  lists: ["notes", "sources", "columns", "layers", "towns", "helps", "stories"] satisfies (keyof AtlasData)[],
  objects: ["index", "nation", "people"] satisfies (keyof AtlasData)[],
  texts: ["title", "built", "reference", "first_layer"] satisfies (keyof AtlasData)[],
} as const;

/** The parts of the data that are not there, or are something else. */
function lacking(read: Readonly<Record<string, unknown>>, { lists, objects, texts }: Kinds): string[] {
  const isObject = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);
  return [
    ...lists.filter((name) => !Array.isArray(read[name])),
    ...objects.filter((name) => !isObject(read[name])),
    ...texts.filter((name) => typeof read[name] !== "string"),
  ];
}

export function firstLayer(data: AtlasData): LayerInfo {
  return data.layers.find((layer) => layer.id === data.first_layer) ?? data.layers[0];
}
