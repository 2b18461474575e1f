# syntax=docker/dockerfile:1
# The same distribution as scripts/run builds. Steps marked "step:" are run, as they stand, by the test of this file; the image itself is not built in CI.

FROM eclipse-temurin:25-jdk AS build
RUN apt-get update && apt-get install -y --no-install-recommends maven && rm -rf /var/lib/apt/lists/*
COPY --from=node:22-bookworm-slim /usr/local/ /usr/local/
WORKDIR /src
COPY . .
# step: build
RUN scripts/lib/build.sh

FROM eclipse-temurin:25-jre
RUN useradd --system --create-home --home-dir /var/lib/smcp smcp
COPY --from=node:22-bookworm-slim /usr/local/bin/node /usr/local/bin/node
COPY --from=build /src/node/target/dist /opt/smcp
COPY --from=build /src/scripts/smcp /opt/smcp/bin/smcp
COPY --from=build /src/scripts/lib/java.sh /opt/smcp/bin/lib/java.sh
USER smcp
WORKDIR /var/lib/smcp
VOLUME /var/lib/smcp
EXPOSE 8080
# The control plane stays on the container's loopback: use it with "docker exec … smcp …".
HEALTHCHECK --interval=10s --timeout=3s CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080"]
# step: run
ENTRYPOINT ["/opt/smcp/bin/smcp", "node", "--data", "/var/lib/smcp/data", "--host", "0.0.0.0"]
