// Draws the network of stakeholders where the server has placed everybody. The table is the source.
const INK = "#14232b";
const LOOKS = [
  { selector: "node", style: { label: "data(label)", "font-size": 15, color: INK, "text-wrap": "wrap", "text-max-width": 130, "text-valign": "bottom", "text-margin-y": 6, "text-background-color": "#fff", "text-background-opacity": 0.85, "text-background-padding": 2, width: 30, height: 30, "border-width": 3, "border-color": "#0f4c5c", "background-color": "#0f4c5c" } },
  { selector: "node[kind = 'connector']", style: { shape: "diamond", width: 46, height: 46, "background-color": "#f6c9a4", "border-color": "#8a3f00" } },
  { selector: "node[kind = 'invited']", style: { "background-color": "#dfe5e8", "border-color": "#43525a" } },
  { selector: "node[kind = 'not_yet']", style: { "background-color": "#fff", "border-color": "#8a3f00", "border-style": "dashed" } },
  { selector: "edge", style: { width: "mapData(strength, 1, 3, 1.5, 6)", "line-color": "#7b8a92", "curve-style": "bezier" } },
  { selector: "edge[kind = 'strained']", style: { "line-style": "dashed", "line-color": "#a3201a" } },
];

// The library would write a style into the page, which the page forbids. It is content to find one
// of this name; what it would say stands in the style sheet.
document.head.append(Object.assign(document.createElement("meta"), { id: "__________cytoscape_stylesheet" }));

for (const canvas of document.querySelectorAll("[data-network]")) {
  const elements = JSON.parse(document.getElementById(canvas.dataset.network).textContent);
  // On a tall, narrow screen the drawing stands upright.
  if (canvas.clientWidth < canvas.clientHeight) {
    for (const { position } of elements) if (position) [position.x, position.y] = [position.y, position.x];
  }
  const drawing = cytoscape({ container: canvas, elements, style: LOOKS, layout: { name: "preset", padding: 45 }, userZoomingEnabled: false, userPanningEnabled: false, autounselectify: true });
  drawing.on("tap", "node", (event) => { window.location.assign(event.target.data("url")); });
  const fit = () => {
    drawing.resize();
    drawing.fit(undefined, 45);
    const scale = 1 / drawing.zoom(); // names stay readable however small the drawing
    drawing.style().selector("node").style({ "font-size": 13 * scale, "text-max-width": 110 * scale }).update();
  };
  new ResizeObserver(fit).observe(canvas);
  canvas.dataset.ready = "true";
}
