import { describe, expect, it, vi } from "vitest";
import type { AtlasData } from "../../../src/model/contract";
import type { PanelHooks } from "../../../src/views/panel/panel";
import { sectionOf } from "../../../src/views/panel/numbers";
import { Panel } from "../../../src/views/panel/panel";
import type { Lists } from "../../area-fixture";
import { lists, parts, replaceNumbers } from "../../area-fixture";
import { column, HOSTILE } from "../../fixture";
import { support, supportData, supportLists } from "../../support-fixture";

function open(data: AtlasData = supportData(), columns: Lists = supportLists()) {
  const page = parts(data, columns);
  const showPlace = vi.fn<PanelHooks["showPlace"]>();
  const none = vi.fn();
  const panel = new Panel(page, {
    close: none,
    zoom: none,
    open: none,
    say: none,
    readyForPaper: () => Promise.resolve(none),
    backTo: () => document.body,
    showPlace,
  });
  const show = (row: number): void => {
    page.store.selected.value = row;
  };
  document.body.replaceChildren(panel.element);
  return { panel, page, showPlace, show };
}

const text = (selector: string): string => document.querySelector(selector)?.textContent ?? "";
const all = (selector: string): string[] => [...document.querySelectorAll(selector)].map(({ textContent }) => textContent);

describe("where to act, in the panel", () => {
  it("says where the area stands, how sure that is, how much support there is and for how many people", () => {
    const { show } = open();
    show(11);
    const said = all(".atlas-panel-part").join(" ");
    for (const part of [
      "2nd of 2 on the list of high risk and little support",
      "High risk and little support, by the bounds of the list, in 92% of the ways to calculate them that were tried.",
      "More support within reach than 85% of this map’s neighbourhoods.",
      "About 320 people at risk of being shut out (an estimate).",
      "Not online: about 180, likely between 90 and 360 (are offline: 5% of all adults in 2025)",
      "Without skills: about 440 (lack skills: 16% of all adults in 2023)",
      "At risk: those not online, and 50% of those online without the skills. Estimated from national rates by age and disability, and the risk here, adding up to the totals of the country. Nobody was counted here.",
    ]) {
      expect(said).toContain(part);
    }
    show(12);
    expect(all(".atlas-panel-part").join(" ")).toContain("No place is near enough to count as within reach.");
    show(13);
    expect(all(".atlas-panel-part").join(" ")).toContain("Not ranked for high risk with little support");
  });

  it("does not say how sure a rank by other weights is", () => {
    const { page, show } = open();
    replaceNumbers(
      page,
      new Map([
        ["priority", new Float64Array(14).fill(5)],
        ["list_probability", new Float64Array(14).fill(NaN)],
      ]),
    );
    show(11);
    expect(text(".atlas-act-rank")).toBe("5th of 14 on the list of high risk and little support");
    expect(all(".atlas-panel-part").join(" ")).not.toContain("that were tried");
  });

  it("leaves out what the page does not know", () => {
    const { show } = open(supportData({ support: null, exclusion: null, helps: [] }), lists());
    show(0);
    expect(all(".atlas-panel-part h3")).not.toContain("Support, and where to act");
    expect(all(".atlas-panel-part h3")).not.toContain("People at risk");
    expect(text(".atlas-why")).toBe("Much higher risk than the average for England, mostly because the risk from Adult skills is far above average.");
    const people = { people_at_risk: supportLists().people_at_risk };
    const second = open(supportData({ support: null, exclusion: null, helps: [] }), { ...lists(), ...people });
    second.show(0);
    expect(all(".atlas-panel-part h3")).toContain("People at risk");
    expect(all(".atlas-panel-part h3")).not.toContain("Support, and where to act");
    expect(text(".atlas-act-people")).toBe("About 310 people at risk of being shut out (an estimate).");
  });
});

