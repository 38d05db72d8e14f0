// Time from left to right: what the timeline and the charts share.

const gutter = (width) => (width < 560 ? 0 : 128);

// From seconds to pixels and back, for a canvas of a width.
function axis(width) {
  const left = gutter(width);
  const scale = (width - left - 8) / (view.to - view.from);
  return {
    left, right: width - 8,
    x: (t) => left + (t - view.from) * scale,
    t: (x) => view.from + (x - left) / scale,
  };
}

const steps = [
  0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200,
  86400, 172800, 604800,
];

function drawTicks(pen, time, width, height) {
  const room = view.source.wall === null ? 72 : 84;
  const wanted = ((view.to - view.from) * room) / (time.right - time.left);
  let step = steps.find((step) => step >= wanted) ?? Math.ceil(wanted / 604800) * 604800;
  if (view.source.pictures !== null) step = Math.max(Math.ceil(step), 1);
  const shift = view.source.wall === null ? 0 : (view.source.wall / 1000) % step;
  pen.textAlign = "center";
  const first = Math.ceil((view.from + shift) / step) * step - shift;
  for (let t = first; t <= view.to + 1e-9; t += step) {
    const x = Math.round(time.x(t)) + 0.5;
    pen.fillStyle = colors.line;
    pen.fillRect(x - 0.5, 18, 1, height - 18);
    pen.fillStyle = colors.quiet;
    const label = moment(view.source, t, step < 1 ? 1 : 0);
    const half = pen.measureText(label).width / 2;
    pen.fillText(label, Math.min(Math.max(x, half), width - half), 8);
  }
  pen.textAlign = "left";
}

// Times in which no frame was analysed, hatched.
function drawGaps(pen, time, top, height) {
  for (const [start, end] of view.source.gaps) {
    if (end < view.from || start > view.to) continue;
    const from = Math.max(time.x(start), time.left);
    const to = Math.max(Math.min(time.x(end), time.right), from + 2);
    pen.save();
    pen.beginPath();
    pen.rect(from, top, to - from, height);
    pen.clip();
    pen.strokeStyle = colors.quiet;
    pen.globalAlpha = 0.35;
    pen.beginPath();
    for (let x = from - height; x < to; x += 7) {
      pen.moveTo(x, top + height);
      pen.lineTo(x + height, top);
    }
    pen.stroke();
    pen.restore();
  }
}

function drawCursor(pen, time, height) {
  if (view.cursor === null || view.cursor < view.from || view.cursor > view.to) return;
  pen.fillStyle = colors.accent;
  pen.fillRect(Math.round(time.x(view.cursor)) - 1, 16, 2, height - 16);
}

// Zoom, pan and click by mouse, finger and key; `tip` tells what is at a place, `pick` what a
// click there goes to.
function makeInteractive(canvas, tip, pick) {
  const fingers = new Map();
  let drag = null;
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const time = () => axis(canvas.clientWidth);
  canvas.addEventListener("pointerdown", (event) => {
    const [x] = place(event);
    fingers.set(event.pointerId, x);
    drag = { x, from: view.from, to: view.to, moved: fingers.size > 1 };
    drag.gap = fingers.size > 1 ? distance() : 0;
  });
  const distance = () => Math.abs([...fingers.values()].reduce((a, b) => a - b)) || 1;
  canvas.addEventListener("pointermove", (event) => {
    const [x, y] = place(event);
    if (!fingers.has(event.pointerId)) {
      const text = tip(x, y, time());
      showTip(text, event.clientX, event.clientY);
      canvas.style.cursor = text ? "pointer" : "crosshair";
      return;
    }
    fingers.set(event.pointerId, x);
    const length = drag.to - drag.from;
    if (fingers.size > 1) {
      const factor = drag.gap / distance();
      const middle = (drag.from + drag.to) / 2;
      view.show(middle - (length * factor) / 2, middle + (length * factor) / 2);
    } else if (drag.moved || Math.abs(x - drag.x) > 4) {
      if (!drag.moved) canvas.setPointerCapture(event.pointerId);
      drag.moved = true;
      const t = time();
      const shift = ((x - drag.x) * length) / (t.right - t.left);
      view.show(drag.from - shift, drag.to - shift);
      showTip(null);
    }
  });
  const lift = (event) => {
    if (!fingers.delete(event.pointerId)) return;
    if (event.type === "pointerup" && drag && !drag.moved) {
      const [x, y] = place(event);
      pick(x, y, time());
    }
    if (fingers.size === 0) drag = null;
  };
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  canvas.addEventListener("pointerleave", () => showTip(null));
  // The wheel alone scrolls the page.
  canvas.addEventListener("wheel", (event) => {
    const [x] = place(event);
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      view.zoom(Math.exp(event.deltaY * 0.0025), time().t(x));
    } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      event.preventDefault();
      const shift = ((event.deltaX || event.deltaY) * (view.to - view.from)) / 600;
      view.show(view.from + shift, view.to + shift);
    }
  }, { passive: false });
  canvas.addEventListener("keydown", (event) => {
    const length = view.to - view.from;
    const at = view.cursor ?? (view.from + view.to) / 2;
    const actions = {
      ArrowLeft: () => view.show(view.from - length / 10, view.to - length / 10),
      ArrowRight: () => view.show(view.from + length / 10, view.to + length / 10),
      "+": () => view.zoom(0.5), "=": () => view.zoom(0.5), "-": () => view.zoom(2),
      0: () => view.show(view.least, view.most),
      Home: () => seek(view.least), End: () => seek(view.most),
      ",": () => seek(at - length / 50), ".": () => seek(at + length / 50),
      Enter: () => seek(at),
    };
    if (!actions[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    actions[event.key]();
  });
}

function showTip(text, x, y) {
  const tip = byId("tip");
  tip.hidden = !text;
  if (!text) return;
  tip.textContent = text;
  const width = Math.min(tip.offsetWidth, window.innerWidth - 16);
  tip.style.left = Math.min(Math.max(x + 12, 8), window.innerWidth - width - 8) + "px";
  tip.style.top = (y + 24 + tip.offsetHeight > window.innerHeight ? y - 32 : y + 16) + "px";
}
