/// The style of every chart of a page.
public enum ChartStyleSheet {
  /// Latin fonts first, so that `×`, `√` and `·` are not drawn as full-width Chinese glyphs; all are as wide as Arial.
  public static let fontStack =
    "Arial,Helvetica,\"Liberation Sans\",\"PingFang SC\",\"Microsoft YaHei\",\"Noto Sans CJK SC\",sans-serif"

  /// Put into a page once, before its first chart.
  ///
  /// Colours are the custom properties `--ch-…`, which a site may set itself. They follow the reader's system, and a
  /// control with the id `theme-dark` or `theme-light` where the page has one that is checked. Print is always light.
  public static let css: String = {
    let light = declarations(.light)
    let dark = declarations(.dark)
    return """
      :root{\(light)}
      @media screen and (prefers-color-scheme:dark){:root{\(dark)}}
      @media screen{:root:has(#theme-dark:checked){\(dark)}:root:has(#theme-light:checked){\(light)}}
      .chart{margin:2rem 0;color:var(--ch-ink);font-family:\(fontStack)}
      .chart figcaption{margin:0 0 .75rem}
      .chart-number{display:block;margin-bottom:.15rem;font-size:.8125rem;line-height:1.4;color:var(--ch-muted)}
      .chart-title{display:block;font-size:1.0625rem;font-weight:600;line-height:1.35;text-wrap:pretty}
      .chart-subtitle{display:block;margin-top:.2rem;font-size:.875rem;line-height:1.45;color:var(--ch-muted)}
      .chart-plot{container-type:inline-size;max-width:46rem}
      .ch{display:block;width:100%;height:auto;overflow:visible;\
      font-family:\(fontStack);font-variant-numeric:tabular-nums}
      .ch-n{display:none;max-width:27rem}
      @container (max-width:612px){.ch-w{display:none}.ch-n{display:block}}
      \(rules)
      .ch .s{transition:opacity .12s}
      .ch:has(.s:hover) .s:not(:hover){opacity:.25}
      .ch text{cursor:default}
      .chart details{margin-top:.75rem;font-size:.8125rem;color:var(--ch-muted)}
      .chart summary{cursor:pointer;width:fit-content;padding:.25rem 0}
      .chart :is(summary,a,.chart-data):focus-visible{outline:2px solid var(--ch-o2);outline-offset:2px}
      .chart-data{max-height:20rem;max-width:100%;overflow:auto;margin:.25rem 0 .5rem;\
      border:1px solid var(--ch-grid);border-radius:4px}
      .chart table{border-collapse:collapse;margin:0;width:auto;min-width:100%;color:var(--ch-ink);\
      font-variant-numeric:tabular-nums}
      .chart caption{padding:.5rem .75rem;text-align:start;color:var(--ch-muted)}
      .chart :is(th,td){padding:.25rem .75rem;text-align:end;font-weight:400;white-space:nowrap;\
      border:0;border-top:1px solid var(--ch-grid);background:none}
      .chart thead th{position:sticky;top:0;background:var(--ch-bg);font-weight:600;vertical-align:bottom}
      .chart tbody th{color:var(--ch-muted)}
      .chart details a{color:inherit}
      .chart-source{margin:.5rem 0 0;font-size:.8125rem;line-height:1.45;color:var(--ch-muted)}
      .frame-picker{display:flex;flex-wrap:wrap;gap:.25rem 1rem;margin:0 0 1rem;padding:0;border:0;\
      font-size:.875rem;line-height:1.45}
      .frame-picker legend{float:left;margin-right:1rem;padding:0;color:var(--ch-muted)}
      .frame-picker label{cursor:pointer}
      .frame-picker input{accent-color:var(--ch-o2);margin:0 .15rem 0 0}
      .frame-picker .drag{display:inline-flex;flex-wrap:wrap;align-items:center;gap:.25rem .5rem}
      .frame-picker .drag input{width:11rem;max-width:60vw}
      .frame-picker output{font-variant-numeric:tabular-nums;color:var(--ch-muted)}
      .framed.dragged .p1{display:block!important}
      .frame-caption{margin:0 0 .75rem}
      .framed.dragged .p1 :is(.frame-caption,details){display:none}
      .frame + .frame{margin-top:2rem}
      @media screen{@supports selector(:has(a)){.framed .frame{display:none;margin-top:0}\
      \(frameRules){display:block}}}
      @media print{.frame-picker{display:none}.framed .frame{break-inside:avoid}}
      @media print{.chart:not(.framed){break-inside:avoid}.chart details{display:none}.ch .s{opacity:1!important}}
      @media (prefers-reduced-motion:reduce){.ch .s{transition:none}}
      @media (forced-colors:active){.ch{forced-color-adjust:none}\
      .ch,.ch :is(.a,.i,.s,.r,.o1,.o2,.o3,.o4,.n1,.n2,.n3,.n4){color:CanvasText}\
      .ch :is(.g,.x,.u){stroke:CanvasText}.ch .g{stroke-opacity:.3}.ch .h{stroke:Canvas}.ch .k{stroke:Canvas}\
      .ch :is(.o2,.n2) .l{stroke-dasharray:8 3}.ch :is(.o3,.n3) .l{stroke-dasharray:3 3}\
      .ch :is(.o4,.n4) .l{stroke-dasharray:8 3 2 3}}

      """
  }()

  /// The most frames that a figure may have: each has a rule of its own in the style sheet.
  public static let mostFrames = 24

  private static let frameRules = (1...mostFrames).map { ".framed:has(.k\($0):checked)>.p\($0)" }
    .joined(separator: ",")

  private static func declarations(_ theme: ChartTheme) -> String {
    theme.properties.map { "--ch-\($0.name):\($0.value)" }.joined(separator: ";")
  }

  /// The rules that name colours; everything else about a mark is a presentation attribute.
  private static var rules: String {
    let scope = ".ch "
    func colour(_ name: String) -> String { "var(--ch-\(name))" }
    var text = ""
    for name in ["o1", "o2", "o3", "o4", "n1", "n2", "n3", "n4"] {
      text += "\(scope).\(name){color:\(colour(name))}"
    }
    for level in ChartTheme.light.levels.indices {
      text += "\(scope).q\(level){stroke:\(colour("q\(level)"))}"
    }
    for level in ChartTheme.light.diverging.indices {
      text += "\(scope).d\(level){stroke:\(colour("d\(level)"))}"
    }
    text += "\(scope).c path,.ch.c path{opacity:1}"
    text += "\(scope).r,\(scope).a,\(scope).u,\(scope).v{color:\(colour("muted"))}"
    text += "\(scope).i{color:\(colour("ink"))}"
    text += "\(scope).g{stroke:\(colour("grid"));stroke-opacity:1}"
    text += "\(scope).x{stroke:\(colour("axis"))}"
    text += "\(scope).h{paint-order:stroke;stroke:\(colour("bg"));stroke-width:3.5px;stroke-linejoin:round}"
    text += "\(scope).k{stroke:\(colour("bg"))}"
    return text
  }
}
