extension Parallel {
  /// What `transform` makes of each element, in their order, on up to `threads` threads.
  ///
  /// - Parameter threads: How many threads, the caller's among them; fewer than 1 count as 1.
  public static func map<Element: Sendable, Transformed: Sendable>(
    _ elements: [Element], threads: Int, _ transform: @Sendable (Element) -> Transformed
  ) -> [Transformed] {
    do throws(KernelError) {
      return try map(count: elements.count, under: RunConditions(threads: max(1, threads))) {
        index throws(KernelError) in transform(elements[index])
      }
    } catch {
      preconditionFailure("nothing here can fail: \(error)")
    }
  }
}
