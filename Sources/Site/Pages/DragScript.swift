/// The one script a site may have: lets readers drag the scale of a row of weights. Pages are complete without it.
enum DragScript {
  /// Its path in the output, beside the pages.
  static let path = "drag.js"

  /// Reads the scores that a figure carries, puts a slider beside its radio buttons, and redraws the bars of the first
  /// frame in both layouts as softmax(scores / (c√d)).
  ///
  /// The bars' places and the two ends of the y axis, 0 and 1, are read from the paths that are drawn already.
  static let text = """
    "use strict";
    for (const figure of document.querySelectorAll("figure[data-scores]")) {
      const scores = figure.dataset.scores.split(" ").map(Number);
      const root = Math.sqrt(Number(figure.dataset.dimension));
      const [words, largest, keys] = figure.dataset.words.split("|");
      const pictures = [...figure.querySelectorAll(".p1 svg")].map((svg) => {
        const path = svg.querySelector(".s path");
        const grid = svg.querySelector(".g").getAttribute("d").match(/M[\\d.]+ ([\\d.]+)/g).map((m) => +m.split(" ")[1]);
        const bars = path.getAttribute("d").match(/M[\\d.]+ [\\d.]+h[\\d.]+/g).map((m) => m.match(/[\\d.]+/g).map(Number));
        return { path, drawn: path.getAttribute("d"), zero: Math.max(...grid), one: Math.min(...grid), bars };
      });
      const slider = Object.assign(document.createElement("input"), { type: "range", min: -4, max: 4, step: 0.05, value: 0 });
      const output = document.createElement("output");
      const label = document.createElement("label");
      label.className = "drag";
      label.append(words + " ", slider, output);
      figure.querySelector(".frame-picker").append(label);
      slider.addEventListener("input", () => {
        const c = 2 ** slider.value;
        const top = Math.max(...scores);
        const weights = scores.map((score) => Math.exp((score - top) / (c * root)));
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        const shares = weights.map((weight) => weight / total);
        const entropy = shares.reduce((sum, p) => sum - (p > 0 ? p * Math.log(p) : 0), 0);
        for (const { path, zero, one, bars } of pictures) {
          path.setAttribute("d", bars.map(([x, , width], key) => {
            const height = (zero - one) * shares[key];
            return `M${x} ${(zero - height).toFixed(1)}h${width}v${height.toFixed(1)}h-${width}z`;
          }).join(""));
        }
        const text = `${c.toFixed(2)}√d · ${largest} ${Math.max(...shares).toFixed(3)} · ${keys} ${Math.exp(entropy).toFixed(2)}`;
        slider.setAttribute("aria-valuetext", text);
        output.textContent = text;
        figure.classList.add("dragged");
        for (const radio of figure.querySelectorAll("[type=radio]")) radio.checked = false;
      });
      figure.querySelector(".frame-picker").addEventListener("change", (event) => {
        if (event.target.type !== "radio") return;
        figure.classList.remove("dragged");
        output.textContent = "";
        for (const { path, drawn } of pictures) path.setAttribute("d", drawn);
      });
    }

    """
}
