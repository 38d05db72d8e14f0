import MediaTestSupport
import Testing
import Media

@Suite("Redaction")
struct RedactionTests {
  @Test(
    "removes user info, whatever characters the name and the password contain",
    arguments: [
      ("rtsp://user:pass@10.0.0.5:554/h264", "rtsp://10.0.0.5:554/h264"),
      ("rtsp://first.last:p%40ss@cam/1", "rtsp://cam/1"),
      ("rtsp://a%20b:x@cam/1", "rtsp://cam/1"),
      ("rtsp://user:p@ss@w0rd@cam:554/1", "rtsp://cam:554/1"),
      ("rtsp://user:p/ss?w#rd@cam:554/1", "rtsp://cam:554/1"),
      ("rtsp://us@er:p/w@cam/1", "rtsp://cam/1"),
      ("rtsp://token@cam", "rtsp://cam"),
      ("rtsp://user:pass@[fe80::1%25eth0]:554/1", "rtsp://[fe80::1%25eth0]:554/1"),
      ("http://[::1]:8080/a", "http://[::1]:8080/a"),
      ("http://host/photo@2x.png", "http://host/photo@2x.png"),
      ("http://host:8080/photo@2x.png", "http://host:8080/photo@2x.png"),
    ])
  func userInfo(location: String, expected: String) {
    #expect(redacted(location) == expected)
  }

  @Test(
    "replaces the values of keys that sound secret and keeps the others",
    arguments: [
      ("http://h/a?token=abc&x=1", "http://h/a?token=***&x=1"),
      ("http://h/a?x=1;Password=abc", "http://h/a?x=1;Password=***"),
      ("http://h/a?X-Amz-Signature=a&X-Amz-Date=b", "http://h/a?X-Amz-Signature=***&X-Amz-Date=b"),
      ("http://h/a?api_key=a&keyframe=b", "http://h/a?api_key=***&keyframe=b"),
      ("http://h/a?access%5Ftoken=a", "http://h/a?access%5Ftoken=***"),
      ("http://h/a#access_token=a", "http://h/a#access_token=***"),
      ("srt://h:9000?passphrase=secret&mode=caller", "srt://h:9000?passphrase=***&mode=caller"),
      (
        "rtsp://h:554/user=admin_password=x1_channel=1.sdp?real",
        "rtsp://h:554/user=admin_password=***?real"
      ),
      ("http://h/a?signature=a=b", "http://h/a?signature=***"),
    ])
  func secretValues(location: String, expected: String) {
    #expect(redacted(location) == expected)
  }

  @Test(
    "removes too much rather than too little if it does not parse, and leaves files alone",
    arguments: [
      ("user:pass@host/path", "***@host/path"),
      ("1bad://user:pass@host/path", "***@host/path"),
      ("/data/a:b@c.mp4", "/data/a:b@c.mp4"),
      ("clips/day=1/a.mp4", "clips/day=1/a.mp4"),
      ("-", "-"),
      ("", ""),
    ])
  func withoutScheme(location: String, expected: String) {
    #expect(redacted(location) == expected)
  }

  @Test("an error never shows the secrets of its source")
  func errorsAreRedacted() {
    let error = MediaError(
      .readTimeout, source: "rtsp://user:hunter2@cam/1", message: "It sent no data.",
      remedy: "Check it.", isTransient: true)
    #expect(error.source == "rtsp://cam/1")
    #expect(!error.description.contains("hunter2"))
  }
}
