package smcp.api;

import java.util.List;

/** Asks for the folders the client works on. */
public enum RootsQuestion implements Question<List<Root>> {
    INSTANCE
}
