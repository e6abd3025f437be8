import Diagnostics
import Experiments
import NotebookModel
import Wording

/// Looks up what a relation names and judges it. Everything that is wrong with it is kept, not only the first.
struct RelationJudge {
  /// What is wrong with a relation.
  struct Problem {
    let code: DiagnosticCode
    let summary: LocalText
    /// Byte offsets in the relation's text.
    let range: Range<Int>
    var label: LocalText?
    var help: LocalText?
    var misspelling: Misspelling?
    /// It follows from something reported already.
    var isConsequence = false
  }

  let resolver: MeasureResolver
  let note: String
  /// Of the relation's text, in bytes.
  let length: Int

  private(set) var problems: [Problem] = []
  /// The values used, each once, in the order in which they were asked for.
  private(set) var evidence: [ResolvedMeasure] = []
  /// What coordinates are bound to by ‘for all’ and ‘for some’.
  private var bindings: [(name: String, value: Coordinate)] = []
  /// The experiments whose sizes ‘n’ and ‘d’ may mean.
  private var experiments: [PlannedExperiment] = []

  init(resolver: MeasureResolver, note: String, length: Int) {
    self.resolver = resolver
    self.note = note
    self.length = length
  }

  private mutating func report(_ summary: LocalText, at range: Range<Int>, help: LocalText? = nil) {
    report(.invalidClaim, summary, at: range, help: help)
  }

  private mutating func report(
    _ code: DiagnosticCode, _ summary: LocalText, at range: Range<Int>,
    label: LocalText? = nil, help: LocalText? = nil, misspelling: Misspelling? = nil
  ) {
    problems.append(
      Problem(code: code, summary: summary, range: range, label: label, help: help, misspelling: misspelling))
  }

  private mutating func report(_ failure: MeasureResolver.Failure, at range: Range<Int>) {
    problems.append(
      Problem(
        code: failure.code, summary: failure.summary, range: range, label: failure.label, help: failure.help,
        misspelling: failure.misspelling, isConsequence: failure.isConsequence))
  }

  private mutating func use(_ values: [ResolvedMeasure]) {
    for value in values where !evidence.contains(value) { evidence.append(value) }
    for value in values {
      guard let planned = resolver.results[value.experiment]?.planned,
        !experiments.contains(where: { $0.key == planned.key })
      else { continue }
      experiments.append(planned)
    }
  }

  /// The judgement; `nil` where something is wrong.
  mutating func judge(_ relation: Relation) -> ClaimJudge.Judgement? {
    switch relation {
    case .quantified(let quantifier, let coordinate, let range, let inner):
      return judge(quantifier, coordinate, range, inner)
    case .trend(let reference, let range, let trend, let coordinate):
      return judge(reference, range, along: coordinate) { ClaimJudge.judge(trend, over: $0.map(\.quantity)) }
    case .peak(let reference, let range, let coordinate, let near, let nearRange):
      guard let values = groups(reference, range, along: coordinate) else { return nil }
      var parts: [ClaimJudge.Judgement] = []
      for group in values {
        // In each group anew: √d is another number at each head dimension.
        guard let place = place(near, on: coordinate, among: group, nearRange) else { return nil }
        let index = group.indices.min { abs(group[$0].place - place) < abs(group[$1].place - place) } ?? 0
        parts.append(ClaimJudge.judge(largestAt: index, of: group.map(\.quantity)))
      }
      return .combined(parts, .all)
    case .comparison, .near, .within: return compare(relation)
    }
  }

  // MARK: Comparisons

  private mutating func compare(_ relation: Relation) -> ClaimJudge.Judgement? {
    var evaluation = Evaluation()
    let count = problems.count
    for expression in relation.expressions { look(up: expression, &evaluation) }
    for binding in bindings { bind(binding, in: relation, &evaluation) }
    // Sizes belong to the experiments that were found.
    for expression in relation.expressions where problems.count == count {
      bindSizes(expression, &evaluation)
    }
    guard problems.count == count else { return nil }
    let judge = ClaimJudge(evaluation: evaluation, wholeRange: 0..<length)
    do {
      let judgement: ClaimJudge.Judgement
      switch relation {
      case .comparison(let comparison, let left, let right):
        judgement = try judge.judge(comparison, left, right)
      case .near(let left, let right, let tolerance):
        judgement = try judge.judge(near: left, right, tolerance: tolerance)
      case .within(let value, let low, let high, let open):
        judgement = try judge.judge(value, in: low, high, open: open)
      case .trend, .peak, .quantified: preconditionFailure("only comparisons compare")
      }
      guard judgement.sides.allSatisfy({ $0.value.isFinite }) else {
        report(LocalText("a side of this relation is not a finite number", "这个关系有一边不是有限的数"), at: 0..<length)
        return nil
      }
      return judgement
    } catch {
      report(error.summary, at: error.range, help: error.help)
      return nil
    }
  }

