// Draws one boundary on a map and writes it as GeoJSON into the form's text, which stays the truth:
// without this script the person pastes the text or sends a file.

const box = document.getElementById("draw");
const text = document.querySelector("[data-draw]");

/** Return the corners [latitude, longitude] of a simple polygon in the text, or null. */
function read() {
  try {
    const shape = JSON.parse(text.value);
    const rings = shape.type === "MultiPolygon" && shape.coordinates.length === 1 ? shape.coordinates[0] : shape.coordinates;
    if (!["Polygon", "MultiPolygon"].includes(shape.type) || rings.length !== 1) return null;
    return rings[0].slice(0, -1).map(([longitude, latitude]) => [latitude, longitude]);
  } catch {
    return null;
  }
}

function start() {
  box.hidden = false;
  const words = box.dataset;
  const status = box.querySelector("[data-draw-status]");
  const canvas = box.querySelector("[data-draw-canvas]");
  canvas.setAttribute("aria-label", words.label);
  canvas.setAttribute("role", "application");
  const map = L.map(canvas, { attributionControl: false }).setView([52.4, -2.7], 8);
  L.control.scale({ imperial: false }).addTo(map);
  const town = JSON.parse(document.getElementById("draw-town").textContent);
  const around = town ? L.geoJSON(town, { interactive: false, style: { color: "#43525a", weight: 2, dashArray: "6 4", fill: false } }).addTo(map) : null;
  const shape = L.polygon([], { color: "#8a3f00", weight: 3, fillColor: "#f6c9a4", fillOpacity: 0.4, interactive: false }).addTo(map);
  const marks = L.layerGroup().addTo(map);
  let corners = read() ?? [];
  if (corners.length) map.fitBounds(corners, { padding: [30, 30] });
  else if (around) map.fitBounds(around.getBounds());

  function show() {
    shape.setLatLngs(corners);
    marks.clearLayers();
    corners.forEach((corner) => L.circleMarker(corner, { radius: 6, color: "#8a3f00", fillColor: "#fff", fillOpacity: 1, interactive: false }).addTo(marks));
    const count = corners.length;
    status.textContent = (count === 0 ? words.wordsStart : count < 3 ? words.wordsMore : words.wordsReady).replace("{count}", count);
  }

  function write() {
    const ring = corners.map(([latitude, longitude]) => [Number(longitude.toFixed(6)), Number(latitude.toFixed(6))]);
    text.value = ring.length < 3 ? "" : JSON.stringify({ type: "Polygon", coordinates: [[...ring, ring[0]]] });
    show();
  }

  map.on("click", (event) => {
    corners = [...corners, [event.latlng.lat, event.latlng.lng]];
    write();
  });
  box.querySelector("[data-draw-undo]").addEventListener("click", () => {
    corners = corners.slice(0, -1);
    write();
  });
  box.querySelector("[data-draw-clear]").addEventListener("click", () => {
    corners = [];
    write();
  });
  text.addEventListener("change", () => {
    corners = read() ?? [];
    show();
    if (corners.length) map.fitBounds(corners, { padding: [30, 30] });
  });
  show();
  canvas.dataset.ready = "true";
}

if (box && text) start();
