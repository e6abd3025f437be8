import Foundation
import Testing

@testable import SVGChart

struct ThemeTests {
  typealias RGB = [Double]

  static func rgb(_ hex: String) -> RGB {
    let value = Int(hex.dropFirst(), radix: 16) ?? 0
    return [16, 8, 0].map { Double((value >> $0) & 255) / 255 }
  }

  static func linear(_ colour: RGB) -> RGB {
    colour.map { $0 <= 0.04045 ? $0 / 12.92 : pow(($0 + 0.055) / 1.055, 2.4) }
  }

  static func contrast(_ a: String, _ b: String) -> Double {
    func luminance(_ hex: String) -> Double {
      let c = linear(rgb(hex))
      return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]
    }
    let (x, y) = (luminance(a), luminance(b))
    return (max(x, y) + 0.05) / (min(x, y) + 0.05)
  }

  /// Machado, Oliveira and Fernandes (2009), severity 1, on linear sRGB.
  static let vision: [(name: String, matrix: [[Double]])] = [
    ("normal", [[1, 0, 0], [0, 1, 0], [0, 0, 1]]),
    (
      "protan",
      [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    (
      "deutan",
      [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    (
      "tritan",
      [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
  ]

  static func oklab(_ c: RGB) -> RGB {
    let c = c.map { max(0, min(1, $0)) }
    let l = cbrt(0.4122214708 * c[0] + 0.5363325363 * c[1] + 0.0514459929 * c[2])
    let m = cbrt(0.2119034982 * c[0] + 0.6806995451 * c[1] + 0.1073969566 * c[2])
    let s = cbrt(0.0883024619 * c[0] + 0.2817188376 * c[1] + 0.6299787005 * c[2])
    return [
      0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
      1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
      0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s,
    ]
  }

  @Test(arguments: [ChartTheme.light, .dark])
  func `texts have 4.5 to 1 and axis lines 3 to 1`(theme: ChartTheme) {
    for colour in [theme.ink, theme.muted] + theme.ordered + theme.nominal {
      #expect(Self.contrast(colour, theme.background) >= 4.4999, "\(colour)")
    }
    #expect(Self.contrast(theme.axis, theme.background) >= 3)
  }

  @Test(arguments: [ChartTheme.light, .dark])
  func `series differ for every kind of colour vision`(theme: ChartTheme) {
    for palette in [theme.ordered, theme.nominal] {
      for (name, matrix) in Self.vision {
        let seen = palette.map { hex in
          let c = Self.linear(Self.rgb(hex))
          return Self.oklab(matrix.map { row in zip(row, c).map(*).reduce(0, +) })
        }
        for (i, a) in seen.enumerated() {
          for (j, b) in seen.enumerated() where j > i {
            let distance = zip(a, b).map { ($0 - $1) * ($0 - $1) }.reduce(0, +).squareRoot()
            #expect(distance >= 0.09, "\(name) \(palette[i]) \(palette[j]): \(distance)")
          }
        }
      }
    }
  }

  @Test func `the style sheet is balanced, follows the reader and reaches nowhere`() {
    let css = ChartStyleSheet.css
    #expect(css.filter { $0 == "{" }.count == css.filter { $0 == "}" }.count)
    for part in [
      "prefers-color-scheme:dark", "#theme-dark:checked", "@container", "@media print",
      "forced-colors:active",
      "prefers-reduced-motion", ":has(.s:hover)", "focus-visible", "container-type:inline-size",
    ] { #expect(css.contains(part), "\(part)") }
    #expect(!css.contains("url(") && !css.contains("@import") && !css.contains("</"))
    for theme in [ChartTheme.light, .dark] {
      for property in theme.properties { #expect(css.contains("--ch-\(property.name):\(property.value)")) }
    }
  }

  @Test func `keys take the ramp in their order and neighbours always differ`() {
    for role in [ColourRole.ordered, .nominal] {
      for count in 2...(role == .ordered ? 12 : 4) {
        let colours = (0..<count).map { role.colour(of: $0, count: count) }
        for (a, b) in zip(colours, colours.dropFirst()) {
          #expect(a.0 != b.0 || a.isDashed != b.isDashed, "\(role) \(count)")
        }
      }
    }
    #expect(ColourRole.ordered.colour(of: 0, count: 4).0 == .ordered(0))
    #expect(ColourRole.ordered.colour(of: 3, count: 4).0 == .ordered(3))
    #expect(ColourRole.ordered.colour(of: nil, count: 4).0 == .reference)
  }
}