  private mutating func look(up expression: Expression, _ evaluation: inout Evaluation) {
    switch expression {
    case .measure(let reference, let range):
      guard evaluation.values[reference] == nil, evaluation.parameters[reference] == nil else { return }
      if let parameter = parameter(reference) {
        evaluation.parameters[reference] = parameter
        return
      }
      do {
        let value = try value(of: reference)
        evaluation.values[reference] = value
        evaluation.seeds[value.experiment] = resolver.results[value.experiment]?.planned.seed
        use([value])
      } catch {
        report(error, at: range)
      }
    case .argmax(let reference, let coordinate, let range):
      guard let groups = groups(reference, range, along: coordinate) else { return }
      guard groups.count == 1, let values = groups.first else {
        report(
          .ambiguousSelector,
          LocalText(
            "‘\(reference.text)’ has its largest value at \(groups.count) places, one for each of the other conditions",
            "‘\(reference.text)’ 在其余条件下各有一个最大处，共 \(groups.count) 处"), at: range,
          help: LocalText("select one of the conditions", "选定其中一个条件"))
        return
      }
      let best = values.indices.max { values[$0].quantity.value < values[$1].quantity.value } ?? 0
      let judgement = ClaimJudge.judge(largestAt: best, of: values.map(\.quantity))
      evaluation.largest[range] = Derived(value: values[best].place, certainty: judgement.margin)
    case .number, .constant, .variable, .negation, .binary, .call:
      for operand in expression.operands { look(up: operand, &evaluation) }
    }
  }

  /// Gives a bound coordinate the number that it has at the measures found: √d is another one at each head dimension.
  private mutating func bind(
    _ binding: (name: String, value: Coordinate), in relation: Relation, _ evaluation: inout Evaluation
  ) {
    var numbers: [Double] = []
    for expression in relation.expressions {
      for reference in expression.references {
        if let here = evaluation.values[reference.0]?.coordinate(binding.name),
          here.label == binding.value.label,
          !numbers.contains(here.number)
        {
          numbers.append(here.number)
        }
      }
    }
    evaluation.variables[binding.name] = numbers.first ?? binding.value.number
    guard numbers.count > 1,
      let place = relation.expressions.lazy.compactMap({ $0.place(ofVariable: binding.name) }).first
    else { return }
    let list = numbers.map { NumberFormat.text.string($0) }
    report(
      LocalText(
        "‘\(binding.name)’ is \(binding.value.label) here, which means several numbers: ",
        "这里的 ‘\(binding.name)’ 是 \(binding.value.label)，它同时指几个数：") + .list(list), at: place,
      help: LocalText(
        "name measures of one experiment at one setting of the other coordinates",
        "只引用同一实验、其余坐标取值相同的度量"))
  }

  private mutating func bindSizes(_ expression: Expression, _ evaluation: inout Evaluation) {
    if case .variable(let name, let range) = expression, evaluation.variables[name] == nil {
      evaluation.variables[name] = size(name, at: range)
      if evaluation.variables[name] == nil { evaluation.variables[name] = .nan }
    }
    for operand in expression.operands { bindSizes(operand, &evaluation) }
  }

  /// What ‘n’ and ‘d’ mean: the keys and the head dimension of the experiments named, if they agree.
  private mutating func size(_ name: String, at range: Range<Int>) -> Double? {
    let parameter = name == "n" ? "keys" : "headDimension"
    if let bound = bindings.last(where: { $0.name == parameter }) { return bound.value.number }
    var values: [Double] = []
    for planned in experiments {
      for value in Self.numbers(parameter, of: planned) where !values.contains(value) { values.append(value) }
    }
    // Several head dimensions: the one at which the measures of the claim were taken.
    let taken = Set(evidence.flatMap { $0.measure.coordinates.filter { $0.name == parameter }.map(\.number) })
    if taken.count == 1, let one = taken.first { return one }
    guard values.count == 1 else {
      report(
        values.isEmpty
          ? LocalText(
            "none of the experiments has ‘\(parameter)’, which ‘\(name)’ means",
            "‘\(name)’ 指 ‘\(parameter)’，而这些实验都没有它")
          : LocalText(
            "‘\(name)’ means ‘\(parameter)’, and there are several", "‘\(name)’ 指 ‘\(parameter)’，这里却有好几个"),
        at: range, help: LocalText("write the number", "把数写出来"))
      return nil
    }
    return values[0]
  }

