/// Where a curve that is known at some places has its largest value.
///
/// The place and the value are those of the cubic through four neighbouring points: the largest, the two beside it, and one
/// more on the side on which the parabola through those three has its vertex. How far that is from the parabola's, and from
/// that of the cubic through the point on the other side, says how much the distance of the places leaves open.
public struct CurvePeak: Hashable, Sendable {
  /// Where the largest value is, between the neighbours of the largest point.
  public let location: Double

  /// The largest value, at least that of the largest point.
  public let value: Double

  /// By how much the location moves with the parabola or the other cubic in the place of the cubic, at least 0.
  public let locationUncertainty: Double

  /// By how much the value moves likewise, at least 0.
  public let valueUncertainty: Double

  /// Why there is no peak.
  public enum Absence: Error, Hashable, Sendable {
    /// Fewer than four points: through three, any parabola fits.
    case tooFewPoints
    /// A value is not a finite number.
    case notFinite
    /// All values are equal to six digits.
    case flat
    /// The largest value is that of the first or of the last point, named by its index.
    case atEdge(Int)
    /// The point at the index is the largest, but within three standard errors of the edge or of there being no peak inside.
    case notResolved(Int)
  }

  /// A curve whose values all agree to this share of the largest is flat.
  static let flatness = 1e-6

  /// Finds the largest value between the first and the last point.
  ///
  /// - Parameters:
  ///   - x: Increasing and finite, shape `[points]`.
  ///   - y: The curve there, shape `[points]`.
  /// - Throws: ``Absence``.
  /// - Precondition: As many values as places.
  public init(x: [Double], y: [Double]) throws(Absence) {
    precondition(x.count == y.count, "a curve has a value at each place")
    guard x.count > 3 else { throw .tooFewPoints }
    guard y.allSatisfy(\.isFinite) else { throw .notFinite }
    let best = y.indices.reduce(0) { y[$1] > y[$0] ? $1 : $0 }
    let least = y.min() ?? 0
    guard y[best] - least > Self.flatness * max(abs(y[best]), abs(least)) else { throw .flat }
    guard best > 0, best < x.count - 1 else { throw .atEdge(best) }

    // Places relative to the largest point, in units of the way to its neighbours: the roots are then well conditioned.
    let unit = x[best + 1] - x[best - 1]
    func place(_ index: Int) -> Double { (x[index] - x[best]) / unit }
    func rise(_ index: Int) -> Double { y[index] - y[best] }
    let (left, right) = (place(best - 1), place(best + 1))
    // Newton's form: y = y₀ + t (a + (t − left) (b + (t − right) c)).
    let toLeft = rise(best - 1) / left
    let toRight = rise(best + 1) / right
    let b = (toRight - toLeft) / (right - left)
    let vertex = (left - toLeft / b) / 2
    let parabola = vertex * (toLeft + (vertex - left) * b)

    func cubic(through further: Int) -> (place: Double, height: Double) {
      let t = place(further)
      let c = (rise(further) / t - toLeft - (t - left) * b) / ((t - left) * (t - right))
      let summit = Self.summit(toLeft, left, b, right, c, near: vertex)
      return (summit, summit * (toLeft + (summit - left) * (b + (summit - right) * c)))
    }
    // The point beyond the neighbour that the vertex leans to, then the one on the other side; where there is only one, that.
    let beyond = (vertex >= 0 ? [best + 2, best - 2] : [best - 2, best + 2]).filter(x.indices.contains)
    let cubics = beyond.map(cubic)
    let others = cubics.dropFirst() + [(place: vertex, height: parabola)]
    location = x[best] + unit * cubics[0].place
    value = y[best] + max(0, cubics[0].height)
    locationUncertainty = unit * (others.map { abs($0.place - cubics[0].place) }.max() ?? 0)
    valueUncertainty = others.map { abs($0.height - cubics[0].height) }.max() ?? 0
  }

