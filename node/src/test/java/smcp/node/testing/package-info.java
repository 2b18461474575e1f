/** What tests of a whole node work with: nodes, raw HTTP, clients of both planes, and tenants to deploy. */
@NullMarked
package smcp.node.testing;

import org.jspecify.annotations.NullMarked;
