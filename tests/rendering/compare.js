// Compares what every element computes to in pairs of framed documents, and leaves the findings in the page as JSON.
// `given` holds the properties that a sheet may set, and declarations that the browser is to know.

const EVERY = [...getComputedStyle(document.documentElement)];
const SETTABLE = EVERY.filter((name) => settable().has(name));

function settable() {
  const probe = document.createElement("p").style;
  given.properties.forEach((name) => probe.setProperty(name, "inherit"));
  return new Set([...probe]);
}

const elements = (frame) => [...frame.contentDocument.querySelectorAll("html, body, body *")];

const marks = (element) =>
  [element.tagName, ...[...element.attributes].filter((one) => one.name !== "style").map((one) => one.name + one.value)]
    .sort()
    .join(" ");

function* differences(one, other) {
  const [mine, theirs] = [elements(one), elements(other)];
  if (mine.length !== theirs.length) yield [one.title, "", "elements", mine.length, theirs.length];
  for (const [n, element] of mine.entries()) {
    const place = [one.title, element.outerHTML.slice(0, 100)];
    if (!theirs[n] || marks(element) !== marks(theirs[n])) return yield [...place, "marks", marks(element)];
    const a = one.contentWindow.getComputedStyle(element);
    const b = other.contentWindow.getComputedStyle(theirs[n]);
    for (const name of one.className ? EVERY : SETTABLE) {
      const [before, after] = [a.getPropertyValue(name), b.getPropertyValue(name)];
      if (before !== after) yield [...place, name, before, after];
    }
  }
}

onload = () => {
  const frames = [...document.querySelectorAll("iframe")];
  const pairs = frames.flatMap((frame, n) => (n % 2 ? [] : [[frame, frames[n + 1]]]));
  const report = {
    compared: Object.fromEntries(pairs.map(([one]) => [one.title, elements(one).length])),
    properties: [SETTABLE.length, EVERY.length],
    found: pairs.flatMap(([one, other]) => [...differences(one, other)].slice(0, 5)),
    unknown: given.declarations.filter((one) => !CSS.supports(one)),
  };
  document.body.innerHTML = '<pre id="measured"></pre>';
  document.getElementById("measured").textContent = JSON.stringify(report);
};
