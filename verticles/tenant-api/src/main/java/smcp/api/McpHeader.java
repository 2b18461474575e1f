package smcp.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Mirrors a string, integer or boolean argument into the header {@code Mcp-Param-<value>} (MCP 2026-07-28, Transports). Never on secrets. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface McpHeader {
    /** The name after {@code Mcp-Param-}: an RFC 9110 token, unique within the tool. */
    String value();
}
