#ifndef JGANNOTATE_MATCH_LITERAL_PARTS_H
#define JGANNOTATE_MATCH_LITERAL_PARTS_H

#include <stdbool.h>

/*
 * Which instructions the parts of literal.h may use: LITERAL_VECTOR is defined where there are
 * any to choose from. Nobody else includes this.
 */
#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define LITERAL_VECTOR 1
#include <immintrin.h>
#ifdef __GLIBC__
#include <sys/platform/x86.h>
#endif

/* libc has asked the processor already, which takes long in a virtual machine. */
#ifdef __GLIBC__
#define HAS(FEATURE, name) CPU_FEATURE_ACTIVE(FEATURE)
#else
#define HAS(FEATURE, name) __builtin_cpu_supports(name)
#endif

/* With these come BMI, BMI2 and LZCNT, in every processor that has them. */
static inline bool literal_has_avx2(void)
{
	return HAS(AVX2, "avx2") && HAS(POPCNT, "popcnt");
}

static inline bool literal_has_avx512(void)
{
	return literal_has_avx2() && HAS(AVX512F, "avx512f") && HAS(AVX512BW, "avx512bw");
}

#endif

#endif
