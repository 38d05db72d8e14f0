// Tables that sort and filter: tracks, and what happened to them.

const pageSize = 100;
const table = { kind: "tracks", sort: 0, falls: false, rows: [], count: pageSize };

// A column has the text of each row, or its time, which is a button, and what it is sorted by.
const columns = {
  tracks: () => {
    const { tracks } = view.source;
    const text = (name, text, key) => ({ name, text, key });
    return [
      text("class", label, label),
      text("track", (i) => String(tracks.id[i]), (i) => tracks.id[i]),
      { name: "from", time: (i) => tracks.start[i] },
      { name: "to", time: (i) => tracks.end[i] },
      text("stay", (i) => span(stay(i)), stay),
      text("frames", (i) => grouped(tracks.frames[i]), (i) => tracks.frames[i]),
      text("best", (i) => (tracks.best[i] / 1000).toFixed(2), (i) => tracks.best[i]),
    ];
  },
  events: () => {
    const { events, classes } = view.source;
    const word = (name, of) => ({ name, text: of, key: of });
    const named = (column) => (i) => events.names[events[column][i]] ?? "";
    return [
      { name: "time", time: (i) => events.t[i] },
      word("what", named("what")),
      word("class", (i) => classes[events.class[i]].label),
      {
        name: "track", text: (i) => String(events.track[i] ?? ""),
        key: (i) => events.track[i] ?? -1,
      },
      word("zone or line", named("place")),
      word("direction", named("direction")),
      {
        name: "stay", text: (i) => (events.dwell[i] < 0 ? "" : span(events.dwell[i] / 100)),
        key: (i) => events.dwell[i],
      },
    ];
  },
};

const stay = (i) => view.source.tracks.end[i] - view.source.tracks.start[i];
const label = (i) => view.source.classes[view.source.tracks.class[i]].label;

// What a row is found by.
function rowText(i) {
  const { tracks, events, classes } = view.source;
  if (table.kind === "tracks") return label(i) + " " + tracks.id[i];
  const names = ["what", "place", "direction"].map((column) => events.names[events[column][i]]);
  return [...names, classes[events.class[i]].label, events.track[i]].join(" ");
}

// When a row is, and until when.
function rowSpan(i) {
  const { tracks, events } = view.source;
  return table.kind === "tracks" ? [tracks.start[i], tracks.end[i]] : [events.t[i], events.t[i]];
}

function openTable(kind) {
  Object.assign(table, { kind, sort: kind === "tracks" ? 2 : 0, falls: false });
  for (const button of byId("tabs").children) {
    button.setAttribute("aria-pressed", String(button.value === kind));
  }
  filterTable();
}

function filterTable() {
  const { source } = view;
  const list = table.kind === "tracks" ? source.tracks : source.events;
  const total = !list ? 0 : table.kind === "tracks" ? list.count : list.t.length;
  const words = byId("find").value.toLowerCase().split(/\s+/).filter(Boolean);
  const least = Number(byId("leaststay").value) || 0;
  const inSpan = byId("inspan").checked;
  const shape = columns[table.kind]();
  const sorted = shape[table.sort];
  const key = sorted.time ?? sorted.key;
  const rows = [];
  for (let i = 0; i < total; i++) {
    if (!source.shown[list.class[i]]) continue;
    const [from, to] = rowSpan(i);
    if (inSpan && (to < view.from || from > view.to)) continue;
    if (table.kind === "tracks" && to - from < least) continue;
    if (words.length) {
      const text = rowText(i).toLowerCase();
      const named = text.split(" ");
      // A number is one of a track, and not a part of a longer one.
      const fits = (word) => (/^\d+$/.test(word) ? named.includes(word) : text.includes(word));
      if (!words.every(fits)) continue;
    }
    rows.push(i);
  }
  const keys = new Map(rows.map((i) => [i, key(i)]));
  const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  rows.sort((a, b) => order(keys.get(a), keys.get(b)) * (table.falls ? -1 : 1) || a - b);
  Object.assign(table, { rows, count: pageSize });
  byId("rowcount").textContent = grouped(rows.length) + " of " + grouped(total);
  drawTable();
}

function drawTable() {
  const { source } = view;
  const shape = columns[table.kind]();
  const hasPictures = table.kind === "tracks" && source.pictureOf.size > 0;
  const head = shape.map((column, index) => element("th",
    {
      scope: "col",
      "aria-sort": index !== table.sort ? "none" : table.falls ? "descending" : "ascending",
    },
    element("button", { type: "button", onclick: () => sortBy(index) }, column.name)));
  if (hasPictures) head.unshift(element("th", { scope: "col" }, "picture"));
  byId("head").replaceChildren(element("tr", {}, ...head));
  const rows = table.rows.slice(0, table.count);
  byId("body").replaceChildren(...rows.map((i) => drawRow(i, shape, hasPictures)));
  const rest = table.rows.length - table.count;
  byId("more").hidden = rest <= 0;
  byId("cut").hidden = rest <= 0;
  byId("cut").textContent = "The first " + grouped(rows.length) + " of "
    + grouped(table.rows.length) + " rows are printed; the page on a screen shows all.";
  byId("more").textContent = "Show " + Math.min(rest, pageSize) + " of " + grouped(rest) + " more";
}

function drawRow(i, shape, hasPictures) {
  const { source } = view;
  const track = table.kind === "tracks" ? i
    : source.tracks?.numbers.get(source.events.track[i]) ?? null;
  let isFirst = true;
  const cells = shape.map((column) => {
    if (!column.time) return element("td", {}, column.text(i));
    const t = column.time(i);
    const jump = element("button", {
      type: "button", class: "jump", "data-t": t,
      onclick: (event) => { event.stopPropagation(); seek(t, track); },
    }, moment(source, t, 1));
    if (isFirst) jump.setAttribute("aria-label", "Go to " + moment(source, t, 1));
    isFirst = false;
    return element("td", {}, jump);
  });
  if (hasPictures) {
    const picture = source.pictureOf.get(i);
    cells.unshift(element("td", {}, picture ? element("img", { src: picture, alt: "" }) : null));
  }
  return element("tr", {
    class: track !== null && track === view.track ? "chosen" : null,
    onclick: () => seek(rowSpan(i)[0], track),
  }, ...cells);
}

function sortBy(index) {
  table.falls = table.sort === index ? !table.falls : ["stay", "frames", "best"].includes(
    columns[table.kind]()[index].name);
  table.sort = index;
  filterTable();
  byId("head").querySelectorAll("button")[index].focus();
}
