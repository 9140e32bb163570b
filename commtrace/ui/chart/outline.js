// The pages of a bundle, one line each: a pressed button begins an item, pressing it again joins
// the page to the item before. Every text is set as text.
const make = (tag, className, text) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};

export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector(".ct-rows");
  root.component = component;
  root.style.maxHeight = data.height || "none";
  if (root.dataset.revision !== data.revision) {
    const keep = root.dataset.group === data.group ? root.scrollTop : 0;
    const focused = root.contains(document.activeElement) && document.activeElement.dataset.page;
    root.dataset.revision = data.revision;
    root.dataset.group = data.group;
    const list = make("ol", "ct-pages");
    list.setAttribute("aria-label", data.caption);
    data.pages.forEach((page) => list.appendChild(draw(root, page)));
    root.replaceChildren(list);
    root.scrollTop = keep;
    if (focused) root.querySelector(`button[data-page="${focused}"]`)?.focus({ preventScroll: true });
  }
  root.querySelectorAll("li").forEach((line) => {
    line.classList.toggle("ct-here", line.dataset.item === String(data.open));
  });
  const here = root.querySelector("li.ct-here");
  if (here && root.dataset.open !== String(data.open) && !root.contains(document.activeElement)) {
    root.scrollTop = here.offsetTop - root.offsetTop - 40;
  }
  root.dataset.open = String(data.open);
  root.dataset.done = data.revision;
}

function draw(root, page) {
  const line = make("li", page.begins ? "ct-begins" : "");
  line.dataset.item = page.item;
  const button = make("button", "ct-cut", page.label);
  button.type = "button";
  button.dataset.page = page.number;
  button.setAttribute("aria-pressed", String(page.begins));
  button.setAttribute("aria-label", `${page.label} begins an item`);
  button.disabled = page.fixed;
  button.addEventListener("click", () => root.component.setTriggerValue("cut", page.number));
  button.addEventListener("keydown", step);
  line.append(button, make("span", "ct-page-item", page.begins ? page.tag : ""), make("span", "ct-page-words", page.words));
  return line;
}

function step(event) {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by) return;
  event.preventDefault();
  const all = [...event.currentTarget.closest(".ct-rows").querySelectorAll("button:not(:disabled)")];
  all[all.indexOf(event.currentTarget) + by]?.focus();
}
