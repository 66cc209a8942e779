/** The address follows what is chosen, and what is chosen follows an address that the reader opens. */
import type { Shown, State, View } from "../model/address";
import { formatState, parseState, unreadState } from "../model/address";
import { formatFilter, parseFilter } from "../model/filter";
import { LEVELS } from "../model/levels";
import { batch, follow } from "../model/store";
import { formatWhatIf } from "../model/what-if";
import type { Page } from "../scoring/page";
import { readWhatIf } from "../scoring/weights";
import type { Actions } from "./actions";
import { isEmbedded } from "./embed";

export interface AddressHooks {
  /** The view of this name is on this page. */
  has: (view: Shown) => boolean;
  /** The kinds of symbols, for the address, and as an address names them. */
  places: { state: string | null; read: (state: string | null) => { places: readonly string[] | null; unread: string[] } };
  setView: (view: View) => void;
  /** What of an address this page does not have, and how it took the rest, in words. */
  notice: (unread: readonly string[], taken: string) => void;
  /** The address is another one. */
  changed: () => void;
}

export class AddressSync {
  readonly #page: Page;
  readonly #actions: Actions;
  readonly #hooks: AddressHooks;
  #address = "";

  constructor(page: Page, actions: Actions, hooks: AddressHooks) {
    this.#page = page;
    this.#actions = actions;
    this.#hooks = hooks;
  }

  state(): State {
    const { store, areas, data } = this.#page;
    const code = (row: number | null): string | null => (row === null ? null : areas.code(row));
    const weights = store.applied;
    return {
      layer: store.layer.value,
      level: store.level.value ?? store.grouping.value,
      by: store.measure.value,
      area: code(store.selected.value),
      view: store.view.value,
      show: store.show.value,
      filter: formatFilter(store.filter.value),
      pinned: code(store.pinned.value),
      beside: store.beside.value,
      divide: store.divide.value,
      whatIf:
        weights &&
        formatWhatIf(
          weights,
          data.index.components.map(({ name }) => name),
        ),
      budget: store.budget.value === null ? null : Math.round(store.budget.value),
      places: this.#hooks.places.state,
    };
  }

  /** Takes up the address that the page was opened with, but for its layer, which is there before the map is. */
  begin(state: State): void {
    const unread = unreadState(location.hash);
    const choices = this.#takeChoices(state);
    this.#takeArea(state, false);
    this.#hooks.notice([...unread, ...choices.unread, ...this.#unreadPlaces(state)], choices.taken);
    this.#takeShow(state);
    // Last, because what opens around the map moves it.
    if (state.view) this.#hooks.setView(state.view);
    this.#follow();
  }

  /** The address is written whenever it changes, and read when the reader changes it. */
  #follow(): void {
    follow(
      () => `#${formatState(this.state())}`,
      (address) => {
        this.#write(address);
      },
    );
    addEventListener("hashchange", () => {
      this.#restore(parseState(location.hash));
    });
  }

  #restore(state: State): void {
    if (formatState(state) === formatState(this.state())) return;
    const unread = unreadState(location.hash);
    if (state.layer !== null && this.#page.showing.called(state.layer)) this.#actions.setLayer(state.layer);
    if (state.view) this.#hooks.setView(state.view);
    if (state.area === null) this.#actions.deselect();
    else this.#takeArea(state, !state.view);
    this.#takeShow(state);
    const choices = this.#takeChoices(state);
    this.#hooks.notice([...unread, ...choices.unread, ...this.#unreadPlaces(state)], choices.taken);
    // What of the address could not be taken is not to stay in it.
    this.#write(`#${formatState(this.state())}`);
  }

  #write(address: string): void {
    if (address !== this.#address) this.#hooks.changed();
    this.#address = address;
    // Nobody sees the address of a frame, and it has to go on saying that it is one.
    if (isEmbedded()) return;
    try {
      history.replaceState(history.state, "", address);
    } catch {
      // Some viewers of attachments refuse changes of the address; the page works without.
    }
  }

  #takeShow({ show }: State): void {
    this.#page.store.show.value = show !== null && this.#hooks.has(show) ? show : null;
  }

  #takeArea(state: State, reveal: boolean): void {
    if (state.area === null) return;
    const { areas, store } = this.#page;
    const row = areas.row(state.area);
    if (row === null) {
      this.#actions.deselect();
      this.#actions.say(`The area ${state.area} is not on this map`);
      return;
    }
    if (row === store.selected.peek()) return;
    this.#actions.choose(row, false, reveal || !state.view);
    if (!reveal && state.view) this.#hooks.setView(state.view);
  }

  /** Takes up all but the layer, the area and the view; what of it this page does not have is the answer, in words. */
  #takeChoices(state: State): { unread: string[]; taken: string } {
    const { data, table, areas, identities, levels, scorer, store, showing } = this.#page;
    const weights = readWhatIf(state.whatIf, data.index, scorer);
    const { filter, unread } = parseFilter(state.filter, table, identities);
    const symbols = this.#hooks.places.read(state.places);
    const beside = showing.called(state.beside)?.id ?? null;
    const level = LEVELS.find((one) => one === state.level && one !== "lsoa" && levels.levels.includes(one)) ?? null;
    batch(() => {
      store.level.value = level;
      store.grouping.value = level === null && data.larger?.levels.some(({ id, of_areas }) => id === state.level && !of_areas) ? state.level : null;
      store.measure.value = state.by;
      store.beside.value = beside === store.layer.peek() ? null : beside;
      store.divide.value = state.divide;
      store.budget.value = state.budget;
      store.places.value = symbols.places;
      store.whatIf.value = weights.state;
      store.pinned.value = state.pinned === null ? null : areas.row(state.pinned);
      if (formatFilter(filter) !== formatFilter(store.filter.peek())) store.filter.value = filter;
    });
    return { unread: [...symbols.unread, ...weights.unread, ...unread], taken: weights.byPlace ? this.#takenInWords() : "" };
  }

  /** How weights of an older link, which has no names, were taken; nothing where they are the published ones. */
  #takenInWords(): string {
    const { data, store } = this.#page;
    const state = store.applied;
    if (!state) return "";
    const weights = data.index.components.map(({ title }, number) => `${title} ${Number(state.weights[number].toFixed(4))}`);
    return `The link is an older one, whose weights have no names. They are taken in the order of this page’s index: ${weights.join(", ")}. If the index has changed since the link was made, they are not the ones that were meant.`;
  }

  /** Layers and areas of an address that this page does not have. */
  #unreadPlaces({ layer, level, beside, area, pinned }: State): string[] {
    const { areas, showing, store } = this.#page;
    const unread = (what: string, id: string | null, known: unknown): string[] => (id === null || (known ?? null) !== null ? [] : [`${what} “${id}”`]);
    return [
      ...unread("the layer", layer, showing.called(layer)),
      ...unread("the larger areas", level, store.level.peek() ?? store.grouping.peek()),
      ...unread("the second layer", beside, showing.called(beside)),
      ...unread("the area", area, area === null ? null : areas.row(area)),
      ...unread("the pinned area", pinned, pinned === null ? null : areas.row(pinned)),
    ];
  }
}
