import Testing

@testable import Batch

struct PlaceTests {
  @Test("a source's place is its name, within the folder")
  func plain() {
    #expect(
      BatchPlaces.places(of: [
        "a/b.mp4", "a/b.avi", "/data/c.mp4", "../x.mp4", "http://h/v.mp4?q=1",
      ])
        == ["a/b.mp4", "a/b.avi", "data/c.mp4", "__/x.mp4", "http/h/v.mp4_q=1"])
  }

  @Test("places that would be the same are told apart, whatever the order of the list")
  func collisions() {
    let ids = ["/a.mp4", "a.mp4", "A.mp4", "b.mp4", "x?y", "x*y"]
    let places = BatchPlaces.places(of: ids)
    #expect(Set(places.map { $0.lowercased() }).count == ids.count)
    #expect(places[3] == "b.mp4")
    #expect(BatchPlaces.places(of: ids.reversed()) == places.reversed())
  }

  @Test("names that are too long for a file leave room for suffixes and temporary names")
  func long() {
    let places = BatchPlaces.places(of: [
      String(repeating: "a", count: 300), String(repeating: "a", count: 299) + "b",
    ])
    #expect(Set(places).count == 2)
    for place in places { #expect(place.utf8.count + BatchStore.receiptSuffix.utf8.count < 230) }
  }
}
