/// An open connection to a server, for one thread.
package protocol ByteConnection: AnyObject {
  /// Sends all bytes.
  func write(_ bytes: [UInt8]) throws(DownloadError)

  /// Waits for bytes, at most `count`; none at the end of the connection.
  func read(upTo count: Int) throws(DownloadError) -> [UInt8]
}

/// Makes encrypted connections to hosts that have proved to be who they are.
package protocol Connector: Sendable {
  /// Connects to the host of an address, directly or through a proxy.
  func connect(
    to address: WebAddress, through proxy: Proxy?
  ) throws(DownloadError) -> any ByteConnection
}
