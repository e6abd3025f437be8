import AttentionKernel
import Diagnostics
import TensorFiles
import Wording

/// A parameter of a kind: its name, its type with the range allowed, its default.
public struct ParameterDescription: Sendable {
  /// The types of parameters.
  public enum Form: Hashable, Sendable {
    /// A whole number.
    case integer(ClosedRange<Int>)
    /// One or several different whole numbers; one alone is a list of one.
    case integers(ClosedRange<Int>, atMost: Int)
    /// A number.
    case number(ClosedRange<Double>)
    /// One or several different numbers.
    case numbers(ClosedRange<Double>, atMost: Int)
    /// One or several different scales: `none`, `√d`, `2√d`, `d`, or a number.
    case scales(atMost: Int)
    /// A seed: any whole number from 0 on.
    case seed
    /// `true` or `false`.
    case flag
    /// One of several names.
    case choice(Choices)
    /// A text.
    case text
    /// One or several texts, which may be equal.
    case texts(atMost: Int)
    /// Numbers with so many indices: written as nested lists, or the path of a `.npy` or `.safetensors` file.
    case tensor(rank: ClosedRange<Int>)
  }

  /// The key in the directive.
  public let name: String
  /// The type.
  public let form: Form
  /// The value where the note gives none.
  public let defaultValue: ParameterValue
  /// One sentence.
  public let summary: LocalText
  /// Other defaults under conditions; the first one that applies counts.
  public let otherDefaults: [OtherDefault]

  /// A default where another parameter has a certain value.
  public struct OtherDefault: Hashable, Sendable {
    /// The value where the note gives none.
    public let defaultValue: ParameterValue
    /// The parameter that decides; one without other defaults of its own.
    public let parameter: String
    /// The value that it must have.
    public let value: ParameterValue

    /// A default with its condition.
    public init(_ defaultValue: ParameterValue, where parameter: String, is value: ParameterValue) {
      self.defaultValue = defaultValue
      self.parameter = parameter
      self.value = value
    }
  }

  /// A parameter with its default, which must be of its form.
  public init(
    _ name: String, _ form: Form, default defaultValue: ParameterValue, _ summary: LocalText,
    _ otherDefaults: [OtherDefault] = []
  ) {
    self.name = name
    self.form = form
    self.defaultValue = defaultValue
    self.summary = summary
    self.otherDefaults = otherDefaults
  }
}

/// A parameter's value.
public enum ParameterValue: Hashable, Sendable {
  /// A whole number.
  case integer(Int)
  /// Whole numbers.
  case integers([Int])
  /// A number.
  case number(Double)
  /// Numbers.
  case numbers([Double])
  /// Scales.
  case scales([Scale])
  /// A seed.
  case seed(UInt64)
  /// A truth value.
  case flag(Bool)
  /// A name, one of those that the parameter takes.
  case choice(String)
  /// A text.
  case text(String)
  /// Texts.
  case texts([String])
  /// Numbers with indices, and the file they come from as the note names it; `nil` for numbers in the note itself.
  case tensor(Tensor, file: String?)
  /// Nothing: what a parameter that may be left out is without a value.
  case absent

  /// The value as it is written in a directive.
  public var text: String {
    switch self {
    case .integer(let value): String(value)
    case .integers(let values): "[\(values.map { String($0) }.joined(separator: ", "))]"
    case .number(let value): value.machineText
    case .numbers(let values): "[\(values.map(\.machineText).joined(separator: ", "))]"
    case .scales(let scales): "[\(scales.map(\.label).joined(separator: ", "))]"
    case .seed(let seed): String(seed)
    case .flag(let value): value ? "true" : "false"
    case .choice(let name): name
    case .text(let text): text
    case .texts(let texts): JSONValue.array(texts.map { .string($0) }).text()
    case .tensor(_, let file?): file
    case .tensor(let tensor, nil): tensor.nestedText
    case .absent: "null"
    }
  }

  /// The value for a line among others: a list of more than eight values by its ends and their number.
  public var briefText: String {
    if case .tensor(let tensor, nil) = self, tensor.values.count > 16 { return "[…] \(tensor.shapeText)" }
    guard case .array(let items) = json, items.count > 8, let last = items.last else { return text }
    func plain(_ item: JSONValue) -> String { if case .string(let text) = item { text } else { item.text() } }
    return "[\(items.prefix(3).map(plain).joined(separator: ", ")), …, \(plain(last))] (\(items.count))"
  }