  /// Where t (a + (t − left) (b + (t − right) c)) is largest between `left` and `right`.
  ///
  /// It is 0 at 0 and not above 0 at both ends, so there is such a place inside.
  private static func summit(
    _ a: Double, _ left: Double, _ b: Double, _ right: Double, _ c: Double, near vertex: Double
  ) -> Double {
    // The derivative is 3c t² + 2(b − c(left + right)) t + a − left b + left right c.
    let half = b - c * (left + right)
    let constant = a - left * b + left * right * c
    let discriminant = half * half - 3 * c * constant
    guard discriminant >= 0 else { return vertex }
    // The root at which the derivative falls, without cancellation whichever sign `half` has.
    let root = discriminant.squareRoot()
    let summit = half < 0 ? constant / (-half + root) : -(half + root) / (3 * c)
    return summit > left && summit < right ? summit : vertex
  }
}

/// The largest value of a curve that was sampled several times, with its errors.
public struct SampledPeak: Hashable, Sendable {
  /// Where the mean curve is largest.
  public let location: Estimate

  /// How large it is there.
  public let value: Estimate

  /// The places of the curve's points.
  public enum Spacing: Hashable, Sendable {
    /// Differences count.
    case linear
    /// Ratios count: the peak is looked for along log x.
    case logarithmic
  }

  /// Finds the peak of the mean of some curves.
  ///
  /// Standard errors are those of the jackknife over the curves, together with what the distance of the places leaves open.
  /// With one curve only the latter remains.
  ///
  /// - Parameters:
  ///   - x: Increasing and finite; above 0 where the spacing is logarithmic. Shape `[points]`.
  ///   - curves: Independent repetitions, at least one, each with a value at each place.
  /// - Throws: ``CurvePeak/Absence``, also where leaving out one curve would move the peak to an edge, or the peak does not
  ///   stand out from both edges by three standard errors.
  public init(x: [Double], spacing: Spacing, curves: [[Double]]) throws(CurvePeak.Absence) {
    precondition(!curves.isEmpty, "there is no curve")
    let places = spacing == .linear ? x : x.map(ReferenceMath.logarithm)
    func back(_ place: Double) -> Double { spacing == .linear ? place : ReferenceMath.exponential(place) }
    let mean = Self.mean(curves)
    let peak = try CurvePeak(x: places, y: mean)
    let best = mean.indices.reduce(0) { mean[$1] > mean[$0] ? $1 : $0 }
    for edge in [0, mean.count - 1] {
      let lead = Moments(curves.map { $0[best] - $0[edge] }).meanEstimate
      guard lead.value > 3 * (lead.standardError ?? 0) else { throw .notResolved(best) }
    }
    var locations = Moments()
    var values = Moments()
    if curves.count > 1 {
      for left in curves.indices {
        var others = curves
        others.remove(at: left)
        let one: CurvePeak
        do {
          one = try CurvePeak(x: places, y: Self.mean(others))
        } catch {
          throw .notResolved(best)
        }
        locations.add(back(one.location))
        values.add(one.value)
      }
    }
    let location = back(peak.location)
    let gap = back(peak.location + peak.locationUncertainty) - location
    self.location = Self.estimate(location, locations, gap, curves.count)
    value = Self.estimate(peak.value, values, peak.valueUncertainty, curves.count)
  }

  private static func estimate(
    _ value: Double, _ jackknife: Moments, _ interpolation: Double, _ count: Int
  ) -> Estimate {
    // (n − 1)/n Σ (θᵢ − θ̄)²
    let sampling = Double(count - 1) / Double(count) * jackknife.m2
    return Estimate(
      value: value, standardError: (sampling + interpolation * interpolation).squareRoot(), samples: count)
  }

  /// The mean of each point.
  private static func mean(_ curves: [[Double]]) -> [Double] {
    curves[0].indices.map { point in
      curves.reduce(0) { $0 + $1[point] } / Double(curves.count)
    }
  }
}
