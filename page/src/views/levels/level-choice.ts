/** Larger areas among the layers of the map, and what they are coloured by. */
import { capital } from "../../model/format";
import type { Measure } from "../../model/larger";
import { MEASURES } from "../../model/larger";
import { layerOfLevel } from "../../model/larger-layer";
import type { Level, Levels } from "../../model/levels";
import { levelInWords } from "../../model/levels";
import { follow } from "../../model/store";
import type { Page } from "../../scoring/page";
import { el } from "../../ui/dom";

const BY: Record<Measure, string> = { mean: "mean risk", worst: "people in the worst tenth" };

/** The levels of which there are several places. */
export function severalOf(levels: Levels): Level[] {
  return levels.levels.filter((level) => level !== "lsoa" && new Set(levels.idsOf(level)).size > 1);
}

/** Choices that belong to the radio buttons of the layers, each with its id; null where the page has no larger areas. */
export function levelChoice(
  { levels, store }: Page,
  choose: (level: Level, measure: Measure) => void,
): { element: HTMLElement; inputs: Map<string, HTMLInputElement> } | null {
  const several = severalOf(levels);
  if (!several.length) return null;
  const inputs = new Map<string, HTMLInputElement>();
  const by = el("select", { id: "atlas-level-by" }, ...MEASURES.map((measure) => el("option", { value: measure }, BY[measure])));
  const measure = (): Measure => MEASURES.find((one) => one === by.value) ?? "mean";
  const fieldset = el("fieldset", {}, el("legend", {}, "Larger areas"));
  for (const level of several) {
    const id = `atlas-${layerOfLevel(level)}`;
    const input = el("input", { type: "radio", name: "atlas-layer", id, value: layerOfLevel(level) });
    input.addEventListener("change", () => {
      choose(level, measure());
    });
    inputs.set(layerOfLevel(level), input);
    fieldset.append(el("div", { class: "atlas-choice" }, input, el("label", { for: id }, capital(levelInWords(level)))));
  }
  fieldset.append(el("p", { class: "atlas-level-by" }, el("label", { for: "atlas-level-by" }, "coloured by "), by));
  by.addEventListener("change", () => {
    const level = store.level.peek();
    if (level) choose(level, measure());
    else store.measure.value = measure();
  });
  follow(
    () => store.measure.value,
    (value) => {
      by.value = value;
    },
  );
  return { element: fieldset, inputs };
}
