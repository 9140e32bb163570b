// A text to be taken away, with a button that copies it. Set as text; says aloud that it was copied.
const make = (tag, className, text) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};

export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector(".ct-rows");
  if (root.dataset.revision !== data.revision) {
    root.dataset.revision = data.revision;
    const words = make("div", data.short ? "ct-code" : "ct-code ct-request", data.text);
    words.tabIndex = 0;
    words.setAttribute("role", "region");
    words.setAttribute("aria-label", data.caption);
    const said = make("span", "ct-small ct-muted");
    said.setAttribute("role", "status");
    const button = make("button", "ct-do", data.label);
    button.type = "button";
    button.addEventListener("click", () => copy(data.text, words, said));
    const foot = make("div", "ct-copy-foot");
    foot.append(button, said);
    root.replaceChildren(words, foot);
  }
  root.dataset.done = data.revision;
}

async function copy(text, words, said) {
  try {
    await navigator.clipboard.writeText(text);
    said.textContent = "Copied.";
  } catch {
    getSelection().selectAllChildren(words);
    said.textContent = "Selected: copy it with your keyboard.";
  }
}
