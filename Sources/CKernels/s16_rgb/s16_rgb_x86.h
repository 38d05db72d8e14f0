// What s16_rgb_body.h needs, for x86, where intrinsics have the same names at each width:
// SD_MM(name) is the one for sd_q. The including file defines sd_q_load_line and sd_q_store_pixels.

SD_INLINE sd_q sd_q_set1(int32_t x) { return SD_MM(set1_epi32)(x); }
SD_INLINE sd_q sd_q_add(sd_q a, sd_q b) { return SD_MM(add_epi32)(a, b); }
SD_INLINE sd_q sd_q_mul(sd_q a, sd_q b) { return SD_MM(mullo_epi32)(a, b); }
// Multiplies 16 bits, which is faster than 32. A weight's upper half is zero, and so adds nothing.
SD_INLINE sd_q sd_q_add_line(sd_q sum, const int16_t *line, int16_t weight) {
  return sd_q_add(sum, SD_MM(madd_epi16)(sd_q_load_line(line), sd_q_set1(weight)));
}
SD_INLINE sd_q sd_q_cut_10(sd_q v) { return SD_MM(srai_epi32)(v, 10); }
SD_INLINE sd_q sd_q_cut_22(sd_q v) { return SD_MM(srli_epi32)(v, 22); }
SD_INLINE sd_q sd_q_clamped(sd_q v) {
  return SD_MM(min_epi32)(SD_MM(max_epi32)(v, sd_q_set1(0)), sd_q_set1(255));
}
SD_INLINE void sd_q_store_rgb(uint8_t *rgb, sd_q red, sd_q green, sd_q blue) {
  sd_q_store_pixels(rgb, red | SD_MM(slli_epi32)(green, 8) | SD_MM(slli_epi32)(blue, 16));
}
