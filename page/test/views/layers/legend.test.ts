import { describe, expect, it } from "vitest";
import { legendEntries } from "../../../src/model/classes";
import { parseColour, stripe } from "../../../src/model/colour";
import { Legend } from "../../../src/views/layers/legend";
import { atlasData } from "../../fixture";

describe("the legend", () => {
  const [layer] = atlasData().layers;
  const marked = (element: HTMLElement): string[] =>
    [...element.querySelectorAll("li.atlas-under-pointer .atlas-legend-label")].map(({ textContent }) => textContent);

  it("marks the class under the pointer, and no other", () => {
    const legend = new Legend(matchMedia("(max-width: 760px)"));
    legend.show(layer, legendEntries(layer, Uint8Array.of(0, 1, 4)));
    expect(marked(legend.element)).toEqual([]);
    legend.mark(4);
    expect(marked(legend.element)).toEqual([layer.classes[4].label]);
    expect(legend.element.querySelectorAll(".atlas-strip .atlas-under-pointer")).toHaveLength(1);
    legend.mark(1);
    expect(marked(legend.element)).toEqual([layer.classes[1].label]);
    legend.mark(null);
    expect(marked(legend.element)).toEqual([]);
  });
});

describe("stripes", () => {
  it.each(["#ffffff", "#f5f992", "#fca309", "#cc4248", "#57106e", "#1e0c45", "#000000"])("stand out from %s", (colour) => {
    const light = (of: number): number => 0.299 * (of & 0xff) + 0.587 * ((of >>> 8) & 0xff) + 0.114 * ((of >>> 16) & 0xff);
    const under = parseColour(colour);
    expect(Math.abs(light(stripe(under)) - light(under))).toBeGreaterThan(30);
  });
});
