import AttentionKernel
import SVGChart
import Synchronization
import Testing
import Wording

@testable import Experiments

/// What every kind promises, tested over the list that runs them: a new kind is covered without a new test.
@Suite struct EveryKind {
  static let names = ExperimentKinds.all.map { $0.kind.name }

  private func type(_ name: String) throws -> any Experiment.Type {
    try #require(ExperimentKinds.named(name))
  }

  /// The kind's example, or its defaults, with numbers made small where that is possible; with 4096 components if
  /// logits are to be large.
  private func experiment(
    _ type: any Experiment.Type, normalization: String? = nil, withLargeLogits: Bool = false
  ) throws -> any Experiment {
    let defaults =
      normalization.map { ParameterValues(defaultsOf: type.kind, ["normalization": .choice($0)]) }
      ?? ParameterValues(defaultsOf: type.kind)
    var values: [ParameterValues.Entry] = defaults.entries
    func set(_ name: String, _ value: ParameterValue) {
      values = values.map { $0.name == name ? ParameterValues.Entry(name: name, value: value) : $0 }
    }
    // No share of a prime number of samples has four decimals.
    let sizes = [
      ("samples", 2017), ("queries", 320), ("keys", 24), ("modelDimension", 16), ("inputs", 6),
    ]
    for (name, value) in sizes
      + (withLargeLogits ? [("headDimension", 4096), ("queries", 64), ("keys", 8)] : [])
    {
      switch type.kind.parameters.first(where: { $0.name == name && $0.defaultValue != .absent })?.form {
      case .integer: set(name, .integer(value))
      case .integers: set(name, .integers([value]))
      default: break
      }
    }
    set("pooled", .integers([16, 300]))
    // A normalization decides on the scales.
    for entry in type.kind.example where entry.name != "scales" || normalization == nil {
      // Parameters that others lead to are in no list of defaults.
      values.removeAll { $0.name == entry.name }
      values.append(entry)
    }
    return try type.init(ParameterValues(values))
  }

  @Test func `names are used once`() {
    #expect(Set(Self.names).count == Self.names.count)
    for type in ExperimentKinds.all {
      for names in [
        type.kind.parameters.map(\.name), type.kind.measures.map(\.name), type.kind.figures.map(\.name),
      ] {
        #expect(Set(names).count == names.count)
      }
    }
  }

  @Test(arguments: names)
  func `measures come out as the kind describes them, each of them at least once, or with the reason why not`(
    name: String
  ) throws {
    let type = try type(name)
    let experiment = try experiment(type)
    let outcome = try experiment.run(RunConditions(threads: 2))
    #expect(experiment.kind.name == name)
    #expect(experiment.kind.measures.map(\.name) == type.kind.measures.map(\.name))
    for description in experiment.kind.measures {
      let measures = outcome.measures.filter { $0.name == description.name }
      let missing = outcome.missing.filter { $0.name == description.name }
      #expect(!measures.isEmpty || !missing.isEmpty, "\(description.name)")
      #expect(missing.allSatisfy { $0.coordinates.map(\.name) == description.coordinates })
      for measure in measures {
        #expect(measure.coordinates.map(\.name) == description.coordinates)
        #expect(measure.unit == description.unit)
        #expect(measure.value.isFinite)
        #expect((measure.standardError ?? 0) >= 0)
      }
    }
    let texts = outcome.measures.map(\.text) + outcome.missing.map(\.text)
    #expect(Set(outcome.measures.map(\.name)).isSubset(of: type.kind.measures.map(\.name)))
    #expect(Set(texts).count == texts.count)
  }

  @Test(arguments: names)
  func `every figure that is offered can be drawn in both layouts and languages`(name: String) throws {
    let type = try type(name)
    let experiment = try experiment(type)
    let outcome = try experiment.run(RunConditions(threads: 1))
    let offered = type.kind.figures.map(\.name).filter { experiment.reasonAgainst(figure: $0) == nil }
    #expect(!offered.isEmpty)
    for figure in offered {
      let chart = try #require(outcome.figures.first { $0.name == figure }?.chart, "\(figure)")
      for language in Language.allCases { _ = try chart.figureHTML(ordinal: 1, language: language) }
    }
  }

