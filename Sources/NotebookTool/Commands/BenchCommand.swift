import ArgumentParser
import AttentionKernel
import Experiments
import Foundation
import Wording

/// `notebook bench`.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Time the program's own parts.",
    discussion: """
        notebook bench kernel --threads 1
        notebook bench kernel --jobs normal,dots --format json
        notebook bench charts

      Times hold for this machine and this moment: on a busy one, look at the smallest and at the CPU time.
      """,
    subcommands: [BenchKernelCommand.self, BenchChartsCommand.self])
}

/// `notebook bench kernel`.
struct BenchKernelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernel",
    abstract: "Time the attention kernel.",
    discussion: """
      Each job is called until a sample is long enough; samples are taken in turn over all jobs. Times are per call.

        notebook bench kernel --list
        notebook bench kernel --threads 1 --instruction-set avx2
        notebook bench kernel --jobs fma_peak,normal_1e7 --format json
        notebook bench kernel --fingerprints

      scripts/bench-kernel runs the same jobs in PyTorch, NumPy and SciPy too, and prints how many times faster this is.
      """)

  @Option(help: ArgumentHelp("Threads to compute with. Default: as many as cores.", valueName: "n"))
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "baseline, avx2 or avx512. Default: the fastest that the processor has.", valueName: "set"))
  var instructionSet: InstructionSet = .best

  @Flag(
    help:
      "Time nothing, but print a hash of the bits that each part of the kernel returns: the same on every processor, with every instruction set and any threads."
  )
  var fingerprints = false

  @OptionGroup var options: BenchmarkOptions

  func validate() throws {
    let words = options.words
    if let threads, !(1...1024).contains(threads) {
      throw words.refusal(SiteOptions.wrongThreads(threads))
    }
    try words.require(instructionSet)
    if fingerprints, options.jobs != nil || options.list {
      throw words.refusal(
        LocalText(
          "--fingerprints prints them all; --jobs and --list are about times",
          "--fingerprints 打印全部指纹；--jobs 与 --list 只用于计时"))
    }
    _ = try options.chosen(from: jobs)
  }

  private var threadCount: Int { threads ?? max(1, ProcessInfo.processInfo.activeProcessorCount) }

  private var jobs: [BenchmarkJob] { KernelBenchmarks.all(threads: threadCount) }

  func run() throws {
    let language = options.words.chosen
    let cancellation = Cancellation()
    let conditions = RunConditions(
      threads: threadCount, cancellation: cancellation, instructionSet: instructionSet)
    if fingerprints { return try printFingerprints(conditions) }
    guard let times = try options.measure(jobs, conditions) else { return }
    let report = BenchmarkReport(conditions: conditions, times: times)
    switch options.format {
    case .text: StandardStream.output.write(report.text(in: language))
    case .json: StandardStream.output.write(report.json.text(indented: true) + "\n")
    }
  }

  private func printFingerprints(_ conditions: RunConditions) throws {
    let prints = try options.interruptible(conditions) { try KernelFingerprint.all(under: conditions) }
    switch options.format {
    case .text:
      StandardStream.output.write(TextTable.aligned(prints.map { [$0.name, $0.hexadecimal] }))
    case .json:
      let object = JSONValue.object(prints.map { .init(key: $0.name, value: .string($0.hexadecimal)) })
      StandardStream.output.write(object.text(indented: true) + "\n")
    }
  }
}

/// `notebook bench charts`.
struct BenchChartsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "charts",
    abstract: "Time the charts, and count their bytes.",
    discussion: """
      From a chart as a value to the markup of its picture, or of its whole figure, on one thread.

        notebook bench charts
        notebook bench charts --jobs heat --format json
        notebook bench charts --keep /tmp/pictures

      scripts/bench-charts draws the same data with other chart libraries too, and prints bytes and milliseconds side by side.
      """)

  @Option(help: ArgumentHelp("Also write what was drawn into this folder.", valueName: "dir"))
  var keep: String?

  @OptionGroup var options: BenchmarkOptions

  func validate() throws {
    if keep == "" {
      throw options.words.refusal(LocalText("--keep names no folder", "--keep 没有写出文件夹"))
    }
    _ = try options.chosen(from: ChartBenchmarks.all)
  }

  func run() throws {
    let conditions = RunConditions(threads: 1, cancellation: Cancellation())
    guard let times = try options.measure(ChartBenchmarks.all, conditions) else { return }
    if let keep { try write(times.map(\.job.name), to: keep) }
    let report = ChartBenchmarkReport(times: times)
    switch options.format {
    case .text: StandardStream.output.write(report.text(in: options.words.chosen))
    case .json: StandardStream.output.write(report.json.text(indented: true) + "\n")
    }
  }

  private func write(_ names: [String], to folder: String) throws {
    do {
      try FileSystem.makeFolders(folder)
      for name in names {
        if let file = try ChartBenchmarks.file(name) {
          try FileSystem.write(file.bytes, to: "\(folder)/\(file.name)")
        }
      }
    } catch let error as FileError {
      let console = Console(
        isQuiet: false, isVerbose: false, language: options.words.chosen,
        environment: ProcessInfo.processInfo.environment)
      console.complain(error.words, help: nil)
      throw CommandEnd(status: .fault)
    }
  }
}

