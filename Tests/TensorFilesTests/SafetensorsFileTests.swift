import Testing

@testable import TensorFiles

@Suite struct `Tensors in safetensors files` {
  private func read(_ name: String?, _ bytes: [UInt8]) throws -> Tensor {
    try SafetensorsFile(bytes).read(name, from: bytes)
  }

  @Test func `tensors of every type of number are read by their names`() throws {
    let file = try TestFiles.bytes("several.safetensors")
    for name in ["half", "single", "double", "brain"] {
      #expect(try read(name, file) == Tensor(shape: [2, 3], values: TestFiles.fractions))
    }
    for name in ["small", "count"] {
      #expect(try read(name, file) == Tensor(shape: [2, 3], values: TestFiles.integers))
    }
  }

  @Test func `the only tensor needs no name`() throws {
    let file = try TestFiles.bytes("one.safetensors")
    #expect(try read(nil, file) == Tensor(shape: [2, 3], values: TestFiles.fractions))
    #expect(try read("only", file) == read(nil, file))
  }

  @Test func `what can't be read is named, and what could be is listed`() throws {
    let file = try TestFiles.bytes("several.safetensors")
    for (name, type) in [("truth", "BOOL"), ("eight", "F8_E4M3")] {
      #expect(try problem { try read(name, file) }.summary.english.contains(type))
    }
    #expect(try problem { try read(nil, file) }.help?.english.contains("‘brain’") == true)
    #expect(try problem { try read("singel", file) }.help?.english == "did you mean ‘single’?")
  }

  @Test func `a file that ends anywhere too early is refused, and so is one that goes on`() throws {
    let whole = try TestFiles.bytes("several.safetensors")
    for count in 0..<whole.count { _ = try problem { try read("single", Array(whole[..<count])) } }
    _ = try problem { try read("single", whole + [0]) }
  }

  @Test(arguments: [
    #""#, #"{"#, #"[]"#, #"{}}"#, #" {}"#, #"{"a":1}"#, #"{"a":{"dtype":"F32","shape":[1]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,4]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4.0]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,18446744073709551616]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,9223372036854775807]}}"#,
    #"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#,
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#,
    #"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}"#,
    #"{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,4]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}"#,
    #"{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,2]}}"#,
    #"{"a":{"dtype":"F16","shape":[1],"data_offsets":[2,4]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F16","shape":[1],"data_offsets":[2,4]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"more":1}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} x"#, #"{"\ud800":1}"#, #"{"a\u00zz":1}"#,
    #"{"a":{"dtype":"F32","shape":[[[[[[[[[[[[[[[[[[1"#,
  ])
  func `a header that lies or makes no sense is refused`(header: String) throws {
    _ = try problem { try read("a", TestFiles.safetensors(header, data: [0, 0, 0, 0])) }
  }

  @Test func `names may hold anything, and blanks may pad the header`() throws {
    let header =
      #"{"__metadata__":{"x":"y"},"层\/\u5c42\ud83d\ude00":{"shape":[],"dtype":"F32","data_offsets":[0,4]}}   "#
    let file = TestFiles.safetensors(header, data: [0, 0, 0x80, 0x3F])
    #expect(try SafetensorsFile(file).names == ["层/层😀"])
    #expect(try read("层/层😀", file) == Tensor(shape: [], values: [1]))
  }

  @Test func `a header length beyond the file is refused before anything is allocated`() throws {
    for length in [1 << 60, UInt64.max, 9] {
      let problem = try problem { try read("a", TestFiles.number(length) + [0, 0, 0, 0, 0, 0, 0, 0]) }
      #expect(problem.summary.english.contains("\(length) bytes"))
    }
    let endless = HugeFile(start: TestFiles.number(1 << 31))
    #expect(throws: TensorFileProblem.self) { _ = try SafetensorsFile(endless) }
  }

  @Test func `of a huge file only the tensor wanted is read`() throws {
    let size = 4 << 30
    // The header's length depends on the digits in it, which have a fixed number here.
    func header(_ end: Int) -> String {
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[\#(end - 4)],"data_offsets":[4,\#(end)]}}"#
    }
    let length = header(size).utf8.count
    let file = HugeFile(start: TestFiles.safetensors(header(size - 8 - length), data: [0, 0, 0x80, 0x3F]))
    let tensors = try SafetensorsFile(file)
    #expect(try tensors.read("a", from: file) == Tensor(shape: [1], values: [1]))
    let problem = try problem { try tensors.read("b", from: file) }
    #expect(problem.summary.english.contains("at most 4194304 values"))
  }
}
