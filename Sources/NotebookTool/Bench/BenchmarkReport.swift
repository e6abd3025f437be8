import AttentionKernel
import Experiments
import Foundation
import Wording

/// What was timed, as a table or as JSON.
struct BenchmarkReport {
  let conditions: RunConditions
  let times: [BenchmarkTimes]

  /// Operations a second of the job that does nothing else; `nil` unless it ran.
  private var peak: Double? {
    times.first { $0.job.name == KernelBenchmarks.peakName }.flatMap(rate)
  }

  private func rate(_ times: BenchmarkTimes) -> Double? {
    guard case .operations(let count) = times.job.work else { return nil }
    // The peak job's work grows with the threads.
    return count / times.median
  }

  // MARK: JSON

  /// `{"machine":{…},"threads":…,"jobs":{NAME:{"median_s":…,"min_s":…,"cpu_s":…,"check":[…],…},…}}`.
  var json: JSONValue {
    .object([
      "machine": .object([
        "processor": .string(Machine.processor),
        "cores": .integer(ProcessInfo.processInfo.activeProcessorCount),
        "instruction_sets": .array(InstructionSet.supported.map { .string($0.rawValue) }),
        "system": .string(ProcessInfo.processInfo.operatingSystemVersionString),
      ]),
      "threads": .integer(conditions.threads),
      "instruction_set": .string(conditions.instructionSet.rawValue),
      "jobs": .object(times.map { JSONValue.Member(key: $0.job.name, value: json($0)) }),
    ])
  }

  private func json(_ times: BenchmarkTimes) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init(key: "median_s", value: .number(times.median)),
      .init(key: "min_s", value: .number(times.minimum)),
      .init(key: "cpu_s", value: .number(times.processor.median)),
      .init(key: "reps", value: .integer(times.wall.count)),
      .init(key: "inner", value: .integer(times.callsPerSample)),
      .init(key: "check", value: .array(times.check.map(JSONValue.number))),
    ]
    switch times.job.work {
    case .operations(let count):
      members.append(.init(key: "gflop_per_s", value: .number(count / times.median / 1e9)))
      if let peak, times.job.name != KernelBenchmarks.peakName {
        members.append(.init(key: "share_of_peak", value: .number(count / times.median / peak)))
      }
    case .samples(let count):
      members.append(.init(key: "ns_per_sample", value: .number(times.median / count * 1e9)))
    case .elements(let count):
      members.append(.init(key: "ns_per_element", value: .number(times.median / count * 1e9)))
    }
    return .object(members)
  }

  // MARK: Text

  /// A table, a line for each job.
  func text(in language: Language) -> String {
    let heading = [
      LocalText("job", "任务"), LocalText("median ms", "中位数 ms"), LocalText("min ms", "最小 ms"),
      LocalText("CPU ms", "CPU ms"), LocalText("rate", "速率"), LocalText("of peak", "占峰值"),
    ].map { $0[language] }
    let number = { (seconds: Double) in NumberFormat.significant(3).string(seconds * 1e3) }
    let rows = times.map { times in
      [
        times.job.name, number(times.median), number(times.minimum), number(times.processor.median),
        rateText(times), shareText(times),
      ]
    }
    let title = LocalText(
      "\(Machine.processor), \(conditions.instructionSet.rawValue), \(conditions.threads) thread(s)",
      "\(Machine.processor)，\(conditions.instructionSet.rawValue)，\(conditions.threads) 个线程")
    return title[language] + "\n\n" + TextTable.aligned([heading] + rows)
  }

  private func rateText(_ times: BenchmarkTimes) -> String {
    let number = NumberFormat.significant(3)
    switch times.job.work {
    case .operations(let count): return number.string(count / times.median / 1e9) + " GFLOP/s"
    case .samples(let count): return number.string(times.median / count * 1e9) + " ns/sample"
    case .elements(let count): return number.string(times.median / count * 1e9) + " ns/element"
    }
  }

  private func shareText(_ times: BenchmarkTimes) -> String {
    guard times.job.name != KernelBenchmarks.peakName, let peak, let rate = rate(times) else { return "" }
    return NumberFormat.percent(decimals: 0).string(rate / peak)
  }
}

/// The machine that a time belongs to.
enum Machine {
  /// The processor's name, or an empty text where the system does not tell.
  static var processor: String {
    // Linux has this file; elsewhere the name is left out.
    guard let bytes = try? FileSystem.read("/proc/cpuinfo") else { return "" }
    let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first {
      $0.hasPrefix("model name")
    }
    return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? ""
  }
}
