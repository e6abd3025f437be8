import Diagnostics
import Foundation

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Where the program's words go: results to standard output, everything about them to standard error.
struct Console: Sendable {
  let isQuiet: Bool
  let isVerbose: Bool
  /// Whether standard error is a terminal, where progress may be shown and erased.
  let isInteractive: Bool
  let usesColour: Bool

  init(isQuiet: Bool, isVerbose: Bool, environment: [String: String]) {
    self.isQuiet = isQuiet
    self.isVerbose = isVerbose
    isInteractive = isatty(2) == 1 && environment["TERM"] != "dumb"
    usesColour = isInteractive && (environment["NO_COLOR"] ?? "").isEmpty
  }

  /// Writes a result to standard output.
  func result(_ text: String) {
    FileHandle.standardOutput.write(Data(text.utf8))
  }

  /// Says something; not with `--quiet`.
  func say(_ text: String) {
    if !isQuiet { complain(text) }
  }

  /// Says something only with `--verbose`.
  func detail(_ text: String) {
    if isVerbose { complain(text) }
  }

  /// Says something in any case.
  func complain(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }

  /// Shows what is going on, on a terminal only; the next line takes its place.
  func progress(_ text: String) {
    guard isInteractive, !isQuiet else { return }
    FileHandle.standardError.write(Data("\r\u{1B}[K\(text)".utf8))
  }

  /// Takes the progress line away.
  func endProgress() {
    guard isInteractive, !isQuiet else { return }
    FileHandle.standardError.write(Data("\r\u{1B}[K".utf8))
  }

  /// Prints diagnostics, sorted, with a count at the end.
  func report(_ diagnostics: [Diagnostic], sources: [SourceFile], style: DiagnosticPrinter.Style) {
    let sorted = diagnostics.sortedForPrinting().filter { !isQuiet || $0.severity == .error }
    guard !sorted.isEmpty else { return }
    let printer = DiagnosticPrinter(style: style, usesColour: usesColour, sources: sources)
    FileHandle.standardError.write(Data(printer.text(sorted).utf8))
    if style == .human {
      let errors = sorted.count { $0.severity == .error }
      let warnings = sorted.count - errors
      complain(
        "\n"
          + [Self.count(errors, "error"), Self.count(warnings, "warning")].compactMap(\.self).joined(
            separator: ", "))
    }
  }

  private static func count(_ number: Int, _ noun: String) -> String? {
    number == 0 ? nil : "\(number) \(noun)\(number == 1 ? "" : "s")"
  }
}

/// How the program ends.
enum ExitStatus: Int32 {
  case success = 0
  /// The notes have errors.
  case notesHaveErrors = 1
  /// Wrong usage or configuration.
  case wrongUsage = 2
  /// A fault of ours, or of the machine.
  case fault = 3
  /// Stopped by Ctrl-C.
  case interrupted = 130
}

/// Ends a command early; what there is to say was said.
struct CommandEnd: Error {
  let status: ExitStatus
}
