/** Changed weights as a value in the fragment of the address: "age:3,income:2,skills:0.5;area". */

/** With whom indicators are compared: the nation, the areas of the page, or some of these. */
export type Reference = "england" | "area" | "selection";

export interface WhatIfState {
  /** One per component, in the order of the index. */
  weights: number[];
  reference: Reference;
}

/** Weights as they were read, and what of the text is not of this index, in words. */
export interface ReadWhatIf {
  state: WhatIfState | null;
  unread: string[];
  /** They had no names, and were taken in the order of the index. */
  byPlace: boolean;
}

const REFERENCES: readonly string[] = ["england", "area", "selection"] satisfies Reference[];
const NUMBER = /^\d{1,6}(\.\d{1,6})?$/;

/** `names` are those of the components, in the order of the index. */
export function formatWhatIf({ weights, reference }: WhatIfState, names: readonly string[]): string {
  return `${weights.map((weight, i) => `${names[i]}:${Number(weight.toFixed(6))}`).join(",")};${reference}`;
}

/**
 * What `formatWhatIf` wrote: a weight for each component of `names`, none above `most`, not all 0, and a comparison.
 * Older links have weights without names, which are taken in the order of the index.
 */
export function parseWhatIf(value: string | null, names: readonly string[], most: number): ReadWhatIf {
  if (value === null) return { state: null, unread: [], byPlace: false };
  const refused = { state: null, unread: [`the weights “${value}”`], byPlace: false };
  const [list, reference, ...surplus] = value.split(";");
  if (surplus.length || !isReference(reference)) return refused;
  const parts = list.split(",").map((part): [string | null, string] => {
    const colon = part.lastIndexOf(":");
    return colon < 0 ? [null, part] : [part.slice(0, colon), part.slice(colon + 1)];
  });
  if (!parts.every(([, text]) => NUMBER.test(text) && Number(text) <= most)) return refused;
  const byPlace = parts.every(([name]) => name === null);
  if (byPlace ? parts.length !== names.length : parts.some(([name]) => name === null)) return refused;
  const given = new Map(parts.map(([name, text], i) => [name ?? names[i], Number(text)]));
  const strange = [...given.keys()].filter((name) => !names.includes(name));
  const lacking = names.filter((name) => !given.has(name));
  // With other parts the weights would be of another index.
  if (strange.length || lacking.length || given.size !== parts.length) {
    return { ...refused, unread: [`the weights, which are of an index with other parts${strange.length ? ` (${strange.join(", ")})` : ""}`] };
  }
  const weights = names.map((name) => given.get(name) ?? 0);
  return weights.some((weight) => weight > 0) ? { state: { weights, reference }, unread: [], byPlace } : refused;
}

function isReference(value: string | undefined): value is Reference {
  return value !== undefined && REFERENCES.includes(value);
}

/** The top and the step of sliders that cover these weights. */
export function sliderRange(weights: readonly number[]): { most: number; step: number } {
  const largest = Math.max(...weights);
  if (largest >= 1 && largest <= 5) return { most: 5, step: 0.25 };
  const enough = 1.6 * largest;
  const magnitude = 10 ** Math.floor(Math.log10(enough));
  const round = [1, 2, 5, 10].find((number) => number * magnitude >= enough) ?? 10;
  const most = Number((round * magnitude).toPrecision(3));
  return { most, step: Number((most / 20).toPrecision(3)) };
}
