// Draws tens of thousands of map points on one canvas over the map. Points that fall together on
// screen are one circle; a press is answered from a grid of circles, so no point has an element.
// The points come as columns (incidents/explore/pack.py); popups are built as text nodes.

const FILL = "rgba(137, 92, 181, 0.62)", EDGE = "#4c2c6b";
const CELL = 14; // pixels: points nearer than that are one circle, until one is right in the map
const APART = 17; // from this zoom on every map point has its own circle
const LEAST = 3.5, MOST = 22; // radius in pixels
const REACH = 14; // how far beside a small circle a thumb may press
const BUCKET = 48; // pixels of the grid that answers a press
const NAMED = 5; // map points named in one popup

const L = window.L;
// "12,345". Intl.NumberFormat says the same, but starting it takes a tenth of a slow phone's second.
const grouped = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ",");
const say = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

/** Return running sums: the columns come as differences. */
function sums(differences) {
  const out = new Float64Array(differences.length);
  let at = 0;
  for (let i = 0; i < differences.length; i += 1) out[i] = at += differences[i];
  return out;
}

/** Return the points with their places in the world's pixels at zoom 0. */
function unpack(data) {
  const longitude = sums(data.x), latitude = sums(data.y), count = data.n.length;
  const x = new Float64Array(count), y = new Float64Array(count);
  let west = Infinity, east = -Infinity, north = Infinity, south = -Infinity;
  for (let i = 0; i < count; i += 1) {
    // Web Mercator, as Leaflet has it: the world is 256 pixels wide.
    const sine = Math.sin((latitude[i] / data.scale) * (Math.PI / 180));
    x[i] = 256 * (longitude[i] / data.scale / 360 + 0.5);
    y[i] = 256 * (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI));
    if (x[i] < west) west = x[i];
    if (x[i] > east) east = x[i];
    if (y[i] < north) north = y[i];
    if (y[i] > south) south = y[i];
  }
  return { x, y, west, east, north, south, n: new Float64Array(data.n), street: sums(data.street), streets: data.streets, reports: data.reports, count };
}

/** Merge the points into circles at a zoom, the largest first, with the grid that finds them. */
function circles(points, zoom) {
  const scale = 2 ** zoom, cell = zoom >= APART ? 1 : CELL;
  // Counted from the corner of the whole world, so that nothing jumps as the map moves; the keys
  // from the corner of the points, so that they stay small.
  const left = Math.floor((points.west * scale) / cell), above = Math.floor((points.north * scale) / cell);
  const rows = Math.floor((points.south * scale) / cell) - above + 1;
  const at = new Map(), own = new Int32Array(points.count), found = [];
  for (let i = 0; i < points.count; i += 1) {
    const key = (Math.floor((points.x[i] * scale) / cell) - left) * rows + Math.floor((points.y[i] * scale) / cell) - above;
    let one = at.get(key);
    if (one === undefined) {
      one = found.length;
      at.set(key, one);
      found.push({ x: 0, y: 0, n: 0, members: 0, first: i });
    }
    own[i] = one;
    const circle = found[one], n = points.n[i];
    circle.x += points.x[i] * scale * n;
    circle.y += points.y[i] * scale * n;
    circle.n += n;
    circle.members += 1;
  }
  let top = 1;
  for (const circle of found) {
    circle.x /= circle.n;
    circle.y /= circle.n;
    if (circle.n > top) top = circle.n;
  }
  const factor = (MOST - LEAST) / Math.sqrt(top);
  const buckets = new Map(), deep = Math.ceil((2 ** zoom * 256) / BUCKET) + 2;
  for (let number = 0; number < found.length; number += 1) {
    const circle = found[number];
    circle.number = number;
    // Half pixels: few sizes, each drawn once and copied.
    circle.r = Math.round((LEAST + factor * Math.sqrt(circle.n)) * 2) / 2;
    const key = Math.floor(circle.x / BUCKET) * deep + Math.floor(circle.y / BUCKET);
    const bucket = buckets.get(key);
    if (bucket) bucket.push(circle);
    else buckets.set(key, [circle]);
  }
  found.sort((a, b) => b.n - a.n);
  return { zoom, found, buckets, deep, own, top };
}

