import AttentionKernel
import Diagnostics
import Synchronization
import TensorFiles
import Testing
import Wording

@testable import Experiments

@Suite struct Sweeps {
  /// A sweep from the body of a directive, without its kind.
  private static func sweep(_ body: String) throws -> Sweep {
    let (plan, _) = try Planning.plan("kind: sweep\n" + body)
    #expect(plan.diagnostics.isEmpty, "\(plan.diagnostics.map(\.summary.english))")
    return try #require(plan.experiments.first?.experiment as? Sweep)
  }

  private static func measures(
    _ body: String, fault: KernelFault? = nil
  ) throws -> [String: Measure] {
    let outcome = try sweep(body).run(RunConditions(threads: 2, fault: fault))
    return Dictionary(uniqueKeysWithValues: outcome.measures.map { ($0.text, $0) })
  }

  private static func reasons(_ body: String) throws -> [String: String] {
    let outcome = try sweep(body).run(RunConditions(threads: 2))
    return Dictionary(uniqueKeysWithValues: outcome.missing.map { ($0.text, $0.reason.english) })
  }

  private static let small = "headDimension: 16\nqueries: 24\ntrials: 4\nseed: 11\n"

  // MARK: What a sweep computes

  @Test func `a point is the mean of direct runs with the seeds from the given one on`() throws {
    let swept = try Self.measures(
      Self.small
        + "of: gradients\nmeasure: queryGradient\nover: sigma\nat: [0.5, 1, 2, 4]\nreplicates: 3\nkeys: 8")
    for (point, factor) in [(0.5, 2), (2, 0.5)] {
      let direct = try (0..<3).map { replicate -> Double in
        let values = ParameterValues(
          defaultsOf: Gradients.kind,
          [
            "headDimension": .integer(16), "queries": .integer(24), "trials": .integer(4),
            "seed": .seed(11 + UInt64(replicate)), "keys": .integer(8),
            "scales": .scales([.rootHeadDimension(times: factor)]),
          ])
        let outcome = try Gradients(values).run(RunConditions())
        return try #require(outcome.measures.first { $0.name == "queryGradient" }).value
      }
      let measure = try #require(swept["value[\(point.machineText)]"])
      #expect(measure.value == Moments(direct).mean)
      #expect(measure.standardError == Moments(direct).meanEstimate.standardError)
      #expect(measure.samples == 3)
    }
  }

  @Test func `a whole number is swept as it would be given`() throws {
    let swept = try Self.measures(
      "of: softmax\nmeasure: topMass[3]\nover: keys\nat: [8, 32]\nreplicates: 2\n" + Self.small
        + "top: [1, 3]\nscales: [none, √d]")
    let direct = try (0..<2).map { replicate -> Double in
      let values = ParameterValues(
        defaultsOf: SoftmaxWeights.kind,
        [
          "headDimension": .integer(16), "queries": .integer(24), "trials": .integer(4),
          "seed": .seed(11 + UInt64(replicate)), "keys": .integer(32), "top": .integers([1, 3]),
          "scales": .scales([.none, .rootHeadDimension]),
        ])
      let outcome = try SoftmaxWeights(values).run(RunConditions())
      return try #require(outcome.measures.first { $0.text == "topMass[√d, 3]" }).value
    }
    #expect(swept["value[√d, 3, 32]"]?.value == Moments(direct).mean)
    #expect(swept["value[√d, 1, 32]"] == nil)
  }

  @Test func `sigma is one over the scale factor, and a scale is a divisor`() throws {
    let attention = "of: attention\nmeasure: meanEntropy\nscores: [[1, 2, 3, 3.5]]\nheadDimension: 16\n"
    let sigma = try Self.measures(attention + "over: sigma\nat: [0.25, 1, 2, 8]")
    let factor = try Self.measures(attention + "over: scaleFactor\nat: [4, 1, 0.5, 0.125]")
    let scale = try Self.measures(attention + "over: scale\nat: [16, 4, 2, 0.5]")
    for (one, other, divisor) in [
      ("0.25", "4", "16"), ("1", "1", "4"), ("2", "0.5", "2"), ("8", "0.125", "0.5"),
    ] {
      #expect(sigma["value[1, \(one)]"]?.value == factor["value[1, \(other)]"]?.value)
      #expect(sigma["value[1, \(one)]"]?.value == scale["value[1, \(divisor)]"]?.value)
    }
    #expect(sigma["value[1, 1]"]?.standardError == nil)
  }

