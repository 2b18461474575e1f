/** A tenant that tests of a whole node deploy. */
@NullMarked
package com.example.probe;

import org.jspecify.annotations.NullMarked;
