import ArgumentParser
import Foundation
import Wording

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The program `notebook`: its commands, and the only place that reads and writes files.
public enum NotebookTool {
  /// The program's version, shown by `--version` and in pages.
  public static let version = "0.1.0"

  /// Runs the program and ends the process with its exit status.
  public static func main(_ arguments: [String]) -> Never {
    // Writing to a closed pipe (`notebook kinds | head`) ends the program quietly, not by a signal.
    signal(SIGPIPE, SIG_IGN)
    exit(run(arguments).rawValue)
  }

  static func run(_ arguments: [String]) -> ExitStatus {
    do {
      var command = try NotebookCommand.parseAsRoot(arguments)
      try command.run()
      return .success
    } catch let end as CommandEnd {
      return end.status
    } catch {
      return report(error)
    }
  }

  private static func report(_ error: any Error) -> ExitStatus {
    let text = NotebookCommand.fullMessage(for: error)
    switch NotebookCommand.exitCode(for: error) {
    case .success:
      StandardStream.output.write(text + "\n")
      return .success
    case .validationFailure:
      StandardStream.errors.write(text + "\n")
      return .wrongUsage
    default:
      StandardStream.errors.write(LocalText("error: ", "错误：")[LanguageOption.language(nil)] + "\(error)\n")
      return .fault
    }
  }
}

/// The root of all commands.
struct NotebookCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "notebook",
    abstract: "Notes that prove themselves: every number is computed and checked when the site is built.",
    discussion: """
      A site is a folder with notes in ‘notebooks’ and page templates in ‘templates’.

        notebook build                    notes → public/, or all their errors
        notebook check                    the same without writing
        notebook check --update           correct the numbers in the notes
        notebook run notebooks/a.md       what a note's experiments computed
        notebook kinds softmax            what an experiment can take and yield

      Exit status: 0 fine, 1 the notes have errors, 2 wrong usage or configuration, 3 a fault of the program or the machine.
      """,
    version: NotebookTool.version,
    subcommands: [
      BuildCommand.self, CheckCommand.self, RunCommand.self, VerifyCommand.self, RenderCommand.self,
      KindsCommand.self, ExplainCommand.self, BenchCommand.self, GalleryCommand.self,
      FormatCommand.self,
    ])
}
