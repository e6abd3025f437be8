import ArgumentParser
import AttentionKernel
import Diagnostics
import Experiments
import Foundation
import Wording

/// Options of every command that reads a site.
struct SiteOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The site's folder.", valueName: "dir"))
  var site = "."

  @Option(
    help: ArgumentHelp(
      "Threads to compute with; results don't depend on it. Default: as many as cores.", valueName: "n"))
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "baseline, avx2 or avx512; results don't depend on it, and kept ones are used whatever computed them. Default: the fastest that the processor has.",
      valueName: "set"))
  var instructionSet: InstructionSet = .best

  @Flag(help: "Treat warnings as errors.")
  var strict = false

  @Flag(help: "Include notes marked as drafts.")
  var drafts = false

  @Flag(name: .shortAndLong, help: "Say nothing but errors.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Say more about what is done.")
  var verbose = false

  @Option(
    help: ArgumentHelp(
      "How problems are printed: human or short, to standard error; json, sarif, junit or github, complete and to standard output.",
      valueName: "style"))
  var messages: MessageStyle = .human

  @OptionGroup var language: LanguageOption

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw language.refusal(Self.wrongThreads(threads))
    }
    try language.require(instructionSet)
    if quiet, verbose {
      throw language.refusal(
        LocalText("--quiet and --verbose exclude each other", "--quiet 与 --verbose 不能同用"))
    }
  }

  static func wrongThreads(_ threads: Int) -> LocalText {
    LocalText(
      "--threads must be between 1 and 1024, not \(threads)", "--threads 必须在 1 与 1024 之间，不能是 \(threads)")
  }

  var console: Console {
    Console(
      isQuiet: quiet, isVerbose: verbose, language: language.chosen,
      environment: ProcessInfo.processInfo.environment)
  }

  var threadCount: Int { threads ?? max(1, ProcessInfo.processInfo.activeProcessorCount) }
}

/// How diagnostics are laid out.
enum MessageStyle: String, ExpressibleByArgument, CaseIterable {
  case human, short, json, sarif, junit, github

  /// The layout for people. Programs get their report on standard output; what else there is to say to people is short then.
  var printerStyle: DiagnosticPrinter.Style { self == .human ? .human : .short }

  /// The report for programs; `nil` where people read it.
  func text(of report: DiagnosticReport) -> String? {
    switch self {
    case .human, .short: nil
    case .json: report.json.text(indented: true) + "\n"
    case .sarif: report.sarif.text(indented: true) + "\n"
    case .junit: report.junit
    case .github: report.gitHub
    }
  }

  var isForPrograms: Bool {
    switch self {
    case .human, .short: false
    case .json, .sarif, .junit, .github: true
    }
  }
}

/// What experiments may take on this machine.
enum MachineLimits {
  /// Three quarters of the memory that is free, or of all of it where the system does not say.
  static func work(threads: Int) -> WorkLimits {
    WorkLimits(
      memoryBytes: 0.75 * (availableMemory ?? Double(ProcessInfo.processInfo.physicalMemory)),
      threads: threads)
  }

  private static var availableMemory: Double? {
    // Linux says it in kilobytes; elsewhere there is no such file.
    guard let bytes = try? FileSystem.read("/proc/meminfo") else { return nil }
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    where line.hasPrefix("MemAvailable:") {
      return line.split(separator: " ").dropFirst().first.flatMap { Double($0) }.map { $0 * 1024 }
    }
    return nil
  }
}
