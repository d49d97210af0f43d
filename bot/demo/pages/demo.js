// Sends the page's forms without leaving it, puts in what changed, and plays the tour's next step after a moment.
"use strict";

(() => {
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const MOMENT = { say: 1500, clock: 1200, forward: 1100, photo: 1000, tap: 850 };
  let busy = false;
  let playing = false;
  let waiting = 0;
  let sent = null;

  const parts = (root) => [...root.querySelectorAll("[data-part]")];
  const same = (one, other) => one.isEqualNode(other);

  async function post(place, fields) {
    busy = true;
    document.body.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(place, {
        method: "POST",
        headers: { "X-Part": "house" },
        body: new URLSearchParams(fields),
      });
      if (!answer.ok) {
        location.reload();
        return;
      }
      show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } finally {
      busy = false;
      document.body.removeAttribute("aria-busy");
    }
  }

  function show(fresh) {
    const language = fresh.documentElement.lang;
    if (language) document.documentElement.lang = language;
    for (const part of parts(fresh)) {
      const name = part.dataset.part;
      const old = document.querySelector(`[data-part="${name}"]`);
      if (!old || same(old, part)) continue;
      replace(old, document.importNode(part, true));
    }
    follow();
  }

  function replace(old, fresh) {
    const focus = old.contains(document.activeElement) ? document.activeElement : null;
    const typed = old.querySelector("input[type=text]");
    const last = Number(old.querySelector(".chat")?.dataset.last || 0);
    const whose = old.querySelector("select")?.value;
    old.replaceWith(fresh);
    const input = fresh.querySelector("input[type=text]");
    // what somebody was typing stays; what was sent, or stood there for the tour, does not
    if (typed && input && !input.value && typed.value !== typed.defaultValue && typed !== sent) input.value = typed.value;
    if (whose === fresh.querySelector("select")?.value) {
      for (const bubble of fresh.querySelectorAll("li[data-id]")) {
        bubble.classList.toggle("arrives", Number(bubble.dataset.id) > last);
      }
    }
    toTheEnd(fresh);
    if (focus) refocus(focus, fresh);
  }

  // whoever works with the keyboard stays where they were, or at what can be tapped now
  function refocus(before, fresh) {
    const twin = before.id
      ? fresh.querySelector(`#${CSS.escape(before.id)}`)
      : [...fresh.querySelectorAll(before.localName)].find((each) => each.name === before.name && each.value === before.value);
    const now = twin || fresh.querySelector(".chat li:last-child .taps button") || fresh.querySelector(".chat");
    if (now) now.focus({ preventScroll: true });
  }

  function toTheEnd(part) {
    const chat = part.querySelector(".chat");
    if (!chat) return;
    chat.scrollTop = chat.scrollHeight;
    // charts are read from the first one down
    const last = chat.querySelector("ol > li:last-child");
    if (last && last.querySelector(".charts")) chat.scrollTop += last.getBoundingClientRect().top - chat.getBoundingClientRect().top - 8;
    const next = chat.querySelector(".next");
    if (next) chat.scrollTop += Math.min(0, next.getBoundingClientRect().top - chat.getBoundingClientRect().top - 60);
  }

  // a picture that comes late has pushed everything out of place
  document.addEventListener("load", (event) => {
    const phone = event.target instanceof HTMLImageElement && event.target.closest(".phone");
    if (phone) toTheEnd(phone);
  }, true);

  // the tour goes on by itself while it was started on this page
  function follow() {
    clearTimeout(waiting);
    const tour = document.getElementById("tour");
    const next = tour && tour.dataset.next;
    if (!next) {
      playing = false;
      return;
    }
    if (!playing) return;
    const button = tour.querySelector("button");
    button.textContent = button.dataset.going;
    waiting = setTimeout(() => step("no"), still.matches ? 20 : MOMENT[next] || 800);
  }

  function step(whole) {
    const form = document.querySelector("#tour form");
    post("/do/tour", { token: form.elements.token.value, whole });
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    if (!(form instanceof HTMLFormElement) || form.method !== "post") return;
    event.preventDefault();
    if (busy) return;
    clearTimeout(waiting);
    const place = (button && button.getAttribute("formaction")) || form.getAttribute("action");
    if (place === "/do/tour") {
      const whole = playing ? "yes" : "no";
      playing = true;
      step(whole);
      return;
    }
    playing = false;
    const fields = new FormData(form);
    if (button && button.name) fields.set(button.name, button.value);
    sent = place === "/do/say" && !(button && button.name) ? form.querySelector("input[type=text]") : null;
    post(place, fields);
  });

  document.addEventListener("change", (event) => {
    if (event.target instanceof HTMLSelectElement) event.target.form.requestSubmit();
  });

  // what lies on a phone counts as read once somebody turns to it
  document.addEventListener("pointerdown", (event) => {
    const chat = event.target instanceof Element && event.target.closest(".chat");
    if (!chat || busy || playing || event.target.closest("button, a")) return;
    const phone = chat.closest(".phone");
    if (!phone.querySelector(".who .badge")) return;
    const form = phone.querySelector(".who");
    post("/do/read", { token: form.elements.token.value, phone: phone.dataset.phone });
  });

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const zoom = document.getElementById("zoom");
    const picture = target && target.closest("a.picture");
    if (picture && zoom) {
      event.preventDefault();
      const image = zoom.querySelector("img");
      image.src = picture.href;
      image.alt = picture.querySelector("img").alt;
      zoom.querySelector("figcaption").textContent = picture.dataset.caption;
      zoom.showModal();
    } else if (zoom && (target === zoom || (target && target.closest("[data-close]")))) {
      zoom.close();
    }
    for (const album of document.querySelectorAll("details.album[open]")) {
      if (!album.contains(target)) album.open = false;
    }
  });

  // back from a customer's page: what was done there is seen here
  document.addEventListener("visibilitychange", () => {
    const form = document.querySelector("#tour form");
    if (!document.hidden && form && !busy && !playing) post("/do/look", { token: form.elements.token.value });
  });

  async function getReady() {
    const answer = await fetch("/progress");
    const state = await answer.json();
    document.getElementById("what").textContent = state.what;
    document.querySelector("progress").value = state.done;
    if (state.ready) location.reload();
    else setTimeout(getReady, 250);
  }

  parts(document).forEach(toTheEnd);
  if (document.querySelector("[data-wait]")) getReady();
})();