  @Test func `the entropy of given scores rises with the scale, without an error`() throws {
    let all = try Self.sweep(
      "of: attention\nmeasure: meanEntropy\nover: scale\nfrom: 0.1\nto: 100\nscores: [[1, 2, 3, 3.5]]"
    ).run(RunConditions()).measures
    let values = all.filter { $0.name == "value" }.map(\.value)
    #expect(values.count == SweepGrid.usualPoints)
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
    #expect(all.allSatisfy { $0.standardError == nil && $0.samples == nil })
  }

  @Test func `several values of a parameter make the curves that sweeps of their own would`() throws {
    let body = Self.small + "of: softmax\nmeasure: entropy\nover: sigma\nat: [0.5, 1, 2, 4]\nreplicates: 2\n"
    let both = try Self.measures(body + "keys: [8, 20]")
    for keys in [8, 20] {
      let alone = try Self.measures(body + "keys: \(keys)")
      for point in ["0.5", "1", "2", "4"] {
        #expect(both["value[\(keys), \(point)]"]?.value == alone["value[\(point)]"]?.value)
      }
    }
    // Nine scales do not go into one run of a kind that takes eight.
    let many = try Self.measures(
      Self.small
        + "of: softmax\nmeasure: entropy\nover: sigma\nat: [0.5, 1, 2, 4, 5, 6, 7, 8, 9]\nreplicates: 2\nkeys: 8"
    )
    #expect(many["value[4]"]?.value == both["value[8, 4]"]?.value)
    #expect(many["value[9]"] != nil)
  }

  // MARK: The maximum

  /// σ at which E‖J‖_F is largest, and how large: from 2·10⁶ rows of 8 and 10⁶ of 16 keys at d = 64 drawn with NumPy, maximised
  /// by Brent's method; errors 0.0003 and 0.0016, 0.00001 and 0.00004.
  @Test(arguments: [(8, 1.1469, 0.36656), (16, 1.8571, 0.33536)])
  func `the temperature that maximises the Jacobian is that of an independent computation, and not 1`(
    keys: Int, location: Double, maximum: Double
  ) throws {
    let all = try Self.measures(
      "of: gradients\nmeasure: jacobianFrobeniusNorm\nover: sigma\nfrom: 0.5\nto: 4\npoints: 8\nreplicates: 8\n"
        + "keys: \(keys)\nqueries: 64\ntrials: 16\nseed: 3")
    let found = try #require(all["maximumLocation"])
    let error = try #require(found.standardError)
    #expect(abs(found.value - location) <= 4 * error)
    #expect(error < 0.1)
    #expect(abs(found.value - 1) > 2 * error)
    let height = try #require(all["maximum"])
    let heightError = try #require(height.standardError)
    #expect(abs(height.value - maximum) <= 4 * heightError)
  }

  @Test func `with two keys the Jacobian is largest at the edge, and no place is pretended`() throws {
    let reasons = try Self.reasons(
      Self.small
        + "of: gradients\nmeasure: jacobianFrobeniusNorm\nover: sigma\nfrom: 0.125\nto: 4\npoints: 6\nkeys: 2\nreplicates: 4"
    )
    let reason = try #require(reasons["maximumLocation"])
    #expect(reason.contains("edge of the grid, sigma = 0.125"))
    #expect(reasons["maximum"] == reason)
  }

  @Test func `a fault that levels the curve takes its maximum away`() throws {
    let body =
      Self.small
      + "of: gradients\nmeasure: jacobianFrobeniusNorm\nover: sigma\nfrom: 0.25\nto: 8\npoints: 6\nkeys: 16\nreplicates: 4"
    #expect(try Self.measures(body)["maximumLocation"] != nil)
    let uniform = try Self.measures(body, fault: .uniformWeights)
    #expect(uniform["maximumLocation"] == nil)
    #expect(uniform["value[0.25]"] != nil)
  }

  // MARK: What is refused

  private static let softmax = "of: softmax\nmeasure: entropy\nover: keys\n"

