// How many over time: at once, new ones, across lines, in zones; and the strip of the whole time.

function drawOverview() {
  const [pen, width] = surface(byId("overview"), 40);
  const { source } = view;
  const left = gutter(width);
  const scale = (width - left - 8) / (view.most - view.least);
  const { course } = source;
  pen.fillStyle = colors.quiet;
  if (course) {
    const rows = course.peaks.filter((_, index) => source.shown[index]);
    const sums = course.frames.map((_, bin) =>
      rows.reduce((sum, peaks) => sum + (peaks[bin] ?? 0), 0));
    const most = sums.reduce((a, b) => Math.max(a, b), 1);
    pen.globalAlpha = 0.6;
    sums.forEach((sum, bin) => {
      const height = (sum / most) * 32;
      const x = left + (course.origin + bin * course.width - view.least) * scale;
      pen.fillRect(x, 38 - height, Math.max(course.width * scale, 1), height);
    });
    pen.globalAlpha = 1;
  }
  const x = left + (view.from - view.least) * scale;
  const w = Math.max((view.to - view.from) * scale, 6);
  pen.fillStyle = colors.accent;
  pen.globalAlpha = 0.18;
  pen.fillRect(x, 1, w, 38);
  pen.globalAlpha = 1;
  pen.strokeStyle = colors.accent;
  pen.strokeRect(x + 0.5, 1.5, w - 1, 37);
}

function makeOverview() {
  const canvas = byId("overview");
  let isHeld = false;
  const go = (event) => {
    const box = canvas.getBoundingClientRect();
    const left = gutter(box.width);
    const share = (event.clientX - box.left - left) / (box.width - left - 8);
    const t = view.least + share * (view.most - view.least);
    const half = (view.to - view.from) / 2;
    view.show(t - half, t + half);
  };
  canvas.addEventListener("pointerdown", (event) => {
    isHeld = true;
    canvas.setPointerCapture(event.pointerId);
    go(event);
  });
  canvas.addEventListener("pointermove", (event) => { if (isHeld) go(event); });
  for (const name of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(name, () => { isHeld = false; });
  }
}

// What can be counted in this source.
function measures(source) {
  const found = [["once", "at once"]];
  if (source.tracks) found.push(["new", "new ones"]);
  if (source.lines.length) found.push(["lines", "crossings so far"]);
  if (source.zones.length) found.push(["zones", "in zones"]);
  return found;
}

// Lines of steps: a name, a colour, and the value from each time on.
function eventSeries(measure) {
  const { events, classes, shown } = view.source;
  const series = new Map();
  for (let i = 0; events && i < events.t.length; i++) {
    const what = events.names[events.what[i]];
    const place = events.names[events.place[i]];
    const step = measure === "lines" ? Number(what === "cross")
      : Number(what === "enter") - Number(what === "leave");
    if (!step || !shown[events.class[i]]) continue;
    const direction = measure === "lines" && events.direction[i] >= 0
      ? " " + events.names[events.direction[i]] : "";
    const name = place + direction;
    if (!series.has(name)) {
      if (series.size >= 8) continue;
      series.set(name, { name, color: classColor(series.size), points: [] });
    }
    series.get(name).points.push([events.t[i], step]);
  }
  for (const one of series.values()) {
    let sum = 0;
    one.points.sort((a, b) => a[0] - b[0]);
    one.points = one.points.map(([t, step]) => [t, (sum += step)]);
  }
  return [...series.values()];
}

const chartHeight = 190;

function drawChart() {
  const [pen, width] = surface(byId("chart"), chartHeight);
  const time = axis(width);
  // Room for numbers, also where the timeline has its labels inside.
  time.left = Math.max(time.left, 36);
  time.x = (t) => time.left + ((t - view.from) * (time.right - time.left)) / (view.to - view.from);
  time.t = (x) => view.from + ((x - time.left) * (view.to - view.from)) / (time.right - time.left);
  drawTicks(pen, time, width, chartHeight);
  const measure = byId("measure").value;
  const floor = chartHeight - 6;
  const scaled = (most) => {
    drawScale(pen, time, most, floor);
    return (value) => floor - (value / most) * (floor - 26);
  };
  if (measure === "new") drawArrivals(pen, time, scaled);
  else if (measure === "once") drawPeaks(pen, time, scaled);
  else drawSteps(pen, time, scaled, eventSeries(measure));
  drawGaps(pen, time, 18, chartHeight - 24);
  drawCursor(pen, time, chartHeight);
  const names = measure === "lines" || measure === "zones" ? eventSeries(measure) : [];
  byId("series").replaceChildren(...names.map((one) => {
    const swatch = element("span", { class: "swatch" });
    swatch.style.background = one.color;
    return element("li", {}, swatch, one.name);
  }));
}

