import Testing

@testable import AttentionKernel

/// Five parabolas, `stiffness/2 · (θ − target)²`, all of whose numbers are exact.
private enum Parabolas {
  static let start = [1.0, -2, 0.5, 3, -0.25]
  static let stiffness = [1.0, 0.5, 4, 0.125, 2]
  static let target = [0.5, 1, -0.25, 0, -0.25]

  static func reference(_ optimizer: Optimizer, steps: Int) throws -> [Double] {
    var state = try ReferenceOptimizerState(optimizer, count: 5)
    var parameters = start
    for _ in 0..<steps {
      let gradients = (0..<5).map { stiffness[$0] * (parameters[$0] - target[$0]) }
      try state.update(&parameters, gradients: gradients)
    }
    return parameters
  }

  /// The same in binary32, the five repeated until there are `count` parameters.
  static func fast(
    _ optimizer: Optimizer, steps: Int, count: Int = 5, using set: InstructionSet = .best
  ) throws -> [Float] {
    var state = try OptimizerState(optimizer, count: count)
    var parameters = (0..<count).map { Float(start[$0 % 5]) }
    for _ in 0..<steps {
      let gradients = (0..<count).map {
        Float(stiffness[$0 % 5]) * (parameters[$0] - Float(target[$0 % 5]))
      }
      try state.update(&parameters, gradients: gradients, using: set)
    }
    return parameters
  }
}

/// Settings, and what PyTorch 2.15 makes of them in binary64 after 20 steps down the parabolas:
///
///     p = torch.tensor(start, dtype=torch.float64, requires_grad=True)
///     for _ in range(20):
///         optimizer.zero_grad(); (stiffness * (p - target)**2 / 2).sum().backward(); optimizer.step()
private let peers: [(name: String, optimizer: Optimizer, parameters: [Double])] = {
  do {
    return [
      (
        "SGD(lr=0.1)", try .gradientDescent(learningRate: 0.1),
        [0.5607883272952845, -0.07545776722562648, -0.24997257881169951, 2.3327239092677226, -0.25]
      ),
      (
        "SGD(lr=0.05, momentum=0.9)",
        .gradientDescent(try GradientDescent(learningRate: 0.05, momentum: 0.9)),
        [0.4394347370485553, 2.02538797608957, -0.511939462443951, 1.1353701016074131, -0.25]
      ),
      (
        "SGD(lr=0.05, momentum=0.9, dampening=0.5, weight_decay=0.1)",
        .gradientDescent(
          try GradientDescent(learningRate: 0.05, momentum: 0.9, dampening: 0.5, weightDecay: 0.1)),
        [
          0.2642217901200129, 1.2903354394577136, -0.012227622461749332, 1.1886757172772795,
          -0.23815957305583266,
        ]
      ),
      (
        "SGD(lr=0.05, momentum=0.8, nesterov=True, weight_decay=0.01)",
        .gradientDescent(
          try GradientDescent(learningRate: 0.05, momentum: 0.8, weightDecay: 0.01, isNesterov: true)),
        [
          0.4654200770005674, 1.009808615117293, -0.25806809593589514, 1.611933788395354,
          -0.24880108409937648,
        ]
      ),
      (
        "Adam()", .adam(try Adam()),
        [0.9800485031901979, -1.9800079294732549, 0.48003208606245396, 2.9800079298735724, -0.25]
      ),
      (
        "Adam(lr=0.1, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1)",
        .adam(
          try Adam(learningRate: 0.1, meanDecay: 0.8, squareDecay: 0.95, epsilon: 1e-3, weightDecay: 0.1)),
        [
          0.5072910450847963, -0.17384149851034975, -0.2537914285699495, 1.1621461269882114,
          -0.2416526311337004,
        ]
      ),
      (
        "AdamW()", try .adamW(learningRate: 1e-3),
        [
          0.9798509133698088, -1.9796100256494698, 0.47993415469980377, 2.979410124671798,
          -0.2502564225948008,
        ]
      ),
      (
        "AdamW(lr=0.1, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.5)",
        .adam(
          try Adam(
            learningRate: 0.1, meanDecay: 0.8, squareDecay: 0.95, epsilon: 1e-3, weightDecay: 0.5,
            isDecoupled: true)),
        [
          0.4956085069799949, 0.3348604823918805, -0.2103956481006097, 0.1555148728064611,
          -0.24733305663311897,
        ]
      ),
    ]
  } catch {
    preconditionFailure("\(error)")
  }
}()

