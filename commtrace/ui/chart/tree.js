// A tree that is a table: role treegrid, one row a line, worked by pointer and by arrow keys. Only
// lines that are open come here; each toggle asks for the next. Every text is set as text.
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
    const focused = document.activeElement?.closest?.(".ct-tree tr")?.dataset.key;
    const held = root.contains(document.activeElement);
    root.dataset.revision = data.revision;
    root.dataset.group = data.group;
    root.replaceChildren(grid(root, data));
    root.scrollTop = keep;
    const again = held && row(root, focused);
    seat(root, again || row(root, data.open) || lines(root)[0]);
    if (held) (again || lines(root)[0])?.focus({ preventScroll: Boolean(again) });
  }
  lines(root).forEach((line) => {
    const on = line.dataset.key === data.open;
    line.setAttribute("aria-selected", String(on));
  });
  root.dataset.done = data.revision;
}

const lines = (root) => [...root.querySelectorAll("tbody tr")];
const row = (root, key) => lines(root).find((line) => line.dataset.key === key);
const tell = (root, name, key) => root.component.setTriggerValue(name, key);

function seat(root, line) {
  lines(root).forEach((each) => (each.tabIndex = each === line ? 0 : -1));
}

function grid(root, data) {
  const table = make("table");
  table.setAttribute("role", "treegrid");
  table.setAttribute("aria-label", data.caption);
  const head = table.appendChild(make("thead")).appendChild(make("tr"));
  data.columns.forEach((label, index) => {
    const cell = make("th", index === 3 ? "right" : "", label);
    cell.scope = "col";
    head.appendChild(cell);
  });
  const body = table.appendChild(make("tbody"));
  data.lines.forEach((line) => body.appendChild(draw(root, line)));
  body.addEventListener("keydown", (event) => onKey(root, event));
  return table;
}

function draw(root, line) {
  const element = make("tr", line.more ? "ct-more-line" : "");
  element.dataset.key = line.more ? `more ${line.key}` : line.key;
  element.setAttribute("aria-level", line.level);
  element.setAttribute("aria-posinset", line.place);
  element.setAttribute("aria-setsize", line.siblings);
  if (line.open !== null) element.setAttribute("aria-expanded", String(line.open));
  const name = make("td", "ct-tree-name");
  name.style.paddingInlineStart = `${10 + (line.level - 1) * 20}px`;
  const fold = make("span", line.open === null ? "ct-fold ct-leaf" : "ct-fold", "");
  fold.setAttribute("aria-hidden", "true");
  const box = name.appendChild(make("div"));
  box.append(fold, make("span", `ct-tree-text${line.folder ? " ct-folder" : ""}`, line.name));
  element.append(name, state(line), sum(line), make("td", "right", line.size), make("td", "", line.reader));
  fold.addEventListener("click", (event) => {
    if (line.open === null) return;
    event.stopPropagation();
    seat(root, element);
    element.focus({ preventScroll: true });
    tell(root, "toggled", line.key);
  });
  element.addEventListener("click", () => {
    seat(root, element);
    element.focus({ preventScroll: true });
    act(root, element);
  });
  return element;
}

function state(line) {
  const cell = make("td");
  if (!line.word) return cell;
  const swatch = make("span", `ct-state ct-state-${line.state}`);
  swatch.setAttribute("aria-hidden", "true");
  cell.append(swatch, make("span", "", line.word));
  return cell;
}

function sum(line) {
  const cell = make("td", "wrap");
  if (line.bar.length) {
    const bar = make("span", "ct-states");
    bar.setAttribute("aria-hidden", "true");
    line.bar.forEach(([name, share]) => {
      const piece = make("span", `ct-state-${name}`);
      piece.style.width = `${share * 100}%`;
      bar.appendChild(piece);
    });
    cell.appendChild(bar);
  }
  cell.append(make("span", line.bar.length ? "" : "ct-muted", line.sum));
  return cell;
}

function act(root, line) {
  const key = line.dataset.key;
  if (key.startsWith("more ")) tell(root, "more", key.slice(5));
  else tell(root, "opened", key);
}

function onKey(root, event) {
  const all = lines(root);
  const line = event.target.closest("tr");
  const at = all.indexOf(line);
  const level = Number(line.getAttribute("aria-level"));
  const open = line.getAttribute("aria-expanded");
  const go = (other) => {
    if (!other) return;
    seat(root, other);
    other.focus();
  };
  const above = () => all.slice(0, at).reverse().find((l) => Number(l.getAttribute("aria-level")) < level);
  const steps = {
    ArrowDown: () => go(all[at + 1]),
    ArrowUp: () => go(all[at - 1]),
    Home: () => go(all[0]),
    End: () => go(all[all.length - 1]),
    ArrowRight: () => {
      if (open === "false") tell(root, "toggled", line.dataset.key);
      else if (open === "true") go(all[at + 1]);
    },
    ArrowLeft: () => {
      if (open === "true") tell(root, "toggled", line.dataset.key);
      else go(above());
    },
    Enter: () => act(root, line),
    " ": () => act(root, line),
  };
  if (!steps[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  event.stopPropagation();
  steps[event.key]();
}
