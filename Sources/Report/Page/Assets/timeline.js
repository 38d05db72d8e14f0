// What appears when: for each class how many, and below it a bar for each track.

const rowHeight = 30;
let layout = null;

// Puts the tracks of each class into as few lanes as they need.
function arrange() {
  const source = view.source;
  const rows = [];
  source.classes.forEach((entry, index) => {
    if (source.shown[index]) rows.push({ index, entry, lanes: [] });
  });
  const byClass = new Map(rows.map((row) => [row.index, row]));
  const tracks = source.tracks;
  for (let i = 0; tracks && i < tracks.count; i++) {
    const row = byClass.get(tracks.class[i]);
    if (!row) continue;
    let lane = row.lanes.find((lane) => lane.end < tracks.start[i]);
    if (!lane && row.lanes.length < 120) row.lanes.push((lane = { end: 0, tracks: [] }));
    // A crowd beyond that shares the last lane.
    lane ??= row.lanes[row.lanes.length - 1];
    lane.tracks.push(i);
    lane.end = Math.max(lane.end, tracks.end[i]);
  }
  const lanes = rows.reduce((sum, row) => sum + row.lanes.length, 0);
  const laneHeight = lanes > 200 ? 3 : lanes > 80 ? 5 : 8;
  let top = 20;
  for (const row of rows) {
    row.top = top;
    row.lanesTop = top + rowHeight + 2;
    top = row.lanesTop + row.lanes.length * laneHeight + 8;
  }
  const hasMarks = source.events?.what.some((what) => isMark(source.events.names[what]));
  layout = { rows, laneHeight, marks: hasMarks ? top : null, height: top + (hasMarks ? 30 : 4) };
}

// Tracks show starts and ends already.
const isMark = (what) => what !== "start" && what !== "end";

// The most objects at once in each pixel from left to right.
function columnPeaks(index, time) {
  const { course } = view.source;
  const peaks = course?.peaks[index];
  const columns = new Uint16Array(Math.max(Math.ceil(time.right - time.left), 1));
  if (!peaks) return columns;
  const first = Math.max(Math.floor((view.from - course.origin) / course.width), 0);
  const last = Math.min(Math.ceil((view.to - course.origin) / course.width), peaks.length);
  for (let bin = first; bin < last; bin++) {
    if (!peaks[bin]) continue;
    const t = course.origin + bin * course.width;
    const from = Math.max(Math.floor(time.x(t) - time.left), 0);
    const to = Math.min(Math.ceil(time.x(t + course.width) - time.left), columns.length);
    for (let x = from; x < to; x++) columns[x] = Math.max(columns[x], peaks[bin]);
  }
  return columns;
}

function drawTimeline() {
  if (!layout) arrange();
  const [pen, width] = surface(byId("timeline"), layout.height);
  const time = axis(width);
  drawTicks(pen, time, width, layout.height);
  drawGaps(pen, time, 18, layout.height - 18);
  for (const row of layout.rows) {
    drawCount(pen, time, row);
    drawLanes(pen, time, row);
    drawRowLabel(pen, time, row);
  }
  if (layout.marks !== null) drawMarks(pen, time);
  drawCursor(pen, time, layout.height);
}

function drawCount(pen, time, row) {
  const most = Math.max(row.entry.at_once, 1);
  const columns = columnPeaks(row.index, time);
  const floor = row.top + rowHeight;
  pen.fillStyle = classColor(row.index);
  pen.globalAlpha = 0.75;
  for (let x = 0; x < columns.length; ) {
    let end = x + 1;
    while (end < columns.length && columns[end] === columns[x]) end++;
    const height = (columns[x] / most) * (rowHeight - 4);
    if (height) pen.fillRect(time.left + x, floor - height, end - x, height);
    x = end;
  }
  pen.globalAlpha = 1;
  pen.fillStyle = colors.line;
  pen.fillRect(time.left, floor, time.right - time.left, 1);
}

function drawLanes(pen, time, row) {
  const { tracks } = view.source;
  const height = layout.laneHeight - (layout.laneHeight > 4 ? 2 : 1);
  pen.fillStyle = classColor(row.index);
  row.lanes.forEach((lane, number) => {
    const y = row.lanesTop + number * layout.laneHeight;
    let drawn = -1;
    for (const i of lane.tracks) {
      if (tracks.end[i] < view.from) continue;
      if (tracks.start[i] > view.to) break;
      const from = Math.max(time.x(tracks.start[i]), time.left);
      const to = Math.min(Math.max(time.x(tracks.end[i]), from + 1.5), time.right);
      // What ends in a pixel that is filled already can't be seen.
      if (to <= drawn) continue;
      drawn = to;
      const parts = tracks.parts.get(i);
      if (!parts || to - from < 8) pen.fillRect(from, y, to - from, height);
      else drawParts(pen, time, tracks.start[i], parts, y, height);
      if (view.track === i) {
        pen.strokeStyle = colors.accent;
        pen.lineWidth = 2;
        pen.strokeRect(from - 1, y - 1, to - from + 2, height + 2);
        pen.lineWidth = 1;
      }
    }
  });
}

