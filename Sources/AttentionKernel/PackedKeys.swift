/// Keys in binary64, eight to a panel, ready for products with many queries.
///
/// Panel `j` holds keys `8j ..< 8j + 8` component by component; missing keys of the last panel are zeros.
struct PackedKeys {
  private static let width = 8

  private let headDimension: Int
  private let keyCount: Int
  private var panels: [SIMD8<Double>]

  /// Packs keys of shape `[keyCount, headDimension]`.
  init(_ keys: UnsafeBufferPointer<Float>, headDimension: Int) {
    self.headDimension = headDimension
    keyCount = keys.count / headDimension
    panels = []
    pack(keys)
  }

  /// Replaces the keys by others of the same shape.
  mutating func pack(_ keys: UnsafeBufferPointer<Float>) {
    let panelCount = (keyCount + Self.width - 1) / Self.width
    panels.removeAll(keepingCapacity: true)
    panels.reserveCapacity(panelCount * headDimension)
    for panel in 0..<panelCount {
      let firstKey = panel * Self.width
      let present = min(Self.width, keyCount - firstKey)
      for component in 0..<headDimension {
        var vector = SIMD8<Double>()
        for lane in 0..<present {
          vector[lane] = Double(keys[(firstKey &+ lane) &* headDimension &+ component])
        }
        panels.append(vector)
      }
    }
  }

  /// Writes the scores of two queries, each a sum of exact products in component order.
  ///
  /// Each score buffer has room for the key count rounded up to a multiple of 8.
  func scores(
    _ query0: UnsafePointer<Double>, _ query1: UnsafePointer<Double>,
    into scores0: UnsafeMutablePointer<Double>, _ scores1: UnsafeMutablePointer<Double>
  ) {
    panels.withUnsafeBufferPointer { panels in
      guard var panel = panels.baseAddress else { return }
      let end = panel + panels.count
      var key = 0
      while panel < end {
        var sum0 = SIMD8<Double>()
        var sum1 = SIMD8<Double>()
        for component in 0..<headDimension {
          let vector = panel[component]
          sum0 += vector * query0[component]
          sum1 += vector * query1[component]
        }
        UnsafeMutableRawPointer(scores0 + key).storeBytes(of: sum0, as: SIMD8<Double>.self)
        UnsafeMutableRawPointer(scores1 + key).storeBytes(of: sum1, as: SIMD8<Double>.self)
        panel += headDimension
        key &+= Self.width
      }
    }
  }
}
