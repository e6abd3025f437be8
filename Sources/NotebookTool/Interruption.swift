import AttentionKernel
import Foundation
import Synchronization
import Wording

/// What Ctrl-C does while experiments run: they stop between two chunks of work, or the program ends without waiting for
/// them, since nothing is being written then. A second Ctrl-C ends it at once.
final class Interruption {
  /// How long a chunk of work may take to notice. Waking up and writing the word take the rest of the 100 ms that
  /// feel immediate.
  private static let patience = DispatchTimeInterval.milliseconds(20)

  private let cancellation: Cancellation
  private let word: Word
  private let source: any DispatchSourceSignal
  private let isOver = DispatchSemaphore(value: 0)

  /// Watches for Ctrl-C until it goes out of use.
  init(_ cancellation: Cancellation, console: Console) {
    self.cancellation = cancellation
    let word = Word(console)
    self.word = word
    signal(SIGINT, SIG_IGN)
    source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global(qos: .userInteractive))
    source.setEventHandler {
      cancellation.cancel()
      signal(SIGINT, SIG_DFL)
      DispatchQueue.global(qos: .userInteractive).asyncAfter(deadline: .now() + Self.patience) {
        word.settle {
          word.say()
          _exit(ExitStatus.interrupted.rawValue)
        }
      }
    }
    source.setCancelHandler { [isOver] in
      signal(SIGINT, SIG_DFL)
      isOver.signal()
    }
    source.resume()
  }

  deinit {
    // What follows, such as waiting for another build, knows no cancellation: Ctrl-C ends it like any program. The
    // source sets and resets the handler on a thread of its own, so this waits for it.
    source.cancel()
    isOver.wait()
  }

  /// Says that the run stopped.
  ///
  /// - Returns: What ends the command.
  func stopped() -> CommandEnd {
    word.settle { word.say() }
    return CommandEnd(status: .interrupted)
  }

  /// Ends the watch over a run that came to its end.
  ///
  /// - Throws: What ends the command, where Ctrl-C came before that.
  func finish() throws {
    if cancellation.isCancelled { throw stopped() }
    word.settle {}
  }

  /// The word that the run stopped, said once or not at all.
  private final class Word: Sendable {
    private let console: Console
    private let isSettled = Mutex(false)

    init(_ console: Console) {
      self.console = console
    }

    /// Does what the first one to come here wants.
    func settle(_ first: () -> Void) {
      isSettled.withLock { isSettled in
        if !isSettled { first() }
        isSettled = true
      }
    }

    func say() {
      console.endProgress()
      console.complain(LocalText("stopped", "已停止"))
    }
  }
}
