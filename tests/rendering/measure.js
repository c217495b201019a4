// Measures every framed document once all are laid out, and leaves the findings in the page as JSON.
// Text is measured by its own element, a background by the nearest one that is painted.

const channels = (text) => text.match(/[\d.]+/g).map(Number);

function luminance(colour) {
  const [red, green, blue] = colour.slice(0, 3).map((value) => {
    const share = value / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function painted(element, view) {
  for (let each = element; each; each = each.parentElement) {
    const colour = channels(view.getComputedStyle(each).backgroundColor);
    if (colour.length < 4 || colour[3] > 0) return colour;
  }
  return [255, 255, 255];
}

function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function* shownTexts(page) {
  const walk = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const element = node.parentElement;
    const isCode = ["SCRIPT", "STYLE"].includes(element.tagName);
    if (node.data.trim() && !isCode && element.getClientRects().length) yield node;
  }
}

function measured(frame) {
  const page = frame.contentDocument;
  const view = frame.contentWindow;
  const texts = [...shownTexts(page)].map((node) => {
    const style = view.getComputedStyle(node.parentElement);
    return {
      text: node.data.trim().slice(0, 30),
      size: parseFloat(style.fontSize),
      contrast: contrast(channels(style.color), painted(node.parentElement, view)),
    };
  });
  const links = [...page.querySelectorAll("a")].map((link) => ({
    text: link.textContent.slice(0, 30),
    height: link.getBoundingClientRect().height,
    inline: view.getComputedStyle(link).display === "inline",
  }));
  const root = page.documentElement;
  return { name: frame.title, over: root.scrollWidth - root.clientWidth, texts, links };
}

onload = () => {
  const all = [...document.querySelectorAll("iframe")].map(measured);
  document.body.innerHTML = '<pre id="measured"></pre>';
  document.getElementById("measured").textContent = JSON.stringify(all);
};
