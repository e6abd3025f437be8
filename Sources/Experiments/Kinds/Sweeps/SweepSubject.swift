import AttentionKernel
import Diagnostics
import NotebookModel
import Wording

/// What is swept over what: the leading parameters of `sweep`, checked against the kinds there are.
struct SweepSubject: Sendable {
  /// What a sweep varies.
  enum Variable: Hashable, Sendable {
    /// σ, by which the logits are multiplied: the scale √d/σ.
    case sigma
    /// c of the scale c√d.
    case scaleFactor
    /// The divisor itself.
    case scale
    /// A parameter of the swept kind.
    case parameter(String)

    /// The variables that are a scale, by their names in notes.
    static let scales: [(name: String, variable: Variable)] = [
      ("sigma", .sigma), ("scaleFactor", .scaleFactor), ("scale", .scale),
    ]
  }

  /// The swept kind.
  let type: any Experiment.Type
  /// The measure that is followed.
  let measure: MeasureDescription
  /// Which of its values, where the note says so.
  let selectors: [MeasureReference.Selector]
  /// What is varied.
  let variable: Variable

  /// Reads `of`, `measure` and `over`.
  ///
  /// - Throws: ``ParameterProblem`` where one of them is missing, or nothing is called so.
  init(_ leading: ParameterValues) throws(ParameterProblem) {
    type = try Self.type(leading)
    let (measure, selectors) = try Self.measure(leading, of: type.kind)
    (self.measure, self.selectors) = (measure, selectors)
    variable = try Self.variable(leading, of: type.kind, measure)
  }

  private static func required(
    _ name: String, _ leading: ParameterValues, _ help: LocalText
  ) throws(ParameterProblem) -> String {
    if let text = leading.optionalText(name), text.contains(where: { !$0.isWhitespace }) { return text }
    throw ParameterProblem(
      name, LocalText("a sweep needs ‘\(name)’", "sweep 需要 ‘\(name)’"), help: help, code: .missingKey)
  }

  private static func type(_ leading: ParameterValues) throws(ParameterProblem) -> any Experiment.Type {
    let known = ExperimentKinds.all.map { $0.kind.name }.filter { $0 != Sweep.kind.name }
    let name = try required(
      "of", leading, LocalText("name the kind to sweep: ", "写出要扫描的实验种类：") + .list(known))
    guard name != Sweep.kind.name else {
      throw ParameterProblem(
        "of", LocalText("a sweep can't be swept", "sweep 不能再扫描 sweep"),
        help: LocalText(
          "sweep the kind itself; parameters given as lists make several curves",
          "请直接扫描那个种类；参数写成列表就会得到多条曲线"))
    }
    guard let type = ExperimentKinds.named(name) else {
      throw ParameterProblem(
        "of",
        LocalText("no kind of experiment is called ‘\(name.prefix(60))’", "没有叫 ‘\(name.prefix(60))’ 的实验种类"),
        misspelt: name, among: known, known: LocalText("the kinds are: ", "实验种类有："), code: .unknownKind)
    }
    return type
  }

  private static func measure(
    _ leading: ParameterValues, of kind: KindDescription
  ) throws(ParameterProblem) -> (MeasureDescription, [MeasureReference.Selector]) {
    let known = kind.measures.map(\.name)
    let text = try required(
      "measure", leading,
      LocalText("name a measure of \(kind.name): ", "写出 \(kind.name) 的一个度量：") + .list(known))
    guard let reference = MeasureReference(name: "of.\(text)") else {
      throw ParameterProblem(
        "measure",
        LocalText(
          "‘\(text.prefix(60))’ is no name of a measure, such as ‘\(known[0])’",
          "‘\(text.prefix(60))’ 不是度量的名字，例如 ‘\(known[0])’"))
    }
    guard let measure = kind.measures.first(where: { $0.name == reference.measure }) else {
      throw ParameterProblem(
        "measure",
        LocalText(
          "\(kind.name) has no measure called ‘\(reference.measure)’",
          "\(kind.name) 里没有叫 ‘\(reference.measure)’ 的度量"), misspelt: reference.measure, among: known,
        known: LocalText("there are: ", "有这些："), code: .unknownMeasure)
    }
    for case let name? in reference.selectors.map(\.coordinate) where !measure.coordinates.contains(name) {
      throw ParameterProblem(
        "measure",
        LocalText(
          "‘\(measure.name)’ has no coordinate called ‘\(name)’", "‘\(measure.name)’ 没有叫 ‘\(name)’ 的坐标"),
        misspelt: name, among: measure.coordinates, known: LocalText("its coordinates are: ", "它的坐标有："),
        code: .unknownSelector)
    }
    guard reference.selectors.count <= measure.coordinates.count else {
      throw ParameterProblem(
        "measure",
        LocalText(
          "‘\(text.prefix(60))’ selects \(reference.selectors.count) times, and the measure has only \(measure.coordinates.count) coordinates",
          "‘\(text.prefix(60))’ 写了 \(reference.selectors.count) 个条件，而这个度量只有 \(measure.coordinates.count) 个坐标"),
        code: .unknownSelector)
    }
    return (measure, reference.selectors)
  }

