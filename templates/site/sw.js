// The handbook without a network. Files that are named after their content come from the cache; pages
// from the network while there is one, from the cache when there is none.
(function () {
  "use strict";
  var NAME = "callbook-" + VERSION;
  var at = function (path) { return new URL(path, self.registration.scope).href; };

  self.addEventListener("install", function (event) {
    event.waitUntil(caches.open(NAME).then(function (cache) {
      // One by one: a file that is missing does not keep the others away.
      return Promise.all(FILES.map(function (path) { return cache.add(at(path)).catch(function () {}); }));
    }).then(function () { return self.skipWaiting(); }));
  });

  self.addEventListener("activate", function (event) {
    event.waitUntil(caches.keys().then(function (names) {
      return Promise.all(names.map(function (name) {
        return name.indexOf("callbook-") === 0 && name !== NAME ? caches.delete(name) : undefined;
      }));
    }).then(function () { return self.clients.claim(); }));
  });

  function keep(request, answer) {
    if (!answer.ok || answer.type !== "basic") return answer;
    var copy = answer.clone();
    caches.open(NAME).then(function (cache) { return cache.put(request, copy); }).catch(function () {});
    return answer;
  }

  // A folder's address means the page in it.
  function page(url) { return url.pathname.slice(-1) === "/" ? new Request(url.origin + url.pathname + "index.html") : null; }

  self.addEventListener("fetch", function (event) {
    var request = event.request;
    var url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== self.location.origin || request.url.indexOf(self.registration.scope) !== 0) return;
    if (url.href.indexOf(at("assets/")) === 0) {
      event.respondWith(caches.match(request).then(function (hit) {
        return hit || fetch(request).then(function (answer) { return keep(request, answer); });
      }));
      return;
    }
    event.respondWith(fetch(request).then(function (answer) { return keep(page(url) || request, answer); }, function (error) {
      return caches.match(page(url) || request, { ignoreSearch: true }).then(function (hit) {
        if (hit) return hit;
        if (request.mode !== "navigate") throw error;
        return caches.match(at("404.html")).then(function (lost) { if (lost) return lost; throw error; });
      });
    }));
  });
})();
