import Foundation
import Support
import TestSupport
import Testing

@Suite("Folders of all sorts of files", .requires(.media))
struct FolderTests {
  /// A folder `in` with pictures and videos of many kinds, and with what isn't media.
  private func mixedFolder() throws -> Workplace {
    let place = try Workplace()
    let made = try Program.shell(
      #"""
      set -e
      mkdir -p in/sub
      make() { ffmpeg -v error -f lavfi -i testsrc2=s=64x48:d=1:r=2 "$@"; }
      make -frames:v 1 in/a.jpg; make -frames:v 1 -c:v jpeg2000 in/c.jp2
      make -f h264 -c:v libx264 in/d.264; make -plays 0 -f apng in/e.apng
      make -frames:v 1 in/t.tga; make -c:v mpeg2video in/m.m2v
      cp in/a.jpg in/b.JFIF; cp in/a.jpg in/nosuffix; cp in/a.jpg in/sub/z.jpg
      cp in/a.jpg "in/$(printf 'caf\351.jpg')"; cp in/d.264 in/x.dat
      echo 'const n: number = 1' > in/code.ts; echo text > in/readme; echo hidden > in/.hidden
      for n in 1 2 3; do echo text > in/$n.TXT; done
      """#, in: place.path)
    try #require(made.status == 0, "\(made.errors)")
    return place
  }

  @Test("what FFmpeg can read is read, and the rest is counted by suffix")
  func mixed() throws {
    let place = try mixedFolder()
    let outcome = try place.detect("in")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let names = try outcome.lines("end").compactMap { $0["source"]?.string }
    #expect(
      names
        == [
          "a.jpg", "b.JFIF", "c.jp2", "caf\u{10FFE9}.jpg", "d.264", "e.apng", "m.m2v", "nosuffix",
        ]
        .map { "in/\($0)" } + ["in/t.tga", "in/x.dat"])
    let passed = try #require(try outcome.lines("summary").first?["passed_over"])
    #expect(passed["files"]?["txt"]?.integer == 3 && passed["files"]?["ts"]?.integer == 1)
    #expect(passed["files"]?[""]?.integer == 1)
    #expect(passed["folders"]?.integer == 1)
    #expect(
      outcome.errors.contains("5 files passed over: 3 .txt, 1 without suffix, 1 .ts."),
      "\(outcome.errors)")
    #expect(outcome.errors.contains("1 folder not searched"))
    // An animation is more than its first picture.
    let animation = try outcome.lines("end").first { $0["source"]?.string == "in/e.apng" }
    #expect(animation?["frames"]?["decoded"]?.integer == 2)
  }

  @Test("HEIC that this FFmpeg can't read is counted, with what to do about it")
  func heic() throws {
    let place = try mixedFolder()
    for name in ["1.HEIC", "2.heic"] { try place.write("x", to: "in/\(name)") }
    let outcome = try place.detect("in")
    let files = try outcome.lines("summary").first?["passed_over"]?["files"]
    // An FFmpeg that reads HEIC finds these two damaged.
    let isRead = try !outcome.lines("end").filter { $0["status"]?.string == "failed" }.isEmpty
    #expect(files?["heic"]?.integer == (isRead ? nil : 2))
    #expect(outcome.errors.contains("2 .heic") == !isRead && outcome.status == (isRead ? 3 : 0))
    #expect(isRead || outcome.errors.contains("Use FFmpeg 7 or later. Or convert it first"))
  }

  @Test("a name that is not UTF-8 can be given, listed and written")
  func rawNames() throws {
    let place = try mixedFolder()
    let outcome = try Program.shell(
      #"""
      set -e
      name=$(printf 'caf\351.jpg'); model='\#(TinyModel.detector)'
      printf 'in/%s\n' "$name" > list.txt
      "$PROGRAM" "in/$name" --frames out --jsonl one.jsonl --model "$model"
      test -f "out/in/$name"
      "$PROGRAM" @list.txt --model "$model" -q | grep -c 'caf\\udbff\\udfe9.jpg","status":"complete"'
      # A name as JSON shows it is that file again, in a manifest.
      grep '"type":"end"' one.jsonl | sed 's/.*"source":"\([^"]*\)".*/{"uri":"\1"}/' > back.jsonl
      "$PROGRAM" @back.jsonl --model "$model" -q | grep -c '"status":"complete"'
      mkdir "$(printf 'f\377')" && cp "in/$name" "$(printf 'f\377')/"
      "$PROGRAM" "$(printf 'f\377')/c*.jpg" --model "$model" -q --jsonl "$(printf 'o\377.jsonl')"
      grep -c '"status":"complete"' "$(printf 'o\377.jsonl')"
      "$PROGRAM" "$(printf 'no\377.mp4')" --model "$model" -q > /dev/null || echo "status $?"
      """#, in: place.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output == "1\n1\n1\nstatus 3\n")
    #expect(outcome.errors.contains(#"no\x{ff}.mp4: The file does not exist."#))
  }

  @Test("a folder that can't be read, and a broken link, are sources that fail; the scan goes on")
  func unreadable() throws {
    let place = try mixedFolder()
    // Root may read every folder, unless it gives up that right.
    let outcome = try Program.shell(
      #"""
      mkdir -m 0 in/lost+found; ln -s nowhere in/link.mp4
      run=; [ "$(id -u)" != 0 ] || run='setpriv --bounding-set -dac_override,-dac_read_search'
      $run "$PROGRAM" in in/lost+found 'in/**/*.jpg' --recursive --model '\#(TinyModel.detector)'
      status=$?; chmod 700 in/lost+found; exit $status
      """#, in: place.path)
    #expect(outcome.status == 3, "\(outcome.errors)")
    let ends = try outcome.lines("end")
    let failed = ends.filter { $0["status"]?.string == "failed" }
    #expect(
      failed.compactMap { $0["source"]?.string }
        == ["in/link.mp4", "in/lost+found", "in/lost+found#2", "in/lost+found#3"])
    #expect(
      failed.compactMap { $0["reason"]?.string?.prefix { $0 != ":" } }
        == ["not_found", "permission", "permission", "permission"])
    #expect(ends.contains { $0["source"]?.string == "in/sub/z.jpg" })
  }
}
