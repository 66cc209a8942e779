import { describe, expect, it } from "vitest";
import { capacityInWords, orderingOf, pointsToInWords, sureness } from "../../src/model/act";
import type { Choice } from "../../src/model/action-rows";
import { actionCsv, actionRows, coveredBy, coveredInWords, THE_LIST } from "../../src/model/action-rows";
import { about, estimate, roundPeople } from "../../src/model/format";
import { Helps } from "../../src/model/helps";
import { Table } from "../../src/model/table";
import { sourceLink, webAddress } from "../../src/ui/web-link";
import { lists } from "../area-fixture";
import { HOSTILE } from "../fixture";
import { support, supportData, supportLists } from "../support-fixture";

const table = (more = {}): Table => Table.of(14, { ...supportLists(), ...more });
const ALL = Array.from({ length: 14 }, (_, row) => row);
const choice = (more: Partial<Choice>): Choice => ({ ...THE_LIST, ...more });
const helps = new Helps(supportData());

describe("where to act in words", () => {
  it("has estimates with the figures that they are worth", () => {
    // The same cases as in tests/tables/test_estimates.py.
    const people = [0, 0.4, 9.9, 10, 14.9, 15, 314.2, 994.9, 995, 1049, 1050, 16_960, 140_945, 2_301_388];
    const said = ["0", "under 10", "under 10", "10", "10", "20", "310", "990", "1,000", "1,000", "1,100", "17,000", "140,900", "2,301,400"];
    expect(people.map(estimate)).toEqual(said);
    expect([4.9, 5, 995, 996].map(roundPeople)).toEqual([0, 10, 1000, 1000]);
    expect([314.2, 3].map(about)).toEqual(["about 310", "under 10"]);
  });

  it("has how sure it is", () => {
    expect([1, 0.9, 0.899, 0.5, 0.49, 0.1, 0].map(sureness)).toEqual(["firm", "firm", "likely", "likely", "borderline", "borderline", "hardly ever"]);
  });

  it("says what an area points to", () => {
    expect(pointsToInWords("People")).toBe("");
    expect(pointsToInWords("Infrastructure")).toContain("how much each counts");
    expect(pointsToInWords("Both")).toContain("beside people’s circumstances");
    expect(pointsToInWords(null)).toBe("");
  });

  it("has support against the other areas of the map", () => {
    const others = Float64Array.from([0, 0, 10, 20, 20, 40, 60, 80, 90, 100]);
    expect(capacityInWords(0, others)).toBe("No place is near enough to count as within reach.");
    expect(capacityInWords(10, others)).toBe("Less support within reach than 70% of this map’s neighbourhoods.");
    expect(capacityInWords(20, others)).toBe("Less support within reach than 50% of this map’s neighbourhoods.");
    expect(capacityInWords(100, others)).toBe("More support within reach than 90% of this map’s neighbourhoods.");
    expect(capacityInWords(7, Float64Array.of(7, 7))).toBe("As much support within reach as in most of this map’s neighbourhoods.");
    expect(capacityInWords(NaN, others)).toBe("");
    expect(
      capacityInWords(
        1,
        Float64Array.from({ length: 624 }, (_, i) => i + 1),
      ),
    ).toContain("than 99%");
  });
});

describe("the list of where to act", () => {
  it("has the list, the largest unmet need first, and after it the others by risk and support", () => {
    expect(actionRows(table(), ALL, THE_LIST)).toEqual([12, 11]);
    expect(actionRows(table({ priority: ALL.map((row) => (row === 4 ? 2 : row === 7 ? 1 : null)) }), ALL, choice({ reach: "all" })).slice(0, 4)).toEqual([
      7, 4, 12, 11,
    ]);
    expect(actionRows(table(), ALL, choice({ reach: "all" }))).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 13]);
  });

  it("goes by the risk where the page knows of no support", () => {
    const none = { exclusion_rank: ALL.map(() => null) };
    expect(orderingOf(table(none)).support).toBe(false);
    expect(actionRows(table(none), ALL, choice({ reach: "all" })).slice(0, 4)).toEqual([12, 11, 0, 1]);
  });

  it("keeps to the areas that are chosen, and to a driver, a side and a district", () => {
    const all = choice({ reach: "all" });
    expect(actionRows(table(), [3, 4, 5], all)).toEqual([5, 4, 3]);
    expect(actionRows(table(), ALL, { ...all, driver: "Age" })).toEqual([12, 9, 6, 3, 0]);
    expect(actionRows(table(), ALL, { ...all, driver: "Age", pointsTo: "People" })).toEqual([]);
    expect(actionRows(table(), ALL, { ...all, district: "Elsewhere" })).toEqual([]);
  });

  it("says whom it reaches and whom it misses", () => {
    const covered = coveredBy(table(), [12, 11]);
    expect(covered?.areas).toBe(2);
    expect(covered?.people).toBeCloseTo(649.8, 6);
    expect(covered?.all).toBeCloseTo(4152.2, 6);
    expect(coveredBy(Table.of(14, lists()), [0])).toBeNull();
    expect(coveredInWords({ areas: 63, people: 17_111, all: 97_000 })).toBe(
      "These 63 neighbourhoods hold about 17,100 of 97,000 people at risk (18%, an estimate): the list misses 82%.",
    );
    expect(coveredInWords({ areas: 1, people: 100, all: 97_000 })).toBe(
      "This neighbourhood holds about 100 of 97,000 people at risk (less than 1%, an estimate): the list misses more than 99%.",
    );
    expect(coveredInWords({ areas: 623, people: 96_900, all: 97_000 })).toContain("(more than 99%, an estimate): the list misses less than 1%.");
    expect(coveredInWords({ areas: 624, people: 97_000, all: 97_000 })).toBe(
      "These 624 neighbourhoods hold all of the map’s people at risk, about 97,000 (an estimate).",
    );
    expect(coveredInWords({ areas: 2, people: 0, all: 97_000 })).toContain("about 0 of 97,000 people at risk (0%, an estimate): the list misses 100%.");
  });
});

