package com.example.conformance;

import java.util.Base64;
import smcp.api.Content;

/** The smallest valid picture and sound. */
final class Media {
    /** One red pixel. */
    static final byte[] PNG = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==");

    /** A header and no samples. */
    static final byte[] WAV =
            Base64.getDecoder().decode("UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=");

    static final Content IMAGE = Content.image(PNG, "image/png");

    private Media() {}
}
