import ArgumentParser
import Foundation
import Wording

/// The language of what a command prints.
struct LanguageOption: ParsableArguments {
  @Option(help: ArgumentHelp("zh or en. Default: as the locale says.", valueName: "language"))
  var language: String?

  func validate() throws {
    if let language, Language(tag: language) == nil {
      throw ValidationError("--language must be zh or en, not ‘\(language)’")
    }
  }

  /// The language asked for, else that of the locale, else English.
  var chosen: Language {
    let environment = ProcessInfo.processInfo.environment
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    return Language(tag: language ?? locale.replacing("_", with: "-")) ?? .english
  }
}