  private static func variable(
    _ leading: ParameterValues, of kind: KindDescription, _ measure: MeasureDescription
  ) throws(ParameterProblem) -> Variable {
    let hasScales = kind.parameters.contains { $0.name == "scales" && $0.isListOfScales }
    let scales = hasScales ? Variable.scales.map(\.name) : []
    let known = scales + kind.parameters.filter(\.isNumeric).map(\.name)
    let name = try required(
      "over", leading, LocalText("name what is varied: ", "写出让什么变化：") + .list(known))
    func unlike(_ coordinate: String) -> ParameterProblem {
      ParameterProblem(
        "over",
        LocalText(
          "‘\(measure.name)’ is the same at every ‘\(coordinate)’, so that there is nothing to follow over ‘\(name)’",
          "‘\(measure.name)’ 不随 ‘\(coordinate)’ 变化，沿 ‘\(name)’ 没有什么可看"),
        help: LocalText(
          "measures of \(kind.name) that depend on it: ", "\(kind.name) 中随它变化的度量：")
          + .list(kind.measures.filter { $0.coordinates.contains(coordinate) }.map(\.name)))
    }
    if hasScales, let scale = Variable.scales.first(where: { $0.name == name }) {
      guard measure.coordinates.contains("scale") else { throw unlike("scale") }
      return scale.variable
    }
    guard let parameter = kind.parameters.first(where: { $0.name == name }) else {
      throw ParameterProblem(
        "over",
        LocalText(
          "\(kind.name) has no ‘\(name.prefix(60))’ to vary", "\(kind.name) 里没有可以变化的 ‘\(name.prefix(60))’"),
        misspelt: name, among: known, known: LocalText("it can vary: ", "可以变化的有："))
    }
    guard parameter.isNumeric else {
      throw ParameterProblem(
        "over", LocalText("‘\(name)’ is no number that could be varied", "‘\(name)’ 不是可以逐点变化的数"),
        help: LocalText("\(kind.name) can vary: ", "\(kind.name) 里可以变化的有：") + .list(known))
    }
    for coordinate in parameter.possibleCoordinates
    where kind.measures.contains(where: { $0.coordinates.contains(coordinate) }) {
      guard measure.coordinates.contains(coordinate) else { throw unlike(coordinate) }
    }
    return .parameter(name)
  }
}

extension SweepSubject {
  /// The name of the swept coordinate.
  var coordinate: String {
    switch variable {
    case .parameter(let name): name
    case .sigma, .scaleFactor, .scale: Variable.scales.first { $0.variable == variable }?.name ?? "scale"
    }
  }

  /// The parameter of the swept kind that takes the points' values.
  var parameter: ParameterDescription {
    let name: String
    if case .parameter(let own) = variable { name = own } else { name = "scales" }
    guard let parameter = type.kind.parameters.first(where: { $0.name == name }) else {
      preconditionFailure("\(type.kind.name) has no parameter \(name)")
    }
    return parameter
  }

  /// The coordinates of the measure that the points take the place of.
  var replaced: [String] { parameter.possibleCoordinates }

  /// The coordinates that the measure keeps.
  var kept: [String] { measure.coordinates.filter { !replaced.contains($0) } }

  /// A letter or a name for axes and titles.
  var symbol: String {
    switch variable {
    case .sigma: "σ"
    case .scaleFactor: "c"
    case .scale: "scale"
    case .parameter(let name): name
    }
  }

  /// The seed of the swept kind; `nil` for a kind that draws no random numbers.
  var seed: ParameterDescription? { type.kind.parameters.first { $0.form == .seed } }
}

extension ParameterDescription {
  /// Whether a sweep can give it a number.
  var isNumeric: Bool {
    switch form {
    case .integer, .integers, .number, .numbers: true
    default: false
    }
  }

  /// Whether it lists scales.
  var isListOfScales: Bool {
    if case .scales(let most) = form { return most > 1 }
    return false
  }

  /// The names that the coordinate of a list's values may have: that of the list, or its singular.
  var possibleCoordinates: [String] {
    switch form {
    case .integers, .numbers, .scales:
      [name] + ["s", "es"].filter(name.hasSuffix).map { String(name.dropLast($0.count)) }
        // g takes the place of the scale, also in names.
        + (name == ParameterDescription.learnedScale.name ? ["scale"] : [])
    default: []
    }
  }
}
