import Testing

@testable import AttentionKernel

@Suite struct PeaksOfCurves {
  private let places: [Double] = [0, 0.5, 1.25, 2, 3, 4.5]

  @Test func `the peak of a parabola is found exactly, and cubic and parabola agree`() throws {
    let peak = try CurvePeak(x: places, y: places.map { 7 - 3 * ($0 - 1.6) * ($0 - 1.6) })
    #expect(abs(peak.location - 1.6) < 1e-14)
    #expect(abs(peak.value - 7) < 1e-13)
    #expect(peak.locationUncertainty < 1e-13)
    #expect(peak.valueUncertainty < 1e-13)
  }

  @Test(arguments: [-0.4, -0.01, 0.01, 0.3])
  func `the peak of a cubic is found exactly, and the uncertainty covers what a parabola would miss`(
    skew: Double
  ) throws {
    // The slope is (x − 1.6)(3·skew·(x − 1.6) − 2): 0 at 1.6, where the curve bends down.
    let y = places.map { x in
      let t = x - 1.6
      return 2 - t * t + skew * t * t * t
    }
    let peak = try CurvePeak(x: Array(places.prefix(5)), y: Array(y.prefix(5)))
    #expect(abs(peak.location - 1.6) < 1e-12)
    #expect(abs(peak.value - 2) < 1e-12)
    #expect(peak.locationUncertainty > 1e-4)
  }

  @Test func `between coarse points of a smooth curve the uncertainty covers the error`() throws {
    for step in [0.1, 0.25, 0.5] {
      for shift in [0.0, 0.03, 0.11, 0.2] {
        let x = (0..<Int(3 / step)).map { shift * step + Double($0) * step }
        // x e^(−x) is largest at 1.
        let y = x.map { $0 * ReferenceMath.exponential(-$0) }
        let peak = try CurvePeak(x: x, y: y)
        #expect(abs(peak.location - 1) <= peak.locationUncertainty)
        #expect(abs(peak.value - ReferenceMath.exponential(-1)) <= peak.valueUncertainty + 1e-12)
      }
    }
  }

  @Test func `no peak is pretended at an edge, on a flat curve, of too few points or of what is no number`() {
    func absence(_ y: [Double]) -> CurvePeak.Absence? {
      do throws(CurvePeak.Absence) {
        _ = try CurvePeak(x: Array(places.prefix(y.count)), y: y)
        return nil
      } catch {
        return error
      }
    }
    #expect(absence([5, 4, 3, 2]) == .atEdge(0))
    #expect(absence([2, 3, 4, 5]) == .atEdge(3))
    #expect(absence([5, 1, 1, 5]) == .atEdge(0))
    #expect(absence([3, 3, 3, 3]) == .flat)
    #expect(absence([3, 3.000001, 3, 3]) == .flat)
    #expect(absence([1, 2, 1]) == .tooFewPoints)
    #expect(absence([1, 2, .nan, 1]) == .notFinite)
    #expect(absence([1, 2, 2, 1]) == nil)
  }

  @Test func `the error of a sampled peak is that of the mean of the places where its curves peak`() throws {
    // Curves of one shape: the mean of parabolas peaks at the mean of their places.
    let peaks = [1.5, 1.7, 1.55, 1.62, 1.9]
    let curves = peaks.map { peak in places.map { 4 - ($0 - peak) * ($0 - peak) } }
    let found = try SampledPeak(x: places, spacing: .linear, curves: curves)
    let expected = Moments(peaks).meanEstimate
    #expect(abs(found.location.value - expected.value) < 1e-13)
    #expect(abs((found.location.standardError ?? 0) - (expected.standardError ?? 1)) < 1e-13)
    #expect(found.location.samples == 5)
  }

  @Test func `along a logarithmic grid the peak is that of the curve over log x`() throws {
    let x: [Double] = [1, 2, 4, 8, 16, 32]
    // A parabola in log₂ x around 5.
    let y = x.map { x in
      let t = (ReferenceMath.logarithm(x) - ReferenceMath.logarithm(5)) / ReferenceMath.logarithm(2)
      return 1 - t * t
    }
    let found = try SampledPeak(x: x, spacing: .logarithmic, curves: [y])
    #expect(abs(found.location.value - 5) < 1e-12)
    #expect((found.location.standardError ?? 1) < 1e-12)
  }

  @Test func `a peak that noise alone could make is not resolved`() {
    // Each curve is a straight line with a bump of its own: their mean has a largest point that means nothing.
    let curves: [[Double]] = [
      [0, 0.9, 0, 0, 0.4, 0.1], [0.5, 0, 0.8, 0, 0, 0.2], [0, 0.3, 0, 0.7, 0, 0.4],
      [0.2, 0.4, 0.1, 0, 0.6, 0],
    ]
    #expect(throws: CurvePeak.Absence.notResolved(1)) {
      try SampledPeak(x: places, spacing: .linear, curves: curves)
    }
  }
}
