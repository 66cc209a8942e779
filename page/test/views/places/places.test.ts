import { beforeEach, describe, expect, it } from "vitest";
import { App } from "../../../src/app/app";
import { drawn } from "../../../src/map/symbol";
import type { AtlasData } from "../../../src/model/contract";
import { decodeGeometry } from "../../../src/model/geometry";
import { byKind, byName, offersInWords, offersOf, offerTitle, PlaceSearch } from "../../../src/model/places";
import { planInWords, siteInWords, wayInWords } from "../../../src/model/sites";
import type { Cluster, PlaceSpot, Spot } from "../../../src/model/spots";
import { CLOSEST, Clusters, countsInWords, isCluster, total } from "../../../src/model/spots";
import { inSentence, symbolKinds } from "../../../src/model/symbol-kinds";
import { atlasData, COLUMNS, HOSTILE, ORIGIN, packShape, SHAPE, STEP, table } from "../../fixture";
import { INSIDE, KINDS, OUTSIDE, PLACES, SITES, STORIES, support, supportInfo } from "../../places-fixture";

const kinds = symbolKinds({ support: supportInfo(), sites: SITES, stories: STORIES });

function spots(): PlaceSpot[] {
  return support().places.map((place) => {
    const kind = kinds.find(({ id }) => id === place.kind.id) ?? kinds[0];
    return { id: `place:${place.row}`, kind, name: place.name, lon: place.lon, lat: place.lat, place };
  });
}

const names = (some: readonly Spot[]): string[] => some.map(({ name }) => name);
const EVERYWHERE = { west: -20, south: 40, east: 20, north: 70 };

describe("support places", () => {
  it("are read, those of a kind that the page does not know left out", () => {
    const { places } = support();
    expect(places.map(({ name }) => name)).toEqual(["Fenmouth Library", "Harbour Library", "Ångstrom’s Surgery", "Far Library", "Wheels"]);
    expect(places[0].offers).toEqual(["devices", "skills"]);
    expect(places[3].postcode).toBeNull();
  });

  it("are found near an area, the nearest first", () => {
    const near = support().nearest(1, "library");
    expect(near.map(({ place, cost }) => [place.name, cost])).toEqual([
      ["Harbour Library", 870],
      ["Fenmouth Library", 996],
    ]);
    expect(support().nearest(3, "library")).toEqual([]);
    expect(support().nearestNow(0)?.place.name).toBe("Fenmouth Library");
  });
});

describe("symbols", () => {
  it("have a shape and an ink of their own, however many kinds there are", () => {
    const many = Array.from({ length: 60 }, (_, number) => ({ ...KINDS[0], id: `kind${number}` }));
    const looks = symbolKinds({ support: { ...supportInfo(), kinds: many }, sites: null, stories: [] }).map(({ shape, ink }) => `${shape} ${ink}`);
    expect(new Set(looks).size).toBe(60);
    expect(new Set(looks.slice(0, 10).map((look) => look.split(" #")[0])).size).toBe(10);
  });

  it("are hollow where no help is offered now, and on wheels where they move", () => {
    const roles = (id: string): string[] =>
      [...drawn(kinds.find((kind) => kind.id === id) ?? kinds[0]).querySelectorAll("path")].map(
        (path) => path.getAttribute("class")?.replace("atlas-symbol-", "") ?? "",
      );
    expect(roles("library")).toEqual(["halo", "shape"]);
    expect(roles("gp_practice")).toEqual(["halo", "hollow"]);
    expect(roles("bus")).toEqual(["halo", "shape", "shape"]);
    expect(drawn(kinds[3], 7).textContent).toBe("7");
  });

  it("keep capitals that are part of a name", () => {
    expect(inSentence("Public libraries")).toBe("public libraries");
    expect(inSentence("GP practices")).toBe("GP practices");
  });
});

