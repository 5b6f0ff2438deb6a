/*
 * Owns the size of pipes. Must not know what goes through them.
 */
#include "base/pipe.h"

#include <fcntl.h>
#include <unistd.h>

#define WIDTH (256 * 1024)
#define USUAL_PAGES 16

void pipe_widen(int fd)
{
#ifdef F_SETPIPE_SZ
	int width = fcntl(fd, F_GETPIPE_SZ);

	/* one that somebody gave another size keeps it; and more than is allowed is refused */
	if (width == USUAL_PAGES * sysconf(_SC_PAGESIZE) && width < WIDTH)
		(void)fcntl(fd, F_SETPIPE_SZ, WIDTH);
#else
	(void)fd;
#endif
}
