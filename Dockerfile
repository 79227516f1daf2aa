# The whole image: `docker build -t repairwatch .`
# Plain instructions only, so that every builder understands them.

FROM node:24.21.0-slim AS build
WORKDIR /app
COPY package.json package-lock.json tsconfig.json tsconfig.build.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY scripts/build.ts scripts/build.ts
COPY src src
RUN npm run build

FROM node:24.21.0-slim AS production
WORKDIR /app
COPY package.json package-lock.json ./
# Optional: the Node of hosts that have an older one. The image has its own.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM node:24.21.0-slim
LABEL org.opencontainers.image.title="repairwatch" \
      org.opencontainers.image.licenses="MIT"
COPY --from=production /app/node_modules /app/node_modules
COPY --from=build /app/dist /app/dist
COPY package.json LICENSE /app/
COPY config /app/config
RUN mkdir /data && chown 1000:1000 /data
VOLUME /data
# From here the default store, sqlite:data/repairwatch.db, is in the volume, and ./repairwatch.yaml is /repairwatch.yaml.
WORKDIR /
USER 1000:1000
STOPSIGNAL SIGTERM
# As the first line of bin.js says it, like the limits of the ENTRYPOINT.
ENV MALLOC_ARENA_MAX=1
HEALTHCHECK --interval=60s --timeout=10s --start-period=60s --retries=3 CMD ["node", "/app/dist/bin.js", "health"]
ENTRYPOINT ["node", "--max-old-space-size=96", "--max-semi-space-size=4", "--liftoff-only", "--no-opt", "--expose-gc", "/app/dist/bin.js"]
CMD ["run"]