  @Test(arguments: [
    ("measure: entropy\nover: keys\nat: [1, 2]", DiagnosticCode.missingKey, "e"),
    ("of: sweep\nmeasure: value\nover: keys", .invalidParameter, "sweep"),
    ("of: sotfmax\nmeasure: entropy\nover: keys", .unknownKind, "sotfmax"),
    ("of: softmax\nmeasure: entropi\nover: keys", .unknownMeasure, "entropi"),
    ("of: softmax\nmeasure: entropy[\nover: keys", .invalidParameter, "entropy["),
    ("of: softmax\nmeasure: topMass[head=1]\nover: keys", .unknownSelector, "topMass[head=1]"),
    ("of: softmax\nmeasure: entropy[1, 2]\nover: keys", .unknownSelector, "entropy[1, 2]"),
    ("of: softmax\nmeasure: entropy\nover: kyes\nat: [1, 2]", .invalidParameter, "kyes"),
    ("of: softmax\nmeasure: entropy\nover: seed\nat: [1, 2]", .invalidParameter, "seed"),
    ("of: softmax\nmeasure: entropy\nover: masses\nat: [0.5, 0.9]", .invalidParameter, "masses"),
    ("of: dot-products\nmeasure: kurtosis\nover: sigma\nat: [1, 2]", .invalidParameter, "sigma"),
    ("of: initialization\nmeasure: scaleFactor\nover: sigma\nat: [1, 2]", .invalidParameter, "sigma"),
    (softmax, .missingKey, "e"),
    (softmax + "from: 8", .missingKey, "e"),
    (softmax + "from: 8\nto: 8", .invalidParameter, "8"),
    (softmax + "from: 64\nto: 8", .invalidParameter, "8"),
    (softmax + "from: 0\nto: 8", .invalidParameter, "0"),
    (softmax + "from: 1\nto: 8.5", .invalidParameter, "8.5"),
    (softmax + "from: 1\nto: 8\npoints: 1", .invalidParameter, "1"),
    (softmax + "from: 1\nto: 8\npoints: 1000000", .invalidParameter, "1000000"),
    (softmax + "from: 1\nto: 8\npoints: 12", .invalidParameter, "12"),
    (softmax + "at: [8]", .invalidParameter, "[8]"),
    (softmax + "at: [8, 8]", .invalidParameter, "8"),
    (softmax + "at: [8, 0]", .invalidParameter, "0"),
    (softmax + "at: [8, 16]\nfrom: 4", .invalidParameter, "4"),
    (softmax + "at: [8, 16]\nspacing: lgo", .invalidParameter, "lgo"),
    (softmax + "at: [8, 16]\nkeys: 9", .invalidParameter, "keys"),
    (softmax + "at: [8, 16]\nreplicates: 1", .invalidParameter, "1"),
    (softmax + "at: [8, 16]\nheadDimensoin: 8", .unknownParameter, "headDimensoin"),
    (softmax + "at: [8, 16]\nheadDimension: [8, 0]", .invalidParameter, "0"),
    (softmax + "at: [8, 16]\nqueries: 4\ntrials: [2, 8]", .invalidParameter, "[2, 8]"),
    (softmax + "at: [8, 16]\ntop: [9]", .invalidParameter, "[9]"),
    (
      softmax + "at: [8, 16]\nheadDimension: [1, 2, 3]\nqueries: [8, 9, 10]\ntrials: 2", .invalidParameter,
      "[8, 9, 10]"
    ),
    ("of: softmax\nmeasure: entropy\nover: sigma\nfrom: -1\nto: 8", .invalidParameter, "-1"),
    ("of: softmax\nmeasure: entropy\nover: sigma\nfrom: 1\nto: 8\nscales: [√d]", .invalidParameter, "scales"),
    (
      "of: attention\nmeasure: meanEntropy\nover: scale\nscores: [[1, 2]]\nat: [1, 2]\nreplicates: 4",
      .invalidParameter, "replicates"
    ),
    (
      "of: attention\nmeasure: meanEntropy\nover: sigma\nscores: [[1, 2]]\nat: [1, 2]", .invalidParameter,
      "[1, 2]"
    ),
  ])
  func `what makes no sense is refused where it stands`(body: String, code: DiagnosticCode, marked: String)
    throws
  {
    let (plan, source) = try Planning.plan("kind: sweep\n" + body + "\nfigure: curve")
    #expect(plan.experiments.isEmpty)
    let diagnostic = try #require(plan.diagnostics.first)
    #expect(diagnostic.code == code, "\(diagnostic.summary.english)")
    let location = try #require(diagnostic.location)
    #expect(source.text(location.range) == marked, "\(diagnostic.summary.english)")
    #expect(diagnostic.summary.english != diagnostic.summary.chinese)
  }

  @Test func `a logarithmic grid is refused where it would touch zero, a linear one is not`() throws {
    let kind = Sweep.kind
    let values = { (spacing: String) in
      ParameterValues(
        defaultsOf: kind, ["at": .numbers([0, 1, 2, 3]), "spacing": .choice(spacing)])
    }
    #expect(throws: ParameterProblem.self) { try SweepGrid(values("log")) }
    #expect(try SweepGrid(values("linear")).points == [0, 1, 2, 3])
  }