// A track that wasn't seen for a while: thin where it wasn't.
function drawParts(pen, time, start, parts, y, height) {
  const clamp = (t) => Math.min(Math.max(time.x(start + t / 100), time.left), time.right);
  const [from, to] = [clamp(parts[0]), clamp(parts[parts.length - 1])];
  pen.globalAlpha = 0.5;
  pen.fillRect(from, y + height / 2 - 0.5, to - from, 1);
  pen.globalAlpha = 1;
  for (let i = 0; i < parts.length; i += 2) {
    const left = clamp(parts[i]);
    pen.fillRect(left, y, Math.max(clamp(parts[i + 1]) - left, 1), height);
  }
}

function drawRowLabel(pen, time, row) {
  const most = row.entry.at_once > 0 ? "up to " + row.entry.at_once + " at once" : "";
  if (time.left) {
    pen.fillStyle = colors.text;
    pen.fillText(fitted(pen, row.entry.label, time.left - 10), 0, row.top + 11);
    pen.fillStyle = colors.quiet;
    pen.fillText(fitted(pen, most, time.left - 10), 0, row.top + 25);
    return;
  }
  const text = fitted(pen, row.entry.label + (most ? " · " + most : ""), time.right - 12);
  pen.fillStyle = colors.panel;
  pen.globalAlpha = 0.8;
  pen.fillRect(0, row.top, pen.measureText(text).width + 8, 16);
  pen.globalAlpha = 1;
  pen.fillStyle = colors.text;
  pen.fillText(text, 4, row.top + 8);
}

function drawMarks(pen, time) {
  const { events } = view.source;
  pen.fillStyle = colors.text;
  if (time.left) pen.fillText("zones and lines", 0, layout.marks + 12);
  let drawn = -1;
  for (let i = 0; i < events.t.length; i++) {
    if (!isMark(events.names[events.what[i]]) || !view.source.shown[events.class[i]]) continue;
    if (events.t[i] < view.from || events.t[i] > view.to) continue;
    const x = Math.round(time.x(events.t[i]));
    if (x === drawn) continue;
    drawn = x;
    pen.fillStyle = classColor(events.class[i]);
    pen.fillRect(x - 1, layout.marks, 3, 22);
  }
}

// The track at a place of the canvas, or null.
function trackAt(x, y, time) {
  const { tracks } = view.source;
  for (const row of layout.rows) {
    const lane = row.lanes[Math.floor((y - row.lanesTop) / layout.laneHeight)];
    if (y < row.lanesTop || !lane) continue;
    const [early, late] = [time.t(x - 3), time.t(x + 3)];
    return lane.tracks.find((i) => tracks.start[i] <= late && tracks.end[i] >= early) ?? null;
  }
  return null;
}

function trackText(index) {
  const { source } = view;
  const { tracks } = source;
  return `${source.classes[tracks.class[index]].label} ${tracks.id[index]} · `
    + `${moment(source, tracks.start[index], 1)} to ${moment(source, tracks.end[index], 1)} · `
    + span(tracks.end[index] - tracks.start[index]);
}

function timelineTip(x, y, time) {
  if (x < time.left || x > time.right) return null;
  const { source } = view;
  const t = time.t(x);
  const track = trackAt(x, y, time);
  if (track !== null) return trackText(track);
  const gap = source.gaps.find(([start, end]) => t > start && t < end);
  if (gap) return moment(source, t) + " · not analysed" + (gap[2] ? ": " + gap[2] : "");
  const parts = [moment(source, t, view.to - view.from < 120 ? 1 : 0)];
  const bin = source.course && Math.floor((t - source.course.origin) / source.course.width);
  source.classes.forEach((entry, index) => {
    const peak = source.course?.peaks[index]?.[bin];
    if (source.shown[index] && peak) parts.push(entry.label + " " + peak);
  });
  return parts.join(" · ");
}

function timelinePick(x, y, time) {
  const track = trackAt(x, y, time);
  if (x < time.left) return;
  // A click on a short bar begins where the track does.
  const t = track === null ? time.t(x) : Math.max(time.t(x), view.source.tracks.start[track]);
  seek(t, track);
}
