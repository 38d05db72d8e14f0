import Foundation
import ModelImport
import Models
import TestSupport
import Testing

@testable import Download
@testable import StreamDetect

@Suite("Pulling models of the catalogue")
struct ModelPullTests {
  @Test("every entry of the catalogue has a request with a pinned hash, and a network")
  func catalogue() throws {
    #expect(ModelCatalogue.entries.count == 16)
    #expect(Set(ModelCatalogue.entries.map(\.name)).count == ModelCatalogue.entries.count)
    for entry in ModelCatalogue.entries {
      let request = try ModelPull.Request(entry)
      #expect(request.address.text == entry.folder + entry.file)
      #expect(request.address.host == "download.pytorch.org")
      #expect(request.hash.digits.count >= 8 && entry.file.contains("-\(request.hash.digits)."))
      #expect(request.options.license == "BSD-3-Clause")
      #expect(request.options.architecture == entry.architecture && entry.architecture != nil)
      let mirrored = try ModelPull.Request(entry, mirror: "https://mirror.example/a")
      #expect(mirrored.address.text == "https://mirror.example/a/" + entry.file)
      #expect(mirrored.hash == request.hash)
      #expect(ModelCatalogue.entry(named: entry.name) == entry)
    }
    #expect(ModelCatalogue.entry(named: "built-in") == nil)
  }
}
