extension RoundedSoftmax {
  /// Returns the weights of one row, computed number by number as the steps say: what the fast loops are held to.
  ///
  /// - Parameter logits: Shape `[keys]`, at least one.
  public func referenceWeights(_ logits: [Float]) -> [Float] {
    var values = logits.map { format.rounded($0) }
    if subtractsMaximum {
      let largest = values.max() ?? 0
      values = values.map { format.rounded($0 - largest) }
    }
    let exponentials = values.map { format.rounded(Self.exponential($0)) }
    let total = sum(exponentials)
    return exponentials.map { format.rounded($0 / total) }
  }

  private func sum(_ values: [Float]) -> Float {
    let add = { (left: Float, right: Float) in roundsSums ? format.rounded(left + right) : left + right }
    var lanes = [[Float]](repeating: [Float](repeating: 0, count: 16), count: 4)
    for (index, value) in values.enumerated() {
      lanes[index / 16 % 4][index % 16] = add(lanes[index / 16 % 4][index % 16], value)
    }
    var sums = (0..<16).map { add(add(lanes[0][$0], lanes[1][$0]), add(lanes[2][$0], lanes[3][$0])) }
    for distance in [8, 4, 2, 1] { sums = (0..<distance).map { add(sums[$0], sums[$0 + distance]) } }
    return format.rounded(sums[0])
  }

  /// e to the power x in the kernels' steps, subnormal results included.
  static func exponential(_ x: Float) -> Float {
    guard x == x else { return x }
    let clamped = min(89.5, max(-104.5, x))
    let rounder: Float = 0x1.8p+23
    let multiple = rounder.addingProduct(clamped, 0x1.715476p+0) - rounder
    var r = clamped.addingProduct(multiple, -0x1.62e4p-1)
    r = r.addingProduct(multiple, -0x1.7f7d1cp-20)
    var series: Float = 0x1.6a241ap-10
    for coefficient: Float in [
      0x1.1239f2p-7, 0x1.5558f2p-5, 0x1.555492p-3, 0x1.fffffcp-2, 1, 1,
    ] {
      series = coefficient.addingProduct(r, series)
    }
    // Two factors, because the whole power of two may be no normal number; only the second product rounds.
    let power = Int(multiple)
    let half = power >> 1
    return series * Float(sign: .plus, exponent: half, significand: 1)
      * Float(sign: .plus, exponent: power - half, significand: 1)
  }
}
