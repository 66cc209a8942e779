import { describe, expect, it, vi } from "vitest";
import { NO_FILTER, withBound } from "../../src/model/filter";
import { batch, follow, followLater } from "../../src/model/store";
import { areaData, LAYERS, lists, parts, replaceNumbers } from "../area-fixture";

const start = () => parts(areaData({ layers: LAYERS }));
const worst = (most: number) => withBound(NO_FILTER, "risk_rank", "most", most);
const listed = (included: Uint8Array | null): number[] => [...(included ?? [])].flatMap((value, row) => (value ? [row] : []));

describe("the store", () => {
  it("calls those who follow it now and at every change of what they read, once for what changes together", () => {
    const { store } = start();
    const heard = vi.fn<(value: unknown) => void>();
    follow(() => [store.selected.value, store.pinned.value], heard);
    expect(heard).toHaveBeenLastCalledWith([null, null]);
    batch(() => {
      store.selected.value = 3;
      store.pinned.value = 4;
    });
    store.hovered.value = 5;
    expect(heard.mock.calls).toEqual([[[null, null]], [[3, 4]]]);
  });

  it("calls those who follow it later only from the first picture on, once for all that changed before", () => {
    const { store } = start();
    store.drawn.value = false;
    const heard = vi.fn<(value: unknown) => void>();
    followLater(store, () => store.selected.value, heard);
    store.selected.value = 3;
    store.selected.value = 4;
    expect(heard).not.toHaveBeenCalled();
    store.drawn.value = true;
    store.selected.value = 5;
    expect(heard.mock.calls).toEqual([[4], [5]]);
  });

  it("does not follow what is only read while something is done", () => {
    const { store } = start();
    const act = vi.fn(() => store.layer.value);
    follow(() => store.selected.value, act);
    store.layer.value = "age";
    expect(act).toHaveBeenCalledOnce();
  });

  it("lets two layers change places, and never shows one of them twice", () => {
    const { store } = start();
    store.beside.value = "age";
    for (const id of ["age", "skills", "risk", "risk", "age"]) {
      store.showLayer(id);
      expect(store.layer.value).toBe(id);
      expect(store.beside.value).not.toBe(id);
    }
  });

  it("has the filter follow new ranks, but not the areas that ranks are among", () => {
    const page = start();
    const { store, table } = page;
    store.filter.value = worst(2);
    expect(listed(store.included.value)).toEqual([0, 1]);
    expect(listed(store.chosen.value)).toEqual([0, 1]);
    replaceNumbers(page, new Map([["risk_rank", Float64Array.from({ length: table.rows }, (_, row) => table.rows - row)]]));
    expect(listed(store.included.value)).toEqual([12, 13]);
    expect(listed(store.chosen.value)).toEqual([0, 1]);
    store.filter.value = worst(3);
    expect(listed(store.chosen.value)).toEqual([11, 12, 13]);
  });

  it("keeps the same selection while the same areas meet the filter", () => {
    const page = start();
    page.store.filter.value = worst(2);
    const before = page.store.included.value;
    replaceNumbers(page, new Map([["risk_score", new Float64Array(page.table.rows)]]));
    expect(page.store.included.value).toBe(before);
  });

  it("has numbers by other weights in the table, with all that follows, and gives the published ones back", () => {
    const { store, showing, table } = start();
    const published = table.numbers("risk_rank");
    const heard = vi.fn<(changed: boolean) => void>();
    follow(
      () => store.revision.value,
      () => {
        heard(showing.changed !== null && table.changed);
      },
    );
    store.whatIf.value = { weights: [1, 0], reference: "england" };
    expect(table.number("risk_score", 0)).toBe(lists().component_age[0]);
    expect(showing.provenance()[0]).toContain("WEIGHTS CHANGED");
    store.whatIf.value = null;
    expect([...table.numbers("risk_rank")]).toEqual([...published]);
    expect(heard.mock.calls).toEqual([[false], [true], [false]]);
  });

  it("says why weights cannot be, and shows the published numbers then", () => {
    const { store, table } = start();
    store.whatIf.value = { weights: [0, 0], reference: "england" };
    expect(store.problem.value).toContain("Every weight is 0");
    expect(store.applied).toBeNull();
    expect(table.changed).toBe(false);
  });
});
