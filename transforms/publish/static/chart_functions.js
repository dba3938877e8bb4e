// Functions that a chart's option names as "fn:…", shared by the build (V8) and the browser.
// An option stays plain JSON; kuulolla.revive(option, words, width) puts the functions in.
var kuulolla = (function () {
  "use strict";

  function grouped(text, mark) {
    return text.replace(/\B(?=(\d{3})+(?!\d))/g, mark);
  }

  function number(value, decimals, words) {
    var parts = Math.abs(value).toFixed(decimals).split(".");
    var sign = value < 0 && Number(value.toFixed(decimals)) !== 0 ? "\u2212" : "";
    var whole = grouped(parts[0], words.thousands);
    return sign + whole + (parts[1] ? words.decimal + parts[1] : "");
  }

  function duration(hours, words) {
    var gap = "\u00a0";
    if (hours === 0) { return "0"; }
    if (hours < 1) { return number(hours * 60, 0, words) + gap + words.minute; }
    var whole = Math.round(hours);
    if (whole < 24) { return whole + gap + words.hour; }
    var days = Math.floor(whole / 24);
    if (days >= 10) { return number(hours / 24, 0, words) + gap + words.day; }
    var rest = whole % 24;
    return days + gap + words.day + (rest ? gap + rest + gap + words.hour : "");
  }

  function write(value, form, words) {
    if (value === null || value === undefined) { return ""; }
    if (form === "share") { return number(value * 100, 0, words) + words.percent; }
    if (form === "duration") { return duration(value, words); }
    if (form === "decimal") { return number(value, 1, words); }
    if (form === "ratio") { return number(value, 2, words); }
    if (form === "points" || form === "points_axis") {
      var sign = Math.round(value * 100) > 0 ? "+" : "";
      var unit = form === "points" ? "\u00a0" + words.points : "";
      return sign + number(value * 100, 0, words) + unit;
    }
    if (form === "days") { return number(value, 0, words) + "\u00a0" + words.day; }
    if (form === "count") { return number(value, 0, words); }
    return String(value);
  }

  function monthTick(value, words, width) {
    var year = value.slice(0, 4);
    if (value.length === 4) { return year; }
    var month = Number(value.slice(5, 7));
    if (month === 1) { return year; }
    return width < 460 ? "" : words.monthsShort[month - 1];
  }

  function isMonthShown(value, width) {
    if (value.length === 4) { return true; }
    var month = Number(value.slice(5, 7));
    return width < 460 ? month === 1 : month % 3 === 1;
  }

  function head(value, words) {
    if (!/^\d{4}-\d{2}/.test(value)) { return String(value); }
    var month = words.months[Number(value.slice(5, 7)) - 1] + " " + value.slice(0, 4);
    if (value.length === 7) { return month; }
    return Number(value.slice(8, 10)) + "." + Number(value.slice(5, 7)) + "." + value.slice(0, 4);
  }

  // Lines of a tooltip: name of the column and its value, as DOM nodes, never as HTML text.
  function tooltip(spec, words) {
    return function (params) {
      var first = Array.isArray(params) ? params[0] : params;
      var row = first && first.data;
      if (!Array.isArray(row)) { return ""; }
      var box = document.createElement("div");
      var title = document.createElement("strong");
      title.textContent = head(String(row[0]), words);
      box.appendChild(title);
      spec.forEach(function (entry) {
        var line = document.createElement("div");
        var gap = entry.gaps[String(first.dataIndex)];
        var text = gap ? words.gaps[gap] : write(row[entry.column], entry.form, words);
        line.textContent = entry.label + ": " + text;
        box.appendChild(line);
      });
      return box;
    };
  }

  // A band between two columns of the dataset, broken where either is missing.
  // An upper end that is not known is drawn to the top of the chart.
  function band(low, high, fill, edge) {
    return function (params, api) {
      if (params.dataIndex !== 0) { return null; }
      var top = params.coordSys.y;
      var shapes = [];
      var upper = [];
      var lower = [];
      function close() {
        if (upper.length > 0) {
          shapes.push({
            type: "polygon",
            shape: { points: upper.concat(lower.reverse()) },
            style: { fill: fill, stroke: edge, lineWidth: 1 }
          });
        }
        upper = [];
        lower = [];
      }
      for (var i = 0; i < params.dataInsideLength; i += 1) {
        var from = api.value(low, i);
        var to = api.value(high, i);
        if (typeof from !== "number" || isNaN(from)) { close(); continue; }
        var at = api.coord([api.value(0, i), from]);
        var end = typeof to !== "number" || isNaN(to) ? top : api.coord([api.value(0, i), to])[1];
        lower.push(at);
        upper.push([at[0], Math.max(end, top)]);
      }
      close();
      return { type: "group", children: shapes, silent: true };
    };
  }

  // A horizontal interval of one row, behind its dot.
  function whisker(low, high, stroke) {
    return function (params, api) {
      var from = api.value(low);
      var to = api.value(high);
      if (typeof from !== "number" || isNaN(from) || typeof to !== "number" || isNaN(to)) {
        return null;
      }
      var y = api.coord([from, api.value(0)])[1];
      return {
        type: "line",
        silent: true,
        shape: { x1: api.coord([from, 0])[0], y1: y, x2: api.coord([to, 0])[0], y2: y },
        style: { stroke: stroke, lineWidth: 3, lineCap: "round" }
      };
    };
  }

  // A thin upright line at one value of the axis, behind everything: what a value is held against.
  function rule(value, stroke) {
    return function (params, api) {
      if (params.dataIndex !== 0) { return null; }
      var x = api.coord([value, api.value(0)])[0];
      var box = params.coordSys;
      return {
        type: "line",
        silent: true,
        shape: { x1: x, y1: box.y, x2: x, y2: box.y + box.height },
        style: { stroke: stroke, lineWidth: 1.5 }
      };
    };
  }

  function named(text, words, width) {
    var parts = text.slice(3).split("|");
    var name = parts[0];
    if (name === "month") { return function (v) { return monthTick(v, words, width); }; }
    if (name === "months") { return function (i, v) { return isMonthShown(v, width); }; }
    if (name === "form") { return function (v) { return write(v, parts[1], words); }; }
    if (name === "value") {
      return function (p) {
        var v = p.data[Number(parts[1])];
        return v === null ? "" : write(v, parts[2], words);
      };
    }
    // A live chart measures its texts and needs the family's real name; a drawing takes the page's.
    if (name === "font") { return words.font || "var(--sans)"; }
    if (name === "width") { return Math.round(width * Number(parts[1])); }
    if (name === "band") { return band(Number(parts[1]), Number(parts[2]), parts[3], parts[4]); }
    if (name === "rule") { return rule(Number(parts[1]), parts[2]); }
    if (name === "whisker") { return whisker(Number(parts[1]), Number(parts[2]), parts[3]); }
    throw new Error("unknown chart function " + name);
  }

  function walk(node, words, width) {
    if (typeof node === "string") {
      return node.slice(0, 3) === "fn:" ? named(node, words, width) : node;
    }
    if (Array.isArray(node)) {
      return node.map(function (part) { return walk(part, words, width); });
    }
    if (node !== null && typeof node === "object") {
      var copy = {};
      Object.keys(node).forEach(function (key) {
        copy[key] = key === "data" ? node[key] : walk(node[key], words, width);
      });
      return copy;
    }
    return node;
  }

  // Data are not instructions: dataset and data are never walked, so no text becomes a function.
  function revive(option, words, width) {
    var dataset = option.dataset;
    var tips = option.kuulollaTooltip;
    var rest = Object.assign({}, option);
    delete rest.dataset;
    delete rest.kuulollaTooltip;
    var live = walk(rest, words, width);
    live.dataset = dataset;
    if (tips && typeof document !== "undefined") {
      live.tooltip = Object.assign({}, live.tooltip, { formatter: tooltip(tips, words) });
    }
    return live;
  }

  function render(option, words, width, height) {
    var chart = echarts.init(null, null, {
      renderer: "svg", ssr: true, width: width, height: height
    });
    chart.setOption(revive(option, words, width));
    var svg = chart.renderToSVGString();
    chart.dispose();
    return svg;
  }

  return { revive: revive, render: render };
})();