describe("clusters", () => {
  const clusters = (some: readonly Spot[] = spots()): Clusters => {
    const made = new Clusters(kinds);
    made.set(some);
    return made;
  };
  const clusterOf = (found: (Spot | Cluster)[]): Cluster => {
    const [cluster] = found.filter(isCluster);
    return cluster;
  };

  it("say how many of what they hold, the most first", () => {
    const found = clusters().within(EVERYWHERE, 12);
    const cluster = clusterOf(found);
    expect(countsInWords(cluster.counts)).toBe("3 places: 2 public libraries, 1 GP practice");
    expect(total(cluster.counts)).toBe(3);
    expect(names(found.filter((one): one is Spot => !isCluster(one))).sort()).toEqual(["Far Library", "Wheels"]);
  });

  it("of one kind say only that", () => {
    const libraries = spots().filter(({ kind }) => kind.id === "library");
    expect(countsInWords(clusterOf(clusters(libraries).within(EVERYWHERE, 12)).counts)).toBe("2 public libraries");
  });

  it("hold only what is in view", () => {
    const [lon, lat] = OUTSIDE;
    const found = clusters().within({ west: lon - 0.1, south: lat - 0.1, east: lon + 0.1, north: lat + 0.1 }, 12);
    expect(found).toHaveLength(1);
    expect(clusters([]).within(EVERYWHERE, 12)).toEqual([]);
  });

  it("fall apart at a zoom, or at none where they lie in one place", () => {
    const apart = clusters();
    const cluster = clusterOf(apart.within(EVERYWHERE, 8));
    expect(apart.apartFrom(cluster)).toBeLessThanOrEqual(CLOSEST);
    const one = clusters(spots().slice(1, 3));
    const together = clusterOf(one.within(EVERYWHERE, CLOSEST));
    expect(one.apartFrom(together)).toBeGreaterThan(CLOSEST);
    expect(names(one.members(together)).sort()).toEqual(["Harbour Library", "Ångstrom’s Surgery"]);
  });
});

describe("the list of places", () => {
  const search = new PlaceSearch(spots());
  const find = (wanted: object): string[] => names(search.find({ kind: "", offer: "", words: "", ...wanted }));

  it("finds by kind, by what is offered, and by words", () => {
    expect(find({})).toHaveLength(5);
    expect(find({ kind: "gp_practice" })).toEqual(["Ångstrom’s Surgery"]);
    expect(find({ offer: "devices" })).toEqual(["Fenmouth Library", "Harbour Library"]);
    expect(find({ words: "angstrom sur" })).toEqual(["Ångstrom’s Surgery"]);
    expect(find({ words: "nr99 1ab" })).toEqual(["Harbour Library"]);
    expect(find({ words: "NR991AB" })).toEqual(["Harbour Library"]);
    expect(find({ words: "library", kind: "gp_practice" })).toEqual([]);
  });

  it("sorts by name and by kind", () => {
    expect(names(spots().sort(byName))[0]).toBe("Ångstrom’s Surgery");
    expect(names(spots().sort(byKind)).slice(0, 2)).toEqual(["Ångstrom’s Surgery", "Wheels"]);
  });

  it("names what is offered, what it does not know as it is", () => {
    expect(offersOf(spots())).toEqual(["devices", "data", "skills", "somewhere to go", "tea"]);
    expect(["remote", "tea"].map(offerTitle)).toEqual(["Help from afar", "Tea"]);
    expect(offersInWords(["skills", "remote", "tea"])).toBe("skills, help from afar, tea");
  });
});

describe("proposed sites", () => {
  it("are told as a plan, and whether it is the best", () => {
    expect(planInWords(SITES)).toBe(
      "Two sites chosen among 4 neighbourhoods would bring about 930 more people at risk within 5 km of a place that helps. " +
        "About 4,100 of 8,800 are within reach of public libraries already. By this calculation no other two would bring more (proven). " +
        "They are the places that reach most people now beyond reach, not those at the top of “Where to act”: a starting point for looking for premises.",
    );
    expect(planInWords({ ...SITES, gap: 0.0123 })).toContain("Another choice could bring at most 1.2% more.");
    expect(planInWords({ ...SITES, gap: 0.00001 })).toContain("at most 0.1% more");
    expect(planInWords({ ...SITES, sites: SITES.sites.slice(0, 1) })).toMatch(/^One site .* no other site would/);
    expect(planInWords({ ...SITES, counted_in: [] })).toContain("within reach of any place already");
  });

  it("are told by the way they save where that is what they were chosen for", () => {
    const median = { ...SITES, model: "p-median" as const, way_saved: 8800 * 0.4567 };
    expect(planInWords(median)).toContain("would shorten the way to the nearest of public libraries and new sites by 457 m on average.");
    expect(planInWords(median)).toContain("They would bring about 930 more people at risk within 5 km.");
    expect(planInWords({ ...median, unit: "minutes", reach: 20, way_saved: 8800 * 3.21 })).toContain("by 3.2 minutes on average.");
    expect(planInWords({ ...median, way_saved: null })).toContain("the nearest of public libraries and new sites.");
  });

  it("say what each adds, with no more figures than an estimate has", () => {
    expect(siteInWords(SITES, SITES.sites[1])).toEqual([
      "About 30 more people at risk within 5 km than with the sites before it.",
      "As the only new site: 400. Together with those before it: 930.",
    ]);
    expect(siteInWords(SITES, SITES.sites[0])[0]).toBe("About 900 more people at risk within 5 km.");
  });

  it.each([
    [800, "metres", "800 m"],
    [3200, "metres", "3.2 km"],
    [20, "minutes", "20 minutes"],
    [1, "minutes", "1 minute"],
    [2.5, "minutes", "2.5 minutes"],
  ] as const)("%d %s are %s", (way, unit, said) => {
    expect(wayInWords(way, unit)).toBe(said);
  });
});

