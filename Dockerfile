# syntax=docker/dockerfile:1
# The same distribution as scripts/run builds. Steps marked "step:" are run, as they stand, by the test of this file; the image itself is not built in CI.

FROM eclipse-temurin:25-jdk AS build
RUN apt-get update && apt-get install -y --no-install-recommends maven nodejs npm && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
# step: build
RUN scripts/lib/build.sh

FROM eclipse-temurin:25-jre
RUN apt-get update && apt-get install -y --no-install-recommends nodejs util-linux && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --home-dir /var/lib/smcp smcp
COPY --from=build /src/node/target/dist /opt/smcp
COPY --from=build /src/scripts/smcp /opt/smcp/bin/smcp
COPY --from=build /src/scripts/lib/java.sh /opt/smcp/bin/lib/java.sh
USER smcp
WORKDIR /var/lib/smcp
VOLUME /var/lib/smcp
EXPOSE 8080
# The control plane stays on the container's loopback: use it with "docker exec … smcp …".
HEALTHCHECK --interval=10s --timeout=3s CMD ["/bin/sh", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 || exit 1"]
# step: run
ENTRYPOINT ["/opt/smcp/bin/smcp", "node", "--data", "/var/lib/smcp/data", "--host", "0.0.0.0"]
