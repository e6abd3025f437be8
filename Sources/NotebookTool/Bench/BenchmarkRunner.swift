import AttentionKernel

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What one job took, all per call and in seconds.
struct BenchmarkTimes: Sendable {
  let job: BenchmarkJob
  /// Wall time of each sample.
  let wall: [Double]
  /// Time of all threads together, of each sample.
  let processor: [Double]
  /// Calls in a sample.
  let callsPerSample: Int
  /// A few numbers of the last result.
  let check: [Double]

  var median: Double { wall.median }
  var minimum: Double { wall.min() ?? .nan }
}

/// Times jobs side by side, so that a burst of other work on the machine falls on all of them alike.
struct BenchmarkRunner {
  let conditions: RunConditions
  /// Samples of each job.
  let samples: Int
  /// Seconds that a sample lasts at least; short jobs are called several times for it.
  let minimumSample: Double
  /// Told which job comes next.
  let progress: (_ sample: Int, _ job: BenchmarkJob) -> Void

  private struct Running {
    let job: BenchmarkJob
    let prepared: BenchmarkJob.Prepared
    let calls: Int
    var wall: [Double] = []
    var processor: [Double] = []
  }

  /// Prepares all jobs, calls each twice to warm up, then samples them in turn.
  func run(_ jobs: [BenchmarkJob]) throws -> [BenchmarkTimes] {
    var running: [Running] = []
    for job in jobs {
      progress(0, job)
      let prepared = try job.prepare(conditions)
      try prepared.call()
      let once = try time(prepared, calls: 1).wall
      let calls = once < minimumSample ? min(10_000, Int(minimumSample / max(once, 1e-7)) + 1) : 1
      running.append(Running(job: job, prepared: prepared, calls: calls))
    }
    for sample in 1...samples {
      for index in running.indices {
        progress(sample, running[index].job)
        let (wall, processor) = try time(running[index].prepared, calls: running[index].calls)
        running[index].wall.append(wall)
        running[index].processor.append(processor)
      }
    }
    return running.map {
      BenchmarkTimes(
        job: $0.job, wall: $0.wall, processor: $0.processor, callsPerSample: $0.calls,
        check: $0.prepared.check())
    }
  }

  /// Seconds per call.
  private func time(
    _ job: BenchmarkJob.Prepared, calls: Int
  ) throws -> (wall: Double, processor: Double) {
    let wallStart = seconds(CLOCK_MONOTONIC)
    let processorStart = seconds(CLOCK_PROCESS_CPUTIME_ID)
    for _ in 0..<calls { try job.call() }
    let processor = seconds(CLOCK_PROCESS_CPUTIME_ID) - processorStart
    let wall = seconds(CLOCK_MONOTONIC) - wallStart
    return (wall / Double(calls), processor / Double(calls))
  }

  private func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }
}

extension [Double] {
  /// The middle value, or the mean of the middle two; not-a-number of none.
  var median: Double {
    guard !isEmpty else { return .nan }
    let ordered = sorted()
    return (ordered[(count - 1) / 2] + ordered[count / 2]) / 2
  }
}
