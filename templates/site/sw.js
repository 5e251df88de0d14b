// The handbook without a network. Files that are named after their content come from the cache; pages
// from the network while there is one, from the cache when there is none.
(() => {
const NAME = "callbook-" + VERSION
const at = path => new URL(path, registration.scope).href

addEventListener("install", event => event.waitUntil(caches.open(NAME)
  // One by one: a file that is missing does not keep the others away.
  .then(cache => Promise.all(FILES.map(path => cache.add(at(path)).catch(() => {}))))
  .then(() => skipWaiting())))

addEventListener("activate", event => event.waitUntil(caches.keys()
  .then(names => Promise.all(names.map(name => name.startsWith("callbook-") && name != NAME && caches.delete(name))))
  .then(() => clients.claim())))

const answer = async (request, page) => {
  const hit = page ? 0 : await caches.match(request)
  if (hit) return hit
  try {
    const found = await fetch(request), copy = found.clone()
    if (found.ok && found.type == "basic") caches.open(NAME).then(cache => cache.put(page || request, copy)).catch(() => {})
    return found
  } catch (error) {
    const kept = await caches.match(page || request, { ignoreSearch: true }) || request.mode == "navigate" && await caches.match(at("404.html"))
    if (kept) return kept
    throw error
  }
}

addEventListener("fetch", event => {
  const { request } = event, { url } = request
  if (request.method == "GET" && url.startsWith(at("")))
    // A folder's address means the page in it.
    event.respondWith(answer(request, url.startsWith(at("assets/")) ? 0 : url.replace(/[?#].*/, "").replace(/\/$/, "/index.html")))
})
})();
