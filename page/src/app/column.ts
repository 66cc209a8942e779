/** What stands beside the map: the four questions, and the list that answers the one that is asked. */
import { emptyList } from "../model/finding";
import { countKinds } from "../model/kind-counts";
import { planFor } from "../model/plan";
import type { ProgrammesInfo } from "../model/contract";
import { budget } from "../model/programmes";
import type { AreaList } from "../model/questions";
import { actList, kindList, layerOf, questionOf, questionsOf, riskList, supportList } from "../model/questions";
import type { Question } from "../model/store";
import { batch, follow, followLater, signal } from "../model/store";
import type { Support } from "../model/support";
import type { Page } from "../scoring/page";
import { el } from "../ui/dom";
import { sentenceNodes } from "../ui/sentence";
import { LevelList } from "../views/levels/level-list";
import { KindChoices } from "../views/lists/kind-choices";
import { PlanView } from "../views/plan/plan";
import { ProgrammeList } from "../views/lists/programme-list";
import { QuestionList } from "../views/lists/question-list";
import { Questions } from "../views/questions/questions";
import type { Actions } from "./actions";
import { subjectOf } from "./subject";

export interface ColumnHooks {
  preview: (row: number | null) => void;
  /** Opens the list of where to act, or the table, with all columns. */
  openFull: (question: Question) => void;
}

export class Column {
  readonly questions: Questions;
  readonly element = el("section", { class: "atlas-lists", "aria-label": "The list beside the map" });
  readonly #page: Page;
  readonly #actions: Actions;
  readonly #support = signal<Support | null>(null);
  readonly #list: QuestionList;
  readonly #kinds: KindChoices;
  readonly #programmes: ProgrammeList;
  readonly #places: LevelList;
  /** Made when the list of where to act is first shown. */
  #plan: PlanView | null = null;

  constructor(page: Page, actions: Actions, hooks: ColumnHooks) {
    this.#page = page;
    this.#actions = actions;
    const { data, store, showing, values, areas } = page;
    this.questions = new Questions(questionsOf(data.layers), (question) => {
      this.ask(question);
    });
    this.#list = new QuestionList("answer", {
      select: actions.open,
      preview: hooks.preview,
      colourOf: (row) => {
        const layer = showing.layer.peek();
        return layer.classes.at(values.classes(layer)[row])?.colour ?? null;
      },
      full: () => {
        hooks.openFull(store.question.peek());
      },
    });
    this.#kinds = new KindChoices((kind) => {
      store.kind.value = kind;
    });
    this.#programmes = new ProgrammeList({
      outline: (programme) => {
        if (programme) actions.outline(programme.areas, programme.name);
        else store.outlined.value = null;
      },
      select: actions.open,
      title: (row) => areas.title(row),
    });
    this.#places = new LevelList({
      down: (unit) => {
        actions.going.down(unit);
        this.#list.focus();
      },
      preview: (unit) => {
        store.suggested.value = unit?.rows ?? [];
      },
    });
    this.#follow();
  }

  setSupport(support: Support): void {
    this.#support.value = support;
  }

  /** Has the focus after the panel of an area: its row, or the heading of the list. */
  readonly backTo = (row: number | null): HTMLElement => this.#list.elementOf(row);

  /** Shows the layer and the list of a question. */
  readonly ask = (question: Question): void => {
    const { data, store } = this.#page;
    const layer = layerOf(question, data.layers);
    batch(() => {
      store.question.value = question;
      store.level.value = null;
      store.selected.value = null;
      store.outlined.value = null;
    });
    if (layer !== null) this.#actions.setLayer(layer);
    this.#list.focus();
  };

  #follow(): void {
    const { data, store, showing } = this.#page;
    follow(
      () => store.layer.value,
      (layer) => {
        store.question.value = questionOf(layer, data.layers) ?? store.question.peek();
      },
    );
    follow(
      () => store.question.value,
      (question) => {
        this.questions.show(question);
      },
    );
    followLater(
      store,
      () => [store.question.value, store.kind.value, store.budget.value, showing.rows.value, showing.rescored.value, showing.layer.value, this.#supportAsked()],
      () => {
        this.#show();
      },
    );
    follow(
      () => store.budget.value,
      (pounds) => {
        this.#plan?.show(pounds);
      },
    );
    follow(
      () => store.selected.value,
      (row) => {
        this.#list.setSelected(row);
      },
    );
  }

  /** The support places where the list names one: they come after the page is drawn, and other lists need not be made again. */
  #supportAsked(): Support | null {
    return ["support", "act"].includes(this.#page.store.question.value) ? this.#support.value : null;
  }

  #show(): void {
    const { data, table, store, showing } = this.#page;
    const larger = showing.larger.peek();
    if (larger) {
      this.#places.show(larger);
      this.element.replaceChildren(this.#places.element);
      return;
    }
    this.#places.clear();
    const rows = Array.from(showing.rows.peek());
    const question = store.question.peek();
    this.#list.before = this.#before(question, rows);
    const answer = this.#answer(question, rows);
    this.#list.show(answer, answer.rows.length ? [] : this.#empty(question));
    // Nothing of an empty list is seen, nor moves when it is filled.
    if (!this.#list.element.isConnected) this.element.replaceChildren(this.#list.element);
    if (question === "kind") this.#kinds.show(countKinds(table, rows, data.kinds, data.layers), store.kind.peek());
    this.#list.setSelected(store.selected.peek());
  }

  /** What is said where no row is left: of where to act, which are nearest. */
  #empty(question: Question): (Node | string)[] {
    if (question !== "act") return ["No neighbourhood meets these conditions."];
    return sentenceNodes(emptyList(subjectOf(this.#page)), (rows, text) => {
      this.#actions.outline(rows, text);
    });
  }

  #answer(question: Question, rows: readonly number[]): AreaList {
    const { data, table, areas, store } = this.#page;
    const listing = { data, table, areas, support: this.#support.peek(), rows };
    if (question === "kind") return kindList(listing, store.kind.peek());
    if (question === "support") return supportList(listing);
    return question === "act" ? actList(listing) : riskList(listing);
  }

  #before(question: Question, rows: readonly number[]): HTMLElement[] {
    if (question === "kind") return [this.#kinds.element];
    const { programmes } = this.#page.data;
    // Programmes are of the published index.
    if (question !== "act" || !programmes || this.#page.table.changed) return [];
    const within = new Set(rows);
    const pounds = this.#page.store.budget.peek();
    const chosen = pounds === null ? null : new Set(planFor(programmes.programmes, pounds).programmes.map(({ order }) => order));
    this.#programmes.show(
      programmes.programmes.filter(({ areas }) => areas.some((row) => within.has(row))),
      chosen,
    );
    return [...this.#planOf(programmes), this.#programmes.element];
  }

  #planOf(info: ProgrammesInfo): HTMLElement[] {
    const { store } = this.#page;
    if (!info.programmes.length) return [];
    if (!this.#plan) {
      this.#plan = new PlanView(info, {
        choose: (pounds) => {
          store.budget.value = pounds;
          const areas = planFor(info.programmes, pounds).programmes.flatMap((one) => one.areas);
          if (areas.length) this.#actions.outline(areas, `What ${budget(pounds)} pays for`);
        },
        show: (rows, text) => {
          this.#actions.outline(rows, text);
        },
      });
      this.#plan.show(store.budget.peek());
    }
    return [this.#plan.element];
  }
}
