// A press on the map fills in the field for a place; without the map the field is written by hand.
const field = document.querySelector("[data-point]");
const canvas = document.getElementById("pick-map");

if (field && canvas) {
  const mark = () => {
    const found = field.value.match(/^\s*(-?\d+(?:\.\d+)?)[,\s]+(-?\d+(?:\.\d+)?)\s*$/);
    if (found) canvas.dispatchEvent(new CustomEvent("map-mark", { detail: { lat: Number(found[1]), lng: Number(found[2]) } }));
  };
  canvas.addEventListener("map-press", (event) => {
    const { lat, lng } = event.detail;
    field.value = `${lat.toFixed(5)}, ${lng.toFixed(5)}`;
    mark();
  });
  field.addEventListener("change", mark);
  canvas.addEventListener("map-ready", mark);
  if (canvas.dataset.ready) mark();
}
