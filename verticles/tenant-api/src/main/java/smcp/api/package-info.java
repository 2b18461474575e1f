/** What a Java tenant compiles against: tools, resources, prompts, and what they may do while a call runs. */
@NullMarked
package smcp.api;

import org.jspecify.annotations.NullMarked;