@Suite struct `Optimizers` {
  @Test(arguments: 0..<8)
  func `twenty steps end where PyTorch's end`(number: Int) throws {
    let peer = peers[number]
    let reference = try Parabolas.reference(peer.optimizer, steps: 20)
    let fast = try Parabolas.fast(peer.optimizer, steps: 20)
    for index in 0..<5 {
      #expect((reference[index] - peer.parameters[index]).magnitude < 1e-14, "\(peer.name), \(index)")
      // Twenty roundings of numbers up to 3; PyTorch's own binary32 errs by up to 9.1e-7 here.
      #expect((Double(fast[index]) - peer.parameters[index]).magnitude < 2e-6, "\(peer.name), \(index)")
    }
  }

  // MARK: Laws

  @Test
  func `Adam's first step is the learning rate against the gradient's sign, however large the gradient`()
    throws
  {
    var parameters: [Float] = [0, 0, 0, 0, 0, 0]
    var state = try OptimizerState(.adam(Adam(learningRate: 0.125, epsilon: 0)), count: 6)
    try state.update(&parameters, gradients: [1e-15, -1e-15, 3, -3, 1e15, 0])
    for (parameter, expected) in zip(parameters, [-0.125, 0.125, -0.125, 0.125, -0.125, 0]) {
      #expect((Double(parameter) - expected).magnitude <= 2e-8)
    }
  }

  @Test func `epsilon halves the first step where it is as large as the gradient`() throws {
    var parameters = [0.0, 0]
    var state = try ReferenceOptimizerState(.adam(Adam(learningRate: 1, epsilon: 0.5)), count: 2)
    try state.update(&parameters, gradients: [0.5, -0.5])
    #expect((parameters[0] + 0.5).magnitude < 1e-15 && (parameters[1] - 0.5).magnitude < 1e-15)
  }

