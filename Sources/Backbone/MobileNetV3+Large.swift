import Layers

extension MobileNetV3 {
  // swift-format-ignore
  /// Table 1 of Howard et al. 2019, arXiv:1905.02244v5, for inputs of 224 x 224.
  static let large = MobileNetV3(
    name: "MobileNetV3-Large, table 1",
    bnecks: [
      //                                                           input
      .init(k: 3, exp:  16, out:  16, SE: false, NL: .RE, s: 1),  // 112 x 112 x 16
      .init(k: 3, exp:  64, out:  24, SE: false, NL: .RE, s: 2),  // 112 x 112 x 16
      .init(k: 3, exp:  72, out:  24, SE: false, NL: .RE, s: 1),  //  56 x  56 x 24
      .init(k: 5, exp:  72, out:  40, SE: true,  NL: .RE, s: 2),  //  56 x  56 x 24
      .init(k: 5, exp: 120, out:  40, SE: true,  NL: .RE, s: 1),  //  28 x  28 x 40
      .init(k: 5, exp: 120, out:  40, SE: true,  NL: .RE, s: 1),  //  28 x  28 x 40
      .init(k: 3, exp: 240, out:  80, SE: false, NL: .HS, s: 2),  //  28 x  28 x 40
      .init(k: 3, exp: 200, out:  80, SE: false, NL: .HS, s: 1),  //  14 x  14 x 80
      .init(k: 3, exp: 184, out:  80, SE: false, NL: .HS, s: 1),  //  14 x  14 x 80
      .init(k: 3, exp: 184, out:  80, SE: false, NL: .HS, s: 1),  //  14 x  14 x 80
      .init(k: 3, exp: 480, out: 112, SE: true,  NL: .HS, s: 1),  //  14 x  14 x 80
      .init(k: 3, exp: 672, out: 112, SE: true,  NL: .HS, s: 1),  //  14 x  14 x 112
      .init(k: 5, exp: 672, out: 160, SE: true,  NL: .HS, s: 2, halves: .out),   // 14 x 14 x 112
      .init(k: 5, exp: 960, out: 160, SE: true,  NL: .HS, s: 1, halves: .both),  //  7 x  7 x 160
      .init(k: 5, exp: 960, out: 160, SE: true,  NL: .HS, s: 1, halves: .both),  //  7 x  7 x 160
    ],
    hiddenChannels: 1280,
    detectorCut: .afterExpansion(ofBlock: 13))
}
