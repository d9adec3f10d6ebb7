// The line above the messages: a search, and the choices of a filter.

import { make, makeButton } from "../common.js";
import { labelChoices, optionText } from "./viewer_text.js";

/** @import { Heading, ScaleInfo } from "./viewer_text.js" */

/**
 * Return the controls, and the filter that they stand for.
 *
 * @param {Heading[]} headings Of each discussion; the owner adds to it before `updateChoices`.
 * @param {[name: string, shown: string][]} speakers Name of each, and the text that shows it; likewise.
 */
export function makeTools(headings, speakers) {
  const query = make("input", "snb-view-query");
  Object.assign(query, { type: "search", placeholder: "Search texts and names", autocomplete: "off" });
  query.setAttribute("aria-label", "Search texts and names");
  query.setAttribute("aria-keyshortcuts", "/");
  const previous = makeMatchButton("↑", "Previous match");
  const next = makeMatchButton("↓", "Next match");
  const matches = make("span", "snb-view-matches");
  matches.setAttribute("role", "status");
  const speaker = makeSelect("Speaker", "All speakers");
  const only = make("input");
  only.type = "checkbox";
  const onlyLine = make("label", "snb-view-only", null, only, "Only matches");
  const condition = makeSelect("Condition", "All conditions");
  const status = makeSelect("Status", "All statuses", "Finished", "Unfinished");
  const discussion = makeSelect("Discussion", "All discussions");
  const label = makeSelect("Label", "All labels");
  const turn = make("input", "snb-view-turn");
  Object.assign(turn, { type: "number", min: "0", placeholder: "Go to turn" });
  turn.title = "Go to a turn of this discussion (Enter)";
  turn.setAttribute("aria-label", "Go to turn");
  condition.hidden = discussion.hidden = label.hidden = status.hidden = true;
  const search = make("div", "snb-view-search", null, query, previous, next, matches, onlyLine);
  const element = make("div", "snb-view-tools", null, search, condition, status, speaker, discussion, label, turn);
  element.setAttribute("role", "search");

  const selects = [condition, status, speaker, discussion, label];

  /** Offer the discussions of the chosen condition. */
  function offerDiscussions() {
    const chosen = condition.selectedIndex > 0 ? condition.value : null;
    [...discussion.options].slice(1).forEach((option, place) => {
      option.hidden = chosen !== null && headings[place].condition !== chosen;
    });
  }

  /** @param {ScaleInfo[]} scales */
  function offerLabels(scales) {
    const choices = labelChoices(scales);
    const known = JSON.stringify(choices);
    if (label.dataset.choices === known) return;
    const chosen = label.value;
    label.dataset.choices = known;
    label.replaceChildren(label.options[0]);
    for (const [choice, text] of choices) {
      const option = make("option", "", text);
      option.value = JSON.stringify(choice);
      label.append(option);
    }
    label.value = chosen;
  }

  return {
    element,
    query,
    previous,
    next,
    matches,
    turn,
    /**
     * Update the choices to the discussions that were read so far.
     *
     * @param {{ several: boolean, labelled: boolean, conditions: string[], scales: ScaleInfo[] }} found Whether there
     *   are several discussions, and any labels; the conditions of a study; the scales of the labels.
     */
    updateChoices({ several, labelled, conditions, scales }) {
      discussion.hidden = !several;
      condition.hidden = !conditions.length;
      label.hidden = !labelled;
      status.hidden = !headings.some(({ unfinished }) => unfinished);
      addOptions(
        speaker,
        speakers.map(([, shown]) => shown),
      );
      addOptions(discussion, headings.map(optionText));
      addOptions(condition, conditions);
      offerDiscussions();
      offerLabels(scales);
    },
    /** The filter, as viewer.py reads it. */
    get filter() {
      return {
        query: query.value,
        ...(only.checked && { only: true }),
        ...(condition.selectedIndex > 0 && { condition: condition.value }),
        ...(status.selectedIndex > 0 && { status: status.value.toLowerCase() }),
        ...(speaker.selectedIndex > 0 && { speaker: speakers[speaker.selectedIndex - 1][0] }),
        ...(discussion.selectedIndex > 0 && { discussion: discussion.selectedIndex - 1 }),
        ...(label.selectedIndex > 0 && { label: JSON.parse(label.value) }),
      };
    },
    /** Whether messages are left out. */
    get filtered() {
      return (only.checked && query.value !== "") || selects.some((select) => select.selectedIndex > 0);
    },
    /** Let all messages through; matches are still marked. */
    lift() {
      only.checked = false;
      for (const select of selects) select.selectedIndex = 0;
      offerDiscussions();
    },
    /**
     * Have a function called when another choice is made.
     *
     * @param {() => void} chosen
     */
    onChoice(chosen) {
      condition.addEventListener("change", () => {
        discussion.selectedIndex = 0;
        offerDiscussions();
        chosen();
      });
      for (const control of [only, status, speaker, discussion, label])
        control.addEventListener("change", () => chosen());
    },
  };
}

/**
 * @param {string} text
 * @param {string} label
 */
function makeMatchButton(text, label) {
  const button = makeButton("", text);
  button.disabled = true;
  button.title = `${label} (${label[0].toLowerCase()})`;
  button.setAttribute("aria-label", label);
  return button;
}

/**
 * @param {string} label
 * @param {...string} texts Of the choices; the first leaves out nothing.
 */
function makeSelect(label, ...texts) {
  const select = make("select", "", null, ...texts.map((text) => make("option", "", text)));
  select.setAttribute("aria-label", label);
  return select;
}

/**
 * Add the options that a select does not have yet, after the first.
 *
 * @param {HTMLSelectElement} select
 * @param {string[]} texts
 */
function addOptions(select, texts) {
  select.append(...texts.slice(select.options.length - 1).map((text) => make("option", "", text)));
}