  /// The value to its last bit: equal texts mean equal values.
  var exactText: String {
    switch self {
    case .number(let value): "\(value)"
    case .numbers(let values): "\(values)"
    case .scales(let scales): "[\(scales.map(\.exactLabel).joined(separator: ", "))]"
    // Not the file's name: what matters is what is in it, wherever it lies.
    case .tensor(let tensor, _): "\(tensor.shape) \(tensor.digest)"
    // In quotation marks, so that no text is taken for the end of another value.
    case .text(let text): JSONValue.string(text).text()
    case .integer, .integers, .seed, .flag, .choice, .texts, .absent: text
    }
  }

  /// The value for JSON, to its last bit: read as a parameter again, it is the same value.
  public var json: JSONValue {
    switch self {
    case .integer(let value): .integer(value)
    case .integers(let values): .array(values.map { .integer($0) })
    case .number(let value): Self.json(value)
    case .numbers(let values): .array(values.map(Self.json))
    case .scales(let scales): .array(scales.map { .string($0.exactLabel) })
    // A seed above 2⁵³ would lose digits in most readers of JSON numbers.
    case .seed(let seed): seed < 1 << 53 ? .integer(Int(seed)) : .string(String(seed))
    case .flag(let value): .bool(value)
    case .choice(let name): .string(name)
    case .text(let text): .string(text)
    case .texts(let texts): .array(texts.map { .string($0) })
    case .tensor(let tensor, let file): file.map { .string($0) } ?? tensor.nestedJSON
    case .absent: .null
    }
  }
}

extension ParameterValue {
  /// A number where twelve digits say all of it, otherwise its digits as a text.
  fileprivate static func json(_ value: Double) -> JSONValue {
    Double(value.machineText) == value ? .number(value) : .string("\(value)")
  }
}

extension ParameterValue {
  /// A tensor of more numbers than this is published by the name of its file only.
  public static let mostPublishedNumbers = 16_384

  /// The value for whoever has the site but not its notes: the numbers of a file instead of its name, unless they are too many.
  public var published: ParameterValue {
    guard case .tensor(let tensor, _?) = self, tensor.values.count <= Self.mostPublishedNumbers else {
      return self
    }
    return .tensor(tensor, file: nil)
  }
}

/// Why values don't go together.
public struct ParameterProblem: Error, Hashable, Sendable {
  /// The parameter to mend.
  public let parameter: String
  /// What is wrong, as a sentence without a full stop.
  public let summary: LocalText
  /// How to mend it.
  public let help: LocalText?
  /// Which kind of mistake it is.
  public let code: DiagnosticCode
  /// A name that nothing has, as written.
  public let misspelt: String?
  /// The names that would have been right.
  public let candidates: [String]

  /// A problem with the value of a parameter.
  public init(
    _ parameter: String, _ summary: LocalText, help: LocalText? = nil,
    code: DiagnosticCode = .invalidParameter
  ) {
    self.parameter = parameter
    self.summary = summary
    self.help = help
    self.code = code
    misspelt = nil
    candidates = []
  }

  /// A name in the value of a parameter that nothing has.
  ///
  /// - Parameters:
  ///   - summary: That there is no such thing.
  ///   - known: What the names that there are stand for, before their list.
  public init(
    _ parameter: String, _ summary: LocalText, misspelt: String, among candidates: [String], known: LocalText,
    code: DiagnosticCode = .invalidParameter
  ) {
    self.parameter = parameter
    self.summary = summary
    self.code = code
    self.misspelt = misspelt
    self.candidates = candidates
    help = candidates.isEmpty ? nil : known + .list(candidates)
  }
}

/// The values of all parameters that a kind declares, defaults included, in its order.
public struct ParameterValues: Hashable, Sendable {
  /// A parameter and its value.
  public struct Entry: Hashable, Sendable {
    /// The parameter's name.
    public let name: String
    /// Its value.
    public let value: ParameterValue
  }

  /// Names and values in the kind's order.
  public let entries: [Entry]

  init(_ entries: [Entry]) {
    self.entries = entries
  }

  /// The defaults of a kind, with some values replaced: for tests and for experiments run from the command line.
  public init(defaultsOf kind: KindDescription, _ replacing: KeyValuePairs<String, ParameterValue> = [:]) {
    self.init(of: kind.parameters) { parameter in replacing.last { $0.key == parameter.name }?.value }
  }

