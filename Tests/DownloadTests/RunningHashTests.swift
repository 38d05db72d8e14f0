import Testing

@testable import Support

@Suite("SHA-256")
struct RunningHashTests {
  // Hashes of the examples that NIST gives for FIPS 180-4.
  @Test(
    "NIST's examples",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ])
  func examples(text: String, expected: String) {
    #expect(RunningHash.digits(of: text) == expected)
  }

  @Test("a million bytes in pieces of any size", arguments: [1, 63, 64, 65, 4096, 1_000_000])
  func pieces(size: Int) {
    let hash = RunningHash()
    var left = size == 1 ? 1000 : 1_000_000
    while left > 0 {
      let count = min(size, left)
      hash.add([UInt8](repeating: UInt8(ascii: "a"), count: count))
      left -= count
    }
    #expect(
      hash.digits
        == (size == 1
          ? "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3"
          : "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"))
  }

  @Test("the digits so far don't end the sum")
  func soFar() {
    let hash = RunningHash()
    hash.add(Array("a".utf8))
    #expect(hash.digits == RunningHash.digits(of: "a"))
    hash.add(Array("bc".utf8))
    #expect(hash.digits == RunningHash.digits(of: "abc"))
  }
}
