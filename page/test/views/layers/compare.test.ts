import { describe, expect, it, vi } from "vitest";
import type { LayerInfo } from "../../../src/model/contract";
import { Swipe } from "../../../src/views/layers/swipe";
import { moreOrLess, nearerTheWorst } from "../../../src/views/panel/pinned";
import { areaData, LAYERS, parts } from "../../area-fixture";
import { HOSTILE } from "../../fixture";

describe("differences in words", () => {
  it("agree with the numbers as they are shown", () => {
    expect(moreOrLess(50.4, 61.6, 0, "points", "point")).toBe("12 points more");
    expect(moreOrLess(61, 60, 0, "points", "point")).toBe("1 point less");
    expect(moreOrLess(60.1, 60.2, 0, "points")).toBe("about the same");
    expect(moreOrLess(60, 60, 0, "points")).toBe("the same");
    expect(moreOrLess(NaN, 60, 0, "points")).toBe("cannot be compared");
    expect(moreOrLess(1000, 3500, 0, "people")).toBe("2,500 people more");
    expect(moreOrLess(0.25, 0.5, 2, "")).toBe("0.25 more");
  });

  it("turn ranks round, where 1 is most at risk", () => {
    expect(nearerTheWorst(40, 12, "place", "places")).toBe("28 places more at risk");
    expect(nearerTheWorst(1, 2, "tenth", "tenths")).toBe("1 tenth less at risk");
    expect(nearerTheWorst(1.5, 4, "place", "places")).toBe("2.5 places less at risk");
    expect(nearerTheWorst(3, 5, "tenth", "tenths", "deprived")).toBe("2 tenths less deprived");
    expect(nearerTheWorst(3, 3, "place", "places")).toBe("the same");
    expect(nearerTheWorst(NaN, 3, "place", "places")).toBe("cannot be compared");
  });
});

function start(layers = LAYERS) {
  const page = parts(areaData({ layers, first_layer: layers[0].id }));
  const say = vi.fn<(text: string) => void>();
  const swipe = new Swipe(page, matchMedia("(max-width: 760px)"), say);
  document.body.replaceChildren(swipe.control, swipe.element, swipe.legend);
  const select = swipe.control.querySelector("select");
  const range = swipe.element.querySelector("input");
  if (!select || !range) throw new Error("The controls are not there.");
  const choose = (value: string): void => {
    select.value = value;
    select.dispatchEvent(new Event("change"));
  };
  return { swipe, store: page.store, say, select, range, choose };
}

describe("two layers, divided by a line", () => {
  it("offers all layers in their groups, but not the one that is shown", () => {
    const { select, swipe } = start();
    expect([...select.options].map(({ text }) => text)).toEqual(["no second layer", "Risk", "Age", "Adult skills"]);
    expect([...select.querySelectorAll("optgroup")].map(({ label }) => label)).toEqual(["Overall", "What makes up the risk"]);
    expect([...select.options].map(({ disabled }) => disabled)).toEqual([false, true, false, false]);
    expect(swipe.control.querySelector("label")?.htmlFor).toBe(select.id);
    expect(swipe.element.hidden).toBe(true);
    expect(swipe.legend.hidden).toBe(true);
  });

  it("shows and tells what lies on either side", () => {
    const { swipe, store, say, range, choose } = start();
    choose("1");
    expect(store.beside.value).toBe("age");
    expect(say).toHaveBeenLastCalledWith("On the left: Risk. On the right: Age.");
    expect(swipe.element.hidden).toBe(false);
    expect(swipe.element.querySelector(".atlas-swipe-left")?.textContent).toBe("Risk");
    expect(swipe.element.querySelector(".atlas-swipe-right")?.textContent).toBe("Age");
    expect(swipe.legend.textContent).toContain("over 50");
    expect(document.querySelector(`label[for="${range.id}"]`)?.textContent).toBe("Where the two layers meet");
    expect(range.getAttribute("aria-valuetext")).toBe("Left: Risk, right: Age, divided at 50%");
    range.value = "40";
    range.dispatchEvent(new Event("input"));
    expect(store.divide.value).toBe(0.4);
    expect(range.getAttribute("aria-valuetext")).toBe("Left: Risk, right: Age, divided at 40%");
    choose("");
    expect([store.beside.value, store.divide.value]).toEqual([null, 0.4]);
    expect(swipe.element.hidden).toBe(true);
  });

  it("lets the two change places when the second becomes the first", () => {
    const { swipe, store, choose } = start();
    choose("1");
    store.showLayer("age");
    expect(store.beside.value).toBe("risk");
    expect(swipe.element.querySelector(".atlas-swipe-right")?.textContent).toBe("Risk");
    store.showLayer("skills");
    expect(store.beside.value).toBe("risk");
    expect(swipe.element.querySelector(".atlas-swipe-left")?.textContent).toBe("Adult skills");
  });

  it("follows the store, as when an address is taken up", () => {
    const { store, range, select, swipe } = start();
    store.beside.value = "skills";
    store.divide.value = 0.25;
    expect(range.value).toBe("25");
    expect(select.selectedOptions[0].text).toBe("Adult skills");
    for (const other of ["nothing", null]) {
      store.beside.value = other;
      expect(swipe.element.hidden).toBe(true);
    }
  });

  it("shows hostile titles as text", () => {
    const { choose } = start(LAYERS.map((layer, i) => ({ ...layer, title: HOSTILE[i], group: HOSTILE[0] as LayerInfo["group"], id: `"${HOSTILE[0]}` })));
    choose("2");
    expect(document.querySelector("img, script")).toBeNull();
    expect(document.body.textContent).toContain(HOSTILE[2]);
  });
});
