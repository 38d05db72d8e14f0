public import Pictures

/// The colours that tell classes apart.
///
/// Chosen one after the other, each as far as possible from all before it in OKLab (Ottosson
/// 2020), among colours bright and saturated enough to survive 4:2:0 chroma.
public enum ClassPalette {
  /// Twenty colours; the first ones differ most.
  public static let colors: [Color] = [
    0xFF3C2D, 0x00FF00, 0x005AFF, 0xF000FF, 0x87E1FF, 0x00873C, 0xFFC300, 0xFFA5F0, 0x964BA5,
    0x870FFF, 0xB47800, 0x0F96D2, 0xB4FFA5, 0xF00F96, 0x9687FF, 0x87C300, 0xF09687, 0x00D2A5,
    0xB44B5A, 0xD269F0,
  ].map { Color(hex: $0) }

  /// The colour of class `classID`, any integer: the same one in every run.
  public static func color(of classID: Int) -> Color {
    // Class 0 is the background, so that the first real class gets the first colour.
    let index = (classID % colors.count + colors.count - 1) % colors.count
    return colors[index]
  }
}
