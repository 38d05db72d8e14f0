// Puts the page together, and keeps its parts in step.

// What the page says about the whole source, and the classes that can be switched on and off.
function fillFacts() {
  const { source } = view;
  const facts = [["status", source.status]];
  if (source.pictures !== null) facts.push(["pictures", grouped(source.pictures)]);
  else {
    facts.push(["time", moment(source, view.least) + " to " + moment(source, source.last ?? 0)]);
    facts.push(["length", span((source.last ?? 0) - view.least)]);
    facts.push(["frames", grouped(source.frames)]);
  }
  facts.push(["objects", grouped(source.objects)]);
  if (source.tracks) facts.push(["tracks", grouped(source.trackCount)]);
  const crossed = source.lines.reduce(
    (sum, one) => sum + Object.values(one.crossings).reduce((a, b) => a + b, 0), 0);
  if (crossed) facts.push(["crossings", grouped(crossed)]);
  if (source.gaps.length) {
    facts.push(["not analysed", span(source.gaps.reduce((sum, [a, b]) => sum + b - a, 0))]);
  }
  byId("facts").replaceChildren(...facts.map(([name, value]) =>
    element("div", {}, element("dt", {}, name), element("dd", {}, value))));
  byId("notes").replaceChildren(
    ...[...data.notes, ...source.notes].map((note) => element("li", {}, note)));
  byId("notes").hidden = data.notes.length + source.notes.length === 0;
}

function fillClasses() {
  const { source } = view;
  const head = ["class", source.tracks ? "tracks" : null, "objects", "frames", "at once", "best",
    source.pictures === null ? "first" : null, source.pictures === null ? "last" : null];
  byId("classhead").replaceChildren(element("tr", {},
    ...head.filter(Boolean).map((name) => element("th", { scope: "col" }, name))));
  byId("classes").replaceChildren(...source.classes.map((entry, index) => {
    const swatch = element("span", { class: "swatch" });
    swatch.style.background = `var(--${index < 8 ? "class" + index : "other"})`;
    const box = element("input", {
      type: "checkbox", checked: source.shown[index],
      onchange: (event) => {
        source.shown[index] = event.target.checked;
        view.changed("classes");
      },
    });
    const jump = (t) => element("td", {}, t === null ? "" : element("button",
      { type: "button", class: "jump", onclick: () => seek(t) }, moment(source, t, 1)));
    return element("tr", {},
      element("th", { scope: "row" }, element("label", {}, box, swatch, entry.label)),
      source.tracks ? element("td", {}, grouped(entry.tracks)) : null,
      element("td", {}, grouped(entry.objects)), element("td", {}, grouped(entry.frames)),
      element("td", {}, grouped(entry.at_once)), element("td", {}, entry.confidence.toFixed(2)),
      source.pictures === null ? jump(entry.first_t) : null,
      source.pictures === null ? jump(entry.last_t) : null);
  }));
  byId("allclasses").hidden = source.classes.length < 4;
}

function fillPlaces() {
  const { source } = view;
  byId("places").hidden = !source.lines.length && !source.zones.length;
  const names = new Set(source.lines.flatMap((one) => Object.keys(one.crossings)));
  const directions = [...names].sort();
  const cells = (row) => row.map((cell) => element("td", {}, cell));
  const heads = (row) => row.map((name) => element("th", { scope: "col" }, name));
  const rows = (head, list) => list.length === 0 ? [] : [element("table", {},
    element("thead", {}, element("tr", {}, ...heads(head))),
    element("tbody", {}, ...list.map((row) => element("tr", {}, ...cells(row)))))];
  byId("placetables").replaceChildren(
    ...rows(["line", "class", ...directions], source.lines.map((one) =>
      [one.line, one.label, ...directions.map((name) => grouped(one.crossings[name] ?? 0))])),
    ...rows(["zone", "class", "entered", "left", "at once", "mean stay", "longest"],
      source.zones.map((one) => [one.zone, one.label, grouped(one.entered), grouped(one.left),
        grouped(one.at_once), one.mean_dwell === null ? "" : span(one.mean_dwell),
        one.longest_dwell === null ? "" : span(one.longest_dwell)])));
}

function fillVideo() {
  const { source } = view;
  const video = byId("video");
  byId("player").hidden = !source.video;
  byId("videoerror").hidden = true;
  if (source.video) video.src = source.video;
  else video.removeAttribute("src");
  byId("videoname").textContent = source.videoName ?? "";
}

