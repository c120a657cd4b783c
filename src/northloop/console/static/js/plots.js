// Draws each figure from the table behind it: the table is the truth, the plot a view of it.
//
// figure[data-plot]   data-x: "time" or "number"; data-levels: horizontal lines; data-ticks: marks
// th[data-as]         "x", "line", "low", "high"; data-label; data-color: accent, faint, good
// td[data-v]          the value ("" for none)

const FONT = "13px system-ui, sans-serif";
const drawn = new WeakMap();

function colour(figure, name) {
  const probe = document.createElement("i");
  probe.className = `swatch-${name}`;
  figure.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

function faded(rgb, share) {
  return rgb.replace(/^rgba?\(([^)]+)\)$/, (_, parts) => `rgb(${parts.split(/[ ,/]+/).slice(0, 3).join(" ")} / ${share})`);
}

function read(figure) {
  const table = figure.querySelector("table");
  const heads = [...table.tHead.rows[0].cells];
  const rows = [...table.tBodies[0].rows];
  const time = figure.dataset.x === "time";
  return heads.map((head, place) => ({
    as: head.dataset.as,
    label: head.dataset.label ?? head.textContent,
    color: head.dataset.color ?? "accent",
    points: head.dataset.points === "yes",
    values: rows.map((row) => {
      const text = row.cells[place].dataset.v ?? "";
      if (text === "") return null;
      return time && head.dataset.as === "x" ? Date.parse(text) / 1000 : Number(text);
    }),
  })).filter((column) => column.as);
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function dayOf(stamp) {
  const date = new Date(stamp * 1000);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
}

function lastOf(values) {
  for (let i = values.length - 1; i >= 0; i--) if (values[i] !== null) return i;
  return -1;
}

const NARROW = 560; // below it the names stand within the plot, above what they name

function labels(figure, columns, levels, ticks) {
  return (u) => {
    const within = u.width < NARROW;
    const { ctx } = u;
    const dpr = devicePixelRatio;
    const { left, top, width, height } = u.bbox;
    ctx.save();
    ctx.font = FONT.replace("13", String(13 * dpr));
    ctx.textBaseline = "middle";
    const name = (text, y) => {
      ctx.textAlign = within ? "right" : "left";
      ctx.fillText(text, left + width + (within ? -4 : 8) * dpr, within ? Math.max(top + 8 * dpr, y - 10 * dpr) : y);
    };
    for (const level of levels) {
      const y = u.valToPos(level.value, "y", true);
      if (y < top || y > top + height) continue;
      ctx.strokeStyle = ctx.fillStyle = colour(figure, "good");
      ctx.lineWidth = 1.5 * dpr;
      ctx.setLineDash([5 * dpr, 4 * dpr]);
      ctx.beginPath(); ctx.moveTo(left, y); ctx.lineTo(left + width, y); ctx.stroke();
      ctx.setLineDash([]);
      name(level.label, y);
    }
    const named = [];
    for (const tick of ticks) {
      const x = u.valToPos(Date.parse(tick.at) / 1000, "x", true);
      if (!(x >= left && x <= left + width)) continue;
      ctx.strokeStyle = colour(figure, "faint");
      ctx.lineWidth = dpr;
      ctx.setLineDash([2 * dpr, 3 * dpr]);
      ctx.beginPath(); ctx.moveTo(x, top); ctx.lineTo(x, top + height); ctx.stroke();
      ctx.setLineDash([]);
      ctx.fillStyle = colour(figure, "soft");
      ctx.textAlign = "center";
      if (named.some((other) => Math.abs(other - x) < 26 * dpr)) continue;
      named.push(x);
      ctx.fillText(tick.label, x, top - 8 * dpr);
    }
    const ends = [];
    columns.forEach((column, place) => {
      if (column.as !== "line") return;
      const i = lastOf(column.values);
      if (i >= 0) ends.push({ column, y: u.valToPos(u.data[place][i], "y", true) });
    });
    ends.sort((a, b) => a.y - b.y);
    ends.forEach((end, i) => {
      if (i && end.y - ends[i - 1].y < 16 * dpr) end.y = ends[i - 1].y + 16 * dpr;
      ctx.fillStyle = colour(figure, end.column.color === "faint" ? "soft" : end.column.color);
      name(end.column.label, end.y);
    });
    ctx.restore();
  };
}

function tip(figure, columns, time) {
  const box = document.createElement("div");
  box.className = "plot-tip";
  box.hidden = true;
  return {
    hooks: {
      init: (u) => u.over.append(box),
      setCursor: (u) => {
        const i = u.cursor.idx;
        box.hidden = i === null || i === undefined || u.cursor.left < 0;
        if (box.hidden) return;
        const row = figure.querySelector("tbody").rows[i];
        const heads = figure.querySelector("thead").rows[0].cells;
        box.textContent = [...row.cells].map((cell, place) => cell.textContent && `${heads[place].textContent}: ${cell.textContent}`).filter(Boolean).join("\n");
        const right = u.cursor.left > u.over.clientWidth / 2;
        box.style.left = right ? "" : `${u.cursor.left + 14}px`;
        box.style.right = right ? `${u.over.clientWidth - u.cursor.left + 14}px` : "";
        box.style.top = "8px";
      },
    },
  };
}

function options(figure, columns, area) {
  const time = figure.dataset.x === "time";
  const levels = JSON.parse(figure.dataset.levels ?? "[]");
  const ticks = JSON.parse(figure.dataset.ticks ?? "[]");
  const place = (as) => columns.findIndex((column) => column.as === as);
  const axis = { stroke: colour(figure, "soft"), font: FONT, ticks: { show: false } };
  const grid = { stroke: colour(figure, "line"), width: 1 };
  const widest = Math.max(...columns.filter((c) => c.as === "line").map((c) => c.label.length), ...levels.map((l) => l.label.length));
  return {
    width: area.clientWidth,
    height: Number(figure.dataset.height),
    padding: [ticks.length ? 20 : 12, area.clientWidth < NARROW ? 8 : Math.min(8 + widest * 8, 140), 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { size: 7 } },
    scales: {
      x: { time },
      y: { range: (u, low, high) => ranged(low, high, levels) },
    },
    axes: [
      { ...axis, grid: { show: false }, space: 70, size: 34, ...(time ? { values: (u, stamps) => stamps.map(dayOf) } : {}) },
      { ...axis, grid, size: 52 },
    ],
    series: columns.map((column) => series(figure, column)),
    bands: place("low") < 0 ? [] : [{ series: [place("high"), place("low")], fill: faded(colour(figure, "accent"), 0.16) }],
    plugins: [tip(figure, columns, time)],
    hooks: { draw: [labels(figure, columns, levels, ticks)] },
  };
}

function ranged(low, high, levels) {
  const values = [low, high, ...levels.map((level) => level.value)].filter((v) => v !== null && Number.isFinite(v));
  if (!values.length) return [0, 1];
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = (most - least || Math.abs(most) || 1) * 0.08;
  return [least >= 0 ? Math.max(0, least - room) : least - room, most + room];
}

function series(figure, column) {
  if (column.as !== "line") return { stroke: "transparent", points: { show: false } };
  const stroke = colour(figure, column.color);
  return { label: column.label, stroke, width: column.color === "faint" ? 1.5 : 2, spanGaps: true, points: { show: column.points, size: 7, fill: stroke } };
}

function draw(figure) {
  const area = figure.querySelector(".plot-area");
  drawn.get(figure)?.destroy();
  drawn.delete(figure);
  const columns = read(figure);
  const enough = columns[0].values.length > 1;
  area.textContent = enough ? "" : "The plot begins with the second point.";
  if (!enough || !area.clientWidth) return;
  drawn.set(figure, new uPlot(options(figure, columns, area), columns.map((column) => column.values), area));
}

const drawAll = () => document.querySelectorAll("figure[data-plot]").forEach(draw);
let waiting = 0;
function drawSoon() {
  cancelAnimationFrame(waiting);
  waiting = requestAnimationFrame(drawAll);
}

drawAll();
addEventListener("resize", drawSoon);
document.addEventListener("northloop:theme", drawSoon);
matchMedia("print").addEventListener("change", drawAll); // in the colours of paper
document.addEventListener("htmx:after:swap", drawSoon);
