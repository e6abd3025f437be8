import AttentionKernel
import Diagnostics
import NotebookModel
import Wording

/// Where an experiment stands: a note and an id in it.
public struct ExperimentKey: Hashable, Comparable, Sendable {
  /// The note's path.
  public let note: String
  /// The experiment's id.
  public let id: String

  /// The experiment `id` of the note at `note`.
  public init(note: String, id: String) {
    self.note = note
    self.id = id
  }

  /// By note, then by id.
  public static func < (left: ExperimentKey, right: ExperimentKey) -> Bool {
    (left.note, left.id) < (right.note, right.id)
  }
}

/// An experiment that is ready to run: its kind is known and its parameters are good.
public struct PlannedExperiment: Sendable {
  /// Its note and id.
  public let key: ExperimentKey
  /// What its kind is, as its parameters make it.
  public let kind: KindDescription
  /// The values of all parameters, defaults included.
  public let parameters: ParameterValues
  /// The experiment.
  public let experiment: any Experiment
  /// The figures to show, by name.
  public let figures: [String]
  /// The author's titles, for the figures in their order; where there are fewer, the kind's own stand.
  public let titles: [String]
  /// The directive's place, for messages.
  public let location: SourceLocation
  /// Where the note writes which parameter.
  let places: [ParameterPlace]

  /// Where a parameter is written; the directive's place for one that is not.
  func location(of parameter: String) -> SourceLocation {
    guard let place = places.first(where: { $0.name == parameter }) else { return location }
    return SourceLocation(path: location.path, range: place.range)
  }

  /// The same experiment with another seed: a fixed function of the seed and `number`.
  func reseeded(_ number: Int) throws -> PlannedExperiment {
    let replaced = parameters.replacingSeeds { seed in
      // A step of SplitMix64 (Steele, Lea and Flood 2014), so that neighbouring seeds don't meet.
      var z = seed &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
    guard replaced != parameters, let type = ExperimentKinds.named(kind.name) else { return self }
    return PlannedExperiment(
      key: key, kind: kind, parameters: replaced, experiment: try type.init(replaced), figures: figures,
      titles: titles, location: location, places: places)
  }

  /// What its results depend on, as text: equal texts give equal results.
  ///
  /// Names and places are not part of it, so that renaming an experiment changes no number.
  public var cacheKey: String {
    let values = parameters.entries.map { "\($0.name)=\($0.value.exactText)" }.joined(separator: "; ")
    return
      "\(kind.name)(\(values)) kernel \(NumericContract.version)"
  }
}

/// Where a parameter is written.
struct ParameterPlace: Hashable, Sendable {
  /// The parameter's name.
  let name: String
  /// Bytes of the note.
  let range: Range<Int>
}

/// Experiments in the order of their notes, each checked against its kind.
public struct ExperimentPlan: Sendable {
  /// What will run.
  public let experiments: [PlannedExperiment]
  /// What is wrong with the directives; experiments with errors are not planned.
  public let diagnostics: [Diagnostic]

  /// Plans the experiments of some notes.
  ///
  /// - Parameters:
  ///   - limits: What one experiment may take.
  ///   - files: The files that parameters may name.
  ///   - threads: How many threads to use; the result doesn't depend on it.
  public init(
    documents: [NotebookDocument], limits: WorkLimits, files: any DataFiles = NoDataFiles(), threads: Int = 1
  ) {
    let planned = Parallel.map(documents, threads: threads) { document in
      var experiments: [PlannedExperiment] = []
      var diagnostics: [Diagnostic] = []
      for case .experiment(let directive) in document.directives where directive.isReadable {
        let (planned, problems) = Self.plan(directive, in: document, limits: limits, files: files)
        diagnostics += problems
        if let planned { experiments.append(planned) }
      }
      return (experiments: experiments, diagnostics: diagnostics)
    }
    experiments = planned.flatMap(\.experiments)
    diagnostics = planned.flatMap(\.diagnostics)
  }

  private init(experiments: [PlannedExperiment], diagnostics: [Diagnostic]) {
    self.experiments = experiments
    self.diagnostics = diagnostics
  }

  /// The same experiments with other seeds, the `number`th set of them; what has no seed stays as it is.
  ///
  /// - Throws: ``ParameterProblem`` only where a kind refuses a seed.
  public func reseeded(_ number: Int) throws -> ExperimentPlan {
    ExperimentPlan(experiments: try experiments.map { try $0.reseeded(number) }, diagnostics: diagnostics)
  }

  /// The part of the plan that runs some experiments.
  public func only(_ keys: Set<ExperimentKey>) -> ExperimentPlan {
    ExperimentPlan(experiments: experiments.filter { keys.contains($0.key) }, diagnostics: [])
  }

