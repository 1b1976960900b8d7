// Draws each map from the settings beside it. Layers come as GeoJSON; a map works without tiles.
// Popups are built as text nodes: a name from the data can never become markup.

const LOOKS = {
  boundary: { color: "#0f4c5c", weight: 3, fill: false },
  place: { color: "#8a3f00", weight: 2, fillColor: "#f6c9a4", fillOpacity: 0.5 },
  point: { color: "#4c2c6b", weight: 1.5, fillColor: "#b99ad6", fillOpacity: 0.85, radius: 6 },
  area: { color: "#1a4f8b", weight: 2, dashArray: "6 4", fillColor: "#c6daf0", fillOpacity: 0.35 },
  other: { color: "#43525a", weight: 2, dashArray: "2 4", fillColor: "#dfe5e8", fillOpacity: 0.5 },
};

// Points that differ by shape, not by colour alone: drawn by the style sheet.
const SHAPES = new Set(["square", "diamond", "ring", "triangle", "cross"]);

/** Return a paragraph with the feature's name, linked where it has a page of ours, and its words. */
function popup(layer, feature) {
  const { url, text } = feature.properties ?? {};
  const words = document.createElement("p");
  words.className = "app-map__popup";
  const own = typeof url === "string" && url.startsWith("/") && !url.startsWith("//");
  const name = document.createElement(own ? "a" : "span");
  name.textContent = feature.properties?.[layer.title_property] ?? layer.label;
  if (own) { name.href = url; name.className = "govuk-link"; }
  words.append(name);
  if (text) words.append(document.createElement("br"), text.length > 160 ? `${text.slice(0, 160)}…` : text);
  return words;
}

/** Return the mark of a point: a shape of the style sheet, or a circle. */
function mark(layer, feature, place) {
  if (!SHAPES.has(layer.symbol)) return L.circleMarker(place, LOOKS[layer.symbol]);
  const icon = L.divIcon({ className: `app-map__mark app-map__symbol app-map__symbol--${layer.symbol}`, iconSize: null });
  return L.marker(place, { icon, title: feature.properties?.[layer.title_property] ?? layer.label });
}

/** Draw one layer; resolves to the drawn group. */
async function draw(map, layer) {
  let data = layer.geojson;
  if (!data && layer.url) {
    const answer = await fetch(layer.url, { headers: { Accept: "application/geo+json, application/json" } });
    if (!answer.ok) throw new Error(`${layer.url}: ${answer.status}`);
    data = await answer.json();
  }
  if (!data) return null;
  const look = LOOKS[layer.symbol];
  return L.geoJSON(data, {
    style: () => look,
    pointToLayer: (feature, place) => mark(layer, feature, place),
    onEachFeature: (feature, shape) => shape.bindPopup(() => popup(layer, feature)),
    interactive: layer.symbol !== "boundary",
  }).addTo(map);
}

/** Start one map. */
async function start(canvas) {
  const settings = JSON.parse(document.getElementById(canvas.dataset.map).textContent);
  const { words } = settings;
  const map = L.map(canvas, { attributionControl: settings.tiles.length > 0, zoomControl: false, scrollWheelZoom: false, zoomSnap: 0.25, zoomDelta: 1 });
  L.control.zoom({ zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  for (const tile of settings.tiles) L.tileLayer(tile.url, tile.options).addTo(map);
  const box = settings.bounds;
  if (box) map.fitBounds([[box[1], box[0]], [box[3], box[2]]]);
  else map.setView([52.4, -2.7], 8);
  const drawn = await Promise.allSettled(settings.layers.map((layer) => draw(map, layer)));
  const groups = drawn.map((one) => one.value).filter(Boolean);
  if (!box && groups.length) {
    const around = L.featureGroup(groups).getBounds();
    if (around.isValid()) map.fitBounds(around, { padding: [16, 16], maxZoom: 16, animate: false });
  }
  if (drawn.some((one) => one.status === "rejected")) {
    const problem = canvas.closest("figure").querySelector(".app-map__problem");
    problem.textContent = words.not_loaded;
    problem.hidden = false;
  }
  // Pages that let a place be picked listen for these, and ask for a mark.
  map.on("click", ({ latlng }) => canvas.dispatchEvent(new CustomEvent("map-press", { detail: { lat: latlng.lat, lng: latlng.lng } })));
  let picked = null;
  canvas.addEventListener("map-mark", ({ detail }) => {
    picked?.remove();
    picked = L.circleMarker([detail.lat, detail.lng], { ...LOOKS.point, radius: 9 }).addTo(map);
    if (!map.getBounds().contains(picked.getLatLng())) map.setView(picked.getLatLng());
  });
  // What draws over the map takes it from here, whichever of the two was ready first.
  canvas.leaflet = map;
  canvas.dataset.ready = "true";
  canvas.dispatchEvent(new CustomEvent("map-ready"));
}

for (const canvas of document.querySelectorAll("[data-map]")) start(canvas);