  /// The values of some parameters: those given, and the defaults that go with them.
  init(of parameters: [ParameterDescription], given: (ParameterDescription) -> ParameterValue?) {
    let given = parameters.map(given)
    let plain = zip(parameters, given).map { Entry(name: $0.name, value: $1 ?? $0.defaultValue) }
    entries = zip(parameters, given).map { parameter, given in
      let other = parameter.otherDefaults.first {
        plain.contains(Entry(name: $0.parameter, value: $0.value))
      }
      return Entry(name: parameter.name, value: given ?? other?.defaultValue ?? parameter.defaultValue)
    }
  }

  /// The same values with every seed replaced.
  func replacingSeeds(_ replace: (UInt64) -> UInt64) -> ParameterValues {
    ParameterValues(
      entries.map { entry in
        guard case .seed(let seed) = entry.value else { return entry }
        return Entry(name: entry.name, value: .seed(replace(seed)))
      })
  }

  /// A whole number. Asking for a parameter that the kind does not declare so is a mistake of ours and traps.
  public func integer(_ name: String) -> Int {
    guard case .integer(let value) = self[name] else { preconditionFailure("\(name) is no integer") }
    return value
  }

  /// Whole numbers.
  public func integers(_ name: String) -> [Int] {
    guard case .integers(let values) = self[name] else {
      preconditionFailure("\(name) is no list of integers")
    }
    return values
  }

  /// A number.
  public func number(_ name: String) -> Double {
    guard case .number(let value) = self[name] else { preconditionFailure("\(name) is no number") }
    return value
  }

  /// Numbers.
  public func numbers(_ name: String) -> [Double] {
    guard case .numbers(let values) = self[name] else { preconditionFailure("\(name) is no list of numbers") }
    return values
  }

  /// Scales.
  public func scales(_ name: String) -> [Scale] {
    guard case .scales(let values) = self[name] else { preconditionFailure("\(name) is no list of scales") }
    return values
  }

  /// A seed.
  public func seed(_ name: String) -> UInt64 {
    guard case .seed(let value) = self[name] else { preconditionFailure("\(name) is no seed") }
    return value
  }

  /// A truth value.
  public func flag(_ name: String) -> Bool {
    guard case .flag(let value) = self[name] else { preconditionFailure("\(name) is no truth value") }
    return value
  }

  /// The name chosen.
  public func choice(_ name: String) -> String {
    guard case .choice(let value) = self[name] else { preconditionFailure("\(name) is no choice") }
    return value
  }

  /// A text; `nil` where the parameter is absent.
  public func optionalText(_ name: String) -> String? {
    switch self[name] {
    case .text(let text): return text
    case .absent: return nil
    default: preconditionFailure("\(name) is no text")
    }
  }

  /// Texts; none where the parameter is absent.
  public func texts(_ name: String) -> [String] {
    switch self[name] {
    case .texts(let texts): return texts
    case .absent: return []
    default: preconditionFailure("\(name) is no list of texts")
    }
  }

  /// Numbers with indices; `nil` where the parameter is absent.
  public func tensor(_ name: String) -> Tensor? {
    switch self[name] {
    case .tensor(let tensor, _): return tensor
    case .absent: return nil
    default: preconditionFailure("\(name) is no tensor")
    }
  }

  /// Whether a parameter that may be left out is without a value.
  public func isAbsent(_ name: String) -> Bool { self[name] == .absent }

  /// A whole number that may be absent.
  public func optionalInteger(_ name: String) -> Int? {
    if case .absent = self[name] { return nil }
    return integer(name)
  }

  /// A value, whatever its type.
  subscript(name: String) -> ParameterValue {
    guard let entry = entries.first(where: { $0.name == name }) else {
      preconditionFailure("the kind declares no parameter \(name)")
    }
    return entry.value
  }
}

extension Tensor {
  /// The numbers as nested lists, as a note would write them.
  var nestedText: String { nestedJSON.text() }

  fileprivate var nestedJSON: JSONValue {
    func list(_ depth: Int, _ start: Int) -> JSONValue {
      guard depth < shape.count else { return ParameterValue.json(values[start]) }
      let step = shape[(depth + 1)...].reduce(1, *)
      return .array((0..<shape[depth]).map { list(depth + 1, start + $0 * step) })
    }
    return list(0, 0)
  }
}
