// Drawing a rectangle on a rich picture; the four number fields stay the source.
const picture = document.querySelector("[data-picture-drawing]");
const drawn = picture?.querySelector("[data-picture-drawn]");
const fields = Object.fromEntries(
  ["left", "top", "width", "height"].map((name) => [name, document.querySelector(`[name="${name}"]`)]),
);

function show() {
  const values = Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, Number.parseFloat(field.value)]),
  );
  const whole = Object.values(values).every(Number.isFinite);
  drawn.toggleAttribute("hidden", !whole);
  if (!whole) return;
  drawn.setAttribute("x", `${values.left}%`);
  drawn.setAttribute("y", `${values.top}%`);
  drawn.setAttribute("width", `${Math.max(0, values.width)}%`);
  drawn.setAttribute("height", `${Math.max(0, values.height)}%`);
}

if (picture && drawn && Object.values(fields).every(Boolean)) {
  let start = null;
  const at = (event) => {
    const box = picture.getBoundingClientRect();
    const inside = (value) => Math.min(100, Math.max(0, value));
    return {
      x: inside((100 * (event.clientX - box.left)) / box.width),
      y: inside((100 * (event.clientY - box.top)) / box.height),
    };
  };
  const write = (one, other) => {
    const left = Math.min(one.x, other.x);
    const top = Math.min(one.y, other.y);
    const tenth = (value) => Math.floor(value * 10) / 10;
    fields.left.value = tenth(left);
    fields.top.value = tenth(top);
    fields.width.value = tenth(Math.abs(one.x - other.x));
    fields.height.value = tenth(Math.abs(one.y - other.y));
    show();
  };
  picture.setAttribute("data-drawable", "");
  document.querySelector("[data-picture-hint]")?.removeAttribute("hidden");
  picture.addEventListener("pointerdown", (event) => {
    start = at(event);
    picture.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  picture.addEventListener("pointermove", (event) => {
    if (start) write(start, at(event));
  });
  picture.addEventListener("pointerup", () => {
    start = null;
  });
  for (const field of Object.values(fields)) field.addEventListener("input", show);
  show();
}
