// A real table whose rows can be opened, by pointer or keyboard, and which reports the opened row's
// id, never its number. Every text is set as text; nothing is parsed as HTML.
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
    const focused = root.contains(document.activeElement);
    root.dataset.revision = data.revision;
    root.dataset.group = data.group;
    const build = data.numbers ? numbers : data.cards ? cards : table;
    root.classList.toggle("ct-bare", Boolean(data.numbers));
    root.replaceChildren(build(root, data));
    root.scrollTop = keep;
    const idle = !data.rows.some((row) => row.key);
    root.tabIndex = idle ? 0 : -1;
    if (idle) {
      root.setAttribute("role", "region");
      root.setAttribute("aria-label", data.caption);
    }
    if (focused) root.querySelector('[aria-current="true"], [tabindex="0"]')?.focus();
  }
  mark(root, data.open);
  if (data.cards) show(root);
  root.dataset.done = data.revision;
}

const tell = (root, key) => root.component.setTriggerValue("opened", key);

function mark(root, open) {
  root.querySelectorAll("[data-key]").forEach((row) => {
    const on = row.dataset.key === open;
    if (on) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  });
}

// The card that is open is brought into view, unless the reader is at the list.
function show(root) {
  const card = root.querySelector('[aria-current="true"]');
  if (!card || root.contains(document.activeElement)) return;
  const at = card.getBoundingClientRect().top - root.getBoundingClientRect().top;
  if (at < 0 || at > root.clientHeight - card.offsetHeight) root.scrollTop += at - 40;
}

function table(root, data) {
  const element = make("table");
  element.appendChild(make("caption", "ct-unseen", data.caption));
  const head = element.appendChild(make("thead")).appendChild(make("tr"));
  data.columns.forEach((column) => {
    const cell = make("th", column.right ? "right" : "", column.label);
    cell.scope = "col";
    head.appendChild(cell);
  });
  const body = element.appendChild(make("tbody"));
  data.rows.forEach((row) => body.appendChild(line(root, data, row)));
  return element;
}

function line(root, data, row) {
  const element = make("tr");
  if (row.key) element.dataset.key = row.key;
  row.cells.forEach((value, index) => {
    const column = data.columns[index];
    const kind = `${column.right ? "right" : ""}${column.wrap ? " wrap" : ""}`;
    const cell = make(index === 0 && row.key ? "th" : "td", kind.trim());
    if (index === 0 && row.key) {
      cell.scope = "row";
      const button = make("button", "ct-open", value);
      button.type = "button";
      button.addEventListener("click", (event) => {
        event.stopPropagation();
        tell(root, row.key);
      });
      button.addEventListener("keydown", step);
      cell.appendChild(button);
    } else {
      fill(cell, value, column);
    }
    element.appendChild(cell);
  });
  if (row.key) element.addEventListener("click", () => tell(root, row.key));
  return element;
}

function fill(cell, value, column) {
  if (column.kind === "bar" && value && typeof value === "object") {
    const box = make("span", "ct-bar");
    const inner = make("span");
    inner.style.width = `${Math.max(0, Math.min(1, value.share)) * 100}%`;
    box.appendChild(inner);
    cell.append(box, make("span", "ct-figure", value.text));
    return;
  }
  if (value && typeof value === "object") {
    if (value.swatch) cell.appendChild(make("span", `ct-swatch ct-${value.swatch}`));
    cell.appendChild(make("span", value.tone ? `ct-tone ct-${value.tone}` : "", value.text));
    return;
  }
  cell.textContent = value;
}

function step(event) {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by) return;
  event.preventDefault();
  const all = [...event.currentTarget.closest(".ct-rows").querySelectorAll("button.ct-open")];
  all[all.indexOf(event.currentTarget) + by]?.focus();
}

function cards(root, data) {
  const list = make("ul", "ct-cards");
  list.setAttribute("aria-label", data.caption);
  data.rows.forEach((row) => {
    const item = make("li");
    const card = make("button", "ct-card");
    card.type = "button";
    card.dataset.key = row.key;
    const top = make("span", "ct-card-top");
    if (row.swatch) top.appendChild(make("span", `ct-swatch ct-${row.swatch}`));
    top.appendChild(make("span", "ct-card-title", row.title));
    if (row.note) top.appendChild(make("span", "ct-card-note", row.note));
    card.appendChild(top);
    if (row.text) card.appendChild(make("span", "ct-card-text", row.text));
    if (row.foot) card.appendChild(make("span", "ct-card-foot", row.foot));
    card.addEventListener("click", () => tell(root, row.key));
    item.appendChild(card);
    list.appendChild(item);
  });
  return list;
}

function numbers(root, data) {
  const list = make("ul", "ct-numbers");
  list.setAttribute("aria-label", data.caption);
  data.rows.forEach((row) => {
    const card = make("button", "ct-number");
    card.type = "button";
    card.dataset.key = row.key;
    card.append(make("b", row.tone ? `ct-${row.tone}` : "", row.title), make("span", "", row.text));
    if (row.foot) card.append(make("small", "", row.foot));
    card.addEventListener("click", () => tell(root, row.key));
    list.appendChild(make("li")).appendChild(card);
  });
  return list;
}