  @Test(arguments: normalized.filter { $0.normalization ?? "none" != "none" })
  func `a normalization is said in every figure and changes the name of the scale to g, if any`(
    kind: String, normalization: String?
  ) throws {
    let type = try type(kind)
    let experiment = try experiment(type, normalization: normalization)
    let outcome = try experiment.run(RunConditions(threads: 2))
    let scale = normalization == "unit-length" ? "g" : "scale"
    for description in type.kind.measures {
      let measures = outcome.measures.filter { $0.name == description.name }
      #expect(!measures.isEmpty, "\(description.name)")
      for measure in measures {
        #expect(measure.coordinates.map(\.name) == description.coordinates.map { $0 == "scale" ? scale : $0 })
        #expect(measure.value.isFinite)
      }
    }
    #expect(Set(outcome.measures.map(\.text)).count == outcome.measures.count)
    let remark = try #require(normalization.flatMap { Normalization(rawValue: $0) }).remark
    for figure in outcome.figures {
      for language in Language.allCases {
        _ = try figure.chart.figureHTML(ordinal: 1, language: language)
        #expect(figure.chart.subtitle?[language].hasSuffix(remark[language]) == true, "\(figure.name)")
      }
    }
    #expect(outcome.figures.allSatisfy { $0.row == nil })
  }

  @Test(arguments: names)
  func `results don't depend on the number of threads`(name: String) throws {
    let type = try type(name)
    let outcomes = try [1, 2, 5].map { try experiment(type).run(RunConditions(threads: $0)) }
    #expect(outcomes[0] == outcomes[1])
    #expect(outcomes[0] == outcomes[2])
  }

  /// What came out already: several tests ask for the same, and a debug build takes its time.
  private static let known = Mutex<[String: [String: Double]]>([:])

  /// The measures of a kind, by reference text; a measure that there is not has no number.
  private func values(
    _ type: any Experiment.Type, normalization: String? = nil, fault: KernelFault?,
    withLargeLogits: Bool = false
  ) throws -> [String: Double] {
    let key = "\(type.kind.name) \(normalization ?? "") \(fault?.rawValue ?? "") \(withLargeLogits)"
    if let values = Self.known.withLock({ $0[key] }) { return values }
    let values = try computed(
      type, normalization: normalization, fault: fault, withLargeLogits: withLargeLogits)
    Self.known.withLock { $0[key] = values }
    return values
  }

  private func computed(
    _ type: any Experiment.Type, normalization: String?, fault: KernelFault?, withLargeLogits: Bool
  ) throws -> [String: Double] {
    let experiment = try experiment(type, normalization: normalization, withLargeLogits: withLargeLogits)
    let outcome = try experiment.run(RunConditions(threads: 2, fault: fault))
    return Dictionary(
      outcome.measures.map { ($0.text, $0.value) } + outcome.missing.map { ($0.text, .nan) },
      uniquingKeysWith: { first, _ in first })
  }

  /// Whether a value differs from an honest one by more than the arithmetic: faults are made in the reference path, and
  /// honest runs compute in binary32.
  private func differs(_ value: Double, from honest: Double?) -> Bool {
    guard let honest, value.isNaN == honest.isNaN else { return true }
    if value.isNaN { return false }
    return abs(value - honest) > 1e-5 * max(abs(value), abs(honest))
  }

  /// Every kind with each of its normalizations; `nil` for a kind that has none.
  static let normalized: [(kind: String, normalization: String?)] = ExperimentKinds.all.flatMap { type in
    let form = type.kind.parameters.first { $0.name == "normalization" }?.form
    guard case .choice(let choices) = form else { return [(type.kind.name, String?.none)] }
    return choices.names.map { (type.kind.name, $0) }
  }

