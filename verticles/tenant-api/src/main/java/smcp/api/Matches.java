package smcp.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A regular expression that must be found in a string; anchor it to match the whole. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface Matches {
    /** The pattern, in the part of the syntax that ECMA-262 and Java share. */
    String value();
}
