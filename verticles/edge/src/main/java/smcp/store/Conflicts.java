package smcp.store;

import smcp.bus.Fault;
import smcp.store.RegistryStore.Change;

/** The compare of compare-and-set, worded once. */
public final class Conflicts {
    private Conflicts() {}

    /** @param live revision of the live record, 0 if there is none */
    public static void check(Change change, long live) {
        if (change.expected() != live) {
            throw new Fault(
                    Fault.Kind.CONFLICT,
                    "registry record " + Text.shown(change.path())
                            + (live == 0 ? " does not exist" : " is at revision " + live)
                            + (change.expected() == 0
                                    ? ", the change would create it"
                                    : ", the change was made from revision " + change.expected()));
        }
    }
}
