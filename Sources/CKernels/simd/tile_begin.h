// Begins the header of a matrix product's tiles (f32_gemm_tile.h and others). The file of an
// instruction set lists its tiles by including that header once for each, after
//   #define SD_TILE_SIZE 6x64     // the tile's name: rows x columns
//   #define SD_TILE_ROWS 6        // 4, 6, 8, 12 or 16
//   #define SD_TILE_VECTORS 4     // vectors of columns
// and whatever else the header names; tile_end.h undefines all of it.
//
// Several tiles share a file, so up to tile_end.h every name below is short for one that ends in
// the tile's size: sd_tile_run is sd_tile_run_6x64.

#define SD_TILE_JOIN(name, size) name##_##size
#define SD_TILE_EXPAND(name, size) SD_TILE_JOIN(name, size)
#define SD_TILE_OWN(name) SD_TILE_EXPAND(name, SD_TILE_SIZE)
// The name of an operation's kernel: SD_TILE_KERNEL(f32_gemm) is sd_f32_gemm_6x64__avx512.
#define SD_TILE_KERNEL(operation) SD_TILE_KERNEL_NAME(SD_TILE_OWN(operation))
#define SD_TILE_KERNEL_NAME(name) SD_NAME(name)

#define sd_tile SD_TILE_OWN(sd_tile)
#define sd_tile_activate SD_TILE_OWN(sd_tile_activate)
#define sd_tile_advance SD_TILE_OWN(sd_tile_advance)
#define sd_tile_all SD_TILE_OWN(sd_tile_all)
#define sd_tile_bias SD_TILE_OWN(sd_tile_bias)
#define sd_tile_bytes SD_TILE_OWN(sd_tile_bytes)
#define sd_tile_bytes_of SD_TILE_OWN(sd_tile_bytes_of)
#define sd_tile_finish SD_TILE_OWN(sd_tile_finish)
#define sd_tile_finish_f32 SD_TILE_OWN(sd_tile_finish_f32)
#define sd_tile_finish_hard SD_TILE_OWN(sd_tile_finish_hard)
#define sd_tile_finish_plain SD_TILE_OWN(sd_tile_finish_plain)
#define sd_tile_finish_residual SD_TILE_OWN(sd_tile_finish_residual)
#define sd_tile_fn SD_TILE_OWN(sd_tile_fn)
#define sd_tile_heights SD_TILE_OWN(sd_tile_heights)
#define sd_tile_load SD_TILE_OWN(sd_tile_load)
#define sd_tile_numbers SD_TILE_OWN(sd_tile_numbers)
#define sd_tile_products SD_TILE_OWN(sd_tile_products)
#define sd_tile_products_of_row SD_TILE_OWN(sd_tile_products_of_row)
#define sd_tile_residual SD_TILE_OWN(sd_tile_residual)
#define sd_tile_run SD_TILE_OWN(sd_tile_run)
#define sd_tile_short SD_TILE_OWN(sd_tile_short)
#define sd_tile_short_run SD_TILE_OWN(sd_tile_short_run)
#define sd_tile_start SD_TILE_OWN(sd_tile_start)
#define sd_tile_step SD_TILE_OWN(sd_tile_step)
#define sd_tile_store SD_TILE_OWN(sd_tile_store)
#define sd_tile_store_bytes SD_TILE_OWN(sd_tile_store_bytes)
#define sd_tile_store_f32 SD_TILE_OWN(sd_tile_store_f32)
#define sd_tile_store_together SD_TILE_OWN(sd_tile_store_together)