  private static func numbers(_ parameter: String, of planned: PlannedExperiment) -> [Double] {
    switch planned.parameters.entries.first(where: { $0.name == parameter })?.value {
    case .integer(let value)?: [Double(value)]
    case .integers(let values)?: values.map { Double($0) }
    case .number(let value)?: [value]
    case .numbers(let values)?: values
    default: []
    }
  }

  /// A parameter that is named like a measure, `weights.keys`; measures come first.
  private mutating func parameter(_ reference: MeasureReference) -> Double? {
    guard reference.selectors.isEmpty,
      let (key, result) = try? resolver.experiment(of: reference, from: note),
      !result.measureNames.contains(reference.measure)
    else { return nil }
    let values = Self.numbers(reference.measure, of: result.planned)
    guard values.count == 1 else { return nil }
    if !experiments.contains(where: { $0.key == key }) { experiments.append(result.planned) }
    return values[0]
  }

  // MARK: Coordinates

  /// The one value that a reference names, at what the coordinates are bound to.
  private func value(of reference: MeasureReference) throws(MeasureResolver.Failure) -> ResolvedMeasure {
    var values: [ResolvedMeasure] = []
    for binding in bindings.reversed() {
      // Where the author selects the coordinate, the selection counts.
      guard let free = try? resolver.values(of: reference, from: note, along: binding.name),
        free.contains(where: { $0.coordinate(binding.name) != nil })
      else { continue }
      values = values.isEmpty ? free : values
      values = values.filter { value in bindings.allSatisfy { isAt($0, value) } }
    }
    if values.count == 1 { return values[0] }
    return try resolver.value(of: reference, from: note)
  }

  private func isAt(_ binding: (name: String, value: Coordinate), _ value: ResolvedMeasure) -> Bool {
    value.coordinate(binding.name).map { $0.label == binding.value.label } ?? true
  }

  private mutating func judge(
    _ quantifier: Relation.Quantifier, _ coordinate: String, _ range: Range<Int>, _ inner: Relation
  ) -> ClaimJudge.Judgement? {
    guard let values = domain(of: coordinate, in: inner, range) else { return nil }
    var parts: [ClaimJudge.Judgement] = []
    for value in values {
      bindings.append((coordinate, value))
      let part = judge(inner)
      bindings.removeLast()
      // What is wrong at one value is wrong at the next one too.
      guard let part else { return nil }
      parts.append(part)
    }
    return .combined(parts, quantifier)
  }

  /// The values of a coordinate at which every measure that runs over it was taken.
  private mutating func domain(of coordinate: String, in inner: Relation, _ range: Range<Int>)
    -> [Coordinate]?
  {
    var common: [Coordinate]?
    var names: [String] = []
    for (reference, place) in inner.references {
      guard let values = try? resolver.values(of: reference, from: note, along: coordinate) else {
        // A selected coordinate does not run; anything else that is wrong is found where it is used.
        if (try? resolver.values(of: reference, from: note)) == nil, parameter(reference) == nil {
          do { _ = try resolver.values(of: reference, from: note) } catch { report(error, at: place) }
          return nil
        }
        continue
      }
      for name in values.flatMap({ $0.measure.coordinates.map(\.name) }) where !names.contains(name) {
        names.append(name)
      }
      var found: [Coordinate] = []
      for value in values where bindings.allSatisfy({ isAt($0, value) }) {
        if let here = value.coordinate(coordinate), !found.contains(where: { $0.label == here.label }) {
          found.append(here)
        }
      }
      guard !found.isEmpty else { continue }
      common =
        common.map { before in before.filter { one in found.contains { $0.label == one.label } } } ?? found
    }
    guard let common, !common.isEmpty else {
      report(
        .unknownSelector,
        LocalText(
          "no measure of this claim runs over ‘\(coordinate)’", "这条论断里没有度量随 ‘\(coordinate)’ 取值"),
        at: range, label: .didYouMean(Spelling.nearest(to: coordinate, among: names)),
        help: names.isEmpty ? nil : LocalText("the coordinates are: ", "坐标有：") + .list(names),
        misspelling: Misspelling(written: coordinate, candidates: names))
      return nil
    }
    return common
  }

