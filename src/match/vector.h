#ifndef JGANNOTATE_MATCH_VECTOR_H
#define JGANNOTATE_MATCH_VECTOR_H

#include <stdbool.h>

/*
 * Which vector instructions this processor has: VECTOR_X86 is defined where there are
 * any to choose from at run time. Thread safe.
 */
#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define VECTOR_X86 1
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
static inline bool vector_has_avx2(void)
{
	return HAS(AVX2, "avx2") && HAS(POPCNT, "popcnt");
}

static inline bool vector_has_avx512(void)
{
	return vector_has_avx2() && HAS(AVX512F, "avx512f") && HAS(AVX512BW, "avx512bw");
}

#endif

#endif
