// Where in the frame: a heat map over a picture of the source, if there is one.

// From nothing to the most: away from the colour of the page.
const ramps = {
  light: [
    [0, [255, 221, 120, 0]], [0.12, [255, 213, 92, 110]], [0.45, [247, 129, 38, 190]],
    [0.75, [215, 38, 61, 220]], [1, [110, 6, 84, 240]],
  ],
  dark: [
    [0, [96, 10, 90, 0]], [0.12, [120, 16, 96, 120]], [0.45, [208, 40, 70, 190]],
    [0.75, [247, 129, 38, 220]], [1, [255, 238, 150, 245]],
  ],
};

function heatColor(ramp, share) {
  const next = ramp.findIndex(([at]) => at >= share);
  const [high, to] = ramp[Math.max(next, 1)];
  const [low, from] = ramp[Math.max(next, 1) - 1];
  const part = (share - low) / (high - low);
  return from.map((value, channel) => value + (to[channel] - value) * part);
}

function heatMap() {
  const index = Number(byId("heatclass").value);
  return view.source.heat?.maps.find((map) => map.class === index);
}

function drawHeat() {
  const { source } = view;
  const { heat } = source;
  byId("heat").hidden = !heat;
  if (!heat) return;
  const canvas = byId("heatmap");
  const width = canvas.parentElement.clientWidth;
  const [pen] = surface(canvas, Math.round((width * source.height) / source.width));
  const map = heatMap();
  const kind = map?.[byId("heatkind").value];
  if (!kind) return;
  kind.values ??= bytes(kind.bytes);
  const cells = new OffscreenCanvas(heat.columns, heat.rows);
  const image = new ImageData(heat.columns, heat.rows);
  kind.values.forEach((value, index) =>
    image.data.set(heatColor(ramps[colors.ramp], value / 255), index * 4));
  cells.getContext("2d").putImageData(image, 0, 0);
  const still = byId("heatstill");
  still.hidden = !source.still;
  if (source.still && still.src !== source.still) still.src = source.still;
  const height = Math.round((width * source.height) / source.width);
  // On paper a canvas hides what is behind it, so the picture is drawn into it.
  if (source.still && still.complete && isOnPaper()) {
    pen.filter = "grayscale(0.7)";
    pen.drawImage(still, 0, 0, width, height);
    pen.filter = "none";
  }
  pen.imageSmoothingQuality = "high";
  pen.drawImage(cells, 0, 0, width, height);
  const full = byId("heatkind").value === "feet"
    ? counted(kind.full, "time") : (kind.full / Math.max(source.frames, 1)).toFixed(2) + " a frame";
  byId("heatmost").textContent = full + (kind.full < kind.most ? " and more" : "");
  canvas.setAttribute("aria-label", "Heat map of " + byId("heatclass").selectedOptions[0].text);
}

function heatTip(event) {
  const canvas = byId("heatmap");
  const box = canvas.getBoundingClientRect();
  const { heat, frames } = view.source;
  const kind = heatMap()?.[byId("heatkind").value];
  if (!kind?.values) return;
  const column = Math.floor(((event.clientX - box.left) / box.width) * heat.columns);
  const row = Math.floor(((event.clientY - box.top) / box.height) * heat.rows);
  const share = (kind.values[row * heat.columns + column] ?? 0) / 255;
  const times = kind.full * share * share;
  const isOver = share === 1 && kind.full < kind.most;
  const text = byId("heatkind").value === "feet"
    ? (isOver ? "at least " : "about ") + counted(times, "time")
    : (isOver ? "covered by at least " : "covered by ")
      + (times / Math.max(frames, 1)).toFixed(2) + " objects a frame";
  showTip(text, event.clientX, event.clientY);
}

function fillHeat() {
  const { heat, classes } = view.source;
  byId("heatclass").replaceChildren(...(heat?.maps ?? []).map((map) =>
    element("option", { value: map.class }, map.class < 0 ? "all" : classes[map.class].label)));
}

// The best picture of each track.
function fillSnapshots() {
  const { source } = view;
  byId("snapshots").hidden = source.snapshots.length === 0;
  byId("gallery").replaceChildren(...source.snapshots.map(([track, picture]) => {
    const label = source.classes[source.tracks.class[track]].label;
    const at = source.tracks.start[track] + source.tracks.sight[track] / 100;
    const name = label + " " + source.tracks.id[track];
    return element("li", {},
      element("button", { type: "button", onclick: () => seek(at, track), title: trackText(track) },
        element("img", { src: picture, alt: name, loading: "lazy" }),
        element("span", {}, name),
        element("small", {}, moment(source, at))));
  }));
}
