// FreeType includes its headers through macros, which a module map cannot follow.
#pragma once

#include <ft2build.h>
#include FT_FREETYPE_H