  /// A value at a place of a coordinate.
  struct Placed {
    let resolved: ResolvedMeasure
    let place: Double
    var quantity: Quantity {
      Quantity(resolved.measure.value, standardError: resolved.measure.errorToJudgeBy)
    }
  }

  private mutating func judge(
    _ reference: MeasureReference, _ range: Range<Int>, along coordinate: String,
    _ judge: ([Placed]) -> ClaimJudge.Judgement
  ) -> ClaimJudge.Judgement? {
    groups(reference, range, along: coordinate).map { self.judge($0, judge) }
  }

  /// A statement along a coordinate must be true in each group.
  private func judge(
    _ groups: [[Placed]], _ judge: ([Placed]) -> ClaimJudge.Judgement
  ) -> ClaimJudge.Judgement {
    .combined(groups.map(judge), .all)
  }

  /// The values of a measure along a coordinate, in its order, a group for each setting of the others.
  private mutating func groups(
    _ reference: MeasureReference, _ range: Range<Int>, along coordinate: String
  ) -> [[Placed]]? {
    var values: [ResolvedMeasure]
    do {
      values = try resolver.values(of: reference, from: note, along: coordinate)
    } catch {
      report(error, at: range)
      return nil
    }
    let names = values[0].measure.coordinates.map(\.name)
    guard names.contains(coordinate) else {
      report(
        .unknownSelector, MeasureResolver.noCoordinate(coordinate, of: reference.measure), at: 0..<length,
        label: .didYouMean(Spelling.nearest(to: coordinate, among: names)),
        help: names.isEmpty ? nil : MeasureResolver.coordinates(names),
        misspelling: Misspelling(written: coordinate, candidates: names))
      return nil
    }
    values = values.filter { value in bindings.allSatisfy { $0.name == coordinate || isAt($0, value) } }
    // Labels, not numbers: the number behind √d is another one at each head dimension.
    var groups: [(others: [String], values: [Placed])] = []
    for value in values {
      let others = value.measure.coordinates.filter { $0.name != coordinate }.map { "\($0.name)=\($0.label)" }
      let placed = Placed(resolved: value, place: value.coordinate(coordinate)?.number ?? 0)
      if let index = groups.firstIndex(where: { $0.others == others }) {
        groups[index].values.append(placed)
      } else {
        groups.append((others, [placed]))
      }
    }
    guard groups.allSatisfy({ $0.values.count > 1 }) else {
      report(
        LocalText(
          "a trend needs values at two or more places of ‘\(coordinate)’; there is one",
          "谈升降至少要有 ‘\(coordinate)’ 的两处取值，这里只有一处"), at: range)
      return nil
    }
    let sorted = groups.map { $0.values.sorted { $0.place < $1.place } }
    if let (first, second) = sorted.lazy.flatMap({ zip($0, $0.dropFirst()) }).first(where: {
      $0.place == $1.place
    }) {
      let (a, b) = (first.resolved.measure.text, second.resolved.measure.text)
      report(
        LocalText(
          "\(a) and \(b) stand at the same place of ‘\(coordinate)’, so nothing can rise or fall between them",
          "\(a) 与 \(b) 在 ‘\(coordinate)’ 上同处一点，两者之间谈不上升降"),
        at: range,
        help: LocalText(
          "select one of them, or state the trend for an experiment without the other",
          "选定其中一个，或改为对不含另一个的实验作出论断"))
      return nil
    }
    use(sorted.flatMap { $0 }.map(\.resolved))
    return sorted
  }

  /// The place of a value of a coordinate: a number, or a label such as 2√d.
  private mutating func place(
    _ written: String, on coordinate: String, among values: [Placed], _ range: Range<Int>
  ) -> Double? {
    if let value = values.first(where: { $0.resolved.coordinate(coordinate)?.matches(written) == true }) {
      return value.place
    }
    if let number = NumberLiteral(written) { return number.number.doubleValue }
    let known = values.compactMap { $0.resolved.coordinate(coordinate)?.label }
    report(
      .unknownSelector,
      LocalText("‘\(written)’ is no place on ‘\(coordinate)’", "‘\(written)’ 不是 ‘\(coordinate)’ 上的取值"),
      at: range,
      label: .didYouMean(Spelling.nearest(to: written, among: known)),
      help: LocalText("its values are: ", "它的取值有：") + .list(known, atMost: 12),
      misspelling: Misspelling(value: written, candidates: known))
    return nil
  }
}

extension ResolvedMeasure {
  /// The coordinate of a name.
  func coordinate(_ name: String) -> Coordinate? { measure.coordinates.first { $0.name == name } }
}
