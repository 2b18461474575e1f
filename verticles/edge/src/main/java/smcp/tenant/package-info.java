/** The words of the platform as types: tenants, their versions, catalogues, clients and keys, and the principal a request acts for. */
@NullMarked
package smcp.tenant;

import org.jspecify.annotations.NullMarked;
