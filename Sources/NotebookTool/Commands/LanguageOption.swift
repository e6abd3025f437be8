import ArgumentParser
import Foundation
import Wording

/// `--language`, for every command that prints sentences.
struct LanguageOption: ParsableArguments {
  @Option(
    name: .customLong("language"),
    help: ArgumentHelp("Language of messages: zh or en. Default: as the locale says.", valueName: "language"))
  var tag: String?

  func validate() throws { try Self.validate(tag) }

  /// The language to speak.
  var chosen: Language { Self.language(tag) }

  /// The error of a command that was called wrongly.
  func refusal(_ words: LocalText) -> ValidationError { ValidationError(words[chosen]) }

  /// Refuses a language that the program does not speak.
  static func validate(_ tag: String?) throws {
    guard let tag, Language(tag: tag) == nil else { return }
    throw ValidationError(
      LocalText("--language must be zh or en, not ‘\(tag)’", "--language 必须是 zh 或 en，不能是 ‘\(tag)’")[
        language(nil)])
  }

  /// The language of a tag; without one, that of the locale, and English for every other locale.
  static func language(
    _ tag: String?, environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> Language {
    if let tag, let language = Language(tag: tag) { return language }
    // The first of them that is set decides, as POSIX has it.
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    return Language(tag: locale.replacing("_", with: "-")) ?? .english
  }
}
