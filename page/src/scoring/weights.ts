/** Weights that a reader sets with sliders. */
import type { IndexInfo } from "../model/contract";
import type { ReadWhatIf, Reference, WhatIfState } from "../model/what-if";
import { parseWhatIf, sliderRange } from "../model/what-if";
import type { Scorer } from "./score";

/** Weights that are counted as they are keep their total, whatever the sliders say. */
export function keepsTotal({ aggregation, components }: IndexInfo): boolean {
  return aggregation === "weighted-sum" && components[0].indicators[0].normalisation !== "z-score";
}

export function total(weights: readonly number[]): number {
  return weights.reduce((sum, weight) => sum + weight, 0);
}

/** The weights as they are scored. */
export function keptTotal(index: IndexInfo, weights: readonly number[]): readonly number[] {
  const factor = keepsTotal(index) ? total(index.components.map(({ weight }) => weight)) / total(weights) : 1;
  return Number.isFinite(factor) && factor !== 1 ? weights.map((weight) => weight * factor) : weights;
}

/** What a value in the address says. A comparison that the page cannot make is not read either. */
export function readWhatIf(value: string | null, { components }: IndexInfo, scorer: Scorer): ReadWhatIf {
  const read = parseWhatIf(
    value,
    components.map(({ name }) => name),
    sliderRange(scorer.published).most,
  );
  if (!read.state || scorer.references.includes(read.state.reference)) return read;
  return { state: null, unread: [`the comparison “${read.state.reference}”`], byPlace: false };
}

/** Weights and a comparison as they are asked for; null where they are the published ones. */
export function asked(weights: readonly number[], reference: Reference, { published, own }: Scorer): WhatIfState | null {
  return reference === own && weights.every((weight, i) => weight === published[i]) ? null : { weights: [...weights], reference };
}