describe("the page with places", () => {
  const text = (selector: string): string => document.querySelector(selector)?.textContent ?? "";
  const all = (selector: string): HTMLElement[] => [...document.querySelectorAll<HTMLElement>(selector)];
  const spot = (label: string): HTMLElement | undefined => all(".atlas-spot").find((element) => element.getAttribute("aria-label")?.includes(label));
  const box = (): HTMLElement | null => document.querySelector(".atlas-box");
  const tick = (title: string): HTMLInputElement | undefined =>
    all(".atlas-kinds label")
      .find((label) => label.textContent.startsWith(title))
      ?.parentElement?.querySelector("input") ?? undefined;
  const open = (label: string): void => {
    all("button")
      .find((element) => element.textContent === label)
      ?.click();
  };

  function start(more: Partial<AtlasData> = {}, places = PLACES): App {
    document.documentElement.className = "";
    document.body.innerText = "";
    const container = document.createElement("div");
    document.body.append(container);
    const { geometry: packed, bytes } = packShape(SHAPE, ORIGIN, STEP);
    const map = L.map(container, { center: [INSIDE[1], INSIDE[0]], zoom: 12, fadeAnimation: false, zoomAnimation: false });
    const data = { ...atlasData(), support: supportInfo(places), sites: SITES, stories: STORIES, ...more };
    const app = new App(map, data, table(COLUMNS), decodeGeometry(packed, bytes), null);
    app.complete();
    app.setSupport(support(places));
    return app;
  }

  beforeEach(() => {
    history.replaceState(null, "", "#");
  });

  it("has nothing of them where it holds none", () => {
    start({ support: null, sites: null, stories: [] });
    expect(all("summary").some((summary) => summary.textContent === "Support places")).toBe(false);
    expect(all(".atlas-bar-button").some((element) => element.textContent === "Places")).toBe(false);
  });

  it("begins with the kinds that help now and stay where they are", () => {
    const app = start();
    expect(tick("Public libraries")?.checked).toBe(true);
    for (const title of ["Mobile libraries", "GP practices", "Proposed sites", "Stories"]) expect(tick(title)?.checked).toBe(false);
    expect(text(".atlas-kinds")).toContain("Public libraries (3)");
    expect(text(".atlas-kinds")).toContain("Stories (2)");
    expect(app.state().places).toBeNull();
    expect(text(".atlas-key")).toBe("Public libraries");
    expect(spot("public librar")).toBeDefined();
    expect(spot("practice")).toBeUndefined();
  });

  it("keeps what is shown in the address", () => {
    const app = start();
    tick("GP practices")?.click();
    tick("Proposed sites")?.click();
    expect(app.state().places).toBe("library,gp_practice,sites");
    for (const title of ["Public libraries", "GP practices", "Proposed sites"]) tick(title)?.click();
    expect(app.state().places).toBe("none");
    expect(all(".atlas-spot")).toHaveLength(0);
    history.replaceState(null, "", "#places=stories,nothing&show=places");
    const again = start();
    expect(again.state().places).toBe("stories");
    expect(again.state().show).toBe("places");
  });

  it("has no stop for the Tab key on a symbol, and names it", () => {
    history.replaceState(null, "", "#places=bus,sites");
    start();
    for (const element of all(".atlas-spot")) expect(element.tabIndex).toBe(-1);
    expect(spot("Wetland 002A, proposed site")?.getAttribute("role")).toBe("button");
    expect(spot("Fenmouth 001B, proposed site")).toBeDefined();
  });

  it("tells what a symbol stands for, and gives the focus back", () => {
    history.replaceState(null, "", "#places=bus");
    const app = start();
    const symbol = spot("Wheels");
    symbol?.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
    expect(box()?.textContent).toContain("Wheels");
    expect(box()?.textContent).toContain("Mobile: shown at its base.");
    expect(document.activeElement?.id).toBe("atlas-box-title");
    document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    expect(box()?.hidden).toBe(true);
    expect(document.activeElement).toBe(symbol);
    expect(app.state().area).toBeNull();
  });

  it("lists places, shows one on the map and goes to its neighbourhood", () => {
    const app = start();
    open("Places");
    expect(app.state().show).toBe("places");
    expect(text(".atlas-places h2")).toBe("Support places");
    const rows = (): string[] => all(".atlas-places-part:not([hidden]) tbody th").map((cell) => cell.textContent);
    expect(rows()).toEqual(["Ångstrom’s Surgery", "Far Library", "Fenmouth Library", "Harbour Library", "Wheels"]);
    const kind = document.querySelector<HTMLSelectElement>("#atlas-places-kind");
    if (kind) kind.value = "gp_practice";
    kind?.dispatchEvent(new Event("change"));
    expect(rows()).toEqual(["Ångstrom’s Surgery"]);
    expect(text(".atlas-places .atlas-table-where")).toBe("1 to 1 of 1");
    open("Ångstrom’s Surgery");
    expect(box()?.textContent).toContain("Could offer help, does not as a rule.");
    expect(box()?.textContent).toContain("Could offer: somewhere to go");
    expect(spot("Ångstrom’s Surgery")?.classList.contains("atlas-spot-open")).toBe(true);
    open("Show its neighbourhood");
    expect(app.state().area).toBe("E01900001");
    expect(box()?.hidden).toBe(true);
  });

  it("offers no neighbourhood to a place outside the map’s areas", () => {
    start();
    open("Places");
    open("Far Library");
    expect(box()?.textContent).toContain("Far Library");
    expect(all(".atlas-box button").map((element) => element.textContent)).toEqual(["Close"]);
  });

  it("lists what lies in one place", () => {
    history.replaceState(null, "", "#places=stories");
    start();
    spot("2 stories")?.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
    expect(text(".atlas-box h2")).toBe("2 stories here");
    document.querySelector<HTMLElement>(".atlas-box-item")?.click();
    expect(text(".atlas-box")).toContain("I never had one.");
    expect(text(".atlas-box")).toContain("Shown with consent.");
  });

  it("shows sites on the map with their list, and says that people are an estimate", () => {
    const app = start();
    open("Places");
    open("Proposed sites");
    expect(app.state().places).toBe("library,sites");
    expect(text(".atlas-sites")).toContain("Numbers of people at risk are estimates, not counts.");
    expect(document.querySelector(".atlas-curve")?.getAttribute("aria-label")).toContain("900 with 1, 930 with 2");
    expect(all(".atlas-sites tbody tr")).toHaveLength(4);
    open("Fenmouth 001B");
    expect(text(".atlas-box")).toContain("30 more people at risk within 5 km");
  });

  it("prints stories only when asked to", () => {
    start();
    document.querySelector<HTMLElement>("#atlas-print-stories-too")?.click();
    expect(document.documentElement.classList.contains("atlas-print-stories")).toBe(true);
  });

  it("has one view below the map at a time", () => {
    const app = start();
    open("Places");
    open("Table");
    expect(app.state().show).toBe("table");
    expect(document.querySelector<HTMLElement>(".atlas-places")?.hidden).toBe(true);
    open("Close table");
    expect(app.state().show).toBeNull();
    // The button that opened it is behind the tools, which closed when it opened.
    expect(document.activeElement?.textContent).toBe("Tools");
  });

  it("shows hostile names as text", () => {
    const places = { ...PLACES, name: [...HOSTILE, "", ""], opening: PLACES.opening.map(() => HOSTILE[0]), offers: PLACES.offers.map(() => HOSTILE[0]) };
    const hostile = { ...supportInfo(places), kinds: KINDS.map((kind) => ({ ...kind, title: HOSTILE[0], plural: HOSTILE[1] })) };
    const stories = STORIES.map((story) => ({ ...story, quote: HOSTILE[0], place: HOSTILE[0], theme: HOSTILE[0] }));
    start(
      { support: hostile, sites: { ...SITES, candidates: HOSTILE[0], sites: SITES.sites.map((site) => ({ ...site, name: HOSTILE[0] })) }, stories },
      places,
    );
    open("Places");
    open(HOSTILE[0]);
    open("Proposed sites");
    open("Stories");
    expect(document.querySelector("img, script")).toBeNull();
    for (const name of HOSTILE) expect(document.body.textContent).toContain(name);
  });
});
