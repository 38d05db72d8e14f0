#include "../simd/scalar_bytes.h"

void sd_u8_global_average__scalar(const sd_u8_global_average_args *args) {
  for (size_t c = 0; c < args->channels; c++) {
    int32_t sum = 0;
    for (size_t i = 0; i < args->pixels; i++) sum += args->x[i * args->x_pixel_stride + c];
    args->y[c] = sd_byte(sd_scaled(sum, args->scale, args->bias), 0, 255);
  }
}

void sd_u8_channel_scale__scalar(const sd_u8_channel_scale_args *args) {
  for (size_t c = 0; c < args->channels; c++) {
    const float factor = ((float)args->factors[c] - args->factor_zero) * args->scale;
    const float offset = fmaf(-args->zero, factor, args->out_zero);
    for (size_t i = 0; i < args->pixels; i++) {
      const float x = (float)args->x[i * args->x_pixel_stride + c];
      args->y[i * args->y_pixel_stride + c] = sd_byte(fmaf(x, factor, offset), 0, 255);
    }
  }
}
