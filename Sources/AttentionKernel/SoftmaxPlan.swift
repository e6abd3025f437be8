/// An ensemble with its divisors, and the places of its measures in a flat list.
///
/// For each scale: the measures of ``RowMeasure``, then the top masses, then the key counts of masses.
struct SoftmaxPlan: Sendable {
  let ensemble: SoftmaxEnsemble
  let divisors: [Double]

  /// A mistake to make on purpose.
  let fault: KernelFault?

  /// Measures per scale.
  let stride: Int

  init(_ ensemble: SoftmaxEnsemble, fault: KernelFault? = nil) throws(KernelError) {
    self.ensemble = ensemble
    self.fault = fault
    var divisors: [Double] = []
    for scale in ensemble.scales {
      let divisor = try ensemble.normalization.divisor(
        of: scale, headDimension: ensemble.headDimension, keys: ensemble.keys, fault: fault)
      // |score| ≤ 46 d, as no normal exceeds 6.77.
      guard (46 * Double(ensemble.headDimension) / divisor).isFinite else { throw .invalidScale(divisor) }
      divisors.append(divisor)
    }
    self.divisors = divisors
    stride = RowMeasure.allCases.count + ensemble.topCounts.count + ensemble.masses.count
  }

  var measureCount: Int { stride * divisors.count }

  /// Whether the rows are computed in binary32: faults in the rows are made in the reference only, and of tiny divisors the
  /// scores would have too few digits.
  var isFast: Bool {
    let deviation = ensemble.normalization.scoreDeviation(headDimension: ensemble.headDimension)
    let least = deviation * SoftmaxEnsemble.leastFastScaleFactor
    return ensemble.precision == .fast && !fault.reachesRows
      && divisors.allSatisfy { $0 >= least && $0 <= 0x1p100 }
  }

  func place(scale: Int, _ measure: RowMeasure) -> Int {
    scale * stride + measure.rawValue
  }

  func place(scale: Int, topCount index: Int) -> Int {
    scale * stride + RowMeasure.allCases.count + index
  }

  func place(scale: Int, mass index: Int) -> Int {
    scale * stride + RowMeasure.allCases.count + ensemble.topCounts.count + index
  }

  /// Whether `row = i · queries / curveRows`, rounded down, for some i.
  func belongsToCurves(_ row: Int) -> Bool {
    let rows = ensemble.curveRows
    guard rows > 0 else { return false }
    let queries = UInt(ensemble.queries)
    // The smallest i with i · queries / curveRows ≥ row; the products are below 2⁶³ · 2¹⁰.
    let product = UInt(row).multipliedFullWidth(by: UInt(rows))
    let (quotient, remainder) = queries.dividingFullWidth(product)
    let index = quotient + (remainder > 0 ? 1 : 0)
    guard index < UInt(rows) else { return false }
    let back = index.multipliedFullWidth(by: queries)
    return UInt(rows).dividingFullWidth(back).quotient == UInt(row)
  }
}
