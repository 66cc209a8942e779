/** The finding, kept true of what the page shows. */
import { findingOf } from "../model/finding";
import { follow } from "../model/store";
import type { Page } from "../scoring/page";
import { FindingView } from "../views/finding/finding";
import type { Actions } from "./actions";
import { subjectOf } from "./subject";

export function makeFinding(page: Page, actions: Actions, narrow: MediaQueryList): FindingView {
  const view = new FindingView(
    {
      show: (rows, text) => {
        actions.outline(rows, text);
      },
    },
    narrow,
  );
  follow(
    () => subjectOf(page),
    (subject) => {
      view.show(findingOf(subject));
    },
  );
  return view;
}
