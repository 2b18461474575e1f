/** Blobs on the node's own disk and in an S3 bucket: both streamed, both whole or not there. */
@NullMarked
package smcp.store.blob;

import org.jspecify.annotations.NullMarked;
