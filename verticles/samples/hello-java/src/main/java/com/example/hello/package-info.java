/** A first tenant in Java: a small bookshop. */
@NullMarked
package com.example.hello;

import org.jspecify.annotations.NullMarked;
