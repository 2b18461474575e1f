package com.example.conformance;

import java.util.List;
import smcp.api.Content;
import smcp.api.Mcp;
import smcp.api.McpHeader;
import smcp.api.ResourceContents;
import smcp.api.ToolResult;

/** Tools that answer at once. */
final class ContentTools {
    record Regional(@McpHeader("Region") String region) {}

    record Named(String name) {}

    private ContentTools() {}

    static void register(Mcp mcp) {
        mcp.tool("test_simple_text")
                .description("Returns a simple text")
                .inline()
                .handle((_, _) -> "This is a simple text response for testing.");
        mcp.tool("test_image_content").description("Returns an image").inline().handle((_, _) -> Media.IMAGE);
        mcp.tool("test_audio_content")
                .description("Returns a sound")
                .inline()
                .handle((_, _) -> Content.audio(Media.WAV, "audio/wav"));
        mcp.tool("test_embedded_resource")
                .description("Returns an embedded resource")
                .inline()
                .handle((_, _) -> Content.embedded(ResourceContents.text(
                        "test://embedded-resource", "text/plain", "This is an embedded resource content.")));
        mcp.tool("test_multiple_content_types")
                .description("Returns a text, an image and a resource")
                .inline()
                .handle((_, _) -> List.of(
                        Content.text("Multiple content types test:"),
                        Media.IMAGE,
                        Content.embedded(ResourceContents.text(
                                "test://mixed-content-resource",
                                "application/json",
                                "{\"test\":\"data\",\"value\":123}"))));
        mcp.tool("test_error_handling")
                .description("Always fails")
                .inline()
                .respond((_, _) -> ToolResult.error("This tool intentionally returns an error for testing"));
        mcp.tool("test_header_param")
                .description("Returns the region, which is mirrored into a header")
                .input(Regional.class)
                .inline()
                .handle((args, _) -> "region: " + args.region());
        mcp.tool("greet")
                .description("Greets by name")
                .input(Named.class)
                .inline()
                .handle((args, _) -> "Hello, " + args.name() + "!");
        mcp.tool("json_schema_2020_12_tool")
                .description("Has a schema that uses the dialect's less common keywords")
                .inputSchema(CONTACT)
                .handle((args, _) -> "JSON Schema 2020-12 tool called with: " + args);
    }

    private static final String CONTACT = """
            {
              "$schema": "https://json-schema.org/draft/2020-12/schema",
              "type": "object",
              "$defs": {
                "address": {
                  "$anchor": "addressDef",
                  "type": "object",
                  "properties": {"street": {"type": "string"}, "city": {"type": "string"}}
                }
              },
              "properties": {
                "name": {"type": "string"},
                "address": {"$ref": "#/$defs/address"},
                "contactMethod": {"type": "string", "enum": ["phone", "email"]},
                "phone": {"type": "string"},
                "email": {"type": "string"}
              },
              "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
              "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
              "then": {"required": ["phone"]},
              "else": {"required": ["email"]},
              "additionalProperties": false
            }
            """;
}
