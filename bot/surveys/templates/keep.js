(function () {
  var form = document.getElementById('answers'), key = 'gukebot ' + location.pathname, kept = null, given = null;
  try { kept = window.sessionStorage; given = JSON.parse(kept.getItem(key) || 'null'); } catch (e) { return; }
  if (!kept) return;
  if (!form) { kept.removeItem(key); return; }
  function each(fn) {
    Array.prototype.forEach.call(form.elements, function (e) { if (/^[gt]\./.test(e.name)) fn(e); });
  }
  var typed = false;
  each(function (e) { if (e.type === 'radio' ? e.checked : e.value) typed = true; });
  if (given && !typed) each(function (e) {
    if (e.type === 'radio') e.checked = given[e.name] === e.value;
    else if (typeof given[e.name] === 'string') e.value = given[e.name];
  });
  function keep() {
    var now = {};
    each(function (e) { if (e.type === 'radio' ? e.checked : e.value) now[e.name] = e.value; });
    try { kept.setItem(key, JSON.stringify(now)); } catch (e) { return; }
  }
  form.addEventListener('input', keep);
  form.addEventListener('change', keep);
})();
