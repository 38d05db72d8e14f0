// FreeType's headers are included through macros, which a module map can't do.
#pragma once

#include <ft2build.h>
#include FT_FREETYPE_H
