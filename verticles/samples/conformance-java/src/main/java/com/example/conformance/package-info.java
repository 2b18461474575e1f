/** The fixtures of the official MCP conformance suite, which calls tools, prompts and resources by fixed names. */
@NullMarked
package com.example.conformance;

import org.jspecify.annotations.NullMarked;
