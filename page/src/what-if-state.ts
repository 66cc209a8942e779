/** Changed weights as a value in the fragment of the address: "3,2,2,2,0.5,0.5;area". */
import type { Reference } from "./score";

export interface WhatIfState {
  /** One per component, in the order of the index. */
  weights: number[];
  reference: Reference;
}

const REFERENCES: readonly string[] = ["england", "area", "selection"] satisfies Reference[];
const NUMBER = /^\d{1,6}(\.\d{1,6})?$/;

export function formatWhatIf({ weights, reference }: WhatIfState): string {
  return `${weights.map((weight) => Number(weight.toFixed(6))).join(",")};${reference}`;
}

/** null for what is not one weight for each of `components`, none above `most`, not all 0, and a known comparison. */
export function parseWhatIf(value: string | null, components: number, most: number): WhatIfState | null {
  const [list, reference, ...surplus] = (value ?? "").split(";");
  if (surplus.length || !isReference(reference)) return null;
  const texts = list.split(",");
  if (texts.length !== components || !texts.every((text) => NUMBER.test(text))) return null;
  const weights = texts.map(Number);
  return weights.every((weight) => weight <= most) && weights.some((weight) => weight > 0) ? { weights, reference } : null;
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
