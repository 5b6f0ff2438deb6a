# How everything is compiled and linked, gathered in the target jgannotate_flags:
# warnings, hardening of release builds, sanitizers.

include(CheckCCompilerFlag)
include(CheckCSourceCompiles)
include(CheckLinkerFlag)
include(CheckPIESupported)
check_pie_supported(LANGUAGES C)

add_library(jgannotate_flags INTERFACE)
target_compile_options(jgannotate_flags INTERFACE
	-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wformat=2
	-Wstrict-prototypes -Wmissing-prototypes
	$<$<BOOL:${JGANNOTATE_WERROR}>:-Werror>
	-fPIE)

if(JGANNOTATE_SANITIZE)
	target_compile_options(jgannotate_flags INTERFACE
		"-fsanitize=${JGANNOTATE_SANITIZE}" -fno-sanitize-recover=all -fno-omit-frame-pointer)
	target_link_options(jgannotate_flags INTERFACE "-fsanitize=${JGANNOTATE_SANITIZE}")
	return()
endif()

foreach(flag -fstack-protector-strong -fstack-clash-protection)
	string(MAKE_C_IDENTIFIER "have${flag}" have)
	check_c_compiler_flag("${flag}" ${have})
	if(${have})
		target_compile_options(jgannotate_flags INTERFACE "${flag}")
	endif()
endforeach()

foreach(flag LINKER:-z,relro LINKER:-z,now)
	string(MAKE_C_IDENTIFIER "have${flag}" have)
	check_linker_flag(C "${flag}" ${have})
	if(${have})
		target_link_options(jgannotate_flags INTERFACE "${flag}")
	endif()
endforeach()

# The C library warns where the compiler cannot do level 3, or does not optimise.
set(CMAKE_REQUIRED_FLAGS "-O2 -Werror -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3")
check_c_source_compiles("
	#include <stdio.h>
	int main(void) { return puts(\"\") < 0; }" have_fortify_3)
unset(CMAKE_REQUIRED_FLAGS)
if(have_fortify_3)
	target_compile_options(jgannotate_flags INTERFACE
		$<$<CONFIG:Release>:-U_FORTIFY_SOURCE>
		$<$<CONFIG:Release>:-D_FORTIFY_SOURCE=3>)
endif()
