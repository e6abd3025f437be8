import Foundation

/// What the test bundle needs and does not find.
struct MissingPiece: Error, CustomStringConvertible {
  let description: String
}

/// The program `notebook` as its users have it: a process with arguments, streams and an exit status.
enum Program {
  /// How a process ended.
  enum Ending: Hashable, CustomStringConvertible {
    case exited(Int32)
    case killed(signal: Int32)
    /// It had not ended when the watchdog lost patience; it was killed then.
    case hung

    var description: String {
      switch self {
      case .exited(let status): "status \(status)"
      case .killed(let signal): "killed by signal \(signal)"
      case .hung: "hung"
      }
    }
  }

  /// What a process did.
  struct Outcome: CustomStringConvertible {
    let ending: Ending
    let output: String
    let errors: String

    var description: String { "\(ending)\nstdout:\n\(output)stderr:\n\(errors)" }
  }

  /// The program beside the test bundle in the build folder.
  static func location() throws -> URL {
    var folders = [Bundle.main.bundleURL, Bundle.main.executableURL?.deletingLastPathComponent()].compactMap {
      $0
    }
    // On macOS a helper runs the tests; the bundle itself lies in the build folder.
    folders += Bundle.allBundles.map(\.bundleURL).filter { $0.pathExtension == "xctest" }
      .map { $0.deletingLastPathComponent() }
    for folder in folders {
      let program = folder.appendingPathComponent("notebook")
      if FileManager.default.isExecutableFile(atPath: program.path) { return program }
    }
    throw MissingPiece(
      description: "there is no program ‘notebook’ in \(folders.map(\.path)); build it with ‘swift build’")
  }

  /// The environment of every run: nothing of the machine's own but the way to other programs.
  static let environment = ["LANG": "C.UTF-8", "TZ": "UTC", "PATH": "/usr/bin:/bin:/usr/sbin:/sbin"]

  /// Runs the program to its end.
  static func run(
    _ arguments: [String], in folder: URL, input: Data = Data(), environment changes: [String: String] = [:],
    watchdog seconds: Double = 60
  ) throws -> Outcome {
    try start(arguments, in: folder, input: input, environment: changes).end(watchdog: seconds)
  }

  /// Starts the program.
  static func start(
    _ arguments: [String], in folder: URL, input: Data = Data(), environment changes: [String: String] = [:]
  ) throws -> RunningProgram {
    try start(location(), arguments, in: folder, input: input, environment: changes)
  }

  /// Starts another program, such as one that starts ours under some condition.
  static func start(
    _ executable: URL, _ arguments: [String], in folder: URL, input: Data = Data(),
    environment changes: [String: String] = [:]
  ) throws -> RunningProgram {
    try RunningProgram(executable, arguments, in: folder, input: input, environment: changes)
  }
}

/// A process under way. Its streams are files, so that no amount of output can block it.
final class RunningProgram {
  /// Starting two processes at once has crashed inside Foundation.
  private static let starting = NSLock()

  private let process = Process()
  private let streams: URL

  init(
    _ executable: URL, _ arguments: [String], in folder: URL, input: Data,
    environment changes: [String: String]
  ) throws {
    streams = FileManager.default.temporaryDirectory.appendingPathComponent(
      "notebook-run-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: streams, withIntermediateDirectories: true)
    let files = ["in", "out", "err"].map { streams.appendingPathComponent($0) }
    try input.write(to: files[0])
    for file in files[1...] { try Data().write(to: file) }
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = Program.environment.merging(changes) { _, new in new }
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    process.standardError = try FileHandle(forWritingTo: files[2])
    // Threads that run tests block signals, and a child inherits that: it could not be stopped by Ctrl-C.
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_UNBLOCK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try Self.starting.withLock { try process.run() }
  }

  deinit {
    // A folder of the temporary directory that stays is no reason to fail a test.
    try? FileManager.default.removeItem(at: streams)
  }

  var isRunning: Bool { process.isRunning }
  var errorsSoFar: String { text("err") }

  func send(_ signal: Int32) {
    kill(process.processIdentifier, signal)
  }

  /// Waits until the condition holds or the process has ended; `false` where neither came to pass in time.
  func wait(watchdog seconds: Double = 60, until condition: () -> Bool) -> Bool {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while !condition(), process.isRunning {
      if Date() > deadline { return false }
      usleep(500)
    }
    return true
  }

  /// Waits for the end; kills the process where it takes longer than the watchdog allows.
  func end(watchdog seconds: Double = 60) -> Program.Outcome {
    let inTime = wait(watchdog: seconds) { false }
    if !inTime { send(SIGKILL) }
    while process.isRunning { usleep(500) }
    let ending: Program.Ending
    switch (inTime, process.terminationReason) {
    case (false, _): ending = .hung
    case (true, .uncaughtSignal): ending = .killed(signal: process.terminationStatus)
    case (true, _): ending = .exited(process.terminationStatus)
    }
    return Program.Outcome(ending: ending, output: text("out"), errors: text("err"))
  }

  private func text(_ name: String) -> String {
    // A stream that can't be read shows as nothing, and whatever the test expects of it fails.
    let data = try? Data(contentsOf: streams.appendingPathComponent(name))
    return String(decoding: data ?? Data(), as: UTF8.self)
  }
}
