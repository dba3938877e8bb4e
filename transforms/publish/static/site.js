// Makes a chart live when it is pointed at: the pre-rendered SVG is exchanged for the same chart
// with tooltips. Without this file the page is whole; nothing is loaded and nothing is stored.
(function () {
  "use strict";
  if (typeof echarts === "undefined" || typeof kuulolla === "undefined") { return; }
  var words = JSON.parse(document.getElementById("chart-words").textContent);
  words.font = getComputedStyle(document.body).fontFamily;
  var live = [];

  function shown(box) {
    return Array.prototype.find.call(box.querySelectorAll(".drawing"), function (drawing) {
      return drawing.offsetWidth > 0;
    });
  }

  function wake(box) {
    if (box.dataset.live) { return; }
    var still = shown(box);
    if (!still) { return; }
    var option = JSON.parse(box.querySelector("script").textContent);
    var size = still.getBoundingClientRect();
    var stage = document.createElement("div");
    stage.className = "stage";
    stage.style.height = size.height + "px";
    box.dataset.live = "1";
    box.appendChild(stage);
    var chart = echarts.init(stage, null, { renderer: "svg" });
    chart.setOption(kuulolla.revive(option, words, size.width));
    live.push({ box: box, chart: chart, stage: stage });
  }

  function sleep() {
    live.forEach(function (entry) {
      entry.chart.dispose();
      entry.stage.remove();
      delete entry.box.dataset.live;
    });
    live = [];
  }

  document.querySelectorAll(".chart").forEach(function (box) {
    box.addEventListener("pointerenter", function () { wake(box); });
  });
  window.addEventListener("resize", sleep);
  window.addEventListener("beforeprint", sleep);
})();
