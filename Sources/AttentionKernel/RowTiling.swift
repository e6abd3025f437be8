/// How the rows of all trials are cut into tiles of a limited size, none across trials.
struct RowTiling: Sendable {
  /// Consecutive rows of one trial.
  struct Tile: Sendable {
    let trial: Int
    let rows: Range<Int>
  }

  private let rows: Int
  private let trials: Int
  private let rowsPerTile: Int
  private let tilesOfLongTrial: Int
  private let tilesOfShortTrial: Int

  init(rows: Int, trials: Int, rowsPerTile size: Int = NumericContract.rowsPerChunk) {
    self.rows = rows
    self.trials = trials
    rowsPerTile = size
    tilesOfShortTrial = (rows / trials + size - 1) / size
    tilesOfLongTrial = (rows / trials + 1 + size - 1) / size
  }

  /// The first trials have one row more than the others.
  private var longTrials: Int { rows % trials }

  var tileCount: Int {
    longTrials * tilesOfLongTrial + (trials - longTrials) * tilesOfShortTrial
  }

  func tile(_ number: Int) -> Tile {
    let inLongTrials = longTrials * tilesOfLongTrial
    let isLong = number < inLongTrials
    let local = isLong ? number : number - inLongTrials
    let perTrial = isLong ? tilesOfLongTrial : tilesOfShortTrial
    let trial = local / perTrial + (isLong ? 0 : longTrials)
    let trialStart = trial * (rows / trials) + min(trial, longTrials)
    let trialEnd = trialStart + rows / trials + (isLong ? 1 : 0)
    let start = trialStart + local % perTrial * rowsPerTile
    return Tile(trial: trial, rows: start..<min(start + rowsPerTile, trialEnd))
  }
}
