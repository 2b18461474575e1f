package com.example.hello;

/** A book of the shop. */
record Book(String isbn, String title, String author, int cents) {}
