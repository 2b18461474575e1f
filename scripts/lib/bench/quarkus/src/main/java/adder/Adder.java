package adder;

import io.quarkiverse.mcp.server.Tool;
import io.smallrye.mutiny.Uni;

/** The tool of the measurements. A Uni is answered on the event loop. */
public class Adder {
    @Tool(description = "Adds two numbers")
    Uni<String> add(int a, int b) {
        return Uni.createFrom().item(Integer.toString(a + b));
    }
}
