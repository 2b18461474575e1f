package smcp.store;

import smcp.bus.Fault;

/** Words for a package that is refused. */
final class Invalid {
    private Invalid() {}

    static Fault because(String what) {
        return new Fault(Fault.Kind.PACKAGE_INVALID, what);
    }

    static Fault entry(String name, String what) {
        return because("entry " + Text.shown(name) + " " + what);
    }
}