  @Test(arguments: normalized)
  func `no measure survives every fault, be it sampled or exact`(kind: String, normalization: String?) throws
  {
    let type = try type(kind)
    let honest = try values(type, normalization: normalization, fault: nil)
    // What an honest run does not find, no claim can speak of.
    var survivors = Set(honest.filter { !$1.isNaN }.map { String($0.key.prefix { $0 != "[" }) })
    // The others change nothing, as the next test shows.
    for fault in KernelFault.allCases where type.kind.faults.contains(fault) {
      let broken = try values(type, normalization: normalization, fault: fault)
      #expect(broken.count == honest.count, "\(fault)")
      for (text, value) in broken where differs(value, from: honest[text]) {
        survivors.remove(String(text.prefix { $0 != "[" }))
      }
    }
    #expect(survivors.isEmpty, "let a fault reach these, or a claim about them could say nothing")
  }

  /// A mistake that a kind does not name is never tried on claims about it, so a name left out would be a lie.
  ///
  /// Whatever changes nothing leaves the bits of the reference path, which differ from those of the fast loops only as the
  /// arithmetic does.
  @Test(arguments: normalized)
  func `mistakes that a kind does not name change none of its measures`(
    kind: String, normalization: String?
  ) throws {
    let type = try type(kind)
    let others = KernelFault.allCases.filter { !type.kind.faults.contains($0) }
    let runs = try others.map { try values(type, normalization: normalization, fault: $0) }
    guard let first = runs.first else { return }
    for (fault, run) in zip(others, runs) {
      // Described, because not-a-number differs from itself.
      #expect(
        "\(run.sorted { $0.key < $1.key })" == "\(first.sorted { $0.key < $1.key })",
        "name \(fault) in the description of the kind, or \(others[0])")
    }
    // Where logits are large, the smallest weights are known worse on some paths than on others.
    guard normalization ?? "none" == "none" else { return }
    let honest = try values(type, normalization: normalization, fault: nil)
    let changed = first.keys.sorted().filter { differs(first[$0] ?? .nan, from: honest[$0]) }
    #expect(changed.isEmpty, "name \(others[0]) in the description of the kind")
  }

  @Test func `every mistake can be made in some kind, and has words in both languages`() {
    for fault in KernelFault.allCases {
      #expect(ExperimentKinds.all.contains { $0.kind.faults.contains(fault) }, "\(fault)")
      #expect(fault.words.english != fault.words.chinese && !fault.words.english.isEmpty)
    }
  }

  @Test func `every fault changes a measure of some kind`() throws {
    var harmless = Set(KernelFault.allCases)
    for (kind, normalization) in Self.normalized {
      let type = try type(kind)
      let honest = try values(type, normalization: normalization, fault: nil)
      for fault in KernelFault.allCases where harmless.contains(fault) && type.kind.faults.contains(fault) {
        let broken = try values(type, normalization: normalization, fault: fault)
        if broken.contains(where: { differs($1, from: honest[$0]) }) { harmless.remove(fault) }
      }
    }
    // Exponentials of logits this small fit into binary32, whether the largest is subtracted or not.
    #expect(harmless.isSubset(of: [.maximumNotSubtracted]))
    #expect(
      try values(SoftmaxWeights.self, fault: .maximumNotSubtracted, withLargeLogits: true).values.contains {
        $0.isNaN
      })
  }

  @Test(arguments: names)
  func `defaults are values that a note could write`(name: String) throws {
    let kind = try type(name).kind
    let given = Set(kind.example.map(\.name))
    let entries =
      kind.example + ParameterValues(defaultsOf: kind).entries.filter { !given.contains($0.name) }
    let body = "kind: \(name)\n" + entries.map { "\($0.name): \($0.value.text)\n" }.joined()
    let (plan, _) = try Planning.plan(body)
    #expect(plan.diagnostics.isEmpty)
    for entry in entries {
      #expect(plan.experiments.first?.parameters.entries.contains(entry) == true, "\(entry.name)")
    }
  }

  @Test(arguments: names)
  func `both languages say something of everything`(name: String) throws {
    let kind = try type(name).kind
    let texts =
      [kind.summary] + kind.parameters.map(\.summary) + kind.measures.map(\.summary)
      + kind.figures.map(\.summary)
    for text in texts {
      #expect(!text.english.isEmpty && !text.chinese.isEmpty && text.english != text.chinese)
    }
  }
}
