// One Plotly chart that keeps its node across reruns, and the keys and drags that Streamlit's own
// chart does not report. Evidence text arrives escaped by figures/plotly.py and is never parsed here.
let loading;
const plotly = (url) =>
  (loading ??= new Promise((done, failed) => {
    if (window.Plotly) return done(window.Plotly);
    const script = document.createElement("script");
    script.src = new URL(url, location.origin).href;
    script.onload = () => done(window.Plotly);
    script.onerror = failed;
    document.head.appendChild(script);
  }));

const KEYS = {
  ArrowRight: "next", ArrowLeft: "previous", ArrowUp: "up", ArrowDown: "down", "+": "in", "=": "in",
  "-": "out", Home: "first", End: "last", Escape: "close",
};

export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector(".ct-chart");
  root.component = component;
  root.style.height = data.height;
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", data.alt);
  root.tabIndex = data.keys ? 0 : -1;
  speak(root, data.spoken || "");
  if (root.dataset.revision === data.revision) return;
  root.dataset.revision = data.revision;
  plotly(data.plotly).then((Plotly) => draw(Plotly, root, data));
}

function speak(root, words) {
  const live = root.nextElementSibling;
  if (live && live.textContent !== words) live.textContent = words;
}

async function draw(Plotly, root, data) {
  if (root.dataset.revision !== data.revision) return;
  const over = JSON.parse(data.over);
  const same = root.drawn && root.drawn.traces === data.traces && root.drawn.base === data.base;
  if (same) {
    if (root.selected) root.data.forEach((trace) => delete trace.selectedpoints);
    await Plotly.relayout(root, root.selected ? { ...over, selections: [] } : over);
  } else {
    const layout = { ...JSON.parse(data.base), ...over, selections: [] };
    const traces = JSON.parse(data.traces);
    if (layout.dragmode === "select") traces.forEach(undimmed);
    await Plotly.react(root, traces, layout, {
      displayModeBar: false, responsive: true, doubleClick: false, showTips: false,
    });
  }
  root.selected = false;
  root.drawn = data;
  root.querySelectorAll(".main-svg").forEach((svg) => svg.setAttribute("aria-hidden", "true"));
  root.dataset.done = data.revision;
  if (!root.bound) bind(root);
}

// What a drag leaves outside stays as it is, so that a new window is a new veil and no new drawing.
function undimmed(trace) {
  if (trace.type === "bar" || trace.type === "scatter") trace.unselected = { marker: { opacity: 1 } };
}

function bind(root) {
  root.bound = true;
  const tell = (name, value) => root.component.setTriggerValue(name, value);
  let timer;
  const later = (value) => {
    clearTimeout(timer);
    timer = setTimeout(() => tell("range", value));
  };
  const number = (x) => (typeof x === "number" ? x : Date.parse(`${String(x).replace(" ", "T")}Z`));
  root.on("plotly_click", (event) => {
    const found = event.points.map((point) => point.customdata).find(Boolean);
    if (found) tell("clicked", Array.isArray(found) ? found[0] : found);
    else if (root.component.data.keys) tell("clicked", `c${number(event.points[0].x)}`);
  });
  root.on("plotly_relayout", (event) => {
    const range = event["xaxis.range"] ??
      (event["xaxis.range[0]"] !== undefined
        ? [event["xaxis.range[0]"], event["xaxis.range[1]"]] : null);
    if (range) later(range.map(number));
  });
  root.on("plotly_selected", (event) => {
    root.selected = true;
    if (event && event.range && event.range.x) later(event.range.x.map(number));
  });
  root.on("plotly_doubleclick", () => tell("range", []));
  root.addEventListener("keydown", (event) => {
    const key = KEYS[event.key];
    if (!key || !root.component.data.keys || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    tell("key", key);
  });
}
