import AttentionKernel
import Wording

/// The experiments that a sweep is made of: one for each curve, point and replicate; several scales at a time.
struct SweepSettings: Sendable {
  /// The values of the parameters that make curves.
  struct Setting: Hashable, Sendable {
    /// One value for each parameter that has several, in the kind's order.
    let coordinates: [Coordinate]
    /// Values of the swept kind that stay the same along the curve, by its names.
    let entries: [ParameterValues.Entry]
  }

  /// One experiment.
  struct Run: Sendable {
    let setting: Setting
    /// Points that it computes at once.
    let points: [Double]
    /// The place of the first of them.
    let start: Int
    let replicate: Int
  }

  private let subject: SweepSubject
  private let settings: [Setting]
  private let batches: [Range<Int>]
  private let points: [Double]
  private let seed: UInt64?
  private let workOfEach: [Work]

  /// Builds each experiment once, so that whatever its kind says against its parameters is said before anything runs.
  init(
    _ subject: SweepSubject, _ grid: SweepGrid, _ values: ParameterValues
  ) throws(ParameterProblem) {
    self.subject = subject
    points = grid.points
    settings = try Self.settings(subject, values)
    batches = Self.batches(subject, grid.points)
    seed = subject.seed.map { values.seed($0.name) }
    var work: [Work] = []
    for setting in settings {
      for batch in batches {
        let run = Run(
          setting: setting, points: Array(grid.points[batch]), start: batch.lowerBound, replicate: 0)
        do {
          work.append(try Self.experiment(subject, run, seed: seed).work)
        } catch {
          throw Self.problem(error, of: run, subject, grid)
        }
      }
    }
    workOfEach = work
  }

  /// The coordinates of the measures before the point.
  var curveCoordinates: [String] { settings[0].coordinates.map(\.name) + subject.kept }

  /// Values of parameters that are the same on every curve, for the line under a figure.
  var common: [ParameterValues.Entry] {
    let varied = settings[0].coordinates.map(\.name)
    return settings[0].entries.filter { !varied.contains($0.name) }
  }

  func runCount(_ replicates: Int) -> Int { settings.count * batches.count * replicates }

  /// The experiments in their order: curve by curve, along the points, replicate by replicate.
  func run(_ index: Int, _ replicates: Int) -> Run {
    let batch = batches[index / replicates % batches.count]
    return Run(
      setting: settings[index / replicates / batches.count], points: Array(points[batch]),
      start: batch.lowerBound, replicate: index % replicates)
  }

  func experiment(_ run: Run) throws(ParameterProblem) -> any Experiment {
    try Self.experiment(subject, run, seed: seed)
  }

  func work(replicates: Int) -> Work {
    // Setting up an experiment costs about as much as a million multiplications, however small it is.
    Work(
      operations: workOfEach.reduce(0) { $0 + $1.operations + 1e6 } * Double(replicates),
      memoryBytes: (workOfEach.map(\.memoryBytes).max() ?? 0)
        + 16 * Double(points.count * settings.count * replicates))
  }

  /// One setting for each choice of values, the first parameter varying slowest.
  private static func settings(
    _ subject: SweepSubject, _ values: ParameterValues
  ) throws(ParameterProblem) -> [Setting] {
    var settings = [Setting(coordinates: [], entries: [])]
    for parameter in subject.type.kind.parameters where parameter.name != subject.parameter.name {
      let choices = choices(parameter, values[parameter.name])
      settings = settings.flatMap { setting in
        choices.map { choice in
          Setting(
            coordinates: setting.coordinates
              + (choices.count > 1 ? [choice.coordinate].compactMap { $0 } : []),
            entries: setting.entries + [ParameterValues.Entry(name: parameter.name, value: choice.value)])
        }
      }
      guard settings.count <= SweepParameters.mostCurves else {
        throw ParameterProblem(
          parameter.name,
          LocalText(
            "that would make \(settings.count) curves; \(SweepParameters.mostCurves) are the most",
            "这样就有 \(settings.count) 条曲线，最多 \(SweepParameters.mostCurves) 条"),
          help: LocalText("give fewer values, or write two experiments", "减少取值，或分成两个实验"))
      }
    }
    return settings
  }

