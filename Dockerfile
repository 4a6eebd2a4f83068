# The image of tune: docker build -t lambda-tune .
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:24-bookworm-slim
ENV NODE_ENV=production TUNE_STATE_DIR=/home/node/state
WORKDIR /app
COPY --from=build /app/package.json /app/LICENSE ./
COPY --from=build /app/bin bin
COPY --from=build /app/dist dist
COPY --from=build /app/schemas schemas
COPY --from=build /app/src/local/runtime/bootstraps src/local/runtime/bootstraps
COPY --from=build /app/src/reporters/page src/reporters/page
COPY --from=build /app/node_modules node_modules
USER node
WORKDIR /home/node
# Exec form: no shell stands between a signal and tune, which then removes what it made.
ENTRYPOINT ["node", "/app/bin/tune.js"]
CMD ["--help"]
