import Experiments
import Wording

/// What the charts took, as a table or as JSON.
struct ChartBenchmarkReport {
  let times: [BenchmarkTimes]

  /// `{"machine":{"processor":…},"jobs":{NAME:{"bytes":…,"median_s":…,"min_s":…,…},…}}`.
  ///
  /// `checksum` is one number over the data of all jobs, so that other programs can tell that theirs are the same.
  var json: JSONValue {
    .object([
      "machine": .object(["processor": .string(Machine.processor)]),
      "checksum": .number(times.first?.check.last ?? .nan),
      "jobs": .object(times.map { JSONValue.Member(key: $0.job.name, value: json($0)) }),
    ])
  }

  private func json(_ times: BenchmarkTimes) -> JSONValue {
    .object([
      "bytes": .integer(bytes(times)),
      "median_s": .number(times.median),
      "min_s": .number(times.minimum),
      "cpu_s": .number(times.processor.median),
      "reps": .integer(times.wall.count),
      "inner": .integer(times.callsPerSample),
    ])
  }

  private func bytes(_ times: BenchmarkTimes) -> Int { Int(times.check.first ?? 0) }

  /// A table, a line for each job.
  func text(in language: Language) -> String {
    let heading = [
      LocalText("job", "任务"), LocalText("bytes", "字节"), LocalText("median ms", "中位数 ms"),
      LocalText("min ms", "最小 ms"),
    ].map { $0[language] }
    let rows = times.map { times in
      [
        times.job.name, NumberFormat.decimals(0).string(Double(bytes(times))),
        NumberFormat.significant(3).string(times.median * 1e3),
        NumberFormat.significant(3).string(times.minimum * 1e3),
      ]
    }
    return Machine.processor + "\n\n" + TextTable.aligned([heading] + rows)
  }
}
