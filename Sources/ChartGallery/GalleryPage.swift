import MarkupWriter
import SVGChart
import Wording

/// The gallery as files: a page in each language with a style sheet, and every chart as a picture of its own.
public enum GalleryPage {
  /// Path and bytes of every file, in order.
  ///
  /// - Throws: `ChartError` where a chart can't be drawn, which is a mistake of the gallery.
  public static func files() throws(ChartError) -> [(path: String, bytes: [UInt8])] {
    var files = [(path: "style.css", bytes: Array((ChartStyleSheet.css + style + "\n").utf8))]
    for language in Language.allCases {
      files.append((path(language), Array(try html(language).text.utf8)))
      for entry in ChartGallery.entries {
        files.append((picture(entry, language), try entry.chart.standaloneSVG(language: language)))
      }
    }
    return files
  }

  static func path(_ language: Language) -> String { language == .english ? "index.html" : "zh.html" }

  static func picture(_ entry: GalleryEntry, _ language: Language) -> String {
    entry.id + (language == .english ? ".svg" : ".zh.svg")
  }

  private static let title = LocalText("Chart gallery", "图表一览")

  private static let introduction = LocalText(
    "Every layer, scale and form that the figures of experiments are made of. The program that draws notes made this page: notebook gallery.",
    "实验配图所用的全部图层、刻度和形式。本页由绘制笔记的同一个程序生成：notebook gallery。")

  private static let style = """
    :root{color-scheme:light dark}
    body{margin:0 auto;max-width:46rem;padding:1.5rem 1.25rem 4rem;background:var(--ch-bg);color:var(--ch-ink);\
    font:1rem/1.6 \(ChartStyleSheet.fontStack)}
    h1{font-size:1.75rem;line-height:1.25;margin:1rem 0 .5rem}
    h2{font-size:1.25rem;line-height:1.35;margin:3.5rem 0 .25rem;padding-top:1rem;border-top:1px solid var(--ch-grid)}
    p{margin:.5rem 0}
    .shows,.file{color:var(--ch-muted);font-size:.9375rem}
    nav ul{columns:14rem;padding-left:1.1rem;margin:1rem 0}
    nav li{break-inside:avoid}
    a{color:inherit;text-underline-offset:.2em}
    @media print{h2{break-after:avoid}}
    """

  /// The page in one language.
  public static func html(_ language: Language) throws(ChartError) -> RawMarkup {
    var writer = MarkupWriter()
    writer.raw(RawMarkup(trusted: "<!doctype html>\n"))
    writer.open("html", ["lang": language.tag])
    writer.open("head")
    writer.void("meta", ["charset": "utf-8"])
    writer.void("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
    writer.element("title", text: title[language])
    writer.void("meta", ["name": "description", "content": introduction[language]])
    writer.void("link", ["rel": "stylesheet", "href": "style.css"])
    writer.close("head")
    writer.newline()
    writer.open("body")
    writer.open("main")
    writer.element("h1", text: title[language])
    writer.element("p", text: introduction[language])
    let other: Language = language == .english ? .chinese : .english
    writer.open("p")
    writer.element(
      "a", ["href": path(other), "hreflang": other.tag, "lang": other.tag],
      text: other == .english ? "This page in English" : "本页的中文版")
    writer.close("p")
    writer.newline()
    writer.open("nav", ["aria-label": title[language]])
    writer.open("ul")
    for entry in ChartGallery.entries {
      writer.open("li")
      writer.element("a", ["href": "#" + entry.id], text: entry.heading[language])
      writer.close("li")
    }
    writer.close("ul")
    writer.close("nav")
    writer.newline()
    for (index, entry) in ChartGallery.entries.enumerated() {
      writer.element("h2", ["id": entry.id], text: entry.heading[language])
      writer.element("p", ["class": "shows"], text: entry.shows[language])
      writer.newline()
      writer.raw(
        try entry.chart.figureHTML(
          ordinal: index + 1, language: language, options: FigureOptions(downloadName: "\(entry.id).csv")))
      writer.open("p", ["class": "file"])
      let words = LocalText("This figure as an SVG file: ", "此图的 SVG 文件：")
      writer.text(words[language])
      writer.element("a", ["href": picture(entry, language)], text: picture(entry, language))
      writer.close("p")
      writer.newline()
    }
    writer.close("main")
    writer.close("body")
    writer.close("html")
    writer.newline()
    return writer.markup
  }
}
