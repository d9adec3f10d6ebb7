// Functions that all pages share. A text from outside always goes in by textContent.

/**
 * Return an element.
 *
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {string} [className]
 * @param {string | null} [text]
 * @param {...(Node | string)} children Appended after the text.
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function make(name, className = "", text = null, ...children) {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== null) element.textContent = text;
  element.append(...children);
  return element;
}

/**
 * Return a button that submits nothing.
 *
 * @param {string} className
 * @param {string | null} text
 * @param {() => void} [pressed]
 */
export function makeButton(className, text, pressed) {
  const button = make("button", className, text);
  button.type = "button";
  if (pressed) button.addEventListener("click", pressed);
  return button;
}

/**
 * Return the root of a page: a landmark in which MathJax leaves every text as it is.
 *
 * @param {string} className
 */
export function makeRoot(className) {
  const root = make("div", `snb ${className} mathjax_ignore tex2jax_ignore`);
  root.setAttribute("role", "region");
  return root;
}

/**
 * Return the disc with a speaker's initials.
 *
 * @param {string} initials
 */
export function makeFace(initials) {
  const face = make("span", "snb-face");
  face.dataset.i = initials;
  return face;
}

/**
 * Return the rows of a `dl` of names and values.
 *
 * @param {[string, string][]} facts
 */
export function makeFacts(facts) {
  return facts.map(([name, value]) =>
    make("div", "", null, make("dt", "", name), make("dd", "", null, make("bdi", "", value))),
  );
}

/**
 * Set a text only if it changes: otherwise a selection would be lost, and a screen reader would read it again.
 *
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Set a text, and hide an element that has none.
 *
 * @param {HTMLElement} element
 * @param {string} text
 */
export function showText(element, text) {
  setText(element, text);
  element.hidden = !text;
}

/**
 * Move the focus to an element as soon as it is in sight: the section around it may be opening, or not yet be drawn.
 *
 * @param {HTMLElement} element
 */
export function focusWhenShown(element) {
  const observer = new ResizeObserver(() => {
    if (!element.offsetWidth) return;
    observer.disconnect();
    element.focus();
  });
  observer.observe(element);
}

/**
 * Keep the keys that are pressed in an element from the shortcuts of the notebook.
 *
 * @param {HTMLElement} element
 * @param {(event: KeyboardEvent) => boolean} [passes] Returns whether a key is for the notebook after all.
 */
export function keepKeys(element, passes = () => false) {
  element.dataset.lmSuppressShortcuts = "true"; // JupyterLab listens before any element hears a key
  element.addEventListener("keydown", (event) => {
    if (!passes(event)) event.stopPropagation();
  });
}

/**
 * Return whether a key is a command of the browser, or runs the cell.
 *
 * @param {KeyboardEvent} event
 */
export function isCommand(event) {
  return event.ctrlKey || event.metaKey || (event.shiftKey && event.key === "Enter");
}

/**
 * Copy a text; return whether the browser did.
 *
 * @param {string} text
 */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // no permission, or a page that is not served securely
  }
}
