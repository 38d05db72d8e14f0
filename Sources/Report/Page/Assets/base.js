// The page's data, and what all parts of it need.

const byId = (id) => document.getElementById(id);
const data = JSON.parse(byId("data").textContent);

// An element with attributes and children; text never becomes markup.
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

const pad = (number) => String(number).padStart(2, "0");

// 1:02:03 or 2:03, with tenths where there is room for them.
function clock(seconds, places = 0) {
  const unit = 10 ** places;
  const whole = Math.max(Math.round(seconds * unit), 0);
  const [h, m, s] = [3600, 60, 1].map((size) => Math.floor(whole / unit / size));
  const rest = places ? "." + String(whole % unit).padStart(places, "0") : "";
  return (h ? h + ":" + pad(m % 60) : String(m)) + ":" + pad(s % 60) + rest;
}

// 4.2 s, 3 min 20 s, 2 h 5 min
function span(seconds) {
  if (seconds < 60) return seconds.toFixed(1) + " s";
  const whole = Math.round(seconds);
  if (whole < 3600) return Math.floor(whole / 60) + " min " + (whole % 60) + " s";
  return Math.floor(whole / 3600) + " h " + (Math.round(whole / 60) % 60) + " min";
}

// A moment of a source: its time, for cameras the time of day (UTC), for pictures their place.
function moment(source, t, places = 0) {
  if (source.pictures !== null) return "#" + (Math.round(t) + 1);
  if (source.wall === null) return clock(t, places);
  return new Date(source.wall + t * 1000).toISOString().slice(11, places ? 21 : 19);
}

const grouped = (number) => Math.round(number).toLocaleString("en");
const counted = (number, noun) => grouped(number) + " " + noun + (number === 1 ? "" : "s");

// Runs of equal values: -n stands for n more of the value before it, which is 0 at first.
function unpacked(runs) {
  const values = [];
  let last = 0;
  for (const run of runs) {
    if (run >= 0) values.push((last = run));
    else for (let i = 0; i < -run; i++) values.push(last);
  }
  return values;
}

// Sums of the values so far.
function summed(steps) {
  let sum = 0;
  return Float64Array.from(steps, (step) => (sum += step));
}

function bytes(base64) {
  const text = atob(base64);
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

// The columns of a source as numbers that can be drawn; made when it is first shown.
function prepared(source) {
  if (source.isReady) return source;
  source.isReady = true;
  source.shown = source.classes.map((_, index) => source.classes.length <= 12 || index < 12);
  if (source.course) {
    source.course.frames = unpacked(source.course.frames);
    source.course.peaks = source.course.peaks.map(unpacked);
  }
  const tracks = source.tracks;
  if (tracks) {
    tracks.start = summed(tracks.start).map((t) => t / 100);
    tracks.end = tracks.start.map((t, index) => t + tracks.length[index] / 100);
    tracks.count = tracks.start.length;
    tracks.parts = new Map(tracks.spans.map(([index, ...times]) => [index, times]));
    tracks.numbers = new Map(tracks.id.map((id, index) => [id, index]));
  }
  const events = source.events;
  if (events) events.t = summed(events.t).map((t) => t / 100);
  source.pictureOf = new Map(source.snapshots);
  return source;
}

// What is shown at present; parts of the page listen for changes.
const view = {
  source: null, from: 0, to: 1, cursor: null, track: null, listeners: [],
  changed(what) {
    for (const listener of this.listeners) listener(what);
  },
  get least() { return this.source.first ?? 0; },
  get most() { return Math.max(this.source.last ?? 0, this.least + 0.1); },
  // Shows a span of time, within what there is.
  show(from, to) {
    const whole = this.most - this.least;
    const length = Math.min(Math.max(to - from, Math.min(0.5, whole)), whole);
    const start = Math.min(Math.max(from, this.least), this.most - length);
    [this.from, this.to] = [start, start + length];
    this.changed("span");
  },
  zoom(factor, around = (this.from + this.to) / 2) {
    this.show(around - (around - this.from) * factor, around + (this.to - around) * factor);
  },
};

// The colours of the page's theme, for canvases.
let colors = {};
function readColors() {
  const style = getComputedStyle(document.documentElement);
  const get = (name) => style.getPropertyValue("--" + name).trim();
  colors = {
    text: get("text"), quiet: get("quiet"), line: get("line"), panel: get("panel"),
    accent: get("accent"), classes: [0, 1, 2, 3, 4, 5, 6, 7].map((i) => get("class" + i)),
    other: get("other"), ramp: get("ramp"),
  };
}
const classColor = (index) => colors.classes[index] ?? colors.other;

// A canvas of a height in CSS pixels, ready to be drawn on.
function surface(canvas, height) {
  const width = canvas.clientWidth || canvas.parentElement.clientWidth;
  const scale = window.devicePixelRatio || 1;
  canvas.style.height = height + "px";
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  pen.clearRect(0, 0, width, height);
  pen.font = "12px system-ui, sans-serif";
  pen.textBaseline = "middle";
  return [pen, width];
}

// Text that ends with … where there is no room for it.
function fitted(pen, text, room) {
  if (pen.measureText(text).width <= room) return text;
  let kept = text;
  while (kept.length > 1 && pen.measureText(kept + "…").width > room) kept = kept.slice(0, -1);
  return kept + "…";
}

// Goes to a moment: the cursor, and the video if there is one.
const isOnPaper = () => document.documentElement.classList.contains("print");

function seek(t, track = null) {
  view.cursor = Math.min(Math.max(t, view.least), view.most);
  view.track = track;
  const video = byId("video");
  if (view.source.video) video.currentTime = view.cursor;
  if (view.cursor < view.from || view.cursor > view.to) {
    const half = (view.to - view.from) / 2;
    view.show(view.cursor - half, view.cursor + half);
  }
  view.changed("cursor");
}
