/**
 * Encryption at rest: key-encryption keys from outside, data keys for each tenant in the registry, and the decorators that seal values, blobs and secrets with them. Keys are replaced while the node runs.
 */
@NullMarked
package smcp.vault;

import org.jspecify.annotations.NullMarked;
