import Layers
import TestSupport
import Testing

@Suite("invalid safetensors files")
struct SafetensorsHostileTests {
  static let good = #"{"dtype":"U8","shape":[4],"data_offsets":[0,4]}"#

  static let headers: [(String, SafetensorsError.Code)] = [
    ("", .invalidHeader), ("[]", .invalidHeader), ("{", .invalidHeader), ("{}x", .invalidHeader),
    (#"{"a":1}"#, .invalidHeader), (#"{"a":{}}"#, .invalidHeader), (#"{"a":null}"#, .invalidHeader),
    (#"{"a":\#(good),}"#, .invalidHeader), (#"{"a":\#(good)"#, .invalidHeader),
    (#"{"a":\#(good),"a":\#(good)}"#, .duplicate),
    (#"{"a":\#(good),"\u0061":\#(good)}"#, .duplicate),
    (#"{"a":{"dtype":"U8","dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#, .duplicate),
    (#"{"__metadata__":{"k":"1","k":"2"},"a":\#(good)}"#, .duplicate),
    (#"{"__metadata__":{"k":1},"a":\#(good)}"#, .invalidHeader),
    (#"{"a":{"dtype":"Q4","shape":[4],"data_offsets":[0,4]}}"#, .unknownType),
    (#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4],"extra":1}}"#, .invalidHeader),
    (#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0]}}"#, .invalidHeader),
    (#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,2,4]}}"#, .invalidHeader),
    (#"{"a":{"dtype":"U8","shape":[-4],"data_offsets":[0,4]}}"#, .invalidHeader),
    (#"{"a":{"dtype":"U8","shape":[4.0],"data_offsets":[0,4]}}"#, .invalidHeader),
    (#"{"a":{"dtype":"U8","shape":[04],"data_offsets":[0,4]}}"#, .invalidHeader),
    (#"{"a":{"dtype":"U8","shape":[5],"data_offsets":[0,4]}}"#, .invalidShape),
    (#"{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,4]}}"#, .invalidShape),
    (#"{"a":{"dtype":"U8","shape":[99999999999999999999],"data_offsets":[0,4]}}"#, .invalidShape),
    (
      #"{"a":{"dtype":"U8","shape":[4294967296,4294967296,4],"data_offsets":[0,4]}}"#, .invalidShape
    ),
    (
      #"{"a":{"dtype":"F64","shape":[9223372036854775807],"data_offsets":[0,4]}}"#, .invalidShape
    ),
    (
      #"{"a":{"dtype":"U8","shape":[0,9223372036854775807,2],"data_offsets":[0,0]}}"#, .invalidShape
    ),
    (#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[4,0]}}"#, .invalidOffsets),
    (#"{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}"#, .truncated),
    (
      #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[9223372036854775803,9223372036854775807]}}"#,
      .truncated
    ),
    (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}"#, .invalidOffsets),
    (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#, .invalidOffsets),
    (
      #"{"a":\#(good),"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}"#, .invalidOffsets
    ),
    (#"{"a\ud800":\#(good)}"#, .invalidHeader), (#"{"a\x":\#(good)}"#, .invalidHeader),
    (#"{"a\u00":\#(good)}"#, .invalidHeader), ("{\"a\u{1}\":\(good)}", .invalidHeader),
    (#"{"a":{"dtype":"U8","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,4]}}"#, .invalidHeader),
    (String(repeating: "{\"a\":", count: 100_000), .invalidHeader),
    (String(repeating: "[", count: 100_000), .invalidHeader),
  ]

  @Test("each invalid header gives its error code")
  func invalidHeaders() throws {
    try inTemporaryFolder { folder in
      for (header, expected) in Self.headers {
        let path = folder + "/x"
        try write(safetensors(header, [1, 2, 3, 4]), to: path)
        #expect(code(of: path) == expected, "\(header.prefix(120))")
      }
      try write(safetensors("{\"a\":\(Self.good)}  \n", [1, 2, 3, 4]), to: folder + "/x")
      #expect(code(of: folder + "/x") == nil)
    }
  }

  @Test("a length beyond the file, the format or 64 bits is rejected")
  func invalidLengths() throws {
    try inTemporaryFolder { folder in
      let path = folder + "/x"
      let limit = UInt64(SafetensorsFile.longestHeader)
      let lengths: [(UInt64, SafetensorsError.Code)] = [
        (.max, .headerTooLarge), (1 << 63, .headerTooLarge), (limit + 1, .headerTooLarge),
        (limit, .truncated), (3, .truncated), (0, .invalidHeader),
      ]
      for (length, expected) in lengths {
        let bytes = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + [0x7B, 0x7D]
        try write(bytes, to: path)
        #expect(code(of: path) == expected, "\(length)")
      }
    }
  }

  @Test("more tensors than any network has are refused")
  func tooManyTensors() throws {
    try inTemporaryFolder { folder in
      let entries = (0...100_000).map {
        "\"\($0)\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}"
      }
      let path = folder + "/x"
      try write(safetensors("{\(entries.joined(separator: ","))}", []), to: path)
      #expect(code(of: path) == .headerTooLarge)
      try write(safetensors("{\(entries.dropLast().joined(separator: ","))}", []), to: path)
      #expect(code(of: path) == nil)
    }
  }

  @Test(
    "a damaged file is rejected or read, and never traps", arguments: 0..<8)
  func mutations(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    try inTemporaryFolder { folder in
      let path = folder + "/x"
      try SafetensorsFile.write(
        to: path,
        tensors: [
          WritableTensor(name: "conv.weight", shape: [2, 3, 1, 1], [1, 2, 3, 4, 5, 6]),
          WritableTensor(name: "conv.bias", type: .float16, shape: [2], bytes: [0, 0x3C, 0, 0x3C]),
          WritableTensor(
            name: "tracked", type: .int64, shape: [], bytes: [UInt8](repeating: 0, count: 8)),
        ], metadata: ["stream_detect": "{\"name\":\"x\"}"])
      let whole = try bytes(of: path)
      var rejected = 0
      for _ in 0..<250 {
        try write(mutated(whole, using: &random), to: path)
        do throws(SafetensorsError) {
          let file = try SafetensorsFile(path: path)
          for name in file.names {
            let tensor = file.tensor(name)
            #expect(tensor?.floats().count == tensor?.count)
          }
        } catch {
          rejected += 1
          #expect(!error.message.isEmpty && !error.remedy.isEmpty)
        }
      }
      #expect(rejected > 100, "seed \(seed): only \(rejected) of 250 were rejected")
    }
  }
}
