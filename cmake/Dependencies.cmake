# What the program is built with, gathered in the target jgannotate_dependencies.
# A library that is missing is named together with its Debian package.

function(jgannotate_missing what package)
	message(FATAL_ERROR
		"${what} was not found. On Debian and Ubuntu: apt-get install ${package}")
endfunction()

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)

# PCRE2, 8-bit
find_path(PCRE2_INCLUDE_DIR pcre2.h)
find_library(PCRE2_LIBRARY NAMES pcre2-8)
if(NOT PCRE2_INCLUDE_DIR OR NOT PCRE2_LIBRARY)
	jgannotate_missing("PCRE2 (8-bit)" libpcre2-dev)
endif()
file(STRINGS "${PCRE2_INCLUDE_DIR}/pcre2.h" pcre2_lines REGEX "#define PCRE2_(MAJOR|MINOR)[ \t]")
string(REGEX REPLACE ".*PCRE2_MAJOR[ \t]+([0-9]+).*" "\\1" pcre2_major "${pcre2_lines}")
string(REGEX REPLACE ".*PCRE2_MINOR[ \t]+([0-9]+).*" "\\1" pcre2_minor "${pcre2_lines}")
set(pcre2_version "${pcre2_major}.${pcre2_minor}")
if(pcre2_version VERSION_LESS 10.40)
	message(FATAL_ERROR "PCRE2 is ${pcre2_version}; 10.40 or newer is needed (libpcre2-dev)")
endif()

# Header-only: uthash, and xxHash with XXH_INLINE_ALL
find_path(UTHASH_INCLUDE_DIR uthash.h)
if(NOT UTHASH_INCLUDE_DIR)
	jgannotate_missing(uthash uthash-dev)
endif()
find_path(XXHASH_INCLUDE_DIR xxhash.h)
if(NOT XXHASH_INCLUDE_DIR)
	jgannotate_missing(xxHash libxxhash-dev)
endif()

add_library(jgannotate_dependencies INTERFACE)
target_include_directories(jgannotate_dependencies SYSTEM INTERFACE
	"${PCRE2_INCLUDE_DIR}" "${UTHASH_INCLUDE_DIR}" "${XXHASH_INCLUDE_DIR}")
target_compile_definitions(jgannotate_dependencies INTERFACE PCRE2_CODE_UNIT_WIDTH=8)
target_link_libraries(jgannotate_dependencies INTERFACE "${PCRE2_LIBRARY}" Threads::Threads)
