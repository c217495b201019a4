// Does the sum that the form asks for when it is sent: finds a number for which the SHA-256 of CHALLENGE.ADDRESS.NUMBER
// begins with as many bits that are 0 as the field says. crypto.subtle is not there on sites at http, and slower.
"use strict";
(() => {
  const proof = document.querySelector("input[name=proof]");
  const form = proof.form, bits = Number(proof.dataset.bits), challenge = proof.value;
  const button = form.querySelector("button");
  const K = [], H = [];
  for (let n = 2; K.length < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (!prime) continue;
    if (H.length < 8) H.push((Math.sqrt(n) % 1) * 4294967296 | 0);
    K.push((Math.cbrt(n) % 1) * 4294967296 | 0);
  }
  const w = new Int32Array(64);

  // Takes a block of 64 bytes into a state.
  function mix(state, block, at) {
    for (let i = 0; i < 16; i++, at += 4)
      w[i] = block[at] << 24 | block[at + 1] << 16 | block[at + 2] << 8 | block[at + 3];
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15], y = w[i - 2];
      w[i] = w[i - 16] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3) + w[i - 7]
        + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10) | 0;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i++) {
      const s = h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + K[i] + w[i] | 0;
      const t = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c) | 0;
      h = g; g = f; f = e; e = d + s | 0; d = c; c = b; b = a; a = s + t | 0;
    }
    return [state[0] + a | 0, state[1] + b | 0, state[2] + c | 0, state[3] + d | 0,
      state[4] + e | 0, state[5] + f | 0, state[6] + g | 0, state[7] + h | 0];
  }

  // Returns the first 32 bits of a hash.
  function head(bytes) {
    const padded = new Uint8Array((bytes.length + 72) >> 6 << 6);
    padded.set(bytes);
    padded[bytes.length] = 128;
    new DataView(padded.buffer).setUint32(padded.length - 4, bytes.length * 8);
    let state = H;
    for (let at = 0; at < padded.length; at += 64) state = mix(state, padded, at);
    return state[0] >>> 0;
  }

  // Tries some numbers, lets the page breathe, and goes on.
  function search(prefix, number, done) {
    const until = performance.now() + 40, encoder = new TextEncoder();
    while (performance.now() < until)
      for (let i = 0; i < 256; i++, number++)
        if (head(encoder.encode(prefix + number)) < 2 ** (32 - bits)) return done(number);
    setTimeout(search, 0, prefix, number, done);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    form.setAttribute("aria-busy", "true");
    search(`${challenge}.${form.elements.address.value.trim()}.`, 0, (number) => {
      proof.value = `${challenge}.${number}`;
      form.submit();
    });
  });
  // Who comes back to the page by the browser's button finds it as it was.
  addEventListener("pageshow", () => {
    proof.value = challenge;
    button.disabled = false;
    form.removeAttribute("aria-busy");
  });
})();
