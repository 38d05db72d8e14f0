#include "sd_kernels.h"

bool sd_isa_available(sd_isa isa) { return isa == SD_ISA_SCALAR; }
sd_isa sd_isa_best(void) { return SD_ISA_SCALAR; }
const char *sd_isa_name(sd_isa isa) { (void)isa; return "scalar"; }
void sd_kernels_init(sd_kernels *kernels, sd_isa isa) { kernels->isa = isa; }
