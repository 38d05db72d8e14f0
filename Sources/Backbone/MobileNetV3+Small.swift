import Layers

extension MobileNetV3 {
  // swift-format-ignore
  /// Table 2 of Howard et al. 2019, arXiv:1905.02244v5, for inputs of 224 x 224.
  static let small = MobileNetV3(
    name: "MobileNetV3-Small, table 2",
    bnecks: [
      //                                                           input
      .init(k: 3, exp:  16, out:  16, SE: true,  NL: .RE, s: 2),  // 112 x 112 x 16
      .init(k: 3, exp:  72, out:  24, SE: false, NL: .RE, s: 2),  //  56 x  56 x 16
      .init(k: 3, exp:  88, out:  24, SE: false, NL: .RE, s: 1),  //  28 x  28 x 24
      .init(k: 5, exp:  96, out:  40, SE: true,  NL: .HS, s: 2),  //  28 x  28 x 24
      .init(k: 5, exp: 240, out:  40, SE: true,  NL: .HS, s: 1),  //  14 x  14 x 40
      .init(k: 5, exp: 240, out:  40, SE: true,  NL: .HS, s: 1),  //  14 x  14 x 40
      .init(k: 5, exp: 120, out:  48, SE: true,  NL: .HS, s: 1),  //  14 x  14 x 40
      .init(k: 5, exp: 144, out:  48, SE: true,  NL: .HS, s: 1),  //  14 x  14 x 48
      .init(k: 5, exp: 288, out:  96, SE: true,  NL: .HS, s: 2, halves: .out),   // 14 x 14 x 48
      .init(k: 5, exp: 576, out:  96, SE: true,  NL: .HS, s: 1, halves: .both),  //  7 x  7 x 96
      .init(k: 5, exp: 576, out:  96, SE: true,  NL: .HS, s: 1, halves: .both),  //  7 x  7 x 96
    ],
    hiddenChannels: 1024,
    detectorCut: .afterExpansion(ofBlock: 9))
}