  private static func choices(
    _ parameter: ParameterDescription, _ value: ParameterValue
  ) -> [(value: ParameterValue, coordinate: Coordinate?)] {
    switch (parameter.form, value) {
    case (.integer, .integers(let values)):
      values.map { (.integer($0), Coordinate(parameter.name, $0)) }
    case (.number, .numbers(let values)):
      values.map { (.number($0), Coordinate(parameter.name, $0)) }
    default: [(value, nil)]
    }
  }

  /// Runs of neighbouring points: as many scales as the kind takes at once, otherwise one by one.
  private static func batches(_ subject: SweepSubject, _ points: [Double]) -> [Range<Int>] {
    guard case .scales(let most) = subject.parameter.form else { return points.indices.map { $0..<$0 + 1 } }
    var batches: [Range<Int>] = []
    for (index, point) in points.enumerated() {
      // Scales that are written alike could not be told apart afterwards.
      if let last = batches.last, last.count < most,
        !points[last].contains(where: { subject.scale(at: $0).label == subject.scale(at: point).label })
      {
        batches[batches.count - 1] = last.lowerBound..<index + 1
      } else {
        batches.append(index..<index + 1)
      }
    }
    return batches
  }

  private static func experiment(
    _ subject: SweepSubject, _ run: Run, seed: UInt64?
  ) throws(ParameterProblem) -> any Experiment {
    let entries = subject.type.kind.parameters.map { parameter -> ParameterValues.Entry in
      let value: ParameterValue
      if parameter.name == subject.parameter.name {
        value = subject.value(at: run.points)
      } else if let seed, parameter.form == .seed {
        value = .seed(seed &+ UInt64(run.replicate))
      } else {
        value = run.setting.entries.first { $0.name == parameter.name }?.value ?? parameter.defaultValue
      }
      return ParameterValues.Entry(name: parameter.name, value: value)
    }
    return try subject.type.init(ParameterValues(entries))
  }

  /// What the swept kind has against its parameters, told at the point or the curve that it comes from.
  private static func problem(
    _ problem: ParameterProblem, of run: Run, _ subject: SweepSubject, _ grid: SweepGrid
  ) -> ParameterProblem {
    let isPoint = problem.parameter == subject.parameter.name
    var places = run.setting.coordinates.map { "\($0.name) = \($0.label)" }
    if run.points.count == 1 || isPoint {
      places.append("\(subject.coordinate) = \(run.points.map(\.machineText).joined(separator: ", "))")
    }
    let context =
      places.isEmpty
      ? LocalText(same: "")
      : LocalText(
        " (at \(places.joined(separator: "; ")))", "（\(places.joined(separator: "；")) 时）")
    return ParameterProblem(
      isPoint ? grid.parameter : problem.parameter, problem.summary + context, help: problem.help,
      code: problem.code)
  }
}

extension SweepSubject {
  /// The scale that a point stands for.
  func scale(at point: Double) -> Scale {
    switch variable {
    case .sigma: .rootHeadDimension(times: 1 / point)
    case .scaleFactor: .rootHeadDimension(times: point)
    case .scale: .constant(point)
    case .parameter(let name): preconditionFailure("\(name) is no scale")
    }
  }

  /// The swept parameter's value at one point, or at several scales.
  func value(at points: [Double]) -> ParameterValue {
    switch parameter.form {
    case .integer: .integer(Int(points[0]))
    case .integers: .integers([Int(points[0])])
    case .number: .number(points[0])
    case .numbers: .numbers([points[0]])
    default: .scales(points.map(scale))
    }
  }
}
