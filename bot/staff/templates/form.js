(function () {
  var form = document.getElementById('form'), state = document.getElementById('state');
  if (!form || !window.FormData || !form.addEventListener) return;
  var changed = {}, timer = 0, busy = false, stale = false, gone = false, composing = false, last = null;
  function each(fn) { Array.prototype.forEach.call(form.elements, fn); }
  function data() {
    var d = new FormData();
    d.append('what', 'auto');
    each(function (e) {
      if (!e.name || e.type === 'file' || e.tagName === 'BUTTON') return;
      if ((e.type === 'radio' || e.type === 'checkbox') && !e.checked) return;
      d.append(e.name, e.value);
    });
    return d;
  }
  function later(ms) { clearTimeout(timer); timer = setTimeout(save, ms); }
  function post(d, then) {
    var x = new XMLHttpRequest();
    busy = true;
    x.open('POST', form.action);
    x.setRequestHeader('Accept', 'application/json');
    x.timeout = 120000;
    x.onload = function () {
      busy = false;
      var said = null;
      try { said = JSON.parse(x.responseText); } catch (e) { said = null; }
      if (!said) return lost(then);
      state.textContent = said.state;
      if (said.gone) { gone = true; return; }
      then(said);
    };
    x.onerror = x.ontimeout = function () { busy = false; lost(then); };
    x.send(d);
  }
  function lost(then) { state.textContent = form.getAttribute('data-lost'); then(null); later(4000); }
  function save() {
    if (busy || composing) return later(1500);
    if (gone) return;
    var sent = changed, any = false, name;
    for (name in sent) any = true;
    if (!any) return photos();
    changed = {};
    post(data(), function (said) {
      for (name in sent) if (!said || said.wrong.indexOf(name.slice(name.indexOf('.') + 1)) >= 0) changed[name] = 1;
      if (!said) return;
      for (name in said.found) offer(document.getElementById('q-' + name), said.found[name]);
      if (said.fresh) stale = true; else form.elements.was.value = said.was;
      fresh();
      photos();
    });
  }
  function offer(list, found) {
    if (!list) return;
    while (list.options.length > 1) list.remove(1);
    found.forEach(function (each) { list.add(new Option(each[1], each[0])); });
    if (found.length === 1) list.value = found[0][0];
  }
  function aside(box, list) {
    if (!list) return;
    if (list.value) box.chosen = list.value;
    list.value = box.value ? '' : box.chosen || '';
  }
  function photos() {
    var next = null;
    each(function (e) { if (!next && e.type === 'file' && e.files && e.files.length) next = e; });
    if (!next || busy || gone) return;
    var files = Array.prototype.slice.call(next.files), name = next.name;
    (function one() {
      var file = files.shift();
      if (!file) { next.value = ''; return fresh(); }
      var d = data();
      d.append(name, file);
      state.textContent = form.getAttribute('data-saving');
      post(d, function (said) {
        if (!said) return;
        var there = document.querySelector('[data-there="' + name + '"]');
        if (there) there.textContent = (said.photos[name.slice(5)] || '') + (said.trouble ? ' ' + said.trouble : '');
        one();
      });
    })();
  }
  function typing() {
    var a = document.activeElement;
    return composing || a && a === last && form.contains(a) && (a.tagName === 'TEXTAREA' || (a.tagName === 'INPUT' && !/radio|checkbox|file/.test(a.type)));
  }
  function fresh() {
    if (!stale || busy || typing()) return;
    var x = new XMLHttpRequest();
    x.open('GET', form.action);
    x.responseType = 'document';
    x.onload = function () {
      var came = x.response && x.response.getElementById('questions'), old = document.getElementById('questions');
      if (!came || busy || typing()) return;
      stale = false;
      var keep = [], at = document.activeElement, id = at && at.id, name = at && at.name, value = at && at.value, top = at && at.getBoundingClientRect().top;
      each(function (e) { if (e.name && (changed[e.name] || (e.type === 'file' && e.files && e.files.length))) keep.push(e); });
      var shut = document.getElementById('filled'), open = shut && shut.open;
      old.parentNode.replaceChild(document.adoptNode(came), old);
      if (open && document.getElementById('filled')) document.getElementById('filled').open = true;
      keep.forEach(function (e) {
        each(function (n) {
          if (n.name !== e.name || n === e) return;
          if (e.type === 'file') n.parentNode.replaceChild(e, n);
          else if (e.type === 'radio' || e.type === 'checkbox') { if (n.value === e.value) n.checked = e.checked; }
          else n.value = e.value;
        });
      });
      var again = id && document.getElementById(id);
      each(function (n) { if (!again && name && n.name === name && n.value === value) again = n; });
      if (!again) return;
      again.focus({ preventScroll: true });
      window.scrollBy(0, again.getBoundingClientRect().top - top);
    };
    x.send();
  }
  function touched(e) {
    var t = e.target;
    if (!t.name) return;
    last = t;
    if (t.type === 'file') return later(0);
    changed[t.name] = 1;
    if (t.name.slice(0, 2) === 't.' && t.value) each(function (n) {
      if (n.name === 'q.' + t.name.slice(2) && n.type === 'radio' && n.value.charAt(0) === '~') { n.checked = true; changed[n.name] = 1; }
    });
    if (t.name.slice(0, 2) === 's.' && e.type === 'input') aside(t, document.getElementById('q-' + t.name.slice(2)));
    later(e.type === 'change' ? 300 : 2500);
  }
  form.addEventListener('input', touched);
  form.addEventListener('change', touched);
  form.addEventListener('compositionstart', function () { composing = true; });
  form.addEventListener('compositionend', function () { composing = false; });
  form.addEventListener('focusout', function () { setTimeout(fresh, 200); });
  form.addEventListener('submit', function () { gone = true; clearTimeout(timer); });
  window.addEventListener('pageshow', function (e) { if (e.persisted) location.reload(); });
  window.addEventListener('pagehide', function () {
    for (var name in changed) if (!gone && navigator.sendBeacon) return navigator.sendBeacon(form.action, data());
  });
})();