/** Return the circle at a place of the world's pixels, or nothing. */
function circleAt(set, x, y) {
  const column = Math.floor(x / BUCKET), row = Math.floor(y / BUCKET);
  let best = null, nearest = Infinity;
  for (let i = column - 1; i <= column + 1; i += 1) {
    for (let j = row - 1; j <= row + 1; j += 1) {
      for (const circle of set.buckets.get(i * set.deep + j) ?? []) {
        const away = Math.hypot(circle.x - x, circle.y - y);
        // Within a circle the smaller one lies on top; beside all of them, the nearest.
        const rank = away <= circle.r ? circle.r - 1000 : away - circle.r;
        if (away <= Math.max(circle.r, REACH) && rank < nearest) { nearest = rank; best = circle; }
      }
    }
  }
  return best;
}

/** One canvas over the map, larger than what is seen, so that a short pan draws nothing anew. */
const Circles = L.Layer.extend({
  initialize(points) { this.points = points; },

  onAdd(map) {
    this.map = map;
    this.canvas = L.DomUtil.create("canvas", "app-explore__canvas leaflet-zoom-hide");
    this.canvas.setAttribute("aria-hidden", "true");
    map.getPane("overlayPane").appendChild(this.canvas);
    map.on("moveend zoomend viewreset resize", this.draw, this);
    map.on("move", this.keepUp, this);
    this.draw();
  },

  onRemove(map) {
    map.off("moveend zoomend viewreset resize", this.draw, this);
    map.off("move", this.keepUp, this);
    this.canvas.remove();
  },

  /** Return the circles of this zoom: made once for each. */
  set() {
    const zoom = this.map.getZoom();
    if (this.made?.zoom !== zoom) this.made = circles(this.points, zoom);
    return this.made;
  },

  /** Draw again within a drag only when it leaves what is drawn. */
  keepUp() {
    if (!this.drawn || this.map.getZoom() !== this.made?.zoom) return;
    const seen = this.map.getPixelBounds();
    if (!this.drawn.contains(seen)) this.draw();
  },

  draw() {
    const map = this.map, seen = map.getPixelBounds(), size = map.getSize();
    const pad = size.multiplyBy(0.35)._round();
    const set = this.set();
    this.drawn = L.bounds(seen.min.subtract(pad), seen.max.add(pad));
    const { min, max } = this.drawn, whole = max.subtract(min), ratio = Math.min(window.devicePixelRatio || 1, 2);
    L.DomUtil.setPosition(this.canvas, map.containerPointToLayerPoint([0, 0]).subtract(pad));
    const wide = Math.ceil(whole.x * ratio), high = Math.ceil(whole.y * ratio);
    const pen = this.canvas.getContext("2d");
    if (this.canvas.width === wide && this.canvas.height === high) pen.clearRect(0, 0, wide, high);
    else {
      this.canvas.width = wide;
      this.canvas.height = high;
      this.canvas.style.width = `${whole.x}px`;
      this.canvas.style.height = `${whole.y}px`;
    }
    const stamps = this.stamps(ratio);
    let shown = 0;
    for (const circle of set.found) {
      const { x, y, r } = circle;
      if (x + r < min.x || x - r > max.x || y + r < min.y || y - r > max.y) continue;
      const across = stamps.width(r);
      pen.drawImage(stamps.sheet, stamps.left(r), 0, across, across, Math.round((x - min.x) * ratio - across / 2), Math.round((y - min.y) * ratio - across / 2), across, across);
      shown += 1;
    }
    this.canvas.dataset.circles = String(shown);
    this.canvas.dataset.draws = String(Number(this.canvas.dataset.draws ?? 0) + 1);
  },

  /** Return a circle of every size, side by side on one sheet that is drawn once. */
  stamps(ratio) {
    if (this.drawnStamps?.ratio === ratio) return this.drawnStamps;
    const sheet = document.createElement("canvas");
    const width = (r) => Math.ceil(r * ratio * 2) + 4, step = width(MOST);
    const left = (r) => (r - LEAST) * 2 * step; // a size for each half pixel
    sheet.width = left(MOST) + step;
    sheet.height = step;
    const pen = sheet.getContext("2d");
    pen.fillStyle = FILL;
    pen.strokeStyle = EDGE;
    pen.lineWidth = ratio;
    for (let r = LEAST; r <= MOST; r += 0.5) {
      pen.beginPath();
      pen.arc(left(r) + width(r) / 2, width(r) / 2, r * ratio, 0, 7);
      pen.fill();
      pen.stroke();
    }
    this.drawnStamps = { ratio, sheet, width, left };
    return this.drawnStamps;
  },

  /** Return what lies at a place of the map: circle, its members the most reports first. */
  at(latlng) {
    const set = this.set(), place = this.map.project(latlng);
    const circle = circleAt(set, place.x, place.y);
    if (!circle) return null;
    const members = [];
    if (circle.members === 1) members.push(circle.first);
    else for (let i = 0; i < set.own.length; i += 1) if (set.own[i] === circle.number) members.push(i);
    members.sort((a, b) => this.points.n[b] - this.points.n[a]);
    return { circle, members };
  },
});