  @Test func `decoupled decay shrinks parameters by a share that no gradient changes`() throws {
    let settings = try Adam(learningRate: 0.25, weightDecay: 0.5, isDecoupled: true)
    let free = try Adam(learningRate: 0.25)
    var (with, without): ([Float], [Float]) = ([4, 4, 4], [4, 4, 4])
    var state = try OptimizerState(.adam(settings), count: 3)
    var freeState = try OptimizerState(.adam(free), count: 3)
    let gradients: [Float] = [0, 2, -1000]
    try state.update(&with, gradients: gradients)
    try freeState.update(&without, gradients: gradients)
    #expect(with[0] == 4 * (1 - 0.125) && without[0] == 4)
    for index in 0..<3 { #expect((without[index] - with[index] - 0.5).magnitude < 1e-6) }
    // Through the gradient it is divided out by Adam: any strength of the decay gives the same step.
    var coupled: [Float] = [4, 4]
    var coupledState = try OptimizerState(.adam(Adam(learningRate: 0.25, weightDecay: 0.5)), count: 2)
    try coupledState.update(&coupled, gradients: [0, 0])
    #expect((coupled[0] - 3.75).magnitude < 1e-6)
  }

  @Test func `with a constant gradient momentum ends in steps 1/(1 − momentum) as long`() throws {
    for nesterov in [false, true] {
      var state = try ReferenceOptimizerState(
        .gradientDescent(GradientDescent(learningRate: 0.5, momentum: 0.75, isNesterov: nesterov)), count: 1)
      var parameters = [0.0]
      for _ in 0..<200 { try state.update(&parameters, gradients: [1]) }
      let before = parameters[0]
      try state.update(&parameters, gradients: [1])
      #expect((before - parameters[0] - 2).magnitude < 1e-12)
    }
  }

  @Test(arguments: 0..<8)
  func `parameters in half the units take the same steps under the rescaled rule, to the last bit`(
    number: Int
  ) throws {
    let optimizer = peers[number].optimizer
    let gradients = StandardNormals(seed: 3, role: .values)(count: 20 * 30)
    for factor: Float in [2, 0.25] {
      var state = try OptimizerState(optimizer, count: 20)
      var scaledState = try OptimizerState(
        optimizer.rescaled(forParametersTimes: Double(factor)), count: 20)
      var parameters = StandardNormals(seed: 3, role: .keys)(count: 20)
      var scaled = parameters.map { $0 * factor }
      for step in 0..<30 {
        let row = Array(gradients[step * 20..<(step + 1) * 20])
        try state.update(&parameters, gradients: row)
        try scaledState.update(&scaled, gradients: row.map { $0 / factor })
        #expect(scaled == parameters.map { $0 * factor }, "step \(step)")
      }
    }
  }

  // MARK: Bits

  @Test(arguments: 0..<8)
  func `a parameter moves alike wherever it stands, on every instruction set`(number: Int) throws {
    let expected = try Parabolas.fast(peers[number].optimizer, steps: 20, using: .baseline)
    for set in InstructionSet.supported {
      for count in [1, 4, 15, 16, 17, 33, 64] {
        let parameters = try Parabolas.fast(peers[number].optimizer, steps: 20, count: count, using: set)
        #expect(parameters == (0..<count).map { expected[$0 % 5] }, "\(set), \(count)")
      }
    }
  }

  @Test func `optimizers have the known bits`() throws {
    var hash = BitHash()
    for peer in peers { hash.add(try Parabolas.fast(peer.optimizer, steps: 20)) }
    #expect(hash.value == 10_104_393_435_341_051_422)
  }

  // MARK: What is refused

  @Test func `settings that make no sense are refused`() throws {
    #expect(throws: KernelError.invalidNumber(name: "learningRate", value: -1)) {
      try Optimizer.adam(learningRate: -1)
    }
    #expect(throws: KernelError.invalidNumber(name: "learningRate", value: .infinity)) {
      try Optimizer.gradientDescent(learningRate: .infinity)
    }
    #expect(throws: KernelError.invalidNumber(name: "weightDecay", value: -0.5)) {
      try GradientDescent(weightDecay: -0.5)
    }
    #expect(throws: KernelError.invalidDecay(name: "squareDecay", value: 1)) { try Adam(squareDecay: 1) }
    #expect(throws: KernelError.self) { try Adam(meanDecay: .nan) }
    #expect(throws: KernelError.contradiction("isNesterov", "momentum = 0")) {
      try GradientDescent(isNesterov: true)
    }
    #expect(throws: KernelError.contradiction("isNesterov", "dampening ≠ 0")) {
      try GradientDescent(momentum: 0.9, dampening: 0.1, isNesterov: true)
    }
    #expect(throws: KernelError.self) {
      try Optimizer.adam(learningRate: 1).rescaled(forParametersTimes: 0)
    }
  }

  @Test func `a refused step changes nothing`() throws {
    var state = try OptimizerState(.adam(Adam()), count: 3)
    var parameters: [Float] = [1, 2, 3]
    try state.update(&parameters, gradients: [1, 1, 1])
    let (before, stateBefore) = (parameters, state)
    #expect(throws: KernelError.nonFiniteValue(index: 1)) {
      try state.update(&parameters, gradients: [1, .nan, 1])
    }
    #expect(throws: KernelError.mismatchedShapes(name: "gradients", expected: 3, actual: 2)) {
      try state.update(&parameters, gradients: [1, 1])
    }
    #expect(parameters == before && state == stateBefore)
    #expect(throws: KernelError.sizeTooSmall(name: "count", value: 0, minimum: 1)) {
      try OptimizerState(.adam(Adam()), count: 0)
    }
  }
}
