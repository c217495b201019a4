// Has axe judge every framed document once all are laid out, and leaves its findings in the page as JSON.
// What axe cannot decide is a finding too. The scripts of a frame are its own, so axe is loaded into each.

const RULES = {
  "target-size": { enabled: true },
  // A mail is no page: it is shown within one, whose landmarks are the mail program's.
  "landmark-one-main": { enabled: false },
  region: { enabled: false },
};

const loaded = (frame) =>
  new Promise((done) => {
    const script = frame.contentDocument.createElement("script");
    script.src = document.getElementById("axe").src;
    script.onload = done;
    frame.contentDocument.head.append(script);
  });

const told = (found, decided) =>
  found.flatMap(({ id, impact, nodes }) => nodes.map(({ html }) => ({ id, impact, decided, html })));

async function judged(frame) {
  await loaded(frame);
  const { violations, incomplete, passes } = await frame.contentWindow.axe.run(frame.contentDocument, { rules: RULES });
  return {
    name: frame.title,
    findings: [...told(violations, true), ...told(incomplete, false)],
    held: passes.map(({ id }) => id),
  };
}

onload = async () => {
  const all = [];
  for (const frame of document.querySelectorAll("iframe")) all.push(await judged(frame));
  document.body.innerHTML = '<pre id="judged"></pre>';
  document.getElementById("judged").textContent = JSON.stringify(all);
};
