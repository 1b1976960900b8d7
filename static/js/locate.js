// Offers to fill in where the phone is, where the browser can tell; asked for by a press only.
const box = document.querySelector("[data-locate]");
const field = document.querySelector("[data-point]");

if (box && field && "geolocation" in navigator) {
  const words = box.querySelector("[role=status]");
  box.hidden = false;
  field.closest(".govuk-form-group").after(box);
  box.querySelector("button").addEventListener("click", () => {
    words.textContent = words.dataset.wordsBusy;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        field.value = `${coords.latitude.toFixed(5)}, ${coords.longitude.toFixed(5)}`;
        words.textContent = words.dataset.wordsDone;
      },
      () => { words.textContent = words.dataset.wordsFailed; },
      { enableHighAccuracy: true, timeout: 15000 },
    );
  });
}
