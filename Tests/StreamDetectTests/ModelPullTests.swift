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
    let archives = ModelCatalogue.entries.filter { $0.member != nil }
    #expect(ModelCatalogue.entries.count == 19 && archives.count == 2)
    #expect(Set(ModelCatalogue.entries.map(\.name)).count == ModelCatalogue.entries.count)
    for entry in ModelCatalogue.entries {
      let request = try ModelPull.Request(entry)
      #expect(request.address.text == entry.folder + entry.file)
      #expect(request.options.architecture == entry.architecture)
      if entry.member == nil {
        #expect(request.address.host == "download.pytorch.org")
        #expect(request.hash.digits.count >= 8 && entry.file.contains("-\(request.hash.digits)."))
        #expect(request.options.license == "BSD-3-Clause" && entry.architecture != nil)
      } else {
        // The graph in the archive tells the network.
        #expect(request.address.host == "storage.googleapis.com")
        #expect(request.hash.digits.count == 64 && entry.file == "\(entry.name).tar.gz")
        #expect(request.options.license == "Apache-2.0" && entry.architecture == nil)
        #expect(request.options.member == "frozen_inference_graph.pb")
      }
      let mirrored = try ModelPull.Request(entry, mirror: "https://mirror.example/a")
      #expect(mirrored.address.text == "https://mirror.example/a/" + entry.file)
      #expect(mirrored.hash == request.hash)
      #expect(ModelCatalogue.entry(named: entry.name) == entry)
    }
    #expect(ModelCatalogue.entry(named: "built-in") == nil)
  }
}
