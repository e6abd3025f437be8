import AttentionKernel
import NotebookModel
import Wording

/// One curve of a sweep: the swept measure in one setting.
struct SweepCurve: Sendable {
  /// What tells it from the others: the parameters with several values, then the measure's other coordinates.
  let coordinates: [Coordinate]
  /// The measure's values, shape `[points][replicates]`.
  var values: [[Double]]
  /// Whether any of them is a sampled value.
  var isSampled = false

  /// What identifies it: numbers behind labels may differ from point to point.
  var labels: [String] { coordinates.map(\.label) }

  /// The mean at a point, with its error.
  func estimate(at point: Int) -> Estimate {
    isSampled ? Moments(values[point]).meanEstimate : .exact(values[point][0])
  }

  /// The curve of each replicate; one alone where all are the same.
  var replicates: [[Double]] {
    guard isSampled else { return [values.map { $0[0] }] }
    return values[0].indices.map { replicate in values.map { $0[replicate] } }
  }
}

/// Collects the values of a sweep as its experiments finish, in their order.
struct SweepCurves {
  private let subject: SweepSubject
  private let grid: SweepGrid
  private let replicates: Int
  private var found: [SweepCurve] = []
  /// Everything the measure was computed at, for messages.
  private var known: [String] = []

  init(_ subject: SweepSubject, _ grid: SweepGrid, replicates: Int) {
    self.subject = subject
    self.grid = grid
    self.replicates = replicates
  }

  /// Takes the measure's values from an experiment.
  ///
  /// - Throws: ``ParameterProblem`` where the selectors leave two values for one point.
  mutating func add(_ outcome: ExperimentOutcome, of run: SweepSettings.Run) throws {
    let measures = outcome.measures.filter { $0.name == subject.measure.name }
    for measure in measures where !known.contains(measure.text) && known.count < 12 {
      known.append(measure.text)
    }
    var isTaken: Set<String> = []
    for measure in measures where fits(measure) {
      guard let point = point(of: measure, in: run) else { continue }
      let kept = measure.coordinates.filter { !subject.replaced.contains($0.name) }
      let coordinates = run.setting.coordinates + kept
      let key = "\(point) " + coordinates.map(\.label).joined(separator: "\n")
      guard isTaken.insert(key).inserted else {
        throw ParameterProblem(
          "measure",
          LocalText(
            "‘\(measure.name)’ has several values at one point: \(measure.text) is one of them",
            "‘\(measure.name)’ 在一个点上有多个值，\(measure.text) 只是其中之一"))
      }
      let curve = index(of: coordinates)
      found[curve].values[point].append(measure.value)
      if measure.standardError != nil || measure.samples != nil { found[curve].isSampled = true }
    }
  }

  /// All curves, in the order of the parameters, then of the measure.
  ///
  /// - Throws: ``ParameterProblem`` where the selectors fit nothing, or a curve lacks a point.
  func curves() throws -> [SweepCurve] {
    guard !found.isEmpty else {
      throw ParameterProblem(
        "measure",
        LocalText(
          "‘\(subject.measure.name)’ was not computed there", "没有算过这里的 ‘\(subject.measure.name)’"),
        help: LocalText("it was computed at: ", "算过这些：") + .list(known, atMost: 8), code: .unknownSelector)
    }
    for curve in found {
      if let point = curve.values.firstIndex(where: { $0.count != replicates }) {
        let place = "\(subject.coordinate) = \(grid.points[point].machineText)"
        let label = curve.labels.joined(separator: ", ")
        throw ParameterProblem(
          "measure",
          LocalText(
            "‘\(subject.measure.name)[\(label)]’ has no value at \(place), so that there is no curve to follow",
            "\(place) 处没有 ‘\(subject.measure.name)[\(label)]’，连不成曲线"),
          help: LocalText("select a value that there is at every point", "请选一个每个点都有的值"))
      }
    }
    return found
  }

  private mutating func index(of coordinates: [Coordinate]) -> Int {
    let labels = coordinates.map(\.label)
    if let index = found.firstIndex(where: { $0.labels == labels }) { return index }
    found.append(
      SweepCurve(coordinates: coordinates, values: Array(repeating: [], count: grid.points.count)))
    return found.count - 1
  }

  /// Whether each selector finds a coordinate of its own.
  private func fits(_ measure: Measure) -> Bool {
    func fit(_ selectors: ArraySlice<MeasureReference.Selector>, _ free: [Coordinate]) -> Bool {
      guard let selector = selectors.first else { return true }
      return free.contains { coordinate in
        (selector.coordinate == nil || selector.coordinate == coordinate.name)
          && coordinate.matches(selector.value)
          && fit(selectors.dropFirst(), free.filter { $0.name != coordinate.name })
      }
    }
    return fit(
      subject.selectors[...], measure.coordinates.filter { !subject.replaced.contains($0.name) })
  }

  /// The point of the grid that a value belongs to.
  private func point(of measure: Measure, in run: SweepSettings.Run) -> Int? {
    guard case .scales = subject.parameter.form else { return run.start }
    guard let scale = measure.coordinates.first(where: { $0.name == "scale" }) else { return run.start }
    return run.points.firstIndex { subject.scale(at: $0).label == scale.label }.map { run.start + $0 }
  }
}
