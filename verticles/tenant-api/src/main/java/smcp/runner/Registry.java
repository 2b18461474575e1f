package smcp.runner;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import smcp.api.CachePolicy;
import smcp.api.ListKind;
import smcp.api.Mcp;
import smcp.api.Prompt;
import smcp.api.Resource;
import smcp.api.ResourceTemplate;
import smcp.api.ServerInfo;
import smcp.api.Tool;

/** What tenant code registers, checked on the way in. Changes are rare and locked; each makes a new {@link Catalogue}. */
final class Registry implements Mcp {
    private static final int MAX_ENTRIES = 10_000;
    /** MCP 2026-07-28, Tools: 1 to 128 of these. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_./-]{1,128}");

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, ServedTool<?>> tools = new LinkedHashMap<>();
    private final Map<String, ServedPrompt<?>> prompts = new LinkedHashMap<>();
    private final Map<String, Resource> resources = new LinkedHashMap<>();
    private final Map<String, ServedTemplate> templates = new LinkedHashMap<>();
    private final ServerInfo server;
    private final Outbound outbound;
    private final Json json;
    private final SchemaDeriver deriver;
    private CachePolicy cache = CachePolicy.NONE;
    private boolean open;
    private volatile Catalogue catalogue;

    Registry(ServerInfo server, Outbound outbound, Json json, SchemaDeriver deriver) {
        this.server = server;
        this.outbound = outbound;
        this.json = json;
        this.deriver = deriver;
        this.catalogue = new Catalogue(tools, prompts, resources, templates, cache, json);
    }

    /** From here on changes are seen and announced. */
    void open() {
        lock.lock();
        try {
            open = true;
            catalogue = new Catalogue(tools, prompts, resources, templates, cache, json);
        } finally {
            lock.unlock();
        }
    }

    /** Forgets everything; tenant code that still runs changes nothing any more. */
    void close() {
        lock.lock();
        try {
            open = false;
            tools.clear();
            prompts.clear();
            resources.clear();
            templates.clear();
            catalogue = new Catalogue(tools, prompts, resources, templates, cache, json);
        } finally {
            lock.unlock();
        }
    }

    Catalogue catalogue() {
        return catalogue;
    }

    @Override
    public ServerInfo server() {
        return server;
    }

    @Override
    public void add(Tool<?, ?> tool) {
        if (!NAME.matcher(tool.name()).matches())
            throw new IllegalArgumentException("tool " + tool.name() + ": a name is 1 to 128 of A-Z a-z 0-9 _ - . /");
        put(ListKind.TOOLS, "tool", tools, tool.name(), () -> ServedTool.of(tool, json, deriver));
    }

    @Override
    public void add(Resource resource) {
        try {
            if (!new java.net.URI(resource.uri()).isAbsolute())
                throw new IllegalArgumentException("resource " + resource.uri() + ": the URI has no scheme");
        } catch (java.net.URISyntaxException e) {
            throw new IllegalArgumentException("resource " + resource.uri() + ": not a URI: " + e.getReason(), e);
        }
        put(ListKind.RESOURCES, "resource", resources, resource.uri(), () -> resource);
    }

    @Override
    public void add(ResourceTemplate template) {
        put(
                ListKind.RESOURCES,
                "resource template",
                templates,
                template.uriTemplate(),
                () -> ServedTemplate.of(template));
    }

    @Override
    public void add(Prompt<?> prompt) {
        if (prompt.name().isBlank()) throw new IllegalArgumentException("a prompt needs a name");
        put(ListKind.PROMPTS, "prompt", prompts, prompt.name(), () -> ServedPrompt.of(prompt, json));
    }

    @Override
    public boolean removeTool(String name) {
        return remove(ListKind.TOOLS, tools, name);
    }

    @Override
    public boolean removeResource(String uri) {
        return remove(ListKind.RESOURCES, resources, uri);
    }

    @Override
    public boolean removeTemplate(String uriTemplate) {
        return remove(ListKind.RESOURCES, templates, uriTemplate);
    }

    @Override
    public boolean removePrompt(String name) {
        return remove(ListKind.PROMPTS, prompts, name);
    }

    @Override
    public void changed(ListKind kind) {
        lock.lock();
        try {
            if (open) outbound.listChanged(kind);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void resourceUpdated(String uri) {
        lock.lock();
        try {
            if (open) outbound.resourceUpdated(uri);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void cacheLists(CachePolicy policy) {
        lock.lock();
        try {
            cache = policy;
            if (open) open();
        } finally {
            lock.unlock();
        }
    }

    private <V> void put(ListKind kind, String what, Map<String, V> entries, String key, Supplier<V> checked) {
        lock.lock();
        try {
            if (entries.containsKey(key)) throw new IllegalArgumentException(what + " " + key + " is registered twice");
            if (entries.size() == MAX_ENTRIES)
                throw new IllegalArgumentException(what + " " + key + ": more than " + MAX_ENTRIES + " of its kind");
            entries.put(key, checked.get());
            announce(kind);
        } finally {
            lock.unlock();
        }
    }

    private boolean remove(ListKind kind, Map<String, ?> entries, String key) {
        lock.lock();
        try {
            if (entries.remove(key) == null) return false;
            announce(kind);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock, so that whoever reads the list on this news finds the change. */
    private void announce(ListKind kind) {
        if (!open) return;
        catalogue = new Catalogue(tools, prompts, resources, templates, cache, json);
        outbound.listChanged(kind);
    }
}
