import Testing

@testable import TensorFiles

@Suite struct `Arrays in npy files` {
  @Test(arguments: [
    "little-f2", "little-f4", "little-f8", "big-f2", "big-f4", "big-f8", "version-1", "version-2",
    "version-3",
  ])
  func `floating-point numbers of both byte orders and all versions are read`(name: String) throws {
    let tensor = try NPYFile.read(try TestFiles.bytes("\(name).npy"))
    #expect(tensor == Tensor(shape: [2, 3], values: TestFiles.fractions))
  }

  @Test(arguments: ["little", "big"], ["1", "2", "4", "8"])
  func `integers of every width and both byte orders are read, signs and all`(order: String, width: String)
    throws
  {
    let order = width == "1" ? "little" : order
    let signed = try NPYFile.read(try TestFiles.bytes("\(order)-i\(width).npy"))
    #expect(signed == Tensor(shape: [2, 3], values: TestFiles.signedIntegers))
    let unsigned = try NPYFile.read(try TestFiles.bytes("\(order)-u\(width).npy"))
    #expect(unsigned == Tensor(shape: [2, 3], values: TestFiles.integers))
  }

  @Test func `an array stored column by column has its rows in order`() throws {
    let tensor = try NPYFile.read(try TestFiles.bytes("fortran.npy"))
    #expect(tensor == Tensor(shape: [2, 3, 4], values: (0..<24).map { Double($0) }))
  }

  @Test func `a single number has no indices`() throws {
    #expect(try NPYFile.read(try TestFiles.bytes("scalar.npy")) == Tensor(shape: [], values: [2.5]))
  }

  @Test(arguments: [
    ("complex", "complex numbers"), ("object", "Python objects"), ("text", "texts"), ("bytes", "texts"),
    ("truth", "truth values"), ("date", "dates"), ("long-double", "rare width"), ("record", "named fields"),
    ("bfloat16", "bfloat16"), ("empty", "holds nothing"), ("infinite", "∞ at index [1, 0]"),
    ("not-a-number", "NaN at index [0, 1]"),
  ])
  func `what is no array of finite numbers is named`(name: String, words: String) throws {
    let problem = try problem { try NPYFile.read(try TestFiles.bytes("\(name).npy")) }
    #expect(problem.summary.english.contains(words), "\(problem.summary.english)")
  }

  @Test func `a file that ends anywhere too early is refused, and so is one that goes on`() throws {
    for name in ["little-f4.npy", "version-2.npy"] {
      let whole = try TestFiles.bytes(name)
      for count in 0..<whole.count { _ = try problem { try NPYFile.read(Array(whole[..<count])) } }
      _ = try problem { try NPYFile.read(whole + [0]) }
    }
  }

  @Test(arguments: [
    "", "{", "{}", "[]", "1", "{'descr': '<f4', 'fortran_order': False}",
    "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': 1}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'shape': (2,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'more': 1}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} + exit()",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000, 1000000)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1)}",
    "{'descr': '|f4', 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '=f4', 'fortran_order': False, 'shape': (1,)}",
    "{'descr': 'f4', 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '', 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '<x9', 'fortran_order': False, 'shape': (1,)}", "((((((((((((",
    "{'a': {'a': {'a': {'a': {'a': {'a':",
  ])
  func `a header that lies or makes no sense is refused`(header: String) throws {
    _ = try problem { try NPYFile.read(TestFiles.npy(header, data: [0, 0, 0, 0])) }
  }

  @Test func `a header may be written in other ways than NumPy's own`() throws {
    let one = Tensor(shape: [1], values: [0])
    for header in [
      #"{"shape":(1,),"fortran_order":False,"descr":"<f4"}"#,
      "{'descr': '<f4', 'fortran_order': True, 'shape': (1L,), }   \n",
      "{'descr': '<f4', 'fortran_order': False, 'shape': [1]}",
    ] {
      #expect(try NPYFile.read(TestFiles.npy(header, data: [0, 0, 0, 0])) == one)
    }
  }

  @Test func `versions that nobody knows yet are refused`() throws {
    for version in [[0, 0], [4, 0], [1, 1], [255, 255]] as [[UInt8]] {
      let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}"
      let problem = try problem {
        try NPYFile.read(TestFiles.npy(header, data: [0, 0, 0, 0], version: version))
      }
      #expect(problem.summary.english.contains("version \(version[0]).\(version[1])"))
    }
  }

  @Test func `a huge file is refused by what its header says, without reading it`() throws {
    let lying = HugeFile(start: TestFiles.npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}"))
    _ = try problem { try NPYFile.read(lying) }
    let honest = HugeFile(
      start: TestFiles.npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1073741808,)}"))
    let problem = try problem { try NPYFile.read(honest) }
    #expect(problem.summary.english.contains("at most 4194304 values"))
    // A header that would fill memory: version 2 has room for 4 GB of it.
    let endless = HugeFile(start: [0x93] + Array("NUMPY".utf8) + [2, 0, 0xF0, 0xFF, 0xFF, 0xFF])
    _ = try TensorFilesTests.problem { try NPYFile.read(endless) }
  }

  @Test func `integers that would lose digits are refused`() throws {
    let header = "{'descr': '<i8', 'fortran_order': False, 'shape': (1,)}"
    #expect(try NPYFile.read(TestFiles.npy(header, data: TestFiles.number(1 << 53))).values == [0x1p53])
    _ = try problem { try NPYFile.read(TestFiles.npy(header, data: TestFiles.number(1 << 53 + 1))) }
    _ = try problem { try NPYFile.read(TestFiles.npy(header, data: TestFiles.number(1 << 63))) }
  }

  #if arch(arm64) || os(Linux)
    @Test func `every half-precision number has the value that the language gives it`() throws {
      for bits in 0...UInt16.max {
        let bytes = [UInt8(truncatingIfNeeded: bits), UInt8(bits >> 8)]
        let value = try ElementType.float16.decode(bytes, isBigEndian: false)[0]
        let expected = Double(Float16(bitPattern: bits))
        #expect(value.bitPattern == expected.bitPattern || value.isNaN && expected.isNaN)
      }
    }
  #endif
}