describe("why, and what helps, in the panel", () => {
  it("has the driver in plain words after the sentence that names the parts", () => {
    const { show } = open();
    show(0);
    expect(text(".atlas-why")).toBe(
      "Much higher risk than the average for England, mostly because the risk from Adult skills is far above average. " +
        "Above all, many residents are old. Broadband and distance raise it too, beside people’s circumstances; the points below say how much each counts.",
    );
    expect(text(".atlas-help")).toBe("What usually helps: sessions over tea.");
    show(1);
    expect(text(".atlas-help")).toBe("What usually helps: NHS courses.");
    expect(text(".atlas-helps-more summary")).toBe("Who says so");
  });

  it("does not call a low risk high because something adds to it", () => {
    const { show } = open();
    show(12);
    expect(text(".atlas-why")).toMatch(/^Much lower risk than the average.* What adds most: many residents are old\./);
  });

  it("has who says so, as links only where they open a page", () => {
    const { show } = open();
    show(0);
    expect(text(".atlas-helps-more summary")).toBe("More that helps, and who says so");
    expect(all(".atlas-helps li")).toEqual(["Sessions over teaA charity (web page, needs the internet)", "LettersA service"]);
    expect([...document.querySelectorAll<HTMLAnchorElement>(".atlas-helps a")].map(({ href, rel, target }) => [href, rel, target])).toEqual([
      ["https://example.org/tea", "noreferrer noopener", "_blank"],
    ]);
  });

  it("says nothing of a driver where nothing raises the risk", () => {
    const { show } = open(supportData(), { ...supportLists(), main_driver: Array.from({ length: 14 }, () => null) });
    show(0);
    expect(document.querySelector(".atlas-help, .atlas-helps")).toBeNull();
    expect(text(".atlas-why")).toMatch(/^Much higher .* average\. Broadband and distance raise it too,/);
  });
});

describe("the nearest support, in the panel", () => {
  it("comes when the places do, those that offer help now first", () => {
    const { panel, show, showPlace } = open();
    show(1);
    expect(document.querySelector<HTMLElement>(".atlas-near")?.hidden).toBe(true);
    panel.setSupport(support());
    expect(all(".atlas-near :is(h3, h4)")).toEqual(["Nearest support", "Offers help now", "Could offer help"]);
    expect(text(".atlas-near .atlas-note")).toBe("Distances are straight lines, not journeys. A name shows the place on the map.");
    expect(all(".atlas-near-kind")).toEqual(["librarys", "library buss (at their base; they come round)", "practices"]);
    expect(all(".atlas-near li")).toEqual([
      "Quay Library on the map500 mdevices",
      "Harbour Library on the map3.3 kmdevices, skills10 hours a week",
      "The Bus on the map100 msomewhere to go",
      "The Surgery on the map90 m",
    ]);
    document.querySelector<HTMLElement>(".atlas-near-name")?.click();
    expect(showPlace).toHaveBeenCalledWith(expect.objectContaining({ row: 1, name: "Quay Library" }));
  });

  it("says where distances are journeys, and keeps up with the area", () => {
    const { panel, show } = open();
    panel.setSupport(support("minutes"));
    show(0);
    expect(text(".atlas-near .atlas-note")).toContain("Distances are journeys, in minutes.");
    expect(text(".atlas-near li")).toContain("400 min");
    show(13);
    expect(all(".atlas-near-kind")).toEqual(["library buss (at their base; they come round)", "practices"]);
  });
});

describe("stories, in the panel", () => {
  const story = { place: "A place", quote: HOSTILE[0], theme: HOSTILE[1], source: "A workshop", lon: 1, lat: 52 };

  it("are those of the area, in a part that is left off paper", () => {
    const { show } = open(
      supportData({
        stories: [
          { ...story, area: 2 },
          { ...story, quote: "Of all", area: null },
        ],
      }),
    );
    show(2);
    expect(all(".atlas-story blockquote")).toEqual([HOSTILE[0]]);
    expect(text(".atlas-story figcaption")).toBe(`${HOSTILE[1]} · A workshop`);
    expect(document.querySelector("img, script")).toBeNull();
    show(3);
    expect(document.querySelector(".atlas-story")).toBeNull();
  });
});

it("lists the new numbers where they are looked for", () => {
  const of = (name: string): string => sectionOf(column(name, name, "number"));
  for (const name of ["exclusion_rank", "capacity_score", "support_access", "nearest_library_metres"]) expect(of(name)).toBe("Support and where to act");
  for (const name of ["main_driver", "points_to", "drivers", "contribution_age", "worst_decile_probability", "rank_p05"]) expect(of(name)).toBe("Risk");
  expect(of("people_at_risk_low")).toBe("People");
  expect(sectionOf({ ...column("group_risk_core20", "Core20", "string"), group: "priority_groups" })).toBe("Risk");
});
