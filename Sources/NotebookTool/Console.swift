import Diagnostics
import Foundation
import Wording

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
  let language: Language

  init(isQuiet: Bool, isVerbose: Bool, language: Language, environment: [String: String]) {
    self.isQuiet = isQuiet
    self.isVerbose = isVerbose
    self.language = language
    isInteractive = isatty(2) == 1 && environment["TERM"] != "dumb"
    usesColour = isInteractive && (environment["NO_COLOR"] ?? "").isEmpty
  }

  /// Writes a result to standard output.
  func result(_ text: String) {
    StandardStream.output.write(text)
  }

  /// Says something; not with `--quiet`.
  func say(_ text: LocalText) {
    if !isQuiet { complain(text) }
  }

  /// Says something only with `--verbose`.
  func detail(_ text: LocalText) {
    if isVerbose { complain(text) }
  }

  /// Says something in any case.
  func complain(_ text: LocalText) {
    StandardStream.errors.write(text[language] + "\n")
  }

  /// Says what is wrong with how the command was called, and perhaps how to mend it.
  func complain(_ problem: LocalText, help: LocalText?) {
    complain(LocalText("error: ", "错误：") + problem)
    if let help { complain(LocalText("  help: ", "  改法：") + help) }
  }

  /// Whether progress is shown: on a terminal, unless asked to be quiet.
  var showsProgress: Bool { isInteractive && !isQuiet }

  /// Shows what is going on, on a terminal only; the next line takes its place.
  func progress(_ text: LocalText) {
    guard showsProgress else { return }
    StandardStream.errors.write("\r\u{1B}[K\(text[language])")
  }

  /// Takes the progress line away.
  func endProgress() {
    guard showsProgress else { return }
    StandardStream.errors.write("\r\u{1B}[K")
  }

  /// Prints diagnostics, sorted, with a count at the end.
  func report(_ diagnostics: [Diagnostic], sources: [SourceFile], style: DiagnosticPrinter.Style) {
    let sorted = diagnostics.sortedForPrinting().filter { !isQuiet || $0.severity == .error }
    guard !sorted.isEmpty else { return }
    let printer = DiagnosticPrinter(
      style: style, language: language, usesColour: usesColour, sources: sources)
    let shown = Array(sorted.prefix(Self.mostShown))
    switch style {
    case .short: StandardStream.errors.write(printer.text(shown))
    case .human:
      let passages = Repetitions.capped(shown).map { passage in
        printer.text(passage.shown) + (passage.more.map { "\n" + $0[language] + "\n" } ?? "")
      }
      StandardStream.errors.write(passages.joined(separator: "\n"))
    }
    if sorted.count > Self.mostShown {
      let rest = sorted.count - Self.mostShown
      complain(LocalText("… and \(rest) more problems", "……还有 \(rest) 个问题"))
    }
    if style == .human {
      let errors = sorted.count { $0.severity == .error }
      let warnings = sorted.count - errors
      let counts = [
        Self.count(errors, LocalText("error", "个错误")), Self.count(warnings, LocalText("warning", "个警告")),
      ].compactMap(\.self)
      complain(
        LocalText(
          "\n" + counts.map(\.english).joined(separator: ", "),
          "\n" + counts.map(\.chinese).joined(separator: "，")))
      if isInteractive, let first = sorted.first {
        say(
          LocalText(
            "notebook explain \(first.code.rawValue) says more",
            "notebook explain \(first.code.rawValue) 有详细说明"))
      }
    }
  }

  /// More problems than this are only counted: nobody reads them, and finding the places of a hundred thousand takes minutes.
  private static let mostShown = 1_000

  private static func count(_ number: Int, _ noun: LocalText) -> LocalText? {
    number == 0
      ? nil : LocalText("\(number) \(noun.english)\(number == 1 ? "" : "s")", "\(number) \(noun.chinese)")
  }
}

/// Problems of one kind that a file has over and over.
enum Repetitions {
  /// More of one code in one file than this are only counted: who has read so many knows the rest.
  static let mostAlike = 20

  /// A problem that is shown, and what to say of those like it that are not.
  struct Passage {
    let shown: Diagnostic
    let more: LocalText?
  }

  /// The problems to show, in their order; the last one shown of its kind says how many more there are.
  static func capped(_ diagnostics: [Diagnostic]) -> [Passage] {
    struct Kind: Hashable {
      let path: String?
      let code: DiagnosticCode
    }
    func kind(_ diagnostic: Diagnostic) -> Kind {
      Kind(path: diagnostic.location?.path, code: diagnostic.code)
    }
    var totals: [Kind: Int] = [:]
    for diagnostic in diagnostics { totals[kind(diagnostic), default: 0] += 1 }
    var seen: [Kind: Int] = [:]
    return diagnostics.compactMap { diagnostic in
      let kind = kind(diagnostic)
      seen[kind, default: 0] += 1
      let count = seen[kind] ?? 0
      guard count <= mostAlike else { return nil }
      let rest = (totals[kind] ?? 0) - mostAlike
      guard count == mostAlike, rest > 0 else { return Passage(shown: diagnostic, more: nil) }
      let place = kind.path.map { LocalText(" in \($0)", "\($0) 里") } ?? LocalText(same: "")
      return Passage(
        shown: diagnostic,
        more: LocalText(
          "… and \(rest) more of the same [\(kind.code.rawValue)]\(place.english)",
          "……\(place.chinese)还有 \(rest) 个同类问题 [\(kind.code.rawValue)]"))
    }
  }
}

/// The process's own streams. Foundation's handles end the program with a crash where a stream can't be written to.
enum StandardStream: Int32 {
  case output = 1
  case errors = 2

  /// Writes all of a text. A reader that went away (`notebook kinds | head`) is no error; a full disk is, and ends the
  /// program.
  func write(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { bytes in
        #if canImport(Darwin)
          Darwin.write(rawValue, bytes.baseAddress, bytes.count)
        #else
          Glibc.write(rawValue, bytes.baseAddress, bytes.count)
        #endif
      }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        // Where standard error fails there is nobody left to tell.
        if self == .errors || errno == EPIPE { return }
        // The stream has no options to ask; the locale says which language.
        let reason = FileError(operation: LocalText("write", "写入"), path: "", code: errno).reason
        let words =
          LocalText("error: can't write to standard output: ", "错误：无法写入标准输出：") + reason
        StandardStream.errors.write(words[LanguageOption.language(nil)] + "\n")
        exit(ExitStatus.fault.rawValue)
      }
    }
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