describe("the list as a file", () => {
  const lines = (rows: number[], more = {}, places = true): string[] =>
    actionCsv(table(more), rows, { support: places ? support() : null, helps, made: "as published" }).split("\r\n");

  it("has the columns of the pipeline's priorities, and a line for each area", () => {
    const [header, first, second, third] = lines([12, 13]);
    expect(header).toBe(
      "\ufeffpriority,lsoa21_code,lsoa21_name,place_name,ward_name,lad_name,exclusion_rank,exclusion_decile,risk_rank,worst_decile_probability," +
        "exclusion_worst_decile_probability,people_at_risk,people_at_risk_low,people_at_risk_high,people_not_online,people_not_online_low,people_not_online_high," +
        "people_without_skills,people_without_skills_low,people_without_skills_high,main_driver,points_to,nearest_support," +
        "nearest_support_kind,nearest_support_metres,nearest_support_minutes,nearest_support_distance,suggested_help,help_source,kind,beyond_similar,beyond_similar_points,lack_of_support,unmet_need,list_probability,unmet_need_expected,made_with",
    );
    expect(first).toBe(
      "1,E0190000M,Fenmouth 0013A,,Ward 12,Fenmouth,1,1,13,0,1,330,180,440,180,90,360,440,,,Age,Both,Harbour Library,library,1600,,1600,Sessions over tea,A charity,,,,1,325.4,1,325.4,as published",
    );
    expect(second).toBe(",E0190000N,Fenmouth 0014A,,,Fenmouth,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,as published");
    expect(third).toBe("");
  });

  it("leaves empty what the page does not know", () => {
    expect(lines([12], {}, false)[1]).toContain(",Age,Both,,,,,,Sessions over tea,A charity,,,,1,325.4,1,325.4,as published");
  });

  it("holds no formula", () => {
    const names = ALL.map((row) => ["=1+1", "@SUM(1)", "+1", "-1", '"a", b', HOSTILE[0]][row % 6]);
    const csv = lines(ALL, { ward_name: names, lsoa21_name: names }).join("\n");
    for (const text of [",'=1+1,", ",'@SUM(1),", ",'+1,", ",'-1,", ',"""a"", b",']) expect(csv).toContain(text);
    expect(csv).not.toMatch(/,[=+@]/);
  });
});

describe("what helps", () => {
  it("is found by the component's title", () => {
    expect(helps.of("Age")?.component).toBe("age");
    expect(helps.of("Nothing")).toBeNull();
    expect(helps.of(null)).toBeNull();
    expect(helps.called("Age")).toBe("Age");
    expect(helps.called("Adult skills")).toBe("Adult skills (courses)");
  });

  it.each(["javascript:alert(1)", "data:text/html,x", "file:///etc", "", "example.org", "vbscript:x"])("is no link where the address is %s", (address) => {
    expect(webAddress(address)).toBeNull();
    expect(sourceLink("A source", address).tagName).toBe("BDI");
  });

  it("is a link that tells nobody where it was followed from, and says that it needs the internet", () => {
    const link = sourceLink(HOSTILE[0], "https://example.org/a?b=c");
    expect(["rel", "target", "href"].map((name) => link.getAttribute(name))).toEqual(["noreferrer noopener", "_blank", "https://example.org/a?b=c"]);
    expect(link.textContent).toBe(`${HOSTILE[0]} (web page, needs the internet)`);
    expect(link.querySelector("img")).toBeNull();
  });
});
