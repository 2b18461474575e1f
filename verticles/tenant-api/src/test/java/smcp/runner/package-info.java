/** Tests of the runner, through its interfaces to a host and through a real child process. */
@NullMarked
package smcp.runner;

import org.jspecify.annotations.NullMarked;