/// What every benchmark can be told.
struct BenchmarkOptions: ParsableArguments {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @Option(help: ArgumentHelp("text or json.", valueName: "format"))
  var format: Format = .text

  @Option(
    help: ArgumentHelp("Beginnings of job names, with commas between. Default: all jobs.", valueName: "names")
  )
  var jobs: String?

  @Option(help: ArgumentHelp("Samples of each job.", valueName: "n"))
  var reps = 7

  @Option(help: ArgumentHelp("Seconds that a sample lasts at least.", valueName: "seconds"))
  var minSample = 0.05

  @Flag(help: "List the jobs with what they compute, and time nothing.")
  var list = false

  @OptionGroup var words: LanguageOption

  func validate() throws {
    if !(1...10_000).contains(reps) {
      throw words.refusal(
        LocalText("--reps must be between 1 and 10000, not \(reps)", "--reps 必须在 1 与 10000 之间，不能是 \(reps)"))
    }
    if !(0...60).contains(minSample) {
      throw words.refusal(
        LocalText(
          "--min-sample must be between 0 and 60, not \(minSample)",
          "--min-sample 必须在 0 与 60 之间，不能是 \(minSample)"))
    }
  }

  /// The jobs that were asked for.
  func chosen(from all: [BenchmarkJob]) throws -> [BenchmarkJob] {
    guard let jobs else { return all }
    let beginnings = jobs.split(separator: ",").map(String.init)
    for beginning in beginnings where !all.contains(where: { $0.name.hasPrefix(beginning) }) {
      let nearest = Spelling.nearest(to: beginning, among: all.map(\.name))
      throw words.refusal(
        LocalText(
          "no job begins with ‘\(beginning)’; --list shows them", "没有以 ‘\(beginning)’ 开头的任务；--list 列出全部")
          + .didYouMeanToo(nearest))
    }
    if beginnings.isEmpty {
      throw words.refusal(LocalText("--jobs names no job; --list shows them.", "--jobs 没有写出任务；--list 列出全部"))
    }
    return all.filter { job in beginnings.contains { job.name.hasPrefix($0) } }
  }

  /// Times the chosen jobs; `nil` where they were only listed.
  func measure(_ all: [BenchmarkJob], _ conditions: RunConditions) throws -> [BenchmarkTimes]? {
    let jobs = try chosen(from: all)
    if list {
      StandardStream.output.write(TextTable.aligned(jobs.map { [$0.name, $0.summary[words.chosen]] }))
      return nil
    }
    let console = Console(
      isQuiet: false, isVerbose: false, language: words.chosen,
      environment: ProcessInfo.processInfo.environment)
    let runner = BenchmarkRunner(conditions: conditions, samples: reps, minimumSample: minSample) {
      console.progress(LocalText("\($1.name), \($0) of \(reps)", "\($1.name)，第 \($0) 次，共 \(reps) 次"))
    }
    defer { console.endProgress() }
    return try interruptible(conditions) { try runner.run(jobs) }
  }

  /// Runs `body` until it ends or Ctrl-C is pressed.
  func interruptible<Result>(_ conditions: RunConditions, _ body: () throws -> Result) throws -> Result {
    let console = Console(
      isQuiet: false, isVerbose: false, language: words.chosen,
      environment: ProcessInfo.processInfo.environment)
    let interruption = Interruption(conditions.cancellation, console: console)
    defer { withExtendedLifetime(interruption) {} }
    do {
      return try body()
    } catch KernelError.cancelled {
      throw interruption.stopped()
    }
  }
}

extension InstructionSet: ExpressibleByArgument {}

extension LanguageOption {
  /// Refuses instructions that this processor lacks.
  func require(_ set: InstructionSet) throws {
    guard !set.isSupported else { return }
    throw refusal(
      LocalText(
        "this processor lacks \(set.rawValue); it has ", "这台机器的处理器没有 \(set.rawValue)；它有 ")
        + .list(InstructionSet.supported.map(\.rawValue)))
  }
}