  @Test func `more work than the machine has is refused before anything runs`() throws {
    let (plan, _) = try Planning.plan(
      "kind: sweep\nof: softmax\nmeasure: entropy\nover: sigma\nfrom: 0.01\nto: 100\npoints: 512\nreplicates: 4096\nqueries: 1000000"
    )
    #expect(plan.diagnostics.map(\.code) == [.tooMuchWork])
  }

  @Test func `a selector that fits nothing is reported at the measure once the values are known`() throws {
    let sweep = try Self.sweep(
      Self.small + "of: softmax\nmeasure: topMass[7]\nover: sigma\nat: [1, 2]\nkeys: 8\nreplicates: 2")
    let problem = #expect(throws: ParameterProblem.self) { try sweep.run(RunConditions()) }
    #expect(problem?.parameter == "measure")
    #expect(problem?.help?.english.contains("topMass[√d, 1]") == true)
  }

  // MARK: The grid

  @Test func `points have equal ratios and digits that a note can name`() throws {
    func points(_ low: Double, _ high: Double, _ count: Int, _ spacing: String = "log") throws -> [Double] {
      try SweepGrid(
        ParameterValues(
          defaultsOf: Sweep.kind,
          ["from": .number(low), "to": .number(high), "points": .integer(count), "spacing": .choice(spacing)])
      ).points
    }
    #expect(try points(0.5, 8, 5) == [0.5, 1, 2, 4, 8])
    #expect(try points(0.5, 8, 4) == [0.5, 1.26, 3.17, 8])
    #expect(try points(0.1, 0.5, 5, "linear") == [0.1, 0.2, 0.3, 0.4, 0.5])
    // Three digits would make steps of 0.5 out of 0.02.
    let fine = try points(1, 1.1, 6)
    for (low, high) in zip(fine, fine.dropFirst()) { #expect(abs(high / low - 1.01925) < 0.005) }
    let dense = try points(1, 1.001, 500)
    #expect(Set(dense.map(\.machineText)).count == 500)
  }

  @Test
  func `a list that a kind takes and the coordinate that it makes have the same name but for the plural`() {
    for type in ExperimentKinds.all where type != Sweep.self {
      let coordinates = Set(type.kind.measures.flatMap(\.coordinates))
      for parameter in type.kind.parameters where !parameter.possibleCoordinates.isEmpty {
        // An interval has two edges, and what ratios compare with is no coordinate.
        if type == Gradients.self, ["within", "reference"].contains(parameter.name) { continue }
        #expect(
          !coordinates.isDisjoint(with: parameter.possibleCoordinates), "\(type.kind.name).\(parameter.name)")
      }
    }
  }

  @Test func `no kind has a parameter of the names that a sweep needs for itself`() {
    let own = Set(Sweep.kind.parameters.map(\.name))
    for type in ExperimentKinds.all where type != Sweep.self {
      #expect(own.isDisjoint(with: type.kind.parameters.map(\.name)), "\(type.kind.name)")
      #expect(own.isDisjoint(with: SweepSubject.Variable.scales.map(\.name)))
    }
  }

  // MARK: Progress

  @Test func `progress never goes back, names the point, and ends with all of the work`() throws {
    let sweep = try Self.sweep(
      "of: softmax\nmeasure: entropy\nover: keys\nat: [8, 16]\nheadDimension: [4, 16]\nreplicates: 2\n"
        + "queries: 24\ntrials: 4\nseed: 11")
    let told = Mutex<[(Int, Int)]>([])
    _ = try sweep.run(
      RunConditions(threads: 2, progress: { done, total in told.withLock { $0.append((done, total)) } }))
    let shares = told.withLock { $0.map { Double($0.0) / Double($0.1) } }
    #expect(shares == shares.sorted())
    #expect(shares.last == 1)
    #expect(sweep.stage(done: 0, of: 80)?.english == "headDimension = 4, keys = 8, replicate 1 of 2")
    #expect(sweep.stage(done: 79, of: 80)?.chinese == "headDimension = 16，keys = 16，第 2 次重复，共 2 次")
    #expect(sweep.stage(done: 80, of: 80) == nil)
  }

  @Test func `a sweep stops between two experiments, and inside of one`() throws {
    let cancellation = Cancellation()
    let sweep = try Self.sweep(
      Self.small + "of: softmax\nmeasure: entropy\nover: keys\nat: [8, 16, 32]\nreplicates: 50")
    let told = Mutex(0)
    let conditions = RunConditions(
      cancellation: cancellation,
      progress: { _, _ in
        told.withLock { $0 += 1 }
        cancellation.cancel()
      })
    #expect(throws: KernelError.cancelled) { try sweep.run(conditions) }
    #expect(told.withLock { $0 } <= 2)
  }
}