/** Return what a popup says of one or several map points. */
function popup(points, { circle, members }, words) {
  const reports = (n) => (n === 1 ? words.one : say(words.many, { n: grouped(n) }));
  const street = (i) => points.streets[points.street[i]];
  const box = document.createElement("div");
  box.className = "app-map__popup app-explore__popup";
  const add = (kind, text) => { const part = document.createElement(kind); part.textContent = text; box.append(part); return part; };
  if (members.length === 1) {
    add("strong", street(members[0]));
    add("p", reports(circle.n));
    add("p", words.point);
    return box;
  }
  add("strong", say(words.points, { n: grouped(members.length) }));
  add("p", reports(circle.n));
  const list = add("ul", "");
  for (const i of members.slice(0, NAMED)) {
    const line = document.createElement("li");
    line.textContent = `${street(i)}: ${reports(points.n[i])}`;
    list.append(line);
  }
  if (members.length > NAMED) add("p", say(words.more, { n: grouped(members.length - NAMED) }));
  add("p", words.zoom);
  return box;
}

/** Ask for the points. The page names them as preloaded, so that they are on their way already. */
async function ask(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return unpack(await answer.json());
}

/** Put the points, which were asked for, on a map that is ready. */
async function begin(box, canvas, asked) {
  const words = JSON.parse(document.getElementById(box.dataset.words).textContent);
  const status = box.querySelector("[data-explore-status]");
  const map = canvas.leaflet;
  let points;
  try {
    points = await asked;
  } catch {
    status.textContent = words.failed;
    canvas.dataset.explored = "failed";
    return;
  }
  if (!points.count) {
    status.textContent = words.none;
    canvas.dataset.explored = "none";
    return;
  }
  // What counts may reach beyond the boundary drawn, or there may be none.
  const drawn = JSON.parse(document.getElementById(canvas.dataset.map).textContent).layers.some((one) => one.geojson);
  const all = L.latLngBounds(map.unproject([points.west, points.south], 0), map.unproject([points.east, points.north], 0));
  if (!drawn || !map.getBounds().contains(all)) {
    if (drawn) all.extend(map.getBounds());
    map.fitBounds(all, { padding: [8, 8], maxZoom: 16, animate: false });
  }
  const layer = new Circles(points).addTo(map);
  const tell = () => {
    const values = { points: grouped(points.count), reports: grouped(points.reports) };
    const top = layer.set().top, largest = top === 1 ? words.one : say(words.many, { n: grouped(top) });
    status.textContent = `${say(points.count === 1 ? words.drawn_one : words.drawn, values)} ${say(words.largest, { n: largest })}`;
  };
  tell();
  map.on("zoomend", tell);
  map.on("click", ({ latlng }) => {
    const found = layer.at(latlng);
    if (found) L.popup({ maxWidth: 260 }).setLatLng(map.unproject([found.circle.x, found.circle.y])).setContent(popup(points, found, words)).openOn(map);
  });
  let frame = 0;
  map.on("mousemove", ({ latlng }) => {
    cancelAnimationFrame(frame);
    if (map.dragging?.moving()) return; // nothing is under the pointer but the hand that drags
    frame = requestAnimationFrame(() => {
      const place = map.project(latlng);
      canvas.classList.toggle("app-explore--over", circleAt(layer.set(), place.x, place.y) !== null);
    });
  });
  canvas.dataset.explored = "true";
}

for (const box of document.querySelectorAll("[data-explore]")) {
  const canvas = document.getElementById(box.dataset.canvas), asked = ask(box.dataset.explore);
  asked.catch(() => {}); // told where it is waited for
  if (canvas.dataset.ready) begin(box, canvas, asked);
  else canvas.addEventListener("map-ready", () => begin(box, canvas, asked), { once: true });
}
