/** Where the features meet: the steps of a call, what travels between them, and the small interfaces of the stores. A feature imports this package and no other feature. */
@NullMarked
package smcp.contract;

import org.jspecify.annotations.NullMarked;
