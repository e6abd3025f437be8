import Wording

extension ChartError {
  /// Why the chart can't be drawn, in one sentence without a full stop.
  public var words: LocalText {
    switch self {
    case .empty: LocalText("it holds no finite value", "其中没有有限的值")
    case .nonPositiveOnLog(let series, let count):
      LocalText(
        "\(count) value\(count == 1 ? "" : "s") of ‘\(series)’ are not above 0, on a logarithmic axis",
        "‘\(series)’ 有 \(count) 个值不大于 0，不能放在对数轴上")
    case .mismatchedColumns(let series):
      LocalText("the columns of ‘\(series)’ differ in length", "‘\(series)’ 的各列长度不同")
    case .invalidDomain(let axis):
      LocalText("the domain of axis ‘\(axis)’ is no interval that it can show", "坐标轴 ‘\(axis)’ 的范围不是它能显示的区间")
    case .emptyBandAxis(let axis): LocalText("the axis ‘\(axis)’ has no names", "坐标轴 ‘\(axis)’ 没有名称")
    case .invalidParameter(let name):
      LocalText("‘\(name)’ is outside its range", "‘\(name)’ 超出允许的范围")
    }
  }
}
