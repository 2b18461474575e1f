/** Where the platform keeps its own state: the registry, the sessions with their logs, and the uploaded packages; each behind a small interface of its own, each declaring what it may lose. */
@NullMarked
package smcp.store;

import org.jspecify.annotations.NullMarked;
