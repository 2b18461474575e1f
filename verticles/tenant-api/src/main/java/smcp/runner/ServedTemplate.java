package smcp.runner;

import smcp.api.ResourceTemplate;

/** A resource template with its pattern compiled. */
record ServedTemplate(ResourceTemplate definition, UriTemplate pattern) {
    static ServedTemplate of(ResourceTemplate template) {
        var pattern = UriTemplate.parse(template.uriTemplate());
        for (var variable : template.completers().keySet())
            if (!pattern.names().contains(variable))
                throw new IllegalArgumentException("resource template " + template.uriTemplate() + ": a completer for "
                        + variable + ", but its variables are " + pattern.names());
        return new ServedTemplate(template, pattern);
    }
}
