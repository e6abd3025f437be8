import AttentionKernel
import TensorFiles
import Testing

@testable import Experiments

@Suite struct LawsOfKinds {
  private func measures(
    _ type: any Experiment.Type, _ values: KeyValuePairs<String, ParameterValue>
  ) throws -> [String: Measure] {
    let outcome = try type.init(ParameterValues(defaultsOf: type.kind, values)).run(RunConditions(threads: 2))
    return Dictionary(uniqueKeysWithValues: outcome.measures.map { ($0.text, $0) })
  }

  /// Whether a sampled value lies within five standard errors of what theory says.
  private func agrees(_ measure: Measure?, _ expected: Double) throws -> Bool {
    let measure = try #require(measure)
    return abs(measure.value - expected) <= 5 * (try #require(measure.standardError))
  }

  @Test func `dot products spread as theory says, at every scale and dimension`() throws {
    let all = try measures(
      DotProducts.self, ["headDimension": .integers([1, 16]), "samples": .integer(40_000), "seed": .seed(3)])
    for (scale, factor) in [("√d", 1.0), ("2√d", 0.5), ("3√d", 1.0 / 3)] {
      for dimension in [1, 16] {
        #expect(try agrees(all["standardDeviation[\(scale), \(dimension)]"], factor))
        #expect(try agrees(all["mean[\(scale), \(dimension)]"], 0))
        let expected = try #require(all["expectedStandardDeviation[\(scale), \(dimension)]"])
        #expect(abs(expected.value - factor) < 1e-15)
      }
    }
    #expect(try agrees(all["kurtosis[16]"], 3 + 6.0 / 16))
    #expect(try agrees(all["coverage[1σ, 1]"], 0.7910))
    #expect(abs(try #require(all["expectedCoverage[1σ, 16]"]).value - 0.6970) < 5e-5)
    #expect(abs(try #require(all["normalCoverage[1σ]"]).value - 0.682_689_492_137) < 1e-12)
  }

  @Test func `weights of one key are all there is`() throws {
    let all = try measures(
      SoftmaxWeights.self, ["keys": .integer(1), "queries": .integer(32), "headDimension": .integer(4)])
    for scale in ["none", "√d"] {
      #expect(all["entropy[\(scale)]"]?.value == 0)
      #expect(all["entropyShare[\(scale)]"]?.value == 1)
      #expect(all["maxProbability[\(scale)]"]?.value == 1)
      #expect(all["remainder[\(scale)]"]?.value == 0)
    }
  }

  @Test func `weights become uniform as the scale grows`() throws {
    let all = try measures(
      SoftmaxWeights.self,
      ["keys": .integer(64), "queries": .integer(64), "scales": .scales([.rootHeadDimension(times: 1e6)])])
    #expect(abs(try #require(all["effectiveKeys[1000000√d]"]).value - 64) < 1e-4)
    #expect(abs(try #require(all["maxProbabilityRatio[1000000√d]"]).value - 1) < 1e-4)
  }

  @Test func `the mass of the largest weight is the largest weight`() throws {
    let all = try measures(
      SoftmaxWeights.self, ["keys": .integer(16), "queries": .integer(64), "top": .integers([1, 16])])
    for scale in ["none", "√d", "2√d", "3√d"] {
      let largest = try #require(all["maxProbability[\(scale)]"])
      let remainder = try #require(all["remainder[\(scale)]"])
      #expect(abs(try #require(all["topMass[\(scale), 1]"]).value - largest.value) < 1e-6)
      #expect(abs(largest.value + remainder.value - 1) < 1e-12)
      #expect(abs(try #require(all["topMass[\(scale), 16]"]).value - 1) < 1e-12)
    }
  }

  @Test func `a row's largest logit is as large as theory says, and halves with the scale`() throws {
    let all = try measures(
      SoftmaxWeights.self, ["keys": .integer(128), "queries": .integer(1024), "seed": .seed(5)])
    let expected = try #require(all["expectedLargestLogit[√d]"]).value
    #expect(try agrees(all["largestLogit[√d]"], expected))
    #expect(
      abs(try #require(all["largestLogit[2√d]"]).value * 2 - (try #require(all["largestLogit[√d]"])).value)
        < 1e-12)
  }

  @Test func `gradients keep the bounds and limits of the softmax derivative`() throws {
    let all = try measures(
      Gradients.self,
      [
        "keys": .integer(2), "queries": .integer(4096), "trials": .integer(1024),
        "headDimension": .integer(512),
        "scales": .scales([.rootHeadDimension, .rootHeadDimension(times: 2)]), "seed": .seed(3),
      ])
    // Two keys: trace, Frobenius and spectral norm are all 2p(1 − p); quadrature gives their mean for many components.
    for (scale, expected) in [("√d", 0.36316), ("2√d", 0.44925)] {
      for name in ["jacobianTrace", "jacobianFrobeniusNorm", "jacobianSpectralNorm"] {
        #expect(try agrees(all["\(name)[\(scale)]"], expected), "\(name)")
      }
      // The four entries are p(1 − p) each, so that the largest is half of the norm and all are alike.
      let norm = try #require(all["jacobianFrobeniusNorm[\(scale)]"]).value
      #expect(abs(try #require(all["largestEntry[\(scale)]"]).value * 2 - norm) < 1e-12)
      let inside = try #require(all["entryShare[\(scale), diagonal, 0.1–0.5]"]).value
      #expect(try #require(all["entryShare[\(scale), all, 0.1–0.5]"]).value == inside)
      #expect(try #require(all["trialLargestEntry[\(scale)]"]).value <= 0.25)
    }
    #expect(all["queryGradientRatio[√d]"]?.value == 1)
  }

  @Test func `many keys have entries near 1/n and a gradient that falls with the scale`() throws {
    let all = try measures(
      Gradients.self, ["keys": .integer(256), "queries": .integer(256), "quantiles": .numbers([0.5])])
    let median = try #require(all["entryQuantile[3√d, diagonal, 50%]"]).value
    #expect(abs(median * 256 - 0.95) < 0.05)  // e^(−σ²/2)/n for a logit of 0, σ = 1/3
    #expect(try #require(all["entryQuantile[3√d, all, 50%]"]).value < median / 100)
    #expect(abs(try #require(all["queryGradientRatio[2√d]"]).value - 0.3436) < 0.04)  // e^(−3/8)/2 as n grows
    let shares = ["0.01–0.1", "0.1–0.5"].compactMap { all["queryGradientShare[√d, \($0)]"]?.value }
    #expect(shares.reduce(0, +) > 0.99)
  }

  @Test func `extremes halve with the scale and of a row are what theory says`() throws {
    let all = try measures(
      Extremes.self,
      [
        "headDimension": .integer(256), "keys": .integer(512), "pooled": .integers([512, 2048]),
        "trials": .integer(400), "seed": .seed(2),
      ])
    // 3.0439 is the expected largest of 512 normal numbers; E‖q‖/√d is 1 − 1/(4d).
    #expect(try agrees(all["largestLogit[√d, 512]"], 3.0439 * (1 - 1.0 / 1024)))
    #expect(abs(try #require(all["independentMaximum[√d, 512]"]).value - 3.0439) < 1e-4)
    for pool in ["512", "2048"] {
      let (full, half) = (
        try #require(all["halfRange[√d, \(pool)]"]), try #require(all["halfRange[2√d, \(pool)]"])
      )
      #expect(abs(full.value - 2 * half.value) < 1e-12)
      let (low, high) = (
        try #require(all["smallestLogit[√d, \(pool)]"]), try #require(all["largestLogit[√d, \(pool)]"])
      )
      #expect(abs((high.value - low.value) / 2 - full.value) < 1e-12)
    }
  }

  @Test func `exponential ranges are reciprocal and reach e at one σ`() throws {
    let all = try measures(
      ExponentialRanges.self, ["scales": .scales([.none, .rootHeadDimension]), "headDimension": .integer(4)])
    #expect(abs(try #require(all["upper[1σ, √d]"]).value - 2.718281828459045) < 1e-14)
    for text in ["[1σ, none]", "[2σ, √d]", "[3σ, √d]"] {
      let lower = try #require(all["lower\(text)"]).value
      let upper = try #require(all["upper\(text)"]).value
      #expect(abs(lower * upper - 1) < 1e-14)
      #expect(abs(try #require(all["ratio\(text)"]).value - upper * upper) < 1e-12 * upper * upper)
    }
  }

  @Test func `logits before training spread as the initialisation says, at every model dimension`() throws {
    let all = try measures(
      Initializations.self,
      [
        "modelDimension": .integers([16, 32]), "heads": .integer(2), "inputs": .integer(8),
        "trials": .integer(64), "seed": .seed(3),
      ])
    for name in ["lecun", "glorot", "glorot-per-head", "glorot-packed", "he", "linear", "normal-0.02", "t5"] {
      for dimension in [16, 32] {
        let expected = try #require(all["expectedLogitStandardDeviation[\(name), \(dimension)]"]).value
        #expect(try agrees(all["logitStandardDeviation[\(name), \(dimension)]"], expected))
        let factor = try #require(all["expectedScaleFactor[\(name), \(dimension)]"]).value
        #expect(abs(factor * expected - 1) < 1e-12)
      }
    }
    #expect(abs(try #require(all["expectedLogitStandardDeviation[normal-0.02, 32]"]).value - 0.0128) < 1e-12)
    #expect(abs(try #require(all["expectedScaleFactor[glorot-packed, 16]"]).value - 2) < 1e-12)
  }

  @Test func `softmax breaks where its format ends, and subtracting the maximum mends it`() throws {
    let all = try measures(
      Precisions.self,
      [
        "spreads": .numbers([1, 8, 64, 512]), "keys": .integer(64), "queries": .integer(64),
        "trials": .integer(4), "seed": .seed(3),
      ])
    let value = { (text: String) in try #require(all[text], "\(text)").value }
    for format in ["fp16", "bf16", "fp32", "fp64"] {
      for spread in ["1", "8", "64", "512"] {
        #expect(try value("nonFiniteRows[\(spread), \(format), max-subtracted]") == 0)
        #expect(try value("emptyRows[\(spread), \(format), max-subtracted]") == 0)
      }
      #expect(try value("nonFiniteRows[1, \(format), naive]") == 0)
    }
    // The largest of 64 normals is 2.4 σ on average: 19, 154 and 1,227.
    #expect(try value("nonFiniteRows[8, fp16, naive]") > 0.9)
    #expect(try value("nonFiniteRows[8, bf16, naive]") == 0)
    #expect(try value("nonFiniteRows[64, fp32, naive]") > 0.9)
    #expect(try value("nonFiniteRows[64, bf16, naive]") > 0.9)
    #expect(try value("nonFiniteRows[64, fp64, naive]") == 0)
    #expect(try value("nonFiniteRows[512, fp64, naive]") > 0.9)
    // A row that is not finite is wholly misplaced.
    #expect(try value("largestError[512, fp32, naive]") == 1)
    #expect(try value("misplacedMass[512, fp32, naive]") > 0.9)
    // More bits, less error: each format has at least three more than the one before.
    for spread in ["1", "8"] {
      let errors = try ["bf16", "fp16", "fp32"].map {
        try value("misplacedMass[\(spread), \($0), max-subtracted]")
      }
      #expect(errors[0] > 4 * errors[1] && errors[1] > 1000 * errors[2])
    }
    #expect(abs(try value("overflowLogit[fp32]") - 88.722_839) < 1e-6)
    // What lies 17.3 below the maximum is 0 in fp16; half of all normals lie more than 2.4 σ below it.
    #expect(try value("zeroWeights[8, fp16, max-subtracted]") > 0.4)
    #expect(try value("zeroWeights[8, fp32, max-subtracted]") == 0)
  }

  @Test func `a sum can overflow although no exponential does`() throws {
    // 512 exponentials of about e⁵ are beyond 65,504, and the largest is not.
    let all = try measures(
      Precisions.self,
      [
        "spreads": .numbers([2.7, 2.8]), "keys": .integer(4096), "queries": .integer(64),
        "trials": .integer(4),
      ])
    #expect(try #require(all["emptyRows[2.7, fp16, naive]"]).value > 0.5)
    #expect(try #require(all["emptyRows[2.7, fp32, naive]"]).value == 0)
  }

  @Test func `given attention has rows that sum to 1, and means that are those of its rows`() throws {
    let all = try measures(
      GivenAttentions.self,
      [
        "scores": .tensor(
          Tensor(shape: [2, 2, 3], values: [1, 2, 3, 0, 0, 0, 5, 5, 1, -2, 9, 0]), file: nil),
        "scales": .scales([.none, .constant(2)]),
      ])
    let value = { (text: String) in try #require(all[text], "\(text)").value }
    for scale in ["none", "2"] {
      for head in 1...2 {
        var entropy = 0.0
        for query in 1...2 {
          let weights = try (1...3).map { try value("weight[\(scale), \(head), \(query), \($0)]") }
          #expect(abs(weights.reduce(0, +) - 1) < 1e-14)
          let largest = try value("maxProbability[\(scale), \(head), \(query)]")
          #expect(abs(largest - (weights.max() ?? 0)) < 1e-14)
          #expect(weights[Int(try value("topKey[\(scale), \(head), \(query)]")) - 1] == weights.max())
          entropy += try value("entropy[\(scale), \(head), \(query)]") / 2
        }
        #expect(abs(try value("meanEntropy[\(scale), \(head)]") - entropy) < 1e-14)
      }
    }
    #expect(abs(try value("effectiveKeys[none, 1, 2]") - 3) < 1e-13)
    #expect(try value("score[2, 2, 2]") == 9)
    #expect(all.keys.allSatisfy { !$0.hasPrefix("output") })
  }

  @Test func `attention without data, or with data that does not fit, says what is missing`() {
    for (values, parameter) in [
      ([:] as KeyValuePairs<String, ParameterValue>, "queries"),
      (["queries": .tensor(Tensor(shape: [2], values: [1, 2]), file: nil)], "keys"),
      (["scores": .tensor(Tensor(shape: [2], values: [1, 2]), file: nil)], "scales"),
      (["scores": .tensor(Tensor(shape: [2, 1, 1, 1], values: [1, 2]), file: nil)], "scores"),
    ] {
      let problem = #expect(throws: ParameterProblem.self) {
        try GivenAttentions(ParameterValues(defaultsOf: GivenAttentions.kind, values))
      }
      #expect(problem?.parameter == parameter)
    }
  }

  @Test func `the same seed gives the same numbers, another seed others`() throws {
    let first = try measures(
      SoftmaxWeights.self, ["keys": .integer(16), "queries": .integer(64), "seed": .seed(1)])
    let again = try measures(
      SoftmaxWeights.self, ["keys": .integer(16), "queries": .integer(64), "seed": .seed(1)])
    let other = try measures(
      SoftmaxWeights.self, ["keys": .integer(16), "queries": .integer(64), "seed": .seed(2)])
    #expect(first == again)
    #expect(first["entropy[√d]"] != other["entropy[√d]"])
  }

  @Test func `what was never seen among n draws is known to about 1/n, not exactly`() throws {
    let precision = try measures(
      Precisions.self,
      ["spreads": .numbers([0.5, 1]), "keys": .integer(64), "queries": .integer(256), "trials": .integer(4)])
    for name in ["nonFiniteRows", "emptyRows", "zeroWeights"] {
      let measure = try #require(precision["\(name)[1, fp16, naive]"])
      #expect(measure.value == 0)
      #expect(abs(try #require(measure.standardError) * 256 - 1) < 0.02)
    }
  }

  @Test func `an interval that no entry lies in is empty to about 1/n, and no more`() throws {
    let gradients = try measures(
      Gradients.self,
      [
        "keys": .integer(64), "queries": .integer(128), "trials": .integer(4),
        "within": .numbers([0, 0.001, 2, 3]), "scales": .scales([.rootHeadDimension(times: 3)]),
      ])
    for (text, value, draws) in [
      ("entryShare[3√d, diagonal, 2–3]", 0.0, 128.0 * 64),
      ("entryShare[3√d, all, 2–3]", 0, 128.0 * 64 * 65 / 2),
      ("queryGradientShare[3√d, 2–3]", 0, 128), ("queryGradientShare[3√d, 0.001–2]", 1, 128),
    ] {
      let measure = try #require(gradients[text])
      #expect(measure.value == value)
      #expect(abs(try #require(measure.standardError) * draws - 1) < 0.02)
    }
  }
}
