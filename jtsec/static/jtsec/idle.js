// Warns before a session ends because nothing happens, and offers to stay.
// Without this file the page leads to the login page when the time is up.
(function () {
  "use strict";

  var form = document.getElementById("jtsec-idle");
  if (!form) {
    return;
  }
  var seconds = Number(form.dataset.seconds);
  var warn = Number(form.dataset.warn);
  var left = form.querySelector("[data-left]");
  var MARK = "jtsec-last-request";
  var last = Date.now();

  function remember() {
    last = Date.now();
    // Other pages of the same session are alive as well.
    try {
      window.localStorage.setItem(MARK, String(last));
    } catch (error) {
      // A browser that keeps nothing counts for each page alone.
    }
  }

  function look() {
    var remaining = seconds - Math.floor((Date.now() - last) / 1000);
    if (remaining <= 0) {
      window.location.assign(form.dataset.login);
      return;
    }
    form.hidden = remaining > warn;
    left.textContent =
      Math.floor(remaining / 60) + ":" + String(remaining % 60).padStart(2, "0");
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      credentials: "same-origin",
      redirect: "manual",
    }).then(function (response) {
      if (response.ok) {
        remember();
        look();
      } else {
        window.location.assign(form.dataset.login);
      }
    });
  });

  window.addEventListener("storage", function (event) {
    if (event.key === MARK && Number(event.newValue) > last) {
      last = Number(event.newValue);
      look();
    }
  });

  remember();
  look();
  window.setInterval(look, 1000);
})();