  private static func plan(
    _ directive: ExperimentDirective, in document: NotebookDocument, limits: WorkLimits,
    files: any DataFiles
  ) -> (PlannedExperiment?, [Diagnostic]) {
    let path = document.path
    let location = SourceLocation(path: path, range: directive.id.range)
    var reader = MappingReader(
      directive.body, owner: LocalText("experiment ‘\(directive.id.value)’", "实验 ‘\(directive.id.value)’ "),
      at: location,
      unknownCode: .unknownParameter)
    guard let name = reader.requiredText("kind") else { return (nil, reader.diagnostics) }
    guard let type = ExperimentKinds.named(name.value) else {
      let known = ExperimentKinds.all.map { $0.kind.name }
      let nearest = Spelling.nearest(to: name.value, among: known)
      reader.report(
        .unknownKind,
        LocalText(
          "no kind of experiment is called ‘\(name.value.prefix(60))’", "没有叫 ‘\(name.value.prefix(60))’ 的实验种类"
        ), at: name.range,
        label: .didYouMean(nearest),
        help: LocalText("the kinds are: ", "实验种类有：") + .list(known),
        fixes: Fix.spelling(name.value, at: SourceLocation(path: path, range: name.range), among: known))
      return (nil, reader.diagnostics)
    }
    let kind = type.kind
    guard
      let parameters = ParameterReader(files: files, note: path).read(
        type, from: &reader, at: directive.id.range)
    else { return (nil, reader.diagnostics) }
    let wanted = reader.texts("figure")
    let titles = reader.texts("title") ?? []
    reader.finish()
    guard !reader.diagnostics.hasErrors else { return (nil, reader.diagnostics) }

    let experiment: any Experiment
    do {
      experiment = try type.init(parameters)
    } catch {
      reader.report(error, elsewhere: directive.id.range)
      return (nil, reader.diagnostics)
    }
    if let (summary, help) = limits.refusal(of: experiment.work) {
      reader.report(
        .tooMuchWork,
        LocalText("experiment ‘\(directive.id.value)’ ", "实验 ‘\(directive.id.value)’ ") + summary,
        at: directive.id.range, help: help)
    }
    let figures = self.figures(wanted, of: kind, experiment, language: document.language, reporting: &reader)
    if titles.count > figures.count {
      reader.report(
        .invalidParameter,
        LocalText(
          "there are \(titles.count) titles for \(figures.count) figure\(figures.count == 1 ? "" : "s")",
          "\(figures.count) 幅图却有 \(titles.count) 个标题"),
        at: titles[figures.count].range)
    }
    guard !reader.diagnostics.hasErrors else { return (nil, reader.diagnostics) }
    let planned = PlannedExperiment(
      key: ExperimentKey(note: path, id: directive.id.value), kind: experiment.kind, parameters: parameters,
      experiment: experiment, figures: figures, titles: titles.map(CheckedText.plain), location: location,
      places: parameters.entries.compactMap { entry in
        reader.valueRange(entry.name).map { ParameterPlace(name: entry.name, range: $0) }
      })
    return (planned, reader.diagnostics)
  }

  private static func figures(
    _ wanted: [Located<String>]?, of kind: KindDescription, _ experiment: any Experiment, language: Language,
    reporting reader: inout MappingReader
  ) -> [String] {
    guard let wanted else {
      return kind.figures.map(\.name).first { experiment.reasonAgainst(figure: $0) == nil }.map { [$0] } ?? []
    }
    if wanted.map(\.value) == ["none"] { return [] }
    var names: [String] = []
    for figure in wanted {
      let known = kind.figures.map(\.name)
      if !known.contains(figure.value) {
        let nearest = Spelling.nearest(to: figure.value, among: known)
        reader.report(
          .unknownFigure,
          LocalText(
            "‘\(kind.name)’ has no figure called ‘\(figure.value.prefix(60))’",
            "‘\(kind.name)’ 没有叫 ‘\(figure.value.prefix(60))’ 的图"),
          at: figure.range,
          label: .didYouMean(nearest),
          help: LocalText("its figures are: ", "它的图有：") + .list(known) + LocalText(", or none", "，或写 none"),
          fixes: Fix.spelling(
            figure.value, at: SourceLocation(path: reader.location.path, range: figure.range), among: known))
      } else if let reason = experiment.reasonAgainst(figure: figure.value) {
        reader.report(
          .unknownFigure,
          LocalText("figure ‘\(figure.value)’ can't be drawn here: ", "这里画不了图 ‘\(figure.value)’：") + reason,
          at: figure.range)
      } else if !names.contains(figure.value) {
        names.append(figure.value)
      }
    }
    return names
  }
}

/// What one experiment may take.
public struct WorkLimits: Hashable, Sendable {
  /// Bytes held at once.
  public let memoryBytes: Double
  /// Multiplications.
  public let operations: Double
  /// The threads that it will run on.
  public let threads: Int

  /// Limits; the command derives the memory from the machine.
  public init(memoryBytes: Double, operations: Double = 2e13, threads: Int = 1) {
    self.memoryBytes = memoryBytes
    self.operations = operations
    self.threads = threads
  }

  /// Why work is too much, and how to mend it; `nil` where it is not.
  func refusal(of work: Work) -> (summary: LocalText, help: LocalText)? {
    let needed = work.memoryBytes(threads: threads)
    if needed > memoryBytes {
      let fits = work.memoryBytes <= memoryBytes
      return (
        LocalText(
          "would take about \(Self.gigabytes(needed)) of memory; \(Self.gigabytes(memoryBytes)) can be used here",
          "约需 \(Self.gigabytes(needed)) 内存，这里只能用 \(Self.gigabytes(memoryBytes))"),
        fits
          ? LocalText(
            "lower the largest of its sizes, or take fewer than \(threads) threads with --threads",
            "减小其中最大的尺寸，或用 --threads 改用少于 \(threads) 个线程")
          : LocalText("lower the largest of its sizes", "减小其中最大的尺寸")
      )
    }
    if work.operations > operations {
      let format = NumberFormat.significant(1)
      return (
        LocalText(
          "would take about \(format.string(work.operations)) multiplications; the limit is \(format.string(operations))",
          "约需 \(format.string(work.operations)) 次乘法，上限是 \(format.string(operations))"),
        LocalText(
          "lower the largest of its sizes: a thousandth of the samples loses one digit and a half",
          "减小其中最大的尺寸：样本减到千分之一，只损失一位半的精度")
      )
    }
    return nil
  }

  private static func gigabytes(_ bytes: Double) -> String {
    NumberFormat.significant(2).string(bytes / 1e9) + " GB"
  }
}