function drawScale(pen, time, most, floor) {
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000]
    .find((step) => most / step <= 5) ?? most / 4;
  pen.textAlign = "right";
  for (let value = 0; value <= most; value += step) {
    const y = Math.round(floor - (value / most) * (floor - 26)) + 0.5;
    pen.fillStyle = colors.line;
    pen.fillRect(time.left, y, time.right - time.left, 1);
    pen.fillStyle = colors.quiet;
    pen.fillText(grouped(value), time.left - 6, y);
  }
  pen.textAlign = "left";
}

function drawPeaks(pen, time, scaled) {
  const { source } = view;
  const rows = source.classes.map((_, index) => index).filter((index) => source.shown[index]);
  const columns = rows.map((index) => columnPeaks(index, time));
  const most = columns.reduce((most, row) => row.reduce((a, b) => Math.max(a, b), most), 1);
  const y = scaled(most);
  for (let i = rows.length - 1; i >= 0; i--) {
    pen.strokeStyle = classColor(rows[i]);
    pen.lineWidth = 1.5;
    pen.beginPath();
    let before = -1;
    columns[i].forEach((value, x) => {
      if (value === before && x < columns[i].length - 1) return;
      if (before >= 0) pen.lineTo(time.left + x, y(before));
      pen.lineTo(time.left + x, y(value));
      before = value;
    });
    pen.stroke();
  }
  pen.lineWidth = 1;
}

// Bars of tracks that begin, the classes on top of each other.
function drawArrivals(pen, time, scaled) {
  const { tracks, shown, classes } = view.source;
  const length = view.to - view.from;
  const bin = steps.find((step) => length / step <= 80) ?? length / 80;
  const begin = Math.floor(view.from / bin);
  const bars = Array.from({ length: Math.ceil(view.to / bin) - begin + 1 },
    () => new Uint32Array(classes.length));
  for (let i = 0; i < tracks.count; i++) {
    if (tracks.start[i] < view.from || tracks.start[i] > view.to) continue;
    if (shown[tracks.class[i]]) bars[Math.floor(tracks.start[i] / bin) - begin][tracks.class[i]]++;
  }
  const sum = (bar) => bar.reduce((a, b) => a + b, 0);
  const y = scaled(Math.max(...bars.map(sum), 1));
  bars.forEach((bar, number) => {
    const from = Math.max(time.x((begin + number) * bin), time.left);
    const to = Math.min(time.x((begin + number + 1) * bin) - 1, time.right);
    let under = 0;
    bar.forEach((count, index) => {
      if (!count || to <= from) return;
      pen.fillStyle = classColor(index);
      pen.fillRect(from, y(under + count), Math.max(to - from, 1), y(under) - y(under + count));
      under += count;
    });
  });
  byId("unit").textContent = "per " + span(bin);
}

function drawSteps(pen, time, scaled, series) {
  let most = 1;
  for (const { points } of series) {
    for (const [t, value] of points) if (t <= view.to) most = Math.max(most, value);
  }
  const y = scaled(most);
  for (const { color, points } of series) {
    pen.strokeStyle = color;
    pen.lineWidth = 2;
    pen.beginPath();
    let value = 0;
    pen.moveTo(time.left, y(points.findLast(([t]) => t < view.from)?.[1] ?? 0));
    for (const [t, next] of points) {
      if (t >= view.from && t <= view.to) {
        pen.lineTo(time.x(t), y(value));
        pen.lineTo(time.x(t), y(next));
      }
      if (t <= view.to) value = next;
    }
    pen.lineTo(time.right, y(value));
    pen.stroke();
  }
  pen.lineWidth = 1;
}

function chartTip(x, y, time) {
  return x < time.left ? null : timelineTip(x, -1, time);
}
