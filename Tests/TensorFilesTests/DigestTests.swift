import Testing

@testable import TensorFiles

@Suite struct `Digests of tensors` {
  /// Examples of FIPS 180-4's companion document, and of lengths at which padding changes.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      String(repeating: "a", count: 64), "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"
    ),
  ])
  func `the hash function is SHA-256`(text: String, digits: String) {
    var hash = SHA256()
    for byte in text.utf8 { hash.add(byte: byte) }
    #expect(hash.hexadecimal() == digits)
  }

  @Test func `another shape, or another last bit, is another digest`() {
    let first = Tensor(shape: [2, 3], values: [1, 2, 3, 4, 5, 6])
    #expect(first.digest == Tensor(shape: [2, 3], values: [1, 2, 3, 4, 5, 6]).digest)
    #expect(first.digest != Tensor(shape: [3, 2], values: [1, 2, 3, 4, 5, 6]).digest)
    #expect(first.digest != Tensor(shape: [2, 3], values: [1, 2, 3, 4, 5, 6.0.nextUp]).digest)
    #expect(Tensor(shape: [1], values: [0]).digest == Tensor(shape: [1], values: [-0.0]).digest)
  }
}
