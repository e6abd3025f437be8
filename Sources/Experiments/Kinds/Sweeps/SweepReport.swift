import AttentionKernel
import Wording

/// What a sweep found: its curves, their largest and their smallest values.
struct SweepReport {
  /// An end of a curve's range, or why it has none between the ends of the grid.
  typealias Extremum = Result<SampledPeak, CurvePeak.Absence>

  let subject: SweepSubject
  let grid: SweepGrid
  let curves: [SweepCurve]
  let replicates: Int
  /// The largest value of each curve.
  let maxima: [Extremum]
  /// The smallest value of each curve, with its sign turned.
  private let turnedMinima: [Extremum]

  init(subject: SweepSubject, grid: SweepGrid, curves: [SweepCurve], replicates: Int) {
    self.subject = subject
    self.grid = grid
    self.curves = curves
    self.replicates = replicates
    func peaks(times sign: Double) -> [Extremum] {
      curves.map { curve in
        do throws(CurvePeak.Absence) {
          return .success(
            try SampledPeak(
              x: grid.points, spacing: grid.spacing,
              curves: curve.replicates.map { $0.map { sign * $0 } }))
        } catch {
          return .failure(error)
        }
      }
    }
    maxima = peaks(times: 1)
    turnedMinima = peaks(times: -1)
  }

  /// Where the smallest value of a curve is, and how small.
  func minimum(_ curve: Int) -> (location: Estimate, value: Estimate)? {
    guard case .success(let peak) = turnedMinima[curve] else { return nil }
    let value = peak.value
    return (
      peak.location,
      Estimate(value: -value.value, standardError: value.standardError, samples: value.samples)
    )
  }

  /// Where the largest value of a curve is, and how large.
  func maximum(_ curve: Int) -> (location: Estimate, value: Estimate)? {
    guard case .success(let peak) = maxima[curve] else { return nil }
    return (peak.location, peak.value)
  }

  var measures: [Measure] {
    var measures: [Measure] = []
    let unit = subject.measure.unit
    for curve in curves {
      for (index, point) in grid.points.enumerated() {
        let place =
          grid.isWhole
          ? Coordinate(subject.coordinate, Int(point)) : Coordinate(subject.coordinate, point)
        measures.append(
          Measure(
            "value", unit: unit, coordinates: curve.coordinates + [place], curve.estimate(at: index)))
      }
    }
    for (name, extremum) in [("maximum", maximum), ("minimum", minimum)] {
      for (index, curve) in curves.enumerated() {
        if let found = extremum(index) {
          measures.append(Measure(name, unit: unit, coordinates: curve.coordinates, found.value))
        }
      }
      for (index, curve) in curves.enumerated() {
        if let found = extremum(index) {
          measures.append(Measure("\(name)Location", coordinates: curve.coordinates, found.location))
        }
      }
    }
    return measures
  }

  var missing: [MissingMeasure] {
    var missing: [MissingMeasure] = []
    for (name, extrema, isLargest) in [("maximum", maxima, true), ("minimum", turnedMinima, false)] {
      for (curve, extremum) in zip(curves, extrema) {
        guard case .failure(let absence) = extremum else { continue }
        for full in [name, "\(name)Location"] {
          missing.append(
            MissingMeasure(
              full, coordinates: curve.coordinates, reason: reason(absence, isLargest: isLargest)))
        }
      }
    }
    return missing
  }

  /// Why a curve has no largest value between the ends of the grid, or no smallest.
  func reason(_ absence: CurvePeak.Absence, isLargest: Bool) -> LocalText {
    let which = isLargest ? LocalText("largest", "最大") : LocalText("smallest", "最小")
    func place(_ index: Int) -> String { "\(subject.coordinate) = \(grid.points[index].machineText)" }
    switch absence {
    case .tooFewPoints:
      return LocalText(
        "it takes four points or more to tell where the \(which.english) value is",
        "至少要四个点，才能判断\(which.chinese)值在哪里")
    case .notFinite:
      return LocalText("a value is not a finite number", "有的值不是有限的数")
    case .flat:
      return LocalText("all values agree to six digits", "所有值在六位有效数字内都相同")
    case .atEdge(let index):
      return LocalText(
        "the \(which.english) value lies at the edge of the grid, \(place(index)), and may go on beyond",
        "\(which.chinese)值在网格边缘 \(place(index)) 处，界外可能还会继续")
    case .notResolved(let index):
      return LocalText(
        "the \(which.english) value, near \(place(index)), does not stand out from an edge of the grid by three standard errors",
        "\(which.chinese)值在 \(place(index)) 附近，与网格边缘的差别不到三个标准误")
    }
  }
}
