// Keeps a page as its files are. Only `callbook serve` has this script; a built handbook has not.
//
// The page as it was sent is kept aside. When the server tells of another state, the page is asked for
// again, the two are compared, and only what differs is changed on the screen: scroll, focus, open
// parts and whatever other scripts have done to the rest stay as they are.
"use strict";
(() => {
  const here = new URL(".", document.currentScript.src);
  const panelOf = (page) => page.getElementById("callbook-live");

  // Of every node as it was sent, the one on the screen.
  const onScreen = new WeakMap();
  function pair(sent, shown) {
    onScreen.set(sent, shown);
    for (let i = 0; i < sent.childNodes.length; i++) pair(sent.childNodes[i], shown.childNodes[i]);
  }
  let sent = document.cloneNode(true);
  pair(sent, document);

  // Other scripts have rebuilt a part that is to change: only they know how.
  class Stale extends Error {}

  function made(node) {
    const copy = document.importNode(node, true);
    pair(node, copy);
    return copy;
  }

  // What is on the screen for a node stays; it goes by the name of the new one.
  function keep(old, fresh) {
    onScreen.set(fresh, onScreen.get(old));
    for (let i = 0; i < old.childNodes.length; i++) keep(old.childNodes[i], fresh.childNodes[i]);
  }

  function patch(old, fresh) {
    const shown = onScreen.get(old);
    if (!shown || !shown.isConnected) throw new Stale();
    if (old.isEqualNode(fresh)) return keep(old, fresh);
    if (old.nodeName !== fresh.nodeName || old.nodeType !== fresh.nodeType || old.id !== fresh.id) {
      return shown.replaceWith(made(fresh));
    }
    onScreen.set(fresh, shown);
    if (old.nodeType !== Node.ELEMENT_NODE) {
      shown.nodeValue = fresh.nodeValue;
      return;
    }
    for (const { name } of old.attributes) if (!fresh.hasAttribute(name)) shown.removeAttribute(name);
    for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) shown.setAttribute(name, value);
    children(shown, [...old.childNodes], [...fresh.childNodes]);
  }

  // How much speaks for one node having become another.
  function likeness(a, b) {
    if (a.nodeName !== b.nodeName || a.id !== b.id) return 0;
    if (a.id) return 8;
    return (a.isEqualNode(b) ? 2 : 1) * (a.nodeType === Node.ELEMENT_NODE ? 2 : 0.5);
  }

  // Which node of one list became which of the other, in order: as much likeness as there can be.
  function pairs(old, fresh) {
    const found = new Map(), wide = fresh.length + 1;
    if (old.length * fresh.length > 250_000) return found;
    const best = new Float32Array((old.length + 1) * wide);
    for (let i = old.length - 1; i >= 0; i--) {
      for (let j = fresh.length - 1; j >= 0; j--) {
        const like = likeness(old[i], fresh[j]);
        best[i * wide + j] = Math.max(best[(i + 1) * wide + j], best[i * wide + j + 1], like && like + best[(i + 1) * wide + j + 1]);
      }
    }
    for (let i = 0, j = 0; i < old.length && j < fresh.length;) {
      const here = best[i * wide + j];
      if (here === best[(i + 1) * wide + j]) i++;
      else if (here === best[i * wide + j + 1]) j++;
      else found.set(fresh[j++], old[i++]);
    }
    return found;
  }

  function children(parent, old, fresh) {
    let from = 0, to = 0;
    while (from < old.length && from < fresh.length && old[from].isEqualNode(fresh[from])) from++;
    const least = Math.min(old.length, fresh.length) - from;
    while (to < least && old.at(-1 - to).isEqualNode(fresh.at(-1 - to))) to++;
    for (let i = 0; i < from; i++) keep(old[i], fresh[i]);
    for (let i = 0; i < to; i++) keep(old.at(-1 - i), fresh.at(-1 - i));
    let last = from > 0 ? onScreen.get(old[from - 1]) : null;
    old = old.slice(from, old.length - to);
    fresh = fresh.slice(from, fresh.length - to);
    const was = pairs(old, fresh), stays = new Set(was.values());
    for (const node of old) if (!stays.has(node)) onScreen.get(node)?.remove();
    for (const node of fresh) {
      if (was.has(node)) {
        patch(was.get(node), node);
        last = onScreen.get(node);
      } else {
        const copy = made(node);
        if (last) last.after(copy);
        else parent.prepend(copy);
        last = copy;
      }
    }
  }

  // Whether only loading the page afresh does: other scripts or styles, or a page that leads elsewhere.
  function mustLoad(fresh) {
    const needed = (page) => [...page.querySelectorAll('script[src], link[rel="stylesheet"]')]
      .map((one) => one.getAttribute("src") ?? one.getAttribute("href")).join("\n");
    return needed(sent) !== needed(fresh)
      || fresh.querySelector('meta[http-equiv="refresh" i]')
      || fresh.querySelector('[data-live="load"]');
  }

  // The topmost thing in sight stays where it is, whatever grows or shrinks above it.
  function inPlace(change) {
    const edge = panelOf(document)?.getBoundingClientRect().bottom ?? 0;
    const seen = [];
    if (scrollY > 0) {
      const root = document.getElementById("main") ?? document.body;
      for (let at = edge + 8; at < innerHeight && !seen.length; at += 16) {
        let node = document.elementFromPoint(innerWidth / 2, at);
        for (; node && node !== root && root.contains(node); node = node.parentElement) {
          // What begins far above may grow there: that is no place to hold on to.
          const { top, height } = node.getBoundingClientRect();
          if (top >= edge || height < innerHeight / 3) seen.push([node, top]);
        }
      }
    }
    const style = document.documentElement.style;
    style.overflowAnchor = "none";
    try {
      change();
    } finally {
      const anchor = seen.find(([node]) => node.isConnected);
      if (anchor) scrollBy({ top: anchor[0].getBoundingClientRect().top - anchor[1], behavior: "instant" });
      style.overflowAnchor = "";
    }
  }

  const load = () => location.reload();
  let busy = false, again = false;
  async function refresh() {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      do {
        again = false;
        const answer = await fetch(location.pathname + location.search, { cache: "no-store", redirect: "manual" });
        if (answer.type === "opaqueredirect") return load();
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
        if (!panelOf(fresh)) return;
        if (mustLoad(fresh)) return load();
        inPlace(() => {
          document.title = fresh.title;
          document.documentElement.lang = fresh.documentElement.lang;
          patch(sent.body, fresh.body);
        });
        sent = fresh;
        document.dispatchEvent(new CustomEvent("callbook:changed"));
      } while (again);
    } catch (error) {
      if (error instanceof Stale) return load();
      // The server is gone, or going; the stream tells when it is back.
    } finally {
      busy = false;
    }
  }

  function silent(gone) {
    const panel = panelOf(document);
    const note = panel?.querySelector(".live-gone");
    if (!note) return;
    note.hidden = !gone;
    panel.hidden = !gone && panelOf(sent).hidden;
  }

  let stream = null, waiting = 0;
  function listen() {
    if (stream || document.visibilityState === "hidden") return;
    stream = new EventSource(new URL("events", here));
    stream.onmessage = ({ data }) => {
      clearTimeout(waiting);
      silent(false);
      const [run] = data.split(".");
      const state = panelOf(sent)?.dataset.state ?? "";
      if (state.split(".")[0] !== run) return load();
      if (state !== data) refresh();
    };
    stream.onerror = () => {
      // A server that is started again is back within a moment.
      clearTimeout(waiting);
      waiting = setTimeout(silent, 1500, true);
      if (stream?.readyState === EventSource.CLOSED) {
        deaf();
        setTimeout(listen, 3000);
      }
    };
  }
  // A browser keeps few streams open at once: a page that nobody sees needs none.
  function deaf() {
    stream?.close();
    stream = null;
  }
  document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? deaf() : listen()));
  addEventListener("pagehide", deaf);
  addEventListener("pageshow", listen);
  listen();
})();
