// Nothing is computed here: a slider's step is a place in lists that the package made.
const found = JSON.parse(document.getElementById("found").textContent);
const sliders = [...document.querySelectorAll("input[type=range]")];
const at = (id) => document.getElementById(id);
const put = (id, text) => { at(id).textContent = text; };

function choose() {
  const step = {}, text = {};
  for (const { id, value } of sliders) {
    step[id] = Number(value);
    text[id] = found.texts[id][step[id]];
  }
  const cell = (table) => table[step.overlap][step.correlation][step.share][step.items];
  const line = cell(found.detectable);
  const change = line[step.response];
  const [low, high] = found.limits[step.response][step.share];
  text.between = found.between[step.response][step.share];
  text.width = found.width[step.response][step.share];
  text.detectable = found.points[change];
  text.needed = found.answers[cell(found.needed)[step.change]];
  for (const slider of sliders) {
    slider.setAttribute("aria-valuetext", text[slider.id]);
    put(`${slider.id}-text`, text[slider.id]);
  }
  for (const name of ["between", "width", "detectable", "needed"]) put(name, text[name]);
  at("line").setAttribute("points", line.map((tenth, place) => `${found.x[place]},${found.y[tenth]}`).join(" "));
  const dot = at("dot");
  dot.setAttribute("cx", found.x[step.response]);
  dot.setAttribute("cy", found.y[change]);
  const asked = found.y[found.changes[step.change]];
  at("asked").toggleAttribute("hidden", asked === undefined);
  for (const end of ["y1", "y2"]) at("asked").setAttribute(end, asked ?? 0);
  for (const [end, place] of [["x1", low], ["x2", high]]) at("interval").setAttribute(end, place);
  const sentences = [found.told, found.together[step.correlation], found.need[cell(found.needed)[step.change]]];
  put("told", sentences.join(" ").replace(/\{(\w+)\}/g, (gap, name) => text[name]));
}

for (const slider of sliders) slider.addEventListener("input", choose);
for (const one of document.querySelectorAll(".moving")) one.hidden = false;
// a browser keeps where sliders stood when a page is opened again
choose();