function open(index) {
  view.source = prepared(data.sources[index]);
  Object.assign(view, { cursor: null, track: null, from: view.least, to: view.most });
  byId("sourcename").textContent = view.source.name;
  layout = null;
  fillFacts();
  fillClasses();
  fillPlaces();
  fillVideo();
  fillHeat();
  fillSnapshots();
  byId("time").hidden = !view.source.course && !view.source.tracks;
  byId("counts").hidden = !view.source.course;
  byId("measure").replaceChildren(
    ...measures(view.source).map(([value, name]) => element("option", { value }, name)));
  const kinds = [["tracks", view.source.tracks?.count], ["events", view.source.events?.t.length]]
    .filter(([, count]) => count);
  byId("list").hidden = kinds.length === 0;
  byId("tabs").replaceChildren(...kinds.map(([value, count]) => element("button",
    { type: "button", value, onclick: () => openTable(value) }, value + " " + grouped(count))));
  if (kinds.length) openTable(kinds[0][0]);
  view.changed("source");
}

// Draws at most once for each picture of the screen.
let isWaiting = false;
function redraw() {
  if (isWaiting) return;
  isWaiting = true;
  requestAnimationFrame(() => {
    isWaiting = false;
    drawAll();
  });
}

function drawAll() {
  if (!byId("time").hidden) {
    drawOverview();
    drawTimeline();
  }
  byId("unit").textContent = "";
  if (!byId("counts").hidden) drawChart();
  drawHeat();
}

function fillSpan() {
  const places = view.to - view.from < 60 ? 1 : 0;
  const ends = [view.from, view.to].map((t) => moment(view.source, t, places));
  byId("shown").textContent = ends.join(" to ");
}

view.listeners.push((what) => {
  if (what === "classes") layout = null;
  if (what === "source" || what === "span") fillSpan();
  if (what === "classes" || what === "span" && byId("inspan").checked) filterTable();
  if (what === "cursor") {
    const track = view.track === null ? "" : " · " + trackText(view.track);
    byId("now").textContent = moment(view.source, view.cursor, 1) + track;
    document.documentElement.dataset.cursor = view.cursor.toFixed(2);
    if (!byId("list").hidden) drawTable();
  }
  redraw();
});

function start() {
  readColors();
  byId("run").textContent = data.run;
  byId("source").replaceChildren(...data.sources.map((source, index) =>
    element("option", { value: index }, source.name)));
  byId("choice").hidden = data.sources.length < 2;
  byId("source").addEventListener("change", (event) => open(Number(event.target.value)));
  makeInteractive(byId("timeline"), timelineTip, timelinePick);
  makeInteractive(byId("chart"), chartTip, (x, y, time) => seek(time.t(x)));
  makeOverview();
  byId("zoomin").addEventListener("click", () => view.zoom(0.5));
  byId("zoomout").addEventListener("click", () => view.zoom(2));
  byId("whole").addEventListener("click", () => view.show(view.least, view.most));
  for (const id of ["measure", "heatclass", "heatkind"]) {
    byId(id).addEventListener("change", redraw);
  }
  byId("heatmap").addEventListener("pointermove", heatTip);
  byId("heatmap").addEventListener("pointerleave", () => showTip(null));
  for (const id of ["find", "leaststay", "inspan"]) byId(id).addEventListener("input", filterTable);
  byId("more").addEventListener("click", () => { table.count += pageSize; drawTable(); });
  byId("allclasses").addEventListener("click", () => {
    const isAll = view.source.shown.every(Boolean);
    view.source.shown.fill(!isAll);
    fillClasses();
    view.changed("classes");
  });
  byId("video").addEventListener("timeupdate", (event) => {
    if (event.target.paused || event.target.seeking) return;
    view.cursor = event.target.currentTime;
    redraw();
  });
  byId("video").addEventListener("error", () => {
    if (view.source.video) byId("videoerror").hidden = false;
  });
  window.addEventListener("resize", redraw);
  const theme = () => { readColors(); redraw(); };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", theme);
  // Paper is white, whatever the screen is.
  for (const [name, isPrint] of [["beforeprint", true], ["afterprint", false]]) {
    window.addEventListener(name, () => {
      document.documentElement.classList.toggle("print", isPrint);
      readColors();
      drawAll();
    });
  }
  if (data.sources.length === 0) return;
  open(0);
  const jump = () => {
    const at = Number(new URLSearchParams(location.hash.slice(1)).get("t") ?? NaN);
    if (Number.isFinite(at)) seek(at);
  };
  window.addEventListener("hashchange", jump);
  jump();
}

start();
