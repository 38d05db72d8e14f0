#include "../simd/scalar_bytes.h"

void sd_u8_global_average__scalar(const sd_u8_global_average_args *args) {
  for (size_t c = 0; c < args->channels; c++) {
    int32_t sum = 0;
    for (size_t i = 0; i < args->pixels; i++) sum += args->x[i * args->x_pixel_stride + c];
    args->y[c] = sd_byte(sd_scaled(sum, args->scale, args->bias), 0, 255);
  }
}
