import AttentionKernel
import Wording

/// The parameters of a sweep whose subject is known: its own, and those of the swept kind.
struct SweepParameters {
  /// More values than these of one parameter make a figure that nobody reads.
  static let mostCurves = 8

  private let subject: SweepSubject
  /// What a note may write beside the leading parameters, and what it may not.
  let remaining: RemainingParameters

  init(_ subject: SweepSubject) {
    self.subject = subject
    var parameters: [ParameterDescription] = []
    var withheld: [RemainingParameters.Withheld] = []
    let name = subject.type.kind.name
    if subject.seed == nil {
      withheld.append(
        .init(
          name: "replicates",
          reason: LocalText(
            "\(name) draws no random numbers, so every replicate would be the same",
            "\(name) 不用随机数，重复多少次都一样")))
    } else {
      // Before all that count samples inside a run: advice on how many are wanted names the first that fits.
      parameters.append(Sweep.replicates)
    }
    parameters += Self.grid(of: subject)
    for parameter in subject.type.kind.parameters {
      if parameter.name == subject.parameter.name {
        let coordinate = subject.coordinate
        withheld.append(
          .init(
            name: parameter.name,
            reason: LocalText(
              "‘\(parameter.name)’ is what this sweep varies: its values are the points of ‘\(coordinate)’",
              "‘\(parameter.name)’ 正是这里要变化的：它的取值就是 ‘\(coordinate)’ 的各个点")))
      } else {
        parameters.append(Self.severalValued(parameter))
      }
    }
    // A parameter that is what the sweep varies under its own name too, such as ‘keys’.
    remaining = RemainingParameters(
      parameters, withheld: withheld.filter { one in !parameters.contains { $0.name == one.name } })
  }

  private static func grid(of subject: SweepSubject) -> [ParameterDescription] {
    let list: ParameterDescription.Form
    let single: ParameterDescription.Form
    let most = SweepGrid.mostPoints
    switch subject.parameter.form {
    case .integer(let range), .integers(let range, _):
      (list, single) = (.integers(range, atMost: most), .integer(range))
    case .number(let range), .numbers(let range, _):
      (list, single) = (.numbers(range, atMost: most), .number(range))
    default:
      // Scales.
      (list, single) = (.numbers(SweepGrid.widestRange, atMost: most), .number(SweepGrid.widestRange))
    }
    return [
      Sweep.at(list), Sweep.end("from", single), Sweep.end("to", single), Sweep.points, Sweep.spacing,
    ]
  }

  /// A parameter that takes one value takes several here, each of which makes a curve.
  static func severalValued(_ parameter: ParameterDescription) -> ParameterDescription {
    let form: ParameterDescription.Form
    let value: ParameterValue
    switch parameter.form {
    case .integer(let range): form = .integers(range, atMost: mostCurves)
    case .number(let range): form = .numbers(range, atMost: mostCurves)
    default: return parameter
    }
    switch parameter.defaultValue {
    case .integer(let one): value = .integers([one])
    case .number(let one): value = .numbers([one])
    default: value = parameter.defaultValue
    }
    return ParameterDescription(
      parameter.name, form, default: value,
      parameter.summary + LocalText("; each of several values makes a curve", "；写几个值就有几条曲线"),
      parameter.otherDefaults)
  }

  /// The values with the defaults of what is not among them.
  func completed(_ values: ParameterValues) -> ParameterValues {
    ParameterValues(of: remaining.parameters) { parameter in
      values.entries.first { $0.name == parameter.name && $0.value != .absent }?.value
    }
  }
}
