/*! Dangol */
// <script src="/dangol.js" data-key="WRITE_KEY" data-consent="required"></script>
// Browser/minify.py makes the file that is served from this one.
(function (w, d, n) {
  if (w.dangol && w.dangol.track) return;
  var script = d.currentScript, o = script ? script.dataset : {}, host = o.host || (script ? new URL(script.src).origin : '');
  var limit = 500, timer, sending, wait = 1e3, held = [], memory = {};
  // Storage may be forbidden: then everything lives as long as the page.
  function load(k) { try { return JSON.parse(localStorage.getItem('dangol.' + k)) } catch (e) { return memory[k] } }
  function save(k, v) {
    memory[k] = v;
    try { v == null ? localStorage.removeItem('dangol.' + k) : localStorage.setItem('dangol.' + k, JSON.stringify(v)) } catch (e) {}
  }
  function id() {
    return crypto.randomUUID ? crypto.randomUUID() : 'x' + Date.now().toString(36) + Math.random().toString(36).slice(2);
  }
  function allowed() { var c = load('consent'); return c == null ? o.consent != 'required' : c }
  function anonymous() { var a = load('anonymousId'); if (!a) save('anonymousId', a = id()); return a }
  function session() {
    var s = load('session'), t = Date.now();
    if (!s || t - s.seen > 18e5) s = { id: id(), start: t, fresh: 1 };
    s.seen = t;
    var fresh = s.fresh;
    delete s.fresh;
    save('session', s);
    if (fresh) track('Session Started');
    return s.id;
  }
  function zone() { try { return Intl.DateTimeFormat().resolvedOptions().timeZone } catch (e) {} }
  function page() { return { url: location.href, path: location.pathname, search: location.search, title: d.title, referrer: d.referrer } }

  function put(type, more, own) {
    if (!allowed() && !own) { if (load('consent') == null && held.length < 50) held.push([type, more]); return }
    var e = {
      type: type, messageId: id(), anonymousId: anonymous(), userId: load('userId') || undefined, timestamp: new Date().toISOString(),
      context: { page: page(), userAgent: n.userAgent, locale: n.language, timezone: zone(), library: { name: 'dangol.js', version: '1' },
        screen: { width: screen.width, height: screen.height } }
    };
    for (var k in more) e[k] = more[k];
    if (!own) e.context.sessionId = session();
    var q = load('queue') || [];
    q.push(e);
    save('queue', q.slice(-limit));
    if (!timer) timer = setTimeout(flush, q.length > 19 ? 0 : wait);
  }
  function body(list) { return JSON.stringify({ writeKey: o.key, sentAt: new Date().toISOString(), batch: list }) }
  // What was sent leaves the queue only once the server has it; message ids make a repetition harmless.
  function done(list) {
    var ids = {};
    list.forEach(function (e) { ids[e.messageId] = 1 });
    save('queue', (load('queue') || []).filter(function (e) { return !ids[e.messageId] }));
  }
  function flush() {
    clearTimeout(timer);
    timer = 0;
    var list = (load('queue') || []).slice(0, 50);
    if (!list.length || sending) return;
    sending = 1;
    fetch(host + '/v1/batch', { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: body(list), keepalive: list.length < 20, credentials: 'omit' })
      .then(function (r) { if (r.status == 429 || r.status > 499) throw r; done(list); wait = 1e3 })
      .catch(function () { wait = Math.min(wait * 2, 6e4) })
      .then(function () { sending = 0; if ((load('queue') || []).length && !timer) timer = setTimeout(flush, wait) });
  }
  // Nobody says whether a beacon arrived, so its events stay in the queue for the next page, which sends them again.
  function leave() {
    vitals();
    var list = (load('queue') || []).slice(-40);
    if (list.length && n.sendBeacon) n.sendBeacon(host + '/v1/batch', body(list));
  }

  function track(event, properties) { put('track', { event: event, properties: properties }) }
  function view() {
    depth = 0;
    put('page', { name: d.title, properties: page() });
  }

  // Largest contentful paint, layout shift (in session windows) and interaction to next paint, once a page load.
  var lcp, cls = 0, shift = 0, first = 0, last = 0, inp = 0, told;
  function watch(type, f, more) {
    try { new PerformanceObserver(function (l) { l.getEntries().forEach(f) }).observe(Object.assign({ type: type, buffered: true }, more)) } catch (e) {}
  }
  watch('largest-contentful-paint', function (e) { lcp = e.startTime });
  watch('layout-shift', function (e) {
    if (e.hadRecentInput) return;
    shift = e.startTime - last < 1e3 && e.startTime - first < 5e3 ? shift + e.value : (first = e.startTime, e.value);
    last = e.startTime;
    cls = Math.max(cls, shift);
  });
  watch('event', function (e) { if (e.interactionId) inp = Math.max(inp, e.duration) }, { durationThreshold: 40 });
  function vitals() {
    if (told || lcp == null) return;
    told = 1;
    track('Web Vitals Measured', { lcp: Math.round(lcp), cls: Math.round(cls * 1e4) / 1e4, inp: inp ? Math.round(inp) : undefined });
  }

  // <button data-dangol-event="Added" data-dangol-sku="7">
  function on(type, f, t) { (t || d).addEventListener(type, f, true) }
  on('click', function (e) {
    var t = e.target.closest && e.target.closest('[data-dangol-event]'), p = {};
    if (!t) return;
    for (var k in t.dataset) if (/^dangol./.test(k) && k != 'dangolEvent') p[k[6].toLowerCase() + k.slice(7)] = t.dataset[k];
    track(t.dataset.dangolEvent, p);
  });
  // <form data-dangol-form="Sign Up">: which field was reached, never what was written.
  function step(e, name) {
    var t = e.target, f = t && (t.form || t), form = f && f.dataset && f.dataset.dangolForm, seen;
    if (!form) return;
    seen = f.dangolSeen = f.dangolSeen || {};
    if (name || (t.name && !seen[t.name] && (seen[t.name] = 1)))
      track(name || 'Form Step Completed', { form: form, field: name ? undefined : t.name, step: Object.keys(seen).length });
  }
  on('change', function (e) { step(e) });
  on('submit', function (e) { step(e, 'Form Submitted') });
  var depth = 0;
  on('scroll', function () {
    var h = d.documentElement, p = Math.floor((w.scrollY + w.innerHeight) / h.scrollHeight * 4) * 25;
    if (p > depth && h.scrollHeight > w.innerHeight) { depth = p; track('Page Scrolled', { depth: Math.min(p, 100) }) }
  }, w);

  // Single-page applications change the address without loading.
  var path = location.href.split('#')[0];
  function moved() { var p = location.href.split('#')[0]; if (p != path) { path = p; setTimeout(view) } }
  ['pushState', 'replaceState'].forEach(function (k) {
    var f = history[k];
    history[k] = function () { var r = f.apply(this, arguments); moved(); return r };
  });
  on('popstate', moved, w);
  on('visibilitychange', function () { if (d.visibilityState == 'hidden') leave() });
  on('pagehide', leave, w);
  on('online', flush, w);

  w.dangol = {
    track: track, page: view, flush: flush,
    identify: function (user, traits) { save('userId', user); put('identify', { traits: traits }) },
    group: function (group, traits) { put('group', { groupId: group, traits: traits }) },
    reset: function () { ['userId', 'anonymousId', 'session'].forEach(function (k) { save(k) }) },
    consent: function (yes) {
      save('consent', !!yes);
      var list = held;
      held = [];
      if (yes) list.forEach(function (e) { put(e[0], e[1]) });
      else save('queue');
      put('track', { event: 'Consent Changed', properties: { purpose: 'tracking', granted: !!yes } }, 1);
    }
  };
  view();
  if ((load('queue') || []).length) flush();
})(window, document, navigator);
