package smcp.tenant;

/** How far the operator vouches for a tenant's code; set by the operator alone. */
public enum Trust {
    /** A stranger's code: runs only inside a box, and is refused where there is none. */
    UNTRUSTED,
    /** The operator signs for the code: it may run without a box. */
    OPERATOR
}
