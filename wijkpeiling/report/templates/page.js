(() => {
  const one = (address, done) => Object.assign(new Image(), done).src = address;
  // The page travels: without the files beside it there is nothing to link to.
  const figure = document.querySelector("[data-figure]");
  if (figure) one(figure.dataset.figure, { onerror: () => document.documentElement.classList.add("alone") });
  const other = document.querySelector("[data-other]");
  if (other && figure) one(`../${other.dataset.other}/${figure.dataset.figure}`, { onload: () => (other.hidden = false) });
  // A link to what stands folded unfolds it, also where the browser does not.
  const unfold = () => document.getElementById(location.hash.slice(1))?.closest("details")?.setAttribute("open", "");
  addEventListener("hashchange", unfold);
  unfold();
  // The chapter that is being read, in the contents; without this they are a plain list.
  const links = [...document.querySelectorAll(".contents a")];
  const places = links.map((link) => document.getElementById(link.hash.slice(1)));
  const mark = () => {
    const read = places.findLastIndex((place) => place.getBoundingClientRect().top < innerHeight * 0.35);
    links.forEach((link, place) => place === read ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current"));
  };
  addEventListener("scroll", mark, { passive: true });
  mark();
})();
