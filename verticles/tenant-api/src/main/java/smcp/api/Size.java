package smcp.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** How long a string may be, in code points, or how many entries a list may have. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface Size {
    /** Inclusive. */
    int min() default 0;

    /** Inclusive. */
    int max() default Integer.MAX_VALUE;
}
