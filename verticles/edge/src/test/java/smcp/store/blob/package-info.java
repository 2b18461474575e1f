/** Tests of the blob stores. */
@NullMarked
package smcp.store.blob;

import org.jspecify.annotations.NullMarked;
